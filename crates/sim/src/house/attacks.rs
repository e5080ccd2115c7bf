//! What hostile members and the relay do. Each attack has a beginning, something for every beat, and an
//! end; what a removed member goes on trying is asked by the oracles, of every play.

use chacha20::ChaCha20Rng;
use participant::voice::Words;
use participant::{Op, Place};
use rand_core::SeedableRng as _;
use room::{Audience, Event, Open, Question, RoundId, RoundKind, SlotSize, WordsConfirmed};
use round::Phase;
use wire::{EntryKind, Refusal, Token};

use super::House;
use super::machines::{crash, drop_subscribers};
use super::people::WINDOW_MS;
use super::poison::poison;
use crate::mood::{Ambush, Lurks, Refusing, What, rubbish};

/// An attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attack {
    /// A member opens a Round in its caucus, under the plenary's id where one is open there.
    CaucusRound,
    /// A member floods a room around every commit.
    FloodCommits,
    /// A member floods a room around everything that is said.
    FloodWords,
    /// A member rotates a room's token away, again and again.
    VoidRotations,
    /// A member rotates a room's token away before everything that is said, right after each reset.
    ShutsAgain,
    /// A member shuts the log for as long as a phase of a Round lasts, and closes that.
    ClosesShutPhases,
    /// A member makes commits that are not its own to make.
    VoidCommits,
    /// A member seals again what others said, before it and after it.
    Repeats,
    /// A member fills a mailbox.
    Fill,
    /// A member makes all the rotations that a mailbox takes of members.
    UsesUpRotations,
    /// Who founded a caucus resets its mailbox, before, while or after it is removed.
    FounderResets,
    /// A member withholds its RELEASE, and stays away.
    WithheldRelease,
    /// The relay's clock leaps ahead, and comes back.
    ClockLeaps,
    /// The relay's clock goes back, and comes back.
    ClockGoesBack,
    /// The relay's clock goes to and fro by less than what counts as a jump.
    ClockSwings,
    /// The relay's clock leaps by a month, and few seats are let in.
    FewAfterAMonth,
    /// The relay refuses the rotations of one room.
    RefusedRotations,
    /// The relay forgets a caucus for good.
    DeadCaucus,
    /// The relay refuses everything in one room for a while.
    RefusesAll,
    /// A convenor's place holds a MOVED that leads nowhere, and its relay is not reached for a while.
    PoisonedPlace,
    /// Answers are lost with their connections.
    LostAnswers,
    /// A seat is shown nothing new.
    KeptBack,
    /// Machines stop and go on.
    Crashes,
}

impl Attack {
    /// All of them.
    pub const ALL: [Attack; 23] = [
        Attack::CaucusRound,
        Attack::FloodCommits,
        Attack::FloodWords,
        Attack::VoidRotations,
        Attack::VoidCommits,
        Attack::Repeats,
        Attack::Fill,
        Attack::UsesUpRotations,
        Attack::FounderResets,
        Attack::WithheldRelease,
        Attack::ClockLeaps,
        Attack::ClockGoesBack,
        Attack::ClockSwings,
        Attack::FewAfterAMonth,
        Attack::RefusedRotations,
        Attack::DeadCaucus,
        Attack::RefusesAll,
        Attack::PoisonedPlace,
        Attack::LostAnswers,
        Attack::KeptBack,
        Attack::Crashes,
        Attack::ShutsAgain,
        Attack::ClosesShutPhases,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Attack::CaucusRound => "caucus-round",
            Attack::FloodCommits => "flood-commits",
            Attack::FloodWords => "flood-words",
            Attack::VoidRotations => "void-rotations",
            Attack::ShutsAgain => "shuts-again",
            Attack::ClosesShutPhases => "closes-shut-phases",
            Attack::VoidCommits => "void-commits",
            Attack::Repeats => "repeats",
            Attack::Fill => "fill",
            Attack::UsesUpRotations => "uses-up-rotations",
            Attack::FounderResets => "founder-resets",
            Attack::WithheldRelease => "withheld-release",
            Attack::ClockLeaps => "clock-leaps",
            Attack::ClockGoesBack => "clock-goes-back",
            Attack::ClockSwings => "clock-swings",
            Attack::FewAfterAMonth => "few-after-a-month",
            Attack::RefusedRotations => "refused-rotations",
            Attack::DeadCaucus => "dead-caucus",
            Attack::RefusesAll => "refuses-all",
            Attack::PoisonedPlace => "poisoned-place",
            Attack::LostAnswers => "lost-answers",
            Attack::KeptBack => "kept-back",
            Attack::Crashes => "crashes",
        }
    }

    /// Whether it is done by whoever founded a caucus.
    pub fn by_a_founder(self) -> bool {
        self == Attack::FounderResets
    }
}

