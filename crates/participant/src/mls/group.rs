//! The members' state of one room: its epoch, its leaves, its secrets.

use std::collections::BTreeMap;

use openmls::prelude::{
    GroupId, Lifetime, MlsGroup, MlsGroupCreateConfig, OpenMlsProvider,
    PURE_CIPHERTEXT_WIRE_FORMAT_POLICY, SenderRatchetConfiguration, WireFormatPolicy,
};
use openmls_libcrux_crypto::Provider;
use tls_codec::Serialize as _;
use zeroize::Zeroizing;

use super::commit::ReceivedCommit;
use super::storage::{StoredChange, capture, new_provider, provider_with};
use super::{Leaf, MlsError, RATCHET, SUITE, SeatKey};

/// The members' state of one room, with its storage.
pub struct Group {
    pub(super) provider: Provider,
    pub(super) group: MlsGroup,
    pub(super) seen: BTreeMap<Vec<u8>, Vec<u8>>,
}

pub(super) fn ratchet() -> SenderRatchetConfiguration {
    SenderRatchetConfiguration::new(RATCHET.0, RATCHET.1)
}

pub(super) fn wire_format() -> WireFormatPolicy {
    PURE_CIPHERTEXT_WIRE_FORMAT_POLICY
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

    /// The keys of the rows that the vault has.
    pub fn rows(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.seen.keys()
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
        self.export_for(label, self.id())
    }

    /// The same, bound to something else.
    pub fn export_for(&self, label: &str, context: &[u8]) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        let secret = self
            .group
            .export_secret(self.provider.crypto(), label, context, 32);
        exported(secret.map_err(|e| MlsError::of("export", e))?)
    }

    /// The same, of the epoch that a commit begins; an error for somebody removed by it.
    pub fn export_staged(
        &self,
        commit: &ReceivedCommit,
        label: &str,
        context: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, MlsError> {
        let secret = self
            .staged(commit)?
            .export_secret(self.provider.crypto(), label, context, 32);
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
}

fn exported(secret: Vec<u8>) -> Result<Zeroizing<[u8; 32]>, MlsError> {
    let secret = Zeroizing::new(secret);
    let array = <[u8; 32]>::try_from(secret.as_slice());
    array
        .map(Zeroizing::new)
        .map_err(|e| MlsError::of("export", e))
}
