//! Narratives: templates in, Markdown with marked figures out.
//!
//! 1. [`Narrator::new`] parses every template once; what cannot be parsed is a finding.
//! 2. [`Narrator::compose`] lays one disclosure on a [`Desk`], renders the template its set
//!    names, and takes the text and the figures it used off the desk again.
//! 3. The functions of the templates find their desk through the context, by its number;
//!    templates reach nothing else: no file, no environment, no network.
//!
//! Every figure in the text is a marker, `U+E000 index U+E001`, that stands for an entry of
//! [`Narrative::uses`]; a chart is `U+E002 index U+E003`. Sources may not hold these
//! characters. Direction words, rates and empty phrases are chosen by the figures.

mod desk;
mod functions;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera};

use crate::derive::chart::Chart;
use crate::derive::narrative::desk::{Desk, Desks};
use crate::derive::narrative::words::{CHART, CHART_END, FIGURE, FIGURE_END, Piece};
use crate::diagnostic::{Finding, Place};
use crate::model::classification::Classification;
use crate::model::disclosure::Disclosure;
use crate::model::site::{NarrativeTemplate, Site};

pub use functions::{FUNCTIONS, Function};

/// A disclosure in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrative {
    /// The text in Markdown, with markers for figures and charts.
    pub markdown: String,
    /// The figures, in the order of the text.
    pub uses: Vec<FigureUse>,
    /// The charts, in the order of the text: the first is 图1.
    pub charts: Vec<Chart>,
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
        let mut findings = made.findings;
        match rendered {
            Ok(text) => (finish(&text, &made.uses, &made.charts), findings),
            Err(error) => {
                let message = format!("{}（{}{}年度）", explain(&error), disclosure.unit, disclosure.year);
                findings.push(self.located(template, &error, message).about(&disclosure.unit, disclosure.year));
                (Narrative::default(), findings)
            }
        }
    }

    fn trouble(&self, template: &str, error: &tera::Error) -> Finding {
        self.located(template, error, explain(error))
    }

    /// A finding at the place in a template that an error points to.
    fn located(&self, template: &str, error: &tera::Error, message: String) -> Finding {
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

const HELP: &str = "改正模板的这一处；函数和参数的写法见模板函数一览。";

fn missing_template(disclosure: &Disclosure) -> Finding {
    let message = format!("表式“{}”指定的情况说明模板“{}”不存在。", disclosure.set.id, disclosure.set.narrative);
    Finding::new("N002", message)
        .at(disclosure.place)
        .about(&disclosure.unit, disclosure.year)
        .help("在 content/narratives/ 里加上这个模板，或改正 set.toml 的 narrative。")
}

/// What an error says, in one sentence without its source excerpt.
fn explain(error: &tera::Error) -> String {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => report.message().to_owned(),
        other => other.to_string(),
    }
}

/// Keeps the figures and charts that the text shows, numbered in its order.
fn finish(text: &str, uses: &[FigureUse], charts: &[Chart]) -> Narrative {
    let mut narrative = Narrative::default();
    let mut markdown = String::with_capacity(text.len());
    for piece in words::pieces(text) {
        match piece {
            Piece::Text(text) => markdown.push_str(text),
            Piece::Figure(index) => {
                let Some(figure) = uses.get(index) else { continue };
                push_marker(&mut markdown, FIGURE, narrative.uses.len(), FIGURE_END);
                narrative.uses.push(figure.clone());
            }
            Piece::Chart(index) => {
                let Some(chart) = charts.get(index) else { continue };
                push_marker(&mut markdown, CHART, narrative.charts.len(), CHART_END);
                narrative.charts.push(chart.clone());
            }
        }
    }
    narrative.markdown = words::tidy(&markdown);
    narrative
}

fn push_marker(out: &mut String, open: char, index: usize, close: char) {
    out.push(open);
    out.push_str(&index.to_string());
    out.push(close);
}

impl Narrative {
    /// The text as a reader sees it: figures in place, charts by their titles.
    pub fn plain(&self) -> String {
        let piece = |piece| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Figure(index) => self.uses.get(index).map_or_else(String::new, |figure| figure.text.clone()),
            Piece::Chart(index) => {
                self.charts.get(index).map_or_else(String::new, |chart| format!("图{}：{}", index + 1, chart.title))
            }
        };
        words::pieces(&self.markdown).into_iter().map(piece).collect()
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
