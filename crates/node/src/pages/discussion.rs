//! What was said with names, the newest last.
//! Must never run a person's words together with the program's: each is isolated and escaped.

use maud::{Markup, html};

use super::{
    composer,
    layout::Pen,
    marks,
    view::{Message, Role, Room, Table},
};
use crate::limits::MESSAGES_SHOWN;

/// More messages than these do not stand on one screen.
const FEW: usize = 8;

/// The discussion of a room.
pub fn discussion(pen: Pen<'_>, table: &Table) -> Markup {
    let hidden = table.messages.len().saturating_sub(MESSAGES_SHOWN);
    html! {
        section.talk aria-labelledby="talk" {
            h2 #talk { (pen.say(if table.room == Room::Plenary { "discussion" } else { "among-ourselves" })) }
            @if !table.live && !table.removed { p.soft role="status" { (pen.say("not-live")) } }
            @if table.messages.len() > FEW { p { a.link href="#write" { (pen.say("to-the-newest")) } } }
            @if table.messages.is_empty() { p.soft { (pen.say("discussion-empty")) } }
            @if hidden > 0 { p.soft { (pen.count("discussion-earlier", "shown", MESSAGES_SHOWN as u64)) } }
            div #messages aria-live="polite" {
                @for said in table.messages.iter().skip(hidden) { (message(pen, table, said)) }
            }
        }
    }
}

/// One message.
pub fn message(pen: Pen<'_>, table: &Table, message: &Message) -> Markup {
    html! {
        article.reply[message.answers.is_some()] id={ "message-" (message.index) } {
            p.by {
                (marks::mark(message.role)) " "
                b { bdi { (message.name) } }
                @if let Some(role) = spoken(pen, message.role) { " " span.soft { (role) } }
                time.num.small { (pen.hours.moment(message.at, pen.now)) }
                button.link.small form="write" formaction={ (composer::place(table.room)) "/answer" } formnovalidate
                    name="reply" value=(data_encoding::HEXLOWER.encode(&message.id)) { (pen.say("reply")) }
            }
            @if let Some(answers) = &message.answers {
                p.soft.small { (pen.name("answers", "name", &answers.name)) " " q.written dir="auto" { (answers.beginning) } }
            }
            p.written.said dir="auto" { (message.text) }
        }
    }
}

fn spoken(pen: Pen<'_>, role: Role) -> Option<String> {
    match role {
        Role::Side(_) => None,
        Role::Convenor => Some(pen.say("convenor")),
        Role::Interpreter(_) => Some(pen.say("interpreter")),
    }
}
