//! A dialogue that has been convened and joined, ready to be played with.

use participant::{Command, Notice, Place};
use room::{RoundId, SeatId};
use sim::World;

pub(crate) const SIDES: [&str; 2] = ["Arvane", "Belmark"];

/// Seats everybody: seat 0 convenes, seat i sits with side (i - 1) % 2.
pub(crate) fn seated(n: u64, seed: u64) -> World {
    let mut world = World::new(n + 1, seed);
    world.convene(&SIDES);
    for seat in 1..=n {
        join(&mut world, seat);
    }
    confirm_words(&mut world);
    world
}

/// One seat joins: invited, approved, vouched for where its side has a seat already.
pub(crate) fn join(world: &mut World, seat: u64) {
    let side = u16::try_from((seat - 1) % 2).unwrap();
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side, expires });
    let invitation = invitation(world);
    let at = usize::try_from(seat).unwrap();
    world.command(
        at,
        Command::Join {
            invitation,
            name: format!("Seat{seat:02}"),
        },
    );
    let request = asked(world);
    world.command(0, Command::Approve { request });
    let voucher =
        (1..at).find(|other| (other - 1) % 2 == usize::from(side) && seated_in(world, *other));
    if let Some(voucher) = voucher {
        world.command(voucher, Command::Vouch { request });
    }
    world.pass(5_000);
}

pub(crate) fn invitation(world: &World) -> String {
    let heard = world.seats[0].heard.iter().rev();
    heard
        .filter_map(|notice| match notice {
            Notice::Invited { text, .. } => Some(text.clone()),
            _ => None,
        })
        .next()
        .unwrap()
}

pub(crate) fn asked(world: &World) -> [u8; 32] {
    let heard = world.seats[0].heard.iter().rev();
    heard
        .filter_map(|notice| match notice {
            Notice::Asked { request, .. } => Some(*request),
            _ => None,
        })
        .next()
        .unwrap()
}

pub(crate) fn confirm_words(world: &mut World) {
    for seat in 1..world.seats.len() {
        if seated_in(world, seat) {
            world.command(seat, Command::ConfirmWords);
        }
    }
}

fn seated_in(world: &World, seat: usize) -> bool {
    let on = world.seats[seat].participant.is_some() && !world.seats[seat].offline;
    on && world.seats[seat]
        .core()
        .view()
        .plenary
        .is_some_and(|room| room.live)
}

/// Opens a Round with every owner in the room, and lets everybody be ready.
pub(crate) fn open_round(world: &mut World, window_ms: u64, phase_ms: u64) -> RoundId {
    for seat in 1..world.seats.len() {
        if world.seats[seat].participant.is_some() {
            world.command(seat, Command::TakeSeat);
        }
    }
    let question = "What could both sides live with?".into();
    let open = Command::OpenRound {
        question,
        slot_bytes: 1024,
        window_ms,
        phase_ms,
        floor: None,
    };
    world.command(0, open);
    world.pass(10);
    world.seats[0]
        .core()
        .view()
        .plenary
        .unwrap()
        .round
        .unwrap()
        .round
}

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
