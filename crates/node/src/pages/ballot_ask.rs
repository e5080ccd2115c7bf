//! `GET /ballot/ask`: statements that everybody answers, and whose results will be shown.
//! Must never offer a result that the floor will not let be shown.

use std::collections::BTreeSet;

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use participant::view::RoomView;
use room::{StatementKey, StatementKeys, StatementText, limits::FLOOR_MIN};

use super::{
    brought::{Brought, brought},
    fields::Fields,
    kinds::Kind,
    layout::{Pen, Sheet, Way, trouble},
    round_ask, round_open, seats_show, typed,
    view::Shown,
    visit::Visit,
    words::Argument::{Number, Text},
};
use crate::unsent::Place;

/// Whose results there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// One result for each side.
    Sides,
    /// One for the whole room.
    Room,
    /// One for each side; a side too small for ballots answers as one.
    Blocs,
}

impl Told {
    const ALL: [Self; 3] = [Self::Sides, Self::Room, Self::Blocs];

    /// As a form says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Sides => "sides",
            Self::Room => "room",
            Self::Blocs => "blocs",
        }
    }

    /// What a form said.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|told| told.word() == word)
    }
}

/// Why something cannot be told, by who is too few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooFew<'a> {
    /// In the whole room.
    Room(usize),
    /// In this side.
    Side(&'a str, usize),
}

/// The form, for the convenor.
pub async fn page(visit: Visit) -> Response {
    let Some(room) = &visit.shown.view.plenary else {
        return Redirect::to("/").into_response();
    };
    let mut usual = Fields::default().with("minutes", "20");
    for field in Place::Ballot.fields() {
        usual = usual.with(field, visit.shown.unsent.text(Place::Ballot, field));
    }
    for pick in latest(room) {
        usual = usual.with("pick", pick);
    }
    match sheet(visit.pen(), &visit.shown, &usual, None) {
        Some(sheet) => sheet.page(visit.pen(), &visit.shown).into_response(),
        None => Redirect::to("/round").into_response(),
    }
}

/// The form, with what was typed; nothing for anybody else, or while a Round is open.
pub fn sheet(
    pen: Pen<'_>,
    shown: &Shown,
    typed: &Fields,
    why: Option<&str>,
) -> Option<Sheet<'static>> {
    let room = shown.view.plenary.as_ref()?;
    if !seats_show::convenes(room) || (room.round.is_some() && why.is_none()) {
        return None;
    }
    let seats = count(room, None);
    let main = html! {
        div.task {
            form.wide action="/ballot/open" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                div.stack {
                    h1 { (pen.say("ballot-ask-head")) }
                    (trouble(why))
                    p { (pen.say("ballot-ask-hint")) }
                }
                div {
                    label for="question" { (pen.say("ballot-question")) span.hint { (pen.say("ballot-question-hint")) } }
                    textarea #question .written autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="question" rows="3" maxlength="500" dir="auto" required autofocus {
                        "\n" (typed.text("question"))
                    }
                }
                (picks(pen, room, typed))
                div {
                    label for="more" { (pen.say("ballot-more")) span.hint { (pen.say("ballot-more-hint")) } }
                    textarea #more .written autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="more" rows="4" dir="auto" { "\n" (typed.text("more")) }
                }
                (typed::kept(pen, Place::Ballot))
                (results(pen, room, typed))
                (round_ask::window(pen, Kind::Answers, typed))
                (round_ask::floor(pen, Kind::Answers, typed))
                @match allows(room, Told::Room, FLOOR_MIN) {
                    Ok(()) => p { button.btn { (pen.count("ballot-open", "seats", round_ask::writers(room))) } },
                    Err(few) => p.notice { (sentence(pen, few, FLOOR_MIN)) },
                }
            }
            aside.side-note {
                div.notice { h2 { (pen.count("ask-crowd", "seats", seats as u64)) } p { (round_ask::crowd(pen, room)) } }
                p { (pen.say("ballot-again-rule")) }
                p.soft { (pen.say("ballot-rules")) }
                p { a.link href="/round/ask" { (pen.say("ask-for-texts")) } }
            }
        }
    };
    Some(Sheet {
        title: "ask-button",
        way: Way::Rounds,
        stream: None,
        main,
    })
}

