//! Dialogues to fuzz: what their vaults and their logs hold at a few moments. Made once in a
//! process; what is fuzzed are changes to them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use participant::view::{RoundPhase, View};
use participant::{Command, Input, Invitation, Place, Rows};
use room::RoundId;
use sim::template::number_keys_from;
use sim::{Seat, World, stage};
use wire::{Entry, EntryKind, MailboxId, Timestamp};

/// The rows of a vault by area.
pub(crate) type Vault = BTreeMap<u16, Rows>;

/// The area of the plenary, as the participant lays its vault out.
const PLENARY: u16 = 1;

/// One moment: every seat's vault, and the time.
pub(crate) struct Moment {
    /// By seat: 0 convenes, 1, 3, 5 sit with one side, 2, 4, 6 with the other.
    pub(crate) vaults: Vec<Vault>,
    /// The relay's time.
    pub(crate) now: Timestamp,
}

/// A dialogue of seven.
pub(crate) struct Dialogue {
    /// Everybody is seated and counts.
    pub(crate) seated: Moment,
    /// All but seat 2 are in a run and have said JOIN.
    pub(crate) running: Moment,
    /// The plenary's mailbox.
    pub(crate) plenary: MailboxId,
    /// The Round that is running.
    pub(crate) round: RoundId,
    /// The plenary's whole log: also a message, that Round to its end, and a commit.
    pub(crate) log: Vec<Entry>,
    /// The messages of the run under way.
    pub(crate) said: Vec<Vec<u8>>,
}

/// An invitation that somebody answered.
pub(crate) struct Asked {
    /// The convenor's vault when the invitation was out, and when the newcomer was seated.
    pub(crate) convenor: [Vault; 2],
    /// The newcomer's vault when it had asked.
    pub(crate) newcomer: Vault,
    /// The invitation's text.
    pub(crate) invitation: String,
    /// The newcomer's request and the convenor's answer, as they stand in the log.
    pub(crate) log: Vec<Entry>,
    /// The time of the request.
    pub(crate) now: Timestamp,
}

/// The one dialogue of this process.
pub(crate) static DIALOGUE: LazyLock<Dialogue> = LazyLock::new(dialogue);
/// The one invitation of this process.
pub(crate) static ASKED: LazyLock<Asked> = LazyLock::new(asked);

/// A node with this vault, switched on.
pub(crate) fn node(vault: &Vault) -> Seat {
    let mut seat = Seat::new(1);
    seat.vault = vault.clone();
    seat.start();
    seat
}

/// A node that is connected and has read everything.
pub(crate) fn live_node(vault: &Vault, now: Timestamp) -> Seat {
    let mut seat = node(vault);
    let subscriptions = seat.core().subscriptions();
    for mailbox in subscriptions.iter().map(|s| s.mailbox) {
        seat.input(Input::Connected { mailbox }, now);
        seat.input(Input::CaughtUp { mailbox }, now);
    }
    seat
}

/// A node begins again from its vault and shows the same rooms.
pub(crate) fn assert_vault_is_whole(seat: &Seat) {
    let again = node(&seat.vault);
    let rooms = |view: &View| {
        let rooms = [view.plenary.as_ref(), view.caucus.as_ref()];
        rooms.map(|room| room.map(|room| (room.digest, room.entries)))
    };
    assert_eq!(rooms(&again.core().view()), rooms(&seat.core().view()));
}

/// The next entry of a log, as the relay would show it.
pub(crate) fn entry(index: u64, time: Timestamp, bytes: Vec<u8>) -> Entry {
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
    number_keys_from(1);
    let mut world = stage::seated(6, 1);
    let plenary = world.seats[1].core().subscriptions()[0].mailbox;
    let seated = moment(&world);
    // Seat 2 reads all that follows later.
    world.seats[2].offline = true;
    world.seats[2].disconnect();
    let say = Command::Say {
        place: Place::Plenary,
        text: "as it was said".into(),
    };
    world.command(3, say);
    let round = stage::open_round(&mut world, 1_000, 3_000);
    let write = Command::Write {
        round,
        text: "an end to it".into(),
        minimum: None,
    };
    world.command(1, write);
    assert!(world.pass_until(10_000, joined), "everybody joins");
    world.run();
    let running = moment(&world);
    let said = messages_of(&running.vaults[3]);
    world.pass(60_000);
    // A commit after the Round.
    world.seats.push(Seat::new(8));
    stage::join(&mut world, 7);
    Dialogue {
        seated,
        running,
        plenary,
        round,
        log: world.host.logs[&plenary].clone(),
        said,
    }
}

/// Whether seat 1 has read the JOIN of everybody who is there, and is in the run.
fn joined(world: &World) -> bool {
    let shown = world.seats[1].core().view().plenary;
    let phase = shown.and_then(|room| room.round).map(|round| round.phase);
    phase == Some(RoundPhase::Collecting { run: 1 })
        && messages_of(&world.seats[1].vault).len() >= 5
}

/// The messages of the run under way, as a seat has stored them.
fn messages_of(vault: &Vault) -> Vec<Vec<u8>> {
    // Sender, time and head, then the message's length in two bytes.
    const BEFORE: usize = 1 + 4 + 8 + 32 + 2;
    let rows = vault[&PLENARY].iter();
    let stored = rows.filter(|(key, _)| key.starts_with(b"run/"));
    stored.map(|(_, row)| row[BEFORE..].to_vec()).collect()
}

fn asked() -> Asked {
    number_keys_from(1_000);
    let mut world = World::new(2, 2);
    world.convene(&stage::SIDES);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let invitation = stage::invitation(&world);
    let invited = world.seats[0].vault.clone();
    let ask = Command::Join {
        invitation: invitation.clone(),
        name: "Seat01".into(),
    };
    world.command(1, ask);
    let (newcomer, now) = (world.seats[1].vault.clone(), world.now);
    let request = stage::asked(&world);
    world.command(0, Command::Approve { request });
    world.pass(5_000);
    let parsed = Invitation::parse(&invitation).ok();
    let mailbox = parsed.expect("as it was given").mailbox;
    Asked {
        convenor: [invited, world.seats[0].vault.clone()],
        newcomer,
        invitation,
        log: world.host.logs[&mailbox].clone(),
        now,
    }
}
