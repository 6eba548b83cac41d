//! Source files that give a disclosure again when they are loaded.

use super::source::{Format, Table, Value, number, table, text, texts};
use crate::amount::Scale;
use crate::model::disclosure::{Disclosure, Target};
use crate::model::form::{Form, Layout, RowKey};
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, Scope, Style, TextKind, WeightAndScore};
use crate::model::table::{Figure, Row, TableState};
use crate::model::unit::{About, Unit};

/// The file of a unit, by its path relative to the site.
pub fn unit_file(unit: &Unit, format: Format) -> (String, String) {
    let mut entries = vec![
        ("name", text(&unit.name)),
        ("short", text(&unit.short)),
        ("region", texts(unit.region.iter())),
        ("level", text(&unit.level)),
        ("kind", text(&unit.kind)),
    ];
    entries.extend(unit.parent.iter().map(|parent| ("parent", text(parent))));
    entries.extend((!unit.aliases.is_empty()).then(|| ("aliases", texts(unit.aliases.iter()))));
    entries.extend(unit.nature.iter().map(|nature| ("nature", text(nature))));
    entries.extend(about(&unit.about));
    file(&format!("content/units/{}", unit.id), "unit", &owned(entries), format)
}

/// The files of a disclosure, by their paths relative to the site. What a generated disclosure
/// never has (attachments, corrections, exceptions, receptions, control totals) is not written.
pub fn disclosure_files(disclosure: &Disclosure, format: Format) -> Vec<(String, String)> {
    let folder = format!("content/units/{}/{}", disclosure.unit, disclosure.year);
    let writer = Writer { disclosure };
    let mut files = vec![
        file(&folder, "disclosure", &writer.main(), format),
        file(&folder, "stated", &writer.stated(), format),
        file(&folder, "work", &writer.work(), format),
    ];
    for evaluation in &disclosure.evaluations {
        let stem = format!("performance/{}", evaluation.id);
        files.push(file(&folder, &stem, &writer.evaluation(evaluation), format));
    }
    for (form, filled) in disclosure.set.forms.iter().zip(&disclosure.tables) {
        let stem = format!("tables/{}", form.stem);
        files.push(file(&folder, &stem, &writer.table(form, &filled.rows, &filled.state), format));
    }
    let prose = [("work.md", &disclosure.work_text), ("performance.md", &disclosure.performance_text)];
    for (name, prose) in prose {
        files.extend(prose.iter().map(|prose| (format!("{folder}/{name}"), format!("{}\n", prose.value))));
    }
    files
}

struct Writer<'a> {
    disclosure: &'a Disclosure,
}

