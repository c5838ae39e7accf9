//! Optimal one-to-one assignment on a sparse graph: as many pairs as possible first, then the
//! largest sum of weights. Ties fall the same way on every machine. Knows nothing of boxes.

/// An admissible pair and its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) left: u32,
    pub(crate) right: u32,
    /// At least 0 and below 2^48.
    pub(crate) weight: i64,
}

/// Chooses edges so that no end is used twice, their number is the largest possible and, among
/// those choices, the sum of weights is the largest. Edges are in order of `(left, right)`.
pub(crate) fn assign(lefts: usize, rights: usize, edges: &[Edge]) -> Vec<Edge> {
    let mut chosen = Vec::new();
    for component in components(lefts, rights, edges) {
        match component.as_slice() {
            [only] => chosen.push(*only),
            several => solve(several, &mut chosen),
        }
    }
    chosen.sort_unstable_by_key(|edge| (edge.left, edge.right));
    chosen
}

/// Splits the graph into connected components, each in order of `(left, right)`.
fn components(lefts: usize, rights: usize, edges: &[Edge]) -> Vec<Vec<Edge>> {
    let mut parent: Vec<usize> = (0..lefts + rights).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while let Some(&up) = parent.get(at).filter(|up| **up != at) {
            let above = parent.get(up).copied().unwrap_or(up);
            if let Some(slot) = parent.get_mut(at) {
                *slot = above;
            }
            at = above;
        }
        at
    }
    for edge in edges {
        let left = root(&mut parent, edge.left as usize);
        let right = root(&mut parent, lefts + edge.right as usize);
        if let Some(slot) = parent.get_mut(left.max(right)) {
            *slot = left.min(right);
        }
    }
    let mut place: Vec<Option<usize>> = vec![None; lefts + rights];
    let mut parts: Vec<Vec<Edge>> = Vec::new();
    for edge in edges {
        let at = root(&mut parent, edge.left as usize);
        let Some(slot) = place.get_mut(at) else { continue };
        let part = *slot.get_or_insert_with(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        if let Some(part) = parts.get_mut(part) {
            part.push(*edge);
        }
    }
    parts
}

/// Solves one component with the Hungarian method, the smaller side as rows. A missing pair costs
/// more than any set of present pairs can save, so the number of pairs comes first.
fn solve(edges: &[Edge], chosen: &mut Vec<Edge>) {
    let mut lefts: Vec<u32> = edges.iter().map(|edge| edge.left).collect();
    lefts.dedup();
    let mut rights: Vec<u32> = edges.iter().map(|edge| edge.right).collect();
    rights.sort_unstable();
    rights.dedup();
    let flip = lefts.len() > rights.len();
    let (rows, columns) = if flip { (&rights, &lefts) } else { (&lefts, &rights) };
    let width = columns.len();
    let absent = (1_i128 << 48) * (rows.len() as i128 + 1);
    let mut cost = vec![absent; rows.len() * width];
    let mut source: Vec<Option<Edge>> = vec![None; rows.len() * width];
    for edge in edges {
        let (row, column) = if flip { (edge.right, edge.left) } else { (edge.left, edge.right) };
        let found = rows.binary_search(&row).ok().zip(columns.binary_search(&column).ok());
        let Some((row, column)) = found else { continue };
        let at = row * width + column;
        if let (Some(cost), Some(source)) = (cost.get_mut(at), source.get_mut(at)) {
            *cost = (1_i128 << 48) - i128::from(edge.weight);
            *source = Some(*edge);
        }
    }
    for (row, column) in hungarian(rows.len(), width, &cost).into_iter().enumerate() {
        chosen.extend(source.get(row * width + column).copied().flatten());
    }
}

/// The cheapest assignment of every row to a column of its own (`rows <= columns`), by shortest
/// augmenting paths with potentials. Gives the column of each row.
#[expect(clippy::indexing_slicing, reason = "all indices come from the loop bounds")]
fn hungarian(rows: usize, columns: usize, cost: &[i128]) -> Vec<usize> {
    const FREE: usize = usize::MAX;
    // One extra column, `columns`, holds the row that is being placed.
    let mut row_price = vec![0_i128; rows];
    let mut column_price = vec![0_i128; columns + 1];
    let mut row_of = vec![FREE; columns + 1];
    let mut came_from = vec![columns; columns + 1];
    for row in 0..rows {
        row_of[columns] = row;
        let mut at = columns;
        let mut slack = vec![i128::MAX; columns];
        let mut done = vec![false; columns + 1];
        while row_of[at] != FREE {
            done[at] = true;
            let current = row_of[at];
            let (mut delta, mut next) = (i128::MAX, columns);
            for column in 0..columns {
                if done[column] {
                    continue;
                }
                let reduced =
                    cost[current * columns + column] - row_price[current] - column_price[column];
                if reduced < slack[column] {
                    slack[column] = reduced;
                    came_from[column] = at;
                }
                if slack[column] < delta {
                    delta = slack[column];
                    next = column;
                }
            }
            for column in 0..=columns {
                if done[column] {
                    row_price[row_of[column]] += delta;
                    column_price[column] -= delta;
                } else if column < columns {
                    slack[column] -= delta;
                }
            }
            at = next;
        }
        while at != columns {
            let previous = came_from[at];
            row_of[at] = row_of[previous];
            at = previous;
        }
    }
    let mut column_of = vec![0; rows];
    for (column, &row) in row_of.iter().take(columns).enumerate() {
        if row != FREE {
            column_of[row] = column;
        }
    }
    column_of
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best (number, weight) over all choices, by trying each.
    fn best(edges: &[Edge], lefts: u32, rights: u32) -> (usize, i64) {
        let Some((first, rest)) = edges.split_first() else { return (0, 0) };
        let without = best(rest, lefts, rights);
        if lefts & (1 << first.left) != 0 || rights & (1 << first.right) != 0 {
            return without;
        }
        let (count, weight) = best(rest, lefts | 1 << first.left, rights | 1 << first.right);
        without.max((count + 1, weight + first.weight))
    }

    proptest! {
        #[test]
        fn the_assignment_is_the_best_of_all(
            cells in prop::collection::btree_map((0_u32..5, 0_u32..5), 0_i64..7, 0..12)
        ) {
            let edges: Vec<Edge> =
                cells.iter().map(|(&(left, right), &w)| Edge { left, right, weight: w }).collect();
            let chosen = assign(5, 5, &edges);
            let sum = chosen.iter().map(|edge| edge.weight).sum::<i64>();
            prop_assert_eq!((chosen.len(), sum), best(&edges, 0, 0));
            let lefts: std::collections::BTreeSet<u32> = chosen.iter().map(|e| e.left).collect();
            let rights: std::collections::BTreeSet<u32> =
                chosen.iter().map(|e| e.right).collect();
            prop_assert_eq!((lefts.len(), rights.len()), (chosen.len(), chosen.len()));
        }
    }
}
