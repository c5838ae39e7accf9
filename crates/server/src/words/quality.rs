//! What the quality report says of a delivery: findings of its readers, and errors.

use annotation::{
    AcceptanceError, AveragePrecisionError, DrawError, EventError, Finding, LotPlanError, Place,
    Problem, QualityError, ReadError, Severity,
};
use document::{names, say, sentences};

use super::{DeskWords as _, Here, Words};

names! { Severity [Here] {
    Notice => "提示", "notice";
    Warning => "提醒", "warning";
    Error => "错误", "error";
} }

/// A finding in one line, with its place.
pub(super) fn delivery_finding(words: &Words, finding: &Finding) -> String {
    let severity = words.name(finding.severity);
    let what = of_delivery(words, &finding.problem);
    let place = delivery_place(&finding.place);
    say!(words, "{place} {severity}：{what}", "{place} {severity}: {what}")
}

/// Why a delivery was not read.
pub(super) fn read_error(words: &Words, error: &ReadError) -> String {
    match error {
        ReadError::Unreadable(finding) => words.delivery_finding(finding),
        ReadError::Refused(findings) => {
            let count = findings.len();
            say!(
                words,
                "有 {count} 处错误，--strict 下不采用；去掉 --strict 可读取其余部分",
                "{count} errors, so --strict takes nothing; without it the rest is read",
            )
        }
    }
}

/// `file:line field id`, as far as it is known.
fn delivery_place(place: &Place) -> String {
    let mut text = place.file.clone();
    match (place.line, place.offset) {
        (Some(line), _) => text.push_str(&format!(":{line}")),
        (None, Some(offset)) => text.push_str(&format!("@{offset}")),
        (None, None) => {}
    }
    for part in [&place.field, &place.id].into_iter().flatten() {
        text.push(' ');
        text.push_str(part);
    }
    text
}

sentences! { of_delivery(words, Problem) {
    FileTooLarge { bytes, limit } [bytes = words.bytes(*bytes), limit = words.bytes(*limit)] =>
        "文件 {bytes}，超过上限 {limit}，未读取",
        "the file has {bytes}, more than {limit}, and was not read";
    Unreadable { reason } =>
        "无法读取：{reason}",
        "it cannot be read: {reason}";
    UnknownFormat =>
        "格式无法识别；能读取的格式见 docs/formats.md",
        "of no format that is read; docs/formats.md lists them";
    Truncated =>
        "文件在一个值中间中断；之前的内容已读取",
        "the file ends in the middle of a value; what came before was taken";
    JsonSyntax { expected } =>
        "不是合法的 JSON，此处应为 {expected}；之前的内容已读取",
        "not JSON, {expected} belongs here; what came before was taken";
    TooDeep { limit } =>
        "嵌套超过 {limit} 层",
        "nested deeper than {limit} levels";
    XmlSyntax { reason } =>
        "不是合法的 XML：{reason}",
        "not XML: {reason}";
    NotUtf8 =>
        "不是 UTF-8 文本；请另存为 UTF-8",
        "not UTF-8; save the file as UTF-8";
    TooManyRecords { limit } [limit = words.count(*limit)] =>
        "超过 {limit} 条，其余未读取",
        "more than {limit} records; the rest was not read";
    MissingField =>
        "缺少必需的字段",
        "a required field is missing";
    WrongType { expected } =>
        "类型或写法不对，应为 {expected}",
        "of another type or form than {expected}";
    NotFinite =>
        "坐标不是有限的数（NaN 或无穷）；未采用",
        "a coordinate is NaN or infinite; left out";
    OutOfRange =>
        "坐标超过一百万像素；未采用",
        "a coordinate is beyond a million pixels; left out";
    NegativeSize =>
        "宽或高小于零；未采用",
        "a width or height is below zero; left out";
    EmptyBox =>
        "框没有面积，无法匹配任何框",
        "a box without area; it can match nothing";
    OutsideImage =>
        "框完全在图像之外",
        "a box wholly outside its image";
    OverEdge =>
        "框超出图像边缘，按原样采用",
        "a box reaches over the edge of its image; taken as it stands";
    DuplicateId =>
        "编号与前面的记录重复；未采用",
        "a second record with the same id; left out";
    IdZeroRenumbered { now } =>
        "编号为 0，部分工具会误作未匹配；改编为 {now}",
        "id 0 reads as \"no match\" in several tools; renumbered {now}";
    UnknownImage { image } =>
        "所属图像 {image} 未列出；未采用",
        "its image {image} is not listed; left out";
    UnknownClass { class } =>
        "所属类别 {class} 未列出；未采用",
        "its class {class} is not listed; left out";
    DuplicateName { name } =>
        "名称 {name} 出现两次，视为同一个",
        "the name {name} stands twice; taken as one";
    NameMismatch { inside } =>
        "文件内的名称 {inside} 与文件名不同，采用文件名",
        "the name inside, {inside}, is not the file's; the file's name was taken";
    Empty =>
        "没有任何标注",
        "no annotation at all";
    ImageNotDelivered =>
        "标准答案中的图像未交付",
        "an image of gold that the delivery does not have";
    TextNotDelivered =>
        "标准答案中的文本未交付",
        "a text of gold that the delivery does not have";
    UnknownVideo { video } =>
        "所属视频 {video} 未列出",
        "its video {video} is not listed";
    UnknownSize =>
        "图像或视频的尺寸未知，无法由比例算出坐标；请把图像或 sizes.csv 放在旁边",
        "the size is not known, so shares give no place; put the images or sizes.csv beside";
    UnknownRate =>
        "视频帧率未知，帧号无法换算为时间；请把标注配置 config.xml 放在旁边",
        "the video's rate is not known, so a frame is no time; put the labelling's config.xml beside";
    BadRange =>
        "终点先于起点或超出文本；未采用",
        "it ends before it begins, or beyond its text; left out";
    OtherEncoding { encoding } =>
        "不是 UTF-8，像是 {encoding}；请另存为 UTF-8",
        "not UTF-8, it looks like {encoding}; save the file as UTF-8";
    ByteOrderMark =>
        "文件以字节顺序标记（BOM）开头，已跳过",
        "the file begins with a byte order mark, which was passed over";
    BadArchive { reason } =>
        "压缩包无法打开：{reason}",
        "the archive cannot be opened: {reason}";
    UnsafeName { name } =>
        "压缩包内的名称 {name} 指向包外或不是普通路径；未采用",
        "the name {name} leads out of the archive or is no plain path; left out";
    TooManyFiles { limit } [limit = words.count(*limit)] =>
        "文件超过 {limit} 个，其余未读取",
        "more than {limit} files; the rest was not read";
    TooDense { limit } [limit = words.count(*limit)] =>
        "解压后超过原大小的 {limit} 倍，未读取",
        "it unpacks to more than {limit} times its size, and was not read";
    MissingFile { name } =>
        "文件 {name} 不存在",
        "the file {name} is not there";
    WrongHash =>
        "文件的散列值与所述不符",
        "the file's hash is not the stated one";
    FindingsLeftOut { count } [count = words.count(*count)] =>
        "另有 {count} 条发现未列出",
        "{count} more findings are not listed";
} }