/// The texts of earlier Rounds, the newest Round first and open.
fn picks(pen: Pen<'_>, room: &RoomView, typed: &Fields) -> Markup {
    let ticked: BTreeSet<&str> = typed.texts("pick").into_iter().collect();
    let before = answered_before(room);
    let mut rounds = texts(room);
    rounds.reverse();
    html! {
        @for (place, round) in rounds.iter().enumerate() {
            @let any = round.texts.iter().any(|(pick, _)| ticked.contains(pick.as_str()));
            details open[place == 0 || any] {
                summary.link { b { (pen.name("ballot-from", "question", round.question)) } }
                fieldset {
                    legend.off { (pen.name("ballot-from", "question", round.question)) }
                    @for (pick, text) in &round.texts {
                        label.choice {
                            input autocomplete="off" type="checkbox" name="pick" value=(pick) checked[ticked.contains(pick.as_str())];
                            span.written dir="auto" { (text) }
                            @if keys(text).iter().any(|key| before.contains(key)) {
                                span.hint { (pen.say("ballot-answered-before")) }
                            }
                        }
                    }
                }
            }
        }
        @if rounds.is_empty() { p.soft { (pen.say("ballot-no-texts")) } }
    }
}

/// What is told in the end: what cannot be is not offered, and the reason stands there.
fn results(pen: Pen<'_>, room: &RoomView, typed: &Fields) -> Markup {
    // A crowd that nobody can make up is refused when the form is sent, and changes nothing here.
    let asked = least(round_open::floor(typed).ok().flatten());
    let least = match allows(room, Told::Room, asked) {
        Ok(()) => asked,
        Err(_) => FLOOR_MIN,
    };
    html! {
        @match allows(room, Told::Sides, least) {
            Ok(()) => fieldset {
                legend { (pen.say("ballot-told")) }
                (choices(pen, [Told::Sides, Told::Room], typed))
                (just_enough(pen, room, least))
            },
            Err(few @ TooFew::Side(..)) => fieldset {
                legend { (pen.say("ballot-told")) }
                p.notice { (sentence(pen, few, least)) }
                (choices(pen, [Told::Room, Told::Blocs], typed))
                (just_enough(pen, room, least))
            },
            Err(TooFew::Room(_)) => {
                input autocomplete="off" type="hidden" name="told" value=(Told::Room.word());
                div.notice.stack {
                    h2 { (pen.say("ballot-told-room")) }
                    p { (pen.say("ballot-told-room-hint")) }
                }
            },
        }
    }
}

/// Sides of which nothing is told by themselves if one seat stays away.
fn just_enough(pen: Pen<'_>, room: &RoomView, least: usize) -> Markup {
    html! {
        @for (name, _) in exactly(room, least) {
            p.hint.after { (pen.say_with("ballot-side-just-enough", &[("side", Text(name)), ("least", Number(least as u64))])) }
        }
    }
}

/// The first one is what nobody needs to choose.
fn choices(pen: Pen<'_>, offered: [Told; 2], typed: &Fields) -> Markup {
    let typed = Told::of_word(typed.text("told")).filter(|told| offered.contains(told));
    let [usual, _] = offered;
    let chosen = typed.unwrap_or(usual);
    html! {
        @for told in offered {
            @let (head, hint) = match told {
                Told::Sides => ("ballot-told-sides", "ballot-told-sides-hint"),
                Told::Room => ("ballot-told-room", "ballot-told-room-hint"),
                Told::Blocs => ("ballot-told-blocs", "ballot-told-blocs-hint"),
            };
            label.choice {
                input autocomplete="off" type="radio" name="told" value=(told.word()) checked[told == chosen];
                span { b { (pen.say(head)) } span.hint { (pen.say(hint)) } }
            }
        }
    }
}

/// The reason, in a sentence.
pub fn sentence(pen: Pen<'_>, few: TooFew<'_>, least: usize) -> String {
    let least = ("least", Number(least as u64));
    match few {
        TooFew::Room(seats) => {
            pen.say_with("ballot-few", &[("seats", Number(seats as u64)), least])
        }
        TooFew::Side(side, seats) => pen.say_with(
            "ballot-side-few",
            &[("side", Text(side)), ("seats", Number(seats as u64)), least],
        ),
    }
}

