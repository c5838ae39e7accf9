//! What a file says of itself: its video stream, timebase, rates, rotation and length. Nothing is
//! decoded.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use crate::error::{Measure, VideoError};
use crate::tick::Timebase;
use crate::tool::{Tool, input};

const FFPROBE: &str = "ffprobe";
/// Bytes that the program may answer.
const ANSWER_BYTES: u64 = 1 << 20;

/// How much is read from a file that somebody else made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Streams in it.
    pub streams: u64,
    /// Pixels of a frame.
    pub pixels: u64,
    /// Frames of the video stream.
    pub frames: u64,
    /// Seconds that each program may run.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 30,
            streams: 64,
            pixels: 16_384 * 16_384,
            frames: 2_000_000,
            seconds: 6 * 3600,
        }
    }
}

/// Where the timestamps come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Timestamps {
    /// The file has them.
    File,
    /// The file has none (a raw stream); FFmpeg counts frames at the rate it assumes.
    Assumed,
}

/// A video stream, as the file declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stream {
    /// Its number in the file.
    pub index: u32,
    /// The codec.
    pub codec: String,
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// Degrees clockwise by which the stored frames are turned to be shown: 0, 90, 180, 270.
    pub rotation: u16,
    /// How long a tick is.
    pub timebase: Timebase,
    /// The first tick, where it is declared.
    pub start_pts: Option<i64>,
    /// Ticks of the whole, where they are declared.
    pub duration_ticks: Option<i64>,
    /// Mean frames in a second, as declared: `num/den`.
    pub average_rate: Option<String>,
    /// The least rate that can say every timestamp, as FFmpeg guesses it: `num/den`.
    pub base_rate: Option<String>,
    /// Where the timestamps come from.
    pub timestamps: Timestamps,
}

/// A file and the stream in it that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// The file.
    #[serde(skip)]
    pub path: PathBuf,
    /// The container.
    pub format: String,
    /// Streams of every kind.
    pub streams: u64,
    /// The first stream of moving pictures.
    pub stream: Stream,
}

