//! One MLS group (RFC 9420), as a room needs it: the only file that names the MLS library.
//! Storage of the library is captured row by row, so that a step's writes leave in one transaction.

use std::collections::BTreeMap;

use openmls::prelude::{
    BasicCredential, Ciphersuite, CredentialWithKey, GroupId, KeyPackage, KeyPackageIn,
    LeafNodeIndex, Lifetime, MlsGroup, MlsGroupCreateConfig, MlsGroupJoinConfig, MlsMessageBodyIn,
    MlsMessageIn, OpenMlsProvider, PURE_CIPHERTEXT_WIRE_FORMAT_POLICY, ProcessedMessageContent,
    ProtocolMessage, ProtocolVersion, Sender, SenderRatchetConfiguration, StagedCommit,
    StagedWelcome, WireFormatPolicy,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_libcrux_crypto::Provider;
use sha2::{Digest as _, Sha256};
use tls_codec::{DeserializeBytes as _, Serialize as _};
use zeroize::Zeroizing;

/// The post-quantum hybrid suite of every room.
const SUITE: Ciphersuite = Ciphersuite::MLS_256_XWING_CHACHA20POLY1305_SHA256_Ed25519;
/// Its number in the registry of RFC 9420, section 17.1.
pub const SUITE_NUMBER: u16 = SUITE as u16;
/// Out-of-order tolerance: the log is totally ordered, so a small window is plenty.
const RATCHET: (u32, u32) = (8, 1000);

/// Why the MLS library refused; never shown to the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MlsError(String);

impl MlsError {
    fn of(step: &'static str, error: impl std::fmt::Display) -> MlsError {
        MlsError(format!("{step}: {error}"))
    }

    /// More bytes than the largest bucket holds.
    pub(crate) fn too_large() -> MlsError {
        MlsError("message: larger than the largest bucket".into())
    }

    /// A caucus names places of the plenary's log that do not come.
    pub(crate) fn too_many_held() -> MlsError {
        MlsError("caucus: too many entries wait for the plenary".into())
    }

    /// Two parts of the core disagree about what they checked.
    pub(crate) fn inconsistent() -> MlsError {
        MlsError("commit: judged valid, and then refused by the fold".into())
    }
}

impl std::fmt::Display for MlsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A change of the library's storage: a key, and its new value or none.
pub type StoredChange = (Vec<u8>, Option<Zeroizing<Vec<u8>>>);

/// The signature key of one seat in one dialogue; vouched by voice, never certified.
pub struct SeatKey(SignatureKeyPair);

impl SeatKey {
    /// A fresh Ed25519 key pair, drawn from the system's randomness.
    pub fn generate() -> Result<SeatKey, MlsError> {
        SignatureKeyPair::new(SUITE.signature_algorithm())
            .map(SeatKey)
            .map_err(|e| MlsError::of("key pair", e))
    }

    /// Bytes for the vault alone.
    pub fn to_vault(&self) -> Result<Zeroizing<Vec<u8>>, MlsError> {
        let bytes = self.0.tls_serialize_detached();
        bytes
            .map(Zeroizing::new)
            .map_err(|e| MlsError::of("key pair", e))
    }

    /// Reads what [`SeatKey::to_vault`] wrote.
    pub fn from_vault(bytes: &[u8]) -> Result<SeatKey, MlsError> {
        SignatureKeyPair::tls_deserialize_exact_bytes(bytes)
            .map(SeatKey)
            .map_err(|e| MlsError::of("key pair", e))
    }

    /// The public half: 32 bytes.
    pub fn public(&self) -> &[u8] {
        self.0.public()
    }

    fn credential(&self) -> CredentialWithKey {
        // Names live in the room's encrypted events; the credential repeats only the key.
        CredentialWithKey {
            credential: BasicCredential::new(self.0.public().to_vec()).into(),
            signature_key: self.0.public().into(),
        }
    }
}

/// A key package as received, checked for signature and suite.
#[derive(Clone)]
pub struct CheckedKeyPackage(KeyPackage);

impl CheckedKeyPackage {
    /// Parses and verifies (RFC 9420, section 10.1). Expiry is judged elsewhere, by log time.
    pub fn parse(bytes: &[u8]) -> Result<CheckedKeyPackage, MlsError> {
        let provider = new_provider()?;
        let parsed = KeyPackageIn::tls_deserialize_exact_bytes(bytes)
            .map_err(|e| MlsError::of("key package", e))?
            .validate(provider.crypto(), ProtocolVersion::Mls10)
            .map_err(|e| MlsError::of("key package", e))?;
        if parsed.ciphersuite() != SUITE {
            return Err(MlsError("key package: another suite".into()));
        }
        Ok(CheckedKeyPackage(parsed))
    }

    /// The signature key of the seat that made it.
    pub fn signature_key(&self) -> &[u8] {
        self.0.leaf_node().signature_key().as_slice()
    }
}

/// SHA-256 of a key package's bytes: how requests are named in events.
pub fn request_hash(key_package: &[u8]) -> [u8; 32] {
    Sha256::digest(key_package).into()
}

/// One member as the tree holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Leaf index.
    pub leaf: u32,
    /// Signature key.
    pub signature_key: Vec<u8>,
}

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

