//! One unit, one year, one kind: everything that its document holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::amount::Scale;
use crate::diagnostic::{Code, FileId, Place, Placed};
use crate::model::amendment::Amendment;
use crate::model::date::Date;
use crate::model::form::{CellRef, FormSet, Kind, RowKey};
use crate::model::performance::Evaluation;
use crate::model::table::{Figure, Row, Table, TableState};
use crate::model::unit::About;

/// A disclosure: one unit's final accounts or budget for one year.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// The unit's id.
    pub unit: String,
    /// The fiscal year.
    pub year: i32,
    /// 决算 or 预算.
    pub kind: Kind,
    /// The forms it is filled in on.
    pub set: Arc<FormSet>,
    /// The printed title.
    pub title: String,
    /// The word it uses for itself: 部门 or 单位.
    pub word: String,
    /// 公开日期, where the source states it.
    pub published: Option<Placed<Date>>,
    /// 批复日期, where the source states it.
    pub approved: Option<Placed<Date>>,
    /// The unit of money its figures are entered in.
    pub scale: Scale,
    /// Why its tables had to be rebuilt from the text, where they were.
    pub rebuilt: Option<String>,
    /// Duties and organisation.
    pub about: About,
    /// Its tables, one for each form of the set, in the set's order.
    pub tables: Vec<Table>,
    /// Last year's figures as this document gives them.
    pub prior: BTreeMap<CellRef, Placed<Figure>>,
    /// Facts outside the tables, by their name: `附注·政府采购·货物`.
    pub facts: BTreeMap<String, Placed<Figure>>,
    /// Figures that the document's own text states, by cell or fact.
    pub stated: Vec<Stated>,
    /// Control totals of tables, reckoned from the document when it was entered.
    pub controls: Vec<Control>,
    /// The unit's reasons, by narrative key or code.
    pub reasons: BTreeMap<String, Placed<String>>,
    /// What money was used for, by narrative key or code.
    pub uses: BTreeMap<String, Placed<String>>,
    /// What 其他用车 and the like are used for.
    pub vehicle_use: BTreeMap<String, String>,
    /// Itemised receptions.
    pub receptions: Vec<Reception>,
    /// Glossary term ids in printed order.
    pub terms: Vec<Placed<String>>,
    /// What was wrong in the source and is entered right.
    pub corrections: Vec<Correction>,
    /// Findings that the unit accepts, with its reasons.
    pub exceptions: Vec<Exception>,
    /// Self-evaluations in printed order.
    pub evaluations: Vec<Evaluation>,
    /// 预算绩效情况说明, own words in Markdown.
    pub performance_text: Option<Placed<String>>,
    /// Sections of the narrative in the unit's own words, in the order of `narrative.md`.
    pub narrative_text: Vec<OwnSection>,
    /// 重点工作, own words in Markdown.
    pub work_text: Option<Placed<String>>,
    /// Prose in its data files: reasons, uses, texts and notes of self-evaluations, key work; by
    /// place. What is read of it is for checking typed figures; pages show the fields.
    pub prose: Vec<Placed<String>>,
    /// 重点工作, the table.
    pub work_items: Vec<WorkItem>,
    /// Files that are published with it as they are, by name.
    pub attachments: Vec<Attachment>,
    /// 更正: its republications in their order, each with the version before it.
    pub amendments: Vec<Amendment>,
    /// Whether it may be published.
    pub state: State,
    /// The beginning of `disclosure.toml`.
    pub place: Place,
}

/// How far the work on a disclosure has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// 待发布: published with the site as soon as everything agrees.
    #[default]
    Ready,
    /// 草稿: checked and told, never published, in nobody's way.
    Draft,
}

/// A figure that the document's text states.
#[derive(Clone, Debug)]
pub struct Stated {
    /// What it names.
    pub target: Target,
    /// The figure, where it stands.
    pub figure: Placed<Figure>,
}

/// 校验数: how many figures a printed table holds, and what they add up to.
///
/// Sums let a figure drift by the last digit; these do not.
#[derive(Clone, Debug)]
pub struct Control {
    /// The form in the set's list.
    pub form: u16,
    /// How many amounts the table holds, 0.00 included.
    pub figures: i64,
    /// All of them added up.
    pub sum: Figure,
    /// Where it is written.
    pub place: Place,
}

/// A cell of a table or a fact outside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A cell.
    Cell(CellRef),
    /// A fact, by its name.
    Fact(String),
}

