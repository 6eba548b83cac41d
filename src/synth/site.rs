//! Whole invented sites, unit by unit, for trials of any size.
//!
//! A site is a function of its size and seed: [`Works::unit`] gives the files of one unit, and
//! nothing is kept from one to the next, so that memory does not grow with the number. The
//! years of a unit follow each other: each opens with what the one before left. The form sets
//! take turns; where a set is not in force in a year, the one that it extends is used.

use std::sync::Arc;

use super::invent::{self, Edition, Identity, NOWHERE, Request, placed};
use super::ledger::Ledger;
use super::names;
use super::press::{Incomplete, Press};
use super::prng::Prng;
use super::source::Format;
use super::write;
use crate::amount::{Amount, Scale};
use crate::model::code::ClassCode;
use crate::model::disclosure::{Disclosure, WorkItem};
use crate::model::form::{CellRef, FormSet, Kind, RowKey};
use crate::model::glossary::Term;
use crate::model::site::Site;

/// A file of a site: its path below the site's folder, and its text.
pub type File = (String, String);

/// How large a site is, and what it is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How many units.
    pub units: usize,
    /// How many years each has a disclosure for.
    pub years: usize,
    /// What it is drawn from.
    pub seed: u64,
}

/// The form sets of a site, made ready to write units on them.
#[derive(Debug)]
pub struct Works<'a> {
    site: &'a Site,
    /// The sets of final accounts, in the order of their ids.
    presses: Vec<Press>,
    first_year: i32,
    size: Size,
}

impl<'a> Works<'a> {
    /// The works of a site's sets of final accounts.
    ///
    /// # Errors
    /// [`Incomplete`] when a set leaves cells open.
    pub fn new(blank: &'a Site, size: Size) -> Result<Self, Incomplete> {
        let finals: Vec<&Arc<FormSet>> = blank.sets.values().filter(|set| set.kind == Kind::Final).collect();
        let presses = finals.iter().map(|set| Press::new(blank, set)).collect::<Result<_, _>>()?;
        Ok(Self { site: blank, presses, first_year: first_year(&finals), size })
    }

    /// What the site's settings say.
    pub fn settings(&self) -> File {
        let Size { units, years, seed } = self.size;
        let text = format!(
            "# 由 disclose synth --units {units} --years {years} --seed {seed} 生成，只供试验；单位、金额都是虚构的。\n\
             title       = \"虚构单位决算公开（试验）\"\n\
             description = \"按种子虚构的数据，只供试验，不是任何单位的公开文件。\"\n\
             publisher   = \"试验\"\n"
        );
        ("site.toml".to_owned(), text)
    }

    /// The id of a unit by its number.
    pub fn unit_id(&self, number: usize) -> String {
        names::of(number).0
    }

    /// The files of a unit by its number: itself, then its years.
    pub fn unit(&self, number: usize) -> Vec<File> {
        let (id, identity) = names::of(number);
        let seed = seed_of(self.size.seed, number);
        let scale = if number % 7 == 6 { Scale::Yuan } else { Scale::TenThousand };
        let request = Request { unit: &id, parent: None, scale, seed };
        let mut files = Vec::new();
        let mut before: Option<(Ledger, Disclosure)> = None;
        for (year, step) in (self.first_year..).zip(0..self.size.years) {
            let Some(press) = self.press(number, year) else { break };
            let mut random = Prng::new(seed.wrapping_add(u64::try_from(step).unwrap_or_default() << 40));
            let nothing = Ledger::default();
            let last = before.as_ref().map_or(&nothing, |(ledger, _)| ledger);
            let ledger = Ledger::draw_after(last, &press.codes, &mut random);
            let edition =
                Edition { year, ledger, before: before.as_ref().map(|(_, last)| last), identity: Some(&identity) };
            let mut made = invent::edition(self.site, press, &request, edition);
            if step == 0 {
                files.push(write::unit_file(&made.unit, Format::Toml));
            }
            reword(self.site, &mut made.disclosure, &identity, &mut random);
            files.extend(write::disclosure_files(&made.disclosure, Format::Toml));
            files.extend(self.narrative(&made.disclosure, &identity, &mut random));
            before = Some((made.ledger, made.disclosure));
        }
        files
    }

