//! A small curve for the terminal, in braille-free block characters that every font has.

use units::{Decimal, Fraction, RoundingMode};

/// Rows of the plot.
const ROWS: i128 = 10;

/// A curve of values from 0 to 1 over points in order, as lines of text with its axes.
pub(crate) fn chart(points: &[(Decimal, Decimal)]) -> Vec<String> {
    const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    // Eighths of a row below the curve.
    let eighths = |value: Decimal| {
        let scaled = value.to_fraction() * Fraction::whole(ROWS * 8);
        scaled.scaled(0, RoundingMode::HalfUp)
    };
    let mut lines = Vec::new();
    for row in (0..ROWS).rev() {
        let label = match row + 1 {
            10 => "100 %",
            5 => " 50 %",
            _ => "     ",
        };
        let cells = points.iter().map(|(_, value)| {
            let part = (eighths(*value) - row * 8).clamp(0, 8);
            usize::try_from(part).map_or(' ', |part| BLOCKS[part])
        });
        lines.push(format!("{label} ┤{}", cells.collect::<String>().trim_end()));
    }
    let width = points.len();
    lines.push(format!("  0 % └{}", "─".repeat(width)));
    let mut scale = " ".repeat(7 + width + 8);
    for step in 0..=4 {
        let at = step * width.saturating_sub(1) / 4;
        if let Some((share, _)) = points.get(at) {
            let text = share.normalized().to_string();
            scale.replace_range(7 + at..7 + at + text.len(), &text);
        }
    }
    lines.push(scale.trim_end().to_owned());
    lines
}
