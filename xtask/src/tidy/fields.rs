//! What stands in a field stays in the program: no browser keeps it, spells it or translates it.

use super::Fault;
use super::source::{Source, Tree};

const PAGES: &str = "crates/node/src/pages/";

/// The elements of a form that a browser remembers.
const ELEMENTS: [&str; 4] = ["form", "input", "textarea", "select"];

const UNKEPT: &str = "autocomplete=\"off\"";
/// What a person may write into as well.
const UNREAD: [&str; 3] = [
    "spellcheck=\"false\"",
    "autocapitalize=\"off\"",
    "translate=\"no\"",
];
/// Inputs that nobody writes into.
const CHOSEN: [&str; 4] = ["hidden", "radio", "checkbox", "file"];

pub fn faults(tree: &Tree) -> Vec<Fault> {
    let pages = tree
        .sources
        .iter()
        .filter(|source| source.path.starts_with(PAGES) && !source.path.contains("/tests/"));
    pages.flat_map(of_page).collect()
}

fn of_page(source: &Source) -> Vec<Fault> {
    let lines = source.text.lines().zip(1..);
    let code = lines.filter(|(line, _)| !line.trim_start().starts_with("//"));
    code.flat_map(|(line, number)| {
        let missing = elements(line).flat_map(|(element, rest)| missing(element, rest));
        let fault =
            move |what: &str| Fault::new(&source.path, number, format!("a field without {what}"));
        missing.map(fault).collect::<Vec<_>>()
    })
    .chain(document(source))
    .collect()
}

/// Every element of the line that begins one, with the rest of the line.
fn elements(line: &str) -> impl Iterator<Item = (&'static str, &str)> {
    // In a template an element stands at the line's beginning, or behind the brace that opens its place.
    let places = std::iter::once(line).chain(
        line.match_indices("{ ")
            .filter_map(|(at, brace)| line.get(at.saturating_add(brace.len())..)),
    );
    places.filter_map(|place| {
        let place = place.trim_start();
        let element = ELEMENTS.iter().find(|element| {
            let rest = place.strip_prefix(**element);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ', '#', '{']))
        })?;
        Some((*element, place))
    })
}

/// The attributes that it lacks.
fn missing(element: &str, line: &str) -> Vec<&'static str> {
    // `form` and `input` are names of variables as well: markup has a name, an action or an identity.
    let is_markup = ["action", "name", "method", "type", "id=", "#"];
    if !line.contains('"') || !is_markup.iter().any(|mark| line.contains(mark)) {
        return Vec::new();
    }
    let chosen = CHOSEN
        .iter()
        .any(|kind| line.contains(&format!("type=\"{kind}\"")));
    let written = element == "textarea" || element == "input" && !chosen;
    let mut wanted = vec![UNKEPT];
    if written {
        wanted.extend(UNREAD);
    }
    wanted.retain(|attribute| !line.contains(attribute));
    wanted
}

/// A document that a browser would offer to translate sends all that it says away.
fn document(source: &Source) -> impl Iterator<Item = Fault> + '_ {
    let lines = source.text.lines().zip(1..);
    lines
        .filter(|(line, _)| {
            line.trim_start().starts_with("html lang=") && !line.contains("translate=\"no\"")
        })
        .map(|(_, number)| Fault::new(&source.path, number, "a document that may be translated"))
}

#[cfg(test)]
mod tests {
    use super::super::source::tests::tree;
    use super::*;

    fn count(line: &str) -> usize {
        let text = format!("fn f() {{ html! {{\n{line}\n}} }}");
        faults(&tree(&[("crates/node/src/pages/x.rs", &text)])).len()
    }

    #[test]
    fn a_field_that_a_browser_keeps_is_a_fault() {
        assert_eq!(count("    input name=\"text\";"), 4);
        assert_eq!(count("    textarea #text .written name=\"text\" {}"), 4);
        assert_eq!(count("    input type=\"radio\" name=\"told\";"), 1);
        assert_eq!(count("    select #days name=\"days\" {"), 1);
        assert_eq!(
            count("    div { form action=\"/lock\" method=\"post\" { } }"),
            1
        );
        assert_eq!(
            count("    @if x { input type=\"hidden\" autocomplete=\"off\" name=\"x\"; }"),
            0
        );
        assert_eq!(
            count(
                "    textarea autocomplete=\"off\" spellcheck=\"false\" autocapitalize=\"off\" translate=\"no\" name=\"x\" {}"
            ),
            0
        );
        assert_eq!(
            count(
                "    textarea autocomplete=\"off\" spellcheck=\"true\" autocapitalize=\"off\" translate=\"no\" name=\"x\" {}"
            ),
            1
        );
    }

    #[test]
    fn a_document_that_may_be_translated_is_a_fault() {
        assert_eq!(count("    html lang=(x) dir=(y) {"), 1);
        assert_eq!(count("    html lang=(x) dir=(y) translate=\"no\" {"), 0);
    }
}
