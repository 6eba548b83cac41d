//! 名词解释: terms, one file each.

use crate::diagnostic::Place;
use crate::model::code::ClassCode;

/// A term with its definition in own words.
#[derive(Clone, Debug)]
pub struct Term {
    /// The file stem: names its page.
    pub id: String,
    /// The term.
    pub name: String,
    /// Other spellings that lead to it.
    pub aliases: Vec<String>,
    /// The 功能分类 项 that it defines.
    pub codes: Vec<ClassCode>,
    /// The definition in Markdown; `{level}` stands for the unit's level.
    pub body: String,
    /// Where the definition begins.
    pub place: Place,
}

/// What makes a longer word of a spelling before it: 中小微企业 is not 小微企业.
const JOINED_BEFORE: [(&str, &str); 4] = [("小微企业", "中"), ("中小企业", "大"), ("中小微企业", "大"), ("", "非")];

/// What makes a longer word of a spelling behind it: 收入支出 is neither.
const JOINED_BEHIND: [(&str, &str); 2] = [("收入", "支出"), ("支出", "收入")];

/// Whether a spelling found in a text is a word of its own there, by its neighbours.
pub fn stands_alone(before: &str, spelling: &str, behind: &str) -> bool {
    let longer = JOINED_BEFORE.iter().any(|(word, joined)| spelling.starts_with(word) && before.ends_with(joined));
    !longer && !JOINED_BEHIND.iter().any(|(word, joined)| spelling.ends_with(word) && behind.starts_with(joined))
}

#[cfg(test)]
mod tests {
    use super::stands_alone;

    #[test]
    fn a_spelling_inside_a_longer_word_is_not_the_term() {
        for (before, spelling, behind) in
            [("授予中", "小微企业", "合同"), ("无", "政府性基金预算财政拨款收入", "支出决算"), ("非", "事业收入", "。")]
        {
            assert!(!stands_alone(before, spelling, behind), "{before}|{spelling}|{behind}");
        }
        assert!(stands_alone("授予", "小微企业", "合同金额"));
        assert!(stands_alone("其中：", "基本支出", "决算"));
        assert!(stands_alone("", "事业收入", "、支出"));
    }
}
