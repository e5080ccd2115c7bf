//! The marks of sides and roles: hue, shape and place, always all three.
//! Must never carry a meaning by colour alone.

use maud::{Markup, html};

use super::view::Role;

/// Sides have five shapes; more sides than five do not exist.
const SHAPES: u16 = 5;

/// All drawings that a page may use, once at its start.
pub fn symbols() -> Markup {
    html! {
        svg class="off" width="0" height="0" aria-hidden="true" focusable="false" {
            defs {
                symbol id="mark-1" viewBox="0 0 20 20" { circle cx="10" cy="10" r="9.5" {} }
                symbol id="mark-2" viewBox="0 0 20 20" { rect x="1" y="1" width="18" height="18" rx="1" {} }
                symbol id="mark-3" viewBox="0 0 20 20" { path d="M10 .6 19.8 18.4H.2z" {} }
                symbol id="mark-4" viewBox="0 0 20 20" { path d="M10 0 20 10 10 20 0 10z" {} }
                symbol id="mark-5" viewBox="0 0 20 20" { path d="M5 1.2h10L20 10l-5 8.8H5L0 10z" {} }
                symbol id="mark-convenor" viewBox="0 0 20 20" { path class="hollow" d="M10 1.5l8.2 6-3.1 9.7H4.9L1.8 7.5z" {} }
                symbol id="mark-interpreter" viewBox="0 0 20 20" { path class="hollow" d="M2 3h16v10H9.5l-4 4v-4H2z" {} }
                symbol id="done" viewBox="0 0 20 20" { circle cx="10" cy="10" r="9.4" {} path class="tick" d="M5.4 10.4l3.1 3 6.1-6.4" {} }
                symbol id="wait" viewBox="0 0 20 20" { circle class="hollow" cx="10" cy="10" r="8.6" {} path class="hollow" d="M10 5.2v5l3.2 2.1" {} }
                symbol id="later" viewBox="0 0 20 20" { circle class="hollow dotted" cx="10" cy="10" r="8.6" {} }
                symbol id="warn" viewBox="0 0 20 20" {
                    path class="hollow" d="M10 1.8 18.8 18H1.2z" {}
                    path class="hollow" d="M10 7.4v5" {}
                    circle cx="10" cy="15" r="1.2" {}
                }
                symbol id="lock" viewBox="0 0 20 20" { path d="M4 9h12v9H4z" {} path class="hollow" d="M6.5 9V6a3.5 3.5 0 0 1 7 0v3" {} }
                (patterns())
                (lists())
                symbol id="person" viewBox="0 0 20 20" { circle cx="10" cy="6" r="4" {} path d="M2 19.4c0-5 3.5-8 8-8s8 3 8 8z" {} }
                symbol id="letter" viewBox="0 0 32 32" { path class="hollow" d="M3 7h26v18H3zM3 7l13 11L29 7" {} }
                symbol id="room-plenary" viewBox="0 0 32 32" {
                    circle class="hollow" cx="16" cy="16" r="8.5" {}
                    @for (x, y) in [(16.0, 3.2), (25.0, 7.0), (28.8, 16.0), (25.0, 25.0), (16.0, 28.8), (7.0, 25.0), (3.2, 16.0), (7.0, 7.0)] {
                        circle cx=(x) cy=(y) r="2.6" {}
                    }
                }
                symbol id="room-caucus" viewBox="0 0 32 32" {
                    path class="hollow" d="M7 22a9 9 0 0 1 18 0z" {}
                    path class="hollow" d="M0 26.5h32" {}
                    @for (x, y) in [(3.0, 18.0), (8.0, 10.0), (16.0, 6.5), (24.0, 10.0), (29.0, 18.0)] {
                        circle cx=(x) cy=(y) r="2.6" {}
                    }
                }
            }
        }
    }
}

/// The patterns of answers, and the soft ends of bars. A pattern knows no side: it is paper with holes, and
/// the side's colour lies under it.
fn patterns() -> Markup {
    html! {
        pattern id="holes" width="9" height="9" patternUnits="userSpaceOnUse" {
            path.paper fill-rule="evenodd" d="M0 0h9v9H0zM4.5 3a1.5 1.5 0 1 0 .01 0z" {}
        }
        pattern id="lines" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
            path.paper d="M0 0h3.6v7H0z" {}
        }
        @for (id, start, end) in [("fade-out", "#fff", "#000"), ("fade-in", "#000", "#fff")] {
            linearGradient id={ (id) "-shade" } {
                stop offset="0" stop-color=(start) {}
                stop offset="1" stop-color=(end) {}
            }
            mask id=(id) maskContentUnits="objectBoundingBox" {
                rect width="1" height="1" fill={ "url(#" (id) "-shade)" } {}
            }
        }
    }
}

/// Two sides that share, differ, or might.
fn lists() -> Markup {
    html! {
        symbol id="ground-share" viewBox="0 0 92 60" {
            circle class="hollow thick" cx="34" cy="30" r="24" {}
            path class="hollow thick" d="M36 8h48v44H36z" {}
            path d="M36 8h7.4a24 24 0 0 1 0 44H36z" {}
        }
        symbol id="ground-differ" viewBox="0 0 92 60" {
            circle class="hollow thick" cx="20" cy="30" r="17" {}
            path d="M45 4v52h2V4z" {}
            path class="hollow thick" d="M56 14h32v32H56z" {}
        }
        symbol id="ground-talk" viewBox="0 0 92 60" {
            circle class="hollow thick dashed" cx="25" cy="30" r="20" {}
            path class="hollow thick dashed" d="M49 12h38v36H49z" {}
        }
    }
}

/// The small mark before a name.
pub fn mark(role: Role) -> Markup {
    html! {
        svg class={ "mark " (side_class(role)) } viewBox="0 0 20 20" aria-hidden="true" { use href=(symbol(role)) {} }
    }
}

/// The class that gives a side its colours; nothing for those of no side.
pub fn side_class(role: Role) -> String {
    match role {
        Role::Side(side) => format!("side-{}", number(side)),
        Role::Convenor | Role::Interpreter(_) => String::new(),
    }
}

/// The drawing of a role.
pub fn symbol(role: Role) -> String {
    match role {
        Role::Side(side) => format!("#mark-{}", number(side)),
        Role::Convenor => "#mark-convenor".to_owned(),
        Role::Interpreter(_) => "#mark-interpreter".to_owned(),
    }
}

fn number(side: u16) -> u16 {
    (side % SHAPES).saturating_add(1)
}