/// An itemised reception.
#[derive(Clone, Debug)]
pub struct Reception {
    /// Who was received.
    pub guests: String,
    /// What for.
    pub purpose: Option<String>,
    /// What it cost.
    pub amount: Figure,
    /// How many groups.
    pub groups: Option<i64>,
    /// How many people.
    pub people: Option<i64>,
    /// Where it is written.
    pub place: Place,
}

/// A source note: what was printed, and what is right.
#[derive(Clone, Debug)]
pub struct Correction {
    /// Where in the published document.
    pub place_in_document: String,
    /// What was printed.
    pub printed: String,
    /// What is right.
    pub right: String,
    /// Why.
    pub note: String,
    /// The cell or fact, where it is one.
    pub cell: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// 例外: a finding that the unit stands by, with who answers for it.
#[derive(Clone, Debug)]
pub struct Exception {
    /// The finding's code: `C113`.
    pub code: &'static Code,
    /// The cell or fact it is about, by its name; any of the code's findings when left out.
    pub cell: Option<Placed<String>>,
    /// Words that the finding tells, of a finding about a text: `44.57亿元`. Texts have no cells,
    /// and without them one exception would cover every mistake of its kind.
    pub words: Option<String>,
    /// Why it is right as it is.
    pub reason: String,
    /// Who says so.
    pub person: String,
    /// Since when.
    pub date: Date,
    /// The last day it holds, where it ends.
    pub expires: Option<Date>,
    /// Where it is written.
    pub place: Place,
}

/// A section of `narrative.md`: the unit's own words for a section of the narrative.
#[derive(Clone, Debug)]
pub struct OwnSection {
    /// The heading that names the section, without `##` and `（补充）`.
    pub heading: Placed<String>,
    /// What the words do to the generated ones.
    pub manner: Manner,
    /// The words, in Markdown; not empty. Their own headings have the third level or a lower one.
    pub text: Placed<String>,
}

/// What a unit's own words do to the generated words of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// They stand in their place.
    Replaces,
    /// 补充: they follow them.
    Adds,
}

/// A row of the key-work table.
#[derive(Clone, Debug)]
pub struct WorkItem {
    /// 序号
    pub number: String,
    /// 重要事项
    pub matter: String,
    /// 工作内容及目标
    pub goal: String,
    /// 完成情况
    pub result: String,
    /// Where it is written.
    pub place: Place,
}

/// A file that is published with a disclosure as it is.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name: `2023-juesuan.pdf`.
    pub name: String,
    /// Its path below the disclosure's folder: `attachments/2023-juesuan.pdf`.
    pub path: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

impl Disclosure {
    /// The figure in a cell.
    pub fn figure(&self, cell: CellRef) -> Figure {
        self.tables[usize::from(cell.form)].figure(cell.row, usize::from(cell.column))
    }

    /// Where a cell stands; a blank one where its row or table stands.
    pub fn place_of(&self, cell: CellRef) -> Place {
        self.tables[usize::from(cell.form)].place_of(cell.row, usize::from(cell.column))
    }

    /// Whether the disclosure's page shows a cell: its table was given and has the row.
    pub fn shows(&self, cell: CellRef) -> bool {
        let table = self.table(cell.form);
        let given = matches!(table.state, TableState::Filled | TableState::Empty(_));
        // Nearly every row that is asked for is there; lines are looked through for the others.
        let printed = || self.set.form_of(cell).line(cell.row).is_some_and(|line| !line.label.is_empty());
        given && (table.has_row(cell.row) || matches!(cell.row, RowKey::Total | RowKey::Only) || printed())
    }

    /// The figure of a fact; blank when the source does not give it.
    pub fn fact(&self, name: &str) -> Figure {
        self.facts.get(name).map_or(Figure::Blank, |fact| fact.value)
    }

    /// The figure a concept stands for in this disclosure's set; blank when the set lacks it.
    pub fn concept(&self, key: &str) -> Figure {
        self.set.concept_cell(key).map_or(Figure::Blank, |cell| self.figure(cell))
    }

