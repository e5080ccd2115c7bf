//! Bytes read as a list of decisions, and changes to other bytes that such decisions make.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use tls_codec::{Serialize as _, VLByteSlice};

/// Decisions, one after another. Once the bytes are spent, every decision is 0.
pub struct Script<'a> {
    rest: &'a [u8],
}

impl<'a> Script<'a> {
    /// Reads `bytes` from the front.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether nothing is left to decide.
    pub fn is_spent(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        *first
    }

    /// The next two bytes, the higher one first.
    pub fn word(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    /// A number below `end`; 0 where there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let drawn = if end > 256 {
            usize::from(self.word())
        } else {
            usize::from(self.byte())
        };
        drawn.checked_rem(end).unwrap_or(0)
    }

    /// One of a few things.
    pub fn choose<'t, T>(&mut self, things: &'t [T]) -> Option<&'t T> {
        let at = self.below(things.len());
        things.get(at)
    }

    /// A yes in one of `n` cases, and no once the bytes are spent.
    pub fn one_in(&mut self, n: u8) -> bool {
        self.byte() % n == n - 1
    }

    /// As many of the next bytes as there are, `most` of them at most.
    pub fn bytes(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(most.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Everything that is left.
    pub fn remainder(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    /// Changes `bytes` in one place: a byte, the length, or a piece.
    pub fn spoil(&mut self, bytes: &mut Vec<u8>) {
        let kind = self.byte() % 8;
        let at = self.below(bytes.len());
        match kind {
            0..=2 => {
                let mask = self.byte().max(1);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= mask;
                }
            }
            3 => {
                let value = self.byte();
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            4 => bytes.truncate(at),
            5 => {
                let piece = self.bytes(4).to_vec();
                bytes.splice(at..at, piece);
            }
            6 => {
                let end = bytes.len().min(at + 1 + usize::from(self.byte() % 64));
                let piece: Vec<u8> = bytes.get(at..end).unwrap_or_default().to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => {
                let end = bytes.len().min(at + 1 + usize::from(self.byte() % 64));
                bytes.drain(at.min(end)..end);
            }
        }
    }

    /// Changes `bytes` in up to four places, or not at all.
    pub fn spoil_often(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.byte() % 5 {
            self.spoil(bytes);
        }
    }
}

/// A vector with its length in front (RFC 9420, section 2.1.2).
pub(crate) fn with_length(bytes: &[u8]) -> Vec<u8> {
    let encoded = VLByteSlice(bytes).tls_serialize_detached();
    encoded.expect("inputs are far below the largest vector")
}

/// SplitMix64: reproducible, and good for nothing else.
pub struct TestRng(pub u64);

impl TryRng for TestRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Ok(z ^ (z >> 31))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for TestRng {}
