//! `GET /settings`: the lock, the passphrase, the relay.
//! Must never offer to lower a floor or a rule: those are not settings.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::{
    layout::{Pen, Sheet, Way, trouble},
    relay_show, seats_show,
    view::{Relay, Shown},
    visit::Visit,
};

/// Minutes that a person may choose; nothing for never.
pub const MINUTES: [Option<u16>; 5] = [Some(5), Some(15), Some(30), Some(60), None];

/// The page.
pub async fn page(visit: Visit) -> Response {
    sheet(visit.pen(), &visit.shown, None, false)
        .page(visit.pen(), &visit.shown)
        .into_response()
}

/// The page, after something was changed or not.
pub fn sheet(pen: Pen<'_>, shown: &Shown, why: Option<&str>, done: bool) -> Sheet<'static> {
    let main = html! {
        div.wide.measure {
            div.stack {
                h1 { (pen.say("settings")) }
                (trouble(why))
                @if done { p.notice role="status" { (pen.say("settings-kept")) } }
            }
            (locking(pen, shown))
            (passphrase(pen))
            (relay(pen, shown))
        }
    };
    Sheet {
        title: "settings",
        way: Way::Settings,
        stream: None,
        main,
    }
}

fn locking(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        section.part.stack aria-labelledby="lock-head" {
            h2 #lock-head { (pen.say("lock-head")) }
            p { (pen.say("lock-meaning")) }
            form.stack action="/settings/keep" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                label for="minutes" { (pen.say("lock-after")) span.hint { (pen.say("lock-after-hint")) } }
                select #minutes autocomplete="off" name="minutes" {
                    @for minutes in MINUTES {
                        option value=(minutes.unwrap_or_default()) selected[shown.settings.lock_after_minutes == minutes] {
                            @match minutes {
                                Some(minutes) => (pen.count("minutes", "minutes", minutes.into())),
                                None => (pen.say("never")),
                            }
                        }
                    }
                }
                p { button.btn.quiet { (pen.say("keep")) } }
            }
            form action="/lock" method="post" autocomplete="off" autocapitalize="off" { (pen.token()) button.btn { (pen.say("lock-now")) } }
        }
    }
}

fn passphrase(pen: Pen<'_>) -> Markup {
    let field = |id: &str, name: &str, label: &str| {
        html! {
            div {
                label for=(id) { (pen.say(label)) }
                input autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" id=(id) name=(name) type="password" required;
            }
        }
    };
    html! {
        section.part.stack aria-labelledby="passphrase-head" {
            h2 #passphrase-head { (pen.say("passphrase-change")) }
            p { (pen.say("passphrase-change-hint")) }
            form.stack action="/settings/passphrase" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                (field("old", "passphrase-old", "passphrase-old"))
                (field("new", "passphrase", "passphrase-new"))
                (field("again", "passphrase-again", "passphrase-again"))
                p { button.btn.quiet { (pen.say("passphrase-change")) } }
            }
        }
    }
}

fn relay(pen: Pen<'_>, shown: &Shown) -> Markup {
    html! {
        section.part.stack aria-labelledby="relay-head" {
            h2 #relay-head { (pen.say("relay")) }
            p { (pen.say("relay-meaning")) }
            @if let Some(relay) = &shown.view.relay {
                p { (pen.say("relay-used")) " " (relay_show::address(relay)) }
            }
            (relay_show::clock(pen, shown))
            @match &shown.relay {
                Relay::Here(listens) => p.notice { (pen.name("relay-runs-here", "port", &listens.port().to_string())) },
                Relay::Failed(why) => p.notice { (pen.name("alarm-own-relay", "why", why)) },
                Relay::Elsewhere => {},
            }
            @if shown.view.plenary.as_ref().is_some_and(seats_show::convenes) {
                p { a.link href="/relay" { (pen.say("relay-other")) } }
            }
        }
    }
}
