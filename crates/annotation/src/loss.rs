//! What a conversion could not carry over: counted by kind, with the first places listed. Serves
//! anno-3.5 (delivery). Knows codes; knows no words for people.

use std::collections::BTreeMap;

use serde::Serialize;

/// What happened to what a file held. The codes are stable: programs may read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// The outline of an object; its box was taken.
    Polygon,
    /// A mask; its box was taken.
    Mask,
    /// Key points or a skeleton.
    Keypoints,
    /// A rotated box; it was left out, for its upright box is another one.
    Rotation,
    /// A shape or annotation of a kind that a dataset does not hold.
    OtherKind,
    /// A field of a record that a dataset does not hold.
    OtherField,
    /// A caption or a free text answer.
    Caption,
    /// Decimals of a coordinate beyond the sixth were rounded.
    RoundedCoordinate,
    /// Times of an event were rounded, to microseconds or to frames.
    RoundedTime,
    /// An event without length became one frame long.
    MomentAsFrame,
    /// A box was cut at the edge of its image.
    ClippedBox,
    /// A box of an image whose size is not stated.
    UnknownSize,
    /// Boxes.
    Boxes,
    /// Labels of whole images.
    ImageLabels,
    /// Labels of whole videos.
    VideoLabels,
    /// Labels of whole texts.
    TextLabels,
    /// Texts.
    Texts,
    /// Marked passages.
    Spans,
    /// Videos.
    Videos,
    /// Events in videos.
    Events,
    /// Images.
    Images,
    /// Items of no stated part were put into `train`.
    PutIntoTrain,
    /// A crowd region was left out.
    CrowdLeftOut,
    /// A crowd region became an object marked difficult.
    CrowdAsDifficult,
    /// An object marked difficult became an ordinary one.
    DifficultAsObject,
    /// A crowd region became an ordinary object.
    CrowdAsObject,
    /// The confidence of a model.
    Score,
    /// An area of its own, other than width times height.
    Area,
    /// The occluded flag.
    Occluded,
    /// The truncated flag.
    Truncated,
    /// Attributes.
    Attributes,
    /// Whether an attribute was a text, a number or a flag: it became a text.
    AttributeType,
    /// The group.
    Group,
    /// The author.
    Author,
    /// The number of a track; the boxes stay.
    TrackId,
    /// Boxes between the keyframes of a track were computed.
    Interpolated,
    /// Boxes between two keyframes that lie too many frames apart were not computed.
    NotInterpolated,
    /// Boxes that were computed between keyframes: the target computes them itself where they lie
    /// on the line, else they are stated.
    ComputedBoxes,
    /// Boxes of frames that belonged to no track became tracks.
    TrackAdded,
    /// The frame behind the last box of a track was stated as its end.
    TrackEndAdded,
    /// How long a video is, in time or in frames.
    VideoLength,
    /// The frame where a track leaves the picture.
    OutsideFrame,
    /// Which frame of which video an image is.
    FrameOfVideo,
    /// Numbers of annotations; the target counts them anew.
    AnnotationIds,
    /// Numbers of images from 0, or not whole; counted anew from 1.
    ImageIds,
    /// Numbers of classes; the target counts them anew.
    ClassIds,
    /// Classes that no annotation uses.
    UnusedClasses,
    /// The class above a class.
    ClassParent,
    /// Which part of the dataset (train, val, test) an item belongs to.
    Split,
    /// The size of an image.
    ImageSize,
    /// The hash of an image.
    Hash,
    /// A name that the target cannot have as it stands; it was changed.
    ChangedName,
}

/// Whether something is gone, or is there in another form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It is not in the target.
    Dropped,
    /// It is there, changed.
    Changed,
}

impl Loss {
    /// Whether it is gone or changed.
    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::RoundedCoordinate
            | Self::RoundedTime
            | Self::MomentAsFrame
            | Self::ComputedBoxes
            | Self::ClippedBox
            | Self::CrowdAsDifficult
            | Self::DifficultAsObject
            | Self::CrowdAsObject
            | Self::AttributeType
            | Self::Interpolated
            | Self::TrackAdded
            | Self::TrackEndAdded
            | Self::PutIntoTrain
            | Self::AnnotationIds
            | Self::ImageIds
            | Self::ClassIds
            | Self::ChangedName => Effect::Changed,
            _ => Effect::Dropped,
        }
    }
}

/// How many places of one kind are listed.
const LISTED: usize = 20;

/// One kind of loss.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LossEntry {
    /// What.
    pub code: Loss,
    /// Whether it is gone or changed.
    pub effect: Effect,
    /// How often.
    pub count: u64,
    /// The first places.
    pub places: Vec<String>,
}

/// All that a conversion could not carry over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    entries: BTreeMap<Loss, (u64, Vec<String>)>,
}

impl Losses {
    /// Counts one, at a place that is named only while places are listed.
    pub fn add(&mut self, loss: Loss, place: impl FnOnce() -> String) {
        let (count, places) = self.entries.entry(loss).or_default();
        *count += 1;
        if places.len() < LISTED {
            places.push(place());
        }
    }

    /// Counts many at once, where no place says more than the number.
    pub fn add_many(&mut self, loss: Loss, count: u64) {
        if count > 0 {
            self.entries.entry(loss).or_default().0 += count;
        }
    }

    /// How often a kind was counted.
    #[must_use]
    pub fn count(&self, loss: Loss) -> u64 {
        self.entries.get(&loss).map_or(0, |(count, _)| *count)
    }

    /// Whether nothing was lost.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds what another step lost.
    pub fn merge(&mut self, other: Self) {
        for (loss, (count, places)) in other.entries {
            let (sum, kept) = self.entries.entry(loss).or_default();
            *sum += count;
            let room = LISTED.saturating_sub(kept.len());
            kept.extend(places.into_iter().take(room));
        }
    }

    /// The entries, those that are gone first.
    #[must_use]
    pub fn entries(&self) -> Vec<LossEntry> {
        let entry = |(code, (count, places)): (&Loss, &(u64, Vec<String>))| LossEntry {
            code: *code,
            effect: code.effect(),
            count: *count,
            places: places.clone(),
        };
        let mut entries: Vec<LossEntry> = self.entries.iter().map(entry).collect();
        entries.sort_by_key(|entry| (entry.effect, entry.code));
        entries
    }
}

impl Serialize for Losses {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries().serialize(serializer)
    }
}
