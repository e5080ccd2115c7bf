//! A room with people in it, in as few words as a test can bear.

use room::*;

pub const CONVENOR: Leaf = Leaf(0);
pub const RIVER: SideId = SideId(0);
pub const HARBOUR: SideId = SideId(1);

pub struct Scene {
    pub state: State,
    pub time_ms: u64,
    pub next_leaf: u32,
}

pub fn founding(room: RoomKind, role: Role) -> Founding {
    let side = |name| SideName::parse(name).unwrap();
    Founding {
        room,
        title: Title::parse("Talks about the estuary").unwrap(),
        sides: vec![side("River"), side("Harbour")],
        rule_card: RuleCard::ChathamHouse,
        founder: NewSeat {
            name: Name::parse("Convenor").unwrap(),
            role,
            leaf: CONVENOR,
            signature_key: key(0),
        },
    }
}

pub fn key(number: u32) -> Vec<u8> {
    let mut key = vec![7; 28];
    key.extend(number.to_be_bytes());
    key
}

pub fn request(number: u32) -> RequestId {
    let mut bytes = [9; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    RequestId(bytes)
}

pub fn name_of(leaf: u32) -> Name {
    Name::parse(&format!("Person {leaf}")).unwrap()
}

impl Scene {
    pub fn plenary() -> Self {
        let state = State::found(founding(RoomKind::Plenary, Role::Convenor)).unwrap();
        Self {
            state,
            time_ms: 1_000,
            next_leaf: 1,
        }
    }

    pub fn caucus() -> Self {
        let state = State::found(founding(RoomKind::Caucus(RIVER), Role::Side(RIVER))).unwrap();
        Self {
            state,
            time_ms: 1_000,
            next_leaf: 1,
        }
    }

    /// A plenary with this many counting seats, half on each side.
    pub fn with_counting(seats: u32) -> Self {
        let mut scene = Self::plenary();
        for number in 0..seats {
            scene.join(if number % 2 == 0 { RIVER } else { HARBOUR });
        }
        scene.everybody_confirms();
        scene
    }

    pub fn say(&mut self, from: Leaf, event: Event) -> Result<Effect, Void> {
        self.apply(Some(from), &event)
    }

    pub fn derive(&mut self, event: Event) -> Result<Effect, Void> {
        self.apply(None, &event)
    }

    /// No event leads to a state that its own room would refuse to read again: nobody could enter it, and no
    /// vault would open.
    fn apply(&mut self, from: Option<Leaf>, event: &Event) -> Result<Effect, Void> {
        self.time_ms += 1;
        let effect = self.state.apply(from, self.time_ms, event)?;
        let again = State::decode(&self.state.encode());
        assert!(again.is_ok_and(|state| state == self.state), "{event:?}");
        Ok(effect)
    }

    /// The first seat of the side that is seated, if any.
    pub fn first_of(&self, side: SideId) -> Option<Leaf> {
        self.state
            .seats()
            .iter()
            .find(|seat| seat.role.side() == Some(side))
            .map(|seat| seat.leaf)
    }

    pub fn approve(&mut self, role: Role) -> u32 {
        let number = self.next_leaf;
        self.next_leaf += 1;
        let approved = Approved {
            request: request(number),
            name: name_of(number),
            role,
        };
        self.say(CONVENOR, Event::Approved(approved)).unwrap();
        number
    }

    /// Approved, vouched by the side's first seat, and added.
    pub fn join(&mut self, side: SideId) -> Leaf {
        let voucher = self.first_of(side);
        self.join_vouched(side, voucher)
    }

    pub fn join_vouched(&mut self, side: SideId, voucher: Option<Leaf>) -> Leaf {
        let number = self.approve(Role::Side(side));
        if let Some(voucher) = voucher {
            let vouched = Vouched {
                request: request(number),
            };
            self.say(voucher, Event::Vouched(vouched)).unwrap();
        }
        self.add(number).unwrap();
        Leaf(number)
    }

    /// Somebody comes again by the same signature key, under the same name, as a new seat.
    pub fn come_again(&mut self, old: u32, side: SideId, voucher: Option<Leaf>) -> Leaf {
        let number = self.next_leaf;
        self.next_leaf += 1;
        let approved = Approved {
            request: request(number),
            name: name_of(old),
            role: Role::Side(side),
        };
        self.say(CONVENOR, Event::Approved(approved)).unwrap();
        if let Some(voucher) = voucher {
            let vouched = Vouched {
                request: request(number),
            };
            self.say(voucher, Event::Vouched(vouched)).unwrap();
        }
        let again = Added {
            signature_key: key(old),
            ..added(number)
        };
        self.commit(vec![again], vec![]).unwrap();
        Leaf(number)
    }

    pub fn add(&mut self, number: u32) -> Result<Effect, Void> {
        self.commit(vec![added(number)], vec![])
    }

    pub fn remove(&mut self, leaf: Leaf) -> Result<Effect, Void> {
        self.commit(vec![], vec![leaf])
    }

    pub fn commit(&mut self, added: Vec<Added>, removed: Vec<Leaf>) -> Result<Effect, Void> {
        self.derive(Event::SeatsChanged(change(CONVENOR, added, removed)))
    }

    pub fn confirm(&mut self, leaf: Leaf) -> Result<Effect, Void> {
        let membership = self.state.membership();
        self.say(leaf, Event::WordsConfirmed(WordsConfirmed { membership }))
    }

    pub fn everybody_confirms(&mut self) {
        for leaf in self.leaves() {
            self.confirm(leaf).unwrap();
        }
    }

    pub fn leaves(&self) -> Vec<Leaf> {
        self.state.seats().iter().map(|seat| seat.leaf).collect()
    }

    pub fn side_leaves(&self) -> Vec<Leaf> {
        self.leaves_of(Audience::Room)
    }

    fn leaves_of(&self, audience: Audience) -> Vec<Leaf> {
        let seats = self.state.seats().iter();
        seats
            .filter(|seat| audience.includes(seat.role))
            .map(|seat| seat.leaf)
            .collect()
    }

    pub fn counts(&self, leaf: Leaf) -> bool {
        self.state.counting(self.state.by_leaf(leaf).unwrap().id)
    }

    pub fn open(&mut self, terms: Open) -> Result<Effect, Void> {
        self.say(CONVENOR, Event::RoundOpened(terms))
    }

    pub fn ready(&mut self, leaf: Leaf, terms: &Open) -> Result<Effect, Void> {
        let ready = Ready {
            round: terms.id,
            open_hash: terms.hash(),
        };
        self.say(leaf, Event::Ready(ready))
    }

    /// Opened, everybody whom it is for ready, window over, START sent.
    pub fn start(&mut self, terms: &Open) -> Result<Effect, Void> {
        self.open(terms.clone()).unwrap();
        for leaf in self.leaves_of(terms.audience) {
            self.ready(leaf, terms).unwrap();
        }
        self.close_window(terms)
    }

    pub fn close_window(&mut self, terms: &Open) -> Result<Effect, Void> {
        self.time_ms += terms.window_ms;
        let closer = self
            .state
            .counting_seats(terms.audience)
            .next()
            .unwrap()
            .leaf;
        self.say(closer, Event::Started(terms.id))
    }

    /// From START to the texts, with nobody absent.
    pub fn release_and_close(&mut self, terms: &Open) -> Result<Effect, Void> {
        self.derive(released(terms.id)).unwrap();
        let closed = self.all_blank(terms);
        self.derive(Event::RoundClosed(closed))
    }

    pub fn all_blank(&self, terms: &Open) -> RoundClosed {
        let run = &self.state.open_round().unwrap().runs()[0];
        let final_roster: Vec<SeatId> = run.roster().map(|member| member.seat).collect();
        RoundClosed {
            round: terms.id,
            runs: run.runs_ended + 1,
            blanks: u16::try_from(final_roster.len()).unwrap(),
            final_roster,
            statements: vec![],
            tallies: vec![],
            side: None,
        }
    }
}

pub fn change(by: Leaf, added: Vec<Added>, removed: Vec<Leaf>) -> SeatsChanged {
    SeatsChanged {
        added,
        removed,
        by,
        follows: 0,
    }
}

pub fn added(number: u32) -> Added {
    Added {
        leaf: Leaf(number),
        signature_key: key(number),
        request: request(number),
        name: None,
    }
}

pub fn terms(number: u8) -> Open {
    Open {
        id: RoundId([number; 16]),
        question: Question::parse("What could you live with?").unwrap(),
        kind: RoundKind::Statement(SlotSize::TwoKib),
        audience: Audience::Room,
        floor: None,
        window_ms: 60_000,
        phase_ms: 3_000,
    }
}

pub fn message(number: u8) -> Posted {
    let text = MessageText::parse("We heard you.").unwrap();
    Posted::message(
        MessageId([number; 16]),
        None,
        Text {
            salt: [number; 32],
            text,
        },
    )
}

/// The N-th GO of the only sequence.
pub fn released(round: RoundId) -> Event {
    Event::RunReleased(RunReleased { round, side: None })
}
