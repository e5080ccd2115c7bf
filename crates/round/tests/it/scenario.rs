//! The run of three members that the known answers describe: every random byte in it is listed.

use rand_core::{TryCryptoRng, TryRng};
use round::{
    Contributor, Entry, Member, Message, OpenedSlot, Payload, Said, Sequence, Terms, Time,
};
use round::{Start, Verdict, ctx0};
use serde_json::{Value, json};
use std::convert::Infallible;

/// Deals known bytes and notes each draw.
struct NotedRng {
    next: u8,
    drawn: Vec<String>,
}

impl TryRng for NotedRng {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0)
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out.iter_mut() {
            self.next = self.next.wrapping_mul(5).wrapping_add(1);
            *byte = self.next;
        }
        self.drawn.push(hex(out));
        Ok(())
    }
}

impl TryCryptoRng for NotedRng {}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const TEXTS: [&str; 3] = [
    "We could begin with the water.",
    "",
    "Nobody asked my village - ask it.",
];

fn start() -> Start {
    Start {
        group: b"a group".to_vec(),
        epoch: 7,
        authenticator: vec![0xA7; 32],
        round: vec![0x20; 16],
        open: [0x0F; 32],
        index: 41,
        head: [0x41; 32],
        suite: 0x004D,
    }
}

fn terms() -> Terms {
    let member = |leaf: u32| Member {
        leaf,
        signature_key: vec![leaf as u8 + 1; 32],
    };
    Terms {
        ctx0: ctx0(&start()),
        side: Some(1),
        lanes: 1,
        slot_bytes: 1024,
        phase_ms: 3000,
        opening: [0, 2, 5].map(member).to_vec(),
        floor: 3,
    }
}

/// Plays the run and writes down everything that a second implementation must find as well.
pub fn play() -> Value {
    let terms = terms();
    let at = Time {
        time_ms: 1_000,
        head: start().head,
    };
    let mut fold = Sequence::begin(terms.clone(), at).unwrap();
    let ctx_r = hex(&fold.ctx_r());
    let mut seats: Vec<(u32, Contributor, NotedRng, &str)> = Vec::new();
    let mut outbox: Vec<(u32, Message)> = Vec::new();
    for (member, text) in terms.opening.iter().zip(TEXTS) {
        let mut rng = NotedRng {
            next: member.leaf as u8,
            drawn: Vec::new(),
        };
        let (seat, join) = Contributor::join(&fold, member.leaf, &mut rng).unwrap();
        seats.push((member.leaf, seat, rng, text));
        outbox.push((member.leaf, join));
    }
    let mut log = Vec::new();
    let mut opened = Value::Null;
    while !outbox.is_empty() {
        let (from, message) = outbox.remove(0);
        let time_ms = 1_001 + log.len() as u64;
        let head = [log.len() as u8 + 1; 32];
        log.push(json!({
            "from": from, "time_ms": time_ms, "head": hex(&head), "message": hex(&message.encode()),
        }));
        let entry = Entry {
            from: Some(from),
            time_ms,
            head,
        };
        if let Verdict::Opened(result) = fold.apply(entry, &message) {
            opened = result.payloads[0].iter().map(slot).collect();
        }
        for (leaf, seat, rng, text) in &mut seats {
            let mut payloads = || vec![Payload::text(text, 1024).unwrap()];
            match seat.next(&fold, &mut payloads, rng) {
                Some(Said::Message(message) | Said::Reveal(message)) => {
                    outbox.push((*leaf, message));
                }
                Some(Said::Release(share)) => outbox.push((*leaf, share.message())),
                None => {}
            }
        }
    }
    let members: Vec<Value> = seats.iter().zip(&terms.opening).map(|((leaf, _, rng, text), m)| json!({
        "leaf": leaf, "signature_key": hex(&m.signature_key), "text": text,
        "root": rng.drawn[0], "x_wide": rng.drawn[1], "pop_wide": rng.drawn[2], "e_wide": rng.drawn[3],
    })).collect();
    let start = start();
    json!({
        "start": {
            "group": hex(&start.group), "epoch": start.epoch,
            "authenticator": hex(&start.authenticator), "round": hex(&start.round),
            "open": hex(&start.open), "index": start.index, "head": hex(&start.head),
            "suite": start.suite, "time_ms": 1_000,
        },
        "terms": { "side": 1, "lanes": 1, "slot_bytes": 1024, "phase_ms": 3000, "floor": 3 },
        "ctx0": hex(&terms.ctx0),
        "ctx_r": ctx_r,
        "members": members,
        "log": log,
        "opened": opened,
    })
}

fn slot(slot: &OpenedSlot) -> Value {
    match slot {
        OpenedSlot::Void => json!({ "void": true }),
        OpenedSlot::Blank => json!({ "blank": true }),
        OpenedSlot::Text { text, salt } => json!({ "text": text, "salt": hex(salt) }),
    }
}
