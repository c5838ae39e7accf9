//! Sentences about datasets and jobs of a training, Chinese first.

/// Too few classes in what was brought.
pub(crate) fn classes(classes: u64, least: u64) -> (String, String) {
    (
        format!(
            "只找到 {classes} 个类别，至少需要 {least} 个；请按类别分文件夹，例如 train/类别/图片。"
        ),
        format!(
            "{classes} classes were found and at least {least} are needed; put images into a folder \
             for each class, such as train/CLASS/IMAGE."
        ),
    )
}

/// Images of the sealed test set among those to learn from.
pub(crate) fn leak(images: u64) -> (String, String) {
    (
        format!("其中 {images} 张图片属于已封存的测试集，不能用于训练；请去除后重新上传。"),
        format!(
            "{images} images are of the sealed test set and cannot be learned from; take them out \
             and upload again."
        ),
    )
}

/// A job that is not in a state for it.
pub(crate) fn not_now() -> (String, String) {
    (
        "该任务此时不能这样操作；请刷新后再试。".to_owned(),
        "The job is not in a state for this; reload and look again.".to_owned(),
    )
}

/// Another job works.
pub(crate) fn busy() -> (String, String) {
    (
        "该协议已有一个任务在运行；请等它结束或将其取消。".to_owned(),
        "A job of this agreement is at work; wait for it, or end it.".to_owned(),
    )
}
