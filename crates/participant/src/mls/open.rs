//! What an entry's MLS message turns out to hold.

use openmls::prelude::{
    MlsMessageBodyIn, MlsMessageIn, ProcessedMessageContent, ProtocolMessage, Sender,
};
use tls_codec::DeserializeBytes as _;
use zeroize::Zeroizing;

use super::commit::ReceivedCommit;
use super::{Group, MlsError};

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

impl Group {
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