/// An attack under way.
pub struct Live {
    /// Which.
    pub attack: Attack,
    /// In which room.
    place: Place,
    /// Which hostile seat.
    seat: usize,
    /// When it is done, where that matters: 0, 1 or 2.
    when: u64,
    /// An honest seat that it is about.
    victim: usize,
}

impl Live {
    /// Begins.
    pub fn begin(attack: Attack, house: &mut House) -> Live {
        let seat = house.hostile.first().copied().unwrap_or(1);
        let place = match house.draw.one_in(2) || attack.by_a_founder() {
            true => Place::Caucus,
            false => Place::Plenary,
        };
        let honest = house.honest();
        let at = usize::try_from(house.draw.below(honest.len() as u64)).unwrap_or(0);
        let live = Live {
            attack,
            place,
            seat,
            when: house.draw.below(3),
            victim: honest.get(at).copied().unwrap_or(0),
        };
        house.note(|| {
            let Live { when, victim, .. } = live;
            format!("{attack:?} in the {place:?} by {seat}, {when}, of {victim}")
        });
        live.set_up(house);
        live
    }

    fn set_up(&self, house: &mut House) {
        let Some(mailbox) = house.mailbox(self.seat, self.place) else {
            return;
        };
        match self.attack {
            Attack::FloodCommits => {
                let entries = 1 + self.when as u32;
                self.lurk(house, What::Rotations, Ambush::Rubbish(entries, 1024), 200);
            }
            Attack::FloodWords => {
                self.lurk(house, What::Appends, Ambush::Rubbish(1, 1024), 300);
            }
            Attack::ShutsAgain => self.lurk(house, What::Appends, Ambush::Rotates, 20_000),
            Attack::Fill => self.fill(house),
            Attack::FounderResets if self.when == 1 => {
                let rogue = house.rogue(self.seat, Place::Caucus);
                if let Some(founder) = rogue.and_then(|rogue| rogue.founder()) {
                    self.lurk(house, What::Rotations, Ambush::Reset(founder), 3);
                }
            }
            Attack::RefusedRotations => {
                let answer = [Refusal::Busy, Refusal::Quota, Refusal::DiskFull][self.when as usize];
                house.world.mood.refuses.push(Refusing {
                    mailbox: Some(mailbox),
                    what: What::Rotations,
                    answer,
                });
            }
            Attack::DeadCaucus => {
                if let Some(caucus) = house.mailbox(self.seat, Place::Caucus) {
                    house.world.mood.forgotten.insert(caucus);
                    drop_subscribers(house);
                }
            }
            Attack::RefusesAll => {
                let answer =
                    [Refusal::Busy, Refusal::Unauthorised, Refusal::DiskFull][self.when as usize];
                house.world.mood.refuses.push(Refusing {
                    mailbox: Some(mailbox),
                    what: What::Everything,
                    answer,
                });
            }
            Attack::LostAnswers => house.world.mood.loses_one_in = Some(3 + 2 * self.when),
            Attack::KeptBack => house.world.mood.kept_back = Some((mailbox, self.victim)),
            Attack::CaucusRound
            | Attack::VoidRotations
            | Attack::VoidCommits
            | Attack::Repeats
            | Attack::UsesUpRotations
            | Attack::FounderResets
            | Attack::WithheldRelease
            | Attack::ClockLeaps
            | Attack::ClockGoesBack
            | Attack::ClockSwings
            | Attack::FewAfterAMonth
            | Attack::ClosesShutPhases
            | Attack::PoisonedPlace
            | Attack::Crashes => {}
        }
    }

