//! 拼音首字母: the first letters of the Mandarin readings of Chinese text.
//!
//! `initials.txt` holds one letter for every character from U+4E00 to U+9FFF (`.` where no
//! reading is known), 128 a line: 21 KB, where a crate of whole readings costs 265 KB in the
//! binary. The letters were taken once from the `pinyin` crate (MIT), with the readings that
//! names of places and bodies use (长 as in 长沙, 厦 as in 厦门, 藏 as in 西藏).

const LETTERS: &str = include_str!("initials.txt");

/// How many letters stand on a line of the table, its end not counted.
const LINE: usize = 128;

/// The first character of the table.
const FIRST: u32 = 0x4E00;

/// Words whose characters are read otherwise than in most names.
const WORDS: [(&str, &str); 16] = [
    ("重庆", "cq"),
    ("银行", "yh"),
    ("行业", "hy"),
    ("会计", "kj"),
    ("朝阳", "cy"),
    ("乐清", "yq"),
    ("乐亭", "lt"),
    ("单县", "sx"),
    ("番禺", "py"),
    ("铅山", "ys"),
    ("尉氏", "ws"),
    ("东阿", "de"),
    ("解州", "hz"),
    ("音乐", "yy"),
    ("乐器", "yq"),
    ("校对", "jd"),
];

/// The initials of a text in lower case; letters and digits stand for themselves, anything else
/// is left out: `蔡甸区公共资源交易中心` is `cdqggzyjyzx`.
pub(super) fn initials(text: &str) -> String {
    let mut out = String::with_capacity(text.len() / 3);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((word, letters)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            out.push_str(letters);
            rest = &rest[word.len()..];
            continue;
        }
        out.extend(initial(c));
        rest = &rest[c.len_utf8()..];
    }
    out
}

fn initial(c: char) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return Some(c.to_ascii_lowercase());
    }
    let at = usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()?;
    let letter = char::from(*LETTERS.as_bytes().get(at + at / LINE)?);
    letter.is_ascii_lowercase().then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_the_first_letters_of_its_readings() {
        assert_eq!(initials("武汉市蔡甸区公共资源交易中心"), "whscdqggzyjyzx");
        assert_eq!(initials("泸州市政务服务和公共资源交易中心"), "lzszwfwhggzyjyzx");
        assert_eq!(initials("重庆市长寿区厦门路（第2小学）A校"), "cqscsqxmld2xxax");
    }

    #[test]
    fn the_table_has_a_letter_for_every_common_character() {
        assert!(LETTERS.lines().all(|line| line.len() == LINE));
        assert_eq!(LETTERS.lines().count() * LINE, 0x9FFF - 0x4E00 + 1);
        let common = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子";
        assert_eq!(initials(common).chars().count(), common.chars().count());
    }
}
