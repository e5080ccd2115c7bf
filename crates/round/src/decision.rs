//! What a node has decided about a run. Durable before the next entry of the log is read.

use tls_codec::{TlsDeserialize, TlsDeserializeBytes, TlsSerialize, TlsSize};

/// A node's decision about one run, kept under the run's ctx. Every value but `None` is final.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    TlsSerialize,
    TlsDeserialize,
    TlsDeserializeBytes,
    TlsSize,
)]
#[repr(u8)]
pub enum Decision {
    /// Joined, and nothing decided.
    #[default]
    None = 0,
    /// The run is dead: content share, keys and sealed bytes are destroyed.
    Ended = 1,
    /// The blame root may be shown, and the content share is destroyed. Only after a counting NOGO.
    Reveal = 2,
    /// The content share may be shown, and the text is locked for good.
    Release = 3,
}

/// A decision that would replace another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyFinal(pub Decision);

impl Decision {
    /// Takes a decision, once.
    ///
    /// # Errors
    /// Another decision stands already. Taking the same one again is no error.
    pub fn decide(&mut self, to: Decision) -> Result<(), AlreadyFinal> {
        if *self == Decision::None || *self == to {
            *self = to;
            return Ok(());
        }
        Err(AlreadyFinal(*self))
    }

    /// Whether the next run may be joined: this one is not open any longer (invariant I1).
    #[must_use]
    pub fn allows_next_join(self) -> bool {
        self != Decision::None
    }
}
