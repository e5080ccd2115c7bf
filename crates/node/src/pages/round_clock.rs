//! The Round's clock, in the middle of the table: an hour, and what is left of it.
//! Must never count seconds: nobody is hurried.

use maud::{Markup, html};
use participant::view::{RoundPhase, RoundView};
use wire::Timestamp;

use super::{
    layout::Pen,
    view::{Round, RoundStatus},
};

const RADIUS: f64 = 108.0;
const MINUTE_MS: u64 = 60_000;

/// Around a centre, in the picture's units.
pub fn clock(pen: Pen<'_>, round: &Round, x: f64, y: f64) -> Markup {
    let collecting = round.status != RoundStatus::Writing;
    let (above, below) = match collecting {
        true => (pen.say("clock-collecting"), pen.say("round-opening")),
        false => (pen.say("clock-closes"), left(pen, round.closes)),
    };
    html! {
        circle.track cx=(x) cy=(y) r=(RADIUS) {}
        @if !collecting { path.left d=(arc(fraction(round.opened, round.closes, pen.now), x, y)) {} }
        text x=(x) y=(y - 38.0) { (above) }
        text.hour x=(x) y=(y + 18.0) { (pen.hours.hour(round.closes)) }
        @if !collecting { text x=(x) y=(y + 50.0) { (below) } }
    }
}

/// What is left of a window, in whole minutes or hours.
pub fn left(pen: Pen<'_>, closes: Timestamp) -> String {
    let minutes = closes.since_ms(pen.now).div_ceil(MINUTE_MS);
    match minutes {
        0..=99 => pen.count("clock-minutes", "minutes", minutes),
        _ => pen.count("clock-hours", "hours", minutes.div_euclid(60)),
    }
}

/// How much of the window is left.
fn fraction(opened: Timestamp, closes: Timestamp, now: Timestamp) -> f64 {
    let (left, whole) = (closes.since_ms(now), closes.since_ms(opened).max(1));
    (left as f64 / whole as f64).clamp(0.0, 1.0)
}

/// The clock alone, beside a page with one question.
pub fn face(pen: Pen<'_>, round: &RoundView) -> Markup {
    let opened = Timestamp::from_ms(round.opened_ms);
    let closes = Timestamp::from_ms(round.window_end_ms);
    let writing = round.phase == RoundPhase::Writing;
    let (hour, below) = match writing {
        true => (pen.hours.hour(closes), left(pen, closes)),
        false => (pen.hours.hour(closes), pen.say("clock-collecting")),
    };
    html! {
        svg.clock viewBox="-130 -130 260 260" role="img" aria-label={ (hour) ", " (below) } {
            circle.track r=(RADIUS) {}
            @if writing { path.left d=(arc(fraction(opened, closes, pen.now), 0.0, 0.0)) {} }
            text.hour y="14" { (hour) }
            text y="48" { (below) }
        }
    }
}

/// Clockwise from the top, in every script.
fn arc(fraction: f64, x: f64, y: f64) -> String {
    let turn = fraction.min(0.999) * std::f64::consts::TAU;
    let (end_x, end_y) = (x + RADIUS * turn.sin(), y - RADIUS * turn.cos());
    let large = u8::from(fraction > 0.5);
    format!(
        "M{x:.1} {:.1}A{RADIUS} {RADIUS} 0 {large} 1 {end_x:.1} {end_y:.1}",
        y - RADIUS
    )
}
