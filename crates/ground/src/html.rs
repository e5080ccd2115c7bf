//! The report as one page that needs nothing else: no script, no font, no second file. Every text of
//! somebody is escaped, isolated and has its own direction.

mod bars;
mod english;
mod map;
mod style;

use std::fmt::Write as _;

use crate::report::{Basis, Cell, Finding, Report};
use english::{Speech, counted, dissent_line, list_name, told, verdict};

/// How many statements of a list stand open; the rest can be unfolded.
const OPEN: usize = 12;

/// The whole page, in English.
pub fn html(report: &Report) -> String {
    let mut page = String::new();
    let speech = Speech::of(report);
    let title = "Common ground";
    push(
        &mut page,
        format_args!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title} · Tracktwo</title>\n<style>{}</style>\n</head>\n<body>\n{}\n\
         <a class=\"skip\" href=\"#main\">Skip to the results</a>\n<main id=\"main\">\n\
         <header><p class=\"soft\">{}</p><h1>{}</h1></header>\n",
            style::SHEET,
            bars::DEFINITIONS,
            speech.about(),
            speech.headline(),
        ),
    );
    sums(&mut page, report);
    if let Some(map) = report.consultation.as_ref().and_then(|c| c.map.as_ref()) {
        map::draw(&mut page, report, map);
    }
    key(&mut page);
    let lists = [
        (
            "share",
            &report.lists.share,
            "Nothing yet that most of every side answers alike.",
        ),
        (
            "differ",
            &report.lists.differ,
            "Nothing that divides you clearly.",
        ),
        ("talk", &report.lists.talk, "Nothing is left open."),
    ];
    for (id, list, none) in lists {
        section(&mut page, report, (id, list_name(id), none), list);
    }
    push(
        &mut page,
        format_args!(
            "<section aria-labelledby=\"how\"><h2 id=\"how\">How this is counted</h2><p class=\"measure\">{}</p></section>\n",
            speech.how()
        ),
    );
    table(&mut page, report);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// A string takes all that is written to it.
fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    let written = page.write_fmt(text);
    debug_assert!(written.is_ok(), "a string refused text");
}

/// Somebody's text, harmless inside elements and attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(' '),
            // Controls, and marks that turn the direction of what stands behind them.
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => safe.push('\u{fffd}'),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c => safe.push(c),
        }
    }
    safe
}

/// A side's name, isolated from the sentence around it.
fn side_name(report: &Report, at: usize) -> String {
    let name = report.sides.get(at).map_or("", |side| side.name.as_str());
    match report.basis {
        Basis::NoClearGroups => "Everyone".to_owned(),
        Basis::Found => format!("Group {}", escaped(name)),
        Basis::Room | Basis::WholeRoom | Basis::Declared => {
            format!("<bdi>{}</bdi>", escaped(name))
        }
    }
}

/// A statement's words; its name where the words are not known.
fn words_of(finding: &Finding) -> String {
    match finding.statement.text.trim_ascii() {
        "" => format!("Statement {}", escaped(finding.statement.id.as_str())),
        text => escaped(text),
    }
}

fn sums(page: &mut String, report: &Report) {
    let count = report.headline;
    let shares = match count.rejected {
        0 => String::new(),
        no => format!(" <small>{} yes, {no} no</small>", count.shared),
    };
    let all = [
        ("share", count.shared + count.rejected, shares),
        ("differ", count.differ, String::new()),
        ("talk", count.open, String::new()),
    ];
    page.push_str("<nav class=\"sums\" aria-label=\"Three lists\">");
    for (id, number, more) in all {
        let name = list_name(id);
        push(
            page,
            format_args!("<a href=\"#{id}\"><b>{number}</b> <span>{name}</span>{more}</a>"),
        );
    }
    page.push_str("</nav>\n");
}

fn key(page: &mut String) {
    page.push_str("<ul class=\"key\" aria-label=\"Key\">");
    for (class, name) in [
        ("solid", "agree"),
        ("dots", "pass"),
        ("stripes", "disagree"),
        ("none", "no answer, or not told"),
    ] {
        push(
            page,
            format_args!(
                "<li><svg class=\"bar\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"100%\" height=\"100%\"/></svg>{name}</li>"
            ),
        );
    }
    push(
        page,
        format_args!("<li>{} kept private</li></ul>\n", bars::LOCK),
    );
}

fn section(page: &mut String, report: &Report, names: (&str, &str, &str), list: &[usize]) {
    let (id, name, none) = names;
    push(
        page,
        format_args!("<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{name}</h2>\n"),
    );
    if list.is_empty() {
        push(page, format_args!("<p>{none}</p>"));
    }
    let (open, folded) = list.split_at(list.len().min(OPEN));
    results(page, report, open);
    if !folded.is_empty() {
        let more = folded.len();
        push(
            page,
            format_args!("<details><summary>{more} more</summary>\n"),
        );
        results(page, report, folded);
        page.push_str("</details>");
    }
    page.push_str("</section>\n");
}

