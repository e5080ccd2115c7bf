//! Medians of what was measured, the floor made of them, and how they are shown.

use std::fmt::Write as _;
use std::time::Duration;

use round::Terms;
use serde_json::{Map, Value, json};

use super::primitives::{Primitive, Primitives};
use super::run_of_all::RunOfAll;

/// Everything that is shown.
pub struct Figures {
    members: usize,
    bytes: u32,
    lanes: u16,
    median_ms: f64,
    p95_ms: f64,
    phases_ms: Vec<(&'static str, f64)>,
    decoding_ms: f64,
    primitives: [(&'static str, f64); 7],
    floor_ms: f64,
    all_members_wall_ms: f64,
    up_bytes: usize,
    down_bytes: usize,
}

impl Figures {
    /// `None` where there was no run.
    pub fn new(terms: &Terms, runs: &[RunOfAll], primitives: &Primitives) -> Option<Self> {
        let first = runs.first()?;
        let totals = sorted(runs.iter().map(RunOfAll::total));
        let phases_ms = first.phases.iter().enumerate().map(|(at, (name, _))| {
            let spent = runs.iter().filter_map(|run| run.phases.get(at));
            (
                *name,
                ms(share(&sorted(spent.map(|(_, spent)| *spent)), 50)),
            )
        });
        let walls = sorted(runs.iter().map(|run| run.all_members));
        let (list, floor) = floor(terms, primitives);
        Some(Self {
            members: terms.opening.len(),
            bytes: terms.slot_bytes,
            lanes: terms.lanes,
            median_ms: ms(share(&totals, 50)),
            p95_ms: ms(share(&totals, 95)),
            phases_ms: phases_ms.collect(),
            decoding_ms: ms(share(&sorted(runs.iter().map(|run| run.decoding)), 50)),
            primitives: list,
            floor_ms: ms(floor),
            all_members_wall_ms: ms(share(&walls, 50)),
            up_bytes: first.up_bytes,
            down_bytes: first.down_bytes,
        })
    }

    fn ratio(&self) -> f64 {
        self.median_ms / self.floor_ms
    }

    pub fn json(&self) -> Value {
        let object = |list: &[(&'static str, f64)]| -> Map<String, Value> {
            list.iter()
                .map(|(name, value)| ((*name).to_owned(), rounded(*value).into()))
                .collect()
        };
        json!({
            "members": self.members,
            "bytes": self.bytes,
            "lanes": self.lanes,
            "per_member_cpu_ms": {
                "median": rounded(self.median_ms),
                "p95": rounded(self.p95_ms),
                "phases": object(&self.phases_ms),
            },
            "primitives": object(&self.primitives),
            "floor_ms": rounded(self.floor_ms),
            "ratio": rounded(self.ratio()),
            "all_members_wall_ms": rounded(self.all_members_wall_ms),
            "up_bytes": self.up_bytes,
            "down_bytes": self.down_bytes,
        })
    }

    pub fn table(&self) -> String {
        let mut out = format!(
            "{} members, {} lanes of {} bytes a slot\n\
             one member: median {:.2} ms, p95 {:.2} ms; floor {:.2} ms; ratio {:.2}\n\
             all members around one fold: {:.0} ms on the wall's clock\n\
             messages of one member: {} bytes up, {} bytes down; decoding them, {:.2} ms, is not in it\n",
            self.members,
            self.lanes,
            self.bytes,
            self.median_ms,
            self.p95_ms,
            self.floor_ms,
            self.ratio(),
            self.all_members_wall_ms,
            self.up_bytes,
            self.down_bytes,
            self.decoding_ms,
        );
        for (name, spent) in &self.phases_ms {
            let _ = writeln!(out, "{name:>24}: {spent:10.3} ms");
        }
        for (name, value) in &self.primitives {
            let _ = writeln!(out, "{name:>24}: {value:10.3}");
        }
        out
    }
}

/// The primitives in the units of their names, and their sum over a run, which is the floor: a key
/// pair, half of the others encapsulated to and the rest decapsulated from, a pad for each of them,
/// a root finding and a sealing per lane, and an opening per slot.
fn floor(terms: &Terms, primitives: &Primitives) -> ([(&'static str, f64); 7], Duration) {
    let median = |primitive: &Primitive| share(&sorted(primitive.samples().iter().copied()), 50);
    let [keygen, encaps, decaps, pad] = [
        &primitives.keygen,
        &primitives.encaps,
        &primitives.decaps,
        &primitives.pad,
    ]
    .map(median);
    let [roots, variable_base, seal] = [
        &primitives.roots,
        &primitives.variable_base,
        &primitives.seal,
    ]
    .map(median);
    let members = u32::try_from(terms.opening.len()).unwrap_or(u32::MAX);
    let others = members.saturating_sub(1);
    let lanes = u32::from(terms.lanes);
    let floor = keygen
        + encaps * (members / 2)
        + decaps * others.saturating_sub(members / 2)
        + pad * others
        + (roots + variable_base * members + seal) * lanes;
    let list = [
        ("keygen_us", us(keygen)),
        ("encaps_us", us(encaps)),
        ("decaps_us", us(decaps)),
        (
            "chacha20_bytes_per_s",
            (primitives.pad_bytes() as f64 / pad.as_secs_f64()).round(),
        ),
        ("variable_base_us", us(variable_base)),
        ("seal_us", us(seal)),
        ("roots_ms", ms(roots)),
    ];
    (list, floor)
}

fn sorted(times: impl Iterator<Item = Duration>) -> Vec<Duration> {
    let mut sorted: Vec<_> = times.collect();
    sorted.sort();
    sorted
}

/// The time within which so many per cent were done.
fn share(sorted: &[Duration], percent: usize) -> Duration {
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// To the third decimal: more would be noise.
fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}
