//! How the vault's rows are laid out, and how a room is rebuilt from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use room::{KNOWN_VERSION, MessageId, RequestId, Role, RoundId, SeatId, SideId, State, Tally};
use round::{
    Collection, CollectionState, Decision, Entry as RoundEntry, Message as RoundMessage,
    ReleaseShare, Verdict,
};
use tls_codec::{DeserializeBytes as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes};
use wire::{FounderSecret, LogHead, MailboxId, Timestamp, TokenHash};

use crate::answers::{ballot_of, byte_of};
use crate::command::Place;
use crate::commits::{Made, Pending};
use crate::cursor::{Cursor, History};
use crate::decide::{decision_key, share_key};
use crate::epoch_keys::{EpochKeys, home_of};
use crate::looking::Dark;
use crate::mls::Group;
use crate::moving::{Led, Moving};
use crate::numbers::Numbers;
use crate::outbox::{Item, Outbox};
use crate::own_place::OwnPlace;
use crate::patience::Attempts;
use crate::play::Play;
use crate::post::Body;
use crate::relay_clock::RelayClock;
use crate::roll::Roll;
use crate::room_log::{RoomLog, rows_under};
use crate::standing::Standing;
use crate::step::Area;
use crate::view::{Message, Opening};

/// The rows of one area.
pub type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// A vault whose rows contradict each other; nothing is sent from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DamagedVault(
    /// Which row.
    pub &'static str,
);

impl std::fmt::Display for DamagedVault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the vault's record {:?} is damaged", self.0)
    }
}

impl std::error::Error for DamagedVault {}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct RoomRow {
    version: u8,
    place: u8,
    relay: VLBytes,
    mailbox: [u8; 32],
    group: [u8; 32],
    start: [u8; 32],
    next: u64,
    head: [u8; 32],
    time_ms: u64,
    clock_ms: u64,
    stands: u8,
    founder: Option<[u8; 32]>,
    epoch_start: u64,
    epoch_head: [u8; 32],
    begun: VLBytes,
    reset_due: u8,
    token_taken: u8,
    elsewhere: u8,
    own_seat: u32,
    base: u64,
    bytes: u64,
    rotations: u64,
    standing: u8,
    void_entries: u64,
}

const VERSION: u8 = 1;

pub(crate) fn room_row(log: &RoomLog) -> Vec<u8> {
    let row = RoomRow {
        version: VERSION,
        place: match log.place {
            Place::Plenary => 1,
            Place::Caucus => 2,
        },
        relay: log.relay.to_string().into_bytes().into(),
        mailbox: *log.mailbox.as_bytes(),
        group: *home_of(&log.group).as_bytes(),
        start: *log.cursor.start.as_bytes(),
        next: log.cursor.next,
        head: *log.cursor.head.as_bytes(),
        time_ms: log.cursor.time.ms(),
        clock_ms: log.cursor.clock.ms(),
        stands: u8::from(log.cursor.stands),
        founder: log.founder.as_ref().map(|secret| *secret.expose()),
        epoch_start: log.epoch_start,
        epoch_head: *log.epoch_head.as_bytes(),
        begun: log.keys.begun.clone(),
        reset_due: u8::from(log.reset.is_some()),
        token_taken: u8::from(log.dark.token_taken),
        elsewhere: u8::from(log.dark.elsewhere),
        own_seat: log.own_seat.0,
        base: log.base,
        bytes: log.bytes,
        rotations: log.rotations,
        standing: standing_code(log.standing),
        void_entries: log.void_entries,
    };
    encode(&row)
}

fn standing_code(standing: Standing) -> u8 {
    match standing {
        Standing::Member => 1,
        Standing::Removed => 2,
        Standing::RestoredCopy => 3,
        Standing::UpdateProgram => 4,
        Standing::LogDamaged => 5,
        Standing::LeftBehind => 6,
        Standing::Over => 7,
    }
}

fn standing_of(code: u8) -> Option<Standing> {
    match code {
        1 => Some(Standing::Member),
        2 => Some(Standing::Removed),
        3 => Some(Standing::RestoredCopy),
        // Whether this program knows the room's version is seen by the state.
        4 => Some(Standing::Member),
        5 => Some(Standing::LogDamaged),
        6 => Some(Standing::LeftBehind),
        7 => Some(Standing::Over),
        _ => None,
    }
}

