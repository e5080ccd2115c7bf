//! What a contributor keeps to itself, for the simulator's eyes alone. No product has this file.

use curve25519_dalek::scalar::Scalar;

use super::{Contributor, State};
use crate::hash::Hash;
use crate::kem::{Root, position};
use crate::pads::PairKey;
use crate::roster::MemberIndex;

/// All secrets of one member in one run, as far as it still has them.
#[derive(Clone)]
pub struct Secrets {
    /// The run.
    pub ctx: Hash,
    /// Its index in it.
    pub index: u16,
    /// How far it is: the phase whose end it waits for.
    pub step: u8,
    /// The blame secret.
    pub root: Option<[u8; 32]>,
    /// The content secret.
    pub x: Option<[u8; 32]>,
    /// The keys shared with each peer.
    pub pairs: Vec<(u16, [u8; 32])>,
    /// By lane.
    pub tags: Vec<u64>,
    /// Slot and sealed bytes, by lane.
    pub own: Vec<(u16, Vec<u8>)>,
}

impl Contributor {
    /// The run, and the phase whose end it waits for.
    #[must_use]
    pub fn step(&self) -> (Hash, u8) {
        let step = match &self.state {
            State::Keys(_) => 1,
            State::Ciphertexts(_) => 2,
            State::Tags(_) => 3,
            State::Vectors(_) => 4,
            State::Release(_) => 5,
            State::Blame(_) => 7,
            State::Spent => 0,
        };
        (self.seat.ctx, step)
    }

    /// Looks at everything.
    #[must_use]
    pub fn secrets(&self) -> Secrets {
        let (ctx, step) = self.step();
        let none = Secrets {
            ctx,
            index: self.seat.me.0,
            step,
            root: None,
            x: None,
            pairs: Vec::new(),
            tags: Vec::new(),
            own: Vec::new(),
        };
        let both = |root: &Root, x: &Scalar| Secrets {
            root: Some(root.reveal()),
            x: Some(x.to_bytes()),
            ..none.clone()
        };
        match &self.state {
            State::Keys(state) => {
                let (root, x) = state.drawn();
                both(root, x)
            }
            State::Ciphertexts(state) => both(&state.root, &state.x),
            State::Tags(state) => Secrets {
                pairs: self
                    .peers()
                    .zip(state.keys.iter().map(PairKey::bytes))
                    .collect(),
                tags: state.tags.iter().map(|tag| tag.value()).collect(),
                ..both(&state.root, &state.x)
            },
            State::Vectors(state) => Secrets {
                own: state.own.iter().map(crate::slot::OwnSlot::shown).collect(),
                ..both(&state.root, &state.x)
            },
            State::Release(state) => both(&state.root, &state.x),
            State::Blame(state) => Secrets {
                root: Some(state.root.reveal()),
                ..none
            },
            State::Spent => none,
        }
    }

    /// The peers in the order of their keys: first those it sent to, then those it heard from.
    fn peers(&self) -> impl Iterator<Item = u16> + use<> {
        let (me, n) = (self.seat.me, self.seat.n);
        let sent = crate::kem::targets(me, n).into_iter().flatten();
        let came = (0..n)
            .map(MemberIndex)
            .filter(move |peer| *peer != me && position(*peer, me, n).is_some());
        sent.chain(came).map(|peer| peer.0)
    }
}
