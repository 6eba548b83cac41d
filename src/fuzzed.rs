//! What must hold of every parser, whatever bytes come: bodies of the fuzz targets in `fuzz/`,
//! replayed over `tests/corpora` by the suite.
//!
//! Each takes bytes and panics where something does not hold that readers rely on: what is parsed
//! prints back the same, places lie inside the source, nothing comes out that a browser or a
//! terminal would take for more than text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::amount::{Amount, ParseAmountError, Percent, Scale};
use crate::claims::{self, Text, TextFormat};
use crate::diagnostic::{self, FileId, Finding, Place, SourceMap};
use crate::load::fuzzed::{self as load, EMBEDDED};
use crate::model::notation::{Equation, Reference};
use crate::publish::manifest;
use crate::render::markdown;
use crate::serve::{MOST_HEAD, parse};
use crate::text::{fold_width, is_forbidden};

/// A fuzz target: its name and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, by name.
pub const TARGETS: [Target; 10] = [
    ("claims", claims),
    ("http", http),
    ("json", json),
    ("manifest", manifest_),
    ("markdown", markdown_),
    ("notation", notation),
    ("number", number),
    ("reference", reference),
    ("toml", toml),
    ("urls", urls),
];

/// A TOML file: [`load::data`], held against the `toml` crate, which mends nothing.
pub fn toml(data: &[u8]) {
    let strict = |text: &str| {
        let table = ::toml::de::DeTable::parse(text).ok()?;
        Some(table.get_ref().keys().map(|key| key.get_ref().to_string()).collect())
    };
    found(load::data("content/units/a/2023/tables/01.toml", data, strict));
}

/// A JSON file: [`load::data`], held against `serde_json`.
pub fn json(data: &[u8]) {
    let strict = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        Some(value.as_object()?.keys().cloned().collect())
    };
    found(load::data("content/units/a/2023/tables/01.json", data, strict));
}

/// `urls.lock`: [`load::urls`].
pub fn urls(data: &[u8]) {
    found(load::urls(data));
}

fn found(found: Option<load::Found>) {
    if let Some((findings, sources)) = found {
        self::findings(&findings, &sources);
    }
}

/// Findings stand inside their files, say something, and can be shown in every format without
/// anything that hides.
fn findings(findings: &[Finding], sources: &SourceMap) {
    for finding in findings {
        assert!(!finding.message.is_empty());
        let related = finding.related.iter().filter_map(|related| related.place);
        finding.place.into_iter().chain(related).for_each(|place| inside(place, sources));
    }
    // Drawing is the slowest by far; what is drawn is alike.
    let drawn = findings.iter().take(3).map(|finding| diagnostic::render(finding, sources, false));
    let formats = [diagnostic::to_json(findings, sources, &[]), diagnostic::to_github(findings, sources)];
    // A SARIF log tells every rule: it is made for every eighth number of findings only.
    let log = (findings.len() % 8 == 1).then(|| diagnostic::to_sarif(findings, sources));
    for text in drawn.chain(formats).chain(log) {
        assert!(!text.contains(|c| is_forbidden(c) || c == '\r'), "something hides in {text:?}");
    }
}

fn inside(place: Place, sources: &SourceMap) {
    let text = &sources.file(place.file).text;
    assert!(text.get(place.start as usize..place.end as usize).is_some(), "{place:?} is outside {text:?}");
}

/// An amount as written: what is read is printed and read again as the same.
pub fn number(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let folded = fold_width(text);
    for scale in [Scale::Yuan, Scale::TenThousand, Scale::HundredMillion] {
        let Ok(amount) = Amount::parse(&folded, scale) else { continue };
        for printed_in in [Scale::Yuan, Scale::TenThousand, Scale::HundredMillion] {
            let printed = amount.print(printed_in);
            let again = Amount::parse(&printed.to_string(), printed_in);
            // Rounding may reach the limit of amounts.
            if again == Err(ParseAmountError::TooLarge) {
                continue;
            }
            assert_eq!(again, Ok(printed.amount()), "{folded:?} as {printed}");
            assert_eq!(Amount::parse(&printed.trimmed(), printed_in), again, "{folded:?}");
            assert_eq!(amount.is_whole_in(printed_in), again == Ok(amount));
            assert_eq!(printed.amount().print(printed_in), printed);
        }
        if let Some(fen) = amount.fen() {
            assert_eq!(Amount::from_fen(fen), amount);
        }
        assert!(amount + -amount == Amount::ZERO && !amount.abs().is_negative());
        assert!(amount.is_zero() || Percent::of(amount, amount, 2).is_some_and(|percent| percent.trimmed() == "100%"));
    }
}

/// Formulas and relations: each reads back from its own text as the same.
pub fn notation(data: &[u8]) {
    let Some(text) = line(data) else { return };
    let Ok(equations) = Equation::parse_all(text) else { return };
    for equation in equations {
        let again = Equation::parse_all(&equation.text).expect("a relation reads back");
        let [again] = &again[..] else { panic!("{} is {} relations", equation.text, again.len()) };
        assert_eq!(
            (&again.left, again.comparison, &again.right),
            (&equation.left, equation.comparison, &equation.right)
        );
    }
}

/// Names of cells: what is read is written, and read again, as the same; a cell that a form set
/// has is found again by the name that the set gives it.
pub fn reference(data: &[u8]) {
    let Some(text) = line(data) else { return };
    let Ok(reference) = Reference::parse(text) else { return };
    let written = reference.to_string();
    assert_eq!(Reference::parse(&written).as_ref(), Ok(&reference), "{text:?} as {written:?}");
    for set in EMBEDDED.sets.values() {
        let Ok(cell) = set.cell(&reference) else { continue };
        let name = set.name_of(cell);
        assert_eq!(set.cell_named(&name), Ok(cell), "{text:?} as {name:?} in {}", set.id);
    }
}