fn results(page: &mut String, report: &Report, list: &[usize]) {
    page.push_str("<ul>");
    for finding in list.iter().filter_map(|at| report.statements.get(*at)) {
        result(page, report, finding);
    }
    page.push_str("</ul>");
}

fn result(page: &mut String, report: &Report, finding: &Finding) {
    let said = words_of(finding);
    push(
        page,
        format_args!("<li class=\"result\"><h3 class=\"said\" dir=\"auto\">{said}</h3>"),
    );
    if let Some((short, long)) = verdict(report, finding) {
        push(page, format_args!("<p><b>{short}</b> {long}</p>"));
    }
    page.push_str("<ul class=\"bars\">");
    if finding
        .cells
        .iter()
        .any(|cell| !matches!(cell, Cell::Locked(_)))
        || finding.whole.is_none()
    {
        for (at, cell) in finding.cells.iter().enumerate() {
            bar(page, report, &side_name(report, at), (at, *cell));
        }
    }
    if let Some(cell) = finding.whole {
        bar(page, report, "The whole room", (4, cell));
    }
    page.push_str("</ul>");
    meta(page, report, finding);
    page.push_str("</li>\n");
}

fn bar(page: &mut String, report: &Report, name: &str, (at, cell): (usize, Cell)) {
    let mark = bars::mark(at);
    push(
        page,
        format_args!(
            "<li class=\"{}\"><span class=\"name\">{mark} {name}</span>",
            bars::class(at)
        ),
    );
    match cell {
        Cell::Locked(lock) => {
            let why = english::locked(lock, report.floor);
            push(
                page,
                format_args!("<span class=\"lock\">{} {why}</span>", bars::LOCK),
            );
        }
        Cell::Told(_) | Cell::Bloc(_) => {
            bars::draw(page, cell, bars::Scale::of(report.basis));
            push(
                page,
                format_args!("<span>{}</span>", told(cell, bars::Scale::of(report.basis))),
            );
        }
    }
    page.push_str("</li>");
}

fn meta(page: &mut String, report: &Report, finding: &Finding) {
    page.push_str("<p class=\"meta soft\">");
    if let Some(line) = dissent_line(report, finding) {
        push(page, format_args!("<span>{line}</span> "));
    }
    if let Some(answered) = finding.answered {
        let (ballots, seats) = (answered.ballots, answered.seats);
        push(
            page,
            format_args!("<span>{ballots} of {seats} answered</span> "),
        );
    }
    if let Some(scores) = finding.scores {
        push(
            page,
            format_args!(
                "<span>C+ {:.2}, C− {:.2}; Polis’ group-informed consensus {:.2}</span>",
                scores.common_ground, scores.shared_rejection, scores.group_informed_consensus
            ),
        );
    }
    page.push_str("</p>");
}

fn table(page: &mut String, report: &Report) {
    page.push_str(
        "<section><details><summary>The same as a table</summary><div class=\"scroll\"><table>\
         <caption>What each side said of each statement</caption><thead><tr><th scope=\"col\">Statement</th><th scope=\"col\">List</th>",
    );
    for at in 0..report.sides.len() {
        push(
            page,
            format_args!("<th scope=\"col\">{}</th>", side_name(report, at)),
        );
    }
    if report.sides.is_empty() || report.statements.iter().any(|f| f.whole.is_some()) {
        page.push_str("<th scope=\"col\">The whole room</th>");
    }
    page.push_str("<th scope=\"col\">Answered</th></tr></thead><tbody>\n");
    let lists = [
        ("share", &report.lists.share),
        ("differ", &report.lists.differ),
        ("talk", &report.lists.talk),
    ];
    for (id, list) in lists {
        for finding in list.iter().filter_map(|at| report.statements.get(*at)) {
            row(page, report, list_name(id), finding);
        }
    }
    page.push_str("</tbody></table></div></details></section>\n");
}

fn row(page: &mut String, report: &Report, list: &str, finding: &Finding) {
    let said = words_of(finding);
    push(
        page,
        format_args!(
            "<tr><th scope=\"row\" class=\"said\" dir=\"auto\">{said}</th><td>{list}</td>"
        ),
    );
    let text = |cell: &Cell| match cell {
        Cell::Locked(lock) => english::locked(*lock, report.floor),
        Cell::Told(_) | Cell::Bloc(_) => told(*cell, bars::Scale::of(report.basis)),
    };
    for cell in &finding.cells {
        push(page, format_args!("<td>{}</td>", text(cell)));
    }
    if report.sides.is_empty() || report.statements.iter().any(|f| f.whole.is_some()) {
        let whole = finding.whole.as_ref().map_or(String::new(), text);
        push(page, format_args!("<td>{whole}</td>"));
    }
    push(
        page,
        format_args!("<td>{}</td></tr>\n", counted(finding.answered)),
    );
}
