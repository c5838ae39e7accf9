//! Why a version of the papers cannot be signed, and what goes wrong in making one.

use desk::papers::{Obstacle, PapersError};
use document::draft::{BackError, ChangeError, DraftProblem, PageError, PictureError};
use document::{say, sentences};

use super::Words;
use super::papers::{of_docx, of_reading};

sentences! { of_obstacle(words, Obstacle) {
    UnresolvedChanges { count } =>
        "还有 {count} 处修订未接受或拒绝；请在 Word 中逐处处理后再提出",
        "{count} tracked changes are neither accepted nor rejected: settle each in Word, then \
         offer the file again";
    NoTerms =>
        "文件中没有内嵌条款（不是由本系统起草的文件），不能作为协议签署；可用作磋商文本",
        "the file holds no terms (it was not drafted here) and cannot be signed; it can be \
         negotiated";
    TermsDisagree { paths } [paths = words.list(paths)] =>
        "可见文字、内嵌条款与已知条款不一致：{paths}；请改为一致，或由条款重新起草",
        "what is read, what is stored and what was known disagree about {paths}: bring them in \
         line, or draft anew from the terms";
    TermsErrors { paths } [paths = words.list(paths)] =>
        "条款有错误：{paths}；请先更正",
        "the terms have errors: {paths}; mend them first";
    Blank { quote } =>
        "留有空白：“{quote}”；请填写或删去",
        "a blank is left: {quote:?}; fill it in or strike it out";
    AnnexMissing { annex } =>
        "文中提到“{annex}”，但没有附上；请随版本一并提交",
        "the text names {annex:?}, which is not attached; offer it with the version";
    SignatoryMissing { side } [side = words.name(*side)] =>
        "没有写明{side}由谁签署；请在提出版本时填写",
        "nobody is named who signs for the {side}; name a person when offering the version";
} }

sentences! { of_papers(words, PapersError) {
    Word(cause) [cause = of_docx(words, cause)] => "{cause}", "{cause}";
    Text(cause) [cause = of_reading(words, cause)] => "{cause}", "{cause}";
    Terms(cause) [cause = of_back(words, cause)] => "{cause}", "{cause}";
    Change(cause) [cause = of_change(words, cause)] => "{cause}", "{cause}";
    Wording(problems) [problems = of_problems(words, problems)] =>
        "条款写不成合同文本：{problems}",
        "the terms have no wording: {problems}";
    Print(cause) [cause = of_page(words, cause)] => "{cause}", "{cause}";
    Manifest(cause) =>
        "文件清单有误（{cause}）；请检查文件名与签署人",
        "the manifest cannot stand ({cause}): check the names of files and people";
    Absent { what } [what = thing(words, what)] =>
        "没有这个{what}",
        "there is no such {what}";
    Red { findings } [count = findings.len()] =>
        "有 {count} 项高风险意见未经批准，不能签署；请先逐项批准或继续磋商",
        "{count} findings of high risk are not approved: approve each of them or negotiate on";
    Picture(cause) [cause = of_picture(words, cause)] => "{cause}", "{cause}";
    Name { name } =>
        "附件不能叫“{name}”：另有文件用这个名字；请改名后再提交",
        "an annex cannot be called {name:?}, as another part is: give it another name";
    Seal(cause) =>
        "PDF 无法封存：{cause}",
        "the PDF cannot be sealed: {cause}";
} }

sentences! { of_picture(words, PictureError) {
    TooLarge { size, limit } [size = size.div_ceil(1024), limit = limit / 1024] =>
        "印章图样有 {size} KiB，最多 {limit} KiB；请缩小后再提交",
        "the picture of the seal has {size} KiB, {limit} KiB at most: make it smaller";
    NotAPicture =>
        "印章图样按内容既不是 PNG 也不是 JPEG（与文件名无关）；请另存为 PNG",
        "by its content the picture of the seal is neither PNG nor JPEG, whatever its name: save \
         it as PNG";
    Ending =>
        "印章图样不完整，或末尾之后还有别的内容；请重新导出",
        "the picture of the seal is cut short, or something stands behind its end: export it anew";
    Dimensions { width, height, side, pixels } =>
        "印章图样为 {width} × {height} 像素；每边最多 {side}，总共最多 {pixels}；请缩小后再提交",
        "the picture of the seal has {width} × {height} pixels, at most {side} a side and \
         {pixels} in all: make it smaller";
    Damaged { reason } =>
        "印章图样已损坏，无法读取：{reason}",
        "the picture of the seal is damaged: {reason}";
} }

sentences! { of_back(words, BackError) {
    NoStore => "文件中没有内嵌条款", "the file holds no terms";
    Store { part, reason } =>
        "{part} 中的条款读不出：{reason}",
        "the terms in {part} cannot be read: {reason}";
    Text { part, reason } =>
        "{part} 读不出：{reason}",
        "{part} cannot be read: {reason}";
    Controls =>
        "内容控件过多或嵌套过深",
        "there are too many content controls, or too deep ones";
    Known(problems) [problems = of_problems(words, problems)] =>
        "已知条款写不成合同文本：{problems}",
        "the known terms have no wording: {problems}";
    Written(_cause) =>
        "条款无法写出",
        "the terms cannot be written";
} }

sentences! { of_change(words, ChangeError) {
    Words { path, text } =>
        "“{text}”不能作为 {path} 的取值",
        "{text:?} is no value of {path}";
    Terms(problems) [paths = words.list(paths(problems))] =>
        "改后的条款不成协议：{paths}",
        "the changed terms are no agreement: {paths}";
    Written(_cause) =>
        "条款无法写出",
        "the terms cannot be written";
} }

sentences! { of_page(words, PageError) {
    Glyph { glyph, clause } =>
        "没有字体能显示“{glyph}”（在 {clause}）；请安装含该字的字体",
        "no font has {glyph:?} (in {clause}): install one that does";
    Print(cause) =>
        "无法排版：{cause}",
        "the page cannot be set: {cause}";
} }

sentences! { of_problem(words, DraftProblem) {
    Absent { clause, path } =>
        "{clause} 需要 {path}，协议文件中没有",
        "{clause} needs the term {path}";
    Unchosen { clause, path, value } [value = value.as_deref().unwrap_or("–")] =>
        "{clause} 没有与 {path} 的取值（{value}）对应的措辞",
        "{clause} has no wording for {path} = {value}";
    Words { clause, path, format } =>
        "{clause} 不能把 {path} 写成 {format}",
        "{clause} cannot say {path} as {format}";
    Reference { clause, to } =>
        "{clause} 引用了本协议没有的 {to}",
        "{clause} refers to {to}, which does not stand here";
    Deep { clause } =>
        "{clause} 的措辞嵌套过深",
        "phrases of {clause} stand too deep within each other";
    Template(cause) =>
        "模板有误：{cause}",
        "the template is wrong: {cause}";
    Terms(cause) =>
        "条款无法写出：{cause}",
        "the terms cannot be written: {cause}";
} }

fn paths(problems: &[contract::form::Problem]) -> Vec<String> {
    problems.iter().map(|problem| problem.path.clone()).collect()
}

fn of_problems(words: &Words, problems: &[DraftProblem]) -> String {
    let said: Vec<String> = problems.iter().map(|problem| of_problem(words, problem)).collect();
    said.join("; ")
}

/// What is absent.
fn thing(words: &Words, what: &str) -> String {
    match what {
        "version" => say!(words, "版本", "version"),
        _ => say!(words, "文件", "file"),
    }
}
