//! How long one member's run takes, against the sum of its primitives timed in the same process.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use std::convert::Infallible;
use std::time::{Duration, Instant};

use chacha20::cipher::{KeyIvInit, StreamCipher};
use curve25519_dalek::{RistrettoPoint, Scalar};
use rand_core::{Rng, TryCryptoRng, TryRng};
use round::{Contributor, Entry, Member, Message, Payload, Said, Sequence, Terms, Time};
use x_wing::{Decapsulate, DecapsulationKey, Decapsulator};

/// SplitMix64: enough to time with.
struct TestRng(u64);

impl TryRng for TestRng {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        Ok(z ^ (z >> 27))
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for TestRng {}

const START: Time = Time {
    time_ms: 1,
    head: [1; 32],
};

fn terms(n: u32, lanes: u16, slot_bytes: u32) -> Terms {
    let member = |i| Member {
        leaf: i,
        signature_key: vec![7; 32],
    };
    Terms {
        ctx0: [3; 32],
        side: None,
        lanes,
        slot_bytes,
        phase_ms: 3000,
        opening: (0..n).map(member).collect(),
        floor: 2,
    }
}

/// Plays a whole run; gives the time of all members, and of the first one with a fold of its own.
fn run(terms: &Terms) -> (Duration, Duration) {
    let mut rng = TestRng(1);
    let mut mine = Sequence::begin(terms.clone(), START).unwrap();
    let mut all = Sequence::begin(terms.clone(), START).unwrap();
    let (mut one, mut everybody) = (Duration::ZERO, Duration::ZERO);
    let mut outbox: Vec<(u32, Message)> = Vec::new();
    let mut members = Vec::new();
    for leaf in 0..u32::try_from(terms.opening.len()).unwrap() {
        let began = Instant::now();
        let (member, join) = Contributor::join(&mine, leaf, &mut rng).unwrap();
        everybody += began.elapsed();
        if leaf == 0 {
            one += began.elapsed();
        }
        members.push(member);
        outbox.push((leaf, join));
    }
    while !outbox.is_empty() {
        for (leaf, message) in std::mem::take(&mut outbox) {
            let entry = Entry {
                from: Some(leaf),
                time_ms: 2,
                head: [0; 32],
            };
            let began = Instant::now();
            let _ = all.apply(entry, &message);
            everybody += began.elapsed();
            for (leaf, member) in (0u32..).zip(&mut members) {
                let fold = if leaf == 0 { &mut mine } else { &mut all };
                let decoded = (leaf == 0).then(|| message.clone());
                let began = Instant::now();
                if let Some(message) = decoded {
                    let _ = fold.apply(entry, message);
                }
                let said = member.next(fold, &mut Vec::<Payload>::new, &mut rng);
                let spent = began.elapsed();
                everybody += spent;
                if leaf == 0 {
                    one += spent;
                }
                match said {
                    Some(Said::Message(message) | Said::Reveal(message)) => {
                        outbox.push((leaf, message));
                    }
                    Some(Said::Release(share)) => outbox.push((leaf, share.message())),
                    None => {}
                }
            }
        }
    }
    assert!(all.is_over() && mine.is_over());
    (everybody, one)
}

fn time<T>(times: usize, mut work: impl FnMut() -> T) -> Duration {
    let began = Instant::now();
    for _ in 0..times {
        std::hint::black_box(work());
    }
    began.elapsed()
}

/// The sum of primitives that PROTOCOL names.
fn primitives(n: usize, lanes: usize, slot_bytes: usize) -> Duration {
    let mut rng = TestRng(2);
    let mut seed = [0; 64];
    rng.fill_bytes(&mut seed);
    let key = DecapsulationKey::from([5; 32]);
    let (ciphertext, _) = key
        .encapsulation_key()
        .encapsulate_deterministic(&seed.into());
    let tags: Vec<round::Fe> = (0..n).map(|_| round::Fe::reduce(rng.next_u64())).collect();
    let sums: Vec<round::Fe> = (1..=n as u64)
        .map(|k| tags.iter().fold(round::Fe::ZERO, |s, t| s + t.pow(k)))
        .collect();
    let shifts: Vec<round::Fe> = (0..256)
        .map(|_| round::Fe::reduce(rng.next_u64()))
        .collect();
    let x = Scalar::from_bytes_mod_order_wide(&seed);
    let point = RistrettoPoint::mul_base(&x);
    let mut pad = vec![0u8; lanes * n * slot_bytes];
    time(1, || DecapsulationKey::from([6; 32]))
        + time(n / 2, || {
            key.encapsulation_key()
                .encapsulate_deterministic(&seed.into())
        })
        + time(n - 1 - n / 2, || key.decapsulate(&ciphertext))
        + time(n - 1, || {
            chacha20::ChaCha20::new(&[1; 32].into(), &[0; 12].into()).apply_keystream(&mut pad)
        })
        + time(lanes, || round::solve(&sums, |n| shifts[n as usize]))
        + time(lanes * n, || point * x)
        + time(lanes, || RistrettoPoint::mul_base(&x) + point * x)
}

fn main() {
    println!("members lanes slot | one member  primitives ratio | all members, one fold");
    for (n, lanes, slot) in [
        (10, 1, 1024),
        (12, 1, 2048),
        (30, 1, 1024),
        (50, 1, 4096),
        (64, 1, 1024),
        (100, 1, 1024),
        (100, 1, 4096),
        (12, 20, 64),
        (30, 40, 64),
        (50, 60, 64),
    ] {
        let best = |runs: &mut dyn FnMut() -> Duration| (0..3).map(|_| runs()).min().unwrap();
        let terms = terms(n, lanes, slot);
        let mut all = Duration::MAX;
        let one = best(&mut || {
            let (everybody, one) = run(&terms);
            all = all.min(everybody);
            one
        });
        let bar = best(&mut || primitives(n as usize, lanes.into(), slot as usize));
        println!(
            "{n:7} {lanes:5} {slot:4} | {:7.1} ms {:8.1} ms {:5.2} | {:7.0} ms",
            one.as_secs_f64() * 1e3,
            bar.as_secs_f64() * 1e3,
            one.as_secs_f64() / bar.as_secs_f64(),
            all.as_secs_f64() * 1e3,
        );
    }
}
