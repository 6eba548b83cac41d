//! Performance by project: what each self-evaluation says of its money and its score.

use super::desk::Desk;
use super::words;
use crate::amount::{Amount, Percent};
use crate::derive::change::RATE_DECIMALS;
use crate::derive::naming::Origin;
use crate::model::performance::{Evaluation, Funding, Scope};
use crate::model::table::Figure;

impl Desk {
    /// A clause for each project with a self-evaluation table, in printed order:
    /// `网络通信费：预算数20.4万元，执行数20.4万元，执行率100%，自评得分97.85分`.
    pub(super) fn project_results(&self) -> Vec<String> {
        let projects = self.disclosure().evaluations.iter().filter(|table| table.scope == Scope::Project);
        projects.map(|project| self.project_result(project)).collect()
    }

    fn project_result(&self, project: &Evaluation) -> String {
        let name = words::clause(project.name.as_deref().unwrap_or(&project.title));
        let execution = project.funding_total().and_then(|row| self.execution(project, row));
        let execution = execution.unwrap_or_else(|| "预算执行情况未提供".to_owned());
        format!("{name}：{execution}{}", self.score(project))
    }

    /// `预算数20.4万元，执行数20.4万元，执行率100%`; a budget of zero has no rate.
    fn execution(&self, project: &Evaluation, row: &Funding) -> Option<String> {
        let amount = |what: &str, figure| Some(format!("{what}{}{}", self.evaluated(project, figure)?, self.scale()));
        let (budget, executed) = (row.measured_against(), row.executed);
        let said = [amount("预算数", budget), amount("执行数", executed), self.rate(project, budget, executed)];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join("，"))
    }

    fn evaluated(&self, project: &Evaluation, figure: Figure) -> Option<String> {
        known(figure).map(|amount| self.mark_amount(amount, origin(project)))
    }

    fn rate(&self, project: &Evaluation, budget: Figure, executed: Figure) -> Option<String> {
        let rate = Percent::of(known(executed)?, known(budget)?, RATE_DECIMALS)?;
        Some(format!("执行率{}", self.mark_percent(rate, origin(project))))
    }

    /// `，自评得分97.85分`, where the table has a total score.
    fn score(&self, project: &Evaluation) -> String {
        let score = project.total.as_ref().map(|total| &total.score.value.text);
        score.map_or_else(String::new, |score| {
            format!("，自评得分{}分", self.mark(score.clone(), None, origin(project)))
        })
    }
}

/// The evaluation's table on the page; its figures have no notation.
fn origin(project: &Evaluation) -> Origin {
    Origin { cell: None, anchor: Some(format!("#{}", project.anchor())) }
}

fn known(figure: Figure) -> Option<Amount> {
    if let Figure::Amount(amount) = figure { Some(amount) } else { None }
}
