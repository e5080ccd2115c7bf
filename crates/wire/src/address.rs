//! Where a relay is, and the key by which it is known.

use crate::codec::bytes;
use crate::secret::parse_base32;
use core::fmt;
use core::str::FromStr;
use data_encoding::BASE32_NOPAD;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// SHA-256 of the `SubjectPublicKeyInfo` of the relay's self-made key.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize,
)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Takes a hash that was computed or received.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
    }
}

impl FromStr for Fingerprint {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        parse_base32(text).map(Self).ok_or(InvalidAddress)
    }
}

/// A relay: host, port, and the key that it must show. Its text form is `host:port#fingerprint`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RelayAddress {
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// The pinned key.
    pub fingerprint: Fingerprint,
}

impl fmt::Display for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            host,
            port,
            fingerprint,
        } = self;
        if host.contains(':') {
            write!(f, "[{host}]:{port}#{fingerprint}")
        } else {
            write!(f, "{host}:{port}#{fingerprint}")
        }
    }
}

/// The text is no address of a relay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidAddress;

impl fmt::Display for InvalidAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a relay's address looks like host:port#fingerprint")
    }
}

impl std::error::Error for InvalidAddress {}

impl FromStr for RelayAddress {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        let (place, fingerprint) = text.trim_ascii().split_once('#').ok_or(InvalidAddress)?;
        let (host, port) = place.rsplit_once(':').ok_or(InvalidAddress)?;
        let host = match host.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').ok_or(InvalidAddress)?,
            None if host.contains(':') => return Err(InvalidAddress),
            None => host,
        };
        Ok(Self {
            host: checked_host(host)?,
            port: port.parse().map_err(|_| InvalidAddress)?,
            fingerprint: fingerprint.parse()?,
        })
    }
}

/// The longest name that DNS has.
const MAX_HOST_BYTES: usize = 253;

fn checked_host(host: &str) -> Result<String, InvalidAddress> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:_%".contains(&byte);
    let fits = !host.is_empty() && host.len() <= MAX_HOST_BYTES;
    if fits && host.bytes().all(plain) {
        Ok(host.to_owned())
    } else {
        Err(InvalidAddress)
    }
}

/// The encoded form: host, port, fingerprint.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
struct Encoded {
    #[tls_codec(with = "bytes")]
    host: Vec<u8>,
    port: u16,
    fingerprint: Fingerprint,
}

impl From<&RelayAddress> for Encoded {
    fn from(address: &RelayAddress) -> Self {
        let RelayAddress {
            host,
            port,
            fingerprint,
        } = address;
        Self {
            host: host.as_bytes().to_vec(),
            port: *port,
            fingerprint: *fingerprint,
        }
    }
}

impl tls_codec::Size for RelayAddress {
    fn tls_serialized_len(&self) -> usize {
        Encoded::from(self).tls_serialized_len()
    }
}

impl tls_codec::Serialize for RelayAddress {
    fn tls_serialize<W: std::io::Write>(&self, to: &mut W) -> Result<usize, tls_codec::Error> {
        Encoded::from(self).tls_serialize(to)
    }
}

impl tls_codec::DeserializeBytes for RelayAddress {
    fn tls_deserialize_bytes(from: &[u8]) -> Result<(Self, &[u8]), tls_codec::Error> {
        let (
            Encoded {
                host,
                port,
                fingerprint,
            },
            rest,
        ) = Encoded::tls_deserialize_bytes(from)?;
        let host = core::str::from_utf8(&host).map_err(|_| tls_codec::Error::InvalidInput)?;
        let host = checked_host(host).map_err(|_| tls_codec::Error::InvalidInput)?;
        Ok((
            Self {
                host,
                port,
                fingerprint,
            },
            rest,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tls_codec::{DeserializeBytes as _, Serialize as _};

    fn address(host: &str) -> RelayAddress {
        RelayAddress {
            host: host.into(),
            port: 4433,
            fingerprint: Fingerprint::new([3; 32]),
        }
    }

    #[test]
    fn an_address_survives_its_text_and_its_encoding() {
        for host in ["127.0.0.1", "::1", "relay.example.org"] {
            let address = address(host);
            assert_eq!(address.to_string().parse(), Ok(address.clone()));
            let encoded = address.tls_serialize_detached().unwrap();
            assert_eq!(
                RelayAddress::tls_deserialize_exact_bytes(&encoded).unwrap(),
                address
            );
        }
    }

    #[test]
    fn damaged_addresses_are_refused() {
        let good = address("a.b").to_string();
        let short = &good[..good.len() - 1];
        let texts = [
            "",
            "a.b:1",
            "a b:1#x",
            "::1:4433#x",
            &good.replace("4433", "70000"),
            short,
        ];
        for text in texts {
            assert_eq!(text.parse::<RelayAddress>(), Err(InvalidAddress), "{text}");
        }
    }
}
