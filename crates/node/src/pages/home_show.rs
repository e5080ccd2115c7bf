//! `GET /`: which dialogue waits for me; or the vault's own door, as long as it is closed.
//! Must never show anything of a dialogue while the vault is closed.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::{
    kinds::Kind,
    layout::{Pen, Sheet, Way},
    marks, vault_create, vault_open,
    view::{Page, Role, Round, RoundStatus, Shown, Standing, Table},
    visit::Visit,
    words::Argument::{Number, Text},
};

/// Home, or the door.
pub async fn page(visit: Visit) -> Response {
    let (pen, shown) = (visit.pen(), &visit.shown);
    match (shown.standing, &shown.page) {
        (Standing::NoVault, _) => vault_create::sheet(pen, None)
            .page(pen, shown)
            .into_response(),
        (Standing::Locked, _) => vault_open::sheet(pen, None)
            .page(pen, shown)
            .into_response(),
        (Standing::Opening, _) => opening(pen).page(pen, shown).into_response(),
        (Standing::Open, Page::Asking) => Redirect::to("/waiting").into_response(),
        (Standing::Open, Page::NoDialogue | Page::Table(_)) => {
            let main = html! { div #live { (live(pen, shown)) } };
            let sheet = Sheet {
                title: "home",
                way: Way::Home,
                stream: Some("home"),
                main,
            };
            sheet.page(pen, shown).into_response()
        }
    }
}

/// What a stream keeps fresh.
pub fn live(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        @match shown.table() {
            Some(table) => {
                section.stack.measure aria-labelledby="list" {
                    h1 #list { (pen.say("your-dialogue")) }
                    ul.dialogues { li.stack { (dialogue(pen, shown, table)) } }
                    p.soft { (pen.say("one-dialogue")) }
                }
            },
            None => (beginning(pen, shown)),
        }
    }
}

fn beginning(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        div.stack.measure {
            h1 { (pen.say("welcome")) }
            p { (pen.say("welcome-hint")) }
        }
        nav.deeds aria-label=(pen.say("begin")) {
            a.deed href="/join" {
                svg viewBox="0 0 32 32" aria-hidden="true" { use href="#letter" {} }
                b { (pen.say("join")) }
                span { (pen.say("join-deed")) }
            }
            a.deed href="/convene" {
                svg viewBox="0 0 32 32" aria-hidden="true" { use href="#room-plenary" {} }
                b { (pen.say("convene")) }
                span { (pen.say("convene-deed")) }
            }
        }
        p.soft.measure { (locks(pen, shown)) }
    }
}

fn locks(pen: Pen<'_>, shown: &Shown) -> String {
    match shown.settings.lock_after_minutes {
        Some(minutes) => pen.count("locks-by-itself", "minutes", minutes.into()),
        None => pen.say("locks-never"),
    }
}

fn dialogue(pen: Pen<'_>, shown: &Shown, table: &Table) -> Markup {
    let (sentence, button, url) = next_step(pen, shown, table);
    html! {
        h2.written.question dir="auto" { a href="/table" { (table.title) } }
        p.soft {
            @for (side, name) in (0..).zip(&table.sides) { (marks::mark(Role::Side(side))) " " bdi { (name) } " " }
            (own_seat(pen, table))
        }
        p { b { (sentence) } }
        p.row { a.btn href=(url) { (button) } }
    }
}

fn own_seat(pen: Pen<'_>, table: &Table) -> String {
    match table.own().map(|own| (own.role, own.number)) {
        Some((Role::Side(side), number)) => pen.say_with(
            "your-seat",
            &[
                ("number", Number(number.into())),
                ("side", Text(table.side(side))),
            ],
        ),
        Some((Role::Convenor | Role::Interpreter(_), _)) | None => pen.say("you-convene"),
    }
}

/// What waits for the reader, and the one button that leads there.
fn next_step(pen: Pen<'_>, shown: &Shown, table: &Table) -> (String, String, &'static str) {
    if !shown.settings.at_the_door {
        return (pen.say("home-door"), pen.say("go-to-the-door"), "/door");
    }
    if table.removed {
        return (
            pen.say("removed-hint"),
            pen.say("go-to-the-table"),
            "/table",
        );
    }
    match &table.round {
        Some(round) if round.status == RoundStatus::Writing && round.writes && !round.written => (
            pen.name_of_kind(
                "home-round",
                kind_of(round),
                "hour",
                &pen.hours.hour(round.closes),
            ),
            pen.of_kind("write-statement", kind_of(round)),
            "/round",
        ),
        Some(_) | None if table.waiting > 0 => (
            pen.count("waiting-requests", "requests", table.waiting as u64),
            pen.say("go-to-seats"),
            "/seats",
        ),
        Some(_) | None => (
            pen.say("home-nothing"),
            pen.say("go-to-the-table"),
            "/table",
        ),
    }
}

fn kind_of(round: &Round) -> Kind {
    Kind::of_asked(round.asked)
}

fn opening(pen: Pen<'_>) -> Sheet<'static> {
    let main = html! {
        div #live .stack.measure {
            h1 { (pen.say("opening")) }
            p { (pen.say("opening-hint")) }
            p { a.btn href="/" { (pen.say("look-again")) } }
        }
    };
    Sheet {
        title: "home",
        way: Way::Home,
        stream: None,
        main,
    }
}