    /// What is done in every beat.
    pub fn beat(&self, house: &mut House) {
        let gone = !house.is_there(self.seat);
        match self.attack {
            Attack::CaucusRound if !gone => self.open_in_caucus(house),
            Attack::VoidRotations if !gone => self.rotate_away(house),
            Attack::ShutsAgain if !gone => house.talk_on(self.seat, self.place),
            Attack::ClosesShutPhases if !gone => house.close_shut_phase(self.seat),
            Attack::VoidCommits if !gone => self.commit_for_others(house),
            Attack::Repeats if !gone => self.repeat(house),
            Attack::Fill if !gone => self.fill(house),
            Attack::UsesUpRotations if !gone => self.use_up_rotations(house),
            Attack::FounderResets if !gone && self.when == 0 => self.reset(house),
            Attack::WithheldRelease if !gone => self.withhold(house),
            Attack::ClockLeaps => self.leap(house, 1),
            Attack::ClockGoesBack => self.leap(house, -1),
            Attack::ClockSwings => self.swing(house),
            Attack::FewAfterAMonth => few_after_a_month(house),
            Attack::PoisonedPlace => poison(house, self.when),
            Attack::Crashes => crash(house),
            Attack::CaucusRound
            | Attack::VoidRotations
            | Attack::ShutsAgain
            | Attack::ClosesShutPhases
            | Attack::VoidCommits
            | Attack::Repeats
            | Attack::Fill
            | Attack::UsesUpRotations
            | Attack::FounderResets
            | Attack::WithheldRelease
            | Attack::FloodCommits
            | Attack::FloodWords
            | Attack::RefusedRotations
            | Attack::DeadCaucus
            | Attack::RefusesAll
            | Attack::LostAnswers
            | Attack::KeptBack => {}
        }
    }

    /// The relay is as it should be again. What it has forgotten stays forgotten.
    pub fn end(&self, house: &mut House) {
        let forgotten = std::mem::take(&mut house.world.mood.forgotten);
        house.world.mood = crate::mood::Mood::default();
        house.world.mood.forgotten = forgotten;
        house.note(|| format!("{:?} ends", self.attack));
    }

    /// What a removed member still does.
    pub fn after_removal(&self, house: &mut House) {
        if self.attack == Attack::FounderResets && self.when > 0 {
            self.reset(house);
        }
    }

    fn lurk(&self, house: &mut House, what: What, ambush: Ambush, left: u32) {
        if let Some(mailbox) = house.mailbox(self.seat, self.place) {
            house.world.mood.lurks.push(Lurks {
                seat: self.seat,
                what,
                mailbox,
                ambush,
                left,
            });
        }
    }

    fn fill(&self, house: &mut House) {
        let Some((mailbox, token)) = house.subscription(self.seat, self.place) else {
            return;
        };
        let relay_time = house.world.mood.clock(house.world.now);
        for size in [1 << 20, 1 << 16, 1 << 12, 1 << 10] {
            for _ in 0..40 {
                let number = u32::try_from(house.draw.below(u64::from(u32::MAX))).unwrap_or(0);
                let op = Op::Append {
                    token: token.clone(),
                    bytes: rubbish(number, size),
                };
                if house.world.host.request(mailbox, op, relay_time).is_err() {
                    break;
                }
            }
        }
        house.world.run();
    }

    /// From one token of its own to the next, until the relay takes no more.
    fn use_up_rotations(&self, house: &mut House) {
        let Some((mailbox, mut token)) = house.subscription(self.seat, self.place) else {
            return;
        };
        let now = house.world.mood.clock(house.world.now);
        let mut made = 0;
        let refused = loop {
            let number = u32::try_from(house.draw.below(u64::from(u32::MAX))).unwrap_or(0);
            let next = Token::new(
                house
                    .draw
                    .below(u64::MAX)
                    .to_be_bytes()
                    .repeat(4)
                    .try_into()
                    .unwrap_or([1; 32]),
            );
            let op = Op::Rotate {
                token,
                bytes: rubbish(number, 1024),
                next: next.hash(),
                founder: None,
            };
            if let Err(refusal) = house.world.host.request(mailbox, op, now) {
                break refusal;
            }
            token = next;
            made += 1;
        };
        house.note(|| {
            format!(
                "seat {} makes {made} rotations, then {refused:?}",
                self.seat
            )
        });
        house.world.run();
    }

