//! One side's bar: agree from the start, pass in the middle, disagree from the end; order and pattern say
//! the answer. Its lengths are those of the words: it must never be drawn from a count.

use ground::{Phrase, Shown, Stance, Told};
use maud::{Markup, html};

/// The least length of a soft end, in per cent of the bar: what is soft must be seen to be.
const SOFT: f64 = 8.0;
/// Nothing is drawn to the very end: never full, never empty.
const OPEN: f64 = 3.0;

/// What is told, as a bar; `class` is the side's.
pub fn told(class: &str, label: &str, told: Told) -> Markup {
    let seats = f64::from(told.seats.max(1));
    let share = |count: u32| f64::from(count) / seats * 100.0;
    let ends = told.shown.ends(told.ballots);
    let width = share(told.ballots).min(100.0);
    let agree = Soft::of(share(ends.agree.0), share(ends.agree.1), width);
    let disagree = Soft::of(share(ends.disagree.0), share(ends.disagree.1), width);
    let (agrees, disagrees, passes) = match told.shown {
        Shown::Phrase(phrase) => match phrase {
            Phrase::NearlyAllAgree | Phrase::MostAgree => (Some(agree), None, None),
            Phrase::NearlyAllDisagree | Phrase::MostDisagree => (None, Some(disagree), None),
            Phrase::MostPass => (None, None, Some(share(told.ballots / 2 + 1))),
            // Both may reach the half, and neither goes beyond it.
            Phrase::Divided => (Some(agree), Some(disagree), None),
        },
        Shown::Words { .. } | Shown::Percents { .. } => (Some(agree), Some(disagree), Some(width)),
    };
    // One phrase says one answer: of the rest nothing is drawn.
    let phrase = match told.shown {
        Shown::Phrase(_) => "phrase ",
        Shown::Words { .. } | Shown::Percents { .. } => "",
    };
    html! {
        svg class={ "bar " (phrase) (class) } role="img" aria-label=(label) {
            @if let Some(length) = passes { (from((width - length) / 2.0, length, Pattern::Holes)) }
            @if let Some(soft) = disagrees { (from_the_end(soft, width)) }
            @if let Some(soft) = agrees { (from_the_start(soft)) }
            @if width < 100.0 { rect.none x=(percent(width)) width=(percent(100.0 - width)) height="100%" {} }
            (half())
        }
    }
}

/// One answer for all: a whole bar.
pub fn bloc(class: &str, label: &str, stance: Stance) -> Markup {
    let pattern = match stance {
        Stance::Agree => Pattern::Solid,
        Stance::Disagree => Pattern::Lines,
        Stance::Pass => Pattern::Holes,
    };
    html! {
        svg class={ "bar " (class) } role="img" aria-label=(label) { (from(0.0, 100.0, pattern)) }
    }
}

/// A side that could have answered as one, and gave no answer.
pub fn silent(class: &str, label: &str) -> Markup {
    html! {
        svg class={ "bar " (class) } role="img" aria-label=(label) { rect.none width="100%" height="100%" {} }
    }
}

/// Certain up to `low`, possible up to `high`; both in per cent of the bar.
#[derive(Clone, Copy)]
struct Soft {
    low: f64,
    high: f64,
}

impl Soft {
    fn of(low: f64, high: f64, width: f64) -> Self {
        let high = high.min(width - OPEN).max(OPEN);
        let low = low.min(high - SOFT).max(0.0);
        Self { low, high }
    }
}

#[derive(Clone, Copy)]
enum Pattern {
    Solid,
    Holes,
    Lines,
}

fn from_the_start(soft: Soft) -> Markup {
    html! {
        g mask="url(#fade-out)" { (from(soft.low, soft.high - soft.low, Pattern::Solid)) }
        (from(0.0, soft.low, Pattern::Solid))
    }
}

fn from_the_end(soft: Soft, width: f64) -> Markup {
    html! {
        g mask="url(#fade-in)" { (from(width - soft.high, soft.high - soft.low, Pattern::Lines)) }
        (from(width - soft.low, soft.low, Pattern::Lines))
    }
}

/// The side's colour, and the pattern upon it.
fn from(start: f64, length: f64, pattern: Pattern) -> Markup {
    let (x, width) = (percent(start), percent(length));
    html! {
        @if length > 0.0 {
            rect x=(x) width=(width) height="100%" {}
            @match pattern {
                Pattern::Solid => {},
                Pattern::Holes => rect.holes x=(x) width=(width) height="100%" {},
                Pattern::Lines => rect.lines x=(x) width=(width) height="100%" {},
            }
        }
    }
}

/// The tick at half of the side's seats.
fn half() -> Markup {
    html! { rect.half x="50%" y="-5" width="2" height="39" {} }
}

fn percent(share: f64) -> String {
    format!("{share:.1}%")
}
