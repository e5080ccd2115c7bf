//! What a member reads in a room's log: entries of a relay that lies, and genuine entries of a
//! member gone bad, under its own keys.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use participant::{Input, Op};
use sim::Seat;
use tls_codec::{Serialize as _, VLByteSlice};
use wire::{Entry, EntryKind, MailboxId, Refusal, Timestamp, TokenHash};

use crate::dialogue::{
    CAUCUS, DIALOGUE, Moment, PLENARY, Vault, assert_vault_is_whole, entry, live_node, node,
};
use crate::script::Script;

/// Inputs of one script, at most.
const INPUTS: usize = 120;
/// Contents that seats post, to be changed: events and a Round's messages.
static CONTENTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(contents);

/// A relay shows seat 2 its log with changes, and the connection comes and goes.
pub fn room_log(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let (mailbox, log) = (DIALOGUE.plenary, &DIALOGUE.log);
    let mut seat = node(&DIALOGUE.seated.vaults[2]);
    let mut now = DIALOGUE.seated.now;
    for _ in 0..INPUTS {
        if script.is_spent() {
            break;
        }
        let next = seat.core().subscriptions()[0].from;
        let at = usize::try_from(next).expect("a short log");
        let genuine = log.get(at).or(log.last()).expect("not empty").clone();
        let input = match script.byte() % 12 {
            0..=5 => Input::Log {
                mailbox,
                entry: genuine,
            },
            6 | 7 => Input::Log {
                mailbox,
                entry: changed(genuine, &mut script),
            },
            8 => Input::Log {
                mailbox,
                entry: log[script.below(log.len())].clone(),
            },
            9 => connection(mailbox, &mut script),
            10 => {
                let result = [Ok(next), Err(Refusal::HeadMoved), Err(Refusal::Busy)];
                let id = u64::from(script.byte());
                let result = *script.choose(&result).expect("not empty");
                Input::Answer {
                    mailbox,
                    id,
                    result,
                }
            }
            _ => {
                now = now.plus_ms(u64::from(script.word()));
                Input::Woken
            }
        };
        seat.input(input, now);
        if script.one_in(16) {
            assert_vault_is_whole(&seat);
            seat.crash();
            seat.start();
        }
    }
    assert_vault_is_whole(&seat);
}

fn connection(mailbox: MailboxId, script: &mut Script) -> Input {
    match script.byte() % 4 {
        0 => Input::Connected { mailbox },
        1 => Input::CaughtUp { mailbox },
        2 => Input::Lost { mailbox },
        _ => Input::WrongKey { mailbox },
    }
}

/// One part of an entry is another one.
fn changed(mut entry: Entry, script: &mut Script) -> Entry {
    let hash = [script.byte(); 32];
    match script.byte() % 5 {
        0 => entry.index = entry.index.wrapping_add(u64::from(script.byte())),
        1 => entry.time = Timestamp::from_ms(u64::from(script.word())),
        2 => {
            let kinds = [
                EntryKind::Append,
                EntryKind::Rotate {
                    next: TokenHash::new(hash),
                },
                EntryKind::Reset {
                    token: TokenHash::new(hash),
                    from: u64::from(script.byte()),
                },
            ];
            entry.kind = *script.choose(&kinds).expect("not empty");
        }
        _ => script.spoil(&mut entry.bytes),
    }
    entry
}

