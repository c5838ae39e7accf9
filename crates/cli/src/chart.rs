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
    // Few points are drawn wider, so that the scale below has room.
    let wide = (40 / points.len().max(1)).max(1);
    let mut lines = Vec::new();
    for row in (0..ROWS).rev() {
        let label = match row + 1 {
            10 => "100 %",
            5 => " 50 %",
            _ => "     ",
        };
        let cells = points.iter().map(|(_, value)| {
            let part = (eighths(*value) - row * 8).clamp(0, 8);
            let block = usize::try_from(part).map_or(' ', |part| BLOCKS[part]);
            block.to_string().repeat(wide)
        });
        lines.push(format!("{label} ┤{}", cells.collect::<String>().trim_end()));
    }
    let width = points.len() * wide;
    lines.push(format!("  0 % └{}", "─".repeat(width)));
    let mut scale = " ".repeat(7 + width + 8);
    let mut free = 0;
    for (at, (share, _)) in points.iter().enumerate() {
        let text = share.normalized().to_string();
        let begin = 7 + at * wide;
        // A figure every tenth of the width, and never two that touch.
        if begin >= free && begin + text.len() <= scale.len() {
            scale.replace_range(begin..begin + text.len(), &text);
            free = begin + text.len() + width / 10;
        }
    }
    lines.push(scale.trim_end().to_owned());
    lines
}
