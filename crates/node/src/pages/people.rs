//! Persons as pages name them: by seat, and with their side, since two may share a name.
//! Must never tell one from another by name alone.

use participant::view::{RoomView, SeatView};
use room::{Role, SeatId};

use super::{layout::Pen, seats_show, words::Argument::Text};

/// Name and side, also of somebody who is gone.
pub fn named(pen: Pen<'_>, room: &RoomView, seat: SeatId) -> String {
    match room.seat(seat) {
        Some(known) => with_side(pen, room, known),
        None => pen.say("somebody-gone"),
    }
}

/// The name alone, where the page says of which side.
pub fn name(room: &RoomView, seat: SeatId) -> &str {
    room.seat(seat).map_or("", |seat| seat.name.as_str())
}

fn with_side(pen: Pen<'_>, room: &RoomView, seat: &SeatView) -> String {
    let side = seat.side.map(|side| seats_show::side_name(room, side));
    let arguments = [
        ("name", Text(&seat.name)),
        ("side", Text(side.unwrap_or_default())),
    ];
    pen.say_with(
        match seat.role {
            Role::Side(_) => "named-of-side",
            Role::Interpreter(_) => "named-interpreter",
            Role::Convenor => "named-convenor",
        },
        &arguments,
    )
}