    /// The forms of a unit in a year: its own set, the one that this extends, or any in force.
    fn press(&self, number: usize, year: i32) -> Option<&Press> {
        let in_force = |press: &&Press| is_in_force(&press.set, year);
        let own = self.presses.get(number % self.presses.len().max(1))?;
        let extended = || self.presses.iter().find(|press| Some(&press.set.id) == own.set.extends.as_ref());
        let any = || self.presses.iter().find(in_force);
        Some(own).filter(in_force).or_else(|| extended().filter(in_force)).or_else(any)
    }

    /// `narrative.md`: words of the unit's own added to the first sections of its narrative.
    fn narrative(&self, disclosure: &Disclosure, identity: &Identity, random: &mut Prng) -> Option<File> {
        let template = self.site.narratives.get(&disclosure.set.narrative)?;
        let is_plain = |heading: &&str| !heading.contains(['{', '}']);
        let headings = template.body.value.lines().filter_map(|line| line.strip_prefix("## ")).filter(is_plain);
        let mut text = String::new();
        for (heading, words) in headings.zip(&PARAGRAPHS) {
            text.push_str("## ");
            text.push_str(heading.trim());
            text.push_str("（补充）\n\n");
            let drawn = random.sample::<&str>(words, 5);
            for paragraph in drawn {
                text.push_str(&paragraph.replace("{name}", &identity.short));
                text.push_str("\n\n");
            }
        }
        let path = format!("content/units/{}/{}/narrative.md", disclosure.unit, disclosure.year);
        (!text.is_empty()).then(|| (path, format!("{}\n", text.trim_end())))
    }
}

/// The year in which most sets are in force, the earliest of them.
fn first_year(sets: &[&Arc<FormSet>]) -> i32 {
    let years = sets.iter().map(|set| set.years.0);
    let in_force = |year: i32| sets.iter().filter(|set| is_in_force(set, year)).count();
    years.max_by_key(|year| (in_force(*year), std::cmp::Reverse(*year))).unwrap_or_default()
}

fn is_in_force(set: &FormSet, year: i32) -> bool {
    year >= set.years.0 && set.years.1.is_none_or(|last| year <= last)
}

/// A seed of a unit: units of two sites have nothing in common.
fn seed_of(seed: u64, number: usize) -> u64 {
    let number = u64::try_from(number).unwrap_or_default();
    seed.wrapping_mul(1_000_000_007).wrapping_add(number.wrapping_mul(7_919)) & 0xFFFF_FFFF
}

/// Reasons that explain a change in any direction.
const REASONS: [&str; 10] = [
    "年度工作任务有所调整",
    "项目按合同约定的进度支付",
    "人员有所变动",
    "社会保险缴费基数按规定调整",
    "部分项目跨年度实施",
    "按规定据实结算",
    "重点工作的安排与上年不同",
    "机构职责有所调整",
    "业务量有所变化",
    "维修维护工作按需安排",
];

/// What money is used for.
const USES: [&str; 6] = [
    "保障机构正常运转和完成年度工作任务",
    "人员工资福利和日常公用支出",
    "开展业务工作和购买必要的服务",
    "办公设备的购置和维护",
    "按规定缴纳的各项社会保险和住房公积金",
    "重点项目的实施和管理",
];

/// The parts of 三公 that take a reason, with what was spent on them.
const PARTS: [(&str, &str); 4] = [
    ("three_public_abroad", "three_public_actual_abroad"),
    ("three_public_vehicle", "three_public_actual_vehicle"),
    ("three_public_operation", "three_public_actual_operation"),
    ("three_public_reception", "three_public_actual_reception"),
];

/// Whether a reason has nothing to explain: a 项 spent as budgeted, a part of 三公 not spent on.
fn is_unchanged(disclosure: &Disclosure, key: &str) -> bool {
    let set = &disclosure.set;
    if let Some((_, concept)) = PARTS.iter().find(|(part, _)| *part == key) {
        return disclosure.concept(concept).amount().is_none_or(Amount::is_zero);
    }
    let (Some(code), Some(cell)) = (ClassCode::parse(key), set.concept_cell("general_total")) else { return false };
    let spent = disclosure.figure(CellRef { row: RowKey::Code(code), ..cell });
    let groups = set.facts.iter().filter(|group| group.by_code);
    groups.map(|group| disclosure.fact(&format!("{}·{code}", group.name))).all(|budget| budget == spent)
}

