//! Answers by the bytes of the image and the version that gave them. Off unless room is given; the
//! answer says that it came from here, since it is seen on the bill.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use training::Answer;

/// The SHA-256 of an image, and the digest of the version.
type Key = ([u8; 32], Arc<str>);

/// See the module.
#[derive(Debug)]
pub(crate) struct Cache {
    room: usize,
    kept: Mutex<Kept>,
}

/// Answers, and in which order they came.
#[derive(Debug, Default)]
struct Kept {
    answers: HashMap<Key, Arc<Answer>>,
    order: VecDeque<Key>,
}

impl Cache {
    /// Room for so many answers; with none, nothing is kept.
    pub(crate) fn new(room: usize) -> Self {
        Self { room, kept: Mutex::default() }
    }

    /// The answer that the same version gave to the same bytes.
    pub(crate) fn get(&self, image: [u8; 32], version: &Arc<str>) -> Option<Arc<Answer>> {
        if self.room == 0 {
            return None;
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.answers.get(&(image, Arc::clone(version))).cloned()
    }

    /// Keeps an answer; the oldest gives way.
    pub(crate) fn put(&self, image: [u8; 32], version: &Arc<str>, answer: &Answer) {
        if self.room == 0 {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { answers, order } = &mut *kept;
        let key = (image, Arc::clone(version));
        if answers.insert(key.clone(), Arc::new(answer.clone())).is_none() {
            order.push_back(key);
        }
        while answers.len() > self.room {
            let Some(oldest) = order.pop_front() else { break };
            answers.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_gives_way_and_versions_do_not_mix() {
        let answer = |value: f32| Answer { probabilities: vec![value], embedding: vec![] };
        let (one, two): (Arc<str>, Arc<str>) = ("1".into(), "2".into());
        let cache = Cache::new(2);
        cache.put([1; 32], &one, &answer(0.1));
        assert!(cache.get([1; 32], &two).is_none());
        cache.put([2; 32], &one, &answer(0.2));
        cache.put([1; 32], &one, &answer(0.1));
        cache.put([3; 32], &one, &answer(0.3));
        assert!(cache.get([1; 32], &one).is_none());
        assert_eq!(cache.get([3; 32], &one).unwrap().probabilities, [0.3]);
        let off = Cache::new(0);
        off.put([1; 32], &one, &answer(0.1));
        assert!(off.get([1; 32], &one).is_none());
    }
}
