//! Work on families, as many at a time as there are threads and no more.
//!
//! A worker of the pool that waits inside one family would begin another meanwhile, and a third
//! inside that: neither memory nor stack would be bounded. So families have threads of their own,
//! which hand what is parallel in a family to the pool and wait.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The results of `work` for every item, in their order.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    let one_after_the_other = || {
        while let Some((at, item)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, items.get(at)?)))
        {
            let result = work(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    thread::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(items.len()) {
            scope.spawn(one_after_the_other);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_and_no_more_are_under_way_than_there_are_threads() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items: Vec<usize> = (0..200).collect();
        let squares = side_by_side(&items, |item| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let inner: usize =
                rayon::iter::ParallelIterator::sum(rayon::iter::IntoParallelIterator::into_par_iter(0..*item));
            now.fetch_sub(1, Ordering::SeqCst);
            (*item, inner)
        });
        assert!(
            squares
                .iter()
                .enumerate()
                .all(|(at, (item, inner))| at == *item && *inner == at * at.saturating_sub(1) / 2)
        );
        assert!(most.into_inner() <= rayon::current_num_threads());
        assert_eq!(side_by_side(&Vec::<u8>::new(), |item| *item), Vec::<u8>::new());
    }
}
