//! Narratives: templates in, Markdown with marked figures out.
//!
//! 1. [`Narrator::new`] parses every template once; what cannot be parsed is a finding.
//! 2. [`Narrator::compose`] lays one disclosure on a [`Desk`], renders the template its set
//!    names, and takes the text and the figures it used off the desk again.
//! 3. The functions of the templates find their desk through the context, by its number;
//!    templates reach nothing else: no file, no environment, no network.
//!
//! A section that the unit writes itself ([`own`]) stands in place of the composed one, or after
//! it, as a [`Passage`] of its own: it is Markdown and no template, and what it leaves open
//! (a code block, a list) ends with it.
//!
//! Every figure in the text is a marker, `U+E000 index U+E001`, that stands for an entry of
//! [`Narrative::uses`]; a chart is `U+E002 index U+E003`. Sources may not hold these
//! characters. Direction words, rates and empty phrases are chosen by the figures.

mod desk;
mod functions;
mod own;
mod results;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera};

use crate::derive::chart::Chart;
use crate::derive::narrative::desk::{Desk, Desks};
use crate::derive::narrative::words::{CHART, CHART_END, FIGURE, FIGURE_END, Piece};
use crate::diagnostic::{Finding, Place};
use crate::model::classification::Classification;
use crate::model::disclosure::{Disclosure, Manner};
use crate::model::site::{NarrativeTemplate, Site};
use crate::model::stored::{Reader, Stored, stored};

pub use functions::{FUNCTIONS, Function};

/// A chart in its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedChart {
    /// The 图 number; none for a chart that the document does not print.
    pub number: Option<usize>,
    /// The chart.
    pub chart: Chart,
}

/// A disclosure in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrative {
    /// The text, one passage after the other; one passage where all of it is composed.
    pub passages: Vec<Passage>,
    /// The figures, in the order of the text.
    pub uses: Vec<FigureUse>,
    /// The charts, in the order of the text.
    pub charts: Vec<PlacedChart>,
}

/// A stretch of a narrative by one author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Markdown; with markers for figures and charts where it is composed.
    pub markdown: String,
    /// Who wrote it.
    pub author: Author,
}

/// Who wrote a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The template, from the figures.
    Composed,
    /// The unit.
    Unit {
        /// Whether its words replace the composed ones or follow them.
        manner: Manner,
        /// By how many levels its headings stand deeper than the unit wrote them.
        deeper: usize,
    },
}

/// A figure in a narrative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureUse {
    /// As the prose writes it: `373.97`, `6.73%`, `3`.
    pub text: String,
    /// The exact amount in 分, where it is money.
    pub value_fen: Option<i128>,
    /// The cell or fact in our notation; absent for what was computed.
    pub cell: Option<String>,
    /// The cell's anchor on the disclosure's page.
    pub anchor: Option<String>,
}

stored!(Narrative { passages, uses, charts });
stored!(Passage { markdown, author });
stored!(FigureUse { text, value_fen, cell, anchor });
stored!(PlacedChart { number, chart });

impl Stored for Author {
    fn put(&self, out: &mut Vec<u8>) {
        let unit = match self {
            Self::Composed => None,
            Self::Unit { manner, deeper } => Some((*manner, *deeper)),
        };
        unit.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let unit: Option<(Manner, usize)> = Stored::take(from)?;
        Some(unit.map_or(Self::Composed, |(manner, deeper)| Self::Unit { manner, deeper }))
    }
}

/// Writes narratives; holds the parsed templates.
#[derive(Debug)]
pub struct Narrator {
    tera: Tera,
    desks: Arc<Desks>,
    functional: Option<Arc<Classification>>,
    /// Where each template stands; for those that could not be parsed too.
    places: BTreeMap<String, Place>,
    broken: BTreeSet<String>,
}

/// The name under which templates carry the number of their desk.
const DESK: &str = "__desk";

