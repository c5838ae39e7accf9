//! Times as files write them: a fraction of a second as text, and the length of a video as seconds
//! with ticks beside them where seconds are not exact. Serves anno-3.5. Knows no format.

use annotation::{Loss, Losses, Node, Time};

use crate::json::JsonText;
use crate::record::{Bad, micros};

/// A fraction of a second, such as `1/30000`.
pub(crate) fn fraction((num, den): (u32, u32)) -> String {
    format!("{num}/{den}")
}

/// Reads a fraction; neither part is zero.
pub(crate) fn parse(text: &str) -> Option<(u32, u32)> {
    let (num, den) = text.split_once('/')?;
    let (num, den) = (num.parse().ok()?, den.parse().ok()?);
    (num > 0 && den > 0).then_some((num, den))
}

/// `duration`, with `pts` and `timebase` where it is not exact.
pub(crate) fn write_length(json: &mut JsonText, duration: Time) {
    json.field("duration", duration.seconds());
    if !duration.to_micros().1 {
        json.field("pts", duration.pts);
        json.text_field("timebase", &fraction(duration.timebase));
    }
}

/// Reads what [`write_length`] writes.
pub(crate) fn length(node: &Node<'_>, losses: &mut Losses) -> Option<Result<Time, Bad>> {
    let seconds = node.get("duration")?;
    let seconds = micros(seconds, "/duration", Loss::RoundedTime, losses);
    Some(seconds.map(|seconds| ticks(node).unwrap_or(Time::micros(seconds))))
}

/// `pts` and `timebase` of a node whose seconds are not exact.
fn ticks(node: &Node<'_>) -> Option<Time> {
    let pts = node.get("pts")?.number()?.parse().ok()?;
    Some(Time { pts, timebase: parse(node.get("timebase")?.text()?)? })
}
