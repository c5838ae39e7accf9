//! What the readers of real systems' files noticed: the place, what is wrong, what follows.

use desk::import::{Finding, Place, Problem, Severity};
use document::{names, say, sentences};

use super::{Here, Words};

names! { Severity [Here] {
    Notice => "提示", "notice";
    Refused => "未采用", "not taken";
    Conflict => "矛盾", "conflict";
} }

/// A finding in one line, with its place.
pub(super) fn import_finding(words: &Words, file: &str, finding: &Finding) -> String {
    let severity = words.name(finding.severity());
    let what = of_import(words, &finding.problem);
    let place = match &finding.place {
        Place::File => file.to_owned(),
        Place::Line(line) => format!("{file}:{line}"),
        Place::Pointer(pointer) => format!("{file}:{pointer}"),
    };
    say!(words, "{place} {severity}：{what}", "{place} {severity}: {what}")
}

fn source_place(words: &Words, place: &Place) -> String {
    match place {
        Place::File => say!(words, "文件开头", "the beginning of the file"),
        Place::Line(line) => say!(words, "第 {line} 行", "line {line}"),
        Place::Pointer(pointer) => pointer.clone(),
    }
}

sentences! { of_import(words, Problem) {
    Empty =>
        "文件没有内容",
        "the file says nothing";
    TooManyBytes { have, limit } [have = words.bytes(*have), limit = words.bytes(*limit)] =>
        "文件 {have}，超过上限 {limit}，未读取；请拆分后再导入",
        "the file has {have}, more than {limit}, and was not read; split it";
    TooManyRecords { limit } [limit = words.count(*limit)] =>
        "超过 {limit} 条，其余未采用；请拆分文件",
        "more than {limit} records; the rest was not taken, split the file";
    TooManyFindings { left_out } [left_out = words.count(*left_out)] =>
        "另有 {left_out} 条发现未列出",
        "{left_out} more findings are not listed";
    TooManyDevices { limit } [limit = words.count(*limit)] =>
        "设备数超过 {limit}",
        "more than {limit} devices";
    LineTooLong { have, limit } [have = words.count(*have), limit = words.count(*limit)] =>
        "这一行有 {have} 字节，超过上限 {limit}",
        "the line has {have} bytes, more than {limit}";
    TextTooLong { field, have, limit } [have = words.count(*have), limit = words.count(*limit)] =>
        "{field} 有 {have} 字节，超过上限 {limit}",
        "{field} has {have} bytes, more than {limit}";
    NotUtf8 { looks_like } [
        looks = looks_like.map_or_else(String::new, |found| {
            let found = words.name(found);
            say!(words, "，像是{found}", ", it looks like {found}")
        }),
    ] =>
        "不是 UTF-8 文本{looks}；请另存为 UTF-8",
        "not UTF-8{looks}; save the file as UTF-8";
    NotJson { line, column } =>
        "第 {line} 行第 {column} 列不是合法的 JSON，其后未读取",
        "not JSON at line {line}, column {column}; the rest was not read";
    EndsEarly { line, column } =>
        "JSON 在第 {line} 行第 {column} 列中断；文件可能不完整",
        "the JSON stops at line {line}, column {column}; the file may be incomplete";
    TooDeep { line, column } =>
        "第 {line} 行第 {column} 列嵌套过深",
        "nested too deep at line {line}, column {column}";
    DuplicateKey { key } =>
        "键 {key} 重复",
        "the key {key} stands twice";
    WrongShape { field, want } [want = words.name(*want)] =>
        "{field} 应为{want}",
        "{field} must be {want}";
    MissingField { field } =>
        "缺少 {field}",
        "{field} is missing";
    UnknownField { field } =>
        "不认识的字段 {field}；请检查拼写",
        "unknown field {field}; check its spelling";
    FieldsDiffer { field, other } =>
        "{field} 与 {other} 不一致",
        "{field} and {other} do not agree";
    MissingColumn { field } =>
        "表头缺少 {field} 列，未读取",
        "the header lacks the column {field}; nothing was read";
    UnknownColumn { field } =>
        "不认识的列 {field}，已跳过",
        "unknown column {field}, passed over";
    DuplicateColumn { field } =>
        "表头中 {field} 列重复，未读取",
        "the header names {field} twice; nothing was read";
    WrongSeparator { found } =>
        "表头用 {found:?} 分隔，应为逗号；未读取",
        "the header is separated by {found:?}, not by commas; nothing was read";
    ColumnCount { have, want } =>
        "这一行有 {have} 列，表头有 {want} 列",
        "the row has {have} columns, its header {want}";
    BadQuoting { column } =>
        "第 {column} 列的引号不成对或位置不对",
        "a quotation mark in column {column} is open or out of place";
    NotATime { field, text } =>
        "{field} 的“{text}”不是时间；请写成 2026-03-01T08:00:00+08:00",
        "{field} is {text:?}, no time; write 2026-03-01T08:00:00+08:00";
    NotAnInteger { field, text } =>
        "{field} 的“{text}”不是整数",
        "{field} is {text:?}, no integer";
    NegativeQuantity { field, text } =>
        "{field} 的“{text}”小于零",
        "{field} is {text:?}, below zero";
    TooLarge { field, text } =>
        "{field} 的“{text}”过大",
        "{field} is {text:?}, too large";
    NotADecimal { field, text } =>
        "{field} 的“{text}”不是精确的小数",
        "{field} is {text:?}, no exact decimal";
    NotABoolean { field, text } =>
        "{field} 的“{text}”既不是 true 也不是 false",
        "{field} is {text:?}, neither true nor false";
    NotAName { field, text } =>
        "{field} 的“{text}”不能作名称",
        "{field} is {text:?}, which cannot be a name";
    UnknownState { field, text } =>
        "{field} 的状态“{text}”不认识",
        "{field} is {text:?}, an unknown state";
    UnknownType { text } =>
        "事件类型“{text}”不认识",
        "{text:?} is an unknown type of event";
    UnknownMetric { text } =>
        "指标“{text}”不认识",
        "{text:?} is an unknown metric";
    UnknownVersion { field, text } =>
        "{field} 的版本“{text}”不认识",
        "{field} is {text:?}, an unknown version";
    EndsBeforeStart { from, to } =>
        "结束 {to} 早于开始 {from}",
        "it ends at {to}, before it starts at {from}";
    SourceError { text } =>
        "来源自己报告了错误：{text}；文件可能不完整",
        "the source itself reports an error: {text}; the file may be incomplete";
    DuplicateId { source, id, first } [first = source_place(words, first)] =>
        "{source} 的 {id} 与{first}重复，已忽略",
        "{id} of {source} repeats {first} and was dropped";
    ConflictingContent { source, id, first } [first = source_place(words, first)] =>
        "{source} 的 {id} 与{first}内容矛盾，采用先出现的",
        "{id} of {source} contradicts {first}; the first one was taken";
    NeverStarted { job } =>
        "作业 {job} 从未占用设备，无须记录",
        "job {job} never held a device; there is nothing to record";
    ReadAs { text, state } =>
        "“{text}”按 {state} 读取",
        "{text:?} was read as {state}";
    ElapsedDiffers { job, window, elapsed } =>
        "作业 {job} 的起止相差 {window} 秒，调度器计为 {elapsed} 秒；采用起止时间",
        "job {job} lasted {window} s by its times, {elapsed} s by the scheduler; its times count";
    UnevenGpus { job, gpus, nodes } =>
        "作业 {job} 的 {gpus} 块 GPU 不能平均分到 {nodes} 个节点，靠前的节点各多一块",
        "job {job}: {gpus} GPUs do not divide over {nodes} nodes; the first ones have one more";
    ClusterEvent { text } =>
        "集群级事件，无须记录：{text}",
        "an event of the whole cluster, nothing to record: {text}";
} }
