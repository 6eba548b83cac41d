//! The example disclosure of a new site: a small invented unit whose figures all agree.
//!
//! 1. [`books`] are the unit's books, written here posting by posting.
//! 2. [`synth`](crate::synth) prints them on the blank forms, so that tables, facts and the
//!    self-evaluations agree whatever the set.
//! 3. The files are written with the comments of a skeleton, so that a reader who copies them
//!    finds every line explained.

use std::collections::BTreeMap;

use super::StartError;
use crate::amount::{Amount, Scale};
use crate::diagnostic::{FileId, Place, Placed};
use crate::load::NewUnit;
use crate::load::scaffold::{Figures, filled_disclosure, table_text, unit_text};
use crate::load::schema::{FileKind, directive};
use crate::model::code::ClassCode;
use crate::model::disclosure::Disclosure;
use crate::model::site::Site;
use crate::model::table::Figure;
use crate::model::unit::About;
use crate::synth::invent::{Edition, Identity, Request, edition};
use crate::synth::ledger::{Flow, Fund, Ledger, Nature, Posting, Source, THREE_PUBLIC, Way};
use crate::synth::press::Press;
use crate::synth::source::Format;
use crate::synth::write::disclosure_files;

/// The example unit's id.
pub const UNIT: &str = "example";

/// The example's fiscal year.
pub const YEAR: i32 = 2024;

/// The form set that it is filled in on.
pub const SET: &str = "national-2022";

/// What the example is drawn from where the books do not say.
const SEED: u64 = 8;

/// The files of the example unit, by their paths below the site.
///
/// # Errors
/// [`StartError::Set`] when the form set leaves cells open.
pub fn files(site: &Site) -> Result<Vec<(String, String)>, StartError> {
    let Some(set) = site.sets.get(SET) else { return Ok(Vec::new()) };
    let press = Press::new(site, set)?;
    let request = Request { unit: UNIT, parent: None, scale: Scale::TenThousand, seed: SEED };
    let identity = identity();
    let year = Edition { year: YEAR, ledger: books(), before: None, identity: Some(&identity) };
    let mut disclosure = edition(site, &press, &request, year).disclosure;
    reword(&mut disclosure);
    Ok(written(&disclosure, &identity))
}

fn identity() -> Identity {
    Identity {
        name: "示例县公共服务中心".to_owned(),
        short: "示例县公共服务中心".to_owned(),
        region: vec!["示例省".to_owned(), "示例市".to_owned(), "示例县".to_owned()],
        level: "县级".to_owned(),
        word: "单位".to_owned(),
        nature: Some("公益一类事业单位".to_owned()),
        about: About {
            duties: vec![
                "承担公共服务事项的受理、办理和咨询。".to_owned(),
                "承担公共服务场所和信息系统的运行维护。".to_owned(),
                "完成上级交办的其他任务。".to_owned(),
            ],
            organisation: Some(
                "示例县公共服务中心是本程序虚构的示例，不是真实的单位；所有金额也是虚构的。\
                 中心为独立核算的事业单位，内设综合科、服务科、技术科。"
                    .to_owned(),
            ),
            divisions: ["综合科", "服务科", "技术科"].map(str::to_owned).to_vec(),
        },
    }
}

