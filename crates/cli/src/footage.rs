//! What is said of a video that cannot be read, or has no such keyframes. Chinese, then English.

use std::path::Path;

use video::{ChooseError, Measure, VideoError};

/// The stable code of a fault.
pub(crate) const fn code(error: &VideoError) -> &'static str {
    match error {
        VideoError::NoTool { .. } => "no_ffmpeg",
        VideoError::Playlist { .. } => "playlist",
        VideoError::Limit { .. } => "limit",
        VideoError::NotAFile { .. }
        | VideoError::Io { .. }
        | VideoError::NotAVideo { .. }
        | VideoError::NoVideoStream { .. }
        | VideoError::NoFrame { .. } => "no_video",
        VideoError::Failed { .. } | VideoError::Uneven { .. } => "ffmpeg_failed",
    }
}

/// What is wrong with a video.
pub(crate) fn fault(path: &Path, error: &VideoError) -> (String, String) {
    let path = path.display();
    match error {
        VideoError::NoTool { tool } => {
            (format!("本机没有 {tool}"), format!("{tool} is not installed"))
        }
        VideoError::NotAFile { .. } => {
            (format!("{path} 不是普通文件"), format!("{path} is no regular file"))
        }
        VideoError::Io { path, .. } => {
            let path = path.display();
            (format!("读写 {path} 失败"), format!("{path} cannot be read or written"))
        }
        VideoError::Playlist { form, .. } => (
            format!("{path} 是 {form} 播放列表，只列出别的文件或地址，不予打开"),
            format!("{path} is a playlist ({form}): it names other files, which are not opened"),
        ),
        VideoError::NotAVideo { said, .. } => (
            format!("{path} 不是可读的视频：{said}"),
            format!("{path} is no video that can be read: {said}"),
        ),
        VideoError::NoVideoStream { .. } => {
            (format!("{path} 里没有视频流"), format!("{path} has no video stream"))
        }
        VideoError::NoFrame { said, .. } => {
            (format!("{path} 解不出一帧：{said}"), format!("{path} gives not one frame: {said}"))
        }
        VideoError::Limit { measure, have, most } => {
            let (zh, en) = measured(*measure);
            (
                format!("{path}：{zh}为 {have}，上限 {most}"),
                format!("{path}: {have} {en}, the limit is {most}"),
            )
        }
        VideoError::Failed { tool, said } => {
            (format!("{path}：{tool} 失败：{said}"), format!("{path}: {tool} failed: {said}"))
        }
        VideoError::Uneven { frames, times } => (
            format!("{path}：{frames} 帧却有 {times} 个时间戳"),
            format!("{path}: {frames} frames came with {times} timestamps"),
        ),
    }
}

const fn measured(measure: Measure) -> (&'static str, &'static str) {
    match measure {
        Measure::Bytes => ("字节数", "bytes"),
        Measure::Streams => ("流的数量", "streams"),
        Measure::Pixels => ("每帧像素", "pixels in a frame"),
        Measure::Frames => ("帧数", "frames"),
        Measure::Seconds => ("处理秒数", "seconds of work"),
        Measure::Pictures => ("图片数", "pictures"),
    }
}

/// What to do about it.
pub(crate) fn next(error: &VideoError) -> Option<(String, String)> {
    let (zh, en) = match error {
        VideoError::NoTool { .. } => (
            "安装 FFmpeg 5.1 或更新版本：apt-get install ffmpeg",
            "install FFmpeg 5.1 or later: apt-get install ffmpeg",
        ),
        VideoError::Playlist { .. } => ("改给视频文件本身", "give the video file itself"),
        VideoError::NotAVideo { .. } | VideoError::NoFrame { .. } => (
            "文件可能残缺：请重新获取，或用 ffmpeg 转封装",
            "the file may be cut short: fetch it again, or remux it with ffmpeg",
        ),
        VideoError::Limit { measure: Measure::Pictures, .. } => {
            ("加大间隔，或不给 --out", "take a longer interval, or leave --out away")
        }
        VideoError::Limit { .. } => ("把视频切成几段", "cut the video into parts"),
        _ => return None,
    };
    Some((zh.to_owned(), en.to_owned()))
}

/// Why there are no such keyframes.
pub(crate) fn refused(error: &ChooseError) -> (String, String) {
    match error {
        ChooseError::NoTimestamps => {
            ("没有一帧带时间戳".to_owned(), "not one frame has a timestamp".to_owned())
        }
        ChooseError::Interval => {
            ("--every 须大于零".to_owned(), "--every is longer than zero".to_owned())
        }
        ChooseError::Outside { at, first, last } => (
            format!("{at} 秒不在视频之内（{first} 至 {last} 秒）"),
            format!("{at} s lies outside the video ({first} s to {last} s)"),
        ),
        ChooseError::TooMany { most } => (
            format!("关键帧多于 {most} 个：请加大间隔"),
            format!("more than {most} keyframes: take a longer interval"),
        ),
    }
}
