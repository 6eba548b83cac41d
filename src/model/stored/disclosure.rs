//! Tables and disclosures as they are kept, whole or in brief.

use std::sync::Arc;

use super::{Reader, Stored, put_text, stored};
use crate::amount::{Amount, Percent, Scale};
use crate::diagnostic::Place;
use crate::model::amendment::Amendment;
use crate::model::brief::Brief;
use crate::model::code::ClassCode;
use crate::model::date::Date;
use crate::model::disclosure::{
    Attachment, Control, Correction, Disclosure, Exception, Manner, OwnSection, Reception, State, Stated, Target,
    WorkItem,
};
use crate::model::form::{CellRef, Kind, RowKey};
use crate::model::performance::{Evaluation, Funding, Goal, Indicator, Scope, Score, Style, TextKind, WeightAndScore};
use crate::model::table::{Cell, Figure, Row, Table, TableState};
use crate::model::unit::About;

// Tables.

stored!(Kind as one of [Kind::Final, Kind::Budget]);
stored!(Scale as one of [Scale::Yuan, Scale::TenThousand, Scale::HundredMillion]);
stored!(State as one of [State::Ready, State::Draft]);
stored!(CellRef { form, row, column });
stored!(Percent { last_units, decimals });

impl Stored for Date {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(&self.to_string(), out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Self::parse(&Box::<str>::take(from)?)
    }
}

/// What stands for the number of decimals of an amount that has too many digits.
const LONG: u8 = u8::MAX;

impl Stored for Amount {
    fn put(&self, out: &mut Vec<u8>) {
        if let Some((digits, decimals)) = self.parts() {
            out.push(decimals);
            digits.put(out);
        } else {
            out.push(LONG);
            out.extend_from_slice(&self.to_bytes());
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match *from.bytes(1)?.first()? {
            LONG => from.bytes(16)?.try_into().ok().map(Self::from_bytes),
            decimals => i64::take(from).map(|digits| Self::from_parts(digits, decimals.into())),
        }
    }
}

impl Stored for Figure {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Blank => out.push(0),
            Self::Unknown => out.push(1),
            Self::NotRead => out.push(2),
            Self::Amount(amount) => {
                out.push(3);
                amount.put(out);
            }
            Self::Count(count) => {
                out.push(4);
                count.put(out);
            }
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(Self::Blank),
            1 => Some(Self::Unknown),
            2 => Some(Self::NotRead),
            3 => Amount::take(from).map(Self::Amount),
            4 => i64::take(from).map(Self::Count),
            _ => None,
        }
    }
}

impl Stored for RowKey {
    fn put(&self, out: &mut Vec<u8>) {
        let (kind, number) = match *self {
            Self::Line(number) => (0, number),
            Self::Code(ClassCode(code)) => (1, code),
            Self::Label(index) => (2, u32::from(index)),
            Self::Total => (3, 0),
            Self::Only => (4, 0),
        };
        out.push(kind);
        number.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let (kind, number) = (u8::take(from)?, u32::take(from)?);
        match kind {
            0 => Some(Self::Line(number)),
            1 => Some(Self::Code(ClassCode(number))),
            2 => u16::try_from(number).ok().map(Self::Label),
            3 => Some(Self::Total),
            4 => Some(Self::Only),
            _ => None,
        }
    }
}

impl Stored for TableState {
    fn put(&self, out: &mut Vec<u8>) {
        let (kind, said) = match self {
            Self::Filled => (0, None),
            Self::Empty(said) => (1, Some(said)),
            Self::NotProvided(said) => (2, Some(said)),
            Self::Missing => (3, None),
        };
        out.push(kind);
        if let Some(said) = said {
            said.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(Self::Filled),
            1 => String::take(from).map(Self::Empty),
            2 => String::take(from).map(Self::NotProvided),
            3 => Some(Self::Missing),
            _ => None,
        }
    }
}