/// What the general budget was spent on: 项, kind, economic 款, 分.
const SPENT: [(u32, Nature, u32, i128); 24] = [
    (2_010_350, Nature::Basic, 30101, 48_620_000),
    (2_010_350, Nature::Basic, 30102, 15_430_000),
    (2_010_350, Nature::Basic, 30107, 61_280_000),
    (2_010_350, Nature::Basic, 30112, 1_150_000),
    (2_010_350, Nature::Basic, 30201, 2_360_000),
    (2_010_350, Nature::Basic, 30205, 420_000),
    (2_010_350, Nature::Basic, 30206, 1_870_000),
    (2_010_350, Nature::Basic, 30207, 960_000),
    (2_010_350, Nature::Basic, 30211, 1_340_000),
    (2_010_350, Nature::Basic, 30213, 780_000),
    (2_010_350, Nature::Basic, 30216, 510_000),
    (2_010_350, Nature::Basic, 30217, 220_000),
    (2_010_350, Nature::Basic, 30228, 1_680_000),
    (2_010_350, Nature::Basic, 30229, 1_420_000),
    (2_010_350, Nature::Basic, 30231, 2_150_000),
    (2_010_350, Nature::Basic, 31002, 1_290_000),
    (2_010_399, Nature::Project, 30213, 18_600_000),
    (2_010_399, Nature::Project, 30227, 26_400_000),
    (2_010_399, Nature::Project, 31007, 15_300_000),
    (2_080_502, Nature::Basic, 30302, 3_240_000),
    (2_080_505, Nature::Basic, 30108, 14_180_000),
    (2_080_506, Nature::Basic, 30109, 2_360_000),
    (2_101_102, Nature::Basic, 30110, 6_910_000),
    (2_210_201, Nature::Basic, 30113, 12_540_000),
];

/// What was left of the general budget at the beginning and at the end, by 项, in 分.
const CARRIED: [(u32, i128, i128); 1] = [(2_010_399, 4_200_000, 5_600_000)];

/// 年初预算 by 项 and kind, in 分.
const BUDGETED: [(u32, Nature, i128); 7] = [
    (2_010_350, Nature::Basic, 138_000_000),
    (2_010_399, Nature::Project, 65_000_000),
    (2_080_502, Nature::Basic, 3_240_000),
    (2_080_505, Nature::Basic, 14_180_000),
    (2_080_506, Nature::Basic, 2_500_000),
    (2_101_102, Nature::Basic, 6_910_000),
    (2_210_201, Nature::Basic, 12_000_000),
];

/// “三公”经费预算数, in 分: abroad, vehicles bought, vehicles run, receptions.
const THREE_PUBLIC_BUDGET: [i128; 4] = [0, 0, 2_400_000, 300_000];

/// 其他收入: interest, spent on a project, in 分.
const INTEREST: (u32, i128) = (2_010_399, 380_000);

/// The unit's books.
fn books() -> Ledger {
    let mut postings = Vec::new();
    let mut post = |way: Way, item: u32, fen: i128| {
        if fen != 0 {
            postings.push(Posting { way, item: ClassCode(item), fen });
        }
    };
    let mut spent: BTreeMap<u32, i128> = BTreeMap::new();
    for (item, nature, economic, fen) in SPENT {
        *spent.entry(item).or_default() += fen;
        let way = Way::plain(Flow::Spending, Fund::General);
        post(Way { nature: Some(nature), economic: Some(ClassCode(economic)), ..way }, item, fen);
    }
    for (item, spent) in spent {
        let carried = CARRIED.iter().find(|(carried, ..)| *carried == item);
        let (opening, closing) = carried.map_or((0, 0), |(_, opening, closing)| (*opening, *closing));
        post(Way::plain(Flow::Opening, Fund::General), item, opening);
        post(Way::plain(Flow::Income, Fund::General), item, spent + closing - opening);
        post(Way::plain(Flow::Closing, Fund::General), item, closing);
    }
    for (item, nature, fen) in BUDGETED {
        post(Way { nature: Some(nature), ..Way::plain(Flow::OpeningBudget, Fund::General) }, item, fen);
    }
    for (codes, fen) in THREE_PUBLIC.iter().zip(THREE_PUBLIC_BUDGET) {
        let economic = codes.first().copied().map(ClassCode);
        post(Way { economic, ..Way::plain(Flow::ThreePublicBudget, Fund::General) }, SPENT[0].0, fen);
    }
    let (item, fen) = INTEREST;
    post(Way { source: Some(Source::Other), ..Way::plain(Flow::Income, Fund::Own) }, item, fen);
    post(Way { nature: Some(Nature::Project), ..Way::plain(Flow::Spending, Fund::Own) }, item, fen);
    Ledger { postings }
}

