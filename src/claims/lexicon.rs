//! What the statutory sentences call things: phrases and the concepts and facts they mean.
//!
//! Data only. A phrase is matched at the end of what stands before a numeral, the longest first;
//! the topic of the section parts phrases that mean different things in different sections
//! (公务接待费 is an economic 款 under 基本支出, and a column of the 三公 table elsewhere).

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// 收入支出决算总体, 收入决算, 支出决算.
    Overall,
    /// 财政拨款收入支出决算总体.
    Grant,
    /// 一般公共预算财政拨款支出决算.
    General,
    /// 一般公共预算财政拨款基本支出决算.
    Basic,
    /// 财政拨款“三公”经费支出决算.
    ThreePublic,
    /// 机关运行经费.
    Running,
    /// 政府采购支出.
    Procurement,
    /// 国有资产占用.
    Assets,
    /// 预算绩效.
    Performance,
    /// Anything else.
    Other,
}

/// Words of a heading and the topic they announce, the more particular first.
const HEADINGS: [(&str, Topic); 14] = [
    ("三公", Topic::ThreePublic),
    ("机关运行经费", Topic::Running),
    ("政府采购支出", Topic::Procurement),
    ("国有资产", Topic::Assets),
    ("绩效", Topic::Performance),
    ("重点工作", Topic::Other),
    ("名词解释", Topic::Other),
    ("基本支出决算", Topic::Basic),
    ("财政拨款收入支出决算", Topic::Grant),
    ("财政拨款收支决算", Topic::Grant),
    ("一般公共预算财政拨款支出决算", Topic::General),
    ("收入支出决算总体", Topic::Overall),
    ("收入决算", Topic::Overall),
    ("支出决算", Topic::Overall),
];

impl Topic {
    /// The topic of a section, by the innermost heading that announces one.
    pub fn of(section: &[String]) -> Self {
        let announced = |heading: &String| HEADINGS.iter().find(|(word, _)| heading.contains(word));
        section.iter().rev().find_map(announced).map_or(Self::Other, |(_, topic)| *topic)
    }
}

/// What a phrase means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The cells of these concepts, all the same figure.
    Concepts(&'static [&'static str]),
    /// A fact outside the tables.
    Fact(&'static str),
}

use Meaning::{Concepts, Fact};

/// A phrase, the topics it is limited to (none: everywhere), and its meaning.
pub(crate) type Entry = (&'static str, &'static [Topic], Meaning);

const CAR: &[Topic] = &[Topic::ThreePublic];
const BUY: &[Topic] = &[Topic::Procurement];
const GENERAL: &[Topic] = &[Topic::General, Topic::Basic, Topic::Performance];
const WHOLE: &[Topic] = &[Topic::Overall, Topic::Grant];
const SPENDING: &[Topic] = &[Topic::Overall, Topic::Grant, Topic::Other];

