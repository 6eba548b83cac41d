//! A small deterministic generator of numbers (splitmix64): the same seed, the same disclosure.

/// A stream of numbers that only its seed decides.
#[derive(Clone, Debug)]
pub struct Prng(u64);

impl Prng {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below a bound; 0 below a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % bound).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included; `low` where `high` is less.
    pub fn between(&mut self, low: i128, high: i128) -> i128 {
        low + i128::from(self.next()) % (high - low + 1).max(1)
    }

    /// Whether an event of so many percent happens.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several things.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    /// So many different things (all, where there are fewer), in their own order.
    pub fn sample<T: Clone>(&mut self, things: &[T], count: usize) -> Vec<T> {
        let mut left = count.min(things.len());
        let mut drawn = Vec::with_capacity(left);
        for (at, thing) in things.iter().enumerate() {
            if self.below(things.len() - at) < left {
                drawn.push(thing.clone());
                left -= 1;
            }
        }
        drawn
    }

    /// An amount of money in 分, from a hundred 元 to some millions: all sizes are as likely.
    pub fn money(&mut self) -> i128 {
        let size = 10_i128.pow(u32::try_from(self.below(5)).unwrap_or_default() + 4);
        let fen = self.between(size, size * 10 - 1);
        if self.chance(20) { fen / 1_000_000 * 1_000_000 + 1_000_000 } else { fen }
    }
}
