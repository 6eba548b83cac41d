//! 数据质量规则: the registry of codes as readers see it, grouped by stage, and as Markdown.
//!
//! The page of the site, `disclose explain` and `docs/rules.md` are all made from here.

use std::fmt::Write as _;

use super::{Code, Severity, codes};

/// A stage of the work, with the codes that belong to it.
#[derive(Debug)]
pub struct Group {
    /// The letter that its codes begin with.
    pub letter: char,
    /// Its name.
    pub name: &'static str,
    /// What the stage looks at, one sentence.
    pub about: &'static str,
}

/// The stages, in the order of the work.
pub const GROUPS: [Group; 6] = [
    Group {
        letter: 'S', name: "源文件", about: "读入单位填写的文件时发现的问题：写法、数字、编码、缺漏。"
    },
    Group {
        letter: 'F', name: "表式", about: "表式（空白表、公式、勾稽关系）本身的问题，由维护表式的人改正。"
    },
    Group { letter: 'C', name: "核对", about: "数字之间、数字与法定要求之间是否一致。" },
    Group { letter: 'N', name: "情况说明", about: "由数字生成情况说明时发现的问题。" },
    Group {
        letter: 'T',
        name: "文字",
        about: "读单位写的文字时发现的问题：文字里的数与表、与上下文是否一致，用语是否妥当。",
    },
    Group { letter: 'P', name: "页面", about: "生成页面和发布时发现的问题。" },
];

/// What each verdict on a relation means, best first: its key, its name, its meaning.
pub const VERDICTS: [(&str, &str, &str); 7] = [
    ("exact", "相符", "印出的数完全对得上。"),
    ("within-rounding", "尾数误差", "差额在四舍五入能造成的范围之内，是正常的，不作为问题。"),
    (
        "improbable",
        "尾差偏大",
        "差额还在可能的范围之内，但要几乎所有的数都朝一个方向舍入才会如此，作为警告，应当复核。",
    ),
    ("fail", "不符", "四舍五入解释不了，必有一处填错，按这条规则的级别处理。"),
    ("fail-truncated", "截尾", "四舍五入解释不了，但像是直接舍去了末位以后的数，作为警告，应当按四舍五入重新取数。"),
    ("not-checkable", "无法核对", "有的数没有提供，不能判断，既不算相符，也不算不符。"),
    ("not-read", "未读入", "有的数写法有误，没有读入；先改正写法，再行核对。"),
];

/// What each level means.
pub const LEVELS: [(Severity, &str); 3] = [
    (Severity::Error, "必须改正，有一处就不发布。"),
    (Severity::Warning, "应当复核，不妨碍发布。"),
    (Severity::Note, "供参考，不妨碍发布。"),
];

/// How verdicts come about, in plain words.
pub const ON_VERDICTS: &str = "公式和勾稽关系逐条核对。表中的数多数经过四舍五入，印出的一个数代表一小段可能的准确数；能找到一组准确数，使关系成立而又都舍入成印出的数，就不算错。每条关系的结论是下列之一：";

/// How levels are changed, and who may.
pub const ON_LEVELS: &str = "每条规则有一个通常的级别。网站可以在 site.toml 中调整，并写明原因。标有“法定”的规则出自法律、行政法规或统一印发的表式，不得调低，也不得关闭。";

/// How a disclosure stands by what was found.
pub const ON_EXCEPTIONS: &str = "个别问题确有缘故的，由单位写明原因、说明人和日期，作为例外，不再妨碍发布；法定规则的例外仍作为警告，并连同原因一起公开。";

impl Group {
    /// The group that a code belongs to.
    ///
    /// # Panics
    /// When the code's letter has none; a test asks for every code.
    pub fn of(code: &Code) -> &'static Self {
        let found = GROUPS.iter().find(|group| code.id.starts_with(group.letter));
        found.unwrap_or_else(|| panic!("code {} belongs to no group", code.id))
    }

    /// Its codes, in order of their numbers.
    pub fn codes(&self) -> Vec<&'static Code> {
        codes().filter(|code| code.id.starts_with(self.letter)).collect()
    }
}

/// The whole catalogue as Markdown: the text of `docs/rules.md`.
pub fn markdown() -> String {
    let mut out = String::from("# 数据质量规则\n\n本文由 `disclose explain --markdown` 生成，请勿手工修改。\n");
    push_introduction(&mut out);
    for group in &GROUPS {
        push(&mut out, format_args!("\n## {} {}\n\n{}\n", group.name, group.letter, group.about));
        group.codes().into_iter().for_each(|code| push_code(&mut out, code));
    }
    out
}

fn push_introduction(out: &mut String) {
    push(out, format_args!("\n## 怎样判断\n\n{ON_VERDICTS}\n\n| 结论 | 意思 |\n|---|---|\n"));
    for (_, name, meaning) in VERDICTS {
        push(out, format_args!("| {name} | {meaning} |\n"));
    }
    push(out, format_args!("\n## 级别和例外\n\n| 级别 | 意思 |\n|---|---|\n"));
    for (severity, meaning) in LEVELS {
        push(out, format_args!("| {} | {meaning} |\n", severity.name()));
    }
    push(out, format_args!("\n{ON_LEVELS}\n\n{ON_EXCEPTIONS}\n"));
}

fn push_code(out: &mut String, code: &Code) {
    let statutory = if code.statutory { "，法定" } else { "" };
    push(
        out,
        format_args!(
            "\n### {} {}\n\n`{}`，{}{statutory}\n\n{}\n",
            code.id,
            code.title,
            code.name,
            code.severity.name(),
            code.docs
        ),
    );
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text); // writing to a String cannot fail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_one_group() {
        let grouped: usize = GROUPS.iter().map(|group| group.codes().len()).sum();
        assert_eq!(grouped, codes().count());
        assert!(codes().all(|code| Group::of(code).codes().iter().any(|other| other.id == code.id)));
    }

    #[test]
    fn the_catalogue_says_of_every_code_what_the_registry_says() {
        let text = markdown();
        for code in codes() {
            let statutory = if code.statutory { "，法定" } else { "" };
            let entry = format!("`{}`，{}{statutory}\n\n{}\n", code.name, code.severity.name(), code.docs);
            assert!(text.contains(&format!("### {} {}\n\n{entry}", code.id, code.title)), "{}", code.id);
        }
    }
}