/// Phrases before amounts of money.
pub(crate) const MONEY: &[Entry] = &[
    ("财政拨款收、支总计", &[], Concepts(&["grant_grand_total_income", "grant_grand_total"])),
    ("财政拨款收入、支出总计", &[], Concepts(&["grant_grand_total_income", "grant_grand_total"])),
    ("财政拨款收支总计", &[], Concepts(&["grant_grand_total_income", "grant_grand_total"])),
    ("财政拨款收入总计", &[], Concepts(&["grant_grand_total_income"])),
    ("财政拨款支出总计", &[], Concepts(&["grant_grand_total"])),
    ("收、支总计", &[], Concepts(&["income_grand_total", "spending_grand_total"])),
    ("收入、支出总计", &[], Concepts(&["income_grand_total", "spending_grand_total"])),
    ("收支总计", &[], Concepts(&["income_grand_total", "spending_grand_total"])),
    ("收入总计", &[], Concepts(&["income_grand_total"])),
    ("支出总计", &[], Concepts(&["spending_grand_total"])),
    ("收入合计", &[], Concepts(&["income_total"])),
    ("本年收入", &[], Concepts(&["income_total"])),
    ("支出合计", &[], Concepts(&["spending_total"])),
    ("本年支出", &[], Concepts(&["spending_total"])),
    ("财政拨款收入", &[], Concepts(&["grant_income_total"])),
    ("一般公共预算财政拨款收入", &[], Concepts(&["income_general"])),
    ("政府性基金预算财政拨款收入", &[], Concepts(&["income_fund"])),
    ("国有资本经营预算财政拨款收入", &[], Concepts(&["income_state"])),
    ("上级补助收入", &[], Concepts(&["income_superior"])),
    ("事业收入", &[], Concepts(&["income_business"])),
    ("经营收入", &[], Concepts(&["income_operating"])),
    ("附属单位上缴收入", &[], Concepts(&["income_affiliated"])),
    ("其他收入", &[], Concepts(&["income_other"])),
    ("年初结转和结余", WHOLE, Concepts(&["opening_balance"])),
    ("年末结转和结余", WHOLE, Concepts(&["closing_balance"])),
    ("基本支出", SPENDING, Concepts(&["spending_basic"])),
    ("项目支出", SPENDING, Concepts(&["spending_project"])),
    ("基本支出", GENERAL, Concepts(&["general_basic"])),
    ("项目支出", GENERAL, Concepts(&["general_project"])),
    ("上缴上级支出", &[], Concepts(&["spending_upward"])),
    ("经营支出", &[], Concepts(&["spending_operating"])),
    ("对附属单位补助支出", &[], Concepts(&["spending_affiliated"])),
    ("一般公共预算财政拨款支出", &[], Concepts(&["general_total"])),
    ("一般公共预算支出", &[], Concepts(&["general_total"])),
    ("实际预算支出", &[Topic::Performance], Concepts(&["spending_total"])),
    ("一般公共预算财政拨款基本支出", &[], Concepts(&["general_basic"])),
    ("一般公共预算财政拨款项目支出", &[], Concepts(&["general_project"])),
    ("一般公共预算项目支出", &[], Concepts(&["general_project"])),
    ("人员经费", &[], Concepts(&["personnel_total"])),
    ("公用经费", &[], Concepts(&["running_total"])),
    ("政府性基金预算财政拨款支出", &[], Concepts(&["grant_spending_fund"])),
    ("政府性基金预算支出", &[], Concepts(&["grant_spending_fund"])),
    ("国有资本经营预算财政拨款支出", &[], Concepts(&["grant_spending_state"])),
    ("国有资本经营预算支出", &[], Concepts(&["grant_spending_state"])),
    ("三公经费财政拨款支出", &[], Concepts(&["three_public_actual"])),
    ("三公经费支出", &[], Concepts(&["three_public_actual"])),
    ("三公经费", &[], Concepts(&["three_public_actual"])),
    ("因公出国（境）费", &[], Concepts(&["three_public_actual_abroad"])),
    ("因公出国（境）费用", CAR, Concepts(&["three_public_actual_abroad"])),
    ("因公出国（境）经费", CAR, Concepts(&["three_public_actual_abroad"])),
    ("因公出国（境）", CAR, Concepts(&["three_public_actual_abroad"])),
    ("公务用车购置及运行维护费", &[], Concepts(&["three_public_actual_vehicle"])),
    ("公务用车购置及运行费", &[], Concepts(&["three_public_actual_vehicle"])),
    ("公务用车购置费", CAR, Concepts(&["three_public_actual_purchase"])),
    ("公务用车购置", CAR, Concepts(&["three_public_actual_purchase"])),
    ("公务用车运行维护费", CAR, Concepts(&["three_public_actual_operation"])),
    ("公务用车运行费", CAR, Concepts(&["three_public_actual_operation"])),
    ("公务接待费", CAR, Concepts(&["three_public_actual_reception"])),
    ("国内公务接待", CAR, Fact("附注·三公经费·国内公务接待支出")),
    ("国内接待", CAR, Fact("附注·三公经费·国内公务接待支出")),
    ("外事接待", CAR, Fact("附注·三公经费·外事接待支出")),
    ("外宾接待", CAR, Fact("附注·三公经费·外事接待支出")),
    ("机关运行经费", &[], Fact("附注·机关运行经费·本年")),
    ("政府采购支出总额", &[], Fact("附注·政府采购·总额")),
    ("政府采购货物支出", &[], Fact("附注·政府采购·货物")),
    ("政府采购工程支出", &[], Fact("附注·政府采购·工程")),
    ("政府采购服务支出", &[], Fact("附注·政府采购·服务")),
    ("货物支出", BUY, Fact("附注·政府采购·货物")),
    ("工程支出", BUY, Fact("附注·政府采购·工程")),
    ("服务支出", BUY, Fact("附注·政府采购·服务")),
    ("授予中小企业合同", &[], Fact("附注·政府采购·中小企业合同金额")),
    ("授予小微企业合同", &[], Fact("附注·政府采购·小微企业合同金额")),
    ("货物采购授予中小企业合同", &[], Fact("附注·政府采购·货物中小企业合同金额")),
    ("工程采购授予中小企业合同", &[], Fact("附注·政府采购·工程中小企业合同金额")),
    ("服务采购授予中小企业合同", &[], Fact("附注·政府采购·服务中小企业合同金额")),
];

