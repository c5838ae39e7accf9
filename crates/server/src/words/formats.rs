//! What a conversion of labelled data could not carry over, in words.

use annotation::{Effect, Loss};
use document::names;

use super::Here;

names! { Effect [Here] {
    Dropped => "未保留", "not held";
    Changed => "有变化", "changed";
} }

names! { Loss [Here] {
    Polygon => "轮廓（只取其外框）", "outlines (their boxes were taken)";
    Mask => "掩码（只取其外框）", "masks (their boxes were taken)";
    Keypoints => "关键点", "key points";
    Rotation => "旋转框", "rotated boxes";
    OtherKind => "其他种类的标注", "annotations of other kinds";
    OtherField => "其他字段", "other fields";
    Caption => "描述文字或自由作答", "captions and free answers";
    RoundedCoordinate => "坐标舍入到六位小数", "coordinates rounded to six places";
    RoundedTime => "时间有舍入", "times rounded";
    MomentAsFrame => "没有长度的事件改为一帧长", "events without length that became one frame long";
    ClippedBox => "超出图像的框被裁到边缘", "boxes cut at the edge of their image";
    UnknownSize => "图像尺寸未知的框", "boxes of images of unknown size";
    Boxes => "框", "boxes";
    ImageLabels => "整图标签", "labels of images";
    VideoLabels => "整段视频标签", "labels of videos";
    TextLabels => "文本标签", "labels of texts";
    Texts => "文本", "texts";
    Spans => "文本片段", "marked passages";
    Videos => "视频", "videos";
    Events => "视频事件", "events in videos";
    Images => "图像", "images";
    PutIntoTrain => "未注明子集的图像归入 train", "images of no stated part, put into train";
    CrowdLeftOut => "群体区域", "crowd regions";
    CrowdAsDifficult => "群体区域改为 difficult", "crowd regions as difficult objects";
    DifficultAsObject => "difficult 对象改为普通对象", "difficult objects as ordinary ones";
    CrowdAsObject => "群体区域改为普通对象", "crowd regions as ordinary objects";
    Score => "模型置信度", "scores";
    Area => "对象自身面积", "areas of their own";
    Occluded => "遮挡标记", "occluded flags";
    Truncated => "截断标记", "truncated flags";
    Attributes => "属性", "attributes";
    AttributeType => "属性值改为文本", "attribute values as texts";
    Group => "分组", "groups";
    Author => "标注人", "authors";
    TrackId => "轨迹编号", "track numbers";
    Interpolated => "关键帧之间算出的框", "boxes computed between keyframes";
    NotInterpolated => "相隔太远的关键帧之间没有补框", "keyframes too far apart to compute boxes between";
    ComputedBoxes => "计算出的框改由目标计算或改为关键帧", "computed boxes, left to the target or stated";
    TrackAdded => "单独的框成为轨迹", "boxes that became tracks";
    TrackEndAdded => "补写轨迹的结束帧", "ends of tracks that were added";
    VideoLength => "视频长度", "lengths of videos";
    OutsideFrame => "轨迹离开画面的帧", "frames where a track leaves the picture";
    FrameOfVideo => "图像是哪段视频的哪一帧", "which frame of which video an image is";
    AnnotationIds => "标注重新编号", "annotations numbered anew";
    ImageIds => "图像重新编号", "images numbered anew";
    ClassIds => "类别重新编号", "classes numbered anew";
    UnusedClasses => "没有用到的类别", "classes that nothing uses";
    ClassParent => "上级类别", "classes above classes";
    Split => "子集（train、val、test）", "parts (train, val, test)";
    ImageSize => "图像尺寸", "sizes of images";
    Hash => "图像散列值", "hashes of images";
    ChangedName => "名称被修改", "names changed";
} }