impl Writer<'_> {
    fn scale(&self) -> Scale {
        self.disclosure.scale
    }

    /// A figure as sources write it; a blank one is left out.
    fn figure(&self, figure: Figure) -> Option<Value> {
        match figure {
            Figure::Amount(amount) => Some(number(amount.print(self.scale()))),
            Figure::Count(count) => Some(number(count)),
            Figure::Unknown => Some(text("未提供")),
            Figure::Blank | Figure::NotRead => None,
        }
    }

    fn main(&self) -> Table {
        let disclosure = self.disclosure;
        let mut entries = vec![
            ("forms", text(&disclosure.set.id)),
            ("kind", text(disclosure.kind.key())),
            ("word", text(&disclosure.word)),
            ("title", text(&disclosure.title)),
            ("scale", text(disclosure.scale.name())),
        ];
        entries.extend(disclosure.published.map(|date| ("published", text(date.value.to_string()))));
        entries.extend(disclosure.approved.map(|date| ("approved", text(date.value.to_string()))));
        entries.extend(about(&disclosure.about));
        let said = |texts: &std::collections::BTreeMap<String, crate::diagnostic::Placed<String>>| {
            Value::Table(texts.iter().map(|(key, said)| (key.clone(), text(&said.value))).collect())
        };
        let uses = disclosure.vehicle_use.iter().map(|(key, used)| (key.clone(), text(used)));
        entries.extend([
            ("prior", Value::Table(self.prior())),
            ("facts", Value::Table(self.facts())),
            ("reasons", said(&disclosure.reasons)),
            ("uses", said(&disclosure.uses)),
            ("vehicle_use", Value::Table(uses.collect())),
            ("glossary", table([("terms", texts(disclosure.terms.iter().map(|term| &term.value)))])),
        ]);
        let is_empty = |value: &Value| matches!(value, Value::Table(entries) if entries.is_empty());
        entries.retain(|(_, value)| !is_empty(value));
        owned(entries)
    }

    fn prior(&self) -> Table {
        let prior = self.disclosure.prior.iter();
        prior.filter_map(|(cell, said)| Some((self.disclosure.set.name_of(*cell), self.figure(said.value)?))).collect()
    }

    fn facts(&self) -> Table {
        let mut groups = Table::new();
        for group in &self.disclosure.set.facts {
            let prefix = format!("{}·", group.name);
            let key = |name: &str| {
                let item = group.items.iter().find(|item| item.name == name);
                item.map_or_else(|| name.to_owned(), |item| item.key.clone())
            };
            let stated = self
                .disclosure
                .facts
                .iter()
                .filter_map(|(name, fact)| Some((key(name.strip_prefix(&prefix)?), self.figure(fact.value)?)));
            let stated: Table = stated.collect();
            if !stated.is_empty() {
                groups.push((group.key.clone(), Value::Table(stated)));
            }
        }
        groups
    }

    fn stated(&self) -> Table {
        let stated = self.disclosure.stated.iter().filter_map(|stated| {
            let name = match &stated.target {
                Target::Cell(cell) => self.disclosure.set.name_of(*cell),
                Target::Fact(name) => name.clone(),
            };
            Some((name, self.figure(stated.figure.value)?))
        });
        vec![("text".to_owned(), Value::Table(stated.collect()))]
    }

    fn work(&self) -> Table {
        let items = self.disclosure.work_items.iter().map(|item| {
            table([
                ("no", text(&item.number)),
                ("matter", text(&item.matter)),
                ("goal", text(&item.goal)),
                ("result", text(&item.result)),
            ])
        });
        vec![("items".to_owned(), Value::List(items.collect()))]
    }

    fn evaluation(&self, evaluation: &Evaluation) -> Table {
        let scope = if evaluation.scope == Scope::Whole { "whole" } else { "project" };
        let style = if evaluation.style == Style::Targets { "targets" } else { "weighted" };
        let mut entries = vec![
            ("order", number(evaluation.order)),
            ("kind", text(scope)),
            ("style", text(style)),
            ("title", text(&evaluation.title)),
        ];
        let texts = [
            ("name", &evaluation.name),
            ("code", &evaluation.code),
            ("department", &evaluation.department),
            ("implementer", &evaluation.implementer),
        ];
        entries.extend(texts.into_iter().filter_map(|(key, value)| Some((key, text(value.as_ref()?)))));
        entries.extend(evaluation.filed.map(|date| ("filed", text(date.value.to_string()))));
        for (key, figure) in [("basic", evaluation.basic), ("project", evaluation.project)] {
            entries.extend(self.figure(figure).map(|value| (key, value)));
        }
        for (kind, key, _) in TextKind::ALL {
            let said = evaluation.texts.iter().filter(|(other, _)| *other == kind);
            entries.extend(said.map(|(_, said)| (key, text(said))));
        }
        let funding = evaluation.funding.iter().map(|row| self.funding(row));
        entries.push(("funding", Value::List(funding.collect())));
        entries.push(("goals", Value::List(evaluation.goals.iter().map(goal).collect())));
        entries.extend(evaluation.total.iter().map(|total| ("total", Value::Table(owned(scored(total))))));
        owned(entries)
    }

    fn funding(&self, row: &Funding) -> Value {
        let mut entries = vec![("source", text(&row.source))];
        let amounts =
            [("opening", row.opening), ("adjusted", row.adjusted), ("budget", row.budget), ("executed", row.executed)];
        entries.extend(amounts.into_iter().filter_map(|(key, figure)| Some((key, self.figure(figure)?))));
        entries.extend(row.rate.iter().map(|rate| ("rate", text(&rate.value))));
        entries.extend(row.scored.iter().flat_map(scored));
        entries.extend(row.note.iter().map(|note| ("note", text(note))));
        Value::Table(owned(entries))
    }

    fn table(&self, form: &Form, rows: &[Row], state: &TableState) -> Table {
        match (state, &form.layout) {
            (TableState::Empty(sentence), _) => owned(vec![("empty", text(sentence))]),
            (TableState::NotProvided(reason), _) => owned(vec![("not_provided", text(reason))]),
            (TableState::Missing, _) => Table::new(),
            (TableState::Filled, Layout::ByCode { .. }) => {
                owned(vec![("rows", Value::List(rows.iter().map(|row| self.coded_row(form, row)).collect()))])
            }
            (TableState::Filled, Layout::OneRow) => {
                let cells = rows.iter().flat_map(|row| self.cells(form, row));
                owned(vec![("columns", Value::Table(cells.collect()))])
            }
            (TableState::Filled, Layout::TwoSided(_) | Layout::Blocks { .. }) => {
                let lines = rows.iter().filter_map(|row| self.line(form, row));
                owned(vec![("lines", Value::Table(lines.collect()))])
            }
        }
    }

    /// The figures of a row by their column numbers.
    fn cells(&self, form: &Form, row: &Row) -> Table {
        let cells = row.columns.clone().zip(&row.cells);
        let entry =
            |(column, figure): (usize, Figure)| Some((form.columns[column].number.to_string(), self.figure(figure)?));
        cells.filter_map(|(column, cell)| entry((column, cell.figure))).collect()
    }

    fn coded_row(&self, form: &Form, row: &Row) -> Value {
        let code = match row.key {
            RowKey::Code(code) => code.to_string(),
            _ => "合计".to_owned(),
        };
        let mut entries = owned(vec![("code", text(code))]);
        entries.extend(row.name.iter().map(|name| ("name".to_owned(), text(&name.value))));
        entries.extend(self.cells(form, row));
        Value::Table(entries)
    }

    /// A line that holds figures; one of a side with one column is a plain number.
    fn line(&self, form: &Form, row: &Row) -> Option<(String, Value)> {
        let mut cells = self.cells(form, row);
        let key = match row.key {
            RowKey::Line(number) => number.to_string(),
            RowKey::Code(code) => code.to_string(),
            _ => form.line(row.key)?.label.clone(),
        };
        match (cells.is_empty(), row.columns.len()) {
            (true, _) => None,
            (false, 1) => Some((key, cells.swap_remove(0).1)),
            (false, _) => Some((key, Value::Table(cells))),
        }
    }
}

