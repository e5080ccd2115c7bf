//! Machines that stop and go on, and connections that a relay ends.

use participant::{Command, Place};

use super::House;

/// An honest machine stops in the middle of what it was asked for, and goes on now or later.
pub(super) fn crash(house: &mut House) {
    let honest = house.honest();
    let at = usize::try_from(house.draw.below(honest.len() as u64)).unwrap_or(0);
    let seat = honest.get(at).copied().unwrap_or(0);
    if house.world.seats[seat].participant.is_none() {
        house.world.seats[seat].start();
        house.world.run();
        return;
    }
    let number = house.said.len();
    let text = format!("Word {number} of seat {seat}");
    let command = Command::Say {
        place: Place::Plenary,
        text: text.clone(),
    };
    let now = house.world.now;
    if house.world.seats[seat].command(command, now).is_ok() {
        house.said.push((Place::Plenary, seat, text));
    }
    house.world.seats[seat].crash();
    house.note(|| format!("seat {seat} stops"));
    if house.draw.one_in(2) {
        house.world.seats[seat].start();
    }
    house.world.run();
}

/// Whoever follows a log that is gone is told so.
pub(super) fn drop_subscribers(house: &mut House) {
    let now = house.world.now;
    for seat in &mut house.world.seats {
        let gone: Vec<_> = house.world.mood.forgotten.iter().copied().collect();
        for mailbox in gone {
            if seat.participant.is_some() && seat.connected.contains(&mailbox) {
                seat.lose(mailbox, now);
            }
        }
    }
    house.world.run();
}