    /// What lists and comparisons ask of a disclosure: the figures of concepts and of 类, and the
    /// totals of rows of codes in forms that a concept stands for. Without texts, facts, terms and
    /// self-evaluations; attachments without their bytes.
    #[must_use]
    pub fn in_brief(&self) -> Self {
        let concepts: BTreeSet<CellRef> =
            self.set.concepts.keys().filter_map(|key| self.set.concept_cell(key)).collect();
        let asked: BTreeSet<CellRef> = concepts.iter().copied().chain(self.set.class_lines()).collect();
        let listed: BTreeSet<u16> = self.set.listed_forms().collect();
        let is_asked = |row: &Row, cell: CellRef| {
            let is_total = usize::from(cell.column) == row.columns.start;
            asked.contains(&cell) || (is_total && matches!(row.key, RowKey::Code(_)) && listed.contains(&cell.form))
        };
        let amendments = self.amendments.iter().map(|amendment| Amendment {
            reason: amendment.reason.clone(),
            earlier: Arc::new(amendment.earlier.in_brief()),
            ..*amendment
        });
        let attachments = self.attachments.iter().map(|attachment| Attachment {
            name: attachment.name.clone(),
            path: attachment.path.clone(),
            bytes: Arc::default(),
        });
        Self {
            unit: self.unit.clone(),
            year: self.year,
            kind: self.kind,
            title: self.title.clone(),
            word: self.word.clone(),
            published: self.published,
            approved: self.approved,
            scale: self.scale,
            tables: self.tables.iter().map(|table| table.in_brief(is_asked)).collect(),
            prior: self
                .prior
                .iter()
                .filter(|(cell, _)| concepts.contains(cell))
                .map(|(cell, said)| (*cell, *said))
                .collect(),
            exceptions: self.exceptions.clone(),
            attachments: attachments.collect(),
            amendments: amendments.collect(),
            state: self.state,
            ..Self::empty(Arc::clone(&self.set), self.place)
        }
    }

    /// A disclosure in brief as if it stood nowhere: of two that say the same, the same, wherever
    /// their files are among the others.
    #[must_use]
    pub fn without_places(&self) -> Self {
        let nowhere = Place::start_of(FileId(0));
        let mut plain = Self { place: nowhere, ..self.clone() };
        for date in [&mut plain.published, &mut plain.approved].into_iter().flatten() {
            date.place = nowhere;
        }
        plain.tables.iter_mut().for_each(|table| table.place = nowhere);
        plain.prior.values_mut().for_each(|figure| figure.place = nowhere);
        plain.terms.iter_mut().for_each(|term| term.place = nowhere);
        for exception in &mut plain.exceptions {
            exception.place = nowhere;
            exception.cell.iter_mut().for_each(|cell| cell.place = nowhere);
        }
        for amendment in &mut plain.amendments {
            amendment.place = nowhere;
            amendment.earlier = Arc::new(amendment.earlier.without_places());
        }
        plain
    }

    /// A disclosure of which nothing is known but its forms and its place.
    pub(crate) fn empty(set: Arc<FormSet>, place: Place) -> Self {
        Self {
            unit: String::new(),
            year: 0,
            kind: Kind::default(),
            set,
            title: String::new(),
            word: String::new(),
            published: None,
            approved: None,
            scale: Scale::default(),
            rebuilt: None,
            about: About::default(),
            tables: Vec::new(),
            prior: BTreeMap::new(),
            facts: BTreeMap::new(),
            stated: Vec::new(),
            controls: Vec::new(),
            reasons: BTreeMap::new(),
            uses: BTreeMap::new(),
            vehicle_use: BTreeMap::new(),
            receptions: Vec::new(),
            terms: Vec::new(),
            corrections: Vec::new(),
            exceptions: Vec::new(),
            evaluations: Vec::new(),
            performance_text: None,
            narrative_text: Vec::new(),
            work_text: None,
            prose: Vec::new(),
            work_items: Vec::new(),
            attachments: Vec::new(),
            amendments: Vec::new(),
            state: State::default(),
            place,
        }
    }

    /// The files published with it, those of its earlier versions too.
    pub fn attached(&self) -> impl Iterator<Item = &Attachment> {
        let earlier = self.amendments.iter().flat_map(|amendment| &amendment.earlier.attachments);
        self.attachments.iter().chain(earlier)
    }

    /// The table of a form, with its index in the set.
    pub fn table(&self, form: u16) -> &Table {
        &self.tables[usize::from(form)]
    }
}

#[cfg(test)]
impl Disclosure {
    /// A disclosure of `unit` for 2023 with these tables and nothing else, for tests.
    pub(crate) fn bare(set: Arc<FormSet>, tables: Vec<Table>, place: Place) -> Self {
        Self { unit: "unit".into(), year: 2023, word: "部门".into(), tables, ..Self::empty(set, place) }
    }
}