impl Narrator {
    /// A narrator with the site's templates, and a finding for each that cannot be parsed.
    pub fn new(site: &Site) -> (Self, Vec<Finding>) {
        let desks = Arc::new(Desks::default());
        let mut tera = Tera::new();
        // The text is Markdown: own words are escaped for Markdown where they are put in.
        tera.autoescape_on(Vec::<&str>::new());
        functions::register(&mut tera, &desks);
        let functional = site.classifications.get("functional").cloned().map(Arc::new);
        let places = site.narratives.iter().map(|(id, template)| (id.clone(), template.body.place)).collect();
        let mut narrator = Self { tera, desks, functional, places, broken: BTreeSet::new() };
        let findings = narrator.add(site.narratives.values().collect());
        (narrator, findings)
    }

    /// Adds templates until a round adds none: one may extend another that comes later.
    fn add(&mut self, mut templates: Vec<&NarrativeTemplate>) -> Vec<Finding> {
        loop {
            let mut refused = Vec::new();
            for template in &templates {
                if let Err(error) = self.tera.add_raw_template(&template.id, &template.body.value) {
                    refused.push((*template, error));
                }
            }
            if refused.len() == templates.len() || refused.is_empty() {
                self.broken = refused.iter().map(|(template, _)| template.id.clone()).collect();
                return refused.iter().map(|(template, error)| self.trouble(&template.id, error)).collect();
            }
            templates = refused.into_iter().map(|(template, _)| template).collect();
        }
    }

    /// The narrative of a disclosure, and what was wrong with writing it.
    ///
    /// A template that cannot be filled in gives an empty narrative and an error.
    pub fn compose(&self, site: &Site, disclosure: &Disclosure) -> (Narrative, Vec<Finding>) {
        let template = &disclosure.set.narrative;
        if self.broken.contains(template) {
            return (Narrative::default(), Vec::new());
        }
        if !self.tera.contains_template(template) {
            return (Narrative::default(), vec![missing_template(disclosure)]);
        }
        let desk = self.desks.open(Desk::new(site, disclosure, self.functional.clone()));
        let rendered = self.tera.render(template, &desk.context());
        let made = desk.close();
        let mut findings = desk.idle_reasons(&made);
        match rendered {
            Ok(text) => {
                let (passages, found) = own::merge(&text, &disclosure.narrative_text);
                findings.extend(found.into_iter().map(|found| found.about(&disclosure.unit, disclosure.year)));
                (finish(passages, &made.uses, &made.charts), findings)
            }
            Err(error) => {
                let unit = site.unit_of(disclosure).map_or(&disclosure.unit, |unit| &unit.name);
                let message = format!("{}（{unit}{}年度）", explain(&error), disclosure.year);
                findings.push(self.located(template, &error, &message).about(&disclosure.unit, disclosure.year));
                (Narrative::default(), findings)
            }
        }
    }

    fn trouble(&self, template: &str, error: &tera::Error) -> Finding {
        self.located(template, error, &explain(error))
    }

    /// A finding at the place in a template that an error points to.
    fn located(&self, template: &str, error: &tera::Error, message: &str) -> Finding {
        let (ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report)) = error.kind() else {
            let message = format!("情况说明模板“{template}”：{message}");
            return Finding::new("N001", message).at(self.places.get(template).copied()).help(HELP);
        };
        let name = if self.places.contains_key(report.filename()) { report.filename() } else { template };
        let span = report.span();
        let place = self.places.get(name).map(|body| {
            let byte = |offset: usize| body.start + u32::try_from(offset).unwrap_or_default();
            Place { file: body.file, start: byte(span.range.start), end: byte(span.range.end) }
        });
        let message = format!("情况说明模板“{name}”第{}行：{message}", span.start_line);
        Finding::new("N001", message).at(place).help(HELP)
    }
}

const HELP: &str = "改正模板的这一处。";

fn missing_template(disclosure: &Disclosure) -> Finding {
    let message = format!("表式“{}”指定的情况说明模板“{}”不存在。", disclosure.set.id, disclosure.set.narrative);
    Finding::new("N002", message)
        .at(disclosure.place)
        .about(&disclosure.unit, disclosure.year)
        .help("在 content/narratives/ 里加上这个模板，或改正 set.toml 的 narrative。")
}

