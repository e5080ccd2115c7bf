//! One way to hash: SHA-256 over a TLS-presentation struct that opens with a
//! label and a version, so that no hash of one purpose is one of another.

use crate::limits;
use sha2::{Digest as _, Sha256};
use tls_codec::{Serialize, Size, TlsSerialize, TlsSize};

/// The version of everything that this crate hashes, sends or stores.
pub(crate) const VERSION: u8 = 1;

#[derive(TlsSerialize, TlsSize)]
struct Labelled<'a> {
    label: &'a [u8],
    version: u8,
    content: &'a [u8],
}

/// SHA-256 of the encoding of `content` under `tracktwo/room/v1/` + `purpose`.
pub(crate) fn labelled<T: Serialize + Size>(purpose: &str, content: &T) -> [u8; 32] {
    let label = format!("tracktwo/room/v1/{purpose}");
    let content = encoded(content);
    let labelled = Labelled {
        label: label.as_bytes(),
        version: VERSION,
        content: &content,
    };
    Sha256::digest(encoded(&labelled)).into()
}

/// The one canonical encoding of a value.
pub(crate) fn encoded<T: Serialize + Size>(value: &T) -> Vec<u8> {
    value
        .tls_serialize_detached()
        .expect("a Vec takes all bytes, and every list here is far shorter than 2^30")
}

const _: () = assert!(limits::SNAPSHOT_BYTES_MAX < 1 << 30);
