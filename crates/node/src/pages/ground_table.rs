//! The common-ground page once more, as a table: for screen readers, and for whoever likes tables.

use ground::{Finding, Report};
use maud::{Markup, html};

use super::{
    ground_statement::{answered, words},
    layout::Pen,
};

/// All statements, list by list.
pub fn table(pen: Pen<'_>, report: &Report) -> Markup {
    let lists = [
        ("you-share", &report.lists.share),
        ("you-differ", &report.lists.differ),
        ("worth-talking", &report.lists.talk),
    ];
    let together = report
        .statements
        .iter()
        .any(|finding| finding.whole.is_some());
    html! {
        div.scroll tabindex="0" role="region" aria-label=(pen.say("ground-table")) {
            table {
                thead {
                    tr {
                        th scope="col" { (pen.say("statement")) }
                        th scope="col" { (pen.say("ground-list")) }
                        @for side in &report.sides { th scope="col" { bdi { (side.name) } } }
                        @if together { th scope="col" { (whole(pen, report)) } }
                        th scope="col" { (pen.say("ground-answered-head")) }
                    }
                }
                tbody {
                    @for (name, list) in lists {
                        @for finding in list.iter().filter_map(|place| report.statements.get(*place)) {
                            (row(pen, report, name, finding, together))
                        }
                    }
                }
            }
        }
    }
}

fn whole(pen: Pen<'_>, report: &Report) -> String {
    match report.sides.is_empty() {
        true => pen.say("ground-the-room"),
        false => pen.say("ground-together"),
    }
}

fn row(pen: Pen<'_>, report: &Report, list: &str, finding: &Finding, together: bool) -> Markup {
    html! {
        tr {
            th scope="row" dir="auto" { (finding.statement.text) }
            td { (pen.say(list)) }
            @for (place, cell) in finding.cells.iter().enumerate() { td { (words(pen, report, Some(place), *cell)) } }
            @if together {
                td { @if let Some(cell) = finding.whole { (words(pen, report, None, cell)) } }
            }
            td.num { @match answered(pen, report, finding) {
                Some(answered) => (answered),
                None => (pen.say("ground-kept-private")),
            } }
        }
    }
}
