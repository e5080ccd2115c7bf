//! Logs: what every reader finds, entry by entry, without a secret.

use round::{
    Cause, Collection, Entry, Fault, Folded, Member, Message, OpenedSlot, RunEnd, Sequence, Terms,
    Time, Verdict, Void,
};
use serde_json::{Value, json};

use super::files::{File, array, bytes, file, folder, hex, number};

/// What START froze for a sequence.
fn terms(terms: &Value) -> Terms {
    let member = |m: &Value| Member {
        leaf: number(&m["leaf"]),
        signature_key: bytes(&m["signature_key"]),
    };
    Terms {
        ctx0: array(&terms["ctx0"]),
        side: terms["side"]
            .as_u64()
            .map(|side| u16::try_from(side).unwrap()),
        lanes: number(&terms["lanes"]),
        slot_bytes: number(&terms["slot_bytes"]),
        phase_ms: number(&terms["phase_ms"]),
        opening: list(&terms["opening"]).iter().map(member).collect(),
        floor: number(&terms["floor"]),
    }
}

/// The sequences of a file, at START.
pub fn begin(content: &Value) -> Collection {
    let at = Time {
        time_ms: number(&content["start"]["time_ms"]),
        head: array(&content["start"]["head"]),
    };
    Collection::begin(list(&content["terms"]).iter().map(terms).collect(), at).unwrap()
}

pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// The place and the message of an entry.
pub fn entry(value: &Value) -> (Entry, Message) {
    let place = Entry {
        from: value["from"]
            .as_u64()
            .map(|leaf| u32::try_from(leaf).unwrap()),
        time_ms: number(&value["time_ms"]),
        head: array(&value["head"]),
    };
    (place, Message::decode(&bytes(&value["message"])).unwrap())
}

/// Whether an entry shuts the log or opens it again: then it is folded here.
pub fn is_of_the_log(fold: &mut Collection, value: &Value) -> bool {
    let (shuts, opens) = (value["shut"] == true, value["reopened"] == true);
    if shuts {
        fold.shut();
    }
    if opens {
        fold.reopened(number(&value["time_ms"]));
    }
    shuts || opens
}

/// What an entry did, as the files say it.
pub fn shown(folded: &Folded) -> [Value; 3] {
    let gate = match folded.gate_opened {
        true => json!(true),
        false => Value::Null,
    };
    [json!(folded.sequence), verdict(&folded.verdict), gate]
}

fn verdict(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Void(why) => json!({ "void": void(*why) }),
        Verdict::Counted => json!("counted"),
        Verdict::SenderAbsent(why) => json!({ "sender_absent": cause(*why) }),
        Verdict::PhaseDone(phase) => json!({ "phase_begun": *phase as u8 }),
        Verdict::RunEnded(end) => json!({ "run_ended": run_end(end) }),
        Verdict::BelowFloor(end) => json!({ "below_floor": run_end(end) }),
        Verdict::Disturbed(d) => {
            let evidence = hex(&d.evidence);
            json!({ "disturbed": { "by": d.by, "phase": d.phase as u8, "evidence": evidence } })
        }
        Verdict::AllGo => json!("all_go"),
        Verdict::Opened(opened) => {
            let lanes = opened.payloads.iter();
            let lanes: Vec<Vec<Value>> =
                lanes.map(|lane| lane.iter().map(slot).collect()).collect();
            json!({ "opened": { "run": opened.run, "roster": opened.roster, "lanes": lanes } })
        }
        Verdict::GaveUp(given) => {
            json!({ "gave_up": { "run": given.run, "awaited": given.awaited } })
        }
    }
}

fn slot(slot: &OpenedSlot) -> Value {
    match slot {
        OpenedSlot::Void => json!({ "void": true }),
        OpenedSlot::Blank => json!({ "blank": true }),
        OpenedSlot::Text { text, salt } => json!({ "text": text, "salt": hex(salt) }),
    }
}

fn run_end(end: &RunEnd) -> Value {
    let named = |(leaf, why): &(u32, Cause)| json!({ "leaf": leaf, "cause": cause(*why) });
    let out: Vec<Value> = end.out.iter().map(named).collect();
    json!({ "run": end.run, "phase": end.phase as u8, "out": out })
}

