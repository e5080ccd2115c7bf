//! `POST /words/confirm`: the line that was heard; the right one, another, or none.
//! Must never confirm words that changed since the page was shown.

use axum::{
    Extension,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;
use participant::{Command, Refused};
use room::Void;

use super::{
    desk::{Sorry, Wish},
    fields::Fields,
    layout::{Pen, Sheet, Way},
    refusals,
    visit::Visit,
    words_show,
};

/// Confirms, or says what a wrong line means.
pub async fn act(visit: Visit, Extension(fields): Extension<Fields>) -> Response {
    let pen = visit.pen();
    let Some(room) = &visit.shown.view.plenary else {
        return Redirect::to("/").into_response();
    };
    let line = fields.text("line");
    let right = room.table_words.join(" ");
    let is_a_line = room.word_lines.iter().any(|known| known.join(" ") == line);
    if line == words_show::NONE || (is_a_line && line != right) {
        return stop(pen).page(pen, &visit.shown).into_response();
    }
    // While somebody is awaited there are no words, and so no line is right.
    if line.is_empty() || line != right {
        // Not one of these lines: none was chosen, or somebody came or went since.
        let id = if line.is_empty() {
            "sorry-no-line"
        } else {
            "sorry-stale-words"
        };
        let why = pen.say(id);
        return words_show::sheet(pen, room, Some(&why)).refused(pen, &visit.shown);
    }
    // Words can be the same by chance, or because somebody sought long enough: what counts is whose they were.
    let membership = fields.number("membership").unwrap_or_default();
    let confirm = Wish::Command(Command::ConfirmWords { membership });
    match visit.wish(confirm).await {
        Ok(()) => Redirect::to("/table").into_response(),
        Err(Sorry::Refused(Refused::Rule(Void::StaleWords))) => {
            let visit = visit.again();
            let (pen, why) = (visit.pen(), visit.pen().say("sorry-stale-words"));
            match &visit.shown.view.plenary {
                Some(room) => words_show::sheet(pen, room, Some(&why)).refused(pen, &visit.shown),
                None => Redirect::to("/").into_response(),
            }
        }
        Err(sorry) => refusals::page(&visit, &sorry),
    }
}

fn stop(pen: Pen<'_>) -> Sheet<'static> {
    let main = html! {
        div.wide.measure {
            div.stack { h1 { (pen.say("words-stop")) } p { (pen.say("words-stop-hint")) } }
            ol.todo {
                @for step in ["words-stop-1", "words-stop-2", "words-stop-3"] { li { (pen.say(step)) } }
            }
            p.row {
                a.btn href="/words" { (pen.say("words-listen-again")) }
                a.link href="/seats" { (pen.say("go-to-seats")) }
            }
        }
    };
    Sheet {
        title: "table-words",
        way: Way::Seats,
        stream: None,
        main,
    }
}