/// Phrases before counts, with the units they are counted in.
pub(crate) const COUNTS: &[(&str, &[&str], Meaning)] = &[
    ("公务用车保有量", &["辆"], Fact("附注·三公经费·公务用车保有量")),
    ("共有公务用车", &["辆"], Fact("附注·三公经费·公务用车保有量")),
    ("购置公务用车", &["辆"], Fact("附注·三公经费·公务用车购置数")),
    ("更新购置公务用车", &["辆"], Fact("附注·三公经费·公务用车购置数")),
    ("国内来访团组", &["个", "批次", "批"], Fact("附注·三公经费·国内公务接待批次")),
    ("国内公务接待", &["批次", "批", "个"], Fact("附注·三公经费·国内公务接待批次")),
    ("国内公务接待", &["人次", "人"], Fact("附注·三公经费·国内公务接待人次")),
    ("国内来访团组", &["人次", "人"], Fact("附注·三公经费·国内公务接待人次")),
    ("外事接待", &["批次", "批", "个"], Fact("附注·三公经费·外事接待批次")),
    ("外事接待", &["人次", "人"], Fact("附注·三公经费·外事接待人次")),
    ("出国（境）团组", &["个", "次", "批次"], Fact("附注·三公经费·因公出国团组数")),
    ("出国（境）", &["人", "人次"], Fact("附注·三公经费·因公出国人数")),
    ("共有车辆", &["辆"], Fact("附注·车辆·车辆总数")),
    ("车辆总数", &["辆"], Fact("附注·车辆·车辆总数")),
    ("副部（省）级及以上领导用车", &["辆"], Fact("附注·车辆·副部（省）级及以上领导用车")),
    ("主要负责人用车", &["辆"], Fact("附注·车辆·主要负责人用车")),
    ("主要领导干部用车", &["辆"], Fact("附注·车辆·主要负责人用车")),
    ("机要通信用车", &["辆"], Fact("附注·车辆·机要通信用车")),
    ("应急保障用车", &["辆"], Fact("附注·车辆·应急保障用车")),
    ("执法执勤用车", &["辆"], Fact("附注·车辆·执法执勤用车")),
    ("特种专业技术用车", &["辆"], Fact("附注·车辆·特种专业技术用车")),
    ("离退休干部服务用车", &["辆"], Fact("附注·车辆·离退休干部服务用车")),
    ("其他用车", &["辆"], Fact("附注·车辆·其他用车")),
    ("涉及项目", &["个"], Fact("附注·绩效管理·绩效自评项目数")),
];

/// Counts that are known by the words of their clause, with what is counted after the number.
pub(crate) const CLAUSES: &[(&[&str], &str, &str)] = &[
    (&["事前绩效评估"], "个项目", "附注·绩效管理·事前绩效评估项目数"),
    (&["编制", "绩效目标"], "个项目", "附注·绩效管理·编制绩效目标项目数"),
    (&["绩效监控"], "个项目", "附注·绩效管理·绩效监控项目数"),
    (&["开展绩效自评"], "个项目", "附注·绩效管理·绩效自评项目数"),
    (&["涉及"], "个一级项目", "附注·绩效管理·绩效自评项目数"),
];

/// The parts that make up a whole, by its own phrase: they are all there is.
pub(crate) const WHOLES: &[(&str, &[&str])] = &[
    ("spending_total", &["spending_basic", "spending_project"]),
    ("general_total", &["general_basic", "general_project"]),
    ("general_basic", &["personnel_total", "running_total"]),
    ("附注·政府采购·总额", &["附注·政府采购·货物", "附注·政府采购·工程", "附注·政府采购·服务"]),
    (
        "three_public_actual",
        &["three_public_actual_abroad", "three_public_actual_vehicle", "three_public_actual_reception"],
    ),
];

/// Words at the end of a phrase that name no thing of their own.
pub(crate) const FILLERS: [&str; 31] = [
    "支出决算数",
    "支出决算",
    "决算数",
    "决算",
    "支出",
    "金额",
    "总额",
    "资金",
    "合计",
    "共计",
    "总计",
    "均为",
    "为",
    "是",
    "达到",
    "达",
    "共",
    "各",
    "约",
    "了",
    "则",
    "发生",
    "列支",
    "安排",
    "全年",
    "共有",
    "的",
    "数",
    "（类）",
    "（款）",
    "（项）",
];

/// Words that say which way a figure moved; the unchosen alternatives of a template say neither.
pub(crate) const MOVES: [(&str, Option<bool>); 17] = [
    ("增加/减少", None),
    ("增长/下降", None),
    ("增加（减少）", None),
    ("增长（下降）", None),
    ("减少（增加）", None),
    ("下降（增长）", None),
    ("增加", Some(true)),
    ("增长", Some(true)),
    ("上升", Some(true)),
    ("提高", Some(true)),
    ("上涨", Some(true)),
    ("增幅", Some(true)),
    ("减少", Some(false)),
    ("下降", Some(false)),
    ("降低", Some(false)),
    ("下跌", Some(false)),
    ("降幅", Some(false)),
];
