//! Does a member's slot show in how long its work takes, or in what it touches? Alone it compares
//! times (dudect: Reparaz, Balasch, Verbauwhede 2017); with the name of an operation it does that
//! one for each slot, for `cargo xtask constant-time` to look at instruction by instruction.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use std::hint::black_box;
use std::time::Instant;

use round::Fe;
use round::parts::{OwnSlot, rank_of as rank};
use zeroize::Zeroizing;

/// As many as a large room has.
const SLOTS: u16 = 50;
/// A statement, to time.
const TIMED_BYTES: usize = 1024;
/// A ballot, to trace: a statement is only more of the same.
const TRACED_BYTES: usize = 64;
/// Measurements of one operation.
const SAMPLES: usize = 60_000;

/// One operation of a member whose slot is given.
struct Operation {
    name: &'static str,
    /// Whether it is meant to show its slot: so we know that we would see it.
    is_control: bool,
    run: fn(&Work),
}

const OPERATIONS: [Operation; 6] = [
    operation("write", false, write),
    operation("is_intact", false, is_intact),
    operation("rank", false, find_rank),
    operation("write_in_place", true, write_in_place),
    operation("is_intact_in_place", true, is_intact_in_place),
    operation("rank_until_found", true, rank_until_found),
];

const fn operation(name: &'static str, is_control: bool, run: fn(&Work)) -> Operation {
    Operation {
        name,
        is_control,
        run,
    }
}

/// What an operation works on. Made without looking anything up by the slot.
struct Work {
    slot: u16,
    own: Option<OwnSlot>,
    sealed: Vec<u8>,
    lane: std::cell::RefCell<Vec<u8>>,
    tags: Vec<Fe>,
    tag: Fe,
}

fn tag_at(slot: u16) -> Fe {
    Fe::reduce((u64::from(slot) + 1) * 7919)
}

impl Work {
    fn new(slot_bytes: usize) -> Self {
        let sealed = vec![0xA5; slot_bytes];
        Self {
            slot: 0,
            own: None,
            sealed,
            lane: vec![0; usize::from(SLOTS) * slot_bytes].into(),
            tags: (0..SLOTS).map(tag_at).collect(),
            tag: tag_at(0),
        }
    }

    /// The lane holds exactly what this member sealed, in its slot.
    fn prepare(&mut self, slot: u16) {
        self.slot = slot;
        self.tag = tag_at(slot);
        // The one before goes first, so that this one lies at the same address.
        self.own = None;
        let own = OwnSlot::new(slot, Zeroizing::new(self.sealed.clone()));
        let mut lane = self.lane.borrow_mut();
        lane.fill(0);
        own.write(&mut lane);
        self.own = Some(own);
    }
}

#[inline(never)]
fn write(work: &Work) {
    let own = work.own.as_ref().unwrap();
    own.write(black_box(&mut work.lane.borrow_mut()));
}

#[inline(never)]
fn is_intact(work: &Work) {
    let own = work.own.as_ref().unwrap();
    black_box(own.is_intact(black_box(&work.lane.borrow())));
}

#[inline(never)]
fn find_rank(work: &Work) {
    black_box(rank(black_box(&work.tags), black_box(work.tag)));
}

/// What nobody may do: as many instructions for every slot, at other addresses.
#[inline(never)]
fn write_in_place(work: &Work) {
    let mut lane = work.lane.borrow_mut();
    let at = usize::from(black_box(work.slot)) * work.sealed.len();
    for (byte, sealed) in lane[at..].iter_mut().zip(&work.sealed) {
        *byte ^= sealed;
    }
}

/// What nobody may do: it stops at its slot.
#[inline(never)]
fn is_intact_in_place(work: &Work) {
    let lane = work.lane.borrow();
    let slots = lane.chunks(work.sealed.len()).zip(0u16..);
    let mut found = slots.filter(|(bytes, _)| black_box(*bytes) == work.sealed);
    black_box(found.next());
}

/// What nobody may do: it stops where the tag is.
#[inline(never)]
fn rank_until_found(work: &Work) {
    black_box(work.tags.iter().position(|tag| black_box(*tag) == work.tag));
}

/// Mean and variance of measurements, one at a time (Welford).
#[derive(Default)]
struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        let away = value - self.mean;
        self.mean += away / self.count;
        self.squares += away * (value - self.mean);
    }

    fn error(&self) -> f64 {
        self.squares / (self.count - 1.0).max(1.0) / self.count.max(1.0)
    }
}

/// Welch's t between the two classes, of the measurements up to `most_ns`.
fn welch(samples: &[(bool, u64)], most_ns: u64) -> f64 {
    let mut classes = [Spread::default(), Spread::default()];
    for (class, ns) in samples.iter().filter(|(_, ns)| *ns <= most_ns) {
        classes[usize::from(*class)].add(*ns as f64);
    }
    let [one, other] = classes;
    let error = (one.error() + other.error()).sqrt();
    if error > 0.0 {
        (one.mean - other.mean) / error
    } else {
        0.0
    }
}

/// The largest |t|, over all measurements and over the quicker ones: the slow tail is the machine's.
fn largest_t(samples: &[(bool, u64)]) -> f64 {
    let mut times: Vec<u64> = samples.iter().map(|(_, ns)| *ns).collect();
    times.sort_unstable();
    let percentiles = [30, 50, 70, 80, 90, 95, 99, 100];
    let tests = percentiles.map(|p| welch(samples, times[(times.len() - 1) * p / 100]).abs());
    tests.into_iter().fold(0.0, f64::max)
}

fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*seed ^ (*seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^ (z >> 29)
}

/// One class always has the first slot, the other one any; which comes next is drawn.
fn compare_times(operation: &Operation) -> f64 {
    let (mut work, mut seed) = (Work::new(TIMED_BYTES), 1);
    let mut samples = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        let class = next(&mut seed) >> 63 == 1;
        let any = u16::try_from(next(&mut seed) % u64::from(SLOTS)).unwrap();
        work.prepare(any * u16::from(class));
        let begin = Instant::now();
        (operation.run)(&work);
        let ns = u64::try_from(begin.elapsed().as_nanos()).unwrap();
        samples.push((class, ns));
    }
    largest_t(&samples)
}

/// Where what is traced ends.
#[inline(never)]
fn end() {
    black_box(SLOTS);
}

/// Does one thing for each slot, and says between which two addresses of instructions it is done.
fn do_for_each_slot(operation: &Operation) {
    let mut work = Work::new(TRACED_BYTES);
    println!("{:x} {:x}", operation.run as usize, end as fn() as usize);
    for slot in 0..SLOTS {
        work.prepare(slot);
        (operation.run)(&work);
        end();
    }
}

fn main() {
    let named = std::env::args().nth(1);
    let named = OPERATIONS
        .iter()
        .find(|one| Some(one.name) == named.as_deref());
    if let Some(operation) = named {
        return do_for_each_slot(operation);
    }
    println!(
        "|t| of {SAMPLES} times, first slot against any; above 4.5 is a doubt, above 10 a leak"
    );
    for operation in &OPERATIONS {
        let t = compare_times(operation);
        let why = if operation.is_control {
            "must be large"
        } else {
            ""
        };
        println!("{:20} {t:8.1}  {why}", operation.name);
    }
}
