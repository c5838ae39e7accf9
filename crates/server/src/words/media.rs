//! What is said of raw data that was taken in, or was not.

use document::{names, say, sentences};
use media::{Finding, Kind, Modality, Problem, Severity};

use super::{Here, Words};

names! { Severity [Here] {
    Notice => "提示", "notice";
    Error => "未采用", "not taken";
} }

names! { Modality [Here] {
    Image => "图像", "images";
    Text => "文本", "texts";
    Video => "视频", "videos";
} }

/// A finding in one line, with its place.
pub(super) fn of_finding(words: &Words, finding: &Finding) -> String {
    let severity = words.name(finding.severity);
    let what = of_problem(words, &finding.problem);
    let mut place = finding.place.file.clone();
    match (finding.place.line, finding.place.byte) {
        (Some(line), _) => place.push_str(&format!(":{line}")),
        (None, Some(byte)) => place.push_str(&format!("@{byte}")),
        (None, None) => {}
    }
    say!(words, "{place} {severity}：{what}", "{place} {severity}: {what}")
}

fn form(words: &Words, kind: Kind) -> String {
    match kind {
        Kind::Text => say!(words, "文本", "text"),
        Kind::Video => say!(words, "视频", "video"),
        Kind::Document => say!(words, "PDF 或办公文档", "a PDF or an office document"),
        _ => kind.name().to_owned(),
    }
}

sentences! { of_problem(words, Problem) {
    Unreadable { said } =>
        "无法读取：{said}",
        "it cannot be read: {said}";
    Empty =>
        "没有内容",
        "nothing is in it";
    Unknown =>
        "内容不是任何已知的格式",
        "its content is of no form that is known";
    NotTaken { kind } [kind = form(words, *kind)] =>
        "{kind}，不能作为标注数据；请转换为 JPEG、PNG、文本或视频",
        "{kind} is nothing that is labelled here; convert it to JPEG, PNG, text or video";
    WrongSuffix { promised, is } [promised = form(words, *promised), is = form(words, *is)] =>
        "后缀表示 {promised}，内容是 {is}；按内容处理",
        "the suffix promises {promised}, the content is {is}; the content counts";
    OtherModality { want, is } [want = words.name(*want), is = words.name(*is)] =>
        "需要{want}，这是{is}",
        "{want} are wanted, this is of {is}";
    TooLarge { bytes, limit } [bytes = words.bytes(*bytes), limit = words.bytes(*limit)] =>
        "文件 {bytes}，超过上限 {limit}",
        "the file has {bytes}, more than {limit}";
    TooManyPixels { width, height, limit } [limit = words.count(*limit)] =>
        "图像 {width}×{height}，超过上限 {limit} 像素",
        "the image has {width}×{height} pixels, the limit is {limit}";
    TooMuchMemory { bytes, limit } [bytes = words.bytes(*bytes), limit = words.bytes(*limit)] =>
        "解码需要 {bytes} 内存，上限 {limit}",
        "decoding takes {bytes} of memory, the limit is {limit}";
    Truncated =>
        "文件不完整，图像尚未结束；请重新获取",
        "the file ends before its image does; fetch it again";
    Corrupt { said } =>
        "文件已损坏：{said}",
        "the file is damaged: {said}";
    Unsupported { said } =>
        "不支持的写法：{said}",
        "a form that is not read: {said}";
    Located =>
        "文件记有拍摄地点；显示用的副本不含，原件保持原样",
        "the file says where it was taken; the shown copy does not, the original stays as it is";
    Several =>
        "文件含多幅图像；只取第一幅",
        "the file has several pictures; the first is taken";
    Encoding { encoding } [encoding = encoding.code()] =>
        "文本编码为 {encoding}，已转换为 UTF-8",
        "the text is {encoding}; it was read as such";
    Letters { count } [count = words.count(*count)] =>
        "有 {count} 处字节不成文字；含有它的文本未采用",
        "{count} places hold bytes that are no letter; texts with one are left out";
    BlankLines { count } [count = words.count(*count)] =>
        "{count} 行没有文字，已略过",
        "{count} lines have no letters and were passed over";
    NoColumn { column, has } [has = has.join(", ")] =>
        "表中没有“{column}”列；有：{has}",
        "the table has no column {column}; it has: {has}";
    ShortRow { fields } =>
        "这一行只有 {fields} 个字段",
        "the row has {fields} fields only";
    BadTable { said } =>
        "表格从此处起无法读取：{said}",
        "from here on the table cannot be read: {said}";
    TooManyPassages { limit } [limit = words.count(*limit)] =>
        "多于 {limit} 条文本，其余未采用",
        "more than {limit} texts; the rest was left out";
    TooManyChars { chars, limit } [chars = words.count(*chars), limit = words.count(*limit)] =>
        "文本有 {chars} 个字符，上限 {limit}",
        "the text has {chars} characters, the limit is {limit}";
    UnsafeName { name } =>
        "名称“{name}”指向压缩包之外，或在某些系统上无效",
        "the name {name:?} leaves the archive, or is none on some system";
    NoFile { name } =>
        "“{name}”是链接、设备等，不是文件",
        "{name:?} is a link or a device and no file";
    SameName { name } =>
        "有两个文件同名：{name}",
        "two files have one name: {name}";
    Hidden =>
        "系统文件或隐藏文件，已略过",
        "a file of the system or a hidden one; it was passed over";
    TooManyFiles { limit } [limit = words.count(*limit)] =>
        "多于 {limit} 个文件，其余未采用",
        "more than {limit} files; the rest was left out";
    TooDeep { limit } =>
        "文件夹嵌套超过 {limit} 层",
        "folders lie more than {limit} deep in one another";
    Nested =>
        "压缩包中的压缩包不予展开；请先解开",
        "an archive in an archive is not opened; unpack it first";
    Encrypted =>
        "文件已加密；请去掉密码后重新打包",
        "the file is encrypted; pack it again without a password";
    TooDense { limit } =>
        "展开后会膨胀 {limit} 倍以上，未展开",
        "it would grow more than {limit} times, and was not unpacked";
    TooMuch { limit } [limit = words.bytes(*limit)] =>
        "展开后超过 {limit}，其余未采用",
        "it unpacks to more than {limit}; the rest was left out";
    BadArchive { said } =>
        "压缩包已损坏：{said}",
        "the archive is damaged: {said}";
    BadVideo { said } =>
        "不是可读的视频：{said}",
        "no video that can be read: {said}";
    NoVideoStream =>
        "只有声音，没有画面",
        "it has sound and no picture";
    Playlist { form } =>
        "{form} 播放列表只列出别的文件或地址，不予打开",
        "a playlist ({form}) names other files, which are not opened";
    VideoLimit { have, limit } [have = words.count(*have), limit = words.count(*limit)] =>
        "视频的 {have} 超过上限 {limit}",
        "the video has {have} of something whose limit is {limit}";
    NoTool { tool } =>
        "本机没有 {tool}，无法读取视频；请安装 FFmpeg 5.1 或更新版本",
        "{tool} is not installed, so no video is read; install FFmpeg 5.1 or later";
    NoDuration =>
        "文件没有写明视频的时长",
        "the file does not say how long the video is";
} }
