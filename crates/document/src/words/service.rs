//! Names of what is measured: metrics, verdicts, states of a service, ends of jobs, roundings.

use units::{Comparison, DayKind, EndState, Metric, RoundingMode, ServiceState, Verdict};

names! { Metric {
    ItemsAccepted => "验收合格数", "items accepted";
    ItemsDelivered => "交付数", "items delivered";
    BoxPrecision => "框精确率", "precision of boxes";
    BoxRecall => "框召回率", "recall of boxes";
    BoxF1 => "框 F1 值", "F1 of boxes";
    MeanIou => "平均交并比", "mean IoU";
    Accuracy => "准确率", "accuracy";
    Precision => "精确率", "precision";
    Recall => "召回率", "recall";
    F1 => "F1 值", "F1";
    TemporalF1 => "事件 F1 值", "F1 of events";
    KeyframeRecall => "关键帧召回率", "recall of keyframes";
    ConformingItems => "样本合格率", "share of conforming items";
    GpuAllocations => "GPU 占用区间", "GPU allocations";
    StorageSamples => "存储占用样本", "storage samples";
    ServiceStates => "服务状态区间", "service states";
    Exclusions => "约定除外时段", "agreed exclusions";
    ImagesAnswered => "已处理图像数", "images answered";
    ResponsesInTime => "按时响应率", "share of responses in time";
    TrainingSeconds => "训练时长", "seconds of training";
    DataBytes => "数据规模", "bytes of data";
    ModelParameters => "模型参数量", "model parameters";
    MilestoneReached => "节点达成", "milestone reached";
    RevenueReported => "申报收入", "reported revenue";
    SupportHours => "支持工时", "hours of paid support";
    RepairHours => "修复用时", "hours of repair";
    Flops => "每秒浮点运算", "floating-point operations a second";
    Iops => "每秒读写次数", "input/output operations a second";
    LatencyMicros => "延迟（微秒）", "latency in microseconds";
    BandwidthBits => "带宽（比特每秒）", "bandwidth in bits a second";
    Availability => "可用性", "availability";
} }

names! { Verdict {
    Met => "达标", "met";
    NotMet => "未达标", "not met";
    Undecidable => "无法判定", "undecidable";
} }

names! { Comparison {
    AtLeast => "不低于", "at least";
    MoreThan => "高于", "more than";
    AtMost => "不高于", "at most";
    LessThan => "低于", "less than";
} }

names! { ServiceState {
    Up => "正常", "up";
    Degraded => "降级", "degraded";
    Down => "中断", "down";
    Unknown => "未知", "unknown";
} }

names! { EndState {
    Completed => "完成", "completed";
    Failed => "失败", "failed";
    Cancelled => "取消", "cancelled";
    Timeout => "超时", "timed out";
    OutOfMemory => "内存不足", "out of memory";
    NodeFail => "节点故障", "node failure";
    BootFail => "启动失败", "boot failure";
    Preempted => "被抢占", "pre-empted";
    Deadline => "到期", "past its deadline";
    Running => "运行中", "running";
} }

names! { RoundingMode {
    HalfUp => "四舍五入", "half up";
    HalfEven => "四舍六入五成双", "half to even";
    Up => "远离零进位", "away from zero";
    Down => "截去", "towards zero";
    Ceiling => "向上取整", "up";
    Floor => "向下取整", "down";
} }

names! { DayKind {
    Working => "工作日", "working day";
    Weekend => "周末", "weekend";
    Holiday => "法定节假日", "public holiday";
    SwappedWorkday => "调休上班日", "moved workday";
} }
