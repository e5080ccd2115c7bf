//! What a member reads in a room's log: entries of a relay that lies, and genuine entries of a
//! member gone bad, under its own keys.

use std::sync::LazyLock;

use participant::{Input, Place};
use sim::Seat;
use wire::{Entry, EntryKind, MailboxId, Refusal, Timestamp, TokenHash};

use crate::dialogue::{DIALOGUE, Moment, assert_vault_is_whole, entry, live_node, node};
use crate::script::{Script, TestRng, with_length};

/// Inputs of one script, at most.
const INPUTS: usize = 120;
/// What seats post, to be changed: kind, Round, and an event or a Round's message.
static BODIES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let event = |event: Vec<u8>| [[1].as_slice(), &[0; 16], &event].concat();
    let message = |message: &Vec<u8>| [[2].as_slice(), &DIALOGUE.round.0, message].concat();
    let others = crate::round_bytes::messages();
    let messages = DIALOGUE.said.iter().chain(&others).map(message);
    let events = crate::room_events::events().into_iter().map(event);
    messages.chain(events).collect()
});

/// A relay shows seat 2 its log with changes, and the connection comes and goes.
pub fn room_log(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let mut seat = node(&DIALOGUE.seated.vaults[2]);
    let mut now = DIALOGUE.seated.now;
    for _ in 0..INPUTS {
        if script.is_spent() {
            break;
        }
        let input = input(&seat, &mut script);
        if let Input::Woken = input {
            now = now.plus_ms(u64::from(script.word()));
        }
        seat.input(input, now);
        if script.one_in(16) {
            assert_vault_is_whole(&seat);
            seat.crash();
            seat.start();
        }
    }
    assert_vault_is_whole(&seat);
}

/// What happens next: as a rule, the next entry of the log.
fn input(seat: &Seat, script: &mut Script) -> Input {
    let (mailbox, log) = (DIALOGUE.plenary, &DIALOGUE.log);
    let next = next_of(seat, mailbox);
    let at = usize::try_from(next).expect("a short log");
    let genuine = log.get(at).or(log.last()).expect("not empty").clone();
    match script.byte() % 12 {
        0..=5 => Input::Log {
            mailbox,
            entry: genuine,
        },
        6 | 7 => Input::Log {
            mailbox,
            entry: changed(genuine, script),
        },
        8 => Input::Log {
            mailbox,
            entry: script.choose(log).expect("not empty").clone(),
        },
        9 => connection(mailbox, script),
        10 => {
            let results = [Ok(next), Err(Refusal::Unauthorised), Err(Refusal::Busy)];
            let id = u64::from(script.byte());
            let result = *script.choose(&results).expect("not empty");
            Input::Answer {
                mailbox,
                id,
                result,
            }
        }
        _ => Input::Woken,
    }
}

fn next_of(seat: &Seat, mailbox: MailboxId) -> u64 {
    let subscriptions = seat.core().subscriptions();
    let followed = subscriptions.iter().find(|s| s.mailbox == mailbox);
    followed.map_or(0, |followed| followed.from)
}

fn connection(mailbox: MailboxId, script: &mut Script) -> Input {
    match script.byte() % 5 {
        0 => Input::Connected { mailbox },
        1 => Input::CaughtUp { mailbox },
        2 => Input::Lost { mailbox },
        3 => Input::Refused { mailbox },
        _ => Input::WrongKey { mailbox },
    }
}

/// One part of an entry is another one.
fn changed(mut entry: Entry, script: &mut Script) -> Entry {
    let hash = TokenHash::new([script.byte(); 32]);
    match script.byte() % 5 {
        0 => entry.index = entry.index.wrapping_add(u64::from(script.byte())),
        1 => entry.time = Timestamp::from_ms(u64::from(script.word())),
        2 => {
            let kinds = [
                EntryKind::Append,
                EntryKind::Rotate { next: hash },
                EntryKind::Reset {
                    token: hash,
                    from: u64::from(script.byte()),
                },
            ];
            entry.kind = *script.choose(&kinds).expect("not empty");
        }
        _ => script.spoil(&mut entry.bytes),
    }
    entry
}

