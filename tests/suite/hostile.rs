//! Nasty inputs: each gives one clear finding at its place, nothing panics, the rest is read.

use std::os::unix::fs::symlink;

use disclose::render::Plan;
use disclose::text::is_forbidden;
use rayon::prelude::*;

use crate::generate::prng::Prng;
use crate::support::{TempSite, disclose, lines, tree};

const FOLDER: &str = "content/units/caidian-ggzy/2023";

fn table(stem: &str) -> String {
    format!("{FOLDER}/tables/{stem}.toml")
}

/// Demands one error at a place, whose message and help together name something.
fn one_error(site: &TempSite, file: &str, names: &str) {
    assert_eq!(trouble(site, file, names), None);
}

/// What is wrong with the findings of a site that should have one error in a file; the
/// error's message and help together name something.
fn trouble(site: &TempSite, file: &str, names: &str) -> Option<String> {
    let examined = site.examine();
    let errors = examined.errors();
    let [error] = errors[..] else { return Some(lines(errors)) };
    let told = format!("{} {}", error.message, error.help.as_deref().unwrap_or_default());
    let stands_in = error.place.map(|place| examined.sources.file(place.file).path.to_owned());
    (!told.contains(names) || stands_in.as_deref() != Some(file)).then(|| format!("{stands_in:?}: {told}"))
}

