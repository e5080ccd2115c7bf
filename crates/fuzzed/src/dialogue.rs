//! A dialogue to fuzz: what its vaults and its logs hold at a few moments. Made once in a process;
//! what is fuzzed are changes to it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use participant::view::{RoundPhase, View};
use participant::{Command, Input, Invitation, Notice, Place, Rows};
use room::RoundId;
use sim::{Seat, World};
use wire::{Entry, EntryKind, MailboxId, Timestamp};

/// The rows of a vault by area.
pub type Vault = BTreeMap<u16, Rows>;

/// Areas of the vault, as the participant lays them out.
pub const PLENARY: u16 = 1;
/// The second room.
pub const CAUCUS: u16 = 2;

/// One moment: every seat's vault, and the time.
pub struct Moment {
    /// By seat: 0 convenes, 1, 3, 5 sit with one side, 2, 4, 6 with the other.
    pub vaults: Vec<Vault>,
    /// The relay's time.
    pub now: Timestamp,
}

/// A dialogue of seven.
pub struct Dialogue {
    /// Everybody is seated and counts.
    pub seated: Moment,
    /// All but seat 2 are in a run and have said JOIN.
    pub running: Moment,
    /// The plenary's mailbox.
    pub plenary: MailboxId,
    /// The caucus of seats 1, 3 and 5.
    pub caucus: MailboxId,
    /// The Round that is running.
    pub round: RoundId,
    /// The plenary's whole log.
    pub log: Vec<Entry>,
}

/// An invitation that somebody answered.
pub struct Asked {
    /// The convenor's vault when the invitation was out.
    pub convenor: Vault,
    /// The newcomer's vault when it had asked.
    pub newcomer: Vault,
    /// The invitation's text.
    pub invitation: String,
    /// The newcomer's request and the convenor's answer, as they stand in the log.
    pub log: Vec<Entry>,
    /// The time of the request.
    pub now: Timestamp,
}

/// The one dialogue of this process.
pub static DIALOGUE: LazyLock<Dialogue> = LazyLock::new(dialogue);
/// The one invitation of this process.
pub static ASKED: LazyLock<Asked> = LazyLock::new(asked);

/// A node with this vault, switched on.
pub fn node(vault: &Vault) -> Seat {
    let mut seat = Seat::new(1);
    seat.vault = vault.clone();
    seat.start();
    seat
}

/// A node that is connected and has read everything.
pub fn live_node(vault: &Vault, now: Timestamp) -> Seat {
    let mut seat = node(vault);
    let subscriptions = seat.core().subscriptions();
    for mailbox in subscriptions.iter().map(|s| s.mailbox) {
        seat.input(Input::Connected { mailbox }, now);
        seat.input(Input::CaughtUp { mailbox }, now);
    }
    seat
}

/// A node begins again from its vault and shows the same room.
pub fn assert_vault_is_whole(seat: &Seat) {
    let again = node(&seat.vault);
    let rooms = |view: &View| {
        let rooms = [view.plenary.as_ref(), view.caucus.as_ref()];
        rooms.map(|room| room.map(|room| (room.digest, room.entries)))
    };
    assert_eq!(rooms(&again.core().view()), rooms(&seat.core().view()));
}

/// The next entry of a log, as the relay would show it.
pub fn entry(index: u64, time: Timestamp, bytes: Vec<u8>) -> Entry {
    Entry {
        index,
        time,
        kind: EntryKind::Append,
        bytes,
    }
}

fn moment(world: &World) -> Moment {
    Moment {
        vaults: world.seats.iter().map(|seat| seat.vault.clone()).collect(),
        now: world.now,
    }
}

