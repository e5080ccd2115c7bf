//! A moment, as the relay tells it. Arithmetic saturates, because a peer may send any number.

use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// Milliseconds since 1970-01-01 00:00 UTC.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Default,
    TlsSerialize,
    TlsDeserializeBytes,
    TlsSize,
)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment this many milliseconds after 1970 began.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970 began.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// The moment `ms` milliseconds later, or the last one there is.
    pub const fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` until this moment; zero if it is not earlier.
    pub const fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_saturates() {
        let end = Timestamp::from_ms(u64::MAX);
        assert_eq!(end.plus_ms(1), end);
        assert_eq!(Timestamp::from_ms(3).since_ms(end), 0);
        assert_eq!(Timestamp::from_ms(5).since_ms(Timestamp::from_ms(3)), 2);
    }
}
