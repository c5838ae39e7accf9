//! Names of what the readers of files and the quality report speak of.

use annotation::{Coefficient, InspectionSeverity};
use desk::import::{Encoding, Fact as SourceFact, Format, NodeState, Shape};
use document::names;

use super::Here;

names! { NodeState [Here] {
    Down => "故障", "down";
    Drain => "停止接收作业", "draining";
    Maintenance => "维护", "maintenance";
    PoweredDown => "已断电", "powered down";
} }

names! { SourceFact [Here] {
    Job => "作业", "job";
    NodeEvent => "节点事件", "node event";
    Usage => "用量", "usage";
    Probe => "服务探测", "service probe";
    StorageSample => "存储样本", "storage sample";
    ProbeResult => "测量结果", "measured value";
} }

names! { Format [Here] {
    SacctJson => "Slurm 作业记录（JSON）", "Slurm accounting (JSON)";
    SacctText => "Slurm 作业记录（文本）", "Slurm accounting (text)";
    SlurmEvents => "Slurm 节点事件", "Slurm node events";
    CloudEvents => "CloudEvents 事件行", "CloudEvents lines";
    UsageCsv => "用量表（CSV）", "usage table (CSV)";
    ProbeCsv => "探测表（CSV）", "probe table (CSV)";
} }

names! { Shape [Here] {
    Object => "对象", "an object";
    List => "列表", "a list";
    Text => "文本", "a text";
    Integer => "整数", "an integer";
} }

names! { Encoding [Here] {
    Gb18030 => "GB18030 或 GBK 编码", "GB18030 or GBK";
    Utf16 => "UTF-16 编码", "UTF-16";
} }

names! { Coefficient [Here] {
    CohenKappa => "科恩卡帕", "Cohen's kappa";
    FleissKappa => "弗莱斯卡帕", "Fleiss' kappa";
    KrippendorffAlpha => "克里彭多夫 α", "Krippendorff's alpha";
} }

names! { InspectionSeverity [Here] {
    Normal => "正常检验", "normal inspection";
    Tightened => "加严检验", "tightened inspection";
    Reduced => "放宽检验", "reduced inspection";
} }
