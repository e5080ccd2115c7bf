//! Bars: agree solid from the start, pass dotted in the middle, disagree striped from the end. Ends
//! are soft between the lowest and the highest count that what is shown may stand for.

use crate::report::{Basis, Cell, Told};
use crate::tally::Stance;
use crate::words::{Phrase, Shown};

use super::push;

/// Patterns and marks, drawn once.
pub const DEFINITIONS: &str = r##"<svg width="0" height="0" class="off" aria-hidden="true" focusable="false"><defs>
<symbol id="m1" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9.5"/></symbol>
<symbol id="m2" viewBox="0 0 20 20"><rect x="1" y="1" width="18" height="18"/></symbol>
<symbol id="m3" viewBox="0 0 20 20"><path d="M10 .5 20 18.5H0z"/></symbol>
<symbol id="m4" viewBox="0 0 20 20"><path d="M10 0 20 10 10 20 0 10z"/></symbol>
<symbol id="m5" viewBox="0 0 20 20"><path d="M5 1h10l5 9-5 9H5l-5-9z"/></symbol>
<symbol id="lock" viewBox="0 0 20 20"><path d="M4 9h12v9H4z"/><path d="M6.5 9V6a3.5 3.5 0 0 1 7 0v3" fill="none" stroke="currentColor" stroke-width="2"/></symbol>
<pattern id="dots" width="7" height="7" patternUnits="userSpaceOnUse"><circle class="paint" cx="3.5" cy="3.5" r="1.4"/></pattern>
<pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="paint" d="M0 0h3.6v7H0z"/></pattern>
</defs></svg>"##;

/// A closed padlock.
pub const LOCK: &str =
    r##"<svg class="icon" aria-hidden="true" viewBox="0 0 20 20"><use href="#lock"/></svg>"##;

/// How many hues and shapes there are; beyond, names alone tell sides apart.
const LOOKS: usize = 5;

/// What a bar's whole length stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Seats: a closed roster, the silent are grey.
    Seats,
    /// Ballots: not everybody was asked.
    Ballots,
}

impl Scale {
    /// Rooms have seats.
    pub fn of(basis: Basis) -> Scale {
        match basis {
            Basis::Room | Basis::WholeRoom => Scale::Seats,
            Basis::Declared | Basis::Found | Basis::NoClearGroups => Scale::Ballots,
        }
    }
}

/// The class that gives a side its hue.
pub fn class(side: usize) -> String {
    format!("side-{}", side % LOOKS + 1)
}

/// A side's mark in its hue and shape.
pub fn mark(side: usize) -> String {
    let look = side % LOOKS + 1;
    format!(
        "<svg class=\"mark side-{look}\" aria-hidden=\"true\" viewBox=\"0 0 20 20\"><use href=\"#m{look}\"/></svg>"
    )
}

/// Draws what is told; the words beside it say the same.
pub fn draw(page: &mut String, cell: Cell, scale: Scale) {
    page.push_str("<svg class=\"bar\" aria-hidden=\"true\">");
    match cell {
        Cell::Told(told) => of_told(page, told, scale),
        Cell::Bloc(stance) => {
            let class = match stance {
                Stance::Agree => "solid",
                Stance::Disagree => "stripes",
                Stance::Pass => "dots",
            };
            piece(page, class, 0.0, 100.0);
        }
        Cell::Locked(_) => {}
    }
    page.push_str("<rect class=\"half\" x=\"50%\" width=\"2\" height=\"100%\"/></svg>");
}

fn of_told(page: &mut String, told: Told, scale: Scale) {
    let of = match scale {
        Scale::Seats => told.seats,
        Scale::Ballots => told.ballots,
    };
    let part = |count: u32| f64::from(count) * 100.0 / f64::from(of.max(1));
    let ends = told.shown.ends(told.ballots);
    let voted = part(told.ballots);
    let (agree, disagree) = (
        (part(ends.agree.0), part(ends.agree.1)),
        (part(ends.disagree.0), part(ends.disagree.1)),
    );
    let (agrees, disagrees, passes) = drawn(told.shown);
    piece(page, "rest", 0.0, voted);
    if passes {
        piece(page, "dots", agree.1, voted - disagree.1);
    }
    if agrees {
        piece(page, "solid", 0.0, agree.0);
        piece(page, "soft-solid", agree.0, agree.1.min(voted - disagree.0));
    }
    if disagrees {
        piece(page, "stripes", voted - disagree.0, voted);
        let from = (voted - disagree.1).max(agree.0);
        piece(page, "soft-stripes", from, voted - disagree.0);
    }
    piece(page, "none", voted, 100.0);
}

/// Which answers are drawn (agree, disagree, pass): of a phrase only the one that it is about.
fn drawn(shown: Shown) -> (bool, bool, bool) {
    match shown {
        Shown::Phrase(Phrase::NearlyAllAgree | Phrase::MostAgree) => (true, false, false),
        Shown::Phrase(Phrase::NearlyAllDisagree | Phrase::MostDisagree) => (false, true, false),
        Shown::Phrase(Phrase::MostPass) => (false, false, true),
        // Both may reach the half, and neither is more.
        Shown::Phrase(Phrase::Divided) => (true, true, false),
        Shown::Words { .. } | Shown::Percents { .. } => (true, true, true),
    }
}

fn piece(page: &mut String, class: &str, from: f64, to: f64) {
    let width = to - from;
    if width > 0.05 {
        push(
            page,
            format_args!(
                "<rect class=\"{class}\" x=\"{from:.1}%\" width=\"{width:.1}%\" height=\"100%\"/>"
            ),
        );
    }
}
