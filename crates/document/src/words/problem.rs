//! What is wrong in an agreement file, and how to mend it.

use contract::form::{Problem, ProblemKind};

use super::Words;

impl Words {
    /// A problem without its place: how much it matters, the field, what is wrong, the clause.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> String {
        let severity = self.name(problem.severity);
        let what = self.problem_kind(&problem.kind);
        let clause = problem.clause.as_ref();
        let clause = clause.map(|clause| self.clause(clause)).map_or_else(String::new, |clause| {
            say!(self, "（条款 {clause}）", " — clause {clause}")
        });
        match problem.path.as_str() {
            "" => say!(self, "{severity}：{what}{clause}", "{severity}: {what}{clause}"),
            path => {
                say!(self, "{severity} {path}：{what}{clause}", "{severity} {path}: {what}{clause}")
            }
        }
    }

    /// What is wrong, alone.
    #[must_use]
    pub fn problem_kind(&self, kind: &ProblemKind) -> String {
        match kind {
            ProblemKind::Rule { rule, values } => self.rule(rule, values),
            other => of_kind(self, other),
        }
    }

    fn meant(&self, nearest: Option<&str>) -> String {
        nearest.map_or_else(String::new, |nearest| {
            say!(self, "；是否应为 {nearest}？", "; did you mean {nearest}?")
        })
    }

    fn read_as(&self, read: Option<&str>) -> String {
        match read {
            Some(read) => say!(self, "（大写读作 {read}）", " (they say {read})"),
            None => say!(self, "（大写无法识读）", " (they cannot be read)"),
        }
    }

    /// The name of the form or type that a value must have.
    fn form<'a>(&self, code: &'a str) -> &'a str {
        FORMS.name(code, self.lang).unwrap_or(code)
    }

    fn allowed(&self, allowed: &[&str]) -> String {
        self.list(allowed.iter().take(12))
    }
}

sentences! { of_kind(speak, ProblemKind) {
    TooLarge { limit } [limit = speak.bytes(*limit as u64)] =>
        "文件超过 {limit}，未读取",
        "the file is longer than {limit} and was not read";
    NotUtf8 =>
        "不是 UTF-8 文本；请另存为 UTF-8",
        "not UTF-8; save the file as UTF-8";
    TooDeep { limit } =>
        "嵌套超过 {limit} 层",
        "nested deeper than {limit} levels";
    Syntax { message } =>
        "文件格式有误，此后的内容未读取：{message}",
        "the text is not of its format, and nothing after it was read: {message}";
    Missing =>
        "缺少这一项；请补上",
        "this field is missing; add it";
    Unknown { nearest } [nearest = speak.meant(nearest.as_deref())] =>
        "没有这一项{nearest}",
        "there is no such field{nearest}";
    Duplicate =>
        "这一项重复；请只保留一个",
        "this field stands twice; keep one";
    WrongType { expected, found } [expected = speak.form(expected), found = speak.form(found)] =>
        "类型不对：应为{expected}，实为{found}",
        "{found} stands where {expected} belongs";
    FloatingPoint { found } =>
        "数值须精确，请加引号写成 \"{found}\"",
        "values are exact here; write it in quotation marks, \"{found}\"";
    NotAllowed { found, allowed } [allowed = speak.allowed(allowed)] =>
        "“{found}”不可用；可用：{allowed}",
        "{found:?} is not allowed here; use one of {allowed}";
    Malformed { found, expected } [expected = speak.form(expected)] =>
        "“{found}”写法不对；应为{expected}",
        "{found:?} is not {expected}";
    OutOfRange { found, min, max } =>
        "{found} 超出范围；应在 {min} 与 {max} 之间",
        "{found} is out of range; it must lie between {min} and {max}";
    WordsDiffer { figure, words, read } [read = speak.read_as(read.as_deref())] =>
        "大写“{words}”与小写 {figure} 不一致{read}；请核对后改正其一",
        "the words {words:?} do not say {figure}{read}; correct one of the two";
    Rule { rule } =>
        "违反规则 {rule}",
        "the rule {rule} does not hold";
} }

codes! { FORMS {
    "bool": "true 或 false（不加引号）", "true or false";
    "currency": "币种代码，如 CNY", "a currency code such as CNY";
    "date": "日期，如 2026-03-01", "a date such as 2026-03-01";
    "decimal": "小数，如 \"0.05\"", "a decimal such as \"0.05\"";
    "duration": "时长，如 72h、30d、5wd（工作日）、3mo", "a length such as 72h, 30d, 5wd or 3mo";
    "email": "电子邮箱地址", "an e-mail address";
    "float": "带小数点的数", "a number with a decimal point";
    "id": "名称：字母、数字和 - _ . : /", "a name of letters, digits and - _ . : /";
    "integer": "整数", "an integer";
    "list": "列表", "a list";
    "null": "空值", "null";
    "percent": "百分比，如 \"90%\"", "a percentage such as \"90%\"";
    "sha256": "64 位十六进制的 SHA-256", "a SHA-256 of 64 hexadecimal digits";
    "table": "一组键值", "a table";
    "text": "文本（加引号）", "a text";
    "timestamp": "带时区的时间，如 2026-03-01T08:00:00+08:00", "a time such as 2026-03-01T08:00:00+08:00";
    "unified_social_credit_code":
        "18 位统一社会信用代码（末位为校验码）",
        "a unified social credit code, whose last character checks the others";
    "zone": "时区名，如 Asia/Shanghai", "a zone such as Asia/Shanghai";
} }