/// What an error says, in one sentence without its source excerpt.
fn explain(error: &tera::Error) -> String {
    let said = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report.message().to_owned(),
        other => other.to_string(),
    };
    // Our functions speak Chinese, the template engine English.
    if said.is_ascii() || !said.contains('：') {
        format!("写法有错，模板引擎的说明是：{said}")
    } else {
        said
    }
}

/// Keeps the figures and charts that the passages show, numbered in their order.
fn finish(passages: Vec<Passage>, uses: &[FigureUse], charts: &[(Chart, bool)]) -> Narrative {
    let mut narrative = Narrative::default();
    for passage in passages {
        let markdown = match passage.author {
            Author::Composed => words::tidy(&narrative.take_in(&passage.markdown, uses, charts)),
            Author::Unit { .. } => passage.markdown,
        };
        if !markdown.is_empty() {
            narrative.passages.push(Passage { markdown, ..passage });
        }
    }
    narrative
}

fn push_marker(out: &mut String, open: char, index: usize, close: char) {
    out.push(open);
    out.push_str(&index.to_string());
    out.push(close);
}

impl Narrative {
    /// A composed text with its markers counted on from those that came before.
    fn take_in(&mut self, text: &str, uses: &[FigureUse], charts: &[(Chart, bool)]) -> String {
        let mut markdown = String::with_capacity(text.len());
        for piece in words::pieces(text) {
            match piece {
                Piece::Text(text) => markdown.push_str(text),
                Piece::Figure(index) => {
                    let Some(figure) = uses.get(index) else { continue };
                    push_marker(&mut markdown, FIGURE, self.uses.len(), FIGURE_END);
                    self.uses.push(figure.clone());
                }
                Piece::Chart(index) => {
                    let Some((chart, extra)) = charts.get(index) else { continue };
                    push_marker(&mut markdown, CHART, self.charts.len(), CHART_END);
                    let printed = self.charts.iter().filter(|placed| placed.number.is_some()).count();
                    let number = (!extra).then_some(printed + 1);
                    self.charts.push(PlacedChart { number, chart: chart.clone() });
                }
            }
        }
        markdown
    }

    /// Whether any of it is in the unit's own words, as sections of their own.
    pub fn has_own(&self) -> bool {
        self.passages.iter().any(|passage| passage.author != Author::Composed)
    }

    /// The text as a reader sees it: figures in place, charts by their titles.
    pub fn plain(&self) -> String {
        let passages: Vec<String> = self.passages.iter().map(|passage| self.plain_passage(&passage.markdown)).collect();
        passages.join("\n")
    }

    fn plain_passage(&self, markdown: &str) -> String {
        let piece = |piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Figure(index) => self.uses.get(index).map_or_else(String::new, |figure| figure.text.clone()),
            Piece::Chart(index) => self.charts.get(index).map_or_else(String::new, |placed| match placed.number {
                Some(number) => format!("图{number}：{}", placed.chart.title),
                None => format!("图：{}", placed.chart.title),
            }),
        };
        words::pieces(markdown).into_iter().map(piece).collect()
    }
}

