//! MLS on paper, for the simulator alone: the same groups, epochs, messages and exporters as the MLS
//! file, without any cryptography and without chance. A program with it protects nobody, so `node`
//! does not compile with it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use tls_codec::{DeserializeBytes, TlsDeserializeBytes, TlsSerialize, TlsSize, VLBytes};
use zeroize::Zeroizing;

/// The number that the real suite has, so that contexts are of one form.
pub const SUITE_NUMBER: u16 = 0x004D;
/// As with MLS: how far behind the newest message of a member another may come, and how far ahead.
const RATCHET: (u64, u64) = (8, 1000);
/// The one row that a group has in the vault.
const ROW: &[u8] = b"paper";

thread_local! {
    static DRAWN: Cell<u64> = const { Cell::new(0) };
}

/// Keys are numbered from here on in this thread: what a seed plays is then the same every time.
pub fn number_keys_from(first: u64) {
    DRAWN.set(first);
}

fn draw() -> [u8; 32] {
    let number = DRAWN.get();
    DRAWN.set(number + 1);
    digest(&[b"key", &number.to_be_bytes()])
}

fn exported(secret: &[u8; 32], label: &str, context: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(digest(&[b"export", secret, label.as_bytes(), context]))
}

fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"tracktwo/paper");
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// Why a group refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MlsError(&'static str);

impl MlsError {
    pub(crate) fn too_large() -> MlsError {
        MlsError("message: larger than the largest bucket")
    }

    pub(crate) fn inconsistent() -> MlsError {
        MlsError("commit: judged valid, and then refused by the fold")
    }
}

impl std::fmt::Display for MlsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// A change of the group's storage: a key, and its new value or none.
pub type StoredChange = (Vec<u8>, Option<Zeroizing<Vec<u8>>>);

fn encode(value: &impl tls_codec::Serialize) -> Vec<u8> {
    value
        .tls_serialize_detached()
        .expect("far shorter than 2^30 bytes")
}

fn decode<T: DeserializeBytes>(bytes: &[u8]) -> Result<T, MlsError> {
    T::tls_deserialize_exact_bytes(bytes).map_err(|_| MlsError("damaged bytes"))
}

/// The name of one seat in one dialogue.
pub struct SeatKey([u8; 32]);

impl SeatKey {
    pub fn generate() -> Result<SeatKey, MlsError> {
        Ok(SeatKey(draw()))
    }

    pub fn to_vault(&self) -> Result<Zeroizing<Vec<u8>>, MlsError> {
        Ok(Zeroizing::new(self.0.to_vec()))
    }

    pub fn from_vault(bytes: &[u8]) -> Result<SeatKey, MlsError> {
        let key = bytes.try_into().map_err(|_| MlsError("key pair"))?;
        Ok(SeatKey(key))
    }

    pub fn public(&self) -> &[u8] {
        &self.0
    }

    pub fn sign(&self, labelled: &[u8]) -> Result<Vec<u8>, MlsError> {
        Ok(digest(&[b"signature", &self.0, labelled]).to_vec())
    }
}

#[derive(Clone, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct KeyPackage {
    signature_key: [u8; 32],
    number: [u8; 32],
}

/// A key package as received.
#[derive(Clone)]
pub struct CheckedKeyPackage(KeyPackage);

impl CheckedKeyPackage {
    pub fn parse(bytes: &[u8]) -> Result<CheckedKeyPackage, MlsError> {
        decode(bytes).map(CheckedKeyPackage)
    }

    pub fn signature_key(&self) -> &[u8] {
        &self.0.signature_key
    }
}

/// How requests are named in events.
pub fn request_hash(key_package: &[u8]) -> [u8; 32] {
    Sha256::digest(key_package).into()
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Leaf {
    pub leaf: u32,
    pub signature_key: Vec<u8>,
}

/// A member added by a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedLeaf {
    pub request: [u8; 32],
    pub leaf: Leaf,
}

/// What a commit does to the membership.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Membership {
    pub added: Vec<AddedLeaf>,
    pub removed: Vec<u32>,
}

/// A commit made here and not yet in the log.
pub struct MadeCommit {
    pub commit: Vec<u8>,
    pub welcome: Option<Vec<u8>>,
}

/// A commit that stands in the log and is not applied yet.
pub enum ReceivedCommit {
    Foreign(Proposed),
    Pending,
}

