//! Every figure of the real tables takes part in a relation that was judged.

use crate::support::{TempSite, lines};

#[test]
fn every_figure_of_the_nine_tables_takes_part_in_a_relation() {
    let examined = TempSite::caidian().examine();
    assert_eq!(lines(examined.errors()), "");
    let disclosure = &examined.site.disclosures[0];
    let found = examined.report.results[0].participation(disclosure);
    for (form, (figures, covered)) in disclosure.set.forms.iter().zip(&found.per_form) {
        assert_eq!(covered, figures, "{}", form.code);
    }
    assert!(found.figures > 160, "only {} figures", found.figures);
    assert_eq!(found.in_relations, found.figures);
}
