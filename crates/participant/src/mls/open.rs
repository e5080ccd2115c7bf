//! What an entry's MLS message turns out to hold. Its header is read first: what can be judged by it
//! is judged before anything is opened, because the library opens each message once.

use openmls::prelude::{
    ContentType, MlsMessageBodyIn, MlsMessageIn, ProcessMessageError, ProcessedMessage,
    ProcessedMessageContent, ProtocolMessage, Sender, StageCommitError,
};
use openmls::treesync::errors::ApplyUpdatePathError;
use tls_codec::DeserializeBytes as _;
use zeroize::Zeroizing;

use super::commit::ReceivedCommit;
use super::{Group, MlsError};

/// What kind of MLS message stands in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An application message.
    Message,
    /// A commit.
    Commit,
}

/// A message of this group and epoch, not opened.
pub struct Incoming {
    message: ProtocolMessage,
    /// By its header.
    pub kind: Kind,
    /// Authenticated data; authenticated once it is opened.
    pub aad: Vec<u8>,
}

/// What an entry turned out to hold.
pub enum Opened {
    /// An application message's plaintext.
    Message(Zeroizing<Vec<u8>>),
    /// To be merged if the fold accepts it.
    Commit(ReceivedCommit),
    /// A commit that others may be able to read: its secrets for this member are broken.
    Unreadable,
    /// Nothing that any member could use.
    Nothing,
}

impl Group {
    /// Reads the header; `None` for what no room uses.
    pub fn read(&self, bytes: &[u8]) -> Option<Incoming> {
        let message = MlsMessageIn::tls_deserialize_exact_bytes(bytes).ok()?;
        let MlsMessageBodyIn::PrivateMessage(private) = message.extract() else {
            return None;
        };
        let kind = match private.content_type() {
            ContentType::Application => Kind::Message,
            ContentType::Commit => Kind::Commit,
            ContentType::Proposal => return None,
        };
        let ours =
            private.group_id() == self.group.group_id() && private.epoch() == self.group.epoch();
        let aad = private.aad().to_vec();
        ours.then(|| Incoming {
            message: ProtocolMessage::from(private),
            kind,
            aad,
        })
    }

    /// Decrypts and verifies a message that the member at `leaf` has signed for. Where its inside is
    /// somebody else's, nothing of the group is used up.
    pub fn open(&mut self, incoming: Incoming, leaf: u32) -> Result<Opened, MlsError> {
        let processed = match self.group.process_message(&self.provider, incoming.message) {
            Ok(processed) => processed,
            Err(error) if is_broken_for_this_member(&error) => return Ok(Opened::Unreadable),
            Err(_) => return Ok(Opened::Nothing),
        };
        if *processed.sender() != Sender::Member(openmls::prelude::LeafNodeIndex::new(leaf)) {
            self.go_back()?;
            return Ok(Opened::Nothing);
        }
        Ok(content_of(processed))
    }

    /// Forgets what was done since the last [`Group::changes`].
    pub fn go_back(&mut self) -> Result<(), MlsError> {
        let id = <[u8; 32]>::try_from(self.id()).map_err(|e| MlsError::of("load", e))?;
        *self = Group::load(std::mem::take(&mut self.seen), &id)?;
        Ok(())
    }
}

fn content_of(processed: ProcessedMessage) -> Opened {
    match processed.into_content() {
        ProcessedMessageContent::ApplicationMessage(message) => {
            Opened::Message(Zeroizing::new(message.into_bytes()))
        }
        ProcessedMessageContent::StagedCommitMessage(commit) => {
            Opened::Commit(ReceivedCommit::Foreign(commit))
        }
        ProcessedMessageContent::OwnPrivateMessage
        | ProcessedMessageContent::OwnPendingCommit
        | ProcessedMessageContent::ProposalMessage(_)
        | ProcessedMessageContent::ExternalJoinProposalMessage(_) => Opened::Nothing,
    }
}

/// Whatever else can be wrong with a commit is seen alike by all who stay in the group.
fn is_broken_for_this_member<E>(error: &ProcessMessageError<E>) -> bool {
    let ProcessMessageError::InvalidCommit(error) = error else {
        return false;
    };
    matches!(
        error,
        StageCommitError::MissingDecryptionKey
            | StageCommitError::UpdatePathError(
                ApplyUpdatePathError::UnableToDecrypt
                    | ApplyUpdatePathError::PathMismatch
                    | ApplyUpdatePathError::MissingCiphertext
                    | ApplyUpdatePathError::MissingSender
                    | ApplyUpdatePathError::MissingOwnLeaf
                    | ApplyUpdatePathError::LibraryError(_)
            )
    )
}