/// Last year's figures by concept, in 分.
const LAST_YEAR: [(&str, i128); 5] = [
    ("income_grand_total", 231_520_000),
    ("spending_grand_total", 231_520_000),
    ("grant_grand_total_income", 231_200_000),
    ("grant_grand_total", 231_200_000),
    ("general_total", 227_000_000),
];

/// What was bought, in 分, by the items of 政府采购.
const PROCURED: [(&str, i128); 9] = [
    ("总额", 58_500_000),
    ("货物", 17_300_000),
    ("工程", 0),
    ("服务", 41_200_000),
    ("中小企业合同金额", 52_400_000),
    ("小微企业合同金额", 31_800_000),
    ("货物中小企业合同金额", 17_300_000),
    ("工程中小企业合同金额", 0),
    ("服务中小企业合同金额", 35_100_000),
];

/// Reasons for changes, by the places of the narrative and by 项; of no direction, so that they
/// stay true when somebody changes a figure.
const REASONS: [(&str, &str); 12] = [
    ("income_spending_total", "人员经费和信息系统维护项目按年度任务安排"),
    ("spending_total", "信息系统维护项目按合同进度支付"),
    ("grant_total", "人员经费和信息系统维护项目按年度任务安排"),
    ("general_total", "信息系统维护项目按合同进度支付"),
    ("three_public", "公务用车维修和公务接待据实结算"),
    ("three_public_operation", "公务用车维修保养据实结算"),
    ("three_public_reception", "来访的批次和人数据实安排"),
    ("running_cost", "日常办公支出据实结算"),
    ("2010350", "在职人员有调入调出，工资按规定调整"),
    ("2010399", "信息系统维护项目跨年度实施，按合同进度支付"),
    ("2080506", "职业年金按实际参保人员缴纳"),
    ("2210201", "住房公积金缴存基数按规定调整"),
];

/// What money was used for, by class and 项.
const USES: [(&str, &str); 10] = [
    ("201", "保障机构运转和公共服务场所、信息系统的运行维护"),
    ("208", "按规定缴纳养老保险、职业年金和发放离退休人员补助"),
    ("210", "按规定缴纳医疗保险"),
    ("221", "按规定缴存住房公积金"),
    ("2010350", "在职人员工资福利和日常公用支出"),
    ("2010399", "公共服务场所维护和信息系统运行维护"),
    ("2080502", "离退休人员补助"),
    ("2080505", "按规定缴纳基本养老保险"),
    ("2080506", "按规定缴纳职业年金"),
    ("2101102", "按规定缴纳医疗保险"),
];

/// The terms that its 名词解释 lists, beside those for its 项.
const TERMS: [&str; 7] = [
    "fiscal-appropriation-income",
    "other-income",
    "opening-carryover",
    "closing-carryover",
    "basic-expenditure",
    "project-expenditure",
    "three-public-expenditure",
];

fn reword(disclosure: &mut Disclosure) {
    disclosure.title = format!("{YEAR}年度示例县公共服务中心决算公开");
    disclosure.reasons = texts(&REASONS);
    disclosure.uses = texts(&USES);
    disclosure.terms.retain(|term| term.value.starts_with("func-") || TERMS.contains(&term.value.as_str()));
    let nowhere = Place::start_of(FileId(0));
    for (concept, fen) in LAST_YEAR {
        if let Some(cell) = disclosure.set.concept_cell(concept) {
            disclosure.prior.insert(cell, Placed::new(Figure::Amount(Amount::from_fen(fen)), nowhere));
        }
    }
    for (item, fen) in PROCURED {
        if let Some(fact) = disclosure.facts.get_mut(&format!("附注·政府采购·{item}")) {
            fact.value = Figure::Amount(Amount::from_fen(fen));
        }
    }
    disclosure.work_text = Some(Placed::new(WORK.to_owned(), nowhere));
    disclosure.performance_text = Some(Placed::new(PERFORMANCE.to_owned(), nowhere));
}

fn texts(said: &[(&str, &str)]) -> BTreeMap<String, Placed<String>> {
    let nowhere = Place::start_of(FileId(0));
    said.iter().map(|(key, text)| ((*key).to_owned(), Placed::new((*text).to_owned(), nowhere))).collect()
}

