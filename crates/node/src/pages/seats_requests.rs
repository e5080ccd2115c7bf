//! Who asks for a seat, who waits for somebody to vouch, and which invitations were given.
//! Must never let one person seat another alone: each button is half of it.

use maud::{Markup, html};
use participant::view::{ApprovedView, RoomView};
use wire::Timestamp;

use super::{
    layout::Pen,
    marks,
    seats_show::{convenes, side_name},
    view::{Role, Shown},
    words::Argument::Text,
};

/// What a person picks who hears none of the lines.
pub const NONE: &str = "none";

/// Requests, with the button that is the reader's to press.
pub fn asking(pen: Pen<'_>, shown: &Shown, room: &RoomView) -> Markup {
    let own = room.seats.iter().find(|seat| seat.seat == room.own_seat);
    let own_side = own.and_then(|seat| seat.side);
    let view = &shown.view;
    html! {
        @for (request, name, side) in &view.requests {
            (one(pen, "asks", "asks-hint", Person { room, name, side: *side }, Some(("/seats/approve", "approve", request))))
        }
        @for approved in view.approved.iter().filter(|approved| !approved.vouched) {
            @let person = Person { room, name: &approved.name, side: approved.side };
            @if own_side == Some(approved.side) {
                (vouching(pen, approved, person))
            } @else {
                (one(pen, "vouch-awaited", "vouch-awaited-hint", person, None))
            }
        }
        @for approved in view.approved.iter().filter(|approved| approved.vouched) {
            (one(pen, "being-seated", "being-seated-hint", Person { room, name: &approved.name, side: approved.side }, None))
        }
    }
}

/// Whom it is about.
#[derive(Clone, Copy)]
struct Person<'a> {
    room: &'a RoomView,
    name: &'a str,
    side: u16,
}

/// Whoever vouches finds the words that somebody reads aloud: a name is everybody's, the words are those
/// of one request.
fn vouching(pen: Pen<'_>, approved: &ApprovedView, person: Person<'_>) -> Markup {
    let named = [
        ("name", Text(person.name)),
        ("side", Text(side_name(person.room, person.side))),
    ];
    let say = |id| pen.say_with(id, &named);
    html! {
        section.notice.stack.strong {
            h2 { (marks::mark(Role::Side(person.side))) " " (say("vouch-asked")) }
            p { (say("vouch-hint")) }
            form.stack action="/seats/vouch" method="post" autocomplete="off" autocapitalize="off" {
                (pen.token())
                input autocomplete="off" type="hidden" name="request" value=(hex(&approved.request));
                fieldset {
                    legend { (say("vouch-words")) }
                    @for line in &approved.word_lines {
                        label.choice {
                            input autocomplete="off" type="radio" name="line" value=(line.join(" ")) required;
                            span.six lang="en" { @for word in line { span { (word) } } }
                        }
                    }
                    label.choice {
                        input autocomplete="off" type="radio" name="line" value=(NONE) required;
                        span { b { (pen.say("words-none")) } }
                        span.soft { (say("vouch-none-hint")) }
                    }
                }
                button.btn { (say("vouch")) }
            }
        }
    }
}

fn one(
    pen: Pen<'_>,
    head: &str,
    hint: &str,
    person: Person<'_>,
    button: Option<(&str, &str, &[u8; 32])>,
) -> Markup {
    let named = [
        ("name", Text(person.name)),
        ("side", Text(side_name(person.room, person.side))),
    ];
    html! {
        section.notice.stack.strong[button.is_some()] {
            h2 { (marks::mark(Role::Side(person.side))) " " (pen.say_with(head, &named)) }
            p { (pen.say_with(hint, &named)) }
            @if let Some((url, label, request)) = button {
                form action=(url) method="post" autocomplete="off" autocapitalize="off" {
                    (pen.token())
                    input autocomplete="off" type="hidden" name="request" value=(hex(request));
                    button.btn { (pen.say_with(label, &named)) }
                }
            }
        }
    }
}

/// Invitations that nobody has used yet, to be handed over.
pub fn invitations(pen: Pen<'_>, shown: &Shown, room: &RoomView) -> Markup {
    let open = || {
        let all = (0_usize..).zip(&shown.view.invitations);
        all.filter(|(_, invitation)| !invitation.used && invitation.expires_ms > pen.now.ms())
    };
    html! {
        @if convenes(room) && open().next().is_some() {
            section.stack aria-labelledby="invitations" {
                h2 #invitations { (pen.say("invitations")) }
                p.measure { (pen.say("invitations-hint")) }
                @for (number, invitation) in open() {
                    @let side = side_name(room, invitation.side);
                    div.invitation {
                        label for={ "invitation-" (number) } {
                            (marks::mark(Role::Side(invitation.side))) " "
                            (pen.say_with("invitation-for", &[
                                ("side", Text(side)),
                                ("until", Text(&pen.hours.moment(Timestamp::from_ms(invitation.expires_ms), pen.now))),
                            ]))
                        }
                        textarea autocomplete="off" spellcheck="false" autocapitalize="off" translate="no" id={ "invitation-" (number) } readonly rows="4" { "\n" (invitation.text) }
                        a.btn.quiet href={ "/seats/invitation?number=" (number) } download { (pen.say("save-file")) }
                    }
                }
            }
        }
    }
}

/// A request's name in a form.
pub fn hex(request: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(request)
}

/// What a form names.
pub fn parse_hex(text: &str) -> Option<[u8; 32]> {
    let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok()
}
