//! What a node keeps of a sequence: where the current run began, and, once shares may be released,
//! all that opening needs. Public data only; vectors of earlier phases are replayed, not kept.

use std::fmt;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserialize, TlsDeserializeBytes, TlsSerialize,
    TlsSize, VLBytes,
};

use super::awaiting_joins::{AwaitingJoins, Shares};
use super::awaiting_releases::AwaitingReleases;
use super::{Run, Sequence, Stage, Time};
use crate::field::Fe;
use crate::hash::Hash;
use crate::message::{InvalidBytes, Release};
use crate::roster::{Member, MemberIndex};
use crate::terms::Terms;

const VERSION: u8 = 1;

/// A stored sequence: at the beginning of a run, or in its last phase.
#[derive(
    Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
)]
pub struct SequenceState {
    version: u8,
    terms: Terms,
    run: u32,
    roster: Vec<u32>,
    settled: Hash,
    began_ms: u64,
    time_ms: u64,
    head: Hash,
    ended: Vec<Hash>,
    /// 1 where nothing can happen any more.
    over: u8,
    releases: Option<Releases>,
}

/// What opening needs.
#[derive(
    Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
)]
struct Releases {
    phase_began_ms: u64,
    t3: Hash,
    shares: Vec<Hash>,
    tags: Vec<u64>,
    combined: VLBytes,
    released: Vec<(MemberIndex, Hash)>,
}

/// A stored state that contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadState;

impl fmt::Display for BadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stored state of a Round contradicts itself")
    }
}

impl std::error::Error for BadState {}

impl SequenceState {
    /// The canonical bytes, version first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.tls_serialize_detached()
            .expect("a state is far shorter than 2^30 bytes")
    }

    /// Reads exactly one state.
    ///
    /// # Errors
    /// Another version, a short input or trailing bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, InvalidBytes> {
        let state = Self::tls_deserialize_exact_bytes(bytes).map_err(|_| InvalidBytes)?;
        if state.version == VERSION {
            Ok(state)
        } else {
            Err(InvalidBytes)
        }
    }
}

impl SequenceState {
    /// Orders, numbers and times, as any fold would have left them.
    fn agrees_with_itself(&self) -> bool {
        let runs = usize::try_from(self.run).unwrap_or(usize::MAX);
        // A sequence that fell below its floor ended its last run too.
        let ended = self.ended.len();
        let counted = ended.checked_add(1) == Some(runs) || self.over == 1 && ended == runs;
        let ascends = self.roster.is_sorted_by(|before, after| before < after);
        let in_order = self.releases.as_ref().is_none_or(|releases| {
            let released = &releases.released;
            let times = [self.began_ms, releases.phase_began_ms, self.time_ms];
            let is_open = released.len() < self.roster.len();
            let ascends = released.is_sorted_by(|before, after| before.0 < after.0);
            times.is_sorted() && is_open && ascends
        });
        counted && ascends && in_order && self.began_ms <= self.time_ms
    }
}

impl Sequence {
    /// Where the current run began. Replaying the messages since then gives the present state.
    #[must_use]
    pub fn checkpoint(&self) -> SequenceState {
        SequenceState {
            version: VERSION,
            terms: self.terms.clone(),
            run: self.run.number,
            roster: self.roster(),
            settled: self.run.settled,
            began_ms: self.run.began_ms,
            time_ms: self.run.began_ms,
            head: self.run.settled,
            ended: self.ended.clone(),
            over: self.is_over().into(),
            releases: None,
        }
    }

    /// The present state in phase 6, which needs no replay; `None` in every other phase.
    #[must_use]
    pub fn snapshot(&self) -> Option<SequenceState> {
        let Stage::Releases(stage) = &self.stage else {
            return None;
        };
        let tags = stage.tags.iter().flatten();
        let released = stage.released.iter();
        Some(SequenceState {
            time_ms: self.latest.time_ms,
            head: self.latest.head,
            releases: Some(Releases {
                phase_began_ms: self.run.phase_began_ms,
                t3: stage.t3,
                shares: stage.shares.each.clone(),
                tags: tags.map(|tag| tag.value()).collect(),
                combined: stage.combined.clone().into(),
                released: released.map(|(m, x)| (*m, x.to_bytes())).collect(),
            }),
            ..self.checkpoint()
        })
    }

    /// Goes on from a stored state.
    ///
    /// # Errors
    /// The state contradicts itself; nothing that [`Sequence`] wrote does.
    pub fn restore(state: SequenceState) -> Result<Self, BadState> {
        state.terms.check().map_err(|_| BadState)?;
        if !state.agrees_with_itself() {
            return Err(BadState);
        }
        let members: Vec<Member> = state
            .terms
            .opening
            .iter()
            .filter(|member| state.roster.contains(&member.leaf))
            .cloned()
            .collect();
        let enough = members.len() >= state.terms.least();
        if members.len() != state.roster.len() || !enough || state.run == 0 {
            return Err(BadState);
        }
        let terms = state.terms;
        let mut run = Run::begin(&terms, state.run, members, state.settled, state.began_ms);
        let stage = match (state.over, state.releases) {
            (0, None) => Stage::Joins(AwaitingJoins::default()),
            (1, None) => Stage::Over,
            (0, Some(releases)) => {
                run.phase_began_ms = releases.phase_began_ms;
                Stage::Releases(releases.restore(&terms, &run)?)
            }
            _ => return Err(BadState),
        };
        Ok(Self {
            terms,
            ended: state.ended,
            run,
            stage,
            latest: Time {
                time_ms: state.time_ms,
                head: state.head,
            },
            is_shut: false,
        })
    }
}

impl Releases {
    fn restore(self, terms: &Terms, run: &Run) -> Result<AwaitingReleases, BadState> {
        let n = run.roster.len();
        let lanes = usize::from(terms.lanes);
        let sizes = [
            self.shares.len(),
            self.tags.len(),
            self.combined.as_slice().len(),
        ];
        if sizes != [n, n * lanes, terms.vector_bytes(n)] {
            return Err(BadState);
        }
        let point = |share: &Hash| CompressedRistretto(*share).decompress().ok_or(BadState);
        let points: Result<Vec<RistrettoPoint>, BadState> = self.shares.iter().map(point).collect();
        let tags: Option<Vec<Fe>> = self.tags.iter().map(|tag| Fe::new(*tag)).collect();
        let tags = tags.ok_or(BadState)?;
        let is_good = |lane: &[Fe]| {
            lane.first() > Some(&Fe::ZERO) && lane.is_sorted_by(|before, after| before < after)
        };
        if !tags.chunks(n).all(is_good) {
            return Err(BadState);
        }
        let shares = Shares::new(self.shares, points?);
        let tags = tags.chunks(n).map(<[Fe]>::to_vec).collect();
        let combined = self.combined.as_slice().to_vec();
        let mut stage = AwaitingReleases::new(shares, self.t3, tags, combined);
        // A newcomer has this from somebody else: every share proves itself again.
        for (member, share) in self.released {
            let release = Release {
                ctx: run.ctx,
                member,
                share,
            };
            stage.hear(&release).map_err(|_| BadState)?;
        }
        Ok(stage)
    }
}