/// Most cells of a table are blank, and stand where their row stands.
impl Stored for Row {
    fn put(&self, out: &mut Vec<u8>) {
        self.key.put(out);
        self.name.put(out);
        self.place.put(out);
        self.columns.start.put(out);
        self.cells.len().put(out);
        let blank = Cell { figure: Figure::Blank, place: self.place };
        let told = || self.cells.iter().enumerate().filter(|(_, cell)| **cell != blank);
        told().count().put(out);
        for (at, cell) in told() {
            at.put(out);
            cell.figure.put(out);
            cell.place.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let (key, name, place) = (RowKey::take(from)?, Stored::take(from)?, Place::take(from)?);
        let (start, width) = (usize::take(from)?, usize::take(from)?);
        let mut cells = vec![Cell { figure: Figure::Blank, place }; u16::try_from(width).ok()?.into()];
        for _ in 0..usize::take(from)? {
            let at = usize::take(from)?;
            *cells.get_mut(at)? = Cell { figure: Figure::take(from)?, place: Place::take(from)? };
        }
        Some(Self { key, name, place, columns: start..start.checked_add(width)?, cells })
    }
}

/// With its rows, or in brief.
impl Stored for Table {
    fn put(&self, out: &mut Vec<u8>) {
        self.form.put(out);
        self.state.put(out);
        self.place.put(out);
        self.note.put(out);
        self.rows.put(out);
        self.brief().iter().len().put(out);
        for (row, column, figure) in self.brief().iter() {
            row.put(out);
            column.put(out);
            figure.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let (form, state, place) = (u16::take(from)?, TableState::take(from)?, Place::take(from)?);
        let (note, rows) = (Stored::take(from)?, Vec::take(from)?);
        let one = |from: &mut Reader<'_>| Some((RowKey::take(from)?, u16::take(from)?, Figure::take(from)?));
        let brief: Option<Vec<_>> = (0..usize::take(from)?).map(|_| one(from)).collect();
        Some(Self::new(form, state, rows, note, place).telling(Brief::new(brief?)))
    }
}

// What disclosures hold beside their tables.

stored!(About { duties, organisation, divisions });
stored!(Control { form, figures, sum, place });
stored!(Correction { place_in_document, printed, right, note, cell, place });
stored!(Exception { code, cell, words, reason, person, date, expires, place });
stored!(Manner as one of [Manner::Replaces, Manner::Adds]);
stored!(OwnSection { heading, manner, text });
stored!(Reception { guests, purpose, amount, groups, people, place });
stored!(Stated { target, figure });
stored!(WorkItem { number, matter, goal, result, place });
stored!(Amendment { date, reason, version, earlier, place });
stored!(Attachment { name, path, bytes });

impl Stored for Target {
    fn put(&self, out: &mut Vec<u8>) {
        let (cell, fact) = match self {
            Self::Cell(cell) => (Some(*cell), None),
            Self::Fact(name) => (None, Some(name.clone())),
        };
        cell.put(out);
        fact.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let (cell, fact) = <(Option<CellRef>, Option<String>)>::take(from)?;
        cell.map(Self::Cell).or(fact.map(Self::Fact))
    }
}

impl Stored for Arc<[u8]> {
    fn put(&self, out: &mut Vec<u8>) {
        self.len().put(out);
        out.extend_from_slice(self);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let length = usize::take(from)?;
        from.bytes(length).map(Self::from)
    }
}

// Self-evaluations.

stored!(Scope as one of [Scope::Whole, Scope::Project]);
stored!(Style as one of [Style::Targets, Style::Weighted]);
stored!(Score { text, exact });
stored!(WeightAndScore { weight, score });
stored!(Funding { source, opening, adjusted, budget, executed, rate, scored, note, place });
stored!(Indicator { level1, level2, name, relation, target, unit, actual, scored, note, place });
stored!(Goal { title, indicators });
stored!(Evaluation {
    id,
    order,
    scope,
    style,
    title,
    name,
    code,
    filed,
    department,
    implementer,
    basic,
    project,
    texts,
    funding,
    goals,
    total,
    scores_unread,
    place,
});

impl Stored for TextKind {
    fn put(&self, out: &mut Vec<u8>) {
        Self::ALL.iter().position(|(kind, ..)| kind == self).unwrap_or(Self::ALL.len()).put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Self::ALL.get(usize::take(from)?).map(|(kind, ..)| *kind)
    }
}

// Disclosures.

impl Stored for Arc<Disclosure> {
    fn put(&self, out: &mut Vec<u8>) {
        (**self).put(out);
    }

    fn take(from: &mut Reader<'_>) -> Option<Self> {
        Disclosure::take(from).map(Self::new)
    }
}

/// Keeps every field of a disclosure; its forms by their id.
macro_rules! stored_disclosure {
    ($($field:ident),* $(,)?) => {
        impl Stored for Disclosure {
            fn put(&self, out: &mut Vec<u8>) {
                let Self { set, $($field),* } = self;
                put_text(&set.id, out);
                $($field.put(out);)*
            }

            fn take(from: &mut Reader<'_>) -> Option<Self> {
                let id = Box::<str>::take(from)?;
                let set = Arc::clone(from.known.sets.get(&*id)?);
                let taken = Self { set, $($field: Stored::take(from)?),* };
                // Tables are asked for by the places of their forms.
                (taken.tables.len() == taken.set.forms.len()).then_some(taken)
            }
        }
    };
}
stored_disclosure!(
    unit,
    year,
    kind,
    title,
    word,
    published,
    approved,
    scale,
    rebuilt,
    about,
    tables,
    prior,
    facts,
    stated,
    controls,
    reasons,
    uses,
    vehicle_use,
    receptions,
    terms,
    corrections,
    exceptions,
    evaluations,
    performance_text,
    narrative_text,
    work_text,
    prose,
    work_items,
    attachments,
    amendments,
    state,
    place,
);

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Known;
    use super::*;
    use crate::load;

    #[test]
    fn a_disclosure_comes_back_whole_and_in_brief() {
        let loaded = load::load(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let known = Known { files: None, sets: loaded.site.sets.clone() };
        let mut compared = 0;
        for disclosure in &loaded.site.disclosures {
            let earlier = Arc::new(disclosure.clone());
            let (date, place) = (Date::parse("2024-11-20").unwrap(), disclosure.place);
            let amendment = Amendment { date, reason: "误填".into(), version: 1, earlier, place };
            let attachment = Attachment { name: "a".into(), path: "attachments/a".into(), bytes: [0, 1].into() };
            let mut amended = disclosure.clone();
            amended.amendments.push(amendment);
            amended.attachments.push(attachment);
            for whole in [amended.in_brief(), amended] {
                let mut bytes = Vec::new();
                whole.put(&mut bytes);
                let mut reader = Reader::new(&bytes, &known);
                let read = Disclosure::take(&mut reader).unwrap();
                assert!(reader.is_done());
                assert_eq!(format!("{read:?}"), format!("{whole:?}"));
                assert!(Disclosure::take(&mut Reader::new(&bytes[..bytes.len() - 1], &known)).is_none());
                compared += 1;
            }
        }
        assert!(compared >= 4, "{compared}");
    }
}
