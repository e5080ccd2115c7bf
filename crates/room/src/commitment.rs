//! The state holds a salted commitment where a text lies beside it, so a node
//! that never had the text, or has forgotten it, still folds to the same digest.

use crate::hash::labelled;
use crate::text::MessageText;
use std::fmt;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// Binds a text without telling it: nobody without the salt can even guess.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, TlsSerialize, TlsDeserializeBytes, TlsSize,
)]
pub struct Commitment(pub [u8; 32]);

#[derive(TlsSerialize, TlsSize)]
struct Committed<'a> {
    salt: [u8; 32],
    text: &'a [u8],
}

#[derive(TlsSerialize, TlsSize)]
struct Among {
    own: Commitment,
    all: Vec<Commitment>,
}

impl Commitment {
    /// The commitment to a text in its normal form, under a secret salt.
    pub fn to(salt: &[u8; 32], text: &str) -> Self {
        let committed = Committed {
            salt: *salt,
            text: text.as_bytes(),
        };
        Self(labelled("commitment", &committed))
    }

    /// In which order a lane's texts are shown, as places in the order of its slots. Slots go by tags, and
    /// whoever cheats can choose its tag; but no salt is known before everybody has released.
    #[must_use]
    pub fn shown_order(in_slot_order: &[Self]) -> Vec<usize> {
        let key = |own: &Self| {
            let all = in_slot_order.to_vec();
            labelled("shown", &Among { own: *own, all })
        };
        let mut places: Vec<_> = in_slot_order.iter().map(key).zip(0..).collect();
        places.sort_unstable();
        places.into_iter().map(|(_, place)| place).collect()
    }
}

impl fmt::Debug for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Commitment(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// A text with its salt: what travels beside the event and is stored beside the state.
#[derive(Clone, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Text {
    /// Fresh random bytes; whoever forgets a text forgets its salt as well.
    pub salt: [u8; 32],
    /// The words.
    pub text: MessageText,
}

impl Text {
    /// The commitment that the event beside this text must carry.
    pub fn commitment(&self) -> Commitment {
        Commitment::to(&self.salt, self.text.as_str())
    }
}

// The words are somebody's; a stray debug line must not print them.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Text(..)")
    }
}
