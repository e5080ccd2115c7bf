//! The secrets that give rights on a mailbox, and the hashes that the relay keeps in their place.
//! They are wiped on drop, compared in constant time, and never shown by `Debug`.

use core::fmt;
use core::str::FromStr;
use data_encoding::BASE32_NOPAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tls_codec::{Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize, VLByteSlice};
use zeroize::{Zeroize as _, Zeroizing};

/// What is hashed for a [`TokenHash`] or [`FounderHash`].
#[derive(TlsSerialize, TlsSize)]
struct SecretHashInput<'a> {
    version: u8,
    label: VLByteSlice<'a>,
    secret: [u8; 32],
}

fn hash_secret(label: &[u8], secret: &[u8; 32]) -> [u8; 32] {
    let label = VLByteSlice(label);
    let mut input = SecretHashInput {
        version: 1,
        label,
        secret: *secret,
    };
    let encoded = input
        .tls_serialize_detached()
        .expect("a fixed and short structure");
    input.secret.zeroize();
    Sha256::digest(Zeroizing::new(encoded)).into()
}

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, TlsSerialize, TlsDeserializeBytes, TlsSize)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Takes 32 bytes that nobody can guess.
            pub const fn new(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The secret itself; for sealed storage and for nothing that is shown.
            pub const fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                self.0.zeroize();
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.ct_eq(&other.0).into()
            }
        }

        impl Eq for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    };
}

macro_rules! secret_hash {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Takes a hash that was stored or received.
            pub const fn new(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes of the hash.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.ct_eq(&other.0).into()
            }
        }

        impl Eq for $name {}
    };
}

secret! {
    /// Reads and writes one segment of a mailbox. All members of a room present the same one.
    Token
}
secret! {
    /// Lets the founder of a mailbox reset its token, and nothing else.
    FounderSecret
}
secret! {
    /// Lets somebody create mailboxes on a relay, so that strangers cannot fill its disk.
    CreationSecret
}
secret! {
    /// Lets whoever was invited make a few mailboxes on a relay: its own share of a [`CreationSecret`].
    GrantSecret
}
secret_hash! {
    /// What the relay keeps of a [`Token`].
    TokenHash
}
secret_hash! {
    /// What the relay keeps of a [`FounderSecret`].
    FounderHash
}

secret_hash! {
    /// What the relay keeps of a [`GrantSecret`].
    GrantHash
}

/// By what right somebody makes a mailbox.
#[derive(Clone, PartialEq, Eq, Debug, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub enum CreationRight {
    /// The relay's own secret: as many mailboxes as the relay takes.
    #[tls_codec(discriminant = 1)]
    Relay(CreationSecret),
    /// A grant: as many as it was given for.
    #[tls_codec(discriminant = 2)]
    Grant(GrantSecret),
}

impl Token {
    /// SHA-256 over version, label and token.
    pub fn hash(&self) -> TokenHash {
        TokenHash(hash_secret(b"tracktwo/wire/v1/token", &self.0))
    }
}

impl FounderSecret {
    /// SHA-256 over version, label and secret.
    pub fn hash(&self) -> FounderHash {
        FounderHash(hash_secret(b"tracktwo/wire/v1/founder", &self.0))
    }
}

impl GrantSecret {
    /// SHA-256 over version, label and secret.
    pub fn hash(&self) -> GrantHash {
        GrantHash(hash_secret(b"tracktwo/wire/v1/grant", &self.0))
    }
}

impl CreationSecret {
    /// The form in which the relay prints it: 52 characters of base32 in small letters.
    pub fn to_text(&self) -> Zeroizing<String> {
        let upper = Zeroizing::new(BASE32_NOPAD.encode(&self.0));
        Zeroizing::new(upper.to_ascii_lowercase())
    }
}

/// The text is not 52 characters of base32.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidSecretText;

impl fmt::Display for InvalidSecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a creation secret has 52 letters and digits")
    }
}

impl std::error::Error for InvalidSecretText {}

impl FromStr for CreationSecret {
    type Err = InvalidSecretText;

    fn from_str(text: &str) -> Result<Self, InvalidSecretText> {
        parse_base32(text).map(Self).ok_or(InvalidSecretText)
    }
}

/// Reads 32 bytes of base32, whatever the case of its letters.
pub(crate) fn parse_base32(text: &str) -> Option<[u8; 32]> {
    let upper = Zeroizing::new(text.trim_ascii().to_ascii_uppercase());
    let bytes = Zeroizing::new(BASE32_NOPAD.decode(upper.as_bytes()).ok()?);
    bytes.as_slice().try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_equal_secrets_differ_by_purpose() {
        let token = Token::new([7; 32]).hash();
        let founder = FounderSecret::new([7; 32]).hash();
        let grant = GrantSecret::new([7; 32]).hash();
        assert_ne!(token.as_bytes(), founder.as_bytes());
        assert_ne!(token.as_bytes(), grant.as_bytes());
        assert_ne!(founder.as_bytes(), grant.as_bytes());
    }

    #[test]
    fn debug_shows_no_secret() {
        assert_eq!(format!("{:?}", Token::new([7; 32])), "Token(hidden)");
    }

    #[test]
    fn a_creation_secret_survives_its_text() {
        let secret = CreationSecret::new([0xA5; 32]);
        assert_eq!(secret.to_text().parse(), Ok(secret));
        assert_eq!("abc".parse::<CreationSecret>(), Err(InvalidSecretText));
    }
}
