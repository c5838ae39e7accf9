//! Why a video cannot be read. Fields in place of sentences; faces make the words.

use std::io;
use std::path::PathBuf;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Bytes of the file.
    Bytes,
    /// Streams in the file.
    Streams,
    /// Pixels of a frame.
    Pixels,
    /// Frames of the stream.
    Frames,
    /// Seconds that a program of FFmpeg may run.
    Seconds,
    /// Pictures to write.
    Pictures,
}

/// Why a video cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum VideoError {
    /// A program of FFmpeg is not on this machine.
    #[error("{tool} is not installed")]
    NoTool {
        /// The program.
        tool: &'static str,
    },
    /// The path is no regular file.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file, or a file to write, fails.
    #[error("{} fails", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// A list that names other files or addresses.
    #[error("{} is a playlist ({form})", path.display())]
    Playlist {
        /// The file.
        path: PathBuf,
        /// The form of the list.
        form: &'static str,
    },
    /// No container that is read.
    #[error("{} is no video that is read: {said}", path.display())]
    NotAVideo {
        /// The file.
        path: PathBuf,
        /// The last words of the program.
        said: String,
    },
    /// The file has no moving pictures.
    #[error("{} has no video stream", path.display())]
    NoVideoStream {
        /// The file.
        path: PathBuf,
    },
    /// The stream gives no frame.
    #[error("{} gives no frame: {said}", path.display())]
    NoFrame {
        /// The file.
        path: PathBuf,
        /// The last words of the program.
        said: String,
    },
    /// A limit is passed.
    #[error("{have} is above the limit of {most} ({measure:?})")]
    Limit {
        /// What is limited.
        measure: Measure,
        /// How much there is, or at least.
        have: u64,
        /// The limit.
        most: u64,
    },
    /// A program of FFmpeg failed, or said what it never should.
    #[error("{tool} failed: {said}")]
    Failed {
        /// The program.
        tool: &'static str,
        /// Its last words.
        said: String,
    },
    /// The frames and the times that belong to them are not equally many.
    #[error("{frames} frames came with {times} times")]
    Uneven {
        /// Frames.
        frames: u64,
        /// Times.
        times: u64,
    },
}
