//! What was noticed when records were held against the agreement, and why a delivery or a bundle
//! was not written.

use desk::bundle::BundleError;
use desk::import::Place;
use desk::inspection::InspectionError;
use desk::intake::{DeliveryError, TakeProblem};
use document::{say, sentences};

use super::{DeskWords as _, Words};

/// A finding in one line, with its place.
pub(super) fn take_problem(
    words: &Words,
    file: &str,
    place: &Place,
    problem: &TakeProblem,
) -> String {
    let what = of_taken(words, problem);
    match place {
        Place::File => say!(words, "{file}：{what}", "{file}: {what}"),
        Place::Line(line) => say!(words, "{file}:{line}：{what}", "{file}:{line}: {what}"),
        Place::Pointer(place) => say!(words, "{file}:{place}：{what}", "{file}:{place}: {what}"),
    }
}

sentences! { of_taken(words, TakeProblem) {
    UnknownFormat =>
        "认不出是什么格式，未读取；请用 --format 指明",
        "of no known format, and was not read; name it with --format";
    StillRunning { job } =>
        "作业 {job} 尚在运行，结束后再导入",
        "job {job} still runs; import it when it has ended";
    NoDevices { job } =>
        "作业 {job} 没有占用 GPU，不计费",
        "job {job} held no GPU; there is nothing to bill";
    NotAnOutage { node, state } [state = words.name(*state)] =>
        "节点 {node} 处于“{state}”，不算故障",
        "node {node} was in {state}, which does not count as failed";
    UnknownMeter { meter } =>
        "计量项 {meter} 不在协议计费之列",
        "the agreement does not bill the meter {meter}";
    UnknownClass { subject } =>
        "{subject} 不是请求类别；请用 --class 指明",
        "{subject} is no class of requests; name one with --class";
    NoLatency =>
        "没有响应时间，无从证明按时应答",
        "no response time, so that nothing shows that the answer came in time";
    OtherVolume { subject, first } =>
        "存储卷 {subject} 与文件开头的 {first} 不同，不能相加；请分开导入",
        "volume {subject} is not {first}, with which the file began; import them apart";
    NoResource =>
        "实测值没有写明协议中的资源；请用 --resource 指明",
        "the measured value names no resource of the agreement; name it with --resource";
    Refused { refusal } [refusal = words.refusal(refusal)] =>
        "{refusal}",
        "{refusal}";
    Conflict { source, id, stands, came } [stands = short(stands), came = short(came)] =>
        "来源 {source} 的记录 {id} 与先前内容不同（先 {stands}，后 {came}）；以先前的为准",
        "{source} told another content of {id} before ({stands}, now {came}); the first stands";
    TooManyForOneStep { have, limit } [have = words.count(*have), limit = words.count(*limit)] =>
        "{have} 条超过一次能整体记入的 {limit} 条；请拆分文件，或不用 --strict",
        "{have} records are more than the {limit} of one step; split the file or leave --strict";
} }

sentences! { of_delivery(words, DeliveryError) {
    Desk(error) [error = words.desk_error(error)] =>
        "{error}",
        "{error}";
    Io { path, source } [path = path.display()] =>
        "{path} 无法读取：{source}",
        "{path} cannot be read: {source}";
    Read { item, source } [source = words.read_error(source)] =>
        "工作项 {item} 的交付读不懂：{source}",
        "the delivery of {item} cannot be read: {source}";
    NoQuantity { item } =>
        "{item} 的文件看不出数量；请用 --quantity 写明",
        "the files of {item} do not say how many units they hold; say so with --quantity";
    TooManyFiles { path, limit } [path = path.display()] =>
        "{path} 中的文件超过 {limit} 个",
        "{path} has more than {limit} files";
} }

sentences! { of_inspection(words, InspectionError) {
    Desk(error) [error = words.desk_error(error)] =>
        "{error}",
        "{error}";
    Delivery(error) [error = words.delivery_error(error)] =>
        "{error}",
        "{error}";
    Read { what, source } [
        what = words.thing(what), source = words.read_error(source),
    ] =>
        "{what}读不懂：{source}",
        "{what} cannot be read: {source}";
    Quality(error) [error = words.quality_error(error)] =>
        "{error}",
        "{error}";
    Draw(error) [error = words.draw_error(error)] =>
        "抽不出样本：{error}",
        "the sample cannot be drawn: {error}";
    Plan(error) [error = words.plan_error(error)] =>
        "这一批没有抽样方案：{error}",
        "there is no plan for this lot: {error}";
    Acceptance(error) [error = words.acceptance_error(error)] =>
        "验收规则无法计算：{error}",
        "the rule of acceptance cannot be applied: {error}";
    NotAsDelivered { name } =>
        "{name} 不是所交付的内容；请检验交付时的原文件",
        "{name} is not what was handed over; inspect the files that were delivered";
    Stopped { item } =>
        "{item} 已暂停检验：加严检验下多批不合格；请先改进作业",
        "inspection of {item} is stopped: too many deliveries failed; improve the work first";
} }

sentences! { of_bundle(words, BundleError) {
    Desk(error) [error = words.desk_error(error)] =>
        "{error}",
        "{error}";
    Io { path, source } [path = path.display()] =>
        "{path} 无法写入：{source}",
        "{path} cannot be written: {source}";
    NoEntry { seq, entries } [entries = words.count(*entries)] =>
        "没有条目 e{seq}；账簿共 {entries} 条",
        "there is no entry e{seq}; the journal has {entries}";
} }

/// The beginning of a hash.
fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}
