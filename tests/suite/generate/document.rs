//! The files of an invented disclosure.

use disclose::model::code::ClassCode;
use disclose::model::form::{CellRef, FactGroup, Form, FormSet, Layout, RowKey};
use disclose::model::site::Site;

use super::fill::Filled;
use super::ledger::{Flow, Fund, GRANTS, Ledger, Nature, Query, THREE_PUBLIC};
use super::prng::Prng;
use super::source::{Table, Value, number, table, text, texts};
use super::{Request, printed, printed_rows, words};

/// Writes the files of one disclosure.
pub struct Writer<'a> {
    site: &'a Site,
    set: &'a FormSet,
    request: Request<'a>,
    ledger: &'a Ledger,
    filled: &'a Filled,
}

impl<'a> Writer<'a> {
    /// A writer for a filled disclosure.
    pub const fn new(
        site: &'a Site,
        set: &'a FormSet,
        request: Request<'a>,
        ledger: &'a Ledger,
        filled: &'a Filled,
    ) -> Self {
        Self { site, set, request, ledger, filled }
    }

    /// Every file, by its path relative to the site.
    pub fn files(&self) -> Vec<(String, String)> {
        let unit = format!("content/units/{}", self.request.unit);
        let year = format!("{unit}/{}", self.set.years.0);
        let mut files = vec![
            self.file(&unit, "unit", &self.unit()),
            self.file(&year, "disclosure", &self.disclosure()),
            self.file(&year, "stated", &self.stated()),
            self.file(&year, "work", &work()),
            self.file(&year, "performance/whole", &self.whole_evaluation()),
            self.file(&year, "performance/project", &self.project_evaluation()),
            (format!("{year}/work.md"), "各项工作按计划完成。\n\n- 完成年度任务。\n- 加强内部管理。\n".to_owned()),
            (format!("{year}/performance.md"), "已按要求开展绩效自评，结果见附件。\n".to_owned()),
        ];
        for (index, form) in (0_u16..).zip(&self.set.forms) {
            files.push(self.file(&year, &format!("tables/{}", form.stem), &self.table(index, form)));
        }
        files
    }

    fn file(&self, folder: &str, stem: &str, content: &Table) -> (String, String) {
        let format = self.request.format;
        (format!("{folder}/{stem}.{}", format.extension()), format.write(content))
    }

    fn name(&self) -> String {
        format!("某市第{}号{}", self.request.seed, self.word())
    }

    /// A 部门 has units; a unit of a 部门 calls itself 单位; alone it uses the set's word.
    fn word(&self) -> &str {
        if self.request.parent.is_some() { "单位" } else { &self.set.word }
    }

    fn money(&self, fen: i128) -> Value {
        number(printed(fen, self.request.scale))
    }

    fn total(&self, query: &Query) -> i128 {
        self.ledger.total(query).unwrap_or(0)
    }

    fn unit(&self) -> Table {
        let region = if self.set.region == "全国" { "某省" } else { &self.set.region };
        let mut entries = vec![
            ("name", text(self.name())),
            ("short", text(self.name())),
            ("region", texts([region, "某市"])),
            ("level", text("市级")),
            ("kind", text(self.word())),
            ("duties", texts(["执行有关法规。", "办理交办的其他事项。"])),
            ("organisation", text("独立核算，内设两个科室。")),
            ("divisions", texts(["综合科", "业务科"])),
        ];
        if let Some(parent) = self.request.parent {
            entries.push(("parent", text(parent)));
        }
        owned(entries)
    }

    fn disclosure(&self) -> Table {
        let year = self.set.years.0;
        let scale = self.request.scale.name();
        let facts = self.set.facts.iter().map(|group| (group.key.clone(), Value::Table(self.facts(group))));
        let facts = facts.filter(|(_, value)| !matches!(value, Value::Table(entries) if entries.is_empty()));
        owned(vec![
            ("forms", text(&self.set.id)),
            ("kind", text(self.set.kind.key())),
            ("word", text(self.word())),
            ("title", text(format!("{year}年度{}{}公开", self.name(), self.set.kind.name()))),
            ("published", text(format!("{}-09-20", year + 1))),
            ("approved", text(format!("{}-09-05", year + 1))),
            ("scale", text(scale)),
            ("prior", Value::Table(self.prior())),
            ("facts", Value::Table(facts.collect())),
            ("reasons", Value::Table(self.reasons())),
            ("uses", Value::Table(self.uses())),
            ("glossary", table([("terms", texts(self.site.terms.keys().take(12)))])),
        ])
    }