sentences! { of_quality(words, QualityError) {
    DifferentKinds =>
        "交付与标准答案不是同一类标注；请核对两个路径",
        "the delivery and gold are not of the same kind; check the two paths";
    EmptyGold =>
        "标准答案没有可比对的内容",
        "gold has nothing to judge by";
    AveragePrecision(source) [reason = of_average_precision(words, source)] =>
        "无法计算平均精度：{reason}",
        "average precision cannot be computed: {reason}";
    NoScore =>
        "有的事件没有分数，无法计算平均精度",
        "an event has no score, so average precision cannot be computed";
    Events(source) [reason = of_events(words, source)] =>
        "事件无法匹配：{reason}",
        "events cannot be matched: {reason}";
} }

sentences! { of_events(words, EventError) {
    Times { video, index } [number = words.count(*index as u64 + 1)] =>
        "视频 {video} 的第 {number} 个事件时间无效（结束早于开始，或超过 11 天）",
        "event {number} of video {video} ends before it starts, or lies beyond 11 days";
    Tolerance =>
        "容差不能为负",
        "a tolerance is not below zero";
} }

sentences! { of_average_precision(words, AveragePrecisionError) {
    NoScore { id } =>
        "框 {id} 没有置信度分数",
        "box {id} has no score";
    Evaluation(source) =>
        "评测工具拒绝了数据：{source}",
        "the evaluation refused the data: {source}";
} }

sentences! { of_acceptance(words, AcceptanceError) {
    Share { share } =>
        "{share} 不是 0% 到 100% 之间的比例",
        "{share} is not a share between 0% and 100%";
    SampleTooLarge { sample, limit } [sample = words.count(*sample), limit = words.count(*limit)] =>
        "样本量 {sample} 超过上限 {limit}",
        "a sample of {sample} is above the limit of {limit}";
    NotAShare { hits, total } [hits = words.count(*hits), total = words.count(*total)] =>
        "{hits} / {total} 不是比例",
        "{hits} of {total} is no share";
    Level { level } =>
        "极限质量比水平 {level} 不在 0 到 3 之间",
        "limiting quality ratio level {level} is not 0 to 3";
} }

sentences! { of_lot_plan(words, LotPlanError) {
    UnknownAql =>
        "不是标准数列中的接收质量限（AQL）；如 0.65、1.0、2.5、4.0",
        "not an AQL of the standard's series, such as 0.65, 1.0, 2.5 or 4.0";
    EmptyLot =>
        "批量为零，无从抽样",
        "the lot is empty; there is nothing to sample";
} }

sentences! { of_draw(words, DrawError) {
    LotTooSmall { have, need } [have = words.count(*have), need = words.count(*need)] =>
        "批量 {have} 小于样本量 {need}",
        "the lot has {have} items and the sample takes {need}";
    DuplicateId { id } =>
        "编号 {id} 出现两次",
        "id {id} occurs twice";
    NotCommitted =>
        "公布的种子与承诺不符；请公布当初承诺的种子",
        "the revealed seed is not the one committed to; reveal that one";
} }