    fn reset(&self, house: &mut House) {
        let rogue = house.rogue(self.seat, Place::Caucus);
        let founder = rogue.and_then(|rogue| Some((rogue.mailbox(), rogue.founder()?)));
        let Some((mailbox, founder)) = founder else {
            return;
        };
        let token = Token::new([99; 32]).hash();
        let op = Op::Reset {
            founder,
            token,
            from: 0,
        };
        let now = house.world.mood.clock(house.world.now);
        let done = house.world.host.request(mailbox, op, now);
        house.note(|| format!("seat {} resets its caucus: {done:?}", self.seat));
        house.world.run();
    }

    fn rotate_away(&self, house: &mut House) {
        let Some((mailbox, token)) = house.subscription(self.seat, self.place) else {
            return;
        };
        let number = u32::try_from(house.draw.below(u64::from(u32::MAX))).unwrap_or(0);
        let next = Token::new([66; 32]).hash();
        let op = Op::Rotate {
            token,
            bytes: rubbish(number, 1024),
            next,
            founder: None,
        };
        let now = house.world.mood.clock(house.world.now);
        let done = house.world.host.request(mailbox, op, now);
        house.note(|| format!("seat {} rotates {:?} away: {done:?}", self.seat, self.place));
        house.world.run();
    }

    fn commit_for_others(&self, house: &mut House) {
        let (Some(mut rogue), Some((mailbox, token))) = (
            house.rogue(self.seat, self.place),
            house.subscription(self.seat, self.place),
        ) else {
            return;
        };
        let others = rogue.others();
        let at = usize::try_from(house.draw.below(others.len().max(1) as u64)).unwrap_or(0);
        let Some(leaf) = others.get(at) else { return };
        let follows = rogue.follows();
        let (content, derived) = rogue.commit(&[], &[*leaf], follows);
        let next = match house.draw.one_in(2) {
            true => derived,
            false => Token::new([67; 32]),
        };
        let mut rng = ChaCha20Rng::seed_from_u64(house.draw.below(u64::MAX));
        let op = Op::Rotate {
            token,
            bytes: rogue.seal(&content, 0, &mut rng),
            next: next.hash(),
            founder: None,
        };
        let now = house.world.mood.clock(house.world.now);
        let done = house.world.host.request(mailbox, op, now);
        house.note(|| format!("seat {} removes {leaf:?} by itself: {done:?}", self.seat));
        house.world.run();
    }

    /// What others said last, sealed again; and from now on also what they are about to say.
    fn repeat(&self, house: &mut House) {
        let (Some(rogue), Some((mailbox, token))) = (
            house.rogue(self.seat, self.place),
            house.subscription(self.seat, self.place),
        ) else {
            return;
        };
        let log = house.world.host.logs.get(&mailbox).cloned();
        let mut rng = ChaCha20Rng::seed_from_u64(house.draw.below(u64::MAX));
        let log = log.unwrap_or_default();
        let appended = log.iter().rev().filter(|one| one.kind == EntryKind::Append);
        let now = house.world.mood.clock(house.world.now);
        for entry in appended.take(6).filter(|one| rogue.reads(&one.bytes)) {
            let bytes = rogue.seal(&rogue.open(&entry.bytes), 0, &mut rng);
            let token = token.clone();
            let _refused = house
                .world
                .host
                .request(mailbox, Op::Append { token, bytes }, now);
        }
        house.world.mood.lurks.retain(|one| one.seat != self.seat);
        let copies = Ambush::Copies(Box::new((rogue, rng)));
        self.lurk(house, What::Appends, copies, 20);
        house.world.run();
    }

