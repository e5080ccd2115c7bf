//! Where a message is written, and where it can be taken back for ten seconds.
//! Must never say "Send" alone: the button names who reads it.

use maud::{Markup, html};

use super::{
    layout::{Pen, trouble},
    typed,
    view::{Answered, Held, Room, Table},
    words::Argument::{Number, Text},
};
use crate::unsent::{Place, Unsent};

/// What is being written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The words so far.
    pub text: String,
    /// The message that it answers: its name in hexadecimal.
    pub reply: String,
    /// Why it was not sent.
    pub why: Option<String>,
    /// The reader comes from here, and goes on here.
    pub focused: bool,
}

impl Draft {
    /// What was typed here before, where there is nothing else.
    pub fn or_typed_before(mut self, unsent: &Unsent, room: Room) -> Self {
        if self.text.is_empty() && self.why.is_none() && self.reply.is_empty() {
            let before = |field: &str| unsent.text(self::unsent(room), field).to_owned();
            (self.text, self.reply) = (before("text"), before("reply_to"));
        }
        self
    }

    /// Nothing yet; after sending, the reader stays at the field.
    pub fn after(sent: bool) -> Self {
        Self {
            focused: sent,
            ..Self::default()
        }
    }
}

/// The room's own address.
pub fn place(room: Room) -> &'static str {
    match room {
        Room::Plenary => "/table",
        Room::Caucus(_) => "/caucus",
    }
}

/// Where what is typed here is kept.
pub fn unsent(room: Room) -> Place {
    match room {
        Room::Plenary => Place::Table,
        Room::Caucus(_) => Place::Caucus,
    }
}

/// The field and its button.
pub fn composer(pen: Pen<'_>, table: &Table, draft: &Draft) -> Markup {
    if table.removed {
        return html! {
            div #composer .notice.stack { p { b { (pen.say("removed")) } } p { (pen.say("removed-hint")) } }
        };
    }
    let name = table.own().map_or("", |own| own.name.as_str());
    let say = format!("{}/say", place(table.room));
    html! {
        div #composer {
            form #write .stack.composer action=(say) method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                (trouble(draft.why.as_deref()))
                @if let Some(answers) = answered(table, &draft.reply) {
                    input autocomplete="off" type="hidden" name="reply_to" value=(draft.reply);
                    p.soft { (pen.name("answers", "name", &answers.name)) " " q.written dir="auto" { (answers.beginning) } }
                }
                label for="message" { (pen.say("your-message")) span.hint { (pen.name("your-message-hint", "name", name)) } }
                textarea #message .written autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" name="text" rows="4" dir="auto" autofocus[draft.focused] { "\n" (draft.text) }
                (typed::kept(pen, unsent(table.room)))
                p {
                    button.btn hx-post=(say) hx-target="#composer" hx-select="#composer" hx-swap="outerHTML" {
                        span #audience { (audience(pen, table)) }
                    }
                }
            }
        }
    }
}

/// Who reads what is sent.
pub fn audience(pen: Pen<'_>, table: &Table) -> Markup {
    let people = Number(table.seats.len() as u64);
    html! {
        @match table.room {
            Room::Plenary => (pen.say_with("send-plenary", &[("people", people), ("sides", Number(table.sides.len() as u64))])),
            Room::Caucus(side) => (pen.say_with("send-caucus", &[("people", people), ("side", Text(table.side(side)))])),
        }
    }
}

/// What was said and has not left.
pub fn held(pen: Pen<'_>, table: &Table) -> Markup {
    html! {
        @for held in &table.held { (one_held(pen, table, held)) }
    }
}

fn one_held(pen: Pen<'_>, table: &Table, held: &Held) -> Markup {
    let people = Number(table.seats.len() as u64);
    let going = match table.room {
        Room::Plenary => pen.say_with(
            "going-plenary",
            &[
                ("people", people),
                ("sides", Number(table.sides.len() as u64)),
            ],
        ),
        Room::Caucus(side) => pen.say_with(
            "going-caucus",
            &[("people", people), ("side", Text(table.side(side)))],
        ),
    };
    let seconds = held.leaves.since_ms(pen.now).div_ceil(1000);
    html! {
        form.notice.row role="status" action={ (place(table.room)) "/take-back" } method="post" autocomplete="off" autocapitalize="off" {
            (pen.token())
            input autocomplete="off" type="hidden" name="held" value=(held.number);
            span { (going) }
            button.btn.quiet { (pen.count("undo", "seconds", seconds)) }
        }
    }
}

fn answered(table: &Table, reply: &str) -> Option<Answered> {
    let id = data_encoding::HEXLOWER.decode(reply.as_bytes()).ok()?;
    let message = table
        .messages
        .iter()
        .find(|message| message.id.as_slice() == id.as_slice())?;
    Some(Answered {
        name: message.name.clone(),
        beginning: message.text.chars().take(80).collect(),
    })
}
