//! One run with everybody in it. One member has a fold of its own and is watched: that is its
//! arithmetic as on a device of its own. The others share a fold.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use getrandom::SysRng;
use rand_core::UnwrapErr;
use round::{
    Contributor, Entry, Message, OpenedSlot, Payload, Said, Sequence, Terms, Time, Verdict,
};

use super::thread_time::ThreadTime;

/// What the member makes, in the order in which it makes it.
const MADE: [&str; 6] = ["join", "kem", "slot", "dc", "go", "release"];
/// Folding what everybody has made, and what completing that phase takes: transcripts, roots after
/// SLOT, opened slots after RELEASE.
const READ: [&str; 6] = [
    "read_joins",
    "read_kems",
    "read_slots",
    "read_dcs",
    "read_gos",
    "read_releases",
];

const START: Time = Time {
    time_ms: 1,
    head: [1; 32],
};

/// What one run has cost.
pub struct RunOfAll {
    /// The watched member's time, by phase in order.
    pub phases: Vec<(&'static str, Duration)>,
    /// Its time for making messages of bytes, which belongs to reading a log and is not in there.
    pub decoding: Duration,
    /// Everybody around one fold, on the wall's clock.
    pub all_members: Duration,
    /// Bytes of messages that a member sends, and that everybody together sends to it.
    pub up_bytes: usize,
    pub down_bytes: usize,
}

impl RunOfAll {
    /// The watched member's whole time.
    pub fn total(&self) -> Duration {
        self.phases.iter().map(|(_, spent)| *spent).sum()
    }

    /// `between` is called before every phase that the watched member reads.
    pub fn play(terms: &Terms, watched: u32, mut between: impl FnMut()) -> anyhow::Result<Self> {
        let mut done = Self {
            phases: Vec::new(),
            decoding: Duration::ZERO,
            all_members: Duration::ZERO,
            up_bytes: 0,
            down_bytes: 0,
        };
        let mut one = Watched::new(terms, watched)?;
        let mut others = Others::new(terms)?;
        let mut said: Vec<(u32, Message)> = Vec::new();
        // Kept to the end, as a log is, and laid above what is freed meanwhile: to give memory back
        // to the system is no arithmetic.
        let mut log: Vec<Vec<(u32, Vec<u8>)>> = Vec::new();
        for (read, made) in READ.into_iter().zip(MADE) {
            between();
            let (message, spent) = one.speak()?;
            done.phases.push((made, spent));
            done.all_members += spent;
            let began = Instant::now();
            others.speak(watched, &mut said)?;
            done.all_members += began.elapsed();
            done.up_bytes += message.encode().len();
            said.push((watched, message));
            let encoded: Vec<_> = said.iter().map(|(leaf, m)| (*leaf, m.encode())).collect();
            done.down_bytes += encoded.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
            let mut time = ThreadTime::start();
            let decode = |(leaf, bytes): &(u32, Vec<u8>)| Ok((*leaf, Message::decode(bytes)?));
            let decoded: Vec<_> = encoded.iter().map(decode).collect::<anyhow::Result<_>>()?;
            done.decoding += time.lap();
            log.push(encoded.clone());
            done.phases.push((read, one.read(decoded)?));
            let began = Instant::now();
            others.read(&mut said);
            done.all_members += began.elapsed();
        }
        one.check(terms)?;
        Ok(done)
    }
}

fn entry(from: u32) -> Entry {
    Entry {
        from: Some(from),
        time_ms: 2,
        head: [0; 32],
    }
}

/// As much as a slot holds: everybody has something to say, and says it in full.
fn payloads(terms: &Terms) -> Vec<Payload> {
    let limit = Payload::text_limit(terms.slot_bytes);
    let text: String = "What was said holds. "
        .chars()
        .cycle()
        .take(limit)
        .collect();
    let payload = || Payload::text(text.trim_end(), terms.slot_bytes).ok();
    (0..terms.lanes).filter_map(|_| payload()).collect()
}

/// One member as on a device of its own.
struct Watched {
    leaf: u32,
    fold: Sequence,
    seat: Contributor,
    due: Option<(Message, Duration)>,
    payloads: Vec<Payload>,
    last: Option<Verdict>,
}

impl Watched {
    fn new(terms: &Terms, leaf: u32) -> anyhow::Result<Self> {
        let fold = Sequence::begin(terms.clone(), START).context("no such Round")?;
        let mut time = ThreadTime::start();
        let (seat, join) = Contributor::join(&fold, leaf, &mut UnwrapErr(SysRng))?;
        let due = Some((join, time.lap()));
        Ok(Self {
            leaf,
            fold,
            seat,
            due,
            payloads: payloads(terms),
            last: None,
        })
    }

