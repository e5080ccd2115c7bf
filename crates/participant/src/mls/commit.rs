//! Commits: made here, received from others, and what they do to the membership.

use openmls::prelude::{LeafNodeIndex, MlsGroup, OpenMlsProvider, StagedCommit};
use tls_codec::Serialize as _;

use super::key_package::{can_be_sealed_to, fits};
use super::{CheckedKeyPackage, Group, Leaf, MlsError, SeatKey, request_hash};

/// A member added by a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedLeaf {
    /// Hash of the key package, see [`request_hash`].
    pub request: [u8; 32],
    /// Where it will sit, and its key.
    pub leaf: Leaf,
}

/// What a commit does to the membership.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Membership {
    /// In the order of their proposals.
    pub added: Vec<AddedLeaf>,
    /// Leaves that go.
    pub removed: Vec<u32>,
}

/// A commit made here and not yet in the log.
pub struct MadeCommit {
    /// The MLS message for everybody.
    pub commit: Vec<u8>,
    /// The Welcome for those added, if any.
    pub welcome: Option<Vec<u8>>,
}

/// A commit that stands in the log and is not applied yet.
pub enum ReceivedCommit {
    /// Of another member, verified by MLS.
    Foreign(Box<StagedCommit>),
    /// The one that this node made and that waits in the group.
    Pending,
}

impl Group {
    /// Makes a commit that adds and removes; it waits until merged or cleared. Where that fails,
    /// nothing is changed.
    pub fn commit(
        &mut self,
        key: &SeatKey,
        adds: &[CheckedKeyPackage],
        removes: &[u32],
        aad: Vec<u8>,
    ) -> Result<MadeCommit, MlsError> {
        let made = self.try_commit(key, adds, removes, aad);
        if made.is_err() {
            self.go_back()?;
        }
        made
    }

    /// What [`Group::commit`] would make; `None` where it cannot. Nothing is changed.
    pub fn attempt_commit(
        &mut self,
        key: &SeatKey,
        adds: &[CheckedKeyPackage],
        removes: &[u32],
        aad: Vec<u8>,
    ) -> Result<Option<MadeCommit>, MlsError> {
        let made = self.try_commit(key, adds, removes, aad);
        self.go_back()?;
        Ok(made.ok())
    }

    fn try_commit(
        &mut self,
        key: &SeatKey,
        adds: &[CheckedKeyPackage],
        removes: &[u32],
        aad: Vec<u8>,
    ) -> Result<MadeCommit, MlsError> {
        self.group.set_aad(aad);
        let bundle = self
            .group
            .commit_builder()
            .propose_adds(adds.iter().map(|k| k.0.clone()))
            .propose_removals(removes.iter().map(|leaf| LeafNodeIndex::new(*leaf)))
            .force_self_update(true)
            .load_psks(self.provider.storage())
            .map_err(|e| MlsError::of("commit", e))?
            .build(self.provider.rand(), self.provider.crypto(), &key.0, |_| {
                true
            })
            .map_err(|e| MlsError::of("commit", e))?
            .stage_commit(&self.provider)
            .map_err(|e| MlsError::of("commit", e))?;
        let (commit, welcome, _) = bundle.into_messages();
        let commit = commit
            .tls_serialize_detached()
            .map_err(|e| MlsError::of("commit", e))?;
        let welcome = welcome.map(|w| w.tls_serialize_detached()).transpose();
        Ok(MadeCommit {
            commit,
            welcome: welcome.map_err(|e| MlsError::of("commit", e))?,
        })
    }

    /// Is a commit of this node waiting for the log?
    pub fn has_pending_commit(&self) -> bool {
        self.group.pending_commit().is_some()
    }