/// Everything that the forms of a set print.
fn words_of(set: &FormSet) -> String {
    let mut words = String::new();
    for form in &set.forms {
        words.push_str(&form.title);
        form.columns.iter().flat_map(|column| &column.heading).for_each(|heading| words.push_str(heading));
        form.lines.iter().for_each(|line| words.push_str(&line.label));
    }
    words
}

/// Some rows of key work, numbered.
fn work_items(random: &mut Prng) -> Vec<WorkItem> {
    let drawn = random.sample(&WORK_ITEMS, 6);
    let item = |(number, (matter, goal, result)): (i32, (&str, &str, &str))| WorkItem {
        number: number.to_string(),
        matter: matter.to_owned(),
        goal: goal.to_owned(),
        result: result.to_owned(),
        place: NOWHERE,
    };
    (1..).zip(drawn).map(item).collect()
}

/// Key work: the matter, its goal and its result.
const WORK_ITEMS: [(&str, &str, &str); 9] = [
    ("办理事项", "全年办理500件以上", "全年办理548件。"),
    ("政务公开", "按时公开预算和决算，及时更新办事指南", "预算、决算按时公开，办事指南已全部更新。"),
    ("内部控制", "修订采购、合同、资产管理的内部制度", "各项制度已修订并印发执行。"),
    ("业务培训", "组织工作人员参加业务和廉政培训", "培训已按计划完成，工作人员全部参加。"),
    ("信息系统", "完成业务系统的维护和安全检查", "系统运行平稳，安全检查发现的问题已整改。"),
    ("安全管理", "落实安全责任，排查和整治隐患", "隐患已全部整治，全年没有发生责任事故。"),
    ("档案管理", "完成上一年度文件的整理归档", "文件已全部整理归档，并建立了目录。"),
    ("资产管理", "开展固定资产清查，做到账实相符", "清查已经完成，报废资产按规定程序处置。"),
    ("服务评价", "听取服务对象的意见，改进办事流程", "收集的意见逐条研究，合理的已经采纳。"),
];

/// Puts a unit's own words in place of the plain ones.
fn reword(site: &Site, disclosure: &mut Disclosure, identity: &Identity, random: &mut Prng) {
    let unchanged: Vec<String> =
        disclosure.reasons.keys().filter(|key| is_unchanged(disclosure, key)).cloned().collect();
    for key in &unchanged {
        disclosure.reasons.remove(key);
    }
    let words = words_of(&disclosure.set);
    let is_used = |term: &Term| !term.codes.is_empty() || words.contains(&term.name);
    disclosure.terms.retain(|listed| site.terms.get(&listed.value).is_none_or(is_used));
    disclosure.work_items = work_items(random);
    disclosure.reasons.values_mut().for_each(|reason| *reason = placed(random.pick::<&str>(&REASONS)));
    disclosure.uses.values_mut().for_each(|used| *used = placed(random.pick::<&str>(&USES)));
    let work = random.sample::<&str>(&WORK, 7);
    let work: Vec<String> = work.iter().map(|paragraph| paragraph.replace("{name}", &identity.short)).collect();
    disclosure.work_text = Some(placed(&work.join("\n\n")));
    disclosure.performance_text = Some(placed(&random.sample::<&str>(&PERFORMANCE, 3).join("\n\n")));
}