    fn speak(&mut self) -> anyhow::Result<(Message, Duration)> {
        self.due.take().context("the watched member is silent")
    }

    /// Reads a phase as it comes from the log, and prepares the answer to it.
    fn read(&mut self, mut said: Vec<(u32, Message)>) -> anyhow::Result<Duration> {
        let (from, last) = said.pop().context("nobody has spoken")?;
        let mut time = ThreadTime::start();
        for (from, message) in said {
            let _ = self.fold.apply(entry(from), message);
            ensure!(self.answer()?.is_none(), "somebody spoke too early");
        }
        self.last = Some(self.fold.apply(entry(from), last));
        let read = time.lap();
        self.due = self.answer()?.map(|message| (message, time.lap()));
        Ok(read)
    }

    fn answer(&mut self) -> anyhow::Result<Option<Message>> {
        let payloads = &mut self.payloads;
        let mut give = || std::mem::take(payloads);
        match self
            .seat
            .next(&self.fold, &mut give, &mut UnwrapErr(SysRng))
        {
            Some(Said::Message(message)) => Ok(Some(message)),
            Some(Said::Release(share)) => Ok(Some(share.message())),
            Some(Said::Reveal(_)) => bail!("an undisturbed run was disturbed"),
            None => Ok(None),
        }
    }

    /// What is fast and wrong would be worth nothing.
    fn check(&self, terms: &Terms) -> anyhow::Result<()> {
        let Some(Verdict::Opened(opened)) = &self.last else {
            bail!("member {} saw no run open: {:?}", self.leaf, self.last);
        };
        let slots = opened.payloads.iter().flatten();
        let texts = slots
            .filter(|slot| matches!(slot, OpenedSlot::Text { .. }))
            .count();
        let expected = terms.opening.len() * usize::from(terms.lanes);
        ensure!(texts == expected, "{texts} texts of {expected} are there");
        Ok(())
    }
}

/// Everybody else around one fold.
struct Others {
    fold: Sequence,
    seats: BTreeMap<u32, Contributor>,
    terms: Terms,
}

impl Others {
    fn new(terms: &Terms) -> anyhow::Result<Self> {
        Ok(Self {
            fold: Sequence::begin(terms.clone(), START).context("no such Round")?,
            seats: BTreeMap::new(),
            terms: terms.clone(),
        })
    }

    fn speak(&mut self, watched: u32, said: &mut Vec<(u32, Message)>) -> anyhow::Result<()> {
        let mut rng = UnwrapErr(SysRng);
        if self.seats.is_empty() {
            for leaf in self
                .fold
                .roster()
                .into_iter()
                .filter(|leaf| *leaf != watched)
            {
                let (seat, join) = Contributor::join(&self.fold, leaf, &mut rng)?;
                self.seats.insert(leaf, seat);
                said.push((leaf, join));
            }
            return Ok(());
        }
        for (leaf, seat) in &mut self.seats {
            let mut give = || payloads(&self.terms);
            match seat.next(&self.fold, &mut give, &mut rng) {
                Some(Said::Message(message)) => said.push((*leaf, message)),
                Some(Said::Release(share)) => said.push((*leaf, share.message())),
                Some(Said::Reveal(_)) | None => bail!("member {leaf} does not go on"),
            }
        }
        Ok(())
    }

    fn read(&mut self, said: &mut Vec<(u32, Message)>) {
        for (from, message) in said.drain(..) {
            let _ = self.fold.apply(entry(from), message);
        }
    }
}