    fn open_in_caucus(&self, house: &mut House) {
        let open = house.room(self.seat, Place::Plenary);
        let open = open.and_then(|room| room.round).map(|round| round.round);
        let id = open.unwrap_or(RoundId([5; 16]));
        let state = house.world.seats[self.seat].core().state_of(Place::Caucus);
        let Some(membership) = state.map(|state| state.membership()) else {
            return;
        };
        let Ok(question) = Question::parse("And among us?") else {
            return;
        };
        let open = Open {
            id,
            question,
            kind: RoundKind::Statement(SlotSize::OneKib),
            audience: Audience::Room,
            floor: None,
            window_ms: 50,
            phase_ms: 3_000,
        };
        let words = Event::WordsConfirmed(WordsConfirmed { membership });
        let words = [words, Event::RoundOpened(open)].map(Words::Event);
        let now = house.world.now;
        house.world.seats[self.seat].utter(Place::Caucus, words.into(), now);
        house.world.run();
    }

    /// A Round comes to its last GO, and the seat is gone.
    fn withhold(&self, house: &mut House) {
        let writers = house.honest();
        let round = house.open_round(&writers);
        if round.is_none() {
            return;
        }
        house.pass(WINDOW_MS - 100);
        let seat = self.seat;
        let released = house.world.pass_until(20_000, |world| {
            let core = world.seats[seat].core();
            let phase = core.sequence().and_then(|(_, runs)| runs.phase());
            phase == Some(Phase::Releases)
        });
        let node = &mut house.world.seats[seat];
        node.offline = true;
        node.disconnect();
        house.note(|| format!("seat {seat} withholds its release: {released}"));
    }

    /// Four hours go by in the log, and everybody who listens has to know.
    fn swing(&self, house: &mut House) {
        const SWINGS: u32 = 25;
        const SWING_MS: u64 = 599_000;
        let seen = house.subscription(0, Place::Plenary);
        let Some((mailbox, token)) = seen else { return };
        let relay_time = house.world.mood.clock(house.world.now);
        for number in 0..2 * SWINGS {
            let early = SWING_MS * u64::from(number % 2 == 0);
            let drawn = u32::try_from(house.draw.below(u64::from(u32::MAX))).unwrap_or(0);
            let op = Op::Append {
                token: token.clone(),
                bytes: rubbish(drawn, 1024),
            };
            let time = relay_time.plus_ms(early);
            if house.world.host.request(mailbox, op, time).is_err() {
                return;
            }
        }
        house.world.run();
        let told = house.told_of_the_clock();
        let followed = house.followed(mailbox);
        let untold = followed.into_iter().filter(|seat| !told.contains(seat));
        house.untold.extend(untold);
        house.note(|| format!("the relay's clock swings {SWINGS} times: {told:?} know"));
    }

    fn leap(&self, house: &mut House, sign: i64) {
        const LEAPS_MS: [i64; 5] = [
            60_000,
            3_600_000,
            86_400_000,
            31 * 86_400_000,
            366 * 86_400_000,
        ];
        let at = usize::try_from(house.draw.below(LEAPS_MS.len() as u64 + 1)).unwrap_or(0);
        house.world.mood.leap_ms = LEAPS_MS.get(at).map_or(0, |leap| sign * leap);
        let leap = house.world.mood.leap_ms;
        house.ahead_ms = house
            .ahead_ms
            .max(leap.unsigned_abs() * u64::from(leap > 0));
        house.note(|| format!("the relay's clock is off by {leap} ms"));
    }
}

/// The relay lets five seats in and says that a month has passed.
fn few_after_a_month(house: &mut House) {
    if house
        .room(0, Place::Plenary)
        .is_none_or(|room| room.round.is_some())
    {
        return;
    }
    house.world.mood.leap_ms += 31 * 86_400_000;
    house.ahead_ms = house.ahead_ms.max(house.world.mood.leap_ms.unsigned_abs());
    let away: Vec<usize> = (6..=house.n).collect();
    for seat in &away {
        house.world.seats[*seat].offline = true;
        house.world.seats[*seat].disconnect();
    }
    let writers = house.honest();
    house.open_round(&writers);
    house.pass(2 * WINDOW_MS);
    for seat in away {
        house.world.seats[seat].offline = house.kept.iter().any(|kept| kept.seat == seat);
    }
    house.world.run();
}
