//! One statement of the common-ground page: its words, the verdict, a bar for each side, who dissents.

use ground::{Category, Cell, Finding, Kept, Report};
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
    let lines = lines(report, finding);
    let earlier: Vec<Option<String>> = lines
        .iter()
        .map(|(side, cell)| earlier(pen, told, before, *side, *cell))
        .collect();
    // What is the same for all is said once.
    let (first, alike) = match earlier.split_first() {
        Some((first, rest)) => (first.clone(), rest.iter().all(|other| other == first)),
        None => (None, false),
    };
    let once = first.filter(|_| alike);
    html! {
        article.result {
            h3.written.said dir="auto" { (finding.statement.text) }
            @if let Some((head, hint)) = verdict(pen, report, finding) {
                p.verdict { b { (head) } " " (hint) }
            }
            ul.bars {
                @for (line, earlier) in lines.iter().zip(&earlier) {
                    (bar(pen, report, *line, earlier.as_ref().filter(|_| !alike)))
                }
            }
            p.meta.soft {
                @if let Some(once) = once { span { (once) } }
                @for sentence in ground_words::dissent(pen, report, finding.category, &finding.dissent) {
                    span { (sentence) }
                }
                @if let Some(answered) = answered(pen, report, finding) { span.num.last { (answered) } }
            }
        }
    }
}

/// "18 of 22 answered": only where the report has it. Beside a side that answered as one it says whose seats
/// these are, where they are one side's.
pub fn answered(pen: Pen<'_>, report: &Report, finding: &Finding) -> Option<String> {
    let answered = finding.answered?;
    let (blocs, counted): (Vec<usize>, Vec<usize>) =
        (0..report.sides.len()).partition(|place| is_bloc(report, *place));
    let numbers = [
        ("answered", Number(answered.ballots.into())),
        ("seats", Number(answered.seats.into())),
    ];
    Some(match counted.as_slice() {
        [only] if !blocs.is_empty() => {
            let [answered, seats] = numbers;
            let side = ("side", Text(ground_words::side(report, *only)));
            pen.say_with("ground-answered-side", &[side, answered, seats])
        }
        _ => pen.say_with("ground-answered", &numbers),
    })
}

/// Whether this side, by its place, answered as one: then it did so for all statements.
pub fn is_bloc(report: &Report, place: usize) -> bool {
    let cells = report.statements.iter();
    let mut cells = cells.filter_map(|finding| finding.cells.get(place));
    cells.any(|cell| matches!(cell, Cell::Bloc(_)))
}

/// A side that answers as one has no ballots that were too few: where nothing is told, it gave no answer.
pub fn is_silent(report: &Report, side: Option<usize>, cell: Cell) -> bool {
    matches!(cell, Cell::Locked(_)) && side.is_some_and(|place| is_bloc(report, place))
}

/// What is told of a side, by its place, or of the room.
pub fn words(pen: Pen<'_>, report: &Report, side: Option<usize>, cell: Cell) -> String {
    match is_silent(report, side, cell) {
        true => pen.say("bloc-silent"),
        false => ground_words::cell(pen, report, cell),
    }
}

fn verdict(pen: Pen<'_>, report: &Report, finding: &Finding) -> Option<(String, String)> {
    let locked = lines(report, finding)
        .into_iter()
        .filter(|(_, cell)| matches!(cell, Cell::Locked(_)));
    let locked: Vec<Line> = locked.collect();
    let silent = locked
        .iter()
        .filter(|(side, cell)| is_silent(report, *side, *cell));
    match silent.clone().next() {
        Some((Some(place), _))
            if finding.category == Category::KeptPrivate && silent.count() == locked.len() =>
        {
            let side = ground_words::side(report, *place);
            let hint = pen.name("verdict-silent-hint", "side", side);
            Some((pen.say("verdict-silent"), hint))
        }
        _ => ground_words::verdict(pen, report, finding),
    }
}

/// Whose bar, by its place among the sides, and what is in it.
pub type Line = (Option<usize>, Cell);

/// The lines of a statement: its sides, or the room, or both.
pub fn lines(report: &Report, finding: &Finding) -> Vec<Line> {
    let sides = (0..report.sides.len()).map(Some).zip(&finding.cells);
    let whole = finding.whole.as_ref().map(|cell| (None, cell));
    sides
        .chain(whole)
        .map(|(side, cell)| (side, *cell))
        .collect()
}

fn bar(pen: Pen<'_>, report: &Report, (side, cell): Line, earlier: Option<&String>) -> Markup {
    let words = words(pen, report, side, cell);
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
                Cell::Locked(_) if is_silent(report, side, cell) => {
                    (ground_bar::silent(&class, &format!("{name}: {words}")))
                    span { (words) }
                },
                Cell::Locked(_) => span.lock {
                    svg.icon viewBox="0 0 20 20" aria-hidden="true" { use href="#lock" {} }
                    (words)
                },
            }
            @if let Some(earlier) = earlier { span.earlier.soft { (earlier) } }
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
