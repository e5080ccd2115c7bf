//! `GET /`: the Table, the room as it is now.
//! Must never show who is writing, who is awaited, or a Round's texts before all appear.

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};

use super::{
    diff::{Part, part},
    layout::{self, Pen},
    server::Site,
    view::{Alarm, Page, Room, RuleCard, Shown, Table},
    words::Argument::{Number, Text},
};
use crate::clock;

/// The whole page.
pub async fn page(State(site): State<Arc<Site>>) -> Markup {
    let now = site.shown.borrow().clone();
    let pen = Pen {
        words: &site.words,
        hours: &site.hours,
        now: clock::now(),
    };
    let title = match &now.page {
        Page::NoDialogue | Page::Asking { .. } => pen.say("table"),
        Page::Table(table) => table.title.clone(),
    };
    layout::document(pen, &title, &whole(pen, &now))
}

/// All that lives on the page.
pub fn whole(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        @match &shown.page {
            Page::NoDialogue => (lonely(pen, shown, &pen.say("no-dialogue"), &pen.say("no-dialogue-hint"))),
            Page::Asking { name } => (lonely(pen, shown, &pen.say("asking"), &pen.name("asking-hint", "name", name))),
            Page::Table(table) => (room(pen, shown, table)),
        }
    }
}

/// A page with one sentence.
fn lonely(pen: Pen<'_>, shown: &Shown, head: &str, hint: &str) -> Markup {
    html! {
        div class="plenary" {
            (layout::masthead(pen))
            main #main .page {
                div #alarms { (alarms(pen, &shown.alarms)) }
                section.notice.stack.measure { h1 { (head) } p { (hint) } }
            }
            (layout::footer(pen))
        }
    }
}

fn room(pen: Pen<'_>, shown: &Shown, table: &Table) -> Markup {
    let class = match table.room {
        Room::Plenary => "plenary".to_owned(),
        Room::Caucus(side) => format!("caucus side-{}", (side % 5).saturating_add(1)),
    };
    let put = |which: Part| html! { div id=(which.id()) { (part(pen, table, which)) } };
    html! {
        div class=(class) {
            (layout::masthead(pen))
            (put(Part::Band))
            div #alarms .page { (alarms(pen, &shown.alarms)) }
            main #main .page.room {
                div.seating { (put(Part::Seating)) }
                div.col.wide {
                    h1.written dir="auto" { (table.title) }
                    (put(Part::Round))
                    (put(Part::Statements))
                    (put(Part::Discussion))
                }
                div.beside { (put(Part::TableWords)) }
            }
            (layout::footer(pen))
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
                span { (audience) }
                span.rule { (rule_card(pen, table.rule_card)) }
            }
        }
    }
}

fn plenary_audience(pen: Pen<'_>, table: &Table) -> String {
    use super::view::Role;
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

fn rule_card(pen: Pen<'_>, card: RuleCard) -> String {
    pen.say(match card {
        RuleCard::OnTheRecord => "rule-on-the-record",
        RuleCard::ChathamHouse => "rule-chatham-house",
        RuleCard::ChathamHouseInternal => "rule-chatham-house-internal",
        RuleCard::NotForAnyUse => "rule-not-for-any-use",
    })
}

/// Six words, to be compared by voice.
pub fn table_words(pen: Pen<'_>, table: &Table) -> Markup {
    html! {
        @if !table.table_words.is_empty() {
            section.stack aria-labelledby="table-words-head" {
                h2 #table-words-head { (pen.say("table-words")) }
                p.soft { (pen.say("table-words-hint")) }
                ol.six { @for word in &table.table_words { li { (word) } } }
            }
        }
    }
}

/// What the person must know, before everything else.
pub fn alarms(pen: Pen<'_>, alarms: &[Alarm]) -> Markup {
    html! {
        @if !alarms.is_empty() {
            section.notice.alarm.stack role="alert" aria-label=(pen.say("alarms")) {
                @for alarm in alarms { p { (alarm_sentence(pen, *alarm)) } }
            }
        }
    }
}

fn alarm_sentence(pen: Pen<'_>, alarm: Alarm) -> String {
    pen.say(match alarm {
        Alarm::RestoredCopy => "alarm-restored-copy",
        Alarm::HistoriesDiffer => "alarm-histories-differ",
        Alarm::LogDamaged => "alarm-log-damaged",
        Alarm::StatesDiffer => "alarm-states-differ",
        Alarm::WrongRelayKey => "alarm-wrong-relay-key",
        Alarm::UpdateProgram => "alarm-update-program",
        Alarm::RelayFull => "alarm-relay-full",
        Alarm::Removed => "alarm-removed",
        Alarm::DiskFull => "alarm-disk-full",
        Alarm::VaultFailed => "alarm-vault-failed",
    })
}
