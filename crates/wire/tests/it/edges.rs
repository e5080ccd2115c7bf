//! Where a size, a limit or a text begins to be refused.

use std::collections::BTreeSet;
use wire::limits::{
    BUCKETS, ENTRY_OVERHEAD, FRAME_OVERHEAD, FRAME_STEP, MAX_ENTRY_BYTES, MAX_FRAME_BYTES,
    MAX_MAILBOX_BYTES, RESERVED_RESET_BYTES, RESERVED_ROTATION_BYTES,
};
use wire::*;

#[test]
fn sizes_are_those_of_the_document() {
    assert_eq!(BUCKETS, [1024, 4096, 16_384, 65_536, 262_144, 1_048_576]);
    assert_eq!(MAX_ENTRY_BYTES, 1_048_576);
    assert_eq!((FRAME_OVERHEAD, FRAME_STEP), (256, 1024));
    assert_eq!(MAX_FRAME_BYTES, 1_048_832);
    assert_eq!(MAX_MAILBOX_BYTES, 4_294_967_296);
    assert_eq!(RESERVED_ROTATION_BYTES, 67_108_864);
    assert_eq!((RESERVED_RESET_BYTES, ENTRY_OVERHEAD), (16_777_216, 256));
}

#[test]
fn only_the_size_of_a_bucket_is_a_buckets_size() {
    for bucket in BUCKETS {
        assert!(is_bucket(bucket));
        assert!(!is_bucket(bucket - 1) && !is_bucket(bucket + 1));
    }
    assert!(!is_bucket(0));
}

#[test]
fn a_frame_grows_a_step_with_the_first_byte_that_does_not_fit() {
    // Version and length are five bytes of the first 256.
    let sizes = [0, 251, 252, 1275, 1276].map(frame_size);
    assert_eq!(sizes, [256, 256, 1280, 1280, 2304]);
}

#[test]
fn the_largest_frame_is_read_and_each_larger_one_is_oversized() {
    let token = Token::new([2; 32]);
    let request = Request::Append {
        mailbox: MailboxId::new([1; 32]),
        token,
        bytes: vec![9; MAX_ENTRY_BYTES],
    };
    let call = Call { id: 7, request };
    let mut frame = encode_call(&call);
    assert_eq!(frame.len(), MAX_FRAME_BYTES);
    assert_eq!(decode_call(&frame), Ok(call));
    for _ in 0..2 {
        frame.push(0);
        assert_eq!(decode_call(&frame), Err(InvalidFrame::Oversized));
    }
}

#[test]
fn a_moment_is_the_milliseconds_it_was_made_of() {
    assert_eq!(
        Timestamp::from_ms(1_700_000_000_123).ms(),
        1_700_000_000_123
    );
    assert_eq!(Timestamp::from_ms(5).plus_ms(2), Timestamp::from_ms(7));
}

#[test]
fn a_host_has_no_bare_colon_no_other_signs_and_at_most_253_bytes() {
    let key = Fingerprint::new([3; 32]);
    let parsed = |host: &str| format!("{host}:4433#{key}").parse::<RelayAddress>();
    for host in [
        "relay.example.org",
        "10.0.0.1",
        "[::1]",
        "[fe80::1%eth0]",
        "a_b-c",
    ] {
        assert!(parsed(host).is_ok(), "{host}");
    }
    let longest = "a".repeat(253);
    assert_eq!(parsed(&longest).map(|address| address.host), Ok(longest));
    for host in ["", "::1", "[::1", "a/b", "ä.org", &"a".repeat(254)] {
        assert_eq!(parsed(host), Err(InvalidAddress), "{host}");
    }
}

#[test]
fn every_fault_says_in_words_of_its_own_what_it_is() {
    let refusals = [
        Refusal::Unauthorised,
        Refusal::Exists,
        Refusal::WrongSize,
        Refusal::Quota,
        Refusal::DiskFull,
        Refusal::Busy,
        Refusal::Malformed,
        Refusal::UnknownVersion,
        Refusal::Guarded,
    ];
    let frames = [
        InvalidFrame::UnknownVersion,
        InvalidFrame::Oversized,
        InvalidFrame::Malformed,
    ];
    let mut sentences = vec![
        InvalidAddress.to_string(),
        InvalidSecretText.to_string(),
        TooLarge.to_string(),
        InvalidPadding.to_string(),
    ];
    sentences.extend(refusals.map(|refusal| refusal.to_string()));
    sentences.extend(frames.map(|fault| fault.to_string()));
    assert!(sentences.iter().all(|sentence| sentence.len() > 10));
    let different: BTreeSet<&String> = sentences.iter().collect();
    assert_eq!(different.len(), sentences.len());
}
