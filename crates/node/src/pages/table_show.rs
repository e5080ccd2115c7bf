//! `GET /table` and `GET /caucus`: the room as it is now.
//! Must never show who is writing, who is awaited, or a Round's texts before all appear.

use axum::{
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use participant::Command;
use serde::Deserialize;
use wire::Timestamp;

use super::{
    alarms,
    composer::{self, Draft},
    desk::Wish,
    diff::{Part, part},
    layout::{self, Pen, Way},
    marks, shut,
    view::{Role, Room, RuleCard, Shown, Standing, Table, TableWords},
    visit::Visit,
    words::Argument::{Number, Text},
};

/// How long the table tells that the dialogue goes through another relay.
const MOVED_TOLD_MS: u64 = 24 * 60 * 60 * 1000;

/// Whether the reader comes from sending something.
#[derive(Deserialize)]
pub struct Asked {
    sent: Option<String>,
}

/// The plenary. Who opens it sits at the table: from now on the program is ready for Rounds.
pub async fn plenary(visit: Visit, Query(asked): Query<Asked>) -> Response {
    if visit.shown.settings.at_the_door && !visit.shown.view.present {
        // Where it fails the page shows why, and the next one tries again.
        if let Err(sorry) = visit.wish(Wish::Command(Command::TakeSeat)).await {
            return super::refusals::page(&visit, &sorry);
        }
    }
    page(visit.again(), false, Draft::after(asked.sent.is_some()))
}

/// The caucus of the reader's side.
pub async fn caucus(visit: Visit, Query(asked): Query<Asked>) -> Response {
    page(visit, true, Draft::after(asked.sent.is_some()))
}

/// A room with what is being written.
pub fn page(visit: Visit, caucus: bool, draft: Draft) -> Response {
    let (pen, shown) = (visit.pen(), &visit.shown);
    let status = match draft.why {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    match shown.room(caucus) {
        Some(_) if !shown.settings.at_the_door => Redirect::to("/door").into_response(),
        None => Redirect::to(if caucus { "/table" } else { "/" }).into_response(),
        Some(table) => {
            let name = if caucus { "caucus" } else { "table" };
            let draft = draft.or_typed_before(&shown.unsent, table.room);
            let room = room(pen, shown, table, &draft);
            (
                status,
                layout::document(
                    pen,
                    if caucus { "caucus-title" } else { "table" },
                    Some(name),
                    &room,
                ),
            )
                .into_response()
        }
    }
}

/// All that stands in a room.
pub fn room(pen: Pen<'_>, shown: &Shown, table: &Table, draft: &Draft) -> Markup {
    let class = match table.room {
        Room::Plenary => "plenary".to_owned(),
        Room::Caucus(side) => format!("caucus side-{}", (side % 5).saturating_add(1)),
    };
    let put = |which: Part| html! { div id=(which.id()) { (part(pen, table, which)) } };
    html! {
        div class=(class) {
            (layout::masthead(pen, shown, Way::Table))
            (put(Part::Band))
            div #alarms .page { (alarms::alarms(pen, shown)) }
            main #main .page.room {
                div.seating { (put(Part::Seating)) }
                div.col.wide {
                    h1.written dir="auto" { (table.title) }
                    (put(Part::Banners))
                    (put(Part::Round))
                    @if table.room == Room::Plenary { (put(Part::Statements)) }
                    (put(Part::Discussion))
                    (put(Part::Held))
                    (composer::composer(pen, table, draft))
                }
                div.beside { (put(Part::Rooms)) }
            }
            (layout::footer(pen, shown))
        }
    }
}

/// What stays on a page whose room is gone from sight: the vault was closed, or the seat is no more.
pub fn away(pen: Pen<'_>, shown: &Shown) -> Markup {
    let (head, hint) = match shown.standing {
        Standing::Open => ("away", "away-hint"),
        Standing::NoVault | Standing::Locked | Standing::Opening => ("locked", "locked-hint"),
    };
    html! {
        div.plain {
            (layout::masthead(pen, shown, Way::Table))
            div #alarms .page {}
            main #main .page {
                div.stack.measure {
                    h1 { (pen.say(head)) }
                    p { (pen.say(hint)) }
                    p { a.btn href="/" { (pen.say("go-on")) } }
                }
            }
        }
    }
}

