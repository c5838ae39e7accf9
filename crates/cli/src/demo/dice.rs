//! Numbers from a seed, the same on every machine. SplitMix64; for made-up data, never for secrets.

/// A stream of numbers.
pub(super) struct Dice(u64);

impl Dice {
    /// The stream of a seed.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = self.0;
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A whole number from `low` up to but without `high`, which is greater.
    pub(super) fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low)
    }

    /// Whether it happens, so often in a hundred.
    pub(super) fn percent(&mut self, share: u64) -> bool {
        self.from(0, 100) < share
    }

    /// One of several.
    pub(super) fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.from(0, of.len() as u64) as usize]
    }
}
