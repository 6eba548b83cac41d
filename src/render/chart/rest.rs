//! The items that a drawing has no room for stand in it as one.

use std::cmp::Reverse;

/// Splits items where there are more than `most`: the weightiest stay, in their order, and leave
/// room for one that stands for the rest. Of equals the first stay.
pub(super) fn split<T, W: Ord>(items: Vec<T>, most: usize, weight: impl Fn(&T) -> W) -> (Vec<T>, Vec<T>) {
    if items.len() <= most {
        return (items, Vec::new());
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|index| Reverse(weight(&items[*index])));
    let mut stays = vec![false; items.len()];
    order.into_iter().take(most - 1).for_each(|index| stays[index] = true);
    let (kept, rest): (Vec<_>, Vec<_>) = items.into_iter().zip(stays).partition(|(_, stays)| *stays);
    let items = |of: Vec<(T, bool)>| of.into_iter().map(|(item, _)| item).collect();
    (items(kept), items(rest))
}

/// What the item for the rest is called.
pub(super) fn name(count: usize) -> String {
    format!("其余{count}项合计")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weightiest_stay_in_their_order_and_leave_room_for_the_rest() {
        assert_eq!(split(vec![1, 5, 2, 5, 4], 4, |n| *n), (vec![5, 5, 4], vec![1, 2]));
        assert_eq!(split(vec![1, 5, 2, 5], 4, |n| *n), (vec![1, 5, 2, 5], vec![]), "all have room");
        assert_eq!(
            split(vec![(3, 'a'), (3, 'b'), (3, 'c')], 2, |(n, _)| *n),
            (vec![(3, 'a')], vec![(3, 'b'), (3, 'c')])
        );
    }
}
