//! 绩效自评: self-evaluation tables as attachments print them.

use crate::amount::Amount;
use crate::diagnostic::{Place, Placed};
use crate::model::date::Date;
use crate::model::table::Figure;

/// A self-evaluation table.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The file stem: names its anchor.
    pub id: String,
    /// Where it stands among the others.
    pub order: i64,
    /// The whole unit or one project.
    pub scope: Scope,
    /// Which columns it has.
    pub style: Style,
    /// The printed title.
    pub title: String,
    /// The project's name.
    pub name: Option<String>,
    /// The project's code.
    pub code: Option<String>,
    /// 填报日期.
    pub filed: Option<Placed<Date>>,
    /// 主管部门.
    pub department: Option<String>,
    /// 实施单位.
    pub implementer: Option<String>,
    /// 基本支出总额, of the whole unit.
    pub basic: Figure,
    /// 项目支出总额, of the whole unit.
    pub project: Figure,
    /// 项目年度目标, 完成情况, 实施内容及过程, 评价结论 and the like, in printed order.
    pub texts: Vec<(TextKind, String)>,
    /// 预算执行情况.
    pub funding: Vec<Funding>,
    /// The goals with their indicators.
    pub goals: Vec<Goal>,
    /// 合计: weight and score, where the table is weighted.
    pub total: Option<WeightAndScore>,
    /// Whether a weight or score is there that could not be read.
    pub scores_unread: bool,
    /// Its source file.
    pub place: Place,
}

impl Evaluation {
    /// Its anchor on the disclosure's page: `eval-whole`.
    pub fn anchor(&self) -> String {
        format!("eval-{}", self.id)
    }

    /// The row of 预算执行情况 that sums up the others: 合计 or 总额, else the first.
    pub fn funding_total(&self) -> Option<&Funding> {
        let sums_up = |row: &&Funding| matches!(row.source.as_str(), "合计" | "总额" | "总计");
        self.funding.iter().find(sums_up).or_else(|| self.funding.first())
    }
}

/// What a self-evaluation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// 整体
    Whole,
    /// 项目
    Project,
}

/// Which columns a self-evaluation table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// 目标值 and 实际完成值.
    Targets,
    /// 指标性质, 指标值, 度量单位, 完成值, 权重 and 得分.
    Weighted,
}

/// A text field of a self-evaluation table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextKind {
    /// 项目年度目标
    Goal,
    /// 年度目标完成情况
    Result,
    /// 项目实施内容及过程概述
    Process,
    /// 评价结论
    Conclusion,
    /// 存在问题
    Problems,
    /// 偏差大或目标未完成原因分析
    Deviation,
    /// 改进措施
    Measures,
    /// 说明
    Remark,
}

impl TextKind {
    /// Every kind with its key in sources and its printed name.
    pub const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Goal, "goal", "项目年度目标"),
        (Self::Result, "result", "年度目标完成情况"),
        (Self::Process, "process", "项目实施内容及过程概述"),
        (Self::Conclusion, "conclusion", "评价结论"),
        (Self::Problems, "problems", "存在问题"),
        (Self::Deviation, "deviation", "偏差大或目标未完成原因分析"),
        (Self::Measures, "measures", "改进措施"),
        (Self::Remark, "remark", "说明"),
    ];

    /// The printed name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, _, name)| name)
    }
}

/// A row of 预算执行情况.
#[derive(Clone, Debug)]
pub struct Funding {
    /// 资金来源 as printed: 总额, 其中：财政资金.
    pub source: String,
    /// 年初预算
    pub opening: Figure,
    /// 调整后预算数
    pub adjusted: Figure,
    /// 预算数, where the table has one budget column.
    pub budget: Figure,
    /// 预算执行数
    pub executed: Figure,
    /// 预算执行率, as printed.
    pub rate: Option<Placed<String>>,
    /// 权重 and 得分, on the row that has them.
    pub scored: Option<WeightAndScore>,
    /// 原因
    pub note: Option<String>,
    /// Where the row stands.
    pub place: Place,
}

impl Funding {
    /// The budget that the execution is measured against: 预算数, else the adjusted, else the opening one.
    pub fn measured_against(&self) -> Figure {
        let given = |figure: &Figure| matches!(figure, Figure::Amount(_));
        [self.budget, self.adjusted, self.opening].into_iter().find(given).unwrap_or(Figure::Unknown)
    }
}

/// A goal with its indicators.
#[derive(Clone, Debug)]
pub struct Goal {
    /// 年度目标1：…; `None` for a project's only goal.
    pub title: Option<String>,
    /// Its indicators, in printed order.
    pub indicators: Vec<Indicator>,
}

/// A 三级指标.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// 一级指标
    pub level1: String,
    /// 二级指标
    pub level2: String,
    /// 三级指标
    pub name: String,
    /// 指标性质: ≥, ＝, 定性.
    pub relation: Option<String>,
    /// 指标值 or 目标值, as printed.
    pub target: String,
    /// 度量单位
    pub unit: Option<String>,
    /// 完成值, as printed.
    pub actual: String,
    /// 权重 and 得分.
    pub scored: Option<WeightAndScore>,
    /// 未完成原因, 改进措施
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A weight and the score reached, both as exact decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightAndScore {
    /// 权重 as written: `4`.
    pub weight: Placed<Score>,
    /// 得分 as written: `2.85`.
    pub score: Placed<Score>,
}

/// A weight or score: as written, and exact in hundredths of 分值 (an [`Amount`] of 元).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// As written.
    pub text: String,
    /// Exact; one point is one 元.
    pub exact: Amount,
}
