//! Figures one by one: amounts and counts as sources write them, `[facts]`, `[prior]` and
//! `stated.toml`.

use std::collections::BTreeMap;

use super::reader::{Reader, Sink, suggestion, wrong_type};
use super::references;
use super::tree::{Entry, Key, Kind, Value, normal_key};
use crate::amount::{Amount, DECIMALS, ParseAmountError, Scale};
use crate::diagnostic::{Finding, Placed};
use crate::model::code::ClassCode;
use crate::model::disclosure::{Control, Stated, Target};
use crate::model::form::{CellRef, FactGroup, FactItem, FactKind, FormSet};
use crate::model::table::Figure;
use crate::text::fold_width;

/// What a source writes for a figure that exists and was not given.
pub(super) const NOT_PROVIDED: &str = "未提供";

/// The figure that a value stands for, money unless it counts things.
///
/// `name` is how messages call it: a cell in our notation, or a key.
pub(super) fn figure(value: &Value<'_>, scale: Scale, name: &str, sink: &Sink) -> Figure {
    figure_named(value, scale, || name.to_owned(), sink)
}

/// [`figure`] whose name is made only for messages, of which there are few.
pub(super) fn figure_named(value: &Value<'_>, scale: Scale, name: impl FnOnce() -> String, sink: &Sink) -> Figure {
    match &value.kind {
        Kind::Number(digits) => {
            plain_amount(digits, scale).unwrap_or_else(|| amount(digits, value, scale, &name(), sink))
        }
        kind => not_a_number(kind, value, &name(), sink),
    }
}

/// The figure of digits with which nothing is wrong.
fn plain_amount(digits: &str, scale: Scale) -> Option<Figure> {
    let fraction = digits.split_once('.').map_or("", |(_, fraction)| fraction);
    let amount = Amount::parse(digits, scale).ok().filter(|_| fraction.len() <= DECIMALS as usize)?;
    (!amount.is_zero() || !digits.starts_with('-')).then_some(Figure::Amount(amount))
}

/// The count that a value stands for.
pub(super) fn count(value: &Value<'_>, name: &str, unit: &str, sink: &Sink) -> Figure {
    let Kind::Number(digits) = &value.kind else { return not_a_number(&value.kind, value, name, sink) };
    let count = digits.parse::<i64>().ok().filter(|count| *count >= 0 && !digits.starts_with('-'));
    count.map_or_else(
        || {
            let finding = Finding::new("S052", format!("{name}应当是大于或等于 0 的整数，现在是 {digits}"));
            sink.add(finding.at(value.place).cell(name).help(format!("写成整数（{unit}），不带小数")));
            Figure::NotRead
        },
        Figure::Count,
    )
}

fn amount(digits: &str, value: &Value<'_>, scale: Scale, name: &str, sink: &Sink) -> Figure {
    let wrong = |code: &str, message: String, help: String| {
        sink.add(Finding::new(code, message).at(value.place).cell(name).help(help));
        Figure::NotRead
    };
    let decimals = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    if decimals > DECIMALS as usize {
        let message = format!("{name}的 {digits} 有 {decimals} 位小数，{}的表只有 {DECIMALS} 位", scale.name());
        return wrong("S036", message, format!("照表中所印填写 {DECIMALS} 位小数；金额单位不同时改 scale"));
    }
    match Amount::parse(digits, scale) {
        Ok(amount) if digits.starts_with('-') && amount.is_zero() => {
            wrong("S037", format!("{name}是负零（{digits}）"), "写 0.00；没有这个数就不写".into())
        }
        Ok(amount) => Figure::Amount(amount),
        Err(ParseAmountError::TooLarge) => {
            wrong("S006", format!("{name}的数字太长：{digits}"), format!("核对数字和金额单位（{}）", scale.name()))
        }
        Err(error) => wrong("S006", format!("{name}的“{digits}”{error}"), "写成 373.97 这样的数".into()),
    }
}