/// A short text that fits a line.
fn line(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok().filter(|text| text.len() <= 4_096)
}

/// Narratives, by the first byte as Markdown or plain text: every numeral and everything found
/// stands inside the text, in order, and says what it quotes.
pub fn claims(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let format = if first % 2 == 0 { TextFormat::Markdown } else { TextFormat::Plain };
    let Some(sources) = load::kept("content/units/a/2023/work.md", rest) else { return };
    let text = Text { file: FileId(0), source: sources.file(FileId(0)).text, format, start: 0 };
    let reading = claims::read(&text, None, None);
    for numeral in &reading.numerals {
        inside(numeral.place, &sources);
        assert!(!numeral.text.is_empty() && numeral.place.start < numeral.place.end, "{numeral:?}");
        numeral
            .counterpart
            .iter()
            .filter_map(|counterpart| counterpart.place)
            .for_each(|place| inside(place, &sources));
    }
    assert!(reading.numerals.is_sorted_by_key(|numeral| numeral.place.start), "the numerals are out of order");
    findings(&reading.findings, &sources);
}

/// Markdown: the HTML has our tags and attributes only, each closed where it was opened, links
/// that run nothing, and ids that stand once.
#[doc(alias = "markdown")]
pub fn markdown_(data: &[u8]) {
    let Some(sources) = load::kept("content/units/a/2023/work.md", data) else { return };
    let rendered = markdown::render(sources.file(FileId(0)).text, &markdown::Options::default());
    let mut ids = BTreeSet::new();
    let mut open = Vec::new();
    for piece in rendered.html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or_else(|| panic!("a tag without end: {}", rendered.html));
        assert!(!text.contains('>'), "a lone > in {}", rendered.html);
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{}", rendered.html);
            continue;
        }
        let (name, attributes) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
        assert!(TAGS.contains(&name) || VOID.contains(&name), "<{tag}> in {}", rendered.html);
        for (key, value) in attributes_of(attributes) {
            assert!(ATTRIBUTES.contains(&key), "{key} in <{tag}>");
            assert!(!matches!(key, "href" | "src") || is_harmless(value), "<{tag}>");
            assert!(key != "id" || ids.insert(value), "id {value} twice in {}", rendered.html);
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{}", rendered.html);
    assert!(rendered.headings.iter().all(|heading| ids.contains(heading.id.as_str())));
    assert!(!rendered.html.contains(is_forbidden), "something hides in {}", rendered.html);
}

const TAGS: [&str; 27] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "data",
    "sup",
    "span",
];

const VOID: [&str; 6] = ["br", "br /", "hr", "hr /", "img", "input"];

const ATTRIBUTES: [&str; 12] =
    ["id", "href", "src", "alt", "title", "class", "start", "tabindex", "role", "aria-label", "scope", "value"];

/// The attributes of a tag: `key="value"`, blanks between them.
fn attributes_of(text: &str) -> Vec<(&str, &str)> {
    let (mut attributes, mut rest) = (Vec::new(), text.trim().trim_end_matches('/').trim_end());
    while !rest.is_empty() {
        let (key, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("{text} are no attributes"));
        let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("{text} are no attributes"));
        attributes.push((key, value));
        rest = after.trim_start();
    }
    attributes
}

/// Whether a link runs nothing: it has no scheme, or one of those that are let through.
fn is_harmless(url: &str) -> bool {
    let url: String = url.chars().filter(|c| !c.is_whitespace()).collect();
    let before = url.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = before.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_none_or(|scheme| ["http", "https", "mailto", "tel"].contains(&scheme.as_str()))
}

/// A manifest: what is read is written, and read again, as the same, and no path leads out.
#[doc(alias = "manifest")]
pub fn manifest_(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(files) = manifest::parse(text) else { return };
    for path in files.keys() {
        assert!(!path.starts_with('/') && !path.split('/').any(|part| part.is_empty() || part == ".."), "{path:?}");
    }
    let mut written = Vec::new();
    let made = manifest::write(&mut written, files.iter().map(|(path, hash)| (path.as_str(), *hash)));
    assert!(made.is_ok_and(|made| made.bytes == written.len() as u64));
    assert_eq!(manifest::parse(&String::from_utf8_lossy(&written)), Some(files));
}

/// The head of a request: what is let in is a plain path below the site, in one writing only.
pub fn http(data: &[u8]) {
    let request = match parse(data) {
        Ok(request) => request,
        Err(refusal) => {
            assert!((400..=431).contains(&refusal.status()) && !refusal.to_string().is_empty());
            return;
        }
    };
    assert!(data.len() <= MOST_HEAD && request.host.bytes().all(|byte| byte.is_ascii_graphic()));
    let path = &request.path;
    assert!(!path.starts_with('/') && !path.contains(|c: char| c.is_control() || c == '\\'), "{path:?}");
    let parts: Vec<&str> = path.split('/').collect();
    let (last, above) = parts.split_last().expect("a path has a part");
    assert!(*last != ".." && *last != "." && !above.iter().any(|part| matches!(*part, "" | "." | "..")), "{path:?}");
    let escaped = path.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
        escaped
    });
    let again = parse(format!("GET /{escaped} HTTP/1.1\r\nHost: {}\r\n\r\n", request.host).as_bytes());
    assert_eq!(again.map(|again| again.path).as_ref(), Ok(path), "{escaped}");
}
