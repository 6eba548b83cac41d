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

#[cfg(test)]
mod tests {
    use crate::derive::fixture::{PLACE, disclosure, fill, site, wan};
    use crate::derive::narrative::Narrator;
    use crate::model::disclosure::Disclosure;
    use crate::model::performance::{Evaluation, Funding, Scope, Style};

    fn said(template: &str, disclosure: Disclosure) -> String {
        let site = site(template, vec![disclosure]);
        let (narrator, _) = Narrator::new(&site);
        let (narrative, findings) = narrator.compose(&site, &site.disclosures[0]);
        assert!(findings.is_empty(), "{findings:?}");
        narrative.plain().trim_end().to_owned()
    }

    fn funding(source: &str, budget: &str, executed: &str) -> Funding {
        Funding {
            source: source.into(),
            opening: wan("?"),
            adjusted: wan("?"),
            budget: wan(budget),
            executed: wan(executed),
            rate: None,
            scored: None,
            note: None,
            place: PLACE,
        }
    }

    fn project(scope: Scope, funding: Vec<Funding>) -> Evaluation {
        Evaluation {
            id: "network".into(),
            order: 1,
            scope,
            style: Style::Targets,
            title: "自评表".into(),
            name: Some("网络费".into()),
            code: None,
            filed: None,
            department: None,
            implementer: None,
            basic: wan("?"),
            project: wan("?"),
            texts: Vec::new(),
            funding,
            goals: Vec::new(),
            total: None,
            scores_unread: false,
            place: PLACE,
        }
    }

    fn results(evaluation: Evaluation) -> String {
        let disclosure = Disclosure { evaluations: vec![evaluation], ..disclosure() };
        said("{% for result in project_results() %}{{ result }}。{% endfor %}", disclosure)
    }

    #[test]
    fn a_project_is_told_by_the_row_that_sums_up_its_money() {
        let rows = vec![funding("预算内资金", "3", "1"), funding("合计", "78", "55.76")];
        assert_eq!(results(project(Scope::Project, rows)), "网络费：预算数78万元，执行数55.76万元，执行率71.49%。");
        assert_eq!(results(project(Scope::Whole, vec![funding("合计", "1", "1")])), "");
    }

    #[test]
    fn a_project_without_a_budget_has_no_rate_and_one_without_figures_says_so() {
        let told = |budget, executed| results(project(Scope::Project, vec![funding("合计", budget, executed)]));
        assert_eq!(told("0", "3"), "网络费：预算数0万元，执行数3万元。");
        assert_eq!(told("?", "3"), "网络费：执行数3万元。");
        assert_eq!(told("?", "?"), "网络费：预算执行情况未提供。");
        assert_eq!(results(project(Scope::Project, Vec::new())), "网络费：预算执行情况未提供。");
    }

    #[test]
    fn a_difference_from_the_budget_is_told_where_it_is_asked_for() {
        let template = r#"{{ outturn(cell="甲01表31行", budget="年初预算·合计", word="预算", difference=true) }}"#;
        let told = |budget, actual| {
            let mut disclosure = disclosure();
            fill(&mut disclosure, "年初预算·合计", wan(budget));
            fill(&mut disclosure, "甲01表31行", wan(actual));
            said(template, disclosure)
        };
        assert_eq!(told("3.6", "1.3"), "预算为3.6万元，支出决算为1.3万元，完成预算的36.11%，比预算减少2.3万元");
        assert_eq!(told("2", "3"), "预算为2万元，支出决算为3万元，完成预算的150%，比预算增加1万元");
        assert_eq!(told("0", "3"), "预算为0万元，支出决算为3万元，不计算完成率，比预算增加3万元");
        assert_eq!(told("3", "3"), "预算为3万元，支出决算为3万元，完成预算的100%");
        assert_eq!(told("0", ""), "预算为0万元，支出决算为0万元");
    }
}