const WORK: &str = "本年围绕公共服务的办理质量和效率开展工作，年初确定的任务已经完成，具体见下表。";

const PERFORMANCE: &str = "根据预算绩效管理的要求，对单位整体支出和项目支出开展了绩效自评，自评表附后。";

/// `narrative.md`: one section with words of the unit's own, to show how it is done.
const NARRATIVE: &str =
    "<!-- 情况说明按各表的数字生成。要自己写其中一节的，把标题和正文写在下面；都用生成的文字就删去本文件。

一节一个二级标题（## ），写网页上那一节或那一小节的标题，编号可以不写；下面的正文替换生成的文字。
标题末尾加“（补充）”，正文就接在生成的文字后面，如下面这一节。正文中的数字会与各表核对。 -->

## 二、收入决算情况说明（补充）

其他收入是银行存款利息，已按规定纳入预算管理。
";

fn written(disclosure: &Disclosure, identity: &Identity) -> Vec<(String, String)> {
    let folder = format!("content/units/{UNIT}/{YEAR}/");
    let unit = NewUnit {
        name: Some(identity.name.clone()),
        region: identity.region.clone(),
        level: Some(identity.level.clone()),
        kind: Some(identity.word.clone()),
        nature: identity.nature.clone(),
        about: identity.about.clone(),
        ..NewUnit::default()
    };
    let of_year = |name: &str, kind: &str, text: String| {
        let path = format!("{folder}{name}");
        let text = directive(kind, &path) + EXAMPLE + &text;
        (path, text)
    };
    let mut files = vec![
        (format!("content/units/{UNIT}/unit.toml"), unit_text(&unit)),
        of_year("disclosure.toml", "disclosure", filled_disclosure(disclosure, &identity.name)),
    ];
    for (form, table) in disclosure.set.forms.iter().zip(&disclosure.tables) {
        let figures = Figures { table, scale: disclosure.scale };
        files.push(of_year(
            &format!("tables/{}.toml", form.stem),
            "table",
            table_text(form, &disclosure.set, Some(figures)),
        ));
    }
    for (path, text) in disclosure_files(disclosure, Format::Toml) {
        let Some(name) = path.strip_prefix(&folder) else { continue };
        match name {
            "stated.toml" => files.push(of_year(name, "stated", format!("{STATED}{text}"))),
            "work.toml" => files.push(of_year(name, "work", format!("{WORK_HEAD}{text}"))),
            "work.md" | "performance.md" => files.push((path, text)),
            _ if name.starts_with("performance/") => {
                files.push(of_year(name, "performance", explained("performance", &text)));
            }
            _ => {}
        }
    }
    files.push((format!("{folder}narrative.md"), NARRATIVE.to_owned()));
    files
}

/// What every file of the example says first.
const EXAMPLE: &str = "# 示例：单位和金额都是虚构的。照它的样子填自己的，填好后删去 content/units/example。\n";

const STATED: &str = "# 正文中写明的金额，照正文所印；每项是表中一格或一个附注，用来核对表与文字。可以不写。\n";

const WORK_HEAD: &str = "# 重点工作完成情况表：no 序号，matter 重要事项，goal 工作内容及目标，result 完成情况。\n";

/// A file with a comment behind each of its plain keys: what the schema says of it.
fn explained(kind: &str, text: &str) -> String {
    let Some(kind) = FileKind::named(kind) else { return text.to_owned() };
    let mut top = true;
    let mut out = format!("# {}，一张表一个文件。\n", kind.title);
    for line in text.lines() {
        top = top && !line.starts_with('[');
        let key = line.split_once(" = ").map(|(key, _)| key).filter(|_| top);
        let is_whole = !line.ends_with('[');
        out.push_str(line);
        if let Some(about) = key.filter(|_| is_whole).and_then(|key| kind.about(key)) {
            out.push_str("        # ");
            out.push_str(about);
        }
        out.push('\n');
    }
    out
}
