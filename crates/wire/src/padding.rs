//! Every entry has one of six sizes, so that its length says next to nothing.

use crate::limits::BUCKETS;
use core::fmt;

/// The length of the content stands before it, in this many bytes.
const LENGTH_BYTES: usize = 4;

/// The content fits in no bucket and must be cut into pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the content fits in no entry")
    }
}

impl std::error::Error for TooLarge {}

/// The bytes were not made by [`pad`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidPadding;

impl fmt::Display for InvalidPadding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the padding is damaged")
    }
}

impl std::error::Error for InvalidPadding {}

/// Whether an entry may have this size.
pub fn is_bucket(size: usize) -> bool {
    BUCKETS.contains(&size)
}

/// The smallest bucket that holds `size` bytes.
pub fn bucket_for(size: usize) -> Result<usize, TooLarge> {
    BUCKETS
        .into_iter()
        .find(|bucket| *bucket >= size)
        .ok_or(TooLarge)
}

/// Pads `content` so that it fills a bucket once `overhead` bytes (of its seal) are added:
/// its length as u32, the content, zeros.
pub fn pad(content: &[u8], overhead: usize) -> Result<Vec<u8>, TooLarge> {
    let length = u32::try_from(content.len()).map_err(|_| TooLarge)?;
    let least = content.len().checked_add(LENGTH_BYTES).ok_or(TooLarge)?;
    let bucket = bucket_for(least.checked_add(overhead).ok_or(TooLarge)?)?;
    let size = bucket.checked_sub(overhead).ok_or(TooLarge)?;
    let mut padded = Vec::with_capacity(size);
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(content);
    padded.resize(size, 0);
    Ok(padded)
}

/// Gives back what [`pad`] was given with the same overhead. A length beyond the bytes, a tail other than
/// zeros and a bucket that is not the smallest one are refused: one content has one padded form.
pub fn unpad(padded: &[u8], overhead: usize) -> Result<&[u8], InvalidPadding> {
    let (length, rest) = padded
        .split_first_chunk::<LENGTH_BYTES>()
        .ok_or(InvalidPadding)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| InvalidPadding)?;
    let (content, tail) = rest.split_at_checked(length).ok_or(InvalidPadding)?;
    let smallest = LENGTH_BYTES
        .checked_add(length)
        .and_then(|least| bucket_for(least.checked_add(overhead)?).ok());
    let is_smallest = smallest == padded.len().checked_add(overhead);
    if is_smallest && tail.iter().all(|byte| *byte == 0) {
        Ok(content)
    } else {
        Err(InvalidPadding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn padding_comes_off_and_fills_a_bucket(content: Vec<u8>, overhead in 0_usize..100) {
            let padded = pad(&content, overhead).unwrap();
            prop_assert!(is_bucket(padded.len() + overhead));
            prop_assert_eq!(unpad(&padded, overhead), Ok(content.as_slice()));
        }

        #[test]
        fn unpadding_anything_never_panics(bytes: Vec<u8>) {
            let _ = unpad(&bytes, 0);
        }
    }

    #[test]
    fn the_largest_content_fits_and_one_byte_more_does_not() {
        let overhead = 41;
        let largest = (1 << 20) - 4 - overhead;
        assert_eq!(
            pad(&vec![1; largest], overhead).unwrap().len() + overhead,
            1 << 20
        );
        assert_eq!(pad(&vec![1; largest + 1], overhead), Err(TooLarge));
        assert_eq!(pad(&[], usize::MAX), Err(TooLarge));
    }

    #[test]
    fn a_wrong_length_and_a_dirty_tail_are_refused() {
        let mut dirty = pad(b"content", 0).unwrap();
        dirty[1023] = 1;
        assert_eq!(unpad(&dirty, 0), Err(InvalidPadding));
        let mut long = pad(b"content", 0).unwrap();
        long[2] = 0xFF;
        assert_eq!(unpad(&long, 0), Err(InvalidPadding));
        assert_eq!(unpad(&[0, 0, 0], 0), Err(InvalidPadding));
    }

    #[test]
    fn a_larger_bucket_than_needed_is_refused() {
        let mut larger = pad(b"content", 41).unwrap();
        assert_eq!(unpad(&larger, 41), Ok(b"content".as_slice()));
        larger.resize(BUCKETS[1] - 41, 0);
        assert_eq!(unpad(&larger, 41), Err(InvalidPadding));
    }
}
