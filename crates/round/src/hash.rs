//! Labelled SHA-256 and HKDF-SHA256. Every input is one TLS-presentation struct: label, version,
//! body. No other file of this crate touches a hash or a KDF.

use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use tls_codec::{Serialize, VLByteSlice};
use zeroize::Zeroizing;

/// The output of SHA-256.
pub type Hash = [u8; 32];

const PREFIX: &str = "tracktwo/round/v1/";
const VERSION: u8 = 1;

/// `label<V>, version, body`, the only form in which anything is hashed or expanded.
fn input(label: &str, body: &impl Serialize) -> Zeroizing<Vec<u8>> {
    let label = [PREFIX, label].concat();
    let mut out = Zeroizing::new(Vec::with_capacity(
        label.len() + 2 + body.tls_serialized_len(),
    ));
    let head = (VLByteSlice(label.as_bytes()), VERSION);
    let fits = "inputs are far shorter than 2^30 bytes";
    head.tls_serialize(&mut *out).expect(fits);
    body.tls_serialize(&mut *out).expect(fits);
    out
}

/// H(label, body).
pub(crate) fn hash(label: &str, body: &impl Serialize) -> Hash {
    Sha256::digest(input(label, body).as_slice()).into()
}

/// HKDF-Extract with `salt`, over the struct of `label` and `body`.
pub(crate) fn extract(salt: &[u8], label: &str, body: &impl Serialize) -> Zeroizing<[u8; 32]> {
    let (mut prk, _) = Hkdf::<Sha256>::extract(Some(salt), &input(label, body));
    let out = Zeroizing::new(prk.into());
    zeroize::Zeroize::zeroize(prk.as_mut_slice());
    out
}

/// HKDF-Expand of `prk` with the struct of `label` and `body` as info.
pub(crate) fn expand<const N: usize>(
    prk: &[u8; 32],
    label: &str,
    body: &impl Serialize,
) -> Zeroizing<[u8; N]> {
    let mut out = Zeroizing::new([0; N]);
    expand_into(prk, label, body, &mut *out);
    out
}

/// As [`expand`], for a length known only at run time.
pub(crate) fn expand_into(prk: &[u8; 32], label: &str, body: &impl Serialize, out: &mut [u8]) {
    let kdf = Hkdf::<Sha256>::from_prk(prk).expect("32 bytes are one SHA-256 output");
    kdf.expand(&input(label, body), out)
        .expect("no caller asks for more than 255 blocks");
}
