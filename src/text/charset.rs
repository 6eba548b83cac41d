//! Which characters a text has: asked before it is searched for words, most of which it cannot
//! hold.

/// The characters of a text, and perhaps a few that it does not have: none is missing.
///
/// Very many words are looked for in very many short texts. A word with a character that the text
/// does not have is not in it, and asking costs less than beginning to search.
#[derive(Clone, Debug)]
pub struct CharSet([u64; SLOTS / 64]);

/// Chinese characters that stand side by side in Unicode have slots of their own.
const SLOTS: usize = 4_096;

impl CharSet {
    /// The characters of a text.
    pub fn of(text: &str) -> Self {
        let mut set = Self([0; SLOTS / 64]);
        for c in text.chars() {
            let (word, bit) = slot(c);
            set.0[word] |= bit;
        }
        set
    }

    /// Whether the text may hold a character.
    pub fn has(&self, c: char) -> bool {
        let (word, bit) = slot(c);
        self.0[word] & bit != 0
    }

    /// Whether the text may hold a word: it has all its characters.
    pub fn may_hold(&self, word: &str) -> bool {
        word.chars().all(|c| self.has(c))
    }

    /// Whether the text may hold any of these characters.
    pub fn has_any(&self, chars: &str) -> bool {
        chars.chars().any(|c| self.has(c))
    }

    /// Whether the text may hold digits of either width.
    pub fn has_digits(&self) -> bool {
        self.has_any("0123456789０１２３４５６７８９")
    }
}

fn slot(c: char) -> (usize, u64) {
    let slot = c as usize % SLOTS;
    (slot / 64, 1 << (slot % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_text_holds_its_characters_say() {
        let text = "支出５万元，100%\u{10FFFF}\0";
        let set = CharSet::of(text);
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for (nth, start) in starts.iter().enumerate() {
            assert!(starts[nth..].iter().all(|end| set.may_hold(&text[*start..*end])));
        }
        assert!(set.has_digits() && set.has_any("减%") && !set.has_any("减加") && !set.may_hold("收支"));
        assert!(!CharSet::of("支出五万元").has_digits());
    }
}
