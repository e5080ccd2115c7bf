//! A node as a process: one JSON command a line on stdin, JSON lines on stdout. Tests kill it.
//! `scripted VAULT PASSPHRASE [--end-at before-persist:17]`, or the line `{"do":"end","at":"before-persist:17"}`:
//! the process ends by SIGKILL at that checkpoint, counted from there on.

use std::{
    error::Error,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use data_encoding::HEXLOWER;
use node::{Checkpoint, Checkpoints, Node, NodeConfig, vault::Passphrase};
use participant::{
    Command, Notice, Place,
    view::{Opening, RoomView, RoundPhase, RoundView, View},
};
use room::SeatId;
use rustix::process::{Signal, getpid, kill_process};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    mpsc,
};
use wire::Timestamp;

/// A line of stdin. The Round is always the one that is open.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Line {
    Convene {
        title: String,
        sides: Vec<String>,
        name: String,
        relay: String,
        creation: String,
    },
    Invite {
        side: u16,
    },
    Join {
        invitation: String,
        name: String,
    },
    Approve {
        request: String,
    },
    Vouch {
        request: String,
        words: String,
    },
    ConfirmWords,
    TakeSeat,
    Say {
        place: String,
        text: String,
    },
    OpenRound {
        question: String,
        slot_bytes: u32,
        window_ms: u64,
        phase_ms: u64,
        floor: Option<u16>,
    },
    EndWindow,
    Write {
        text: String,
        minimum: Option<u16>,
    },
    GiveUp,
    Remove {
        seat: u32,
    },
    End {
        at: String,
    },
    View,
    Stop,
}

/// The checkpoint at which the process ends, and how often it is passed before.
type End = Arc<Mutex<Option<(Checkpoint, u64)>>>;

type Fault = Box<dyn Error>;

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (vault, passphrase, end_at) = match arguments.as_slice() {
        [vault, passphrase] => (vault, passphrase, End::default()),
        [vault, passphrase, flag, end] if flag == "--end-at" => (
            vault,
            passphrase,
            End::new(Mutex::new(Some(parse_end(end)?))),
        ),
        _ => return Err("usage: scripted VAULT PASSPHRASE [--end-at CHECKPOINT:COUNT]".into()),
    };
    let config = NodeConfig::new(vault.into(), Passphrase::new(passphrase)?);
    let node = Node::start(NodeConfig {
        checkpoint: checkpoints(end_at.clone()),
        ..config
    })
    .await?;
    tell(json!({ "ready": { "url": node.launch_url()? } }))?;
    tokio::spawn(notices(node.notices()));
    obey(&node, &end_at).await?;
    node.stop().await;
    tell(json!("stopped"))
}

async fn obey(node: &Node, end_at: &End) -> Result<(), Fault> {
    let mut lines = lines();
    let mut number = 0_u64;
    while let Some(line) = lines.recv().await {
        number += 1;
        let line: Line = serde_json::from_str(&line)?;
        if matches!(line, Line::Stop) {
            break;
        }
        if let Line::End { at } = &line {
            *end_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(parse_end(at)?);
            tell(json!({ "done": number }))?;
            continue;
        }
        if matches!(line, Line::View) {
            tell(view(&node.view()))?;
            continue;
        }
        let done = match command(line, &node.view()) {
            Ok(command) => node
                .command(command)
                .await
                .map_err(|why| format!("{why:?}")),
            Err(why) => Err(why.to_string()),
        };
        match done {
            Ok(()) => tell(json!({ "done": number }))?,
            Err(why) => tell(json!({ "refused": { "line": number, "why": why } }))?,
        }
    }
    Ok(())
}