/// Words for the first sections of a narrative; no figures, so that they are true of any books.
const PARAGRAPHS: [[&str; 6]; 4] = [
    [
        "{name}的收支全部纳入预算管理，各项收入依法取得、及时入账，各项支出按照批准的预算和规定的标准办理。",
        "年度执行中，{name}坚持先有预算、后有支出，预算调整按规定程序报批，没有无预算、超预算的支出。",
        "{name}按月核对账目，按季分析预算执行进度，对进度偏慢的项目逐项查明情况并督促落实。",
        "年末，{name}对全年的收入、支出和往来款项进行清理，核对银行存款和财政拨款额度，保证账表一致、表表一致。",
        "决算由财务人员编制，经单位负责人审核后报送主管部门，批复后在规定的时间内公开，接受各方面的监督。",
        "预算、决算公开的内容由专人核对，公开后发现差错的，按规定更正并说明情况，已公开的网页长期保留。",
    ],
    [
        "各项收入按照规定的范围和标准取得，应缴的款项及时足额上缴，没有截留、坐支的情形。",
        "收入管理实行统一核算，票据专人保管，定期盘点，保证账实相符、账账相符。",
        "财政拨款按照国库集中支付的规定办理，资金的申请、审核和支付各环节分别由专人负责。",
        "非税项目按照公布的目录和标准执行，收费依据、标准和监督方式在办事场所公示，缴款直接进入国库或者财政专户。",
        "与预算有关的合同、文件和凭证按规定立卷归档，保管期限和查阅手续符合会计档案管理的要求。",
        "对长期挂账的往来款项逐笔查明情况，能够收回的及时收回，不能收回的按规定的程序处理。",
    ],
    [
        "支出管理坚持厉行节约，严格执行经费支出标准，优先保障基本民生、人员工资和机构正常运转。",
        "项目支出按照合同和进度付款，大额支出经集体研究决定，支付前逐笔审核凭证和验收资料。",
        "公务支出按规定使用公务卡结算，报销的事项、标准和附件由经办人、审核人、批准人逐级把关。",
        "采购活动按照采购目录和限额标准组织，采购需求、采购公告、中标结果和合同按规定公开，履约后组织验收。",
        "固定资产的购置、使用、调拨和处置都有登记，新增资产在配置标准以内，闲置资产优先调剂使用。",
        "会议、培训和差旅事前审批，控制规模、时间和标准，能用视频形式办理的不再集中办理。",
    ],
    [
        "财政拨款专款专用，结转结余的资金按照规定的程序申报，不能继续使用的及时交回财政。",
        "{name}对财政拨款的使用开展内部监督检查，发现的问题列出清单，明确责任人和完成的时限。",
        "预算执行的结果与下一年度的预算安排相衔接，低效无效的支出予以压减。",
        "项目实行全过程管理，立项时论证必要性和可行性，执行中跟踪进度和质量，完成后总结经验和不足。",
        "上级专项资金按照下达的用途和范围使用，单独核算，使用的情况按要求报告并在单位内部公示。",
        "对审计、巡察和财政监督指出的问题，{name}逐条制定整改措施，整改的结果按时报告。",
    ],
];

/// What a unit says of its work.
const WORK: [&str; 8] = [
    "{name}围绕年度中心工作，细化任务、明确责任，各项重点工作按照计划推进。",
    "**优化服务。** 公开办事指南，压缩办理时限，减少申请材料，推行一次告知和限时办结，群众办事更加方便。",
    "**规范管理。** 修订内部控制制度，梳理岗位风险，完善采购、合同、资产和档案的管理流程，堵塞管理漏洞。",
    "**加强队伍建设。** 组织业务培训和岗位练兵，开展廉政教育，工作人员的业务能力和服务意识得到提高。",
    "**推进公开透明。** 按照规定的内容、时限和格式公开预算和决算，回应社会关切，接受各方面的监督。",
    "**强化安全管理。** 落实安全责任，排查和整治隐患，完善应急预案并组织演练，全年没有发生责任事故。",
    "**做好统筹协调。** 加强与有关部门的沟通配合，及时研究解决工作中的困难，保证任务落到实处。",
    "**提升信息化水平。** 完善业务系统，推动数据共享，让更多的事项可以在网上办理、随时查询。",
];

/// What a unit says of its evaluations.
const PERFORMANCE: [&str; 5] = [
    "根据预算绩效管理的要求，已对年度预算安排的项目开展绩效自评，自评结果见附件。",
    "绩效目标随预算同步申报、同步批复，执行中按季监控，对偏离目标的项目及时纠正。",
    "自评工作由业务科室填报，财务人员复核，经集体研究后报送，数据来自账簿和业务记录。",
    "自评结果应用于改进管理和安排下一年度预算，没有达到目标的项目逐项分析了情况。",
    "下一步将继续细化绩效指标，提高指标的可衡量程度，加强绩效运行的日常监控。",
];
