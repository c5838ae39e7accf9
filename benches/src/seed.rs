//! Numbers from a seed, the same on every machine. SplitMix64; for test data, never for secrets.

/// A stream of numbers.
pub(crate) struct Seeded(u64);

impl Seeded {
    /// The stream of a seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = self.0;
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A whole number below `end`, which is not zero.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// From 0 up to but without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From the normal distribution.
    pub(crate) fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let (radius, angle) = (1.0 - self.unit(), self.unit());
        let standard = (-2.0 * radius.ln()).sqrt() * (angle * core::f64::consts::TAU).cos();
        mean + deviation * standard
    }

    /// The index of a weight, from cumulated weights.
    pub(crate) fn weighted(&mut self, cumulated: &[f64]) -> usize {
        let total = cumulated.last().copied().unwrap_or(1.0);
        let at = self.unit() * total;
        cumulated.partition_point(|sum| *sum <= at).min(cumulated.len().saturating_sub(1))
    }
}

/// Cumulated Zipf weights `1 / rank^power`.
pub(crate) fn zipf(count: u32, power: f64) -> Vec<f64> {
    let weights = (1..=count).map(|rank| 1.0 / f64::from(rank).powf(power));
    let cumulate = |sum: &mut f64, weight: f64| {
        *sum += weight;
        Some(*sum)
    };
    weights.scan(0.0, cumulate).collect()
}
