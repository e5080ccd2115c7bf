//! What a test says and reads in a dialogue that has been convened and joined.

use participant::{Command, Place};
use room::{RoundId, SeatId};
use sim::World;

pub(crate) use sim::stage::{
    asked, confirm_words, invitation, join, open_round, seated, vouch, words_of,
};

pub(crate) fn write(world: &mut World, seat: usize, round: RoundId, text: &str) {
    let command = Command::Write {
        round,
        text: text.into(),
        minimum: None,
    };
    world.command(seat, command);
}

pub(crate) fn say(world: &mut World, seat: usize, place: Place, text: &str) {
    world.command(
        seat,
        Command::Say {
            place,
            text: text.into(),
        },
    );
}

/// The texts that a seat has read.
pub(crate) fn read(world: &World, seat: usize, place: Place) -> Vec<String> {
    let view = world.seats[seat].core().view();
    let room = match place {
        Place::Plenary => view.plenary,
        Place::Caucus => view.caucus,
    };
    room.map(|room| room.messages.iter().map(|m| m.text.clone()).collect())
        .unwrap_or_default()
}

/// All seats that are on agree about their rooms.
pub(crate) fn assert_agreed(world: &World) {
    let digests = |place: Place, seats: &mut dyn Iterator<Item = usize>| {
        let mut found: Vec<String> = seats
            .filter_map(|seat| {
                let view = world.seats[seat].participant.as_ref()?.view();
                let room = match place {
                    Place::Plenary => view.plenary,
                    Place::Caucus => view.caucus,
                }?;
                room.live
                    .then(|| format!("{} {}", room.entries, room.digest))
            })
            .collect();
        found.dedup();
        found.len()
    };
    assert_eq!(digests(Place::Plenary, &mut (0..world.seats.len())), 1);
    for side in 1..=2 {
        assert!(digests(Place::Caucus, &mut (side..world.seats.len()).step_by(2)) <= 1);
    }
}

pub(crate) fn seat_id(world: &World, seat: usize) -> SeatId {
    world.seats[seat].core().view().plenary.unwrap().own_seat
}

/// Whose last message is awaited, as the first seat sees it.
pub fn awaited(world: &World) -> Vec<String> {
    let core = world.seats[1].core();
    let room = core.view().plenary.unwrap();
    let seats = core.awaited(Place::Plenary).into_iter();
    seats
        .map(|seat| room.seat(seat).unwrap().name.clone())
        .collect()
}

/// What a seat is called.
pub(crate) fn name_of(world: &World, seat: usize) -> String {
    let room = world.seats[seat].core().view().plenary.unwrap();
    room.seat(room.own_seat).unwrap().name.clone()
}