/// Seat 1 says what no program says, under its own keys; seat 3 and the convenor read it.
pub fn member_posts(bytes: &[u8]) {
    let mut script = Script::new(bytes);
    let moment = if script.one_in(2) {
        &DIALOGUE.seated
    } else {
        &DIALOGUE.running
    };
    let area = if script.one_in(4) { CAUCUS } else { PLENARY };
    let mut liar = moment.vaults[1].clone();
    for number in 0..1 + u64::from(script.byte() % 4) {
        let content = content(&mut script);
        put_in_outbox(&mut liar, area, number, &content);
    }
    let liar = live_node(&liar, moment.now);
    let said = |mailbox: MailboxId| {
        let frames = liar
            .outgoing
            .iter()
            .filter(move |frame| frame.mailbox == mailbox);
        frames.filter_map(|frame| match &frame.op {
            Op::Append { bytes, .. } => Some(bytes.clone()),
            Op::Create { .. } | Op::Rotate { .. } | Op::Reset { .. } => None,
        })
    };
    let mut readers = [3, 0].map(|seat: usize| live_node(&moment.vaults[seat], moment.now));
    for reader in &mut readers {
        for (mailbox, from) in logs(reader) {
            for (bytes, index) in said(mailbox).zip(from..) {
                let entry = entry(index, moment.now, bytes);
                reader.input(Input::Log { mailbox, entry }, moment.now);
            }
        }
        reader.input(Input::Woken, moment.now.plus_ms(10_000));
        assert_vault_is_whole(reader);
    }
    let [one, other] = readers.each_ref().map(|reader| {
        let plenary = reader.core().view().plenary.expect("seated");
        (plenary.digest, plenary.entries, plenary.void_entries)
    });
    assert_eq!(one.0, other.0, "readers of one log hold different states");
    assert_eq!(one.1, other.1);
}

fn logs(seat: &Seat) -> Vec<(MailboxId, u64)> {
    let subscriptions = seat.core().subscriptions().into_iter();
    subscriptions
        .filter(|s| s.mailbox == DIALOGUE.plenary || s.mailbox == DIALOGUE.caucus)
        .map(|s| (s.mailbox, s.from))
        .collect()
}

/// A genuine content, changed, or any other.
fn content(script: &mut Script) -> Vec<u8> {
    if script.one_in(5) {
        let kind = 1 + script.byte() % 2;
        let round = if kind == 1 { [0; 16] } else { DIALOGUE.round.0 };
        return [[kind].as_slice(), &round, script.bytes(300)].concat();
    }
    let mut content = script.choose(&CONTENTS).expect("not empty").clone();
    let mut inner = content.split_off(17);
    script.spoil_often(&mut inner);
    content.extend(inner);
    content
}

/// The row of something that waits to be said: not withdrawn, content, not sealed yet.
fn put_in_outbox(vault: &mut Vault, area: u16, number: u64, content: &[u8]) {
    let key = [b"out/".as_slice(), &(1 << 40 | number).to_be_bytes()].concat();
    let content = VLByteSlice(content).tls_serialize_detached();
    let row = [[0].as_slice(), &content.expect("short"), &[0]].concat();
    vault.entry(area).or_default().insert(key, row);
}

fn contents() -> Vec<Vec<u8>> {
    let event = |event: Vec<u8>| [[1].as_slice(), &[0; 16], &event].concat();
    let events = crate::room_events::events().into_iter().map(event);
    let message = |message: Vec<u8>| [[2].as_slice(), &DIALOGUE.round.0, &message].concat();
    let said = run_messages(&DIALOGUE.running);
    let others = crate::round_bytes::messages();
    let messages = said.into_iter().chain(others).map(message);
    messages.chain(events).collect()
}

/// The messages of the run under way, as seat 3 has stored them.
fn run_messages(moment: &Moment) -> Vec<Vec<u8>> {
    let rows: &BTreeMap<_, _> = &moment.vaults[3][&PLENARY];
    let stored = rows.iter().filter(|(key, _)| key.starts_with(b"run/"));
    // Sender, time and head, then the message's length in two bytes.
    const BEFORE: usize = 1 + 4 + 8 + 32 + 2;
    stored.map(|(_, row)| row[BEFORE..].to_vec()).collect()
}

/// As it was said; with all kinds of inputs; and with many changes.
pub fn scripts() -> Vec<Vec<u8>> {
    let mixed = (0..240u8).map(|n| n.wrapping_mul(83) ^ (n >> 1));
    vec![
        vec![0; 80],
        mixed.collect(),
        vec![6, 4, 1, 1, 9, 1, 0, 0, 6, 3, 2, 5, 0, 0],
    ]
}

/// One content after another.
pub fn post_scripts() -> Vec<Vec<u8>> {
    let count = u8::try_from(CONTENTS.len()).unwrap_or(u8::MAX);
    let one = |at: u8| vec![at % 2, 0, 0, 0, at, 1, 0, 20, at];
    (0..count).map(one).collect()
}
