//! How long byte vectors and flags are encoded. `tls_codec` would take a `Vec<u8>` byte by byte.

/// `opaque bytes<V>` of RFC 9420, copied in one piece.
pub(crate) mod bytes {
    use std::io::Write;
    use tls_codec::{DeserializeBytes as _, Error, Serialize as _, Size as _};
    use tls_codec::{TlsVarInt, VLByteSlice};

    pub(crate) fn tls_serialized_len(bytes: &[u8]) -> usize {
        VLByteSlice(bytes).tls_serialized_len()
    }

    pub(crate) fn tls_serialize<W: Write>(bytes: &[u8], to: &mut W) -> Result<usize, Error> {
        VLByteSlice(bytes).tls_serialize(to)
    }

    pub(crate) fn tls_deserialize_bytes(from: &[u8]) -> Result<(Vec<u8>, &[u8]), Error> {
        let (length, rest) = TlsVarInt::tls_deserialize_bytes(from)?;
        let length = usize::try_from(length.value()).map_err(|_| Error::InvalidVectorLength)?;
        let (bytes, rest) = rest.split_at_checked(length).ok_or(Error::EndOfStream)?;
        Ok((bytes.to_vec(), rest))
    }
}

/// A flag is one byte, 0 or 1; everything else is refused, so that one value has one encoding.
pub(crate) mod flag {
    use std::io::Write;
    use tls_codec::{DeserializeBytes as _, Error, Serialize as _};

    pub(crate) fn tls_serialized_len(_: &bool) -> usize {
        1
    }

    pub(crate) fn tls_serialize<W: Write>(flag: &bool, to: &mut W) -> Result<usize, Error> {
        u8::from(*flag).tls_serialize(to)
    }

    pub(crate) fn tls_deserialize_bytes(from: &[u8]) -> Result<(bool, &[u8]), Error> {
        match u8::tls_deserialize_bytes(from)? {
            (0, rest) => Ok((false, rest)),
            (1, rest) => Ok((true, rest)),
            (other, _) => Err(Error::UnknownValue(other.into())),
        }
    }
}