    /// Last year's totals: the two sides of each table alike.
    fn prior(&self) -> Table {
        let mut random = Prng::new(self.request.seed ^ 0x5052_494F_5200);
        let mut changed = |key: &str| {
            let fen = self.concept(key).unwrap_or(0);
            fen * random.between(60, 140) / 100
        };
        let all = changed("income_grand_total");
        let grants = changed("grant_grand_total").min(all);
        let general = changed("general_total").min(grants);
        let keys = [
            ("income_grand_total", all),
            ("spending_grand_total", all),
            ("grant_grand_total_income", grants),
            ("grant_grand_total", grants),
            ("general_total", general),
        ];
        let cells = keys.iter().filter_map(|(key, fen)| Some((self.set.concept_cell(key)?, *fen)));
        cells.map(|(cell, fen)| (self.set.name_of(cell), self.money(fen))).collect()
    }

    fn concept(&self, key: &str) -> Option<i128> {
        self.filled.fen(self.set.concept_cell(key)?)
    }

    /// The facts of a group whose meaning is part of the contract with the narratives; of
    /// other groups, none.
    fn facts(&self, group: &FactGroup) -> Table {
        if group.key == "opening" {
            return self.opening_budget();
        }
        let known = self.known_facts(&group.key);
        let declared = |key: &str| group.items.iter().any(|item| item.key == key);
        known.into_iter().filter(|(key, _)| declared(key)).map(|(key, value)| (key.to_owned(), value)).collect()
    }

    fn opening_budget(&self) -> Table {
        let all = Query::all(Flow::OpeningBudget);
        let mut entries = vec![
            ("total".to_owned(), self.money(self.total(&all))),
            ("basic".to_owned(), self.money(self.total(&all.clone().nature(Nature::Basic)))),
            ("project".to_owned(), self.money(self.total(&all.clone().nature(Nature::Project)))),
        ];
        for item in self.general_items() {
            let fen = self.total(&Query { under: Some(item), ..all.clone() });
            entries.push((item.to_string(), self.money(fen)));
        }
        entries
    }

