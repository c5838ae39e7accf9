//! The set of event ids: which rows of a log are new, which repeat an earlier one, and which bear
//! an id that stands with other content. The record with the lowest place in the log wins.
//!
//! Rows are first parted by their ids, so that each part's table stays in the cache while it is
//! read; nothing is allocated for a single event.

use alloc::vec::Vec;

use super::{Columns, RollupError};

/// An id of an event: a number, or 128 bits such as a UUID or the hash of a text.
pub trait EventId: Copy + Eq + Ord + core::fmt::Debug {
    /// 64 well mixed bits.
    fn mixed(self) -> u64;
    /// What stands in an empty place of a table; any id may be equal to it.
    const BLANK: Self;
}

/// The ids that one of several workers takes; all together take every id once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// Which of them, from zero.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

/// Ids that were seen, with a print of their content.
#[derive(Debug, Clone)]
pub struct IdSet<I> {
    partition: Partition,
    shards: Vec<Shard<I>>,
    next_index: u64,
    sorted: Vec<Entry<I>>,
}

/// What of a batch is new; conflicts and repetitions are those of all batches so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admitted<I> {
    /// For each row, whether its id is new.
    pub new: Vec<bool>,
    /// How many rows repeat an earlier one in every column.
    pub repeated: u64,
    /// Rows whose id stands with other content; they are not taken.
    pub conflicts: Vec<IdConflict<I>>,
}

/// An id that came again with other content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdConflict<I> {
    /// The place in the log of the later record.
    pub index: u64,
    /// The id.
    pub id: I,
}

#[derive(Debug, Clone)]
struct Shard<I> {
    slots: Vec<Slot<I>>,
    used: usize,
}

/// An empty place has a print of zero.
#[derive(Debug, Clone, Copy)]
struct Slot<I> {
    id: I,
    print: u64,
}

/// A row on its way to its shard.
#[derive(Debug, Clone, Copy)]
struct Entry<I> {
    id: I,
    print: u64,
    row: u32,
}

enum Seen {
    New,
    Same,
    Other,
}

const SHARD_BITS: u32 = 8;
const SHARDS: usize = 1 << SHARD_BITS;
const FIRST_SLOTS: usize = 64;

impl Partition {
    /// One worker for all ids.
    pub const WHOLE: Self = Self { index: 0, of: 1 };
}

impl<I: EventId> IdSet<I> {
    /// An empty set for the ids of a partition.
    #[must_use]
    pub fn new(partition: Partition) -> Self {
        let slot = Slot { id: I::BLANK, print: 0 };
        let shard = Shard { slots: alloc::vec![slot; FIRST_SLOTS], used: 0 };
        let shards = alloc::vec![shard; SHARDS];
        Self { partition, shards, next_index: 0, sorted: Vec::new() }
    }

    /// Parts the rows of a batch into new, repeated and conflicting ones. Batches come in the order
    /// of the log. Rows outside the partition are left out of all three.
    ///
    /// # Errors
    /// When the columns have different lengths, or more than 2^32 rows.
    pub fn admit(
        &mut self,
        ids: &[I],
        columns: &Columns<'_>,
        admitted: &mut Admitted<I>,
    ) -> Result<(), RollupError> {
        let length = columns.quantities.len();
        let others = [columns.customers, columns.meters, columns.hours];
        if ids.len() != length || others.iter().any(|column| column.len() != length) {
            return Err(RollupError::Ragged);
        }
        let rows = u32::try_from(length).map_err(|_| RollupError::Ragged)?;
        admitted.new.clear();
        admitted.new.resize(length, false);
        let ends = self.sort_by_shard(ids, columns);
        let mut from = 0;
        for (shard, to) in self.shards.iter_mut().zip(ends) {
            for entry in &self.sorted[from..to] {
                match shard.insert(entry.id, entry.print) {
                    Seen::New => admitted.new[entry.row as usize] = true,
                    Seen::Same => admitted.repeated += 1,
                    Seen::Other => {
                        let index = self.next_index + u64::from(entry.row);
                        admitted.conflicts.push(IdConflict { index, id: entry.id });
                    }
                }
            }
            from = to;
        }
        self.next_index += u64::from(rows);
        Ok(())
    }

    /// How many ids were seen.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.shards.iter().map(|shard| shard.used as u64).sum()
    }

    /// Whether no id was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Orders the rows of this partition by shard, and by their place within a shard; returns where
    /// each shard ends. All columns are read here, one after the other row, so that a shard needs
    /// nothing but its own stretch afterwards.
    fn sort_by_shard(&mut self, ids: &[I], columns: &Columns<'_>) -> [usize; SHARDS] {
        let partition = self.partition;
        let mut starts = [0_usize; SHARDS];
        for hash in ids.iter().map(|id| id.mixed()).filter(|hash| partition.takes(*hash)) {
            starts[shard_of(hash)] += 1;
        }
        let mut total = 0;
        for start in &mut starts {
            (*start, total) = (total, total + *start);
        }
        let blank = Entry { id: I::BLANK, print: 0, row: 0 };
        self.sorted.clear();
        self.sorted.resize(total, blank);
        let who = columns.customers.iter().zip(columns.meters);
        let what = columns.hours.iter().zip(columns.quantities);
        for ((row, id), ((customer, meter), (hour, quantity))) in
            (0_u32..).zip(ids).zip(who.zip(what))
        {
            let hash = id.mixed();
            if partition.takes(hash) {
                let place = &mut starts[shard_of(hash)];
                let print = content_print(*customer, *meter, *hour, *quantity);
                self.sorted[*place] = Entry { id: *id, print, row };
                *place += 1;
            }
        }
        starts
    }
}

impl Partition {
    fn takes(self, hash: u64) -> bool {
        self.of <= 1 || (hash >> 32) % u64::from(self.of) == u64::from(self.index)
    }
}

impl<I: EventId> Shard<I> {
    fn insert(&mut self, id: I, print: u64) -> Seen {
        if self.used * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let place = Self::find(&self.slots, id);
        let slot = &mut self.slots[place];
        if slot.print == 0 {
            *slot = Slot { id, print };
            self.used += 1;
            Seen::New
        } else if slot.print == print {
            Seen::Same
        } else {
            Seen::Other
        }
    }

    /// The place of an id, or the empty place where it belongs.
    fn find(slots: &[Slot<I>], id: I) -> usize {
        let mask = slots.len() - 1;
        let mut place = (id.mixed() >> SHARD_BITS) as usize & mask;
        while slots[place].print != 0 && slots[place].id != id {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let empty = Slot { id: I::BLANK, print: 0 };
        let mut slots = alloc::vec![empty; self.slots.len() * 2];
        for slot in self.slots.iter().filter(|slot| slot.print != 0) {
            let place = Self::find(&slots, slot.id);
            slots[place] = *slot;
        }
        self.slots = slots;
    }
}

impl EventId for u64 {
    const BLANK: Self = 0;
    fn mixed(self) -> u64 {
        mix(self)
    }
}

impl EventId for u128 {
    const BLANK: Self = 0;
    fn mixed(self) -> u64 {
        mix((self >> 64) as u64 ^ mix(self as u64))
    }
}

fn shard_of(hash: u64) -> usize {
    hash as usize & (SHARDS - 1)
}

/// A print of a row's content; never zero.
const fn content_print(customer: u32, meter: u32, hour: u32, quantity: u64) -> u64 {
    let who = (customer as u64) << 32 | meter as u64;
    mix(mix(mix(who) ^ hour as u64) ^ quantity) | 1
}

/// The finaliser of SplitMix64: each input bit changes half of the output bits.
const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