/// What waits for the reader: one sentence, one button each.
pub fn banners(pen: Pen<'_>, table: &Table) -> Markup {
    let words = match table.words {
        TableWords::Checked => None,
        TableWords::Unread | TableWords::Unchecked if table.seats.len() < 2 => None,
        TableWords::Awaiting => Some("words-awaiting-banner"),
        TableWords::Unread if table.convenes() => Some("words-read-banner"),
        TableWords::Unread | TableWords::Unchecked => Some("words-banner"),
    };
    let told = |at: &Timestamp| pen.now.ms() < at.plus_ms(MOVED_TOLD_MS).ms();
    let moved = table.moved.as_ref().filter(|(_, at)| told(at));
    let alone = table.convenes() && table.seats.len() == 1 && table.waiting == 0;
    html! {
        @for name in &table.gone {
            p.notice { (pen.name("gone-still-sits", "name", name)) }
        }
        (shut::told(pen, table.shut_since, table.convenes()))
        @if table.guarded {
            p.notice { (pen.say("change-waits")) }
        }
        @if let Some((name, at)) = moved {
            p.notice { (pen.say_with("moved-banner", &[("name", Text(name)), ("when", Text(&pen.hours.moment(*at, pen.now)))])) }
        }
        @if alone {
            p.notice.row { span { (pen.say("nobody-yet")) } a.btn.quiet href="/seats" { (pen.say("invite")) } }
        }
        @if table.waiting > 0 {
            p.notice.row {
                span { (pen.count("waiting-requests", "requests", table.waiting as u64)) }
                a.btn.quiet href="/seats" { (pen.say("go-to-seats")) }
            }
        }
        @if let Some(words) = words {
            p.notice.row { span { (pen.say(words)) } a.btn.quiet href="/words" { (pen.say("words-check")) } }
        }
    }
}

/// The other room, if the reader has two.
pub fn rooms(pen: Pen<'_>, table: &Table) -> Markup {
    let own = table.own().map(|seat| seat.role);
    html! {
        @match (table.room, table.caucus, own) {
            (Room::Plenary, Some(people), Some(Role::Side(side))) => {
                nav.rooms aria-label=(pen.say("rooms")) {
                    a href="/caucus" {
                        svg class={ "mark " (marks::side_class(Role::Side(side))) } viewBox="0 0 32 32" aria-hidden="true" { use href="#room-caucus" {} }
                        b { (pen.name("caucus", "side", table.side(side))) }
                        span { (pen.say_with("caucus-link", &[("people", Number(people as u64)), ("side", Text(table.side(side)))])) }
                    }
                }
            },
            (Room::Caucus(_), _, _) => {
                nav.rooms aria-label=(pen.say("rooms")) {
                    a href="/table" {
                        svg.mark viewBox="0 0 32 32" aria-hidden="true" { use href="#room-plenary" {} }
                        b { (pen.say("plenary")) }
                        span { (pen.say("plenary-link")) }
                    }
                }
            },
            (Room::Plenary, Some(_), Some(Role::Convenor | Role::Interpreter(_)) | None)
            | (Room::Plenary, None, _) => {},
        }
    }
}

/// Which room, who reads, and what may be done with it.
pub fn band(pen: Pen<'_>, table: &Table) -> Markup {
    let people = table.seats.len() as u64;
    let (glyph, name, audience) = match table.room {
        Room::Plenary => (
            "#room-plenary",
            pen.say("plenary"),
            plenary_audience(pen, table),
        ),
        Room::Caucus(side) => {
            let side = table
                .sides
                .get(usize::from(side))
                .map_or("", String::as_str);
            let audience = [("people", Number(people)), ("side", Text(side))];
            (
                "#room-caucus",
                pen.name("caucus", "side", side),
                pen.say_with("caucus-audience", &audience),
            )
        }
    };
    html! {
        section.band aria-label=(pen.say("this-room")) {
            div.page {
                svg.glyph viewBox="0 0 32 32" aria-hidden="true" { use href=(glyph) {} }
                strong { (name) }
                @if table.removed { span { (pen.say("removed")) } } @else { span { (audience) } }
                span.rule { (rule_card(pen, table.rule_card)) }
            }
        }
    }
}

fn plenary_audience(pen: Pen<'_>, table: &Table) -> String {
    let interpreted = table
        .seats
        .iter()
        .any(|seat| matches!(seat.role, Role::Interpreter(_)));
    let kinds = if interpreted { "interpreters" } else { "sides" };
    pen.say_with(
        "plenary-audience",
        &[
            ("people", Number(table.seats.len() as u64)),
            ("kinds", Text(kinds)),
        ],
    )
}

/// The rule card's name.
pub fn rule_card(pen: Pen<'_>, card: RuleCard) -> String {
    pen.say(match card {
        RuleCard::OnTheRecord => "rule-on-the-record",
        RuleCard::ChathamHouse => "rule-chatham-house",
        RuleCard::ChathamHouseInternal => "rule-chatham-house-internal",
        RuleCard::NotForAnyUse => "rule-not-for-any-use",
    })
}

/// What a rule card allows, in a sentence.
pub fn rule_meaning(card: RuleCard) -> &'static str {
    match card {
        RuleCard::OnTheRecord => "rule-on-the-record-meaning",
        RuleCard::ChathamHouse => "rule-chatham-house-meaning",
        RuleCard::ChathamHouseInternal => "rule-chatham-house-internal-meaning",
        RuleCard::NotForAnyUse => "rule-not-for-any-use-meaning",
    }
}
