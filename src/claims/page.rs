//! The page being read: its numerals, what was made of each, and what they are held against.

use super::lexicon::{COUNTS, FILLERS, MONEY, Meaning, Topic};
use super::sentence::{Word, tidy};
use super::text::Blocks;
use super::{Counterpart, NumeralKind, State};
use crate::amount::{Amount, Percent, Scale};
use crate::check::judge::{self, Sign, Span};
use crate::check::{Scene, Source, Verdict};
use crate::diagnostic::{Finding, Place, Related, Severity};
use crate::model::code::{ClassCode, Level};
use crate::model::disclosure::Disclosure;
use crate::model::form::{CellRef, RowKey};
use crate::model::site::Site;
use crate::model::table::{Figure, TableState};

/// What was made of a numeral.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark {
    /// What it was read as; empty while it was not.
    pub reading: String,
    /// What it was held against.
    pub counterpart: Vec<Counterpart>,
    /// The worst verdict.
    pub verdict: Option<Verdict>,
}

/// A figure that a numeral is held against.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Its name in the notation, or in words.
    pub name: String,
    /// The cell or fact, where it is one.
    pub cell: bool,
    /// The figure.
    pub figure: Figure,
    /// Where it stands.
    pub place: Option<Place>,
}

/// What a numeral is about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    /// The same for every mention of the same thing.
    pub key: String,
    /// Its name in Chinese.
    pub label: String,
    /// The cells and facts that hold it.
    pub sources: Vec<Source>,
    /// Whether nothing but the thing itself was named.
    pub certain: bool,
    /// The numeral that stated it last.
    pub word: Option<usize>,
}

/// A term of a relation: a numeral of the text or a figure held elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    /// What it is called in messages.
    pub name: String,
    /// As shown, with its unit.
    pub shown: String,
    /// The exact amounts it may stand for.
    pub span: Span,
    /// Where it stands.
    pub place: Option<Place>,
    /// The numeral, where it is one of the text.
    pub word: Option<usize>,
}

/// A text with everything that is known of its numerals.
pub(crate) struct Page<'a> {
    /// The text itself.
    pub source: &'a str,
    /// The numerals with the words around them.
    pub words: Vec<Word>,
    /// What was made of each.
    pub marks: Vec<Mark>,
    /// The disclosure, where there is one.
    pub scene: Option<Scene<'a>>,
    /// The site it belongs to.
    pub site: Option<&'a Site>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// How an outcome is told when it fails.
pub(crate) struct Telling<'t> {
    /// The code.
    pub code: &'t str,
    /// What the numeral was read as.
    pub reading: String,
    /// What should stand there, where that can be said.
    pub expected: Option<String>,
    /// The sentence.
    pub message: String,
    /// Whether the reading is certain: else a failure is a warning only.
    pub certain: bool,
    /// What to do.
    pub help: &'t str,
}

impl<'a> Page<'a> {
    /// The figures of a text, read and checked.
    pub fn read(source: &'a str, blocks: &Blocks, scene: Option<Scene<'a>>, site: Option<&'a Site>) -> Self {
        let words = super::sentence::words(blocks);
        let marks = vec![Mark::default(); words.len()];
        let mut page = Self { source, words, marks, scene, site, findings: Vec::new() };
        super::grammar::read(&mut page);
        super::records::read(&mut page);
        super::echo::read(&mut page, blocks);
        page
    }

