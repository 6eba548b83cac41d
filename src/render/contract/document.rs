//! `docs/themes.md`, written from the views' sources and from drawn pages.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::shapes::{Key, Kind, Shapes};
use super::{pages, parts_of};
use crate::render::template::REQUIRED;
use crate::render::view::Drawn;

/// The classes of the markup that the program writes itself, with what they mark.
pub(super) const CLASSES: &[(&str, &str)] = &[
    ("sheet", "a statutory table with its head and notes; `data-form` names the form"),
    ("evaluation", "a self-evaluation table, on `sheet`"),
    ("broad", "a sheet of more than nine amount columns"),
    ("upright", "on `broad`: its one row of short amounts fits an upright page all the same"),
    ("huge", "a sheet of more than thirty amount columns"),
    ("sheet-head", "the head of a sheet: header lines and tools"),
    ("header", "the header lines, each in a `span`"),
    ("tools", "links to checks and downloads"),
    ("verdict", "how the relations of a table went, as a link"),
    ("frame", "what scrolls when a table is too wide; `tabindex=\"0\"`, named by `aria-label`"),
    ("two", "a frame with two tables side by side"),
    ("by-code", "a frame of a table by codes"),
    ("blocks", "a frame of a table in blocks"),
    ("one-row", "a frame of a table of one row"),
    ("stack", "a frame of stacked tables of a self-evaluation"),
    ("receptions", "a frame of 公务接待明细"),
    ("work", "a frame of key work"),
    ("side", "one of the two tables side by side"),
    ("tall", "on `side`: a heading takes more than one line"),
    ("codes", "a table by codes"),
    ("block", "a table that is one block"),
    ("row", "a table of one row"),
    ("group", "blocks under one heading"),
    ("of-1", "a group of one block"),
    ("of-2", "a group of two blocks"),
    ("group-head", "the heading of a group, hidden from assistive technology: captions say it too"),
    ("group-body", "the blocks of a group"),
    ("column", "one block of a group"),
    ("foot", "a total below blocks"),
    ("stub", "the name of a line, and the heading above names"),
    ("mid", "a heading over several columns"),
    ("lv", "a heading 类, 款 or 项"),
    ("n", "an amount, and the heading above amounts"),
    ("no", "a line number or column number"),
    ("numbers", "the row of column numbers"),
    ("code", "a code of a classification"),
    ("sum", "a row of totals"),
    ("void", "a printed row without amounts"),
    ("l1", "a row of a 类"),
    ("l2", "a row of a 款"),
    ("l3", "a row of a 项"),
    ("u", "未提供: a figure that exists and was not given"),
    ("fig", "a figure that leads to its relations"),
    ("am", "※ beside a figure that an amendment changed, as a link to 更正说明"),
    ("un", "a figure that takes part in no relation that was judged"),
    ("ok", "agrees"),
    ("tail", "agrees within rounding"),
    ("odd", "possible, but improbable"),
    ("bad", "does not agree"),
    ("none", "could not be judged"),
    ("notes", "what stands below a table"),
    ("note", "a printed note"),
    ("formula", "a printed formula"),
    ("own", "a note of the unit"),
    ("unchecked", "what the dotted figures mean"),
    ("rebuilt", "why tables were rebuilt"),
    ("empty", "the sentence below an empty table"),
    ("absent", "why a table is not there"),
    ("chart", "a chart: `figcaption`, a sentence, the drawing, the figures as a table in `details`"),
    ("chart-svg", "the drawing; hidden from assistive technology, sized by its `viewBox`"),
    ("c1", "the first colour of a drawing; the style sheet names it"),
    ("c2", "the second colour"),
    ("c3", "the third colour"),
    ("c4", "the fourth colour"),
    ("c5", "the fifth colour"),
    ("c6", "the sixth colour"),
    ("quiet", "small print"),
    ("term", "the first use of a term in a text, as a link"),
    ("about", "what a self-evaluation is about"),
    ("funding", "the funds of a self-evaluation"),
    ("goal", "a goal of a self-evaluation"),
    ("indicators", "the indicators of a self-evaluation"),
    ("level", "a level of indicators, or what a breach comes to"),
    ("texts", "the texts of a self-evaluation"),
    ("rel", "a list of relations with their figures"),
    ("of", "whose relation it is"),
    ("span", "the interval that a printed figure stands for"),
    ("tag", "a short remark"),
    ("v", "a verdict"),
    ("why", "why a relation came to its verdict"),
];