/// What a commit says.
#[derive(Clone, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Proposed {
    by: u32,
    aad: VLBytes,
    adds: Vec<KeyPackage>,
    removes: Vec<u32>,
    number: [u8; 32],
}

/// What kind of message stands in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An application message.
    Message,
    /// A commit.
    Commit,
}

/// A message of this group and epoch, not opened.
pub struct Incoming {
    sent: Sent,
    pub kind: Kind,
    pub aad: Vec<u8>,
}

/// What an entry turned out to hold.
pub enum Opened {
    Message(Zeroizing<Vec<u8>>),
    Commit(ReceivedCommit),
    #[expect(
        dead_code,
        reason = "on paper no commit is broken for one member alone"
    )]
    Unreadable,
    Nothing,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
enum Content {
    #[tls_codec(discriminant = 1)]
    Application(VLBytes),
    #[tls_codec(discriminant = 2)]
    Commit(Proposed),
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Sent {
    group: VLBytes,
    epoch: u64,
    leaf: u32,
    generation: u64,
    content: Content,
}

/// What has been heard of one member in this epoch: each message is opened once.
#[derive(Clone, Debug, Default, TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Heard {
    leaf: u32,
    kind: u8,
    next: u64,
    skipped: Vec<u64>,
}

#[derive(Clone, TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Kept {
    id: VLBytes,
    epoch: u64,
    secret: [u8; 32],
    members: Vec<Leaf>,
    own_leaf: u32,
    messages: u64,
    commits: u64,
    heard: Vec<Heard>,
    pending: Option<Proposed>,
}

/// One room's group.
pub struct Group {
    kept: Kept,
    captured: Vec<u8>,
}

/// A key package waiting for its Welcome.
pub struct Waiting {
    signature_key: [u8; 32],
    captured: bool,
    pub key_package: Vec<u8>,
}

impl Waiting {
    pub fn generate(key: &SeatKey) -> Result<Waiting, MlsError> {
        let package = KeyPackage {
            signature_key: key.0,
            number: draw(),
        };
        Ok(Waiting {
            signature_key: key.0,
            captured: false,
            key_package: encode(&package),
        })
    }

    pub fn load(_: BTreeMap<Vec<u8>, Vec<u8>>, key_package: Vec<u8>) -> Result<Waiting, MlsError> {
        let package: KeyPackage = decode(&key_package)?;
        Ok(Waiting {
            signature_key: package.signature_key,
            captured: true,
            key_package,
        })
    }

    pub fn changes(&mut self) -> Result<Vec<StoredChange>, MlsError> {
        let row = (ROW.to_vec(), Some(Zeroizing::new(self.key_package.clone())));
        let changes = (!self.captured).then_some(row);
        self.captured = true;
        Ok(changes.into_iter().collect())
    }

    pub fn rows(&self) -> impl Iterator<Item = Vec<u8>> {
        self.captured.then(|| ROW.to_vec()).into_iter()
    }

    pub fn join(&self, welcome: &[u8]) -> Result<Group, MlsError> {
        let mut kept = decode::<Kept>(welcome)?;
        let own = kept
            .members
            .iter()
            .find(|member| member.signature_key == self.signature_key);
        let Some(own_leaf) = own.map(|member| member.leaf) else {
            return Err(MlsError("welcome: for somebody else"));
        };
        kept.own_leaf = own_leaf;
        Ok(Group {
            kept,
            captured: Vec::new(),
        })
    }
}

impl Group {
    pub fn found(key: &SeatKey, id: &[u8; 32]) -> Result<Group, MlsError> {
        let own = Leaf {
            leaf: 0,
            signature_key: key.0.to_vec(),
        };
        let kept = Kept {
            id: id.to_vec().into(),
            epoch: 0,
            secret: draw(),
            members: vec![own],
            own_leaf: 0,
            messages: 0,
            commits: 0,
            heard: Vec::new(),
            pending: None,
        };
        Ok(Group {
            kept,
            captured: Vec::new(),
        })
    }

    pub fn load(rows: BTreeMap<Vec<u8>, Vec<u8>>, _: &[u8; 32]) -> Result<Group, MlsError> {
        let row = rows.get(ROW).ok_or(MlsError("load: no such group"))?;
        Ok(Group {
            kept: decode(row)?,
            captured: row.clone(),
        })
    }

    pub fn changes(&mut self) -> Result<Vec<StoredChange>, MlsError> {
        let row = encode(&self.kept);
        if row == self.captured {
            return Ok(Vec::new());
        }
        self.captured.clone_from(&row);
        Ok(vec![(ROW.to_vec(), Some(Zeroizing::new(row)))])
    }

