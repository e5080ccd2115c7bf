//! Labelled SHA-256 and HKDF-SHA256. Every input is one TLS-presentation struct: label, version,
//! body. No other file of this crate touches a hash or a KDF.

use std::io::{self, BufWriter, Write};

use hkdf::{Hkdf, HkdfExtract};
use sha2::{Digest as _, Sha256};
use tls_codec::{Error, Serialize, Size, vlen};
use zeroize::Zeroizing;

/// The output of SHA-256.
pub type Hash = [u8; 32];

const PREFIX: &str = "tracktwo/round/v1/";
const VERSION: u8 = 1;

/// Writes `label<V>, version, body`, the only form in which anything is hashed or expanded.
fn write(label: &str, body: &impl Serialize, to: &mut impl Write) {
    let fits = "inputs are far shorter than 2^30 bytes, and no writer here refuses any";
    vlen::write_length(to, PREFIX.len() + label.len()).expect(fits);
    to.write_all(PREFIX.as_bytes()).expect(fits);
    to.write_all(label.as_bytes()).expect(fits);
    VERSION.tls_serialize(to).expect(fits);
    body.tls_serialize(to).expect(fits);
}

/// Takes what is written straight into a hash: long messages are not copied, secrets not left over.
struct Absorb<F>(F);

impl<F: FnMut(&[u8])> Write for Absorb<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `opaque<V>` around a struct, written as it comes.
pub(crate) struct Opaque<'a, T>(pub(crate) &'a T);

impl<T: Size> Size for Opaque<'_, T> {
    fn tls_serialized_len(&self) -> usize {
        let bytes = self.0.tls_serialized_len();
        bytes + vlen::write_length(&mut io::sink(), bytes).unwrap_or(0)
    }
}

impl<T: Serialize> Serialize for Opaque<'_, T> {
    fn tls_serialize<W: Write>(&self, writer: &mut W) -> Result<usize, Error> {
        let length = vlen::write_length(writer, self.0.tls_serialized_len())?;
        Ok(length + self.0.tls_serialize(writer)?)
    }
}

/// H(label, body).
pub(crate) fn hash(label: &str, body: &impl Serialize) -> Hash {
    let mut hash = Sha256::new();
    // Lists of numbers come in eight bytes at a time, and are gathered first. All of it is public.
    let mut gathered = BufWriter::with_capacity(1024, Absorb(|bytes: &[u8]| hash.update(bytes)));
    write(label, body, &mut gathered);
    gathered.flush().expect("a hash takes everything");
    drop(gathered);
    hash.finalize().into()
}

/// HKDF-Extract with `salt`, over the struct of `label` and `body`.
pub(crate) fn extract(salt: &[u8], label: &str, body: &impl Serialize) -> Zeroizing<[u8; 32]> {
    let mut extract = HkdfExtract::<Sha256>::new(Some(salt));
    write(
        label,
        body,
        &mut Absorb(|bytes: &[u8]| extract.input_ikm(bytes)),
    );
    let (mut prk, _) = extract.finalize();
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
    let mut info = Zeroizing::new(Vec::with_capacity(128));
    write(label, body, &mut *info);
    kdf.expand(&info, out)
        .expect("no caller asks for more than 255 blocks");
}
