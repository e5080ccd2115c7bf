//! One run: whatever the coalition does and however the run ends, exchanging the payloads of the
//! honest changes nothing that it sees. And the mutants, which it does see.

use super::scene::{End, Mutant, Scene, ShownSums};
use super::world::{Kept, numbers};
use crate::field::Residue;

/// All orders of `payloads`, each once.
pub(super) fn orders(payloads: &[u8]) -> Vec<Vec<u8>> {
    let Some((first, rest)) = payloads.split_first() else {
        return vec![Vec::new()];
    };
    let mut all: Vec<Vec<u8>> = orders(rest)
        .into_iter()
        .flat_map(|order| {
            (0..=order.len()).map(move |at| {
                let (before, after) = order.split_at(at);
                [before, &[*first], after].concat()
            })
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn is_anonymous<const P: u64>(scene: &Scene<P>, payloads: &[u8]) -> bool {
    let nothing = Kept::default();
    let seen = scene.views(payloads, &nothing);
    let others = orders(payloads)
        .into_iter()
        .filter(|order| order != payloads);
    others
        .into_iter()
        .all(|order| scene.views(&order, &nothing) == seen)
}

/// Every end of a run, with the roots of all, of one, and of all but one revealed.
pub(super) fn ends(honest: usize) -> Vec<End> {
    let but_one = (1..honest).collect();
    let revealed = [(0..honest).collect(), vec![0], but_one].map(End::Revealed);
    [
        End::AfterKeys,
        End::AfterSlots,
        End::AfterVectors,
        End::AfterVerdicts,
        End::Released,
    ]
    .into_iter()
    .chain(revealed)
    .collect()
}

#[test]
fn no_view_tells_the_honest_apart() {
    for end in ends(2) {
        let one_bit = Scene::<5>::new(2, 3, 1)
            .ending(end.clone())
            .showing(ShownSums::Each);
        assert!(is_anonymous(&one_bit, &[0, 1]), "{end:?}");
        let two_bits = Scene::<5>::new(2, 3, 2).ending(end.clone());
        for payloads in [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3], [3, 3]] {
            assert!(is_anonymous(&two_bits, &payloads), "{end:?}");
        }
    }
}

#[test]
fn no_view_of_two_colluders_tells_the_two_honest_apart() {
    for end in ends(2) {
        let each = Scene::<5>::new(2, 4, 1)
            .ending(end.clone())
            .showing(ShownSums::Each);
        assert!(is_anonymous(&each, &[0, 1]), "{end:?}");
        let larger_field = Scene::<7>::new(2, 4, 1).ending(end.clone());
        assert!(is_anonymous(&larger_field, &[0, 1]), "{end:?}");
        let two_bits = Scene::<5>::new(2, 4, 2).ending(end.clone());
        for payloads in [[0, 1], [1, 2], [0, 3]] {
            assert!(is_anonymous(&two_bits, &payloads), "{end:?}");
        }
    }
}

#[test]
fn no_view_tells_three_honest_of_four_apart() {
    for end in ends(3) {
        let scene = Scene::<5>::new(3, 4, 1).ending(end.clone());
        assert!(is_anonymous(&scene, &[0, 1, 1]), "{end:?}");
    }
}

/// Words of different powers are independent, so each power is counted by itself: all four together
/// would be 5^12 pads.
#[test]
fn slot_messages_of_three_honest_show_nothing_but_the_set_of_tags() {
    use super::view::{View, Views};
    use crate::pads::add_pad;
    type F = Residue<5>;
    for power in 1..=4 {
        let seen = |tags: &[u8]| {
            Views::count(numbers(5, 3).map(|pad| {
                let mut view = View::NOTHING;
                for (seat, tag) in tags.iter().enumerate() {
                    let mut sum = [F::reduce(u64::from(*tag)).pow(power)];
                    for (pair, word) in [(0, 1), (0, 2), (1, 2)].into_iter().zip(&pad) {
                        if pair.0 == seat || pair.1 == seat {
                            add_pad(&mut sum, pair.0 == seat, || F::reduce(*word));
                        }
                    }
                    view.see(sum[0].value());
                }
                (view, 1)
            }))
        };
        for tags in [[1, 2, 3], [1, 2, 4], [1, 3, 4], [2, 3, 4]] {
            let one = seen(&tags);
            assert!(orders(&tags).iter().all(|order| seen(order) == one));
        }
    }
}

#[test]
fn nothing_that_a_coalition_adds_to_sums_or_slots_tells_the_honest_apart() {
    for sums in numbers(5, 3) {
        let sums: Vec<Residue<5>> = sums.into_iter().map(Residue::reduce).collect();
        for flips in numbers(2, 3) {
            let flips: Vec<u8> = flips.into_iter().map(|bit| bit as u8).collect();
            for end in ends(2) {
                let scene = Scene::new(2, 3, 1).adding(sums.clone()).flipping(&flips);
                assert!(is_anonymous(&scene.ending(end), &[0, 1]));
            }
        }
    }
}

#[test]
fn other_payloads_of_a_released_run_are_seen_and_those_of_a_dead_run_are_not() {
    let nothing = Kept::default();
    for end in ends(2) {
        let scene = Scene::<5>::new(2, 3, 1).ending(end.clone());
        let same = scene.views(&[0, 1], &nothing) == scene.views(&[0, 0], &nothing);
        assert_eq!(same, end != End::Released, "{end:?}");
    }
}

/// Whether a mutant is seen where the same run without it is not.
fn is_noticed(mutant: Mutant, sound: Scene<5>) -> bool {
    assert!(is_anonymous(&sound, &[0, 1]));
    !is_anonymous(&sound.with(mutant), &[0, 1])
}

#[test]
fn every_mutant_tells_the_honest_apart() {
    let all_roots = End::Revealed(vec![0, 1]);
    for (mutant, end, shown) in [
        (Mutant::PadWordReused, End::Released, ShownSums::Each),
        (
            Mutant::NoPadBetweenTheHonest,
            End::Released,
            ShownSums::Each,
        ),
        (Mutant::SlotsById, End::Released, ShownSums::Each),
        (Mutant::Unsealed, all_roots, ShownSums::Each),
        (Mutant::RevealsAndReleases, End::Released, ShownSums::Each),
        (
            Mutant::DcAgainWithFreshSeal,
            End::Released,
            ShownSums::Total,
        ),
    ] {
        let one_bit = Scene::new(2, 3, 1).ending(end.clone()).showing(shown);
        assert!(is_noticed(mutant, one_bit), "{mutant:?}");
        let two_bits = Scene::new(2, 3, 2).ending(end);
        // It shows in the single SLOT messages alone.
        let in_slot = mutant == Mutant::PadWordReused;
        assert_ne!(is_noticed(mutant, two_bits), in_slot, "{mutant:?}");
    }
}

/// The seal alone hides a dead run; pads alone hide an unsealed one, as long as no root is shown.
#[test]
fn an_unsealed_run_hides_its_authors_until_a_root_is_revealed() {
    for end in ends(2) {
        let scene = Scene::<5>::new(2, 3, 1)
            .ending(end.clone())
            .with(Mutant::Unsealed);
        let revealed = matches!(end, End::Revealed(_));
        assert_eq!(is_anonymous(&scene, &[0, 1]), !revealed, "{end:?}");
    }
}