    pub fn id(&self) -> &[u8] {
        self.kept.id.as_slice()
    }

    pub fn epoch(&self) -> u64 {
        self.kept.epoch
    }

    pub fn epoch_authenticator(&self) -> Vec<u8> {
        digest(&[b"authenticator", &self.kept.secret]).to_vec()
    }

    pub fn own_leaf(&self) -> u32 {
        self.kept.own_leaf
    }

    pub fn leaves(&self) -> Vec<Leaf> {
        self.kept.members.clone()
    }

    pub fn export(&self, label: &str) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        self.export_for(label, self.id())
    }

    pub fn export_for(&self, label: &str, context: &[u8]) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        Ok(exported(&self.kept.secret, label, context))
    }

    pub fn rows(&self) -> impl Iterator<Item = Vec<u8>> {
        (!self.captured.is_empty())
            .then(|| ROW.to_vec())
            .into_iter()
    }

    pub fn is_signed_by(&self, public: &[u8], labelled: &[u8], signature: &[u8]) -> bool {
        digest(&[b"signature", public, labelled]) == signature
    }

    fn proposed<'a>(&'a self, commit: &'a ReceivedCommit) -> Result<&'a Proposed, MlsError> {
        match commit {
            ReceivedCommit::Foreign(proposed) => Ok(proposed),
            ReceivedCommit::Pending => self
                .kept
                .pending
                .as_ref()
                .ok_or(MlsError("no pending commit")),
        }
    }

    pub fn export_staged(
        &self,
        commit: &ReceivedCommit,
        label: &str,
        context: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        let commit = self.proposed(commit)?;
        if commit.removes.contains(&self.kept.own_leaf) {
            return Err(MlsError("export: removed"));
        }
        Ok(exported(&self.next_secret(commit), label, context))
    }

    fn next_secret(&self, commit: &Proposed) -> [u8; 32] {
        digest(&[b"epoch", &self.kept.secret, &encode(commit)])
    }

    pub fn encrypt(&mut self, _: &SeatKey, bytes: &[u8]) -> Result<Vec<u8>, MlsError> {
        Ok(self.sent(Content::Application(bytes.to_vec().into())))
    }

    fn sent(&mut self, content: Content) -> Vec<u8> {
        let next = match content {
            Content::Application(_) => &mut self.kept.messages,
            Content::Commit(_) => &mut self.kept.commits,
        };
        let generation = *next;
        *next += 1;
        encode(&Sent {
            group: self.kept.id.clone(),
            epoch: self.kept.epoch,
            leaf: self.kept.own_leaf,
            generation,
            content,
        })
    }

    pub fn commit(
        &mut self,
        _: &SeatKey,
        adds: &[CheckedKeyPackage],
        removes: &[u32],
        aad: Vec<u8>,
    ) -> Result<MadeCommit, MlsError> {
        let leaves: BTreeSet<u32> = self.kept.members.iter().map(|m| m.leaf).collect();
        if !removes.iter().all(|leaf| leaves.contains(leaf)) {
            return Err(MlsError("commit: nobody sits there"));
        }
        let commit = Proposed {
            by: self.kept.own_leaf,
            aad: aad.into(),
            adds: adds.iter().map(|package| package.0.clone()).collect(),
            removes: removes.to_vec(),
            number: draw(),
        };
        let welcome = (!adds.is_empty()).then(|| encode(&self.after(&commit)));
        let bytes = self.sent(Content::Commit(commit.clone()));
        self.kept.pending = Some(commit);
        Ok(MadeCommit {
            commit: bytes,
            welcome,
        })
    }

    pub fn attempt_commit(
        &mut self,
        key: &SeatKey,
        adds: &[CheckedKeyPackage],
        removes: &[u32],
        aad: Vec<u8>,
    ) -> Result<Option<MadeCommit>, MlsError> {
        let before = self.kept.clone();
        let made = self.commit(key, adds, removes, aad);
        self.kept = before;
        Ok(made.ok())
    }

    /// Forgets what was done since the last [`Group::changes`].
    pub fn go_back(&mut self) -> Result<(), MlsError> {
        self.kept = decode(&self.captured)?;
        Ok(())
    }

    /// The group as it is after a commit.
    fn after(&self, commit: &Proposed) -> Kept {
        let membership = self.membership_of(commit);
        let stays = |member: &&Leaf| !membership.removed.contains(&member.leaf);
        let mut members: Vec<Leaf> = self.kept.members.iter().filter(stays).cloned().collect();
        members.extend(membership.added.into_iter().map(|added| added.leaf));
        members.sort_by_key(|member| member.leaf);
        Kept {
            id: self.kept.id.clone(),
            epoch: self.kept.epoch + 1,
            secret: self.next_secret(commit),
            members,
            own_leaf: self.kept.own_leaf,
            messages: 0,
            commits: 0,
            heard: Vec::new(),
            pending: None,
        }
    }

    fn membership_of(&self, commit: &Proposed) -> Membership {
        let removed = commit.removes.clone();
        let members = self.kept.members.iter().map(|member| member.leaf);
        let taken: BTreeSet<u32> = members.filter(|leaf| !removed.contains(leaf)).collect();
        let free = (0..).filter(|leaf| !taken.contains(leaf));
        let added = commit
            .adds
            .iter()
            .zip(free)
            .map(|(package, leaf)| AddedLeaf {
                request: request_hash(&encode(package)),
                leaf: Leaf {
                    leaf,
                    signature_key: package.signature_key.to_vec(),
                },
            });
        let added = added.collect();
        Membership { added, removed }
    }

    pub fn membership(&self, commit: &ReceivedCommit, _: u32) -> Result<Membership, MlsError> {
        Ok(self.membership_of(self.proposed(commit)?))
    }

    pub fn clear_pending(&mut self) -> Result<(), MlsError> {
        self.kept.pending = None;
        Ok(())
    }

    pub fn merge(&mut self, commit: ReceivedCommit) -> Result<(), MlsError> {
        self.kept = self.after(self.proposed(&commit)?);
        Ok(())
    }

    pub fn read(&self, bytes: &[u8]) -> Option<Incoming> {
        let sent: Sent = decode(bytes).ok()?;
        let (kind, aad) = match &sent.content {
            Content::Application(_) => (Kind::Message, Vec::new()),
            Content::Commit(commit) => (Kind::Commit, commit.aad.as_slice().to_vec()),
        };
        let ours = sent.group == self.kept.id && sent.epoch == self.kept.epoch;
        ours.then_some(Incoming { sent, kind, aad })
    }

    pub fn open(&mut self, incoming: Incoming, leaf: u32) -> Result<Opened, MlsError> {
        let Sent {
            leaf: sender,
            generation,
            content,
            ..
        } = incoming.sent;
        let known = self.kept.members.iter().any(|m| m.leaf == sender);
        let kind = incoming.kind.code();
        if !known || sender != leaf || self.hear(sender, kind, generation).is_err() {
            return Ok(Opened::Nothing);
        }
        Ok(match content {
            Content::Application(bytes) => Opened::Message(Zeroizing::new(bytes.into())),
            Content::Commit(commit) => Opened::Commit(ReceivedCommit::Foreign(commit)),
        })
    }

    fn hear(&mut self, leaf: u32, kind: u8, generation: u64) -> Result<(), MlsError> {
        let mut all = self.kept.heard.iter_mut();
        let heard = match all.find(|heard| (heard.leaf, heard.kind) == (leaf, kind)) {
            Some(heard) => heard,
            None => {
                self.kept.heard.push(Heard {
                    leaf,
                    kind,
                    ..Heard::default()
                });
                self.kept.heard.last_mut().expect("it was just pushed")
            }
        };
        if generation < heard.next {
            let place = heard.skipped.iter().position(|g| *g == generation);
            let place = place.ok_or(MlsError("message: repeated, or too old"))?;
            heard.skipped.remove(place);
            return Ok(());
        }
        if generation - heard.next > RATCHET.1 {
            return Err(MlsError("message: too far ahead"));
        }
        heard.skipped.extend(heard.next..generation);
        heard.next = generation + 1;
        let oldest = heard.next.saturating_sub(RATCHET.0);
        heard.skipped.retain(|skipped| *skipped >= oldest);
        Ok(())
    }
}

/// What a member with a changed library can make.
#[cfg(feature = "liar")]
pub mod rogue {
    use super::CheckedKeyPackage;

    /// A key package that no honest member would take.
    pub fn unchecked(bytes: &[u8]) -> CheckedKeyPackage {
        CheckedKeyPackage::parse(bytes).expect("a key package")
    }
}
