//! What no implementation of the protocol can do without, timed by itself: the sum of these is the
//! floor that a run is measured against.

use std::hint::black_box;
use std::time::Duration;

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit as _, StreamCipher as _};
use curve25519_dalek::{RistrettoPoint, Scalar};
use getrandom::SysRng;
use rand_core::{Rng as _, UnwrapErr};
use round::{Fe, Terms, solve};
use x_wing::{Ciphertext, Decapsulate as _, DecapsulationKey, Decapsulator as _};

use super::thread_time::ThreadTime;

/// As many bytes at least are enciphered for one sample.
const CIPHER_BYTES: usize = 256 * 1024;

/// How many key pairs a sample goes through.
const KEYS: usize = 8;

/// One primitive and its time per use, measured again and again.
pub struct Primitive(Vec<Duration>);

impl Primitive {
    fn time<T>(&mut self, times: usize, mut work: impl FnMut() -> T) {
        let mut time = ThreadTime::start();
        for _ in 0..times {
            black_box(work());
        }
        self.0
            .push(time.lap() / u32::try_from(times).unwrap_or(u32::MAX));
    }

    pub fn samples(&self) -> &[Duration] {
        &self.0
    }
}

/// All of them, of the sizes that a run needs.
pub struct Primitives {
    pub keygen: Primitive,
    pub encaps: Primitive,
    pub decaps: Primitive,
    /// One pad of a whole vector: lanes times members times slot bytes.
    pub pad: Primitive,
    pub roots: Primitive,
    /// What opening a slot takes at least.
    pub variable_base: Primitive,
    /// eG and eX: what sealing a payload takes at least.
    pub seal: Primitive,
    sizes: Sizes,
}

struct Sizes {
    members: u64,
    vector_bytes: usize,
}

impl Primitives {
    pub fn new(terms: &Terms) -> Self {
        let none = || Primitive(Vec::new());
        let members = terms.opening.len();
        let slot = usize::try_from(terms.slot_bytes).unwrap_or(0);
        Self {
            keygen: none(),
            encaps: none(),
            decaps: none(),
            pad: none(),
            roots: none(),
            variable_base: none(),
            seal: none(),
            sizes: Sizes {
                members: members as u64,
                vector_bytes: usize::from(terms.lanes) * members * slot,
            },
        }
    }

    /// Bytes of one pad.
    pub fn pad_bytes(&self) -> usize {
        self.sizes.vector_bytes
    }

    /// Drops what was measured so far.
    pub fn forget(&mut self) {
        for primitive in [
            &mut self.keygen,
            &mut self.encaps,
            &mut self.decaps,
            &mut self.pad,
            &mut self.roots,
            &mut self.variable_base,
            &mut self.seal,
        ] {
            primitive.0.clear();
        }
    }

    /// Times each of them once more.
    pub fn measure(&mut self) {
        self.time_kem();
        self.time_cipher();
        self.time_group();
        self.time_roots();
    }

    /// To other keys each time, as in a run: what was done a moment ago is done faster again.
    fn time_kem(&mut self) {
        let mut seeds = [(); KEYS].map(|()| random::<32>()).into_iter().cycle();
        let mut key = || DecapsulationKey::from(seeds.next().unwrap_or_default());
        let keys: Vec<_> = (0..KEYS).map(|_| key()).collect();
        self.keygen.time(KEYS, key);
        let randomness = random::<64>().into();
        let mut peers = keys.iter().cycle();
        self.encaps.time(KEYS, || {
            let peer = peers.next().map(DecapsulationKey::encapsulation_key);
            peer.map(|peer| peer.encapsulate_deterministic(&randomness))
        });
        let Some(own) = keys.first() else { return };
        let to_own = || {
            own.encapsulation_key()
                .encapsulate_deterministic(&random::<64>().into())
        };
        let ciphertexts: Vec<Ciphertext> = (0..KEYS).map(|_| to_own().0).collect();
        let mut ciphertexts = ciphertexts.iter().cycle();
        self.decaps.time(KEYS, || {
            ciphertexts
                .next()
                .map(|ciphertext| own.decapsulate(ciphertext))
        });
    }

    fn time_cipher(&mut self) {
        let mut pad = vec![0; self.sizes.vector_bytes];
        let key: [u8; 32] = random();
        let times = CIPHER_BYTES.div_ceil(pad.len().max(1));
        self.pad.time(times, || {
            ChaCha20::new(&key.into(), &[0; 12].into()).apply_keystream(&mut pad);
        });
    }

    fn time_group(&mut self) {
        let scalar = || Scalar::from_bytes_mod_order_wide(&random());
        let x = scalar();
        let points: Vec<_> = (0..16)
            .map(|_| RistrettoPoint::mul_base(&scalar()))
            .collect();
        let mut next = points.iter().cycle();
        self.variable_base
            .time(points.len(), || next.next().map(|point| point * x));
        let mut next = points.iter().cycle();
        let e = scalar();
        self.seal.time(8, || {
            (
                RistrettoPoint::mul_base(&e),
                next.next().map(|point| point * e),
            )
        });
    }

    fn time_roots(&mut self) {
        let element = || Fe::reduce(u64::from_le_bytes(random()));
        let tags: Vec<Fe> = (0..self.sizes.members).map(|_| element()).collect();
        let sum = |k| tags.iter().fold(Fe::ZERO, |sum, tag| sum + tag.pow(k));
        let sums: Vec<Fe> = (1..=self.sizes.members).map(sum).collect();
        let first = element();
        self.roots
            .time(2, || solve(&sums, |n| first * Fe::reduce(u64::from(n) + 1)));
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    UnwrapErr(SysRng).fill_bytes(&mut bytes);
    bytes
}