impl Stream {
    /// Pixels across and down, as shown.
    #[must_use]
    pub const fn shown(&self) -> (u32, u32) {
        match self.rotation {
            90 | 270 => (self.height, self.width),
            _ => (self.width, self.height),
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    packets: Vec<RawPacket>,
    #[serde(default)]
    streams: Vec<RawStream>,
    format: RawFormat,
}

#[derive(Deserialize)]
struct RawPacket {
    stream_index: u32,
    pts: Option<i64>,
}

#[derive(Deserialize)]
struct RawFormat {
    format_name: String,
}

#[derive(Deserialize)]
struct RawStream {
    index: u32,
    codec_name: Option<String>,
    codec_type: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    time_base: Option<String>,
    start_pts: Option<i64>,
    duration_ts: Option<i64>,
    avg_frame_rate: Option<String>,
    r_frame_rate: Option<String>,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<i64>,
}

/// Asks what the file is.
///
/// # Errors
/// When it is no video that is read, names other files, or is above a limit.
pub fn probe(path: &Path, limits: &Limits) -> Result<Probe, VideoError> {
    let path = opened(path, limits)?;
    let mut arguments = vec![
        "-hide_banner".into(),
        "-v".into(),
        "error".into(),
        "-of".into(),
        "json".into(),
        "-show_entries".into(),
        "packet=stream_index,pts:stream=index,codec_name,codec_type,width,height,time_base,\
         start_pts,duration_ts,avg_frame_rate,r_frame_rate:stream_disposition=attached_pic:\
         stream_side_data=rotation:format=format_name"
            .into(),
        "-read_intervals".into(),
        "%+#64".into(),
    ];
    arguments.extend(input(&path));
    let said = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&said);
    let hear = move |line: &str| {
        if let Ok(mut last) = heard.lock() {
            line.clone_into(&mut last);
        }
    };
    let (tool, out) = Tool::start(FFPROBE, &arguments, limits.seconds, hear)?;
    let mut answer = Vec::new();
    let read = out.take(ANSWER_BYTES).read_to_end(&mut answer);
    let status = tool.end()?;
    let said = said.lock().map(|last| last.clone()).unwrap_or_default();
    read.map_err(|source| VideoError::Io { path: path.clone(), source })?;
    if !status.success() {
        return Err(VideoError::NotAVideo { path, said });
    }
    let answer = serde_json::from_slice(&answer)
        .map_err(|error| VideoError::Failed { tool: FFPROBE, said: error.to_string() })?;
    understood(answer, path, limits)
}

/// The whole path of a regular file within its limit that is no list of other files.
fn opened(path: &Path, limits: &Limits) -> Result<PathBuf, VideoError> {
    let failed = |source| VideoError::Io { path: path.to_path_buf(), source };
    let whole = path.canonicalize().map_err(failed)?;
    let facts = whole.metadata().map_err(failed)?;
    if !facts.is_file() {
        return Err(VideoError::NotAFile { path: path.to_path_buf() });
    }
    within(Measure::Bytes, facts.len(), limits.bytes)?;
    let mut head = Vec::new();
    let file = File::open(&whole).map_err(failed)?;
    file.take(4096).read_to_end(&mut head).map_err(failed)?;
    match playlist(&head) {
        Some(form) => Err(VideoError::Playlist { path: path.to_path_buf(), form }),
        None => Ok(whole),
    }
}

/// The form of a list of other files or addresses.
fn playlist(head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let marks = [("#EXTM3U", "M3U8"), ("ffconcat", "ffconcat"), ("v=0", "SDP")];
    let marked = marks.iter().find(|(mark, _)| text.starts_with(mark)).map(|(_, form)| *form);
    let tags = [("<MPD", "DASH"), ("<SmoothStreamingMedia", "Smooth Streaming")];
    let tagged = || tags.iter().find(|(tag, _)| text.contains(tag)).map(|(_, form)| *form);
    marked.or_else(|| text.starts_with('<').then(tagged).flatten())
}

pub(crate) const fn within(measure: Measure, have: u64, most: u64) -> Result<(), VideoError> {
    if have > most { Err(VideoError::Limit { measure, have, most }) } else { Ok(()) }
}

fn understood(answer: Answer, path: PathBuf, limits: &Limits) -> Result<Probe, VideoError> {
    let streams = answer.streams.len() as u64;
    within(Measure::Streams, streams, limits.streams)?;
    let moving = |stream: &RawStream| {
        stream.codec_type.as_deref() == Some("video") && stream.disposition.attached_pic == 0
    };
    let Some(raw) = answer.streams.into_iter().find(moving) else {
        return Err(VideoError::NoVideoStream { path });
    };
    let (Some(width @ 1..), Some(height @ 1..)) = (raw.width, raw.height) else {
        return Err(VideoError::NotAVideo { path, said: "no size of frames".to_owned() });
    };
    within(Measure::Pixels, u64::from(width) * u64::from(height), limits.pixels)?;
    let timebase = raw.time_base.as_deref().and_then(|text| text.parse().ok());
    let Some(timebase) = timebase else {
        return Err(VideoError::NotAVideo { path, said: "no timebase".to_owned() });
    };
    let mut packets =
        answer.packets.iter().filter(|packet| packet.stream_index == raw.index).peekable();
    let none = packets.peek().is_some() && packets.all(|packet| packet.pts.is_none());
    let turned = raw.side_data_list.iter().find_map(|data| data.rotation).map_or(0, |by| -by);
    let rate = |text: Option<String>| text.filter(|text| !text.starts_with("0/"));
    let stream = Stream {
        index: raw.index,
        codec: raw.codec_name.unwrap_or_else(|| "unknown".to_owned()),
        width,
        height,
        rotation: u16::try_from(turned.rem_euclid(360)).expect("below 360"),
        timebase,
        start_pts: raw.start_pts,
        duration_ticks: raw.duration_ts,
        average_rate: rate(raw.avg_frame_rate),
        base_rate: rate(raw.r_frame_rate),
        timestamps: if none { Timestamps::Assumed } else { Timestamps::File },
    };
    Ok(Probe { path, format: answer.format.format_name, streams, stream })
}