/// How many seats of a roster it takes, where this is what was asked for.
pub fn least(asked: Option<u16>) -> usize {
    FLOOR_MIN.max(asked.map_or(0, usize::from))
}

/// Whether as many seats count as it takes to tell this, now.
///
/// # Errors
/// The first of those who are too few.
pub fn allows(room: &RoomView, told: Told, least: usize) -> Result<(), TooFew<'_>> {
    let all = count(room, None);
    if all < least {
        return Err(TooFew::Room(all));
    }
    let few = sides(room).find(|(_, seats)| *seats < least);
    match (told, few) {
        (Told::Sides, Some((side, seats))) => Err(TooFew::Side(side, seats)),
        (Told::Sides, None) | (Told::Room | Told::Blocs, _) => Ok(()),
    }
}

fn exactly(room: &RoomView, least: usize) -> impl Iterator<Item = (&str, usize)> {
    sides(room).filter(move |(_, seats)| *seats == least)
}

fn sides(room: &RoomView) -> impl Iterator<Item = (&str, usize)> {
    let named = (0..).zip(&room.sides);
    named.map(|(side, name)| (name.as_str(), count(room, Some(side))))
}

/// Seats that can take part now: of a side, or of all.
fn count(room: &RoomView, side: Option<u16>) -> usize {
    let counting = room
        .seats
        .iter()
        .filter(|seat| seat.counts && seat.side.is_some());
    counting
        .filter(|seat| side.is_none() || seat.side == side)
        .count()
}

/// The texts that a Round brought, each under the name by which a form picks it.
pub struct Texts<'a> {
    question: &'a str,
    texts: Vec<(String, &'a str)>,
}

/// Of all Rounds that brought any, the oldest first.
pub fn texts(room: &RoomView) -> Vec<Texts<'_>> {
    let rounds = (1_usize..).zip(brought(room));
    let texts = rounds.filter_map(|(number, round)| match round {
        Brought::Answers(_) => None,
        Brought::Texts(opening) if opening.statements.is_empty() => None,
        Brought::Texts(opening) => Some(Texts {
            question: &opening.question,
            texts: (0_usize..)
                .zip(&opening.statements)
                .map(|(at, text)| (format!("{number}.{at}"), text.as_str()))
                .collect(),
        }),
    });
    texts.collect()
}

/// The names of the newest texts: they are ticked at first.
fn latest(room: &RoomView) -> Vec<String> {
    let newest = texts(room).pop();
    let picks = newest.into_iter().flat_map(|round| round.texts);
    picks
        .map(|(pick, _)| pick)
        .take(room::limits::LANES_MAX)
        .collect()
}

/// The statements that a form asks for: those picked, in their Rounds' order, then those typed, one on
/// each line. Of statements that look the same the first one is asked.
pub fn statements(room: &RoomView, fields: &Fields) -> Vec<String> {
    let ticked: BTreeSet<&str> = fields.texts("pick").into_iter().collect();
    let rounds = texts(room);
    let picked = rounds.iter().flat_map(|round| &round.texts);
    let picked = picked.filter(|(pick, _)| ticked.contains(pick.as_str()));
    let picked = picked.map(|(_, text)| *text);
    let typed = fields.text("more").lines().map(str::trim);
    let mut known = BTreeSet::new();
    picked
        .chain(typed.filter(|line| !line.is_empty()))
        .filter(|text| {
            let keys = keys(text);
            let is_new = !keys.iter().any(|key| known.contains(key));
            known.extend(keys);
            is_new
        })
        .map(str::to_owned)
        .collect()
}

/// None for what is no statement.
fn keys(text: &str) -> Vec<StatementKey> {
    let parsed = StatementText::parse(text).ok();
    parsed.map_or_else(Vec::new, |text| {
        StatementKeys::of(&text).as_slice().to_vec()
    })
}

fn answered_before(room: &RoomView) -> BTreeSet<StatementKey> {
    let asked = room.results.iter().flat_map(|opening| &opening.asked);
    asked.flat_map(|text| keys(text)).collect()
}