/// Seat 1 says what no program says, under its own keys; seat 3 and, in the plenary, the convenor
/// read it.
pub fn member_posts(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let moment = if script.one_in(2) {
        &DIALOGUE.running
    } else {
        &DIALOGUE.seated
    };
    let place = if script.one_in(4) {
        Place::Caucus
    } else {
        Place::Plenary
    };
    let said = posts(moment, place, &mut script);
    let seats: &[usize] = match place {
        Place::Plenary => &[3, 0],
        Place::Caucus => &[3, 5],
    };
    let rooms = seats.iter().map(|seat| {
        let reader = read(moment, *seat, place, &said);
        let view = reader.core().view();
        let room = match place {
            Place::Plenary => view.plenary,
            Place::Caucus => view.caucus,
        };
        room.map(|room| (room.digest, room.entries))
    });
    let rooms: Vec<_> = rooms.collect();
    assert_eq!(rooms[0], rooms[1], "readers of one log differ");
}

/// Somebody reads these entries, waits a while, and begins again.
fn read(moment: &Moment, seat: usize, place: Place, said: &[Vec<u8>]) -> Seat {
    let mut reader = live_node(&moment.vaults[seat], moment.now);
    let mailbox = mailbox_of(&reader, place);
    for (bytes, index) in said.iter().zip(next_of(&reader, mailbox)..) {
        let entry = entry(index, moment.now, bytes.clone());
        reader.input(Input::Log { mailbox, entry }, moment.now);
    }
    reader.input(Input::Woken, moment.now.plus_ms(10_000));
    assert_vault_is_whole(&reader);
    reader
}

/// The plenary's log is followed first, the caucus' second.
fn mailbox_of(seat: &Seat, place: Place) -> MailboxId {
    let mailboxes = seat.core().subscriptions().into_iter();
    let mut mailboxes = mailboxes.map(|followed| followed.mailbox);
    let other = |mailbox: &MailboxId| *mailbox != DIALOGUE.plenary;
    match place {
        Place::Plenary => DIALOGUE.plenary,
        Place::Caucus => mailboxes.find(other).expect("a seat of a side"),
    }
}

/// Entries of seat 1.
fn posts(moment: &Moment, place: Place, script: &mut Script) -> Vec<Vec<u8>> {
    let mut liar = node(&moment.vaults[1]);
    let view = liar.core().view();
    let room = match place {
        Place::Plenary => view.plenary,
        Place::Caucus => view.caucus,
    };
    let room = room.expect("seat 1 is in both rooms");
    let seen = [
        room.entries.to_be_bytes().as_slice(),
        &[7; 32],
        &room.digest.0,
    ]
    .concat();
    let mut said = Vec::new();
    for ahead in 0..1 + u32::from(script.byte() % 4) {
        let plaintext = plaintext(&seen, script);
        let core = liar.participant.as_mut().expect("it is on");
        let content = core.any_message(place, ahead, &plaintext);
        let mut content = content.expect("it encrypts").expect("it is seated");
        if script.one_in(6) {
            script.spoil(&mut content);
        }
        let [seal, _] = core.seals(place).expect("it is seated");
        let entry = seal.seal(&content, &mut TestRng(u64::from(ahead)));
        said.push(entry.expect("inputs are far below the largest bucket"));
    }
    said
}

/// A genuine post, changed, or any other bytes.
fn plaintext(seen: &[u8], script: &mut Script) -> Vec<u8> {
    if script.one_in(6) {
        return script.bytes(300).to_vec();
    }
    let body = script.choose(&BODIES).expect("not empty");
    let (place, inner) = body.split_at(17);
    let mut inner = inner.to_vec();
    script.spoil_often(&mut inner);
    let mut plaintext = [&[1], seen, place, &with_length(&inner)].concat();
    if script.one_in(6) {
        script.spoil(&mut plaintext);
    }
    plaintext
}

/// As it was said; with all kinds of inputs; and with many changes.
pub fn scripts() -> Vec<Vec<u8>> {
    let mixed = (0..240u8).map(|n| n.wrapping_mul(83) ^ (n >> 1));
    vec![
        vec![0; 120],
        mixed.collect(),
        vec![6, 4, 1, 1, 9, 1, 0, 0, 6, 3, 2, 5, 0, 0],
    ]
}

/// One body after another.
pub fn post_scripts() -> Vec<Vec<u8>> {
    let bodies = u8::try_from(BODIES.len()).unwrap_or(u8::MAX);
    let one = |at: u8| vec![at % 2, at % 4, 0, 0, at, 0, 0, 0];
    (0..bodies).map(one).collect()
}