    /// The 项 of the general budget's spending, in code order.
    fn general_items(&self) -> Vec<ClassCode> {
        let spent = |posting: &&super::ledger::Posting| posting.flow == Flow::Spending && posting.fund == Fund::General;
        let mut items: Vec<_> = self.ledger.postings.iter().filter(spent).map(|posting| posting.item).collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    fn known_facts(&self, group: &str) -> Vec<(&'static str, Value)> {
        let money = |fen| self.money(fen);
        let vehicles = Query::all(Flow::Spending).funds(&GRANTS).economic(THREE_PUBLIC[1]);
        let bought = i128::from(self.ledger.total(&vehicles).is_some());
        match group {
            "procurement" => self.procurement(),
            "vehicles" => vec![
                ("total", number(3)),
                ("minister", number(0)),
                ("chief", number(0)),
                ("confidential", number(1)),
                ("emergency", number(0)),
                ("enforcement", number(0)),
                ("special", number(0)),
                ("retired", number(0)),
                ("other", number(2)),
            ],
            "equipment" => {
                vec![("over_500k", number(1)), ("over_1m", number(0)), ("special_over_1m", number(0))]
            }
            "running" => {
                let running = self.concept("running_total").unwrap_or(0);
                vec![("current", money(running)), ("prior", money(running / 2))]
            }
            "three_public" => self.three_public(bought),
            "performance" => {
                let project = self.total(&Query::all(Flow::Spending).nature(Nature::Project));
                vec![
                    ("ex_ante", number(0)),
                    ("with_goals", number(1)),
                    ("monitored", number(1)),
                    ("self_evaluated", number(1)),
                    ("evaluated_amount", money(project)),
                    ("whole_amount", money(self.total(&Query::all(Flow::Spending)))),
                ]
            }
            _ => Vec::new(),
        }
    }

    fn procurement(&self) -> Vec<(&'static str, Value)> {
        let mut random = Prng::new(self.request.seed ^ 0x0042_5559);
        let [goods, works, services] = [(); 3].map(|()| random.money());
        let mut part = |fen| fen * random.between(50, 100) / 100;
        let [goods_sme, works_sme, services_sme] = [goods, works, services].map(&mut part);
        let sme = goods_sme + works_sme + services_sme;
        let micro = part(sme);
        let amounts = [
            ("total", goods + works + services),
            ("goods", goods),
            ("works", works),
            ("services", services),
            ("sme", sme),
            ("micro", micro),
            ("goods_sme", goods_sme),
            ("works_sme", works_sme),
            ("services_sme", services_sme),
        ];
        amounts.into_iter().map(|(key, fen)| (key, self.money(fen))).collect()
    }

    fn three_public(&self, bought: i128) -> Vec<(&'static str, Value)> {
        let spent = |kind: usize| {
            let query = Query::all(Flow::Spending).funds(&GRANTS).economic(THREE_PUBLIC[kind]);
            self.total(&query)
        };
        let some = |fen: i128, count: i128| number(if fen > 0 { count } else { 0 });
        let (abroad, reception) = (spent(0), spent(3));
        vec![
            ("abroad_groups", some(abroad, 1)),
            ("abroad_people", some(abroad, 2)),
            ("vehicles_bought", number(bought)),
            ("vehicles_kept", number(3)),
            ("reception_groups", some(reception, 4)),
            ("reception_people", some(reception, 31)),
            ("reception_domestic", self.money(reception)),
            ("reception_foreign", self.money(0)),
            ("foreign_groups", number(0)),
            ("foreign_people", number(0)),
        ]
    }

    fn reasons(&self) -> Table {
        let keys = [
            "income_spending_total",
            "spending_total",
            "grant_total",
            "general_total",
            "three_public",
            "three_public_abroad",
            "three_public_vehicle",
            "three_public_operation",
            "three_public_reception",
            "running_cost",
        ];
        let items = self.general_items().into_iter().map(|item| item.to_string());
        keys.into_iter().map(str::to_owned).chain(items).map(|key| (key, text("工作任务有所变化"))).collect()
    }

    fn uses(&self) -> Table {
        let mut codes: Vec<ClassCode> =
            self.general_items().into_iter().flat_map(|item| [item.class(), item]).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().map(|code| (code.to_string(), text("保障机构运转和完成任务"))).collect()
    }

    /// Some figures that the document's text states again.
    fn stated(&self) -> Table {
        let keys = ["income_grand_total", "income_total", "spending_total", "general_total", "personnel_total"];
        let cells = keys.iter().filter_map(|key| self.set.concept_cell(key));
        let stated = cells.filter_map(|cell| Some((self.set.name_of(cell), self.money(self.filled.fen(cell)?))));
        vec![("text".to_owned(), Value::Table(stated.collect()))]
    }

    fn whole_evaluation(&self) -> Table {
        let spent = Query::all(Flow::Spending);
        let executed = self.total(&spent);
        let budget = executed + executed / 4;
        owned(vec![
            ("order", number(1)),
            ("kind", text("whole")),
            ("style", text("targets")),
            ("title", text(format!("{}年度{}整体绩效自评表", self.set.years.0, self.name()))),
            ("name", text(self.name())),
            ("filed", text(format!("{}-03-27", self.set.years.0 + 1))),
            ("basic", self.money(self.total(&spent.clone().nature(Nature::Basic)))),
            ("project", self.money(self.total(&spent.nature(Nature::Project)))),
            (
                "funding",
                Value::List(vec![table([
                    ("source", text("部门整体支出总额")),
                    ("budget", self.money(budget)),
                    ("executed", self.money(executed)),
                    ("rate", text(rate(self.shown(executed), self.shown(budget)))),
                ])]),
            ),
            (
                "goals",
                Value::List(vec![table([
                    ("title", text("年度目标1：完成年度任务")),
                    (
                        "indicators",
                        Value::List(vec![table([
                            ("level1", text("产出指标")),
                            ("level2", text("数量指标")),
                            ("name", text("办理事项数")),
                            ("target", text("≥500件")),
                            ("actual", text("548件")),
                            ("note", text("已完成")),
                        ])]),
                    ),
                ])]),
            ),
        ])
    }

    fn project_evaluation(&self) -> Table {
        let indicator = |level1: &str, level2: &str, weight: u32| {
            table([
                ("level1", text(level1)),
                ("level2", text(level2)),
                ("name", text(format!("{level2}达标"))),
                ("relation", text("≥")),
                ("target", text("95")),
                ("unit", text("%")),
                ("actual", text("96")),
                ("weight", number(weight)),
                ("score", number(weight)),
            ])
        };
        let indicators = vec![indicator("产出指标", "数量指标", 50), indicator("效益指标", "社会效益指标", 40)];
        owned(vec![
            ("order", number(2)),
            ("kind", text("project")),
            ("style", text("weighted")),
            ("title", text(format!("项目支出绩效自评表（{}年度）", self.set.years.0))),
            ("name", text("业务经费")),
            ("department", text(self.name())),
            ("implementer", text(self.name())),
            ("goal", text("完成全年任务。")),
            ("result", text("全年任务完成。")),
            (
                "funding",
                Value::List(vec![table([
                    ("source", text("总额")),
                    ("opening", self.money(20_000_000)),
                    ("adjusted", self.money(20_000_000)),
                    ("executed", self.money(20_000_000)),
                    ("rate", text("100.00%")),
                    ("weight", number(10)),
                    ("score", number(10)),
                ])]),
            ),
            ("goals", Value::List(vec![table([("indicators", Value::List(indicators))])])),
            ("total", table([("weight", number(100)), ("score", number(100))])),
        ])
    }

    /// The figure in 分 that a reader of the printed one sees.
    fn shown(&self, fen: i128) -> i128 {
        let unit = self.request.scale.last_unit_fen();
        (fen + unit / 2) / unit * unit
    }

    fn table(&self, index: u16, form: &Form) -> Table {
        let entries = match &form.layout {
            Layout::ByCode { total_last, .. } => self.coded_rows(index, form, *total_last),
            Layout::OneRow => self.columns(index, form, RowKey::Only).map(|row| ("columns", row)),
            Layout::TwoSided(_) | Layout::Blocks { .. } => self.lines(index, form),
        };
        entries.map_or_else(|| owned(vec![("empty", text(self.empty_sentence(form)))]), |entry| owned(vec![entry]))
    }

    fn empty_sentence(&self, form: &Form) -> String {
        let sentence = form.empty.clone().unwrap_or_else(|| format!("本{{word}}当年没有{}所列的收支", form.title));
        sentence.replace("{word}", self.word())
    }

    fn columns(&self, index: u16, form: &Form, row: RowKey) -> Option<Value> {
        let cells = self.filled.row(index, row, form);
        let entry = |(column, fen): (usize, i128)| (form.columns[column].number.to_string(), self.money(fen));
        (!cells.is_empty()).then(|| Value::Table(cells.into_iter().map(entry).collect()))
    }

    fn coded_rows(&self, index: u16, form: &Form, total_last: bool) -> Option<(&'static str, Value)> {
        let keys = printed_rows(&self.filled.rows[&index], total_last);
        let rows: Vec<Value> = keys.into_iter().filter_map(|key| self.coded_row(index, form, key)).collect();
        (!rows.is_empty()).then_some(("rows", Value::List(rows)))
    }

    fn coded_row(&self, index: u16, form: &Form, key: RowKey) -> Option<Value> {
        let Some(Value::Table(cells)) = self.columns(index, form, key) else { return None };
        let mut entries = match key {
            RowKey::Code(code) => {
                let name = self.site.functional_name(code, self.set.years.0).unwrap_or_default();
                owned(vec![("code", text(code.to_string())), ("name", text(name))])
            }
            _ => owned(vec![("code", text("合计"))]),
        };
        entries.extend(cells);
        Some(Value::Table(entries))
    }

    /// The lines of a two-sided form or of blocks: a side with one column has plain numbers.
    fn lines(&self, index: u16, form: &Form) -> Option<(&'static str, Value)> {
        let mut entries = Table::new();
        for line in &form.lines {
            let Some(Value::Table(mut cells)) = self.columns(index, form, line.key) else { continue };
            let key = match line.key {
                RowKey::Line(number) => number.to_string(),
                RowKey::Code(code) => code.to_string(),
                _ => line.label.clone(),
            };
            let value = if line.columns.len() == 1 { cells.remove(0).1 } else { Value::Table(cells) };
            entries.push((key, value));
        }
        (!entries.is_empty()).then_some(("lines", Value::Table(entries)))
    }
}

fn owned(entries: Vec<(&str, Value)>) -> Table {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn work() -> Table {
    let item = table([
        ("no", number(1)),
        ("matter", text("办理事项")),
        ("goal", text("全年办理500件以上")),
        ("result", text("全年办理548件。")),
    ]);
    vec![("items".to_owned(), Value::List(vec![item]))]
}

/// A rate with two decimals, rounded half up.
fn rate(part: i128, whole: i128) -> String {
    let hundredths = (part * 20_000 + whole) / (2 * whole);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The concepts of a set whose cells disagree with the books, by name.
pub fn mistaken_concepts(set: &FormSet, ledger: &Ledger, filled: &Filled) -> Vec<String> {
    let wrong = |key: &&String| {
        let expected = words::concept(key).map(|query| ledger.total(&query).filter(|fen| *fen != 0));
        let cell: Option<CellRef> = set.concept_cell(key);
        expected.is_some_and(|expected| cell.is_none_or(|cell| filled.fen(cell) != expected))
    };
    set.concepts.keys().filter(wrong).cloned().collect()
}