fn not_a_number(kind: &Kind<'_>, value: &Value<'_>, name: &str, sink: &Sink) -> Figure {
    match kind {
        Kind::Text(text) if text.trim() == NOT_PROVIDED => return Figure::Unknown,
        Kind::Text(text) => sink.add(quoted(text, name).at(value.place).cell(name)),
        Kind::Null => {
            let finding = Finding::new("S005", format!("{name}的值不能是 null")).at(value.place).cell(name);
            sink.add(finding.help(format!("没有这个数就不写；没有提供写 \"{NOT_PROVIDED}\"")));
        }
        _ => wrong_type(value, name, "写成数字，例如 373.97", sink),
    }
    Figure::NotRead
}

fn quoted(text: &str, name: &str) -> Finding {
    let plain = fold_width(text.trim()).replace([',', ' '], "");
    if Amount::parse(&plain, Scale::Yuan).is_ok() {
        let message = format!("{name}的数字“{text}”加了引号，没有读入");
        return Finding::new("S009", message).help(format!("去掉引号，写成 {plain}"));
    }
    let help = format!("写成数字，不加引号和单位；没有这个数就不写；没有提供写 \"{NOT_PROVIDED}\"");
    Finding::new("S005", format!("{name}的值“{text}”不是数字")).help(help)
}

/// The facts below `[facts]`, by their names.
pub(super) fn facts(
    reader: Option<Reader<'_>>,
    set: &FormSet,
    scale: Scale,
    sink: &Sink,
) -> BTreeMap<String, Placed<Figure>> {
    let mut facts = BTreeMap::new();
    let Some(reader) = reader else { return facts };
    let groups: Vec<&str> = set.facts.iter().map(|group| group.key.as_str()).collect();
    for entry in reader.entries() {
        let Some(group) = set.facts.iter().find(|group| group.key == entry.key.value) else {
            let finding = Finding::new("S051", format!("没有附注组“{}”", entry.key.value)).at(entry.key.place);
            sink.add(finding.help(suggestion(&entry.key.value, &groups)));
            continue;
        };
        if let Some(group_reader) = Reader::of(&entry.value, &group.key, sink) {
            for fact in group_reader.entries() {
                read_fact(group, fact, scale, &mut facts, sink);
            }
        }
    }
    facts
}

fn read_fact(
    group: &FactGroup,
    fact: &Entry<'_>,
    scale: Scale,
    facts: &mut BTreeMap<String, Placed<Figure>>,
    sink: &Sink,
) {
    let key = normal_key(&fact.key.value);
    let item = group.items.iter().find(|item| item.key == key || item.name == key);
    let code = ClassCode::parse(&key).filter(|_| group.by_code);
    let (name, figure) = match (item, code) {
        (Some(item), _) => {
            let name = format!("{}·{}", group.name, item.name);
            let figure = item_figure(item, &fact.value, scale, &name, sink);
            (name, figure)
        }
        (None, Some(code)) => {
            let name = format!("{}·{code}", group.name);
            let figure = figure(&fact.value, scale, &name, sink);
            (name, figure)
        }
        (None, None) => {
            let known: Vec<&str> = group.items.iter().map(|item| item.key.as_str()).collect();
            let mut help = suggestion(&fact.key.value, &known);
            if group.by_code {
                help.push_str("；或者写科目编码，例如 2010350");
            }
            let finding = Finding::new("S051", format!("{}中没有“{}”", group.name, fact.key.value));
            sink.add(finding.at(fact.key.place).help(help));
            return;
        }
    };
    facts.insert(name, Placed::new(figure, fact.value.place));
}

fn item_figure(item: &FactItem, value: &Value<'_>, scale: Scale, name: &str, sink: &Sink) -> Figure {
    match &item.count_unit {
        Some(unit) => count(value, name, unit, sink),
        None => figure(value, scale, name, sink),
    }
}

