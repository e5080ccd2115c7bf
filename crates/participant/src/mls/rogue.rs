//! What a member with a changed library can make, for tests alone.

use openmls::prelude::{
    KeyPackage, KeyPackageIn, LeafNodeIndex, Lifetime, NewSignerBundle, OpenMlsProvider,
    ProtocolVersion,
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

impl Group {
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
