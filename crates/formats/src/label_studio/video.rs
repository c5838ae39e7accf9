//! Videos of Label Studio: objects followed from frame to frame, and events on the timeline. Serves
//! anno-3.1.3 and anno-3.5. Its frames are counted from 1 by a rate that the configuration states,
//! whatever the file says, so that an event is the time that it was shown at.

use annotation::{BoxRecord, EventRecord, Findings, Loss, More, Node, Problem, Time, Track};

use super::rate::Rate;
use super::side;
use crate::build::{Builder, box_of};
use crate::record::{Bad, coordinate, micros, place, report};
use crate::share;

/// What stands before the number of a track in the id of its region.
pub(super) const TRACK: char = 't';

/// One stated box of a track.
struct Stated {
    frame: u64,
    /// Left, top, right and bottom edge in millionths of a pixel.
    edges: [i64; 4],
    /// Whether the object goes on to the next stated box.
    on: bool,
    at: usize,
    /// Its place in the sequence.
    index: usize,
}

/// A followed object: `value.sequence`.
pub(super) fn track(
    node: &Node<'_>,
    video: u32,
    more: &More,
    before: &str,
    build: &mut Builder<'_>,
    found: &mut Findings,
) -> Result<(), Bad> {
    let value = node.get("value").ok_or_else(|| Bad::missing(node, "/value"))?;
    let labels = ["labels", "videorectanglelabels"].iter().find_map(|key| value.get(key));
    let name = labels.and_then(|labels| labels.list().first()?.text());
    let name = name.ok_or_else(|| Bad::missing(value, "/value/labels"))?;
    let sequence = value.get("sequence").ok_or_else(|| Bad::missing(value, "/value/sequence"))?;
    let frames = value.get("framesCount").and_then(Node::whole).filter(|count| *count > 0);
    let seconds = value.get("duration").and_then(|node| {
        micros(node, "/value/duration", Loss::RoundedTime, &mut build.losses).ok()
    });
    let own = build.dataset.videos.get_mut(video as usize);
    let size = own.and_then(|own| {
        own.frames = own.frames.or(frames);
        own.duration = own.duration.or(seconds.map(Time::micros));
        own.size = own.size.or(side(node, "original_width").zip(side(node, "original_height")));
        own.size
    });
    let size = size.ok_or_else(|| Bad::new(Problem::UnknownSize, node.at, "/original_width"))?;
    let mut stated = Vec::new();
    for (at, one) in sequence.list().iter().enumerate() {
        let before = format!("{before}/value/sequence/{at}");
        if one.get("rotation").and_then(Node::float).is_some_and(|angle| angle != 0.0) {
            build.losses.add(Loss::Rotation, || before.clone());
            continue;
        }
        match read(one, at, size) {
            Ok(one) => stated.push(one),
            Err(bad) => report(found, &before, bad),
        }
    }
    stated.sort_by_key(|one| one.frame);
    stated.dedup_by_key(|one| one.frame);
    let class = build.class(name);
    let number = node.get("id").and_then(Node::text).and_then(|id| id.strip_prefix(TRACK));
    let id = build.track(video, number.and_then(|id| id.parse().ok()));
    let score = node.get("score").and_then(Node::float);
    let mut put = |frame: u64, one: &Stated, outside: bool| {
        let more = More { track: Some(Track { id, keyframe: true, outside }), ..more.clone() };
        let record = box_of(build.frame(video, frame), class);
        let record = BoxRecord { score, more: more.boxed(), ..record };
        let before = format!("{before}/value/sequence/{}", one.index);
        build.put(found, place(one.at, &before), one.edges, record);
    };
    for (at, one) in stated.iter().enumerate() {
        put(one.frame, one, false);
        let next = stated.get(at + 1).map(|next| next.frame);
        let end = one.frame + 1;
        match next {
            Some(next) if !one.on && next > end => put(end, one, true),
            None if !one.on && frames.is_none_or(|frames| end < frames) => put(end, one, true),
            // Label Studio shows the last box up to the end of the video.
            None if one.on => {
                if let Some(last) = frames.map(|frames| frames - 1).filter(|last| *last > one.frame)
                {
                    put(last, one, false);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn read(node: &Node<'_>, index: usize, (width, height): (u32, u32)) -> Result<Stated, Bad> {
    let field = |key: &str| {
        let field = format!("/{key}");
        let node = node.get(key).ok_or_else(|| Bad::missing(node, &field))?;
        let text = node.number().ok_or_else(|| Bad::wrong(node, &field, "a number"))?;
        share::parse(text).map_err(|error| coordinate(error, node, &field))
    };
    let (x, y, w, h) = (field("x")?, field("y")?, field("width")?, field("height")?);
    let ([x0, x1], [y0, y1]) = (share::percent(x, w, width), share::percent(y, h, height));
    let frame = frame_of(node, "frame")?;
    let on = node.get("enabled").and_then(Node::flag).unwrap_or(true);
    Ok(Stated { frame, edges: [x0, y0, x1, y1], on, at: node.at, index })
}

/// A frame, counted from 0.
fn frame_of(node: &Node<'_>, key: &str) -> Result<u64, Bad> {
    let field = format!("/{key}");
    let found = node.get(key).ok_or_else(|| Bad::missing(node, &field))?;
    let frame = found.whole().and_then(|frame| frame.checked_sub(1));
    let frame = frame.filter(|frame| *frame < u64::from(u32::MAX));
    frame.ok_or_else(|| Bad::wrong(found, &field, "a frame, counted from 1"))
}

/// Events: `value.ranges`, each with the frame it begins at and the last one that belongs to it.
pub(super) fn events(
    node: &Node<'_>,
    video: u32,
    more: &More,
    rate: Option<Rate>,
    build: &mut Builder<'_>,
) -> Result<(), Bad> {
    let value = node.get("value").ok_or_else(|| Bad::missing(node, "/value"))?;
    let missing = || Bad::new(Problem::UnknownRate, node.at, "/value/ranges");
    let (num, den) = rate.ok_or_else(missing)?;
    let names = value.get("timelinelabels").map_or(&[][..], Node::list);
    let ranges = value.get("ranges").ok_or_else(|| Bad::missing(value, "/value/ranges"))?;
    let score = node.get("score").and_then(Node::float);
    for range in ranges.list() {
        let (start, last) = (frame_of(range, "start")?, frame_of(range, "end")?);
        if last < start {
            return Err(Bad::new(Problem::BadRange, range.at, "/value/ranges"));
        }
        let time = |frame: u64| Time { pts: frame.cast_signed(), timebase: (den, num) };
        for name in names.iter().filter_map(Node::text) {
            let class = build.class(name);
            let (start, end) = (time(start), time(last + 1));
            let more = more.clone().boxed();
            build.dataset.events.push(EventRecord { video, class, start, end, score, more });
        }
    }
    Ok(())
}
