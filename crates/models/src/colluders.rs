//! Colluders who share or copy whatever they can, over runs of one sequence: real messages on the real
//! fold. What a plan shares is in [`mates`]; here is which plans there are, and what must hold.

mod mates;
mod run;

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};

use round::{Cause, Member, Sequence, Terms, Time};
use stateright::{Model, Property};

use run::End;

/// Honest leaves, from 0; the colluders are the leaves after them.
const HONEST: u32 = 2;
const MEMBERS: u32 = 5;
const RUNS: u32 = 3;

/// One thing that colluders do which nobody should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deed {
    /// One root in two hands.
    OneRoot,
    /// One x in two hands.
    OneShare,
    /// x and -x.
    NegatedShare,
    /// Root and x of the run before.
    KeptSecrets,
    /// The key of a friend, with an own proof.
    FriendsKey,
    /// The key of somebody honest, with an own proof.
    HonestKey,
    /// JOINs are tried until two have one tag.
    OneTag,
    /// A friend's ciphertexts.
    CopiedCiphertexts,
    /// Somebody honest's ciphertexts.
    HonestCiphertexts,
    /// One adds to a sum what the other takes away.
    CancellingSums,
    /// A sum that is off by one.
    WrongSum,
    /// A friend's sums.
    CopiedSums,
    /// Two change one byte alike.
    CancellingVectors,
    /// One byte of every slot.
    Damage,
    /// A friend's vector.
    CopiedVector,
    /// A NOGO about the tags, before any DC.
    NogoAtTags,
    /// A NOGO about the tags when all DC stand.
    LateNogoAtTags,
    /// A NOGO about the vectors.
    NogoAtVectors,
    /// A friend's root is shown.
    FriendsRoot,
    /// No root is shown.
    NoRoot,
    /// LEAVE while roots are awaited.
    LeaveAtReveals,
}

use Deed::{
    CancellingSums, CancellingVectors, CopiedCiphertexts, CopiedSums, CopiedVector, Damage,
    FriendsKey, FriendsRoot, HonestCiphertexts, HonestKey, KeptSecrets, LateNogoAtTags,
    LeaveAtReveals, NegatedShare, NoRoot, NogoAtTags, NogoAtVectors, OneRoot, OneShare, OneTag,
    WrongSum,
};

const DEEDS: [Deed; 21] = [
    OneRoot,
    OneShare,
    NegatedShare,
    KeptSecrets,
    FriendsKey,
    HonestKey,
    OneTag,
    CopiedCiphertexts,
    HonestCiphertexts,
    CancellingSums,
    WrongSum,
    CopiedSums,
    CancellingVectors,
    Damage,
    CopiedVector,
    NogoAtTags,
    LateNogoAtTags,
    NogoAtVectors,
    FriendsRoot,
    NoRoot,
    LeaveAtReveals,
];

/// What the colluders do in one run.
pub type Plan = BTreeSet<Deed>;

/// The model.
pub struct Colluders {
    /// Most deeds in the first run.
    pub first: usize,
    /// Most deeds in each run after it.
    pub later: usize,
}

/// Where a sequence stands before a run, and how the runs so far went.
#[derive(Clone)]
pub struct State {
    fold: Sequence,
    texts: bool,
    nobody_out: bool,
    honest_blamed: bool,
    harmless_disturbed: bool,
    shared_tag: bool,
    honest_copied: bool,
}

impl State {
    fn key(&self) -> (Vec<u32>, u32, bool, [bool; 6]) {
        let flags = [
            self.texts,
            self.nobody_out,
            self.honest_blamed,
            self.harmless_disturbed,
            self.shared_tag,
            self.honest_copied,
        ];
        let fold = &self.fold;
        (fold.roster(), fold.run_number(), fold.is_over(), flags)
    }
}

/// Every run draws anew, so logs that left the same members over mean the same.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.key().fmt(f)
    }
}

/// What does no harm by itself: the run opens although somebody does it.
fn is_harmless(plan: &Plan) -> bool {
    let harmless = [OneRoot, NegatedShare, KeptSecrets];
    plan.iter().all(|deed| harmless.contains(deed))
}

impl Model for Colluders {
    type State = State;
    type Action = Plan;

    fn init_states(&self) -> Vec<State> {
        let member = |leaf| Member {
            leaf,
            signature_key: vec![u8::try_from(leaf).unwrap_or(u8::MAX) + 1; 32],
        };
        let terms = Terms {
            ctx0: [7; 32],
            side: None,
            lanes: 1,
            slot_bytes: 64,
            phase_ms: 1000,
            opening: (0..MEMBERS).map(member).collect(),
            floor: 2,
        };
        let at = Time {
            time_ms: 0,
            head: [1; 32],
        };
        let fold = Sequence::begin(terms, at).expect("these terms can be played");
        vec![State {
            fold,
            texts: false,
            nobody_out: false,
            honest_blamed: false,
            harmless_disturbed: false,
            shared_tag: false,
            honest_copied: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Plan>) {
        if state.fold.is_over() || state.fold.run_number() > RUNS || state.texts {
            return;
        }
        let mut plans: BTreeSet<Plan> = BTreeSet::from([Plan::new()]);
        let most = match state.fold.run_number() {
            1 => self.first,
            _ => self.later,
        };
        for _ in 0..most {
            let longer = plans
                .iter()
                .flat_map(|plan| DEEDS.map(|deed| plan.iter().copied().chain([deed]).collect()));
            plans = plans.iter().cloned().chain(longer).collect();
        }
        actions.extend(plans);
    }

    fn next_state(&self, state: &State, plan: Plan) -> Option<State> {
        let (fold, end) = run::play(state.fold.clone(), &plan);
        let mut next = State {
            fold,
            ..state.clone()
        };
        match end {
            End::Texts => next.texts = true,
            End::Without(out) => {
                next.nobody_out |= out.is_empty();
                next.harmless_disturbed |= is_harmless(&plan);
                next.shared_tag |= out.iter().any(|(_, why)| *why == Cause::SharedTag);
                let blamed = |(leaf, why): &(u32, Cause)| *leaf < HONEST && why.is_disruption();
                next.honest_blamed |= out.iter().any(blamed);
                let copied =
                    |(leaf, why): &(u32, Cause)| *leaf < HONEST && *why == Cause::CopiedShare;
                next.honest_copied |= out.iter().any(copied);
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always(
                "p4: nobody honest is called a disruptor",
                |_, state: &State| !state.honest_blamed,
            ),
            Property::<Self>::always(
                "p5: every run without texts leaves somebody out",
                |_, state: &State| !state.nobody_out,
            ),
            Property::<Self>::always(
                "harmless: what two share and use well disturbs nothing",
                |_, state: &State| !state.harmless_disturbed,
            ),
            Property::<Self>::always(
                "copied: nobody honest is left out for what others copy",
                |_, state: &State| !state.honest_copied,
            ),
            Property::<Self>::sometimes("a shared tag costs", |_, state: &State| state.shared_tag),
            Property::<Self>::sometimes("texts after two disturbed runs", |_, state: &State| {
                state.texts && state.fold.run_number() == 3
            }),
        ]
    }
}
