//! Who is next. Three lanes with room of their own: urgent before standard before what runs in the
//! background, and now and then the other way round, so that no lane waits for ever. Clause:
//! class-4.3.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Every so many turns the standard lane goes before the urgent one.
const STANDARD_TURN: u64 = 5;
/// Every so many turns the background goes before both.
const BACKGROUND_TURN: u64 = 16;

/// How soon an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Before the others, for a higher price.
    Urgent,
    /// In the usual time.
    Standard,
}

impl Class {
    /// Its stable name, which `tally import` knows as the class of requests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Standard => "standard",
        }
    }
}

/// Where something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Requests of a class.
    Asked(Class),
    /// Comparisons that nobody waits for, and batches.
    Background,
}

/// What waits, each lane up to its room.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    lanes: [VecDeque<T>; 3],
    room: usize,
    turn: u64,
}

const fn index(lane: Lane) -> usize {
    match lane {
        Lane::Asked(Class::Urgent) => 0,
        Lane::Asked(Class::Standard) => 1,
        Lane::Background => 2,
    }
}

impl<T> Queue<T> {
    /// Room for so many in each lane.
    pub(crate) fn new(room: usize) -> Self {
        Self { lanes: std::array::from_fn(|_| VecDeque::new()), room, turn: 0 }
    }

    /// Puts all of them at the end of a lane, or gives all of them back.
    pub(crate) fn push(&mut self, lane: Lane, items: Vec<T>) -> Result<(), Vec<T>> {
        let room = self.room;
        let lane = self.lanes.get_mut(index(lane));
        match lane {
            Some(lane) if lane.len() + items.len() <= room => {
                lane.extend(items);
                Ok(())
            }
            _ => Err(items),
        }
    }

    /// The next one.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.turn = self.turn.wrapping_add(1);
        let order = if self.turn.is_multiple_of(BACKGROUND_TURN) {
            [2, 1, 0]
        } else if self.turn.is_multiple_of(STANDARD_TURN) {
            [1, 0, 2]
        } else {
            [0, 1, 2]
        };
        order.into_iter().find_map(|lane| self.lanes.get_mut(lane)?.pop_front())
    }

    /// How many wait in a lane.
    pub(crate) fn waiting(&self, lane: Lane) -> usize {
        self.lanes.get(index(lane)).map_or(0, VecDeque::len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URGENT: Lane = Lane::Asked(Class::Urgent);
    const STANDARD: Lane = Lane::Asked(Class::Standard);

    fn filled() -> Queue<&'static str> {
        let mut queue = Queue::new(40);
        queue.push(STANDARD, vec!["standard"; 40]).expect("room");
        queue.push(Lane::Background, vec!["background"; 40]).expect("room");
        queue.push(URGENT, vec!["urgent"; 40]).expect("room");
        queue
    }

    #[test]
    fn urgent_goes_first_and_no_lane_waits_for_ever() {
        let mut queue = filled();
        let first: Vec<_> = (0..16).filter_map(|_| queue.pop()).collect();
        let count = |name: &str| first.iter().filter(|one| **one == name).count();
        assert_eq!((count("urgent"), count("standard"), count("background")), (12, 3, 1));
        assert_eq!(first[0], "urgent");
    }

    #[test]
    fn a_full_lane_takes_nothing_and_leaves_the_others_open() {
        let mut queue = filled();
        assert_eq!(queue.push(STANDARD, vec!["one", "two"]), Err(vec!["one", "two"]));
        let mut queue = Queue::new(2);
        queue.push(STANDARD, vec![1, 2]).expect("room");
        assert_eq!(queue.push(STANDARD, vec![3]), Err(vec![3]), "all or none");
        queue.push(URGENT, vec![4]).expect("a lane of its own");
        assert_eq!((queue.waiting(STANDARD), queue.waiting(URGENT)), (2, 1));
    }

    #[test]
    fn what_is_put_in_comes_out_once_in_the_order_of_its_lane() {
        let mut queue = Queue::new(100);
        for at in 0..100 {
            queue.push(if at % 3 == 0 { URGENT } else { STANDARD }, vec![at]).expect("room");
        }
        let mut all: Vec<i32> = std::iter::from_fn(|| queue.pop()).collect();
        for third in [true, false] {
            let lane: Vec<_> = all.iter().filter(|at| (*at % 3 == 0) == third).collect();
            assert!(lane.is_sorted());
        }
        all.sort_unstable();
        assert_eq!(all, (0..100).collect::<Vec<_>>());
    }
}
