//! What a change of one sign or one condition would break, and no whole run would show.

mod polynomials;

use tls_codec::{Serialize as _, Size as _, VLBytes};
use zeroize::{Zeroize as _, Zeroizing};

use crate::field::Fe;
use crate::hash::Opaque;
use crate::slot::OwnSlot;
use crate::text::{self, Payload};
use crate::verdict::{Cause, Fault};

#[test]
fn a_payload_is_added_to_what_stands_in_its_slot_and_nothing_else_changes() {
    let before: Vec<u8> = (0..40).collect();
    let sealed = vec![0xFF, 0x0F, 0xF0, 0xA5, 0x5A, 0x01, 0x80, 0x3C];
    let mut lane = before.clone();
    OwnSlot::new(2, Zeroizing::new(sealed.clone())).write(&mut lane);
    let place = 16..24;
    for (at, (after, before)) in lane.iter().zip(&before).enumerate() {
        let own = at.checked_sub(place.start).and_then(|at| sealed.get(at));
        assert_eq!(*after, before ^ own.copied().unwrap_or(0));
    }
}

#[test]
fn a_wiped_residue_is_zero() {
    let mut residue = Fe::ONE;
    residue.zeroize();
    assert_eq!(residue, Fe::ZERO);
}

#[test]
fn an_opaque_value_is_as_long_as_it_says() {
    for inner in [0, 61, 62, 63, 64, 16_382, 16_384] {
        let value = VLBytes::new(vec![7; inner]);
        let opaque = Opaque(&value);
        let mut bytes = Vec::new();
        assert_eq!(opaque.tls_serialize(&mut bytes), Ok(bytes.len()));
        assert_eq!(opaque.tls_serialized_len(), bytes.len());
        let read: VLBytes = tls_codec::Deserialize::tls_deserialize_exact(&bytes).unwrap();
        assert_eq!(read.as_slice(), value.tls_serialize_detached().unwrap());
    }
}

/// What is behind a text could be a mark by which its author is known.
#[test]
fn behind_a_text_nothing_but_zeros_is_read() {
    let payload = Payload::text("heard", 1024).unwrap();
    let plain = payload.plain();
    assert_eq!(text::read(plain).as_deref(), Some("heard"));
    let behind = 3 + "heard".len();
    for places in [
        &[behind][..],
        &[behind, behind + 1],
        &[behind, plain.len() - 1],
    ] {
        let mut marked = plain.to_vec();
        places.iter().for_each(|at| marked[*at] = 7);
        assert_eq!(text::read(&marked), None);
    }
}

#[test]
fn only_a_disruptor_disrupts() {
    assert!(Cause::Disruptor(Fault::FalseNogo).is_disruption());
    let others = [
        Cause::HistoriesDiffer,
        Cause::Malformed,
        Cause::CopiedShare,
        Cause::SharedTag,
        Cause::Silent,
        Cause::Left,
    ];
    assert!(others.iter().all(|cause| !cause.is_disruption()));
}
