//! Where a text writes a name almost, but not quite, as it is: `招标平台维护费` for
//! `招投标平台维护费`. Approximate matching after Sellers: one pass, one column at a time.

use std::ops::Range;

use crate::text::charset::CharSet;

/// A place that is nearly a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Near {
    /// The first character, among those that are no spaces.
    start: usize,
    /// One past the last.
    end: usize,
    slips: usize,
}

/// A text without its spaces, each character with its byte.
pub(super) struct Letters {
    letters: Vec<(usize, char)>,
    length: usize,
}

/// Names of fewer characters have too many neighbours.
const SHORTEST: usize = 6;

/// How many slips a name of so many characters may have.
const fn most_slips(length: usize) -> usize {
    if length < 8 { 1 } else { 2 }
}

/// Whether a text with these characters can hold what [`Letters::near`] looks for: all of the
/// name's characters but for the slips, its first and its last among them.
pub(super) fn may_be_near(name: &str, chars: &CharSet) -> bool {
    let is_there = |c: Option<char>| c.is_some_and(|c| chars.has(c));
    if !is_there(name.chars().next()) || !is_there(name.chars().next_back()) {
        return false;
    }
    let length = name.chars().count();
    let lost = name.chars().filter(|c| !chars.has(*c)).count();
    length >= SHORTEST && lost <= most_slips(length)
}

impl Letters {
    pub fn of(text: &str) -> Self {
        let letters = text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
        Self { letters, length: text.len() }
    }

    /// Where the text is within a few slips of a name and not the name itself, beginning and
    /// ending as it does. Short names have too many neighbours; a name that differs only in its
    /// place (蔡甸区, 江夏区) is somebody else's.
    pub fn near(&self, name: &str) -> Vec<Range<usize>> {
        let name: Vec<char> = name.chars().collect();
        let most = most_slips(name.len());
        if name.len() < SHORTEST || self.letters.len() + most < name.len() {
            return Vec::new();
        }
        // Most texts do not have both its ends, and are not looked at letter by letter.
        let begins = self.letters.iter().position(|(_, c)| *c == name[0]);
        let ends = self.letters.iter().rposition(|(_, c)| *c == name[name.len() - 1]);
        if begins.zip(ends).is_none_or(|(begins, ends)| ends < begins) {
            return Vec::new();
        }
        let kept = self.matches(&name, most).into_iter().filter(|near| near.slips > 0);
        let same_ends =
            |near: &Near| self.letters[near.start].1 == name[0] && self.letters[near.end - 1].1 == name[name.len() - 1];
        let kept = kept.filter(same_ends).filter(|near| !self.is_other_place(*near, &name));
        kept.map(|near| self.bytes(near)).collect()
    }

    /// The best matches with at most so many slips, of equal ones the longest, none overlapping
    /// another.
    fn matches(&self, name: &[char], most: usize) -> Vec<Near> {
        let mut found: Vec<Near> = Vec::new();
        let mut column: Vec<(usize, usize)> = (0..=name.len()).map(|slips| (slips, 0)).collect();
        for (at, (_, letter)) in self.letters.iter().enumerate() {
            let mut diagonal = column[0];
            column[0] = (0, at + 1);
            for i in 1..=name.len() {
                let changed = (diagonal.0 + usize::from(name[i - 1] != *letter), diagonal.1);
                let added = (column[i].0 + 1, column[i].1);
                let lost = (column[i - 1].0 + 1, column[i - 1].1);
                diagonal = column[i];
                column[i] = [changed, added, lost].into_iter().min().unwrap_or(changed);
            }
            let (slips, start) = column[name.len()];
            if slips <= most && start <= at {
                keep(&mut found, Near { start, end: at + 1, slips });
            }
        }
        found
    }

    /// Whether the name of a place is all that differs.
    fn is_other_place(&self, near: Near, name: &[char]) -> bool {
        let there: Vec<char> = self.letters[near.start..near.end].iter().map(|(_, c)| *c).collect();
        let head = name.iter().zip(&there).take_while(|(one, other)| one == other).count();
        let rest = name.len().min(there.len()) - head;
        let tail = name.iter().rev().zip(there.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
        let is_place = |c: &char| "省市区县州镇乡旗盟".contains(*c);
        let differs = name.len() - tail;
        // 北湖区, 南湖区: the word that says it is a place may follow what differs.
        name[head..name.len().min(differs + 2)].iter().any(is_place)
    }

    fn bytes(&self, near: Near) -> Range<usize> {
        let (last, c) = self.letters[near.end - 1];
        self.letters[near.start].0..(last + c.len_utf8()).min(self.length)
    }
}

/// Keeps a match, or the better of two that overlap.
fn keep(found: &mut Vec<Near>, near: Near) {
    match found.last_mut().filter(|last| near.start < last.end) {
        Some(last) if near.slips < last.slips => *last = near,
        Some(_) => {}
        None => found.push(near),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
        if !may_be_near(name, &CharSet::of(text)) {
            assert!(Letters::of(text).near(name).is_empty(), "{text}");
        }
        Letters::of(text).near(name).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_name_with_a_slip_or_two_is_found_and_the_name_itself_is_not() {
        let name = "综合服务平台运行维护";
        assert_eq!(near("用于综合服务台运行维护3万元", name), ["综合服务台运行维护"]);
        assert_eq!(near("综合性服务平台运营维护费", name), ["综合性服务平台运营维护"]);
        assert_eq!(near("综合服务\n平台 运行维护费", name), Vec::<&str>::new());
        assert_eq!(near("综合性的服务平台运行维护费", name), ["综合性的服务平台运行维护"]);
        assert_eq!(near("综合楼维修", name), Vec::<&str>::new());
        assert_eq!(near("", name), Vec::<&str>::new());
    }

    #[test]
    fn the_same_body_of_another_place_is_no_slip() {
        assert_eq!(near("赴东山市南湖区档案馆学习", "东山市北湖区档案馆"), Vec::<&str>::new());
        assert_eq!(near("东山市北湖区档案管", "东山市北湖区档案馆"), Vec::<&str>::new());
        assert_eq!(near("东山市北湖区挡案馆", "东山市北湖区档案馆"), ["东山市北湖区挡案馆"]);
    }
}