impl Desk {
    /// What templates see as variables, and the number of the desk for the functions.
    fn variables(&self, number: u64) -> Context {
        let mut context = Context::new();
        let disclosure = self.disclosure();
        context.insert(DESK, &number);
        context.insert("year", &disclosure.year);
        context.insert("prior_year", &(disclosure.year - 1));
        context.insert("word", &words::escape(&disclosure.word));
        context.insert("unit", &words::escape(self.unit_name()));
        context.insert("level", &words::escape(self.level()));
        context.insert("kind", disclosure.kind.name());
        context.insert("scale", disclosure.set.scale.name());
        context
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::fixture::{PLACE, disclosure, fill, site, wan};
    use crate::diagnostic::{Placed, Severity};
    use crate::model::table::{Figure, Table, TableState};

    /// A disclosure with these figures.
    fn with(figures: &[(&str, &str)]) -> Disclosure {
        let mut disclosure = disclosure();
        for (name, text) in figures {
            fill(&mut disclosure, name, wan(text));
        }
        disclosure
    }

    fn composed(template: &str, disclosure: Disclosure) -> (Narrative, Vec<Finding>) {
        let site = site(template, vec![disclosure]);
        let (narrator, mut findings) = Narrator::new(&site);
        let (narrative, more) = narrator.compose(&site, &site.disclosures[0]);
        findings.extend(more);
        (narrative, findings)
    }

    fn said_of(template: &str, disclosure: Disclosure) -> String {
        let (narrative, findings) = composed(template, disclosure);
        assert!(findings.is_empty(), "{findings:?}");
        narrative.plain().trim_end().to_owned()
    }

    fn said(template: &str, figures: &[(&str, &str)]) -> String {
        said_of(template, with(figures))
    }

    const TOTAL: &str = "甲01表31行";
    const BEFORE: &str = "上年甲01表31行";

    #[test]
    fn a_comparison_has_its_lawful_words_in_every_case() {
        let template = r#"{{ compare(cell="{income_grand_total}", subject="收、支总计", each=true) }}"#;
        let cases = [
            ("350.38", "373.97", "与2022年度相比，收、支总计各增加23.59万元，增长6.73%。"),
            ("373.97", "350.38", "与2022年度相比，收、支总计各减少23.59万元，下降6.31%。"),
            ("373.97", "373.97", "收、支总计与2022年度持平。"),
            ("0", "5", "与2022年度相比，收、支总计各增加5万元（基数为0，不可比）。"),
            ("5", "", "与2022年度相比，收、支总计各减少5万元，下降100%。"),
            ("?", "5", ""),
            ("5", "?", ""),
        ];
        for (before, now, expected) in cases {
            assert_eq!(said(template, &[(BEFORE, before), (TOTAL, now)]), expected);
        }
        assert_eq!(said(template, &[(TOTAL, "5")]), "", "a new unit has no last year");
    }

    #[test]
    fn a_figure_is_an_amount_nothing_or_not_given() {
        let template = r#"{{ amount(cell="甲01表31行1栏") }}、{{ amount(cell="附注·车辆·其他用车") }}"#;
        let count = |count| {
            let mut disclosure = with(&[(TOTAL, "144.00")]);
            fill(&mut disclosure, "附注·车辆·其他用车", Figure::Count(count));
            disclosure
        };
        assert_eq!(said_of(template, count(1)), "144万元、1辆");
        assert_eq!(said_of(template, count(0)), "144万元、0辆");
        assert_eq!(said(template, &[(TOTAL, "")]), "0万元、未提供");
        assert_eq!(said(template, &[(TOTAL, "?")]), "未提供、未提供");
        assert_eq!(said(template, &[(TOTAL, "0.00")]), "0万元、未提供");
    }

    #[test]
    fn an_outturn_is_measured_against_its_budget_in_every_case() {
        let template = r#"{{ outturn(cell="甲02表2010350行1栏", budget="年初预算·2010350", reason="2010350") }}"#;
        let cases = [
            (
                "170.44",
                "166.38",
                "年初预算为170.44万元，支出决算为166.38万元，完成年初预算的97.62%，支出决算数小于年初预算数",
            ),
            ("3.61", "5.26", "年初预算为3.61万元，支出决算为5.26万元，完成年初预算的145.71%，支出决算数大于年初预算数"),
            ("6.83", "6.83", "年初预算为6.83万元，支出决算为6.83万元，完成年初预算的100%"),
            ("0.00", "3.47", "年初预算为0万元，支出决算为3.47万元，不计算完成率，支出决算数大于年初预算数"),
            ("0.00", "", "年初预算为0万元，支出决算为0万元"),
            ("5", "", "年初预算为5万元，支出决算为0万元，完成年初预算的0%，支出决算数小于年初预算数"),
            (
                "100000",
                "99999.99",
                "年初预算为100000万元，支出决算为99999.99万元，完成年初预算的约100%，支出决算数小于年初预算数",
            ),
            ("?", "3.47", "支出决算为3.47万元"),
            ("3.47", "?", "年初预算为3.47万元，支出决算为未提供"),
        ];
        for (budget, actual, expected) in cases {
            assert_eq!(said(template, &[("年初预算·2010350", budget), ("甲02表2010350行1栏", actual)]), expected);
        }
    }

    #[test]
    fn a_completion_alone_says_that_the_budget_was_zero() {
        let template = r#"{{ completion(cell="甲01表31行", budget="年初预算·合计", word="预算") }}"#;
        assert_eq!(
            said(template, &[(TOTAL, "3"), ("年初预算·合计", "0")]),
            "，预算数为0，不计算完成率，支出决算数大于预算数"
        );
        assert_eq!(said(template, &[(TOTAL, ""), ("年初预算·合计", "0")]), "");
    }

    #[test]
    fn a_list_leaves_out_what_is_nothing() {
        let template =
            r#"{{ list(cells=["{income_general}", "{income_other}"], of="{income_grand_total}", before="，占") }}"#;
        let all = [("甲01表1行", "300"), ("甲01表2行", "100"), (TOTAL, "400")];
        assert_eq!(said(template, &all), "财政拨款收入300万元，占75%；其他收入100万元，占25%");
        let one = [("甲01表1行", "400"), ("甲01表2行", "0.00"), (TOTAL, "400")];
        assert_eq!(said(template, &one), "财政拨款收入400万元，占100%");
        assert_eq!(said(template, &[("甲01表1行", "?"), ("甲01表2行", "1")]), "财政拨款收入未提供；其他收入1万元");
        assert_eq!(said(template, &[("甲01表1行", "?"), ("甲01表2行", "?")]), "");
        assert_eq!(said(template, &[]), "");
    }

    #[test]
    fn the_items_of_a_block_are_exactly_the_rows_that_are_not_zero() {
        let template = r#"{{ items(form="{general_basic_by_item}", heading="人员经费") }}"#;
        let items = [("甲03表301行", "50"), ("甲03表30101行", "42.45"), ("甲03表30102行", "")];
        assert_eq!(said(template, &items), "基本工资42.45万元");
        let named = [("甲03表30101行", "?"), ("甲03表30102行", "7.55")];
        assert_eq!(said(template, &named), "基本工资、津贴补贴7.55万元");
        let mut absent = disclosure();
        absent.tables[2] = Table::new(2, TableState::NotProvided("原件没有".into()), Vec::new(), None, PLACE);
        assert_eq!(said_of(template, absent), "", "nothing is known of a table that was not given");
    }

    #[test]
    fn an_empty_table_speaks_its_own_sentence_or_the_forms() {
        let template = r#"{% if is_empty(form="{general_by_function}") %}{{ empty_sentence(form="{general_by_function}") }}{% else %}有{% endif %}"#;
        let mut own = disclosure();
        own.tables[1] = Table::new(1, TableState::Empty("本单位无此项".into()), Vec::new(), None, PLACE);
        assert_eq!(said_of(template, own), "本单位无此项。");
        assert_eq!(said(template, &[]), "本部门当年没有这项支出。");
        assert_eq!(said(template, &[("甲02表2010350行1栏", "1")]), "有");
        assert_eq!(said(template, &[("甲02表2010350行1栏", "?")]), "有");
    }

    #[test]
    fn a_table_filled_with_zeros_was_not_declared_empty() {
        let template = r#"{{ is_declared_empty(form="{general_by_function}") }}"#;
        let mut declared = disclosure();
        declared.tables[1] = Table::new(1, TableState::Empty(String::new()), Vec::new(), None, PLACE);
        assert_eq!(said_of(template, declared), "true");
        assert_eq!(said(template, &[("甲02表2010350行1栏", "0.00")]), "false");
    }

    #[test]
    fn whether_there_is_a_last_year_at_all_is_known() {
        let template = "{{ has_prior() }}";
        assert_eq!(said(template, &[(TOTAL, "5")]), "false");
        assert_eq!(said(template, &[(BEFORE, "?")]), "false");
        assert_eq!(said(template, &[(BEFORE, "0")]), "true");
        assert_eq!(said(template, &[("附注·机关运行经费·上年", "10")]), "true");
        let mut before = disclosure();
        before.year = 2022;
        let site = site(template, vec![before, disclosure()]);
        let (narrator, _) = Narrator::new(&site);
        assert_eq!(narrator.compose(&site, &site.disclosures[1]).0.plain(), "true\n");
    }

    #[test]
    fn rows_carry_their_names_and_the_notation_of_their_cells() {
        let template = r#"{% for row in rows(form="{general_by_function}", level="项") %}{{ row.path }} {{ row.basic }} {{ row.opening }}{% endfor %}"#;
        assert_eq!(
            said(template, &[("甲02表2010350行1栏", "1")]),
            "201（类）20103（款）2010350（项） 甲02表2010350行2栏 年初预算·2010350"
        );
    }

    #[test]
    fn last_year_is_the_published_one_before_the_one_this_document_gives() {
        let mut before = with(&[(TOTAL, "300")]);
        before.year = 2022;
        let now = with(&[(TOTAL, "330"), (BEFORE, "999")]);
        let site = site(r#"{{ change(cell="{income_grand_total}") }}"#, vec![before, now]);
        let (narrator, _) = Narrator::new(&site);
        let (narrative, _) = narrator.compose(&site, &site.disclosures[1]);
        assert_eq!(narrative.plain(), "增加30万元，增长10%\n");
    }

    #[test]
    fn a_fact_is_compared_with_the_one_beside_it() {
        let template = r#"{{ compare(cell="附注·机关运行经费·本年", subject="机关运行经费支出") }}"#;
        let figures = [("附注·机关运行经费·本年", "12"), ("附注·机关运行经费·上年", "10")];
        assert_eq!(said(template, &figures), "与2022年度相比，机关运行经费支出增加2万元，增长20%。");
        assert_eq!(said(template, &figures[..1]), "");
    }

    #[test]
    fn a_reason_is_told_once_and_never_without_a_change() {
        let template = r#"{{ compare(cell="{income_grand_total}", subject="总计", reason="k") }}{{ compare(cell="{income_grand_total}", subject="合计", reason="k") }}"#;
        let told = |before| {
            let mut disclosure = with(&[(TOTAL, "2"), (BEFORE, before)]);
            disclosure.reasons.insert("k".into(), Placed::new("人员*增加。".into(), PLACE));
            composed(template, disclosure)
        };
        let (narrative, findings) = told("1");
        assert_eq!(
            narrative.plain(),
            "与2022年度相比，总计增加1万元，增长100%，主要原因是人员\\*增加。与2022年度相比，合计增加1万元，增长100%。\n"
        );
        assert!(findings.is_empty());
        let (narrative, findings) = told("2");
        assert!(!narrative.plain().contains("原因"));
        assert_eq!((findings[0].code.id, findings[0].severity), ("N003", Severity::Warning));
    }

    #[test]
    fn a_reason_that_explains_nothing_names_the_figure_as_its_sentence_does() {
        let outturn = r#"{{ outturn(cell="{general_total}", budget="年初预算·合计", word="预算", reason="k") }}"#;
        let compare = r#"{{ compare(cell="{general_total}", subject="“三公”经费支出决算", reason="k") }}"#;
        let other = compare.replace("{general_total}", "{income_general}");
        let told = |template: &str, budget| {
            let mut disclosure = with(&[("甲02表合计行1栏", "2"), ("年初预算·合计", budget)]);
            disclosure.reasons.insert("k".into(), Placed::new("厉行节约。".into(), PLACE));
            let (_, findings) = composed(template, disclosure);
            findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        let idle = |name: &str| {
            vec![format!("“{name}”的决算数与预算数相比没有变动，却写了原因“厉行节约。”；情况说明里没有用它。")]
        };
        assert_eq!(told(&format!("{outturn}{compare}"), "2"), idle("‘三公’经费支出"));
        assert_eq!(
            told(&format!("{outturn}{other}"), "2"),
            idle("本年支出"),
            "a sentence on another figure names none"
        );
        assert_eq!(told(&format!("{outturn}{compare}"), "3"), Vec::<String>::new(), "the reason explains a difference");
    }

    #[test]
    fn a_figure_leads_to_its_cell() {
        let (narrative, _) = composed(r#"{{ amount(cell="{income_grand_total}") }}"#, with(&[(TOTAL, "373.97")]));
        assert_eq!(narrative.passages[0].markdown, "\u{E000}0\u{E001}万元\n");
        assert_eq!(
            narrative.uses,
            [FigureUse {
                text: "373.97".into(),
                value_fen: Some(373_970_000),
                cell: Some("甲01表31行1栏".into()),
                anchor: Some("#t01-31-c1".into()),
            }]
        );
    }

    #[test]
    fn only_figures_that_are_shown_are_counted_as_used() {
        let template = r#"{% set unused = amount(cell="{income_general}") %}{{ amount(cell="{income_grand_total}") }}"#;
        let (narrative, _) = composed(template, with(&[(TOTAL, "2")]));
        assert_eq!(narrative.uses.len(), 1);
        assert!(narrative.passages[0].markdown.starts_with("\u{E000}0\u{E001}"));
    }

    #[test]
    fn an_extra_chart_that_the_figures_do_not_give_is_left_out() {
        assert_eq!(said(r#"甲{{ chart(id="budget-items", extra=true) }}乙"#, &[(TOTAL, "2")]), "甲乙");
        let (_, findings) = composed(r#"{{ chart(id="budget-items") }}"#, disclosure());
        assert!(findings[0].message.contains("没有图“budget-items”"), "one that the document prints is missed");
    }

    #[test]
    fn charts_are_numbered_as_they_are_placed() {
        let template = r#"{{ chart(id="totals-change", title="总计变动") }}"#;
        assert_eq!(said(template, &[(TOTAL, "2")]), "图1：总计变动");
        let template =
            r#"{{ chart(id="totals-change", title="甲", extra=true) }} {{ chart(id="totals-change", title="乙") }}"#;
        assert_eq!(said(template, &[(TOTAL, "2")]), "图：甲 图1：乙");
    }

    #[test]
    fn a_mistake_in_a_template_names_the_template_the_line_and_the_disclosure() {
        let cases = [
            ("甲\n{{ amount(cell=\"{incom_other}\") }}", "第2行", "是不是“income_other”？"),
            ("{{ amount(cell=\"甲09表1行\") }}", "第1行", "“甲09表1行”不是一个数的名称"),
            ("{{ amount(cel=\"甲01表1行\") }}", "第1行", "没有参数“cel”"),
            ("{{ amount() }}", "第1行", "缺少参数“cell”"),
            ("{{ chart(id=\"pie\") }}", "第1行", "没有图“pie”"),
            ("{{ items(form=\"甲01表\", heading=\"人员经费\") }}", "第1行", "不是分块列示的表"),
        ];
        for (template, line, words) in cases {
            let (narrative, findings) = composed(template, disclosure());
            assert_eq!(narrative, Narrative::default());
            let message = &findings[0].message;
            assert!(message.contains("“test”") && message.contains(line) && message.contains(words), "{message}");
            assert_eq!((findings[0].unit.as_deref(), findings[0].year), (Some("unit"), Some(2023)));
        }
    }

    #[test]
    fn a_template_that_cannot_be_parsed_is_found_once() {
        let (narrative, findings) = composed("甲\n{{ amount(", disclosure());
        assert_eq!((narrative, findings.len(), findings[0].code.id), (Narrative::default(), 1, "N001"));
        assert!(findings[0].message.contains("第2行"), "{}", findings[0].message);
        let (_, findings) = composed("{{ no_such_function() }}", disclosure());
        assert_eq!(findings.len(), 1);
    }
}
