//! Frames of a video with their exact times, its shots and its keyframes. Serves anno-3.1.3.
//!
//! A time is a presentation timestamp in whole ticks of the stream's timebase, never a frame number
//! over a rate. FFmpeg's programs decode, once, in a process of their own; what they say is read
//! within limits. Knows no contract and no label.

mod choose;
mod decode;
mod error;
mod frames;
mod pictures;
mod poster;
mod probe;
mod score;
mod shots;
mod strip;
mod tick;
mod tool;

pub use choose::{By, ChooseError, Keyframe, Moment, Why, choose};
pub use decode::{Analysis, Frame, Notice, Oddity, analyse, analyse_with_strip};
pub use error::{Measure, VideoError};
pub use frames::{FrameList, write_frames};
pub use pictures::{MOST_PICTURES, write_pictures};
pub use poster::poster;
pub use probe::{Limits, Probe, Stream, Timestamps, probe};
pub use score::{Image, distance_milli, sharpness};
pub use shots::{Detector, Flash, Shots, shots};
pub use strip::{MOST_SMALL, Strip};
pub use tick::{Seconds, Timebase};