/// Standard input blocks: a thread reads it.
fn lines() -> mpsc::Receiver<String> {
    let (send, lines) = mpsc::channel(64);
    std::thread::spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            if send.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

fn command(line: Line, view: &View) -> Result<Command, Fault> {
    let round = || {
        let round = view.plenary.as_ref().and_then(|room| room.round.as_ref());
        round.map(|round| round.round).ok_or("no Round is open")
    };
    Ok(match line {
        Line::Convene {
            title,
            sides,
            name,
            relay,
            creation,
        } => Command::Convene {
            title,
            sides,
            name,
            relay: relay.parse()?,
            creation: creation.parse()?,
        },
        Line::Invite { side } => Command::Invite {
            side,
            expires: Timestamp::from_ms(u64::MAX / 2),
        },
        Line::Join { invitation, name } => Command::Join { invitation, name },
        Line::Approve { request } => Command::Approve {
            request: bytes(&request)?,
        },
        Line::Vouch { request, words } => Command::Vouch {
            request: bytes(&request)?,
            words,
        },
        Line::ConfirmWords => {
            let room = view.plenary.as_ref().ok_or("not in a dialogue")?;
            let membership = room.membership;
            Command::ConfirmWords { membership }
        }
        Line::TakeSeat => Command::TakeSeat,
        Line::Say { place, text } => Command::Say {
            place: parse_place(&place)?,
            text,
        },
        Line::OpenRound {
            question,
            slot_bytes,
            window_ms,
            phase_ms,
            floor,
        } => Command::OpenRound {
            question,
            slot_bytes,
            window_ms,
            phase_ms,
            floor,
        },
        Line::EndWindow => Command::EndWindow { round: round()? },
        Line::Write { text, minimum } => Command::Write {
            round: round()?,
            text,
            minimum,
        },
        Line::GiveUp => Command::GiveUp { round: round()? },
        Line::Remove { seat } => Command::Remove {
            seat: room::SeatId(seat),
        },
        Line::End { .. } | Line::View | Line::Stop => return Err("not a command".into()),
    })
}

fn bytes(hex: &str) -> Result<[u8; 32], Fault> {
    let bytes = HEXLOWER.decode(hex.as_bytes())?;
    bytes
        .try_into()
        .map_err(|_| "a request has 64 hexadecimal digits".into())
}

fn parse_place(place: &str) -> Result<Place, Fault> {
    match place {
        "plenary" => Ok(Place::Plenary),
        "caucus" => Ok(Place::Caucus),
        other => Err(format!("there is no room {other}").into()),
    }
}

fn parse_end(end: &str) -> Result<(Checkpoint, u64), Fault> {
    let (checkpoint, count) = end.split_once(':').ok_or("CHECKPOINT:COUNT")?;
    let checkpoint = match checkpoint {
        "before-persist" => Checkpoint::BeforePersist,
        "after-persist" => Checkpoint::AfterPersist,
        "after-send" => Checkpoint::AfterSend,
        other => return Err(format!("there is no checkpoint {other}").into()),
    };
    Ok((checkpoint, count.parse()?))
}

/// Ends the process the hard way at the wanted checkpoint.
fn checkpoints(end: End) -> Checkpoints {
    Arc::new(move |at| {
        let mut end = end.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((checkpoint, left)) = end.as_mut() else {
            return;
        };
        if at != *checkpoint {
            return;
        }
        *left = left.saturating_sub(1);
        if *left == 0 {
            // What is left to do if even this fails is to go on.
            let _ = kill_process(getpid(), Signal::KILL);
        }
    })
}

async fn notices(mut heard: broadcast::Receiver<Notice>) {
    loop {
        let told = match heard.recv().await {
            Ok(notice) => tell(json!({ "notice": self::notice(notice) })),
            Err(RecvError::Lagged(missed)) => tell(json!({ "missed": missed })),
            Err(RecvError::Closed) => return,
        };
        if told.is_err() {
            return;
        }
    }
}

fn notice(notice: Notice) -> Value {
    let hex = |bytes: &[u8]| HEXLOWER.encode(bytes);
    match notice {
        Notice::Invited { text, side } => json!({ "invited": { "text": text, "side": side } }),
        Notice::Asked {
            request,
            name,
            side,
        } => {
            json!({ "asked": { "request": hex(&request), "name": name, "side": side } })
        }
        Notice::Approved {
            request,
            name,
            side,
        } => {
            json!({ "approved": { "request": hex(&request), "name": name, "side": side } })
        }
        Notice::Joined(place) => json!({ "joined": named(place) }),
        Notice::Declined(why) => json!({ "declined": format!("{why:?}") }),
        Notice::Said { place, message } => json!({ "said": {
            "place": named(place), "index": message.index, "name": message.name, "text": message.text,
        } }),
        Notice::Changed(place) => json!({ "changed": named(place) }),
        Notice::RoundClosed(opening) => {
            json!({ "round_closed": HEXLOWER.encode(&opening.round.0) })
        }
        Notice::Doubted { name, .. } => json!({ "doubted": name }),
        Notice::StayedHome { why, .. } => json!({ "stayed_home": format!("{why:?}") }),
        Notice::Alarm(alarm) => json!({ "alarm": format!("{alarm:?}") }),
    }
}

fn view(view: &View) -> Value {
    json!({ "view": {
        "plenary": view.plenary.as_ref().map(room),
        "caucus": view.caucus.as_ref().map(room),
        "asking": view.asking.as_ref().map(|asking| &asking.name),
        "requests": view.requests.iter().map(|(request, _, _)| HEXLOWER.encode(request)).collect::<Vec<_>>(),
        "returned": view.returned.last().map(|returned| &returned.text),
        "alarms": view.alarms.iter().map(|alarm| format!("{alarm:?}")).collect::<Vec<_>>(),
    } })
}

fn room(room: &RoomView) -> Value {
    json!({
        "title": room.title,
        "seats": room.seats.iter().map(|seat| json!({
            "seat": seat.seat.0, "name": seat.name, "side": seat.side, "counts": seat.counts,
        })).collect::<Vec<_>>(),
        "left": room.left.iter().map(|seat| &seat.name).collect::<Vec<_>>(),
        "table_words": room.table_words,
        "messages": room.messages.iter().map(|said| json!({
            "index": said.index, "name": said.name, "text": said.text,
        })).collect::<Vec<_>>(),
        "round": room.round.as_ref().map(|open| round(room, open)),
        "failed": room.failed.as_ref().map(|failed| json!({
            "why": format!("{:?}", failed.why),
            "absent": names(room, &failed.absent), "disruptors": names(room, &failed.disruptors),
        })),
        "results": room.results.iter().map(|opening| opened(room, opening)).collect::<Vec<_>>(),
        "digest": HEXLOWER.encode(&room.digest.0),
        "entries": room.entries,
        "void_entries": room.void_entries,
        "live": room.live,
        "unsent": room.unsent,
    })
}

fn round(room: &RoomView, round: &RoundView) -> Value {
    let (phase, run) = match round.phase {
        RoundPhase::Writing => ("writing", 0),
        RoundPhase::Collecting { run } => ("collecting", run),
        RoundPhase::Disturbed { run } => ("disturbed", run),
        RoundPhase::Opening { run } => ("opening", run),
    };
    json!({
        "round": HEXLOWER.encode(&round.round.0), "question": round.question, "phase": phase, "run": run,
        "hidden_among": round.hidden_among, "floor": round.floor, "draft": round.draft,
        "absent": names(room, &round.absent), "disruptors": names(room, &round.disruptors),
    })
}

fn opened(room: &RoomView, opening: &Opening) -> Value {
    json!({
        "round": HEXLOWER.encode(&opening.round.0), "question": opening.question, "runs": opening.runs,
        "opening_roster": opening.opening_roster, "final_roster": opening.final_roster,
        "blanks": opening.blanks, "statements": opening.statements,
        "absent": names(room, &opening.absent), "disruptors": names(room, &opening.disruptors),
    })
}

fn names<'a>(room: &'a RoomView, seats: &[SeatId]) -> Vec<&'a str> {
    let known = seats.iter().filter_map(|seat| room.seat(*seat));
    known.map(|seat| seat.name.as_str()).collect()
}

fn named(place: Place) -> &'static str {
    match place {
        Place::Plenary => "plenary",
        Place::Caucus => "caucus",
    }
}

/// One line, at once: whoever reads may kill this process at the next moment.
fn tell(value: Value) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    writeln!(out, "{value}")?;
    Ok(out.flush()?)
}
