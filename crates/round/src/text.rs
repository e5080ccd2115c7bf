//! Texts before they are sealed: in one form for what looks alike, and of one size for everybody.

pub use letters::normalise;
use zeroize::Zeroizing;

use crate::limits::{PLAIN_OVERHEAD, SEAL_OVERHEAD};

const VERSION: u8 = 1;

/// A text that does not fit into a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Bytes of the normalised text.
    pub bytes: usize,
    /// Bytes that fit.
    pub limit: usize,
}

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the text has {} bytes, {} fit", self.bytes, self.limit)
    }
}

impl std::error::Error for TooLong {}

/// What one member puts into one lane: version, u16 length, text, zeros. A blank has length 0.
pub struct Payload {
    plain: Zeroizing<Vec<u8>>,
}

impl Payload {
    /// Most bytes of a normalised text in a slot of `slot_bytes`.
    #[must_use]
    pub fn text_limit(slot_bytes: u32) -> usize {
        plain_bytes(slot_bytes).saturating_sub(PLAIN_OVERHEAD)
    }

    /// A normalised text. One that normalises to nothing is a blank.
    ///
    /// # Errors
    /// The normalised text does not fit.
    pub fn text(text: &str, slot_bytes: u32) -> Result<Self, TooLong> {
        let text = Zeroizing::new(normalise(text));
        let limit = Self::text_limit(slot_bytes);
        let too_long = TooLong {
            bytes: text.len(),
            limit,
        };
        if text.len() > limit {
            return Err(too_long);
        }
        let length = u16::try_from(text.len()).map_err(|_| too_long)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(plain_bytes(slot_bytes)));
        plain.push(VERSION);
        plain.extend_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(text.as_bytes());
        plain.resize(plain_bytes(slot_bytes), 0);
        Ok(Self { plain })
    }

    /// The payload of a member that says nothing. Nobody can tell it from a text before it opens.
    #[must_use]
    pub fn blank(slot_bytes: u32) -> Self {
        let mut plain = Zeroizing::new(vec![0; plain_bytes(slot_bytes)]);
        if let Some(version) = plain.first_mut() {
            *version = VERSION;
        }
        Self { plain }
    }

    /// The plain bytes, as they are sealed.
    pub(crate) fn plain(&self) -> &[u8] {
        &self.plain
    }
}

/// Bytes of a payload in a slot of `slot_bytes`.
pub(crate) fn plain_bytes(slot_bytes: u32) -> usize {
    usize::try_from(slot_bytes)
        .unwrap_or(0)
        .saturating_sub(SEAL_OVERHEAD)
}

/// The text in a payload: empty for a blank, `None` where it is void.
pub(crate) fn read(plain: &[u8]) -> Option<String> {
    let (&version, rest) = plain.split_first()?;
    let (&length, rest) = rest.split_first_chunk::<2>()?;
    let (text, padding) = rest.split_at_checked(usize::from(u16::from_be_bytes(length)))?;
    if version != VERSION || padding.iter().fold(0, |all, byte| all | byte) != 0 {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    // Two spellings of one text would be a mark by which its author is known.
    letters::is_normal(text).then(|| text.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_alike_becomes_one() {
        assert_eq!(
            normalise("\u{201C}don\u{2019}t\u{201D} \u{2014} ok\u{00A0}\t"),
            "\"don't\" - ok"
        );
        assert_eq!(normalise("a\r\nb\rc\u{2028}d \n\n"), "a\nb\nc\nd");
        assert_eq!(
            normalise("e\u{0301}\u{200B}x\u{FEFF}\u{E0041}"),
            "\u{00E9}x"
        );
        assert_eq!(normalise("\u{2003}\u{200D} \n"), "");
    }

    /// What one version of Unicode assigns and another does not would open for some and be void for others.
    #[test]
    fn what_unicode_has_not_assigned_is_dropped_by_its_author_and_void_in_a_payload() {
        for c in [
            '\u{0378}',
            '\u{0897}',
            '\u{105C9}',
            '\u{1ACF}',
            '\u{2EBF0}',
            '\u{1FFFE}',
        ] {
            let text = format!("a{c}\u{301}b");
            assert_eq!(normalise(&text), "\u{e1}b", "{c:?}");
            let mut plain = vec![1, 0, u8::try_from(text.len()).unwrap()];
            plain.extend(text.as_bytes());
            plain.resize(64 - SEAL_OVERHEAD, 0);
            assert_eq!(read(&plain), None, "{c:?}");
        }
    }

    #[test]
    fn a_blank_and_a_text_have_one_size() {
        for slot in [64, 1024, 2048, 4096] {
            let text = Payload::text("x", slot).unwrap();
            assert_eq!(text.plain().len(), Payload::blank(slot).plain().len());
            assert_eq!(text.plain().len() + SEAL_OVERHEAD, slot as usize);
            assert_eq!(read(text.plain()), Some("x".to_owned()));
            assert_eq!(read(Payload::blank(slot).plain()), Some(String::new()));
        }
    }

    #[test]
    fn the_longest_text_fits_and_one_byte_more_does_not() {
        let limit = Payload::text_limit(1024);
        assert!(Payload::text(&"a".repeat(limit), 1024).is_ok());
        assert!(Payload::text(&"a".repeat(limit + 1), 1024).is_err());
    }

    #[test]
    fn a_damaged_payload_is_void() {
        let good = Payload::text("fine", 1024).unwrap().plain().to_vec();
        let spoil = |at: usize, to: u8| {
            let mut bad = good.clone();
            *bad.get_mut(at).unwrap() = to;
            bad
        };
        assert_eq!(read(&spoil(0, 2)), None);
        assert_eq!(read(&spoil(1, 255)), None);
        assert_eq!(read(&spoil(2, 3)), None);
        assert_eq!(read(&spoil(3, 0xFF)), None);
        assert_eq!(read(&spoil(975, 1)), None);
        assert_eq!(read(&spoil(6, b' ')), None, "a trailing space is a mark");
        assert_eq!(read(&[]), None);
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn what_is_normal_is_told_without_normalising(
            text in prop_oneof!["[ -~\n]{0,8}", "[ a\u{e9}\u{300}-\u{310}\u{2018}\n]{0,8}", any::<String>()]
        ) {
            prop_assert_eq!(letters::is_normal(&text), normalise(&text) == text);
        }

        #[test]
        fn what_is_put_in_comes_out(text in "\\PC{0,200}") {
            let payload = Payload::text(&text, 4096).unwrap();
            prop_assert_eq!(read(payload.plain()), Some(normalise(&text)));
        }
    }
}