/// A foreign commit, verified by MLS and not yet applied.
pub struct ReceivedCommit(Box<StagedCommit>);

/// What an entry turned out to hold.
pub enum Opened {
    /// An application message by the member at `leaf`.
    Application {
        /// Its author.
        leaf: u32,
        /// Plaintext.
        bytes: Zeroizing<Vec<u8>>,
    },
    /// A commit by the member at `leaf`.
    Commit {
        /// Its author.
        leaf: u32,
        /// Authenticated data.
        aad: Vec<u8>,
        /// To be merged if the fold accepts it.
        commit: ReceivedCommit,
    },
    /// It claims this node's own leaf: to be matched with what was sent.
    Own,
}

/// The members' state of one room, with its storage.
pub struct Group {
    provider: Provider,
    group: MlsGroup,
    seen: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// A key package waiting for its Welcome: private parts in memory and in the vault.
pub struct Waiting {
    provider: Provider,
    seen: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The public part, to be handed to whoever adds this seat.
    pub key_package: Vec<u8>,
}

fn new_provider() -> Result<Provider, MlsError> {
    Provider::new().map_err(|e| MlsError::of("provider", e))
}

fn provider_with(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Result<Provider, MlsError> {
    let provider = new_provider()?;
    let values = provider.storage().values.write();
    values
        .map_err(|e| MlsError::of("storage", e))?
        .extend(rows.iter().map(|(k, v)| (k.clone(), v.clone())));
    Ok(provider)
}

/// The difference between the library's storage and what was captured before, which it updates.
fn capture(
    provider: &Provider,
    seen: &mut BTreeMap<Vec<u8>, Vec<u8>>,
) -> Result<Vec<StoredChange>, MlsError> {
    let values = provider
        .storage()
        .values
        .read()
        .map_err(|e| MlsError::of("storage", e))?;
    let gone: Vec<Vec<u8>> = seen
        .keys()
        .filter(|k| !values.contains_key(*k))
        .cloned()
        .collect();
    let mut changes: Vec<StoredChange> = Vec::new();
    for key in gone {
        seen.remove(&key);
        changes.push((key, None));
    }
    for (key, value) in values.iter() {
        if seen.get(key) != Some(value) {
            seen.insert(key.clone(), value.clone());
            changes.push((key.clone(), Some(Zeroizing::new(value.clone()))));
        }
    }
    // The library's map has no order of its own; a step's writes do.
    changes.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(changes)
}

fn ratchet() -> SenderRatchetConfiguration {
    SenderRatchetConfiguration::new(RATCHET.0, RATCHET.1)
}

fn wire_format() -> WireFormatPolicy {
    PURE_CIPHERTEXT_WIRE_FORMAT_POLICY
}

impl Waiting {
    /// Makes a key package that never expires for MLS: expiry is judged by log time.
    pub fn generate(key: &SeatKey) -> Result<Waiting, MlsError> {
        let provider = new_provider()?;
        let bundle = KeyPackage::builder()
            .key_package_lifetime(Lifetime::init(0, u64::MAX))
            .build(SUITE, &provider, &key.0, key.credential())
            .map_err(|e| MlsError::of("key package", e))?;
        let key_package = bundle
            .key_package()
            .tls_serialize_detached()
            .map_err(|e| MlsError::of("key package", e))?;
        Ok(Waiting {
            provider,
            seen: BTreeMap::new(),
            key_package,
        })
    }

    /// Continues from the vault's rows.
    pub fn load(
        rows: BTreeMap<Vec<u8>, Vec<u8>>,
        key_package: Vec<u8>,
    ) -> Result<Waiting, MlsError> {
        let provider = provider_with(&rows)?;
        Ok(Waiting {
            provider,
            seen: rows,
            key_package,
        })
    }

    /// What the vault does not have yet.
    pub fn changes(&mut self) -> Result<Vec<StoredChange>, MlsError> {
        capture(&self.provider, &mut self.seen)
    }

    /// Joins by a Welcome (RFC 9420, section 12.4.3.1); on failure the key package is kept.
    pub fn join(self, welcome: &[u8]) -> Result<Group, (Box<Waiting>, MlsError)> {
        match self.join_group(welcome) {
            Ok(group) => Ok(Group {
                provider: self.provider,
                group,
                seen: self.seen,
            }),
            Err(error) => Err((Box::new(self), error)),
        }
    }

    fn join_group(&self, welcome: &[u8]) -> Result<MlsGroup, MlsError> {
        let message = MlsMessageIn::tls_deserialize_exact_bytes(welcome)
            .map_err(|e| MlsError::of("welcome", e))?;
        let MlsMessageBodyIn::Welcome(welcome) = message.extract() else {
            return Err(MlsError("welcome: another kind of message".into()));
        };
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(wire_format())
            .use_ratchet_tree_extension(true)
            .sender_ratchet_configuration(ratchet())
            .max_past_epochs(0)
            .build();
        StagedWelcome::build_from_welcome(&self.provider, &config, welcome)
            .map_err(|e| MlsError::of("welcome", e))?
            .build()
            .map_err(|e| MlsError::of("welcome", e))?
            .into_group(&self.provider)
            .map_err(|e| MlsError::of("welcome", e))
    }
}

impl Group {
    /// Founds a group with this seat as its only member.
    pub fn found(key: &SeatKey, id: &[u8; 32]) -> Result<Group, MlsError> {
        let provider = new_provider()?;
        let config = MlsGroupCreateConfig::builder()
            .ciphersuite(SUITE)
            .wire_format_policy(wire_format())
            .use_ratchet_tree_extension(true)
            .sender_ratchet_configuration(ratchet())
            .max_past_epochs(0)
            .lifetime(Lifetime::init(0, u64::MAX))
            .build();
        let id = GroupId::from_slice(id);
        let group = MlsGroup::new_with_group_id(&provider, &key.0, &config, id, key.credential())
            .map_err(|e| MlsError::of("found", e))?;
        Ok(Group {
            provider,
            group,
            seen: BTreeMap::new(),
        })
    }

    /// Continues from the vault's rows.
    pub fn load(rows: BTreeMap<Vec<u8>, Vec<u8>>, id: &[u8; 32]) -> Result<Group, MlsError> {
        let provider = provider_with(&rows)?;
        let group = MlsGroup::load(provider.storage(), &GroupId::from_slice(id))
            .map_err(|e| MlsError::of("load", e))?
            .ok_or_else(|| MlsError("load: no such group in the vault".into()))?;
        Ok(Group {
            provider,
            group,
            seen: rows,
        })
    }

    /// What the vault does not have yet.
    pub fn changes(&mut self) -> Result<Vec<StoredChange>, MlsError> {
        capture(&self.provider, &mut self.seen)
    }

    /// The group's id: the room's mailbox.
    pub fn id(&self) -> &[u8] {
        self.group.group_id().as_slice()
    }

    /// The current epoch.
    pub fn epoch(&self) -> u64 {
        self.group.epoch().as_u64()
    }

    /// The epoch authenticator (RFC 9420, section 8.7).
    pub fn epoch_authenticator(&self) -> Vec<u8> {
        self.group.epoch_authenticator().as_slice().to_vec()
    }

    /// This node's leaf.
    pub fn own_leaf(&self) -> u32 {
        self.group.own_leaf_index().u32()
    }

    /// All members, by leaf.
    pub fn leaves(&self) -> Vec<Leaf> {
        let members = self.group.members();
        members
            .map(|m| Leaf {
                leaf: m.index.u32(),
                signature_key: m.signature_key,
            })
            .collect()
    }

    /// An exporter secret of this epoch (RFC 9420, section 8.5), bound to the group id.
    pub fn export(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        let secret = self
            .group
            .export_secret(self.provider.crypto(), label, self.id(), 32);
        exported(secret.map_err(|e| MlsError::of("export", e))?)
    }

    /// The same, of the epoch that this node's own pending commit begins.
    pub fn export_pending(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        let staged = self.group.pending_commit();
        let staged = staged.ok_or_else(|| MlsError("export: no pending commit".into()))?;
        let secret = staged.export_secret(self.provider.crypto(), label, self.id(), 32);
        exported(secret.map_err(|e| MlsError::of("export", e))?)
    }

    /// The same, of the epoch that a received commit begins; an error for somebody removed by it.
    pub fn export_staged(
        &self,
        commit: &ReceivedCommit,
        label: &str,
    ) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        let secret = commit
            .0
            .export_secret(self.provider.crypto(), label, self.id(), 32);
        exported(secret.map_err(|e| MlsError::of("export", e))?)
    }

    /// Encrypts an application message; its ratchet step is in the next [`Group::changes`].
    pub fn encrypt(&mut self, key: &SeatKey, bytes: &[u8]) -> Result<Vec<u8>, MlsError> {
        self.group
            .create_message(&self.provider, &key.0, bytes)
            .map_err(|e| MlsError::of("encrypt", e))?
            .tls_serialize_detached()
            .map_err(|e| MlsError::of("encrypt", e))
    }

    /// Makes a commit that adds and removes; it waits until merged or cleared.
    pub fn commit(
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

    /// What this node's pending commit does.
    pub fn pending_membership(&self) -> Result<Membership, MlsError> {
        let staged = self.group.pending_commit();
        let staged = staged.ok_or_else(|| MlsError("no pending commit".into()))?;
        membership_of(&self.group, staged)
    }

    /// What a received commit does.
    pub fn membership(&self, commit: &ReceivedCommit) -> Result<Membership, MlsError> {
        membership_of(&self.group, &commit.0)
    }

    /// Enters the epoch of this node's own commit.
    pub fn merge_pending(&mut self) -> Result<(), MlsError> {
        let merged = self.group.merge_pending_commit(&self.provider);
        merged.map_err(|e| MlsError::of("merge", e))
    }

    /// Drops this node's own commit, which another came before.
    pub fn clear_pending(&mut self) -> Result<(), MlsError> {
        let cleared = self.group.clear_pending_commit(self.provider.storage());
        cleared.map_err(|e| MlsError::of("clear", e))
    }

    /// Enters the epoch of a received commit; a pending one of this node is dropped.
    pub fn merge(&mut self, commit: ReceivedCommit) -> Result<(), MlsError> {
        if self.has_pending_commit() {
            self.clear_pending()?;
        }
        let merged = self.group.merge_staged_commit(&self.provider, *commit.0);
        merged.map_err(|e| MlsError::of("merge", e))
    }

    /// Decrypts and verifies one message of the current epoch.
    pub fn open(&mut self, bytes: &[u8]) -> Result<Opened, MlsError> {
        let message = MlsMessageIn::tls_deserialize_exact_bytes(bytes)
            .map_err(|e| MlsError::of("message", e))?;
        let MlsMessageBodyIn::PrivateMessage(private) = message.extract() else {
            return Err(MlsError("message: not a private message".into()));
        };
        let message = ProtocolMessage::from(private);
        if message.epoch() != self.group.epoch() {
            return Err(MlsError("message: of another epoch".into()));
        }
        let processed = self
            .group
            .process_message(&self.provider, message)
            .map_err(|e| MlsError::of("message", e))?;
        let leaf = match processed.sender() {
            Sender::Member(leaf) => leaf.u32(),
            Sender::External(_) | Sender::NewMemberProposal | Sender::NewMemberCommit => {
                return Err(MlsError("message: its sender is no member".into()));
            }
        };
        let aad = processed.aad().to_vec();
        match processed.into_content() {
            ProcessedMessageContent::ApplicationMessage(message) => Ok(Opened::Application {
                leaf,
                bytes: Zeroizing::new(message.into_bytes()),
            }),
            ProcessedMessageContent::StagedCommitMessage(commit) => Ok(Opened::Commit {
                leaf,
                aad,
                commit: ReceivedCommit(commit),
            }),
            ProcessedMessageContent::OwnPrivateMessage => Ok(Opened::Own),
            ProcessedMessageContent::OwnPendingCommit
            | ProcessedMessageContent::ProposalMessage(_)
            | ProcessedMessageContent::ExternalJoinProposalMessage(_) => {
                Err(MlsError("message: a kind that no room uses".into()))
            }
        }
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

fn exported(secret: Vec<u8>) -> Result<Zeroizing<[u8; 32]>, MlsError> {
    let secret = Zeroizing::new(secret);
    let array = <[u8; 32]>::try_from(secret.as_slice());
    array
        .map(Zeroizing::new)
        .map_err(|e| MlsError::of("export", e))
}
