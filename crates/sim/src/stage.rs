//! Dialogues that have been convened and joined, ready to be played with.

use participant::{Command, Notice};
use room::RoundId;

use crate::World;
use crate::host::Host;

/// The names of the two sides; seat i sits with side (i - 1) % 2.
pub const SIDES: [&str; 2] = ["Arvane", "Belmark"];

/// Seats everybody: seat 0 convenes, the others join one after another.
pub fn seated(n: u64, seed: u64) -> World {
    seated_in(World::new(n + 1, seed), n)
}

/// The same around a relay that is there.
pub fn seated_at(host: Host, n: u64, seed: u64) -> World {
    let mut world = World::new(n + 1, seed);
    world.host = host;
    seated_in(world, n)
}

fn seated_in(mut world: World, n: u64) -> World {
    world.convene(&SIDES);
    for seat in 1..=n {
        join(&mut world, seat);
    }
    confirm_words(&mut world);
    world
}

/// One seat joins: invited, approved, vouched for where its side has a seat already.
pub fn join(world: &mut World, seat: u64) {
    let side = u16::try_from((seat - 1) % 2).expect("there are two sides");
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side, expires });
    let invitation = invitation(world);
    let at = usize::try_from(seat).expect("a small number");
    let name = format!("Seat{seat:02}");
    world.command(at, Command::Join { invitation, name });
    let request = asked(world);
    world.command(0, Command::Approve { request });
    let voucher =
        (1..at).find(|other| (other - 1) % 2 == usize::from(side) && is_seated(world, *other));
    if let Some(voucher) = voucher {
        vouch(world, voucher, at, request);
    }
    world.pass(5_000);
}

/// `voucher` hears the words of `newcomer`'s request from its own screen, and vouches for `request`.
pub fn vouch(world: &mut World, voucher: usize, newcomer: usize, request: [u8; 32]) {
    let words = words_of(world, newcomer);
    world.command(voucher, Command::Vouch { request, words });
}

/// What somebody who waits for a seat reads aloud.
pub fn words_of(world: &World, newcomer: usize) -> String {
    let view = world.seats.get(newcomer).map(|seat| seat.core().view());
    let asking = view.and_then(|view| view.asking);
    asking.map_or_else(String::new, |asking| asking.words.join(" "))
}

/// The last invitation that the convenor made.
pub fn invitation(world: &World) -> String {
    let mut heard = world.seats[0].heard.iter().rev();
    let found = heard.find_map(|notice| match notice {
        Notice::Invited { text, .. } => Some(text.clone()),
        Notice::Asked { .. }
        | Notice::Approved { .. }
        | Notice::Joined(_)
        | Notice::Declined(_)
        | Notice::Said { .. }
        | Notice::Changed(_)
        | Notice::RoundClosed(_)
        | Notice::StayedHome { .. }
        | Notice::Doubted { .. }
        | Notice::Alarm(_) => None,
    });
    found.expect("the convenor has invited")
}

/// The last request for a seat that the convenor saw.
pub fn asked(world: &World) -> [u8; 32] {
    let mut heard = world.seats[0].heard.iter().rev();
    let found = heard.find_map(|notice| match notice {
        Notice::Asked { request, .. } => Some(*request),
        Notice::Invited { .. }
        | Notice::Approved { .. }
        | Notice::Joined(_)
        | Notice::Declined(_)
        | Notice::Said { .. }
        | Notice::Changed(_)
        | Notice::RoundClosed(_)
        | Notice::StayedHome { .. }
        | Notice::Doubted { .. }
        | Notice::Alarm(_) => None,
    });
    found.expect("somebody has asked")
}

/// Everybody compares the table words, and finds them equal.
pub fn confirm_words(world: &mut World) {
    for seat in 1..world.seats.len() {
        if is_seated(world, seat) {
            let state = world.seats[seat].core().state();
            let membership = state.expect("it is seated").membership();
            world.command(seat, Command::ConfirmWords { membership });
        }
    }
}

fn is_seated(world: &World, seat: usize) -> bool {
    let on = world.seats[seat].participant.is_some() && !world.seats[seat].offline;
    on && world.seats[seat]
        .core()
        .view()
        .plenary
        .is_some_and(|room| room.live)
}

/// Opens a statement Round with every owner in the room, and lets everybody be ready.
pub fn open_round(world: &mut World, window_ms: u64, phase_ms: u64) -> RoundId {
    let open = Command::OpenRound {
        question: "What could both sides live with?".into(),
        slot_bytes: 1024,
        window_ms,
        phase_ms,
        floor: None,
    };
    open_with(world, open)
}

/// Opens any Round with every owner in the room, and lets everybody be ready.
pub fn open_with(world: &mut World, open: Command) -> RoundId {
    for seat in 1..world.seats.len() {
        if world.seats[seat].participant.is_some() {
            world.command(seat, Command::TakeSeat);
        }
    }
    world.command(0, open);
    world.pass(10);
    let view = world.seats[0].core().view();
    let round = view.plenary.and_then(|room| room.round);
    round.expect("the convenor has opened it").round
}
