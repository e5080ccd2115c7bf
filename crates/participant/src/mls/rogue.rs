//! What a member with a changed library can make, for tests alone.

use openmls::prelude::{
    ApplicationIdExtension, BasicCredential, Capabilities, Ciphersuite, CredentialWithKey,
    Extension, Extensions, KeyPackage, KeyPackageIn, LeafNodeIndex, LeafNodeParameters, Lifetime,
    NewSignerBundle, OpenMlsProvider, ProtocolVersion,
};
use tls_codec::{DeserializeBytes as _, Serialize as _};

use super::storage::new_provider;
use super::{CheckedKeyPackage, Group, SUITE, SeatKey};

/// A key package that ends at a time of its maker's choice, in seconds since 1970.
pub fn key_package_until(key: &SeatKey, not_after: u64) -> Vec<u8> {
    let provider = new_provider().expect("there is randomness");
    let bundle = KeyPackage::builder()
        .key_package_lifetime(Lifetime::init(0, not_after))
        .build(SUITE, &provider, &key.0, key.credential());
    let bundle = bundle.expect("it is made");
    let bytes = bundle.key_package().tls_serialize_detached();
    bytes.expect("it is encoded")
}

/// A key package that no honest member would take.
pub fn unchecked(bytes: &[u8]) -> CheckedKeyPackage {
    let provider = new_provider().expect("there is randomness");
    let parsed = KeyPackageIn::tls_deserialize_exact_bytes(bytes).expect("a key package");
    let valid = parsed.validate(provider.crypto(), ProtocolVersion::Mls10);
    CheckedKeyPackage(valid.expect("it has not ended yet"))
}

/// What a commit does that no room uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// Nothing: a commit as every room has it.
    Nothing,
    /// It puts another credential, with the same key, into its author's leaf.
    Credential,
    /// It changes what its author's leaf says that its program can do.
    Capabilities,
    /// It puts an extension into its author's leaf.
    Extensions,
    /// It proposes something else than to add or to remove.
    Proposal,
}

impl Oddity {
    fn leaf(self, key: &SeatKey) -> LeafNodeParameters {
        let leaf = LeafNodeParameters::builder();
        match self {
            Oddity::Credential => leaf.with_credential_with_key(CredentialWithKey {
                credential: BasicCredential::new(b"somebody else".to_vec()).into(),
                signature_key: key.public().into(),
            }),
            Oddity::Capabilities => {
                let suites = [
                    SUITE,
                    Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519,
                ];
                let can = Capabilities::new(None, Some(&suites), None, None, None);
                leaf.with_capabilities(can)
            }
            Oddity::Extensions => {
                let id = Extension::ApplicationId(ApplicationIdExtension::new(b"anything"));
                leaf.with_extensions(Extensions::single(id).expect("leaves may have it"))
            }
            Oddity::Nothing | Oddity::Proposal => leaf,
        }
        .build()
    }
}

impl Group {
    /// A commit that removes somebody and does something odd beside.
    pub fn odd_commit(
        &mut self,
        key: &SeatKey,
        oddity: Oddity,
        removes: &[u32],
        aad: Vec<u8>,
    ) -> Vec<u8> {
        self.group.set_aad(aad);
        let removes = removes.iter().map(|leaf| LeafNodeIndex::new(*leaf));
        let mut builder = self.group.commit_builder().propose_removals(removes);
        builder = builder
            .force_self_update(true)
            .leaf_node_parameters(oddity.leaf(key));
        if oddity == Oddity::Proposal {
            let proposed = builder.propose_group_context_extensions(Extensions::empty());
            builder = proposed.expect("it is proposed");
        }
        let builder = builder.load_psks(self.provider.storage());
        let builder = builder.expect("no secrets are shared before");
        let (rand, crypto) = (self.provider.rand(), self.provider.crypto());
        let built = builder.build(rand, crypto, &key.0, |_| true);
        let staged = built.expect("it is made").stage_commit(&self.provider);
        let (commit, _, _) = staged.expect("it is kept").into_messages();
        commit.tls_serialize_detached().expect("it is encoded")
    }

    /// A commit that puts another signature key into its author's own leaf.
    pub fn commit_with_another_key(
        &mut self,
        (old, new): (&SeatKey, &SeatKey),
        adds: &[CheckedKeyPackage],
        removes: &[u32],
        aad: Vec<u8>,
    ) -> Vec<u8> {
        self.group.set_aad(aad);
        let bundle = NewSignerBundle {
            signer: &new.0,
            credential_with_key: new.credential(),
        };
        let builder = self
            .group
            .commit_builder()
            .propose_adds(adds.iter().map(|package| package.0.clone()))
            .propose_removals(removes.iter().map(|leaf| LeafNodeIndex::new(*leaf)))
            .load_psks(self.provider.storage())
            .expect("no secrets are shared before");
        let (rand, crypto) = (self.provider.rand(), self.provider.crypto());
        let built = builder.build_with_new_signer(rand, crypto, &old.0, bundle, |_| true);
        let staged = built.expect("it is made").stage_commit(&self.provider);
        let (commit, _, _) = staged.expect("it is kept").into_messages();
        commit.tls_serialize_detached().expect("it is encoded")
    }
}