fn encode(row: &impl tls_codec::Serialize) -> Vec<u8> {
    row.tls_serialize_detached()
        .expect("rows are far shorter than 2^30 bytes")
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct PendingRow {
    entry: VLBytes,
    number: u32,
    next: [u8; 32],
    requests: Vec<RequestId>,
    welcome: Option<VLBytes>,
}

pub(crate) fn pending_row(pending: &Pending) -> Vec<u8> {
    encode(&PendingRow {
        entry: pending.entry.clone().into(),
        number: pending.number,
        next: *pending.next.as_bytes(),
        requests: pending.made.requests.clone(),
        welcome: pending.made.welcome.clone().map(VLBytes::from),
    })
}

fn pending_of(bytes: &[u8]) -> Option<Pending> {
    let row = PendingRow::tls_deserialize_exact_bytes(bytes).ok()?;
    Some(Pending {
        number: row.number,
        entry: row.entry.into(),
        next: TokenHash::new(row.next),
        made: Made {
            requests: row.requests,
            welcome: row.welcome.map(Vec::from),
        },
    })
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct MessageRow {
    index: u64,
    time_ms: u64,
    seat: u32,
    name: VLBytes,
    role: Role,
    text: VLBytes,
    id: MessageId,
    reply_to: Option<MessageId>,
}

pub(crate) fn message_row(message: &Message) -> Vec<u8> {
    encode(&MessageRow {
        index: message.index,
        time_ms: message.time_ms,
        seat: message.seat.0,
        name: message.name.clone().into_bytes().into(),
        role: message.role,
        text: message.text.clone().into_bytes().into(),
        id: message.id,
        reply_to: message.reply_to,
    })
}

fn message_of(bytes: &[u8]) -> Option<Message> {
    let row = MessageRow::tls_deserialize_exact_bytes(bytes).ok()?;
    Some(Message {
        index: row.index,
        time_ms: row.time_ms,
        seat: SeatId(row.seat),
        name: words(row.name)?,
        role: row.role,
        text: words(row.text)?,
        id: row.id,
        reply_to: row.reply_to,
    })
}

fn all_bytes(texts: &[String]) -> Vec<VLBytes> {
    let bytes = |text: &String| text.clone().into_bytes().into();
    texts.iter().map(bytes).collect()
}

fn all_words(rows: Vec<VLBytes>) -> Option<Vec<String>> {
    rows.into_iter().map(words).collect()
}

fn words(bytes: VLBytes) -> Option<String> {
    String::from_utf8(bytes.into()).ok()
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct OpeningRow {
    round: [u8; 16],
    held: [u8; 32],
    side: Option<u16>,
    one_side: Option<VLBytes>,
    question: VLBytes,
    floor: Option<u16>,
    opening_roster: u16,
    final_roster: u16,
    runs: u32,
    blanks: u16,
    statements: Vec<VLBytes>,
    asked: Vec<VLBytes>,
    tallies: Vec<Tally>,
    bloc: Vec<u8>,
    absent: Vec<SeatId>,
    disruptors: Vec<SeatId>,
    window_end_ms: u64,
    opened_ms: u64,
}

/// Under OPEN and START: an id can be given again, and its results are others.
pub(crate) fn opening_key(opening: &Opening) -> Vec<u8> {
    let side = opening.side.unwrap_or(u16::MAX).to_be_bytes();
    [b"result/".as_slice(), &opening.held, &side].concat()
}

pub(crate) fn opening_row(opening: &Opening) -> Vec<u8> {
    encode(&OpeningRow {
        round: opening.round.0,
        held: opening.held,
        side: opening.side,
        one_side: opening
            .one_side
            .clone()
            .map(|name| name.into_bytes().into()),
        question: opening.question.clone().into_bytes().into(),
        floor: opening.floor,
        opening_roster: opening.opening_roster,
        final_roster: opening.final_roster,
        runs: opening.runs,
        blanks: opening.blanks,
        statements: all_bytes(&opening.statements),
        asked: all_bytes(&opening.asked),
        tallies: opening.tallies.clone(),
        bloc: opening.bloc.iter().map(|answer| byte_of(*answer)).collect(),
        absent: opening.absent.clone(),
        disruptors: opening.disruptors.clone(),
        window_end_ms: opening.window_end_ms,
        opened_ms: opening.opened_ms,
    })
}

fn opening_of(bytes: &[u8]) -> Option<Opening> {
    let row = OpeningRow::tls_deserialize_exact_bytes(bytes).ok()?;
    Some(Opening {
        round: RoundId(row.round),
        held: row.held,
        side: row.side,
        one_side: match row.one_side {
            Some(name) => Some(words(name)?),
            None => None,
        },
        question: words(row.question)?,
        floor: row.floor,
        opening_roster: row.opening_roster,
        final_roster: row.final_roster,
        runs: row.runs,
        blanks: row.blanks,
        statements: all_words(row.statements)?,
        asked: all_words(row.asked)?,
        tallies: row.tallies,
        bloc: row.bloc.into_iter().map(ballot_of).collect::<Option<_>>()?,
        absent: row.absent,
        disruptors: row.disruptors,
        window_end_ms: row.window_end_ms,
        opened_ms: row.opened_ms,
    })
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct RunMessageRow {
    from: Option<u32>,
    time_ms: u64,
    head: [u8; 32],
    message: VLBytes,
}

/// Key and value of one message of the run under way.
pub(crate) fn run_row(index: u64, entry: &RoundEntry, message: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let key = [b"run/".as_slice(), &index.to_be_bytes()].concat();
    let row = RunMessageRow {
        from: entry.from,
        time_ms: entry.time_ms,
        head: entry.head,
        message: message.to_vec().into(),
    };
    (key, encode(&row))
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct PlayRow {
    round: [u8; 16],
    window_end_ms: u64,
    sides: Vec<Option<SideId>>,
    collection: VLBytes,
}

/// The Round under way: of each sequence the present state after the N-th GO, before that its run's
/// beginning.
pub(crate) fn play_row(play: &Play) -> Vec<u8> {
    encode(&PlayRow {
        round: play.round.0,
        window_end_ms: play.window_end_ms,
        sides: play.sides.clone(),
        collection: play.collection.state().encode().into(),
    })
}

/// Rebuilds the public half from a [`play_row`] alone, as a seat that was not there.
pub(crate) fn play_of(bytes: &[u8], own_leaf: u32) -> Option<Play> {
    let row = PlayRow::tls_deserialize_exact_bytes(bytes).ok()?;
    let state = CollectionState::decode(row.collection.as_slice()).ok()?;
    let collection = Collection::restore(&state).ok()?;
    if collection.sequences().len() != row.sides.len() {
        return None;
    }
    let round = RoundId(row.round);
    let play = Play::new(round, collection, row.sides, row.window_end_ms, own_leaf);
    Some(play.resumed())
}

fn load_play(rows: &Rows, own_leaf: u32) -> Result<Option<Play>, DamagedVault> {
    let Some(bytes) = rows.get(b"play".as_slice()) else {
        return Ok(None);
    };
    let mut play = play_of(bytes, own_leaf).ok_or(DamagedVault("play"))?;
    for (key, value) in rows.iter().filter(|(key, _)| key.starts_with(b"run/")) {
        let row = RunMessageRow::tls_deserialize_exact_bytes(value);
        let row = row.map_err(|_| DamagedVault("run"))?;
        let message = RoundMessage::decode(row.message.as_slice());
        let message = message.map_err(|_| DamagedVault("run"))?;
        let entry = RoundEntry {
            from: row.from,
            time_ms: row.time_ms,
            head: row.head,
        };
        // What it did was acted upon before it was stored: only the state matters now.
        let folded = play.collection.apply(entry, &message);
        debug_assert!(!matches!(folded.verdict, Verdict::Void(_)));
        play.rows.push((folded.sequence, key.clone()));
    }
    play.load_reopening(rows)?;
    play.sealed_text = rows
        .get(b"sealed".as_slice())
        .and_then(|t| t.as_slice().try_into().ok());
    let Some((ctx, step)) = play
        .own()
        .map(|own| (own.ctx_r(), (own.run_number(), own.phase())))
    else {
        return Ok(Some(play));
    };
    play.step = step;
    if let Some(row) = rows.get(&decision_key(&ctx)) {
        let decision = Decision::tls_deserialize_exact_bytes(row);
        play.decision = decision.map_err(|_| DamagedVault("decision"))?;
    }
    // Decided, and not said yet: what was said waits in the outbox, or stands in the log.
    let awaited = play
        .own()
        .is_some_and(|own| own.awaited().contains(&own_leaf));
    let unsaid = awaited && !waits_as_release(rows, &ctx);
    if let (Some(row), true) = (rows.get(&share_key(&ctx)), unsaid) {
        let share = ReleaseShare::decode(row);
        play.share = Some(share.map_err(|_| DamagedVault("share"))?);
    }
    Ok(Some(play))
}

fn kind_of(code: u8) -> Place {
    match code {
        1 => Place::Plenary,
        _ => Place::Caucus,
    }
}

fn load_pending(rows: &Rows) -> Result<Option<Pending>, DamagedVault> {
    match rows.get(b"pending".as_slice()) {
        Some(bytes) => Ok(Some(pending_of(bytes).ok_or(DamagedVault("pending"))?)),
        None => Ok(None),
    }
}

fn place_of(row: &RoomRow) -> Cursor {
    Cursor {
        start: LogHead::new(row.start),
        next: row.next,
        head: LogHead::new(row.head),
        time: Timestamp::from_ms(row.time_ms),
        clock: Timestamp::from_ms(row.clock_ms),
        stands: row.stands == 1,
    }
}

fn clock_of(rows: &Rows) -> Result<RelayClock, DamagedVault> {
    match rows.get(b"clock".as_slice()) {
        Some(row) => RelayClock::parse(row).ok_or(DamagedVault("clock")),
        None => Ok(RelayClock::default()),
    }
}

/// Whether the outbox holds this run's RELEASE, withdrawn or not.
fn waits_as_release(rows: &Rows, ctx: &[u8; 32]) -> bool {
    let waiting = rows.iter().filter(|(key, _)| key.starts_with(b"out/"));
    let mut bodies = waiting.filter_map(|(_, row)| Item::parse(row).map(|item| item.body));
    bodies.any(|body| match body {
        Body::Round { message, .. } => match RoundMessage::decode(&message) {
            Ok(RoundMessage::Release(release)) => release.ctx == *ctx,
            Ok(_) | Err(_) => false,
        },
        Body::Event(_) => false,
    })
}

/// Rebuilds a room from its area's rows; `None` if the area holds no room yet.
pub(crate) fn load_room(area: Area, rows: &Rows) -> Result<Option<RoomLog>, DamagedVault> {
    let Some(bytes) = rows.get(b"room".as_slice()) else {
        return Ok(None);
    };
    let row = RoomRow::tls_deserialize_exact_bytes(bytes).map_err(|_| DamagedVault("room"))?;
    let mailbox = MailboxId::new(row.mailbox);
    let group = Group::load(rows_under(rows, b"mls/"), &row.group);
    let group = group.map_err(|_| DamagedVault("mls"))?;
    let state = load_state(rows)?;
    let cursor = place_of(&row);
    let relay = words(row.relay).and_then(|text| text.parse().ok());
    let play = load_play(rows, group.own_leaf())?.map(|play| play.in_log_of(&state));
    let mut log = RoomLog {
        area,
        place: kind_of(row.place),
        relay: relay.ok_or(DamagedVault("room"))?,
        mailbox,
        keys: EpochKeys::of(&group, mailbox, row.begun).map_err(|_| DamagedVault("mls"))?,
        group,
        state,
        cursor,
        history: History::default(),
        outbox: Outbox::load(rows).ok_or(DamagedVault("out"))?,
        numbers: Numbers::load(rows).ok_or(DamagedVault("numbers"))?,
        pending: load_pending(rows)?,
        play,
        founder: row.founder.map(FounderSecret::new),
        base: row.base,
        full: false,
        own_place: OwnPlace::load(rows)?,
        left_place: OwnPlace::load_left(rows)?,
        moving: Moving::load(rows)?,
        led: Led::load(rows)?,
        dark: Dark::of(row.token_taken == 1, row.elsewhere == 1),
        gathers_until: None,
        bytes: row.bytes,
        rotations: row.rotations,
        roll: Roll::load(rows).ok_or(DamagedVault("roll"))?,
        epoch_start: row.epoch_start,
        epoch_head: LogHead::new(row.epoch_head),
        reset: (row.reset_due == 1).then_some(Timestamp::from_ms(0)),
        own_seat: SeatId(row.own_seat),
        standing: standing_of(row.standing).ok_or(DamagedVault("room"))?,
        messages: load_all(rows, b"msg/", message_of).ok_or(DamagedVault("msg"))?,
        results: load_all(rows, b"result/", opening_of).ok_or(DamagedVault("result"))?,
        void_entries: row.void_entries,
        relay_clock: clock_of(rows)?,
        gone_sits: false,
        live_since: None,
        behind_since: None,
        refused_since: None,
        said_ready: None,
        resend: false,
        attempts: Attempts::default(),
        // Once anything stands in its log, the mailbox is there.
        exists: row.founder.is_none() || row.next > 0,
        create_frame: None,
        create_again: false,
        #[cfg(feature = "liar")]
        muted: false,
    };
    log.results.sort_by_key(|opening| opening.opened_ms);
    if log.standing == Standing::Member && log.state.version() > KNOWN_VERSION {
        log.standing = Standing::UpdateProgram;
    }
    log.history.note(&log.cursor, log.state.digest());
    Ok(Some(log))
}

fn load_state(rows: &Rows) -> Result<State, DamagedVault> {
    let row = rows.get(b"state".as_slice());
    let state = row.and_then(|bytes| State::decode(bytes).ok());
    state.ok_or(DamagedVault("state"))
}

fn load_all<T>(
    rows: &Rows,
    prefix: &[u8],
    parse: impl Fn(&[u8]) -> Option<T>,
) -> Option<Vec<Arc<T>>> {
    let found = rows.iter().filter(|(key, _)| key.starts_with(prefix));
    found.map(|(_, value)| parse(value).map(Arc::new)).collect()
}
