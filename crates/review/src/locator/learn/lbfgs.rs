//! The least of a smooth function by L-BFGS, with `exp` and `ln` that are the same everywhere.
//!
//! Knows nothing of what it minimises.

/// How many past steps shape the next.
const MEMORY: usize = 8;
/// How often a step is halved at most.
const HALVINGS: usize = 20;
/// The search ends when a step gains less than this share.
const GAIN: f64 = 1e-5;

/// Where the function is least, as near as `steps` steps come.
pub(super) fn minimum(
    start: Vec<f64>,
    cost: impl Fn(&[f64], &mut [f64]) -> f64,
    steps: usize,
) -> Vec<f64> {
    let mut at = start;
    let mut slope = vec![0.0; at.len()];
    let mut value = cost(&at, &mut slope);
    let mut past: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for _ in 0..steps {
        let direction = direction(&slope, &past);
        let fall = dot(&direction, &slope);
        if fall >= 0.0 {
            break;
        }
        let mut length =
            if past.is_empty() { 1.0 / dot(&slope, &slope).sqrt().max(1.0) } else { 1.0 };
        let mut next = at.clone();
        let mut next_slope = vec![0.0; at.len()];
        let mut next_value = f64::INFINITY;
        for _ in 0..HALVINGS {
            for ((next, at), step) in next.iter_mut().zip(&at).zip(&direction) {
                *next = at + length * step;
            }
            next_value = cost(&next, &mut next_slope);
            if next_value <= value + 1e-4 * length * fall {
                break;
            }
            length *= 0.5;
        }
        if next_value >= value {
            break;
        }
        let moved: Vec<f64> = next.iter().zip(&at).map(|(next, at)| next - at).collect();
        let turned: Vec<f64> = next_slope.iter().zip(&slope).map(|(next, at)| next - at).collect();
        let curve = dot(&moved, &turned);
        if curve > 0.0 {
            if past.len() == MEMORY {
                past.remove(0);
            }
            past.push((moved, turned, curve));
        }
        let gained = value - next_value;
        (at, slope, value) = (next, next_slope, next_value);
        if gained < GAIN * value.abs() {
            break;
        }
    }
    at
}

fn direction(slope: &[f64], past: &[(Vec<f64>, Vec<f64>, f64)]) -> Vec<f64> {
    let mut found: Vec<f64> = slope.iter().map(|value| -value).collect();
    let mut shares = Vec::new();
    for (moved, turned, curve) in past.iter().rev() {
        let share = dot(moved, &found) / curve;
        add(&mut found, -share, turned);
        shares.push(share);
    }
    if let Some((_, turned, curve)) = past.last() {
        let scale = curve / dot(turned, turned);
        found.iter_mut().for_each(|value| *value *= scale);
    }
    for ((moved, turned, curve), share) in past.iter().zip(shares.into_iter().rev()) {
        let back = dot(turned, &found) / curve;
        add(&mut found, share - back, moved);
    }
    found
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).fold(0.0, |sum, (one, other)| sum + one * other)
}

fn add(to: &mut [f64], times: f64, what: &[f64]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += times * what;
    }
}

/// The logistic loss `ln(1 + exp(-x))` and its slope.
pub(super) fn logistic(x: f64) -> (f64, f64) {
    if x > 0.0 {
        let small = exp(-x);
        (ln(1.0 + small), -small / (1.0 + small))
    } else {
        let small = exp(x);
        (ln(1.0 + small) - x, -1.0 / (1.0 + small))
    }
}

/// `exp` of a number that is not above 0.
pub(super) fn exp(x: f64) -> f64 {
    if x < -40.0 {
        return 0.0;
    }
    // exp(x) = exp(x / 64) ^ 64
    let small = x / 64.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..=14_u8 {
        term *= small / f64::from(n);
        sum += term;
    }
    for _ in 0..6 {
        sum *= sum;
    }
    sum
}

/// The natural logarithm of a number from 1 on.
pub(super) fn ln(x: f64) -> f64 {
    let mut rest = x;
    let mut halves = 0.0;
    while rest > 1.5 {
        rest *= 0.5;
        halves += 1.0;
    }
    // ln((1 + z) / (1 - z)) = 2 (z + z^3/3 + z^5/5 + ..)
    let z = (rest - 1.0) / (rest + 1.0);
    let square = z * z;
    let mut power = z;
    let mut sum = z;
    for n in 1..=14_u8 {
        power *= square;
        sum += power / f64::from(2 * n + 1);
    }
    2.0 * sum + halves * core::f64::consts::LN_2
}
