//! Models over the real fold of a room: who comes to count, how small a crowd can be made, and which
//! rosters may vote. Here is the room that they begin with.

pub mod ballots;
pub mod crowds;
pub mod memory;
pub mod moves;
pub mod places;
pub mod puppets;

use room::{
    Added, Approved, Audience, Effect, Event, Founding, Leaf, Name, NewSeat, Open, Question, Ready,
    RequestId, Role, RoomKind, RoundId, RoundKind, RuleCard, SeatsChanged, SideId, SideName, State,
    Title, Void, Vouched, WordsConfirmed,
};

const CONVENOR: Leaf = Leaf(0);
const HOUR_MS: u64 = 3_600_000;

/// A room, and what the log says the time is.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) state: State,
    pub(crate) time_ms: u64,
    next_leaf: u32,
    rounds: u8,
}

impl Room {
    /// A plenary of two sides, with nobody but the convenor in it.
    pub(crate) fn founded() -> Self {
        let side = |name: &str| SideName::parse(name).expect("a short name");
        let founding = Founding {
            room: RoomKind::Plenary,
            title: Title::parse("A room").expect("a short title"),
            sides: vec![side("River"), side("Harbour")],
            rule_card: RuleCard::ChathamHouse,
            founder: NewSeat {
                name: Name::parse("Convenor").expect("a short name"),
                role: Role::Convenor,
                leaf: CONVENOR,
                signature_key: key_of(CONVENOR),
            },
        };
        Self {
            state: State::found(founding).expect("a sound founding"),
            time_ms: 1000,
            next_leaf: 1,
            rounds: 0,
        }
    }

    /// With so many counting seats, in turn on either side.
    pub(crate) fn of(seats: u32) -> Self {
        let mut room = Self::founded();
        for number in 0..seats {
            let side = SideId(if number % 2 == 0 { 0 } else { 1 });
            let voucher = room.leaves_of(side).first().copied();
            room.seat(side, voucher).expect("a voucher is enough");
        }
        for leaf in room.all_leaves() {
            room.confirm(leaf).expect("these are the newest words");
        }
        room
    }

    pub(crate) fn say(&mut self, from: Leaf, event: &Event) -> Result<Effect, Void> {
        self.state.apply(Some(from), self.time_ms, event)
    }

    pub(crate) fn derive(&mut self, event: &Event) -> Result<Effect, Void> {
        self.state.apply(None, self.time_ms, event)
    }

    /// A seat comes: approved, vouched for where somebody does, and added.
    pub(crate) fn seat(&mut self, side: SideId, voucher: Option<Leaf>) -> Result<Leaf, Void> {
        let leaf = Leaf(self.next_leaf);
        let request = request_of(leaf);
        let approved = Approved {
            request,
            name: Name::parse(&format!("Person {}", leaf.0)).expect("a short name"),
            role: Role::Side(side),
        };
        self.say(CONVENOR, &Event::Approved(approved))?;
        if let Some(voucher) = voucher {
            self.say(voucher, &Event::Vouched(Vouched { request }))?;
        }
        let added = Added {
            leaf,
            signature_key: key_of(leaf),
            request,
            name: None,
        };
        self.commit(vec![added], Vec::new())?;
        self.next_leaf += 1;
        Ok(leaf)
    }

    pub(crate) fn commit(&mut self, added: Vec<Added>, removed: Vec<Leaf>) -> Result<Effect, Void> {
        self.derive(&Event::SeatsChanged(SeatsChanged {
            added,
            removed,
            by: CONVENOR,
            follows: 0,
        }))
    }

    pub(crate) fn confirm(&mut self, leaf: Leaf) -> Result<Effect, Void> {
        let membership = self.state.membership();
        self.say(leaf, &Event::WordsConfirmed(WordsConfirmed { membership }))
    }

    pub(crate) fn all_leaves(&self) -> Vec<Leaf> {
        self.state.seats().iter().map(|seat| seat.leaf).collect()
    }

    pub(crate) fn leaves_of(&self, side: SideId) -> Vec<Leaf> {
        let seats = self.state.seats().iter();
        let here = seats.filter(|seat| seat.role.side() == Some(side));
        here.map(|seat| seat.leaf).collect()
    }

    pub(crate) fn counts(&self, leaf: Leaf) -> bool {
        let seat = self.state.by_leaf(leaf);
        seat.is_some_and(|seat| self.state.counting(seat.id))
    }

    /// OPEN, READY of these, the window's end, START.
    pub(crate) fn start(&mut self, kind: RoundKind, ready: &[Leaf]) -> Result<Effect, Void> {
        self.rounds += 1;
        let open = Open {
            id: RoundId([self.rounds; 16]),
            question: Question::parse("What could you live with?").expect("a short question"),
            kind,
            audience: Audience::Room,
            floor: None,
            window_ms: HOUR_MS,
            phase_ms: 10_000,
        };
        self.say(CONVENOR, &Event::RoundOpened(open.clone()))?;
        for leaf in ready {
            let ready = Ready {
                round: open.id,
                open_hash: open.hash(),
            };
            self.say(*leaf, &Event::Ready(ready))?;
        }
        self.time_ms += HOUR_MS;
        self.say(ready[0], &Event::Started(open.id))
    }

    pub(crate) fn round(&self) -> RoundId {
        RoundId([self.rounds; 16])
    }
}

/// Whether a commit is valid while a run is on.
pub fn commit_is_valid_during_a_run() -> bool {
    let mut room = Room::of(6);
    let leaves: Vec<Leaf> = room.all_leaves().into_iter().skip(1).collect();
    room.start(RoundKind::Statement(room::SlotSize::OneKib), &leaves)
        .expect("six are enough");
    let change = SeatsChanged {
        added: Vec::new(),
        removed: leaves[..1].to_vec(),
        by: CONVENOR,
        follows: 0,
    };
    let now = room.state.time_ms();
    room.state.may_commit(&change, now).is_ok()
}

/// Whether a window ends by the log's clock while nobody can write in the log.
pub fn a_round_starts_in_a_shut_log() -> bool {
    let mut room = Room::of(6);
    let leaves: Vec<Leaf> = room.all_leaves().into_iter().skip(1).collect();
    room.derive(&Event::LogShut).expect("it was open");
    room.start(RoundKind::Statement(room::SlotSize::OneKib), &leaves)
        .is_ok()
}

fn key_of(leaf: Leaf) -> Vec<u8> {
    [vec![7; 28], leaf.0.to_be_bytes().to_vec()].concat()
}

fn request_of(leaf: Leaf) -> RequestId {
    let mut bytes = [9; 32];
    bytes[..4].copy_from_slice(&leaf.0.to_be_bytes());
    RequestId(bytes)
}