fn dialogue() -> Dialogue {
    let mut world = World::new(7, 1);
    world.convene(&["Arvane", "Belmark"]);
    for seat in 1..7 {
        join(&mut world, seat);
    }
    for seat in 1..7 {
        world.command(seat, Command::ConfirmWords);
    }
    let mailbox_of = |seat: usize, place: usize| {
        let subscriptions = world.seats[seat].core().subscriptions();
        subscriptions[place].mailbox
    };
    let (plenary, caucus) = (mailbox_of(1, 0), mailbox_of(1, 1));
    let seated = moment(&world);
    // Seat 2 reads all that follows later.
    world.seats[2].offline = true;
    world.seats[2].disconnect();
    let say = Command::Say {
        place: Place::Plenary,
        text: "as it was said".into(),
    };
    world.command(3, say);
    let round = open_round(&mut world);
    let joined = |world: &World| {
        let shown = world.seats[1].core().view().plenary;
        let phase = shown.and_then(|room| room.round).map(|round| round.phase);
        let kems = |vault: &Vault| {
            vault[&PLENARY]
                .keys()
                .filter(|key| key.starts_with(b"run/"))
                .count()
        };
        phase == Some(RoundPhase::Collecting { run: 1 }) && kems(&world.seats[1].vault) >= 5
    };
    assert!(world.pass_until(5_000, joined), "everybody joins");
    world.run();
    let running = moment(&world);
    world.pass(60_000);
    // A commit after the Round.
    let seat = world.seats.len();
    world.seats.push(Seat::new(8));
    join(&mut world, seat);
    Dialogue {
        seated,
        running,
        plenary,
        caucus,
        round,
        log: world.host.logs[&plenary].clone(),
    }
}

fn open_round(world: &mut World) -> RoundId {
    for seat in [1, 3, 4, 5, 6] {
        world.command(seat, Command::TakeSeat);
    }
    let open = Command::OpenRound {
        question: "What could both sides live with?".into(),
        slot_bytes: 1024,
        window_ms: 1_000,
        phase_ms: 3_000,
        floor: None,
    };
    world.command(0, open);
    world.pass(10);
    let shown = world.seats[0].core().view().plenary;
    let round = shown.and_then(|room| room.round).expect("a Round").round;
    let write = Command::Write {
        round,
        text: "an end to it".into(),
        minimum: None,
    };
    world.command(1, write);
    world.pass(995);
    round
}

fn invite(world: &mut World, side: u16) -> String {
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side, expires });
    let heard = world.seats[0].heard.iter().rev();
    let mut texts = heard.filter_map(|notice| {
        let Notice::Invited { text, .. } = notice else {
            return None;
        };
        Some(text.clone())
    });
    texts.next().expect("an invitation")
}

fn ask(world: &mut World, seat: usize, invitation: &str) {
    let ask = Command::Join {
        invitation: invitation.to_owned(),
        name: format!("Seat{seat:02}"),
    };
    world.command(seat, ask);
}

/// The convenor agrees, a seat of the side vouches, and the newcomer is seated.
fn seat(world: &mut World, seat: usize) {
    let requests = world.seats[0].core().view().requests;
    let request = requests.first().expect("somebody asks").0;
    world.command(0, Command::Approve { request });
    if seat > 2 {
        world.command(
            if seat % 2 == 1 {
                1
            } else {
                4 - 2 * usize::from(seat == 4)
            },
            Command::Vouch { request },
        );
    }
    world.pass(5_000);
}

fn join(world: &mut World, number: usize) {
    let side = u16::from(number.is_multiple_of(2));
    let invitation = invite(world, side);
    ask(world, number, &invitation);
    seat(world, number);
}

fn asked() -> Asked {
    let mut world = World::new(2, 2);
    world.convene(&["Arvane", "Belmark"]);
    let text = invite(&mut world, 0);
    let convenor = world.seats[0].vault.clone();
    ask(&mut world, 1, &text);
    let (newcomer, now) = (world.seats[1].vault.clone(), world.now);
    seat(&mut world, 1);
    let mailbox = Invitation::parse(&text).expect("as it was given").mailbox;
    Asked {
        convenor,
        newcomer,
        invitation: text,
        log: world.host.logs[&mailbox].clone(),
        now,
    }
}
