//! Where a message is written, and where it can be taken back for ten seconds.
//! Must never say "Send" alone: the button names who reads it.

use maud::{Markup, html};

use super::{
    layout::{Pen, trouble},
    view::{Answered, Held, Room, Table},
    words::Argument::{Number, Text},
};

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

/// The field and its button.
pub fn composer(pen: Pen<'_>, table: &Table, draft: &Draft) -> Markup {
    let name = table.own().map_or("", |own| own.name.as_str());
    let say = format!("{}/say", place(table.room));
    html! {
        div #composer {
            form #write .stack.composer action=(say) method="post" {
                (pen.token())
                (trouble(draft.why.as_deref()))
                @if let Some(answers) = answered(table, &draft.reply) {
                    input type="hidden" name="reply_to" value=(draft.reply);
                    p.soft { (pen.name("answers", "name", &answers.name)) " " q.written dir="auto" { (answers.beginning) } }
                }
                label for="message" { (pen.say("your-message")) span.hint { (pen.name("your-message-hint", "name", name)) } }
                textarea #message .written name="text" rows="4" dir="auto" autofocus[draft.focused] { "\n" (draft.text) }
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
        form.notice.row role="status" action={ (place(table.room)) "/take-back" } method="post" {
            (pen.token())
            input type="hidden" name="held" value=(held.number);
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