/// Demands one error after each of several replacements in a file.
fn replaced(file: &str, from: &str, replacements: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (to, names) in replacements {
        let site = TempSite::caidian();
        site.replace(file, from, to);
        wrong.extend(trouble(&site, file, names).map(|trouble| format!("{to}\n{trouble}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_syntax_error_is_told_once_and_its_value_is_not_taken_for_zero() {
    let wrong = [
        "39 = = 34.03",
        "39 = 34..03",
        "39 34.03",
        "39 =",
        "39 = 34.03 元",
        "39 = 34.0O",
        "39 = 34.03 40 = 6.83",
        "39 = \"34.03",
    ];
    replaced(&table("01"), "39 = 34.03", &wrong.map(|line| (line, "")));
    replaced(&table("09"), "11 = 1.30", &[("11 = 1,30", ""), ("11 = [1.30", ""), ("[11 = 1.30", "")]);
}

#[test]
fn a_value_of_a_wrong_type_is_told_once() {
    let wrong = [
        "39 = true",
        "39 = \"甲\"",
        "39 = [1]",
        "39 = 2023-01-01",
        "39 = 0x10",
        "39 = 1e3",
        "39 = inf",
        "39 = nan",
        "39 = \"\"",
        "39 = 34.031",
        "39 = 1_23.0",
    ];
    replaced(&table("01"), "39 = 34.03", &wrong.map(|line| (line, "")));
    let columns = ["33 = { 2 = 310.38, 3 = 310.38, 7 = 1.00 }", "33 = { 2 = 310.38, 3 = 310.38, x = 1.00 }"];
    replaced(&table("04"), "33 = { 2 = 310.38, 3 = 310.38 }", &columns.map(|line| (line, "")));
    replaced(
        &format!("{FOLDER}/disclosure.toml"),
        "published = \"2024-11-11\"",
        &[("published = 5", ""), ("published = \"2024-13-01\"", "")],
    );
}

#[test]
fn an_unknown_key_is_told_with_the_near_one() {
    let disclosure = format!("{FOLDER}/disclosure.toml");
    replaced(&disclosure, "published =", &[("publishd =", "published")]);
    replaced(&disclosure, "over_1m = 0", &[("over_2m = 0", "over_1m")]);
    replaced(&disclosure, "[facts.equipment]", &[("[facts.equipments]", "equipment")]);
    replaced("content/units/caidian-ggzy/unit.toml", "short ", &[("shrt ", "short")]);
    replaced(&table("09"), "12 = 0.12", &[("12 = 0.12\n13 = 0.12", "13")]);
    replaced(&table("01"), "62 = 373.97", &[("62 = 373.97\n63 = 1.00", "63")]);
}

#[test]
fn a_duplicate_is_told_once() {
    replaced(&table("01"), "39 = 34.03", &[("39 = 34.03\n39 = 34.03", "39"), ("39 = 34.03\n039 = 34.03", "39")]);
    let row = r#"{ code = "2210202", name = "提租补贴", 1 = 4.16, 2 = 4.16 },"#;
    replaced(&table("05"), row, &[(&format!("{row}\n  {row}"), "2210202")]);
}

#[test]
fn a_wrong_code_or_name_is_told_with_the_right_one() {
    replaced(&table("05"), "name = \"提租补贴\"", &[("name = \"购房补贴\"", "提租补贴")]);
    let site = TempSite::caidian();
    site.replace(&table("05"), "code = \"2210202\", name = \"提租补贴\"", "code = \"9990202\", name = \"某项\"");
    let examined = site.examine();
    assert!(examined.errors().iter().any(|error| error.message.contains("999")), "{}", lines(examined.errors()));
}

#[test]
fn a_missing_table_is_told_once() {
    let site = TempSite::caidian();
    std::fs::remove_file(site.root().join(table("05"))).unwrap();
    let examined = site.examine();
    assert_eq!(examined.errors().len(), 1, "{}", lines(examined.errors()));
    assert!(examined.errors()[0].message.contains("公开05表"), "{}", examined.errors()[0].message);
}

#[test]
fn a_missing_disclosure_or_unit_file_is_told_once() {
    for file in [format!("{FOLDER}/disclosure.toml"), "content/units/caidian-ggzy/unit.toml".to_owned()] {
        let site = TempSite::caidian();
        std::fs::remove_file(site.root().join(&file)).unwrap();
        let examined = site.examine();
        assert_eq!(examined.errors().len(), 1, "{file}:\n{}", lines(examined.errors()));
    }
}

#[test]
fn a_file_in_another_encoding_is_told_once() {
    let site = TempSite::caidian();
    // 单位 in GBK.
    site.write_bytes(&table("09"), b"# \xB5\xA5\xCE\xBB\n[columns]\n1 = 3.72\n");
    one_error(&site, &table("09"), "UTF-8");
}

#[test]
fn a_byte_order_mark_and_dos_line_ends_are_read() {
    let site = TempSite::caidian();
    let text = site.read(&table("09")).replace('\n', "\r\n");
    site.write(&table("09"), &format!("\u{FEFF}{text}"));
    assert_eq!(lines(site.examine().errors()), "");
}

#[test]
fn an_enormous_file_is_told_once_and_not_read() {
    let site = TempSite::caidian();
    let file = std::fs::File::create(site.root().join(table("09"))).unwrap();
    file.set_len(3 << 30).unwrap();
    one_error(&site, &table("09"), "太大");
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for (stem, text) in [("09.json", "[".repeat(200_000)), ("09.toml", format!("a = {}", "[".repeat(200_000)))] {
        let site = TempSite::caidian();
        std::fs::remove_file(site.root().join(table("09"))).unwrap();
        site.write(&format!("{FOLDER}/tables/{stem}"), &text);
        assert!(!site.examine().errors().is_empty(), "{stem}");
    }
}

/// What nobody would write: a file of it is told in a moment, and in few words.
#[test]
fn very_much_of_anything_is_told_in_few_words() {
    let numbered = |line: &dyn Fn(usize) -> String| (0..12_000).map(line).collect::<String>();
    let one = |text: &str| text.repeat(12_000);
    let tables: [(&str, String); 16] = [
        ("toml", one("[[x]]\n")),
        ("toml", one("1 = 1\n")),
        ("toml", one("x\n")),
        ("toml", one("a = = 1\n")),
        ("toml", numbered(&|at| format!("k{at} = 1,234\n"))),
        ("toml", numbered(&|at| format!("键{at} = 1\n"))),
        ("toml", numbered(&|at| format!("{at} = 1\n"))),
        ("toml", one("#\u{1}\n")),
        ("toml", format!("[columns]\n1 = {}\n", "9".repeat(60_000))),
        ("toml", format!("a = {{ {} }}", "a.".repeat(20_000))),
        ("json", format!("{{{}}}", numbered(&|at| format!("\"k{at}\": \"\\u202e\",")))),
        ("json", one("\"\n")),
        ("json", format!("{{{}}}", numbered(&|at| format!("\"k{at}\": 1,2,")))),
        ("json", format!("{{{}\"z\": 1}}", one("\"k\": 1,"))),
        ("json", format!("{{\"a\": \"{}\"}}", "长".repeat(300_000))),
        ("json", format!("{{\"{}\": 1}}", "长".repeat(300_000))),
    ];
    let texts = [
        one("[a]("),
        one("*a **a "),
        one("&#xE000;\n"),
        one("[a](x)\n"),
        format!("[a]: /{}\n\n{}", "x".repeat(60_000), one("[a]\n")),
        format!("|{}\n|{}\n{}", "a|".repeat(9_000), "-|".repeat(9_000), one("|\n")),
        format!("- - - - - - - -\n{}", one("a\n")),
        one("`"),
    ];
    let tables = tables.iter().map(|(ending, text)| (format!("tables/09.{ending}"), text));
    let texts = texts.iter().map(|text| ("work.md".to_owned(), text));
    for (file, text) in tables.chain(texts) {
        let site = TempSite::caidian();
        std::fs::remove_file(site.root().join(table("09"))).unwrap();
        site.write(&format!("{FOLDER}/{file}"), text);
        let start = std::time::Instant::now();
        let run = disclose(&["check", "--root", site.root().to_str().unwrap()], &[]);
        let shown: String = text.chars().take(40).collect();
        assert!(run.status.code().is_some_and(|code| code < 2), "{shown}: {:?}", run.status);
        assert!(run.stdout.len() < 600_000, "{shown}: {} bytes are told", run.stdout.len());
        assert!(start.elapsed().as_secs() < 60, "{shown}: {:?}", start.elapsed());
    }
}

#[test]
fn a_file_of_more_values_than_any_table_is_not_read() {
    let rows = |count: usize| format!("{{\"rows\": [{}1]}}", "1,".repeat(count - 2));
    for (count, codes) in [(300_000, "S043"), (300_001, "S082")] {
        let site = TempSite::caidian();
        std::fs::remove_file(site.root().join(table("09"))).unwrap();
        site.write(&format!("{FOLDER}/tables/09.json"), &rows(count));
        let examined = site.examine();
        let found: Vec<&str> = examined.loading.iter().map(|finding| finding.code.id).collect();
        assert!(found.contains(&codes), "{count}: {}", lines(examined.errors()));
        assert_eq!(found.contains(&"S082"), codes == "S082", "{count}");
    }
}

#[test]
fn brackets_are_followed_as_deep_as_any_file_goes() {
    for (levels, found) in [(31, false), (32, true)] {
        let texts = [
            ("toml", format!("a = [{}{}]", "[".repeat(levels), "]".repeat(levels))),
            ("json", format!("{{\"a\": {}{}}}", "[".repeat(levels), "]".repeat(levels))),
        ];
        for (ending, text) in texts {
            let site = TempSite::caidian();
            std::fs::remove_file(site.root().join(table("09"))).unwrap();
            site.write(&format!("{FOLDER}/tables/09.{ending}"), &text);
            let examined = site.examine();
            let is_found = examined.loading.iter().any(|finding| finding.code.id == "S083");
            assert_eq!(is_found, found, "{ending} {levels}: {}", lines(examined.errors()));
        }
    }
}

/// Control and bidirectional characters, raw and behind escapes, in names, keys, values, texts
/// and arguments: nothing that is printed, in any format, and no page of a preview has them.
#[test]
fn what_hides_reaches_neither_a_terminal_nor_another_program() {
    let site = TempSite::caidian();
    let evil = "\u{1b}[31m\u{202e}\u{9b}\u{7}\u{2028}";
    site.replace(
        "content/units/caidian-ggzy/unit.toml",
        "\"武汉市蔡甸区公共资源交易中心\"",
        &format!("\"甲{evil}乙\""),
    );
    site.replace(&table("09"), "12 = 0.12", &format!("12 = 0.12\n\"k{evil}\" = 1\n\"e\\u001b\\u202e\\r\" = 2"));
    site.replace(&table("01"), "39 = 34.03", &format!("39 = \"{evil}\""));
    site.write(&format!("{FOLDER}/work.md"), &format!("甲{evil}&#x202E;&#27;[31m\r乙\n\n[链{evil}](x{evil})\n"));
    site.write(&format!("{FOLDER}/a{evil}.toml"), "x");
    site.write(&format!("content/units/b{evil}/unit.toml"), "x");
    let root = site.root().to_str().unwrap();
    let runs: [&[&str]; 12] = [
        &["check", "--root", root],
        &["check", "--format", "json", "--root", root],
        &["check", "--format", "sarif", "--root", root],
        &["check", "--format", "github", "--root", root],
        &["build", "--root", root],
        &["explain", evil],
        &["check", "--root", evil],
        &["check", "--unit", evil, "--root", root],
        &["claims", &format!("{evil}.md")],
        &["claims", &format!("{root}/{FOLDER}/work.md")],
        &[evil],
        &["check", "--format", evil],
    ];
    for arguments in runs {
        let run = disclose(arguments, &[]);
        assert!(run.status.code().is_some_and(|code| code <= 2), "{arguments:?}: {:?}", run.status);
        for printed in [run.stdout, run.stderr] {
            let printed = String::from_utf8(printed).unwrap();
            let hidden = printed.find(|c| is_forbidden(c) || c == '\r');
            assert_eq!(
                hidden.map(|at| printed[at..].escape_unicode().take(60).collect::<String>()),
                None,
                "{arguments:?}"
            );
        }
    }
    let examined = site.examine();
    let (plan, found) = Plan::new(&examined.site, &examined.report, disclose::export::downloads(&examined.site));
    let settled: Vec<_> = examined.loading.iter().chain(&found).cloned().collect();
    let plan = plan.telling(&settled).previewing(&settled, &examined.sources);
    for page in (0..plan.len()).filter(|page| plan.path(*page).ends_with("index.html")) {
        let html = String::from_utf8(plan.render(page).unwrap()).unwrap();
        assert!(!html.contains(is_forbidden), "{}", plan.path(page));
    }
}

#[test]
fn a_symlink_is_not_followed() {
    let site = TempSite::caidian();
    let path = site.root().join(table("09"));
    std::fs::remove_file(&path).unwrap();
    symlink("/etc/passwd", &path).unwrap();
    one_error(&site, &table("09"), "链接");
    let site = TempSite::caidian();
    symlink(site.root().join("content"), site.root().join("content/units/loop")).unwrap();
    one_error(&site, "content/units/loop", "链接");
}

#[test]
fn a_table_in_two_formats_is_told_once() {
    let site = TempSite::caidian();
    site.write(&format!("{FOLDER}/tables/09.json"), "{\"columns\": {\"1\": 3.72}}");
    let examined = site.examine();
    assert_eq!(examined.errors().len(), 1, "{}", lines(examined.errors()));
}

#[test]
fn json_is_strict() {
    for wrong in
        ["{\"columns\": {\"1\": 3.72,}}", "{/* */\"columns\": {\"1\": 3.72}}", "{\"columns\": {\"1\": 3.72}} x", ""]
    {
        let site = TempSite::caidian();
        std::fs::remove_file(site.root().join(table("09"))).unwrap();
        let path = format!("{FOLDER}/tables/09.json");
        site.write(&path, wrong);
        let examined = site.examine();
        assert!(examined.errors().iter().any(|error| error.place.is_some()), "{wrong}: {}", lines(examined.errors()));
    }
}

#[test]
fn hidden_characters_are_told() {
    for hidden in ['\u{202E}', '\u{E000}', '\u{0007}'] {
        let site = TempSite::caidian();
        let path = format!("{FOLDER}/work.md");
        site.write(&path, &format!("{}\n末{hidden}尾\n", site.read(&path)));
        let examined = site.examine();
        assert_eq!(examined.errors().len(), 1, "{hidden:?}:\n{}", lines(examined.errors()));
    }
}

#[test]
fn hostile_folder_names_are_told() {
    for name in ["Upper", "with space", "单位", "<script>", "a&b", "-lead", "con", "%2e%2e"] {
        let site = TempSite::caidian();
        site.write(&format!("content/units/{name}/unit.toml"), &site.read("content/units/caidian-ggzy/unit.toml"));
        let examined = site.examine();
        assert_eq!(examined.errors().len(), 1, "{name}:\n{}", lines(examined.errors()));
    }
}

#[test]
fn hostile_texts_are_shown_as_text() {
    let site = TempSite::caidian();
    let evil = "<script>alert(1)</script>{{ 7*7 }}{% raw %}";
    site.replace("content/units/caidian-ggzy/unit.toml", "\"武汉市蔡甸区公共资源交易中心\"", &format!("\"{evil}\""));
    let path = format!("{FOLDER}/work.md");
    site.write(&path, "<img src=x onerror=alert(1)>\n\n[链接](javascript:alert(1))\n\n{{ 7*7 }}\n");
    let output = site.root().join("public");
    let run = disclose(&["build", "--root", site.root().to_str().unwrap(), "--output", output.to_str().unwrap()], &[]);
    if run.status.success() {
        for (path, bytes) in tree(&output) {
            let Ok(text) = String::from_utf8(bytes) else { continue };
            assert!(!text.contains("<script>alert"), "{path}");
            assert!(!text.contains("<img src=x"), "{path}");
            assert!(!text.contains("href=\"javascript:"), "{path}");
            assert!(!text.contains("49"), "{path}: a template ran");
        }
    } else {
        assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[test]
fn full_width_digits_and_grouped_thousands_are_read() {
    let site = TempSite::caidian();
    site.replace(&table("01"), "39 = 34.03", "39 = ３４．０３");
    assert_eq!(lines(site.examine().errors()), "");
    let site = TempSite::caidian();
    site.replace(&format!("{FOLDER}/tables/01.toml"), "39 = 34.03", "39 = 1,034.03");
    let examined = site.examine();
    assert_eq!(lines(&examined.loading), "");
    assert!(examined.errors().iter().any(|error| error.message.contains("1034.03")), "{}", lines(examined.errors()));
}

#[test]
fn nothing_that_is_broken_makes_the_program_panic() {
    let mut random = Prng::new(20_231_121);
    let original = TempSite::caidian();
    let files: Vec<(String, Vec<u8>)> = tree(&original.root().join("content")).into_iter().collect();
    let broken: Vec<(String, String)> = (0..BROKEN)
        .map(|_| {
            let (path, bytes) = random.pick(&files);
            let text = std::str::from_utf8(bytes).unwrap();
            (format!("content/{path}"), break_somewhere(text, &mut random))
        })
        .collect();
    // The program finds something or nothing, and always comes back, with pages or without.
    broken.into_par_iter().for_each(|(path, text)| {
        let site = TempSite::caidian();
        site.write(&path, &text);
        let examined = site.examine();
        if examined.errors().is_empty() {
            let (plan, _) = Plan::new(&examined.site, &examined.report, disclose::export::downloads(&examined.site));
            assert!((0..plan.len()).all(|index| plan.render(index).is_ok()), "{path}:\n{text}");
        }
    });
}

/// What a character is replaced by.
const INTRUDERS: [&str; 12] = ["9", "-", "{", "\"", "]", "，", "\u{FEFF}", "0x", "·", "#", "= ", "99999999999999"];

/// How many sources are broken at random.
const BROKEN: usize = 600;

/// A text with a line lost, doubled, cut or moved, or a character lost, doubled or replaced.
fn break_somewhere(text: &str, random: &mut Prng) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return "=".to_owned();
    }
    let at = random.below(lines.len());
    let chars: Vec<char> = lines[at].chars().collect();
    let column = random.below(chars.len().max(1));
    let [before, after] = [&chars[..column.min(chars.len())], &chars[(column + 1).min(chars.len())..]];
    let with = |middle: &str| before.iter().collect::<String>() + middle + &after.iter().collect::<String>();
    match random.below(7) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => lines[at] = before.iter().collect(),
        3 => lines.swap(at, column % text.lines().count()),
        4 => lines[at] = with(""),
        5 => lines[at] = with(&format!("{0}{0}", chars.get(column).copied().unwrap_or('9'))),
        _ => lines[at] = with(INTRUDERS[random.below(INTRUDERS.len())]),
    }
    lines.join("\n")
}