const HEAD: &str = "# Themes

<!-- Written by the tests from the code: UPDATE_DOCS=1 cargo test --lib contract. Do not edit. -->

A site chooses a theme in `site.toml`:

```toml
theme = \"county\"
```

`themes/county/` then overrides the default theme file by file; what it does not have comes from the binary.

| path below `themes/county/` | what it is |
|---|---|
| `templates/NAME.html` | stands in for the default theme's template of the same name; other names are parts that templates `include` or `extend` |
| `static/PATH` | is published at `PATH`: `static/assets/style.css` replaces the style sheet, `static/assets/seal.svg` adds a file |
| `theme.toml`, `*.md`, `LICENSE*` | about the theme; not read |

The site's own `static/` wins over the theme's. A template that cannot be parsed, that names an unknown
filter, function, template, block or variable, or that goes in a circle is an error (P004) with its file, line and
column; nothing is published then, and the site that is published stays as it is. A template of a name that no page
has and that nothing names is a warning (P006). `disclose check` finds all of it: it draws every page.

Templates are [Tera 2](https://keats.github.io/tera/), escaped by default. They have Tera's filters and tests and the
functions `range`, `throw` and `super`; nothing reads files, the environment, the clock or the network, so that equal sources give
equal bytes. Components may not use themselves. An unknown field is an error where it is printed, but counts as
nothing in `{% if %}`: read the tables below.

## What templates see

Two variables: `frame`, the same on every page, and `page`, whose fields depend on the template. “May be nothing” is
Tera's none: test it with `{% if %}`. Texts hold plain text unless their field says HTML; HTML is printed with
`| safe`. A `Link` without `href` is where the reader stands. Amounts are texts, formatted; nothing is left to compute.
";

const MARKUP: &str = "
## Markup

Fields that hold HTML hold what the program writes itself: tables, charts, texts and relations. The following stays
as it is; style sheets, scripts and links from other sites may rely on it.

- Every amount cell has an `id` and `data-cell`, the canonical name of the figure, by which formulas and downloads
  call it too: `公开01表27行1栏`. `headers` lists the ids of its headings. The id of a row is that of its cells without `-cN`.
- A blank cell is empty, `0.00` was entered, `未提供` has the class `u`.
- A figure in a text is `<data value=\"…\">`: the amount in 元 or the bare number; `data-cell` where it is that of a cell, around the link to it.
- No element has a `style` or an event handler: pages have a content security policy.
";

/// The whole document.
pub(super) fn write(shapes: &Shapes, drawn: &BTreeMap<String, Drawn>) -> String {
    let mut out = HEAD.to_owned();
    let frame: Key = ("view".into(), "Frame".into());
    let pages = pages(shapes);
    let mut users: BTreeMap<Key, usize> = BTreeMap::new();
    for (_, page) in pages.iter().chain([&("frame", frame.clone())]) {
        let mut parts = Vec::new();
        parts_of(shapes.get(page), shapes, &mut parts);
        for part in parts {
            *users.entry(part).or_default() += 1;
        }
    }
    let shared: Vec<Key> = users.iter().filter(|(_, count)| **count > 1).map(|(key, _)| key.clone()).collect();
    push_page(&mut out, "`frame`, on every page", &frame, &shared, shapes);
    for (template, page) in &pages {
        push_page(&mut out, &format!("`page` in `{template}`"), page, &shared, shapes);
    }
    out.push_str("\n### Shapes of several templates\n");
    for key in &shared {
        push_part(&mut out, key, shapes);
    }
    push_parts(&mut out, shapes);
    out.push_str(MARKUP);
    push_examples(&mut out, drawn);
    out.push_str("\n### Classes\n\n| class | what it marks |\n|---|---|\n");
    for (class, meaning) in CLASSES {
        let _ = writeln!(out, "| `{class}` | {meaning} |");
    }
    out
}

fn push_page(out: &mut String, title: &str, page: &Key, shared: &[Key], shapes: &Shapes) {
    let _ = writeln!(out, "\n### {title}\n");
    push_fields(out, page, shapes);
    let mut parts = Vec::new();
    parts_of(shapes.get(page), shapes, &mut parts);
    parts.iter().filter(|part| !shared.contains(part)).for_each(|part| push_part(out, part, shapes));
}

fn push_part(out: &mut String, key: &Key, shapes: &Shapes) {
    let _ = writeln!(out, "\n`{}`: {}\n", key.1, shapes.get(key).doc);
    push_fields(out, key, shapes);
}

fn push_fields(out: &mut String, key: &Key, shapes: &Shapes) {
    out.push_str("| field | type | what it is |\n|---|---|---|\n");
    for field in &shapes.get(key).fields {
        let nothing = if field.optional { ", may be nothing" } else { "" };
        let _ = writeln!(out, "| `{}` | {}{nothing} | {} |", field.name, kind_name(&field.kind), field.doc);
    }
}

fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Truth => "yes or no".to_owned(),
        Kind::List(item) => format!("list of {}", kind_name(item)),
        Kind::Shape((_, name)) => format!("`{name}`"),
    }
}

