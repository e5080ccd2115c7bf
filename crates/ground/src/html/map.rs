//! The map: tiles of at least five people, sides as marks, statements at the edges.

use crate::consultation::Map;
use crate::report::Report;

use super::{bars, push, side_name, words_of};

/// Draws it, with its words.
pub fn draw(page: &mut String, report: &Report, map: &Map) {
    let across = map.across;
    page.push_str(
        "<section aria-labelledby=\"map\"><h2 id=\"map\">Where people stand</h2>\
         <p class=\"measure\">People who answered alike are close together. The fuller a tile’s colour, the more \
         people it holds; every tile at least five, so nobody can be picked out.",
    );
    if map.sides.len() > 1 {
        page.push_str(" A small mark is where the middle of a group is.");
    }
    page.push_str("</p><div class=\"map\">");
    push(
        page,
        format_args!(
            "<svg viewBox=\"-0.5 -0.5 {0} {0}\" role=\"img\" aria-label=\"Map of opinions; what its edges stand for is said below.\">",
            across + 1
        ),
    );
    for tile in &map.tiles {
        let side = tile
            .side
            .map_or(String::new(), |side| format!(" {}", bars::class(side)));
        let (x, y) = (tile.x, across.saturating_sub(tile.y + 1));
        push(
            page,
            format_args!(
                "<rect class=\"tile t{}{side}\" x=\"{x}.05\" y=\"{y}.05\" width=\".9\" height=\".9\" rx=\".2\"/>",
                tile.strength
            ),
        );
    }
    if map.sides.len() > 1 {
        for (side, [x, y]) in map.sides.iter().enumerate() {
            let (class, y) = (bars::class(side), across.saturating_sub(y + 1));
            push(
                page,
                format_args!(
                    "<circle class=\"halo\" cx=\"{x}.5\" cy=\"{y}.5\" r=\".32\"/>\
                     <use class=\"pin {class}\" href=\"#m{}\" x=\"{x}.3\" y=\"{y}.3\" width=\".4\" height=\".4\"/>",
                    side % 5 + 1
                ),
            );
        }
    }
    page.push_str("</svg><ul>");
    for side in 0..report.sides.len() {
        let (mark, name) = (bars::mark(side), side_name(report, side));
        push(page, format_args!("<li>{mark} {name}</li>"));
    }
    page.push_str("</ul><dl>");
    let edges = [
        ("Towards the left people agree more with", map.edges.left),
        ("Towards the right", map.edges.right),
        ("Towards the top", map.edges.top),
        ("Towards the bottom", map.edges.bottom),
    ];
    for (edge, at) in edges {
        if let Some(finding) = at.and_then(|at| report.statements.get(at)) {
            let said = words_of(finding);
            push(
                page,
                format_args!(
                    "<div><dt>{edge}</dt><dd class=\"said\" dir=\"auto\">{said}</dd></div>"
                ),
            );
        }
    }
    page.push_str("</dl></div></section>\n");
}