fn void(why: Void) -> &'static str {
    match why {
        Void::NotInRoster => "not_in_roster",
        Void::EndedRun => "ended_run",
        Void::Decided => "decided",
        Void::Spoken => "spoken",
        Void::Absent => "absent",
        Void::Early => "early",
        Void::WrongShare => "wrong_share",
    }
}

fn cause(why: Cause) -> &'static str {
    match why {
        Cause::HistoriesDiffer => "histories_differ",
        Cause::Malformed => "malformed",
        Cause::CopiedShare => "copied_share",
        Cause::SharedTag => "shared_tag",
        Cause::Silent => "silent",
        Cause::Left => "left",
        Cause::Disruptor(Fault::Key) => "key",
        Cause::Disruptor(Fault::Ciphertext) => "ciphertext",
        Cause::Disruptor(Fault::Sums) => "sums",
        Cause::Disruptor(Fault::Vector) => "vector",
        Cause::Disruptor(Fault::FalseNogo) => "false_nogo",
    }
}

fn after(sequence: &Sequence) -> Value {
    json!({
        "run": sequence.run_number(),
        "phase": sequence.phase().map_or(0, |phase| phase as u8),
        "ctx_r": hex(&sequence.ctx_r()),
        "roster": sequence.roster(),
        "awaited": sequence.awaited(),
    })
}

/// Reads a log, and says whether it means what the file says.
pub fn read(fold: &mut Collection, entries: &[Value], path: &str) {
    for (at, value) in entries.iter().enumerate() {
        if is_of_the_log(fold, value) {
            continue;
        }
        let (place, message) = entry(value);
        let expected =
            [&value["sequence"], &value["verdict"], &value["gate_opened"]].map(Clone::clone);
        assert_eq!(
            shown(&fold.apply(place, message)),
            expected,
            "{path}, entry {at}"
        );
    }
}

pub fn ends(fold: &Collection, content: &Value, path: &str) {
    let found: Vec<Value> = fold.sequences().iter().map(after).collect();
    assert_eq!(found, list(&content["after"]), "{path}");
}

#[test]
fn terms_are_played_or_refused_as_known() {
    let mut refused = 0;
    for File { path, content } in folder("terms") {
        let playable = terms(&content["terms"]).check().is_ok();
        assert_eq!(playable, content["can_be_played"] == true, "{path}");
        refused += usize::from(!playable);
    }
    assert_eq!((refused, folder("terms").len()), (12, 17));
}

#[test]
fn every_log_is_read_as_it_says() {
    for File { path, content } in folder("run").into_iter().chain(folder("blame")) {
        let mut fold = begin(&content);
        read(&mut fold, list(&content["log"]), &path);
        ends(&fold, &content, &path);
    }
}

#[test]
fn one_entry_more_means_what_its_file_says() {
    for File { path, content } in folder("check") {
        let base = file(content["log_of"].as_str().unwrap()).content;
        let mut fold = begin(&base);
        let entries: usize = number(&content["entries"]);
        read(&mut fold, &list(&base["log"])[..entries], &path);
        read(&mut fold, list(&content["log"]), &path);
        ends(&fold, &content, &path);
    }
}

#[test]
fn ballots_are_counted_as_their_file_says() {
    use round::Ballot;
    let content = file("run/ballots.json").content;
    let mut fold = begin(&content);
    let mut last = None;
    for value in list(&content["log"]) {
        let (place, message) = entry(value);
        last = Some(fold.apply(place, message).verdict);
    }
    let Some(Verdict::Opened(opened)) = last else {
        panic!()
    };
    for (lane, expected) in opened.payloads.iter().zip(list(&content["tallies"])) {
        let count = |ballot| {
            lane.iter()
                .filter(|slot| Ballot::read(slot) == ballot)
                .count()
        };
        let tally = json!({
            "agree": count(Some(Ballot::Agree)), "disagree": count(Some(Ballot::Disagree)),
            "pass": count(Some(Ballot::Pass)), "unanswered": count(Some(Ballot::Unanswered)),
            "void": count(None),
        });
        assert_eq!(tally, *expected);
    }
}