/// The templates that are parts of others.
fn push_parts(out: &mut String, shapes: &Shapes) {
    let parts: Vec<String> =
        REQUIRED.iter().filter(|name| shapes.of_template(name).is_empty()).map(|name| format!("`{name}`")).collect();
    let _ = writeln!(out, "\n{} are parts of other templates and see what those see.", parts.join(", "));
}

/// A table, a chart and a figure in a text, as the program writes them.
fn push_examples(out: &mut String, drawn: &BTreeMap<String, Drawn>) {
    let view = serde_json::to_value(&drawn["units/caidian-ggzy/2023/index.html"].view).unwrap();
    let part = |key: &str| view["parts"].as_array().unwrap().iter().find(|part| part["key"] == key).unwrap().clone();
    let tables = part("tables");
    let tables: Vec<&str> =
        tables["tables"].as_array().unwrap().iter().map(|table| table["html"].as_str().unwrap()).collect();
    let text = part("narrative")["html"].as_str().unwrap().to_owned();
    let with = |marker: &str| *tables.iter().find(|html| html.contains(marker)).unwrap();
    push_example(out, "A table of one row", with("frame one-row"));
    push_example(out, "A table by codes, shortened", &shortened(with("frame by-code"), "</tr>\n", 7, "</tbody>"));
    let chart = between(&text, "<figure", "</figure>");
    let chart = shortened(&shortened(chart, "/>\n", 3, "</svg>"), "</tr>\n", 3, "</tbody>");
    push_example(out, "A chart, shortened", &chart);
    push_example(out, "A figure in a text", between(&text, "<data", "</data>"));
}

fn push_example(out: &mut String, title: &str, html: &str) {
    let _ = writeln!(out, "\n### {title}\n\n```html\n{}\n```", html.trim_end());
}

/// From the first `start` to the `end` behind it.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).unwrap();
    let to = text[from..].find(end).unwrap();
    &text[from..from + to + end.len()]
}

/// A text with what stands between the `count`th `piece` and the next `end` left out.
fn shortened(text: &str, piece: &str, count: usize, end: &str) -> String {
    let Some((at, _)) = text.match_indices(piece).nth(count - 1) else { return text.to_owned() };
    let at = at + piece.len();
    let Some(rest) = text[at..].find(end) else { return text.to_owned() };
    format!("{}…\n{}", &text[..at], &text[at + rest..])
}
