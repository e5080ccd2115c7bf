//! Who takes part in a run, and in which order.

use std::collections::BTreeSet;

use tls_codec::{TlsDeserialize, TlsDeserializeBytes, TlsSerialize, TlsSize};

use crate::hash::{Hash, hash};

/// One member as the room's MLS group knew it at START.
#[derive(
    Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserialize, TlsDeserializeBytes, TlsSize,
)]
pub struct Member {
    /// Its leaf index in the group.
    pub leaf: u32,
    /// Its leaf's signature key.
    pub signature_key: Vec<u8>,
}

/// A member's place in one run: its rank among the ids of that run.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    TlsSerialize,
    TlsDeserialize,
    TlsDeserializeBytes,
    TlsSize,
)]
pub struct MemberIndex(pub u16);

/// The members of one run in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    placed: Vec<(Hash, Member)>,
}

impl Roster {
    /// Orders `members` by `H("id", ctx_r, leaf, signature key)`.
    pub(crate) fn place(ctx: &Hash, members: &[Member]) -> Self {
        let id = |member: &Member| hash("id", &(*ctx, member.leaf, member.signature_key.clone()));
        let mut placed: Vec<_> = members.iter().map(|m| (id(m), m.clone())).collect();
        placed.sort_by_key(|(id, _)| *id);
        Self { placed }
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.placed.len()
    }

    /// Whether there is nobody. Never so in a run.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// All indices in order.
    pub fn indices(&self) -> impl Iterator<Item = MemberIndex> + use<> {
        (0u16..).take(self.placed.len()).map(MemberIndex)
    }

    /// The members in the order of their indices.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.placed.iter().map(|(_, member)| member)
    }

    /// The leaf at an index.
    #[must_use]
    pub fn leaf(&self, index: MemberIndex) -> Option<u32> {
        self.placed.get(usize::from(index.0)).map(|(_, m)| m.leaf)
    }

    /// The id at an index.
    #[must_use]
    pub fn id(&self, index: MemberIndex) -> Option<&Hash> {
        self.placed.get(usize::from(index.0)).map(|(id, _)| id)
    }

    /// The index of a leaf.
    #[must_use]
    pub fn index_of(&self, leaf: u32) -> Option<MemberIndex> {
        self.indices()
            .zip(self.members())
            .find(|(_, member)| member.leaf == leaf)
            .map(|(index, _)| index)
    }

    /// Leaves of some indices, in ascending order.
    pub(crate) fn leaves(&self, of: &BTreeSet<MemberIndex>) -> Vec<u32> {
        let mut leaves: Vec<u32> = of.iter().filter_map(|index| self.leaf(*index)).collect();
        leaves.sort_unstable();
        leaves
    }
}

/// The hash that binds a run to its members: leaf and signature key, by ascending leaf.
pub(crate) fn roster_hash(members: &[Member]) -> Hash {
    let mut sorted = members.to_vec();
    sorted.sort_by_key(|member| member.leaf);
    hash("roster", &sorted)
}