    /// The disclosure, where there is one.
    pub fn disclosure(&self) -> Option<&'a Disclosure> {
        self.scene.map(|scene| scene.disclosure)
    }

    /// The year that the text is about: the disclosure's, else the latest that it names as 年度.
    pub fn year(&self) -> Option<i32> {
        let named = |word: &Word| {
            let dated = word.token.kind == NumeralKind::Aside(super::Aside::Date) && word.token.digits.len() == 4;
            (dated && word.behind.starts_with("年度")).then(|| word.token.digits.parse().ok())?
        };
        let said = || self.words.iter().filter_map(named).max();
        self.disclosure().map(|disclosure| disclosure.year).or_else(said)
    }

    /// The unit of money of the document.
    pub fn scale(&self) -> Scale {
        self.disclosure().map_or(Scale::TenThousand, |disclosure| disclosure.set.scale)
    }

    /// What became of a numeral.
    pub fn state(&self, at: usize) -> State {
        match &self.marks[at] {
            _ if self.words[at].is_aside() => State::Aside,
            mark if mark.verdict.is_some() && !mark.counterpart.is_empty() => State::Checked,
            mark if !mark.reading.is_empty() => State::NoCounterpart,
            _ => State::Unread,
        }
    }

    /// Whether a check that a numeral took part in failed.
    pub fn is_wrong(&self, at: usize) -> bool {
        matches!(self.marks[at].verdict, Some(Verdict::Fail | Verdict::FailTruncated))
    }

    /// Notes what a numeral was read as.
    pub fn reads(&mut self, at: usize, reading: &str) {
        let mark = &mut self.marks[at];
        if mark.reading.is_empty() {
            reading.clone_into(&mut mark.reading);
        }
    }

    // What a figure is

    /// The exact amounts that a numeral of money stands for; a bare one is taken to be in the
    /// document's unit.
    pub fn span(&self, at: usize) -> Option<Span> {
        let (word, printed) = (&self.words[at], self.scale());
        match word.token.kind {
            NumeralKind::Amount(scale) => word.span_in(scale, printed),
            NumeralKind::Bare => word.span_in(printed, printed),
            _ => None,
        }
    }

    /// A numeral of money as a term.
    pub fn term(&self, at: usize, name: &str) -> Option<Term> {
        let word = &self.words[at];
        let shown = tidy(&word.text);
        Some(Term { name: name.to_owned(), shown, span: self.span(at)?, place: Some(word.place), word: Some(at) })
    }

    /// A held amount as a term; a blank one is nothing.
    pub fn held_term(&self, held: &Held) -> Option<Term> {
        let span = self.held_span(held)?;
        Some(Term { name: held.name.clone(), shown: self.shown(held.figure), span, place: held.place, word: None })
    }

    fn held_span(&self, held: &Held) -> Option<Span> {
        let scale = self.disclosure().map_or(Scale::TenThousand, |disclosure| disclosure.scale);
        match held.figure {
            Figure::Amount(amount) => Some(Span::of(amount.print(scale), Sign::Any)),
            Figure::Blank => Some(Span::NOTHING),
            _ => None,
        }
    }

    /// A figure with its unit: `373.97万元`, `空白`.
    pub fn shown(&self, figure: Figure) -> String {
        match figure {
            Figure::Amount(amount) => shown_amount(amount, self.scale()),
            Figure::Count(count) => count.to_string(),
            Figure::Blank => "空白".to_owned(),
            Figure::Unknown | Figure::NotRead => "未提供".to_owned(),
        }
    }

    /// The figure that a cell or fact holds; `None` where the document does not give it.
    pub fn held(&self, source: &Source) -> Option<Held> {
        let scene = self.scene?;
        let figure = scene.figure(source);
        let given = match source {
            Source::Cell(cell) => {
                matches!(scene.disclosure.table(cell.form).state, TableState::Filled | TableState::Empty(_))
            }
            Source::Fact(_) | Source::Prior(_) => figure != Figure::Blank,
        };
        let known = given && !matches!(figure, Figure::Unknown | Figure::NotRead);
        let name = source.name(&scene.disclosure.set);
        known.then(|| Held { name, cell: true, figure, place: scene.place(source) })
    }

    /// Last year's figure of a subject.
    pub fn held_prior(&self, subject: &Subject) -> Option<Held> {
        let prior = |source: &Source| match source {
            Source::Cell(cell) => self.held(&Source::Prior(*cell)),
            Source::Fact(name) => {
                let before = name.strip_suffix("·本年").map(|group| format!("{group}·上年"))?;
                self.held(&Source::Fact(before.into()))
            }
            Source::Prior(_) => None,
        };
        subject.sources.iter().find_map(prior)
    }

    /// What is held of a subject.
    pub fn held_of(&self, subject: &Subject) -> Vec<Held> {
        subject.sources.iter().filter_map(|source| self.held(source)).collect()
    }

    // What a phrase means

    fn source_of(&self, meaning: Meaning) -> (String, Vec<Source>) {
        match meaning {
            Meaning::Concepts(keys) => {
                let cell = |key: &&str| self.disclosure()?.set.concept_cell(key).map(Source::Cell);
                (keys[0].to_owned(), keys.iter().filter_map(cell).collect())
            }
            Meaning::Fact(name) => {
                (name.to_owned(), self.disclosure().map(|_| Source::Fact(name.into())).into_iter().collect())
            }
        }
    }

    /// The thing that a concept or fact names.
    pub fn subject_of(&self, key: &str, label: &str) -> Subject {
        let source = if key.contains('·') {
            self.disclosure().map(|_| Source::Fact(key.into()))
        } else {
            self.disclosure().and_then(|disclosure| disclosure.set.concept_cell(key)).map(Source::Cell)
        };
        Subject {
            key: key.into(),
            label: label.into(),
            sources: source.into_iter().collect(),
            certain: true,
            word: None,
        }
    }

    /// The thing that the words before an amount name.
    pub fn money(&self, near: &str, topic: Topic) -> Option<Subject> {
        let near = near.trim_end_matches('（');
        let near = if near.contains('（') { near } else { near.trim_end_matches('）') };
        if topic == Topic::Basic
            && let Some(subject) = self.economic(plain_head(near))
        {
            return Some(subject);
        }
        for phrase in heads(near) {
            if let Some(subject) = self.class_row(plain_head(phrase)) {
                return Some(subject);
            }
            let fits = |(name, topics, _): &&super::lexicon::Entry| {
                phrase.ends_with(name) && (topics.is_empty() || topics.contains(&topic))
            };
            if let Some((name, _, meaning)) = MONEY.iter().filter(fits).max_by_key(|(name, ..)| name.len()) {
                let (key, sources) = self.source_of(*meaning);
                let certain = self.is_plain(&phrase[..phrase.len() - name.len()]);
                return Some(Subject { key, label: (*name).to_owned(), sources, certain, word: None });
            }
        }
        None
    }

    /// The thing that the words before a count name.
    pub fn counted(&self, near: &str, unit: &str) -> Option<Subject> {
        for phrase in heads(near) {
            let fits = |(name, units, _): &&(&str, &[&str], Meaning)| phrase.ends_with(name) && units.contains(&unit);
            if let Some((name, _, meaning)) = COUNTS.iter().filter(fits).max_by_key(|(name, ..)| name.len()) {
                let (key, sources) = self.source_of(*meaning);
                return Some(Subject { key, label: (*name).to_owned(), sources, certain: true, word: None });
            }
        }
        None
    }

    /// Whether the words before a name narrow it down to nothing else.
    fn is_plain(&self, before: &str) -> bool {
        const PLAIN: [&str; 22] = [
            "其中",
            "年度",
            "年",
            "本单位",
            "本部门",
            "我单位",
            "我部门",
            "单位",
            "部门",
            "当年",
            "全年",
            "公开",
            "合计",
            "财政拨款",
            "开支",
            "共有",
            "共",
            "的",
            "本",
            "截至",
            "月",
            "日",
        ];
        let unit = self.disclosure().and_then(|disclosure| self.site?.unit_of(disclosure));
        let mut rest = before.to_owned();
        for name in unit.iter().flat_map(|unit| [&unit.name, &unit.short]) {
            rest = rest.replace(name.as_str(), "");
        }
        for word in PLAIN {
            rest = rest.replace(word, "");
        }
        rest.chars().all(|c| c.is_ascii_digit() || "（）．.、-".contains(c))
    }

    /// The row of an economic 款 by its very name.
    fn economic(&self, name: &str) -> Option<Subject> {
        let disclosure = self.disclosure()?;
        let (index, form) = disclosure.set.concept_form("general_basic_by_item")?;
        let line = form.lines.iter().find(|line| tidy(&line.label) == name && !name.is_empty() && !line.total)?;
        let cell = CellRef { form: index, row: line.key, column: u16::try_from(line.columns.start).ok()? };
        Some(Subject {
            key: format!("基本支出·{name}"),
            label: name.to_owned(),
            sources: vec![Source::Cell(cell)],
            certain: true,
            word: None,
        })
    }

    /// The rows of the functional classification with a level, by code and name.
    fn functional(&self, level: Level) -> Vec<(ClassCode, String)> {
        let Some(disclosure) = self.disclosure() else { return Vec::new() };
        let Some((index, _)) = disclosure.set.concept_form("general_by_function") else { return Vec::new() };
        let table = disclosure.table(index);
        let code = |key: RowKey| match key {
            RowKey::Code(code) if code.level() == level => Some(code),
            _ => None,
        };
        let known = |code| self.site?.functional_name(code, disclosure.year).map(str::to_owned);
        let named =
            |key| code(key).and_then(|code| Some((code, table.name(key).map(str::to_owned).or_else(|| known(code))?)));
        table.rows.iter().filter_map(|row| named(row.key)).collect()
    }

    fn functional_subject(&self, code: ClassCode, label: String) -> Option<Subject> {
        let (form, _) = self.disclosure()?.set.concept_form("general_by_function")?;
        let source = Source::Cell(CellRef { form, row: RowKey::Code(code), column: 0 });
        Some(Subject { key: format!("科目·{code}"), label, sources: vec![source], certain: true, word: None })
    }

    /// A 类 by its name, 支出 and （类） left out or not.
    fn class_row(&self, name: &str) -> Option<Subject> {
        let bare = |name: &str| name.replace("（类）", "").trim_end_matches("支出").to_owned();
        let wanted = bare(name);
        let (code, name) = self.functional(Level::Class).into_iter().find(|(_, name)| bare(&tidy(name)) == wanted)?;
        self.functional_subject(code, name)
    }

    /// The 项 that a path of 类, 款 and 项 names.
    pub fn item(&self, class: &str, item: &str) -> Subject {
        let bare = |name: &str| name.trim_end_matches("支出").to_owned();
        let classes = self.functional(Level::Class);
        let of_class = |code: &ClassCode| {
            classes.iter().any(|(other, name)| *other == code.class() && bare(&tidy(name)) == bare(class))
        };
        let found: Vec<_> = self.functional(Level::Item).into_iter().filter(|(_, name)| tidy(name) == item).collect();
        let chosen =
            found.iter().find(|(code, _)| of_class(code)).or_else(|| found.first().filter(|_| found.len() == 1));
        let known = chosen.and_then(|(code, name)| self.functional_subject(*code, name.clone()));
        known.unwrap_or_else(|| Subject {
            key: format!("科目·{class}·{item}"),
            label: item.to_owned(),
            ..Subject::default()
        })
    }

    /// The budgets that a subject is measured against, 年初预算 before 全年预算 or behind it.
    pub fn budgets(&self, subject: &Subject, opening: bool) -> Vec<Held> {
        let groups = if opening { ["年初预算", "全年预算"] } else { ["全年预算", "年初预算"] };
        let name = match subject.key.as_str() {
            "general_total" | "spending_total" => "合计",
            "general_basic" | "spending_basic" => "基本支出",
            "general_project" | "spending_project" => "项目支出",
            key => {
                if let Some(rest) = key.strip_prefix("three_public_actual") {
                    let budget = self.subject_of(&format!("three_public_budget{rest}"), "");
                    return self.held_of(&budget);
                }
                key.strip_prefix("科目·").unwrap_or_default()
            }
        };
        let fact = |group: &&str| self.held(&Source::Fact(format!("{group}·{name}").into()));
        groups.iter().filter(|_| !name.is_empty()).find_map(fact).into_iter().collect()
    }

    // Judging

    /// Notes a verdict on a numeral and tells it where it fails.
    pub fn settle(&mut self, at: usize, verdict: Verdict, against: &[Term], telling: Telling<'_>) {
        self.reads(at, &telling.reading);
        let mark = &mut self.marks[at];
        for term in against {
            mark.counterpart.push(Counterpart {
                name: term.name.clone(),
                figure: term.shown.clone(),
                place: term.place,
            });
        }
        mark.verdict = Some(mark.verdict.map_or(verdict, |before| worse(before, verdict)));
        let usual = if telling.certain { Severity::Error } else { Severity::Warning };
        let Some(severity) = verdict.severity(usual) else { return };
        let mut finding = Finding::new(telling.code, telling.message)
            .at(self.words[at].place)
            .severity(severity)
            .verdict(verdict.key())
            .help(telling.help);
        finding.expected = telling.expected;
        finding.actual = Some(tidy(&self.words[at].text));
        for term in against {
            let label = format!("{} {}", term.name, term.shown);
            finding.related.push(Related { label, cell: None, place: term.place });
        }
        if let Some(disclosure) = self.disclosure() {
            finding = finding.about(&disclosure.unit, disclosure.year);
        }
        self.findings.push(finding);
    }

    /// Notes that a numeral was checked by the relation that another states.
    pub fn joins(&mut self, at: usize, stated: usize, verdict: Verdict, reading: &str) {
        self.reads(at, reading);
        let name = format!("本文的{}", self.marks[stated].reading);
        let (figure, place) = (tidy(&self.words[stated].text), Some(self.words[stated].place));
        let mark = &mut self.marks[at];
        mark.counterpart.push(Counterpart { name, figure, place });
        mark.verdict = Some(mark.verdict.map_or(verdict, |before| worse(before, verdict)));
    }

    /// Holds an amount or a count against a figure held elsewhere.
    pub fn hold(&mut self, at: usize, subject: &Subject, held: &Held) {
        let (verdict, term) = self.compare(at, held);
        let (Some(verdict), Some(term)) = (verdict, term) else { return };
        let text = tidy(&self.words[at].text);
        let expected = self.expected(at, held);
        let mut message = format!("{}写的是{text}，{}是{}", subject.label, held.name, term.shown);
        let wrong = self.span(at).filter(|_| verdict == Verdict::Fail);
        let is_yuan = wrong.is_some_and(|wrong| wrong.point * 10_000 == term.span.point);
        if let Some(slip) = wrong.and_then(|wrong| crate::check::slip_between(wrong.point, term.span.point)) {
            message.extend(["，像是", slip]);
        }
        if let Some(owner) = (verdict == Verdict::Fail).then(|| self.owner_of(at, subject)).flatten() {
            message.extend(["；", &text, "是“", &owner, "”的数"]);
        }
        let telling = Telling {
            code: if is_yuan { "T211" } else { "T101" },
            reading: subject.label.clone(),
            expected: Some(expected),
            message,
            certain: subject.certain,
            help: "同一个数在正文和表中应当一致。请对照表改正正文；表错了的，改正表。",
        };
        let name = held.cell.then(|| held.name.clone());
        let before = self.findings.len();
        self.settle(at, verdict, &[term], telling);
        for finding in &mut self.findings[before..] {
            finding.cell.clone_from(&name);
        }
    }

    /// Whether a numeral is the figure held elsewhere.
    pub fn agrees(&self, at: usize, held: &Held) -> bool {
        self.compare(at, held).0.is_some_and(Verdict::passes)
    }

    fn expected(&self, at: usize, held: &Held) -> String {
        match held.figure {
            Figure::Count(count) => format!("{count}{}", self.words[at].unit()),
            Figure::Blank => "不列（表中为空白）".to_owned(),
            figure => self.shown(figure),
        }
    }

    fn compare(&self, at: usize, held: &Held) -> (Option<Verdict>, Option<Term>) {
        let word = &self.words[at];
        if let Some(count) = word.count() {
            let there = match held.figure {
                Figure::Count(there) => there,
                Figure::Blank => 0,
                _ => return (None, None),
            };
            let verdict = if count == there { Verdict::Exact } else { Verdict::Fail };
            let shown = format!("{there}{}", word.unit());
            let span = Span::exactly(i128::from(there));
            return (Some(verdict), Some(Term { name: held.name.clone(), shown, span, place: held.place, word: None }));
        }
        let (Some(span), Some(term)) = (self.span(at), self.held_term(held)) else { return (None, None) };
        (Some(judge::same_figure(&[span, term.span])), Some(term))
    }

    /// The economic 款 that a misplaced amount belongs to, where exactly one has it.
    fn owner_of(&self, at: usize, subject: &Subject) -> Option<String> {
        subject.key.strip_prefix("基本支出·")?;
        let disclosure = self.disclosure()?;
        let (index, form) = disclosure.set.concept_form("general_basic_by_item")?;
        let span = self.span(at)?;
        let is_item = |row: RowKey| matches!(row, RowKey::Code(code) if code.level() == Level::Section);
        let same = |cell: CellRef| {
            let held = self.held(&Source::Cell(cell)).and_then(|held| self.held_term(&held));
            held.is_some_and(|term| judge::same_figure(&[span, term.span]).passes())
        };
        let cells = disclosure.table(index).cells().map(|(cell, _)| cell).filter(|cell| is_item(cell.row));
        let found: Vec<CellRef> = cells.filter(|cell| same(*cell)).collect();
        match found[..] {
            [only] => form.line(only.row).map(|line| line.label.clone()),
            _ => None,
        }
    }
}

