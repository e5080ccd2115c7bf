//! `GET /convene`: names the dialogue, its sides, and where its logs lie.
//! Must never choose for the convenor what others will see.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::{
    fields::Fields,
    layout::{Pen, Sheet, Way, trouble},
    marks,
    view::{Page, Role},
    visit::Visit,
};

/// Sides that a form has room for.
pub const SIDES: u16 = 5;

/// The port that a router has to let through.
pub const USUAL_PORT: u16 = crate::hosting::USUAL_PORT;

/// The form.
pub async fn page(visit: Visit) -> Response {
    if visit.shown.page != Page::NoDialogue {
        return Redirect::to("/").into_response();
    }
    let pen = visit.pen();
    // Two neutral names, in the order of the palette; each can be changed.
    let offered = Fields::default()
        .with("side", pen.say("side-name-1"))
        .with("side", pen.say("side-name-2"));
    sheet(pen, &offered, &visit.site.desk.own_hosts(), None)
        .page(pen, &visit.shown)
        .into_response()
}

/// The form, with what was typed.
pub fn sheet(pen: Pen<'_>, typed: &Fields, hosts: &[String], why: Option<&str>) -> Sheet<'static> {
    let main = html! {
        div.task {
            form.wide action="/dialogue/convene" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                div.stack { h1 { (pen.say("convene-head")) } (trouble(why)) }
                div {
                    label for="title" { (pen.say("dialogue-title")) span.hint { (pen.say("dialogue-title-hint")) } }
                    input #title .written autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="title" value=(typed.text("title")) maxlength="120" dir="auto" required autofocus;
                }
                (sides(pen, typed))
                div {
                    label for="name" { (pen.say("own-name")) span.hint { (pen.say("own-name-hint")) } }
                    input #name autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="name" value=(typed.text("name")) maxlength="60" dir="auto" required;
                }
                (relay(pen, typed, hosts))
                p { button.btn { (pen.say("convene-button")) } }
            }
            aside.side-note {
                div.notice { h2 { (pen.say("convene-next")) } p { (pen.say("convene-next-hint")) } }
                p.soft { (pen.say("convene-cannot")) }
            }
        }
    };
    Sheet {
        title: "convene",
        way: Way::Home,
        stream: None,
        main,
    }
}

fn sides(pen: Pen<'_>, typed: &Fields) -> Markup {
    let names = typed.texts("side");
    html! {
        fieldset.stack {
            legend { (pen.say("sides")) span.hint { (pen.say("sides-hint")) } }
            @for side in 0..SIDES {
                div.side-field {
                    label for={ "side-" (side) } {
                        (marks::mark(Role::Side(side))) " " (pen.count("side-number", "number", u64::from(side) + 1))
                    }
                    input autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" id={ "side-" (side) } name="side" value=(names.get(usize::from(side)).copied().unwrap_or_default())
                        placeholder=[(side > 1).then(|| pen.say("side-none"))] maxlength="60" dir="auto" required[side < 2];
                }
            }
        }
    }
}

fn relay(pen: Pen<'_>, typed: &Fields, hosts: &[String]) -> Markup {
    let there = typed.text("relay") == "there";
    let host = match typed.text("host") {
        "" => hosts.first().map_or("127.0.0.1", String::as_str),
        typed => typed,
    };
    let port = match typed.text("port") {
        "" => USUAL_PORT.to_string(),
        typed => typed.to_owned(),
    };
    html! {
        fieldset {
            legend { (pen.say("relay-where")) span.hint { (pen.say("relay-where-hint")) } }
            label.choice {
                input autocomplete="off" type="radio" name="relay" value="here" checked[!there];
                span { b { (pen.say("relay-here")) } }
                span.soft { (pen.say("relay-here-hint")) }
            }
            label.choice {
                input autocomplete="off" type="radio" name="relay" value="there" checked[there];
                span { b { (pen.say("relay-there")) } }
                span.soft { (pen.say("relay-there-hint")) }
            }
        }
        (elsewhere(pen, typed))
        details open[!there && !typed.text("host").is_empty()] {
            summary.link { (pen.say("relay-details")) }
            div.stack {
                div {
                    label for="host" { (pen.say("relay-host")) span.hint { (pen.say("relay-host-hint")) } }
                    input #host autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="host" value=(host) list="hosts";
                    datalist #hosts { @for host in hosts { option value=(host) {} } }
                }
                div {
                    label for="port" { (pen.say("relay-port")) span.hint { (pen.say("relay-port-hint")) } }
                    input #port autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="port" value=(port) inputmode="numeric";
                }
            }
        }
    }
}

/// Seen as soon as that relay is chosen.
fn elsewhere(pen: Pen<'_>, typed: &Fields) -> Markup {
    html! {
        div.stack.elsewhere {
            div {
                label for="address" { (pen.say("relay-address")) span.hint { (pen.say("relay-address-hint")) } }
                input #address autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="address" value=(typed.text("address"));
            }
            div {
                label for="secret" { (pen.say("relay-secret")) span.hint { (pen.say("relay-secret-hint")) } }
                input #secret autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="secret" value=(typed.text("secret"));
            }
        }
    }
}
