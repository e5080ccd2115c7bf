//! Exhaustive perfect anonymity on tiny parameters: two honest members and a coalition of one, over
//! the field of five elements and slots of one byte. Exchanging the honest payloads must leave the
//! multiset of the coalition's views unchanged, over all tags and pads. The mutants must fail.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::field::Residue;
use crate::pads::{add_pad, powers};
use crate::slot::{OwnSlot, rank};

type F = Residue<5>;

const N: usize = 3;
/// The coalition's tag; the honest draw theirs from the rest.
const COALITION_TAG: u64 = 1;

/// What is done wrongly, or nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mutant {
    None,
    PadWordReused,
    SlotsById,
    TagShown,
    PadShown,
    DcAgainWithFreshSeal,
    NoPadBetweenTheHonest,
    FailedRunThenFreshRun,
    FailedRunThenSamePads,
}

/// One run of the two honest members as the coalition sees it, pads with the coalition removed.
struct World {
    tags: [u64; 2],
    slot_pad: [u64; N],
    byte_pad: [u8; N],
    payloads: [u8; 2],
}

fn sums(world: &World, who: usize, mutant: Mutant) -> Vec<u64> {
    let mut sums = powers(F::reduce(world.tags[who]), N as u16);
    let mut words = world.slot_pad.iter().cycle();
    let first = world.slot_pad[0];
    add_pad(&mut sums, who == 0, || match mutant {
        Mutant::NoPadBetweenTheHonest => F::ZERO,
        Mutant::PadWordReused => F::reduce(first),
        Mutant::None
        | Mutant::SlotsById
        | Mutant::TagShown
        | Mutant::PadShown
        | Mutant::DcAgainWithFreshSeal
        | Mutant::FailedRunThenFreshRun
        | Mutant::FailedRunThenSamePads => F::reduce(*words.next().unwrap()),
    });
    sums.into_iter().map(F::value).collect()
}

fn vector(world: &World, who: usize, sealed: u8, mutant: Mutant) -> Vec<u8> {
    let mut lane: Vec<F> = [COALITION_TAG, world.tags[0], world.tags[1]]
        .map(F::reduce)
        .to_vec();
    lane.sort_unstable();
    let slot = if mutant == Mutant::SlotsById {
        who as u16
    } else {
        rank(&lane, F::reduce(world.tags[who])).unwrap()
    };
    let mut vector = vec![0; N];
    OwnSlot::new(slot, Zeroizing::new(vec![sealed])).write(&mut vector);
    for (byte, pad) in vector.iter_mut().zip(world.byte_pad) {
        *byte ^= pad;
    }
    vector
}

fn view(world: &World, mutant: Mutant) -> Vec<u8> {
    let mut view = Vec::new();
    for who in 0..2 {
        view.extend(sums(world, who, mutant).iter().map(|sum| *sum as u8));
        view.extend(vector(world, who, world.payloads[who], mutant));
        match mutant {
            Mutant::TagShown => view.push(world.tags[who] as u8),
            // What blame shows: with the content readable, invariant I1 is broken.
            Mutant::PadShown => view.extend(world.byte_pad),
            Mutant::DcAgainWithFreshSeal => {
                view.extend(vector(world, who, world.payloads[who] ^ 2, mutant));
            }
            Mutant::None
            | Mutant::PadWordReused
            | Mutant::SlotsById
            | Mutant::NoPadBetweenTheHonest
            | Mutant::FailedRunThenFreshRun
            | Mutant::FailedRunThenSamePads => {}
        }
    }
    view
}

fn worlds(payloads: [u8; 2], pads_of_two_bits: bool) -> impl Iterator<Item = World> {
    let pairs = [[2, 3], [3, 2], [2, 4], [4, 2], [3, 4], [4, 3]];
    let pad_values: u8 = if pads_of_two_bits { 4 } else { 2 };
    pairs.into_iter().flat_map(move |tags| {
        (0..125u64).flat_map(move |word| {
            (0..pad_values.pow(3)).map(move |bits| World {
                tags,
                slot_pad: [word % 5, word / 5 % 5, word / 25],
                byte_pad: [
                    bits % pad_values,
                    bits / pad_values % pad_values,
                    bits / pad_values.pow(2),
                ],
                payloads,
            })
        })
    })
}

type Views = BTreeMap<Vec<u8>, u32>;

fn views(payloads: [u8; 2], mutant: Mutant, two_bits: bool) -> Views {
    let mut views = Views::new();
    for world in worlds(payloads, two_bits) {
        *views.entry(view(&world, mutant)).or_default() += 1;
    }
    views
}

fn is_anonymous(mutant: Mutant, payloads: [u8; 2], two_bits: bool) -> bool {
    let [a, b] = payloads;
    views([a, b], mutant, two_bits) == views([b, a], mutant, two_bits)
}

#[test]
fn no_view_tells_the_honest_apart() {
    for payloads in [[0, 1], [1, 1]] {
        assert!(is_anonymous(Mutant::None, payloads, false));
    }
    for payloads in [[1, 2], [0, 3], [2, 3]] {
        assert!(is_anonymous(Mutant::None, payloads, true));
    }
}

#[test]
fn every_mutant_tells_the_honest_apart() {
    for mutant in [
        Mutant::PadWordReused,
        Mutant::SlotsById,
        Mutant::TagShown,
        Mutant::PadShown,
        Mutant::DcAgainWithFreshSeal,
        Mutant::NoPadBetweenTheHonest,
    ] {
        assert!(
            !is_anonymous(mutant, [1, 2], true),
            "{mutant:?} was not noticed"
        );
    }
}

/// A run that failed after DC and its rerun, both seen. The tags are fixed per run, since they are
/// drawn anew: what is enumerated is the pads of both.
fn pair_views(payloads: [u8; 2], mutant: Mutant) -> Views {
    let mut views = Views::new();
    let orders = [[2, 3], [3, 2]];
    let pads = |bits: u8| [bits % 2, bits / 2 % 2, bits / 4];
    let world = |tags, bits| World {
        tags,
        slot_pad: [0; 3],
        byte_pad: pads(bits),
        payloads,
    };
    for (first, second) in orders
        .iter()
        .flat_map(|a| orders.iter().map(move |b| (*a, *b)))
    {
        for bits in 0..64u8 {
            let again = if mutant == Mutant::FailedRunThenSamePads {
                bits % 8
            } else {
                bits / 8
            };
            let (one, two) = (world(first, bits % 8), world(second, again));
            let mut view = Vec::new();
            for (who, payload) in payloads.into_iter().enumerate() {
                // The seal hides what the first run carried: a fresh e gives fresh bytes.
                view.extend(vector(&one, who, 1, mutant));
                view.extend(vector(&two, who, payload, mutant));
            }
            *views.entry(view).or_default() += 1;
        }
    }
    views
}

#[test]
fn a_failed_run_and_its_rerun_together_tell_nothing() {
    let fresh = Mutant::FailedRunThenFreshRun;
    assert_eq!(pair_views([0, 1], fresh), pair_views([1, 0], fresh));
    let same = Mutant::FailedRunThenSamePads;
    assert_ne!(pair_views([0, 1], same), pair_views([1, 0], same));
}