/// Last year's figures below `[prior]`.
pub(super) fn prior(
    reader: Option<Reader<'_>>,
    set: &FormSet,
    scale: Scale,
    sink: &Sink,
) -> BTreeMap<CellRef, Placed<Figure>> {
    let mut prior: BTreeMap<CellRef, Placed<Figure>> = BTreeMap::new();
    let Some(reader) = reader else { return prior };
    for entry in reader.entries() {
        let cell = match named(&entry.key, set, sink) {
            Some(Target::Cell(cell)) => cell,
            Some(Target::Fact(_)) => {
                let finding = Finding::new("S053", format!("“{}”是附注，不是表中的一格", entry.key.value));
                sink.add(finding.at(entry.key.place).help("上年数写表中的格，例如 \"公开01表31行1栏\""));
                continue;
            }
            None => continue,
        };
        let name = format!("上年{}", set.name_of(cell));
        let figure = figure(&entry.value, scale, &name, sink);
        if let Some(first) = prior.get(&cell) {
            let finding = Finding::new("S002", format!("{name}写了两次")).at(entry.key.place);
            sink.add(finding.related("第一次写在这里", first.place).help("只留一个"));
            continue;
        }
        prior.insert(cell, Placed::new(figure, entry.value.place));
    }
    prior
}

/// The figures below `[text]` of `stated.toml` and the control totals below `[[control]]`, in
/// the order of the source.
pub(super) fn stated(reader: Reader<'_>, set: &FormSet, scale: Scale, sink: &Sink) -> (Vec<Stated>, Vec<Control>) {
    let controls = reader.tables("control").into_iter().filter_map(|row| control(row, set, scale, sink)).collect();
    let mut stated = Vec::new();
    if let Some(text) = reader.table("text") {
        for entry in text.entries() {
            let Some(target) = named(&entry.key, set, sink) else { continue };
            let figure = match &target {
                Target::Cell(cell) => figure(&entry.value, scale, &set.name_of(*cell), sink),
                Target::Fact(name) => match set.fact(name) {
                    Some(FactKind::Count(unit)) => count(&entry.value, name, &unit, sink),
                    _ => figure(&entry.value, scale, name, sink),
                },
            };
            stated.push(Stated { target, figure: Placed::new(figure, entry.value.place) });
        }
    } else if !reader.has("text") {
        reader.missing("text", "写 [text]，下面是 \"公开01表31行1栏\" = 373.97 这样的各行");
    }
    reader.finish();
    (stated, controls)
}

fn control(row: Reader<'_>, set: &FormSet, scale: Scale, sink: &Sink) -> Option<Control> {
    let table = row.required("table", "写上表号，例如 table = \"公开06表\"");
    let figures = row.integer("figures");
    let sum = row.raw("sum").map(|value| figure(value, scale, "校验数 sum", sink));
    let place = table.place;
    let form = set.form(&table.value).map(|(form, _)| form);
    if form.is_none() && !table.value.is_empty() {
        let codes: Vec<&str> = set.forms.iter().map(|form| form.code.as_str()).collect();
        let finding = Finding::new("S053", format!("“{}”：表式中没有这张表", table.value)).at(place);
        sink.add(finding.help(suggestion(&table.value, &codes)));
    }
    if figures.is_none() {
        row.missing("figures", "写上表中有几个数，例如 figures = 24");
    }
    if sum.is_none() {
        row.missing("sum", "写上表中各数之和，例如 sum = 679.93");
    }
    row.finish();
    Some(Control { form: form?, figures: figures?, sum: sum?, place })
}

/// The cell or fact that a key names.
fn named(key: &Key<'_>, set: &FormSet, sink: &Sink) -> Option<Target> {
    match references::target(set, key.value.trim()) {
        Ok(target) => Some(target),
        Err(why) => {
            let codes: Vec<&str> = set.forms.iter().map(|form| form.code.as_str()).collect();
            let help = format!("写成“表号、行、栏”，例如 \"{}27行1栏\"", codes.first().unwrap_or(&"公开01表"));
            sink.add(Finding::new("S053", format!("“{}”：{why}", key.value)).at(key.place).help(help));
            None
        }
    }
}