    pub(super) fn staged<'a>(
        &'a self,
        commit: &'a ReceivedCommit,
    ) -> Result<&'a StagedCommit, MlsError> {
        match commit {
            ReceivedCommit::Foreign(staged) => Ok(staged),
            ReceivedCommit::Pending => {
                let pending = self.group.pending_commit();
                pending.ok_or_else(|| MlsError("commit: none is pending".into()))
            }
        }
    }

    /// What a commit by the member at `leaf` does, where it is one that rooms use: it adds and removes
    /// whole seats, what it adds fits, and its author's leaf keeps all but its encryption key.
    pub fn membership(&self, commit: &ReceivedCommit, leaf: u32) -> Result<Membership, MlsError> {
        let staged = self.staged(commit)?;
        let crypto = self.provider.crypto();
        let mut added = staged.add_proposals();
        let all_fit = added.all(|add| fits(add.add_proposal().key_package(), crypto));
        let before = self.group.public_group().leaf(LeafNodeIndex::new(leaf));
        let same = match (before, staged.update_path_leaf_node()) {
            (Some(before), Some(after)) => {
                before.signature_key() == after.signature_key()
                    && before.credential() == after.credential()
                    && before.capabilities() == after.capabilities()
                    && before.extensions() == after.extensions()
                    && can_be_sealed_to(crypto, after.encryption_key())
            }
            (_, None) | (None, _) => false,
        };
        match all_fit && same {
            true => membership_of(&self.group, staged),
            false => Err(MlsError("commit: not of the form that rooms use".into())),
        }
    }

    /// Drops this node's own commit, which another came before.
    pub fn clear_pending(&mut self) -> Result<(), MlsError> {
        let cleared = self.group.clear_pending_commit(self.provider.storage());
        cleared.map_err(|e| MlsError::of("clear", e))
    }

    /// Enters the epoch that a commit begins; a pending one of this node is dropped.
    pub fn merge(&mut self, commit: ReceivedCommit) -> Result<(), MlsError> {
        let merged = match commit {
            ReceivedCommit::Pending => {
                let merged = self.group.merge_pending_commit(&self.provider);
                return merged.map_err(|e| MlsError::of("merge", e));
            }
            ReceivedCommit::Foreign(staged) => {
                if self.has_pending_commit() {
                    self.clear_pending()?;
                }
                self.group.merge_staged_commit(&self.provider, *staged)
            }
        };
        merged.map_err(|e| MlsError::of("merge", e))
    }
}

/// Only adds and removals of whole seats are known here: a commit with anything else is refused.
fn membership_of(group: &MlsGroup, staged: &StagedCommit) -> Result<Membership, MlsError> {
    let known = staged.add_proposals().count() + staged.remove_proposals().count();
    if staged.queued_proposals().count() != known {
        return Err(MlsError("commit: a proposal that no room uses".into()));
    }
    let removed: Vec<u32> = staged
        .remove_proposals()
        .map(|p| p.remove_proposal().removed().u32())
        .collect();
    let mut free = free_leaves(group, &removed).into_iter();
    let mut added = Vec::new();
    for add in staged.add_proposals() {
        let package = add.add_proposal().key_package();
        let bytes = package
            .tls_serialize_detached()
            .map_err(|e| MlsError::of("key package", e))?;
        let leaf = free
            .next()
            .ok_or_else(|| MlsError("commit: no leaf is free".into()))?;
        let signature_key = package.leaf_node().signature_key().as_slice().to_vec();
        added.push(AddedLeaf {
            request: request_hash(&bytes),
            leaf: Leaf {
                leaf,
                signature_key,
            },
        });
    }
    Ok(Membership { added, removed })
}

/// New members take the leftmost empty leaves, in the order of proposals, after removals
/// (RFC 9420, sections 7.7 and 12.4.2).
fn free_leaves(group: &MlsGroup, removed: &[u32]) -> Vec<u32> {
    let taken: Vec<u32> = group
        .members()
        .map(|m| m.index.u32())
        .filter(|leaf| !removed.contains(leaf))
        .collect();
    let most = u32::try_from(taken.len())
        .unwrap_or(u32::MAX)
        .saturating_add(crate::limits::MAX_SEATS);
    (0..most).filter(|leaf| !taken.contains(leaf)).collect()
}
