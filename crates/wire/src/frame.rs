//! A frame: one message of the WebSocket. Version, length, content, zeros up to a size of [`frame_size`],
//! so that an observer of the connection sees the buckets and nothing finer.

use crate::limits::{FRAME_OVERHEAD, FRAME_STEP, MAX_FRAME_BYTES};
use crate::{Call, Reply};
use core::fmt;
use tls_codec::{DeserializeBytes, Serialize};

const VERSION: u8 = 1;

/// Version and length.
const HEADER_BYTES: usize = 1 + 4;

/// A frame that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvalidFrame {
    /// Its first byte names no version that this program knows.
    UnknownVersion,
    /// It is larger than [`MAX_FRAME_BYTES`].
    Oversized,
    /// It is damaged.
    Malformed,
}

impl fmt::Display for InvalidFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownVersion => "a frame of an unknown version",
            Self::Oversized => "a frame beyond the size limit",
            Self::Malformed => "a damaged frame",
        })
    }
}

impl std::error::Error for InvalidFrame {}

/// The size of a frame with this much content: [`FRAME_OVERHEAD`] plus whole steps of [`FRAME_STEP`].
pub const fn frame_size(content: usize) -> usize {
    let beyond = content
        .saturating_add(HEADER_BYTES)
        .saturating_sub(FRAME_OVERHEAD);
    beyond
        .div_ceil(FRAME_STEP)
        .saturating_mul(FRAME_STEP)
        .saturating_add(FRAME_OVERHEAD)
}

/// Encodes a request. The caller keeps its bytes within a bucket, otherwise the relay refuses it.
pub fn encode_call(call: &Call) -> Vec<u8> {
    encode(call)
}

/// Encodes what a relay says.
pub fn encode_reply(reply: &Reply) -> Vec<u8> {
    encode(reply)
}

/// Reads a request.
pub fn decode_call(frame: &[u8]) -> Result<Call, InvalidFrame> {
    decode(frame)
}

/// Reads what a relay says.
pub fn decode_reply(frame: &[u8]) -> Result<Reply, InvalidFrame> {
    decode(frame)
}

fn encode<T: Serialize>(content: &T) -> Vec<u8> {
    let length = content.tls_serialized_len();
    let size = frame_size(length);
    let mut frame = Vec::with_capacity(size);
    frame.push(VERSION);
    frame.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    content
        .tls_serialize(&mut frame)
        .expect("writing to memory, with lengths below 2^30");
    frame.resize(size, 0);
    frame
}

fn decode<T: DeserializeBytes>(frame: &[u8]) -> Result<T, InvalidFrame> {
    if frame.len() > MAX_FRAME_BYTES {
        return Err(InvalidFrame::Oversized);
    }
    let (version, rest) = frame.split_first().ok_or(InvalidFrame::Malformed)?;
    if *version != VERSION {
        return Err(InvalidFrame::UnknownVersion);
    }
    let (length, rest) = rest.split_first_chunk().ok_or(InvalidFrame::Malformed)?;
    let length =
        usize::try_from(u32::from_be_bytes(*length)).map_err(|_| InvalidFrame::Malformed)?;
    let (content, tail) = rest
        .split_at_checked(length)
        .ok_or(InvalidFrame::Malformed)?;
    if frame.len() != frame_size(length) || tail.iter().any(|byte| *byte != 0) {
        return Err(InvalidFrame::Malformed);
    }
    T::tls_deserialize_exact_bytes(content).map_err(|_| InvalidFrame::Malformed)
}