fn goal(goal: &Goal) -> Value {
    let mut entries: Vec<(&str, Value)> = goal.title.iter().map(|title| ("title", text(title))).collect();
    entries.push(("indicators", Value::List(goal.indicators.iter().map(indicator).collect())));
    Value::Table(owned(entries))
}

fn indicator(indicator: &Indicator) -> Value {
    let mut entries = vec![
        ("level1", text(&indicator.level1)),
        ("level2", text(&indicator.level2)),
        ("name", text(&indicator.name)),
        ("target", text(&indicator.target)),
        ("actual", text(&indicator.actual)),
    ];
    let texts = [("relation", &indicator.relation), ("unit", &indicator.unit), ("note", &indicator.note)];
    entries.extend(texts.into_iter().filter_map(|(key, value)| Some((key, text(value.as_ref()?)))));
    entries.extend(indicator.scored.iter().flat_map(scored));
    Value::Table(owned(entries))
}

fn scored(scored: &WeightAndScore) -> Vec<(&'static str, Value)> {
    vec![("weight", number(&scored.weight.value.text)), ("score", number(&scored.score.value.text))]
}

fn about(about: &About) -> Vec<(&'static str, Value)> {
    let mut entries = vec![("duties", texts(about.duties.iter()))];
    entries.extend(about.organisation.iter().map(|organisation| ("organisation", text(organisation))));
    entries.push(("divisions", texts(about.divisions.iter())));
    entries
}

fn owned(entries: Vec<(&str, Value)>) -> Table {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn file(folder: &str, stem: &str, content: &Table, format: Format) -> (String, String) {
    (format!("{folder}/{stem}.{}", format.extension()), format.write(content))
}