/// An amount with its unit.
pub(crate) fn shown_amount(amount: Amount, scale: Scale) -> String {
    format!("{}{}", amount.print(scale), scale.name())
}

/// The percentage that a quotient of amounts in 分 comes to.
pub(crate) fn percent_of(part: i128, whole: i128, decimals: u32) -> Option<Percent> {
    Percent::of(Amount::from_fen(part), Amount::from_fen(whole), decimals)
}

/// The graver of two verdicts.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    const ORDER: [Verdict; 7] = [
        Verdict::Fail,
        Verdict::FailTruncated,
        Verdict::Improbable,
        Verdict::WithinRounding,
        Verdict::Exact,
        Verdict::NotCheckable,
        Verdict::NotRead,
    ];
    ORDER.into_iter().find(|verdict| [one, other].contains(verdict)).unwrap_or(one)
}

/// A phrase without the numbering and the link words before it.
fn plain_head(phrase: &str) -> &str {
    let phrase =
        phrase.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '．' | '）' | '、' | '：'));
    phrase.strip_prefix("其中").unwrap_or(phrase)
}

/// A phrase without the fillers at its end, in every way of taking them off, the longest first.
fn heads(phrase: &str) -> Vec<&str> {
    let mut found = vec![phrase];
    let mut at = 0;
    while at < found.len() {
        let whole = found[at];
        for rest in FILLERS.iter().filter_map(|filler| whole.strip_suffix(filler)) {
            if !rest.is_empty() && !found.contains(&rest) {
                found.push(rest);
            }
        }
        at += 1;
    }
    found.sort_by_key(|head| std::cmp::Reverse(head.len()));
    found
}
