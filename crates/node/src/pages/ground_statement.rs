//! One statement of the common-ground page: its words, the verdict, a bar for each side, who dissents.

use ground::{Cell, Finding, Kept, Report};
use maud::{Markup, html};
use wire::Timestamp;

use super::{
    ground_bar,
    ground_told::{Before, Told},
    ground_words,
    layout::Pen,
    marks,
    view::Role,
    words::Argument::{Number, Text},
};

/// The statement at this place of the report.
pub fn statement(pen: Pen<'_>, told: &Told, place: usize) -> Markup {
    let report = &told.report;
    let Some(finding) = report.statements.get(place) else {
        return html! {};
    };
    let before = told.before.get(place).and_then(Option::as_ref);
    html! {
        article.result {
            h3.written.said dir="auto" { (finding.statement.text) }
            @if let Some((head, hint)) = ground_words::verdict(pen, report, finding.category) {
                p.verdict { b { (head) } " " (hint) }
            }
            ul.bars { @for line in lines(report, finding) { (bar(pen, told, before, line)) } }
            p.meta.soft {
                @for sentence in ground_words::dissent(pen, report, finding.category, &finding.dissent) {
                    span { (sentence) }
                }
                @if let Some(answered) = answered(pen, finding) { span.num.last { (answered) } }
            }
        }
    }
}

/// "18 of 22 answered": only where the report has it.
pub fn answered(pen: Pen<'_>, finding: &Finding) -> Option<String> {
    finding.answered.map(|answered| {
        let numbers = [
            ("answered", Number(answered.ballots.into())),
            ("seats", Number(answered.seats.into())),
        ];
        pen.say_with("ground-answered", &numbers)
    })
}

/// Whose bar, by its place among the sides, and what is in it.
type Line = (Option<usize>, Cell);

fn lines(report: &Report, finding: &Finding) -> Vec<Line> {
    let sides = (0..report.sides.len()).map(Some).zip(&finding.cells);
    let whole = finding.whole.as_ref().map(|cell| (None, cell));
    sides
        .chain(whole)
        .map(|(side, cell)| (side, *cell))
        .collect()
}

fn bar(pen: Pen<'_>, told: &Told, before: Option<&Before>, (side, cell): Line) -> Markup {
    let report = &told.report;
    let words = ground_words::cell(pen, report, cell);
    let role = side
        .and_then(|place| u16::try_from(place).ok())
        .map(Role::Side);
    let class = role.map_or("whole".to_owned(), marks::side_class);
    let name = match side {
        Some(place) => ground_words::side(report, place).to_owned(),
        None if report.sides.is_empty() => pen.say("ground-the-room"),
        None => pen.say("ground-together"),
    };
    html! {
        li class=(class) {
            span.name { @if let Some(role) = role { (marks::mark(role)) } bdi { (name) } }
            @match cell {
                Cell::Told(told) => {
                    (ground_bar::told(&class, &format!("{name}: {words}"), told))
                    span { (words) }
                },
                Cell::Bloc(stance) => {
                    (ground_bar::bloc(&class, &format!("{name}: {words}"), stance))
                    span { (words) }
                },
                Cell::Locked(_) => span.lock {
                    svg.icon viewBox="0 0 20 20" aria-hidden="true" { use href="#lock" {} }
                    (words)
                },
            }
            @if let Some(earlier) = earlier(pen, told, before, side, cell) { span.earlier.soft { (earlier) } }
        }
    }
}

/// How this compares with the last time the same was asked, where both were told.
fn earlier(
    pen: Pen<'_>,
    told: &Told,
    before: Option<&Before>,
    side: Option<usize>,
    cell: Cell,
) -> Option<String> {
    let Cell::Told(now) = cell else { return None };
    let when = |ms: u64| pen.hours.moment(Timestamp::from_ms(ms), pen.now);
    match now.kept {
        Kept::From(place) => {
            let closed = told.closed_ms.get(place)?;
            Some(pen.name("ground-still", "when", &when(*closed)))
        }
        Kept::New => {
            let before = before?;
            let old = match side {
                Some(place) => *before.cells.get(place)?,
                None => before.whole?,
            };
            let Cell::Told(old) = old else { return None };
            let when = when(before.closed_ms);
            if old.shown == now.shown {
                return Some(pen.name("ground-as-before", "when", &when));
            }
            let words = ground_words::shown(pen, old.shown);
            let named = [("when", Text(&when)), ("words", Text(&words))];
            Some(pen.say_with("ground-before", &named))
        }
    }
}
