//! Two runs seen by one coalition: a failed run and its rerun, a released run and a later Round, two
//! lanes of ballots. And the mutants that let the two be put together.

use super::lone_runs::{ends, orders};
use super::scene::{End, Mutant, Scene};
use super::view::{View, Views};
use super::world::Kept;

/// What two runs have in common, and should not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shared {
    Nothing,
    Tags,
    Seals,
    Pads,
}

/// Two runs, and who submits what in each, by person.
struct Pair<'a> {
    first: &'a Scene<5>,
    second: &'a Scene<5>,
    shared: Shared,
}

impl Pair<'_> {
    fn views(&self, first: &[u8], second: &[u8]) -> Views<(View, View)> {
        let all_kept: Vec<Kept> = match self.shared {
            Shared::Nothing => vec![Kept::default()],
            Shared::Tags => each(self.first.all_tags(), |kept| &mut kept.tags),
            Shared::Seals => each(self.first.all_seals(), |kept| &mut kept.seals),
            Shared::Pads => each(self.first.all_bytes(), |kept| &mut kept.bytes),
        };
        Views::count(all_kept.iter().flat_map(|kept| {
            let one = self.first.views(first, kept);
            let other = self.second.views(second, kept);
            one.with(&other).collect::<Vec<_>>()
        }))
    }

    /// Whether everybody submits the same in both, and no exchange is seen.
    fn is_anonymous(&self, payloads: &[u8]) -> bool {
        let seen = self.views(payloads, payloads);
        orders(payloads)
            .iter()
            .all(|order| self.views(order, order) == seen)
    }
}

fn each(all: Vec<Vec<u64>>, place: fn(&mut Kept) -> &mut Option<Vec<u64>>) -> Vec<Kept> {
    let keep = |value| {
        let mut kept = Kept::default();
        *place(&mut kept) = Some(value);
        kept
    };
    all.into_iter().map(keep).collect()
}

fn all_but_release(honest: usize) -> impl Iterator<Item = End> {
    ends(honest).into_iter().filter(|end| *end != End::Released)
}

/// Tags may collide, among the honest or with the coalition's, so the first run also fails by NOGO in
/// phase 3; with flipped slots, in phase 4. The rerun has all members, or fewer colluders.
#[test]
fn a_failed_run_and_its_rerun_together_tell_nothing() {
    for (n, end) in [3, 4]
        .into_iter()
        .flat_map(|n| all_but_release(2).map(move |end| (n, end)))
    {
        for flipped in [0, 1, n] {
            let flips: Vec<u8> = (0..n).map(|slot| u8::from(slot < flipped)).collect();
            let first = &Scene::new(2, n, 1).flipping(&flips).ending(end.clone());
            for second in &(2..=n).map(|n| Scene::new(2, n, 1)).collect::<Vec<_>>() {
                let shared = Shared::Nothing;
                let pair = Pair {
                    first,
                    second,
                    shared,
                };
                assert!(pair.is_anonymous(&[0, 1]), "{end:?}, {flips:?}");
            }
        }
    }
}

/// Runs without and with a colluder in the roster, and their reruns without the honest person 2.
fn without_person_two() -> [[Scene<5>; 2]; 2] {
    [
        [Scene::new(3, 3, 1), Scene::new(2, 2, 1)],
        [Scene::new(3, 4, 1), Scene::new(2, 3, 1)],
    ]
}

#[test]
fn a_rerun_without_an_honest_member_tells_neither_its_text_nor_the_authors() {
    let nothing = &Kept::default();
    for [first, second] in without_person_two() {
        for end in all_but_release(3) {
            let first = first.clone().ending(end.clone());
            // Independent runs: their joint views are equal where those of each are.
            let seen =
                |texts: [u8; 3]| (first.views(&texts, nothing), second.views(&texts, nothing));
            let one = seen([0, 1, 0]);
            for texts in [[1, 0, 0], [0, 1, 1], [1, 0, 1]] {
                assert!(seen(texts) == one, "{end:?}, {texts:?}");
            }
        }
    }
}

#[test]
fn a_released_text_may_come_again_before_the_same_roster() {
    let released = &Scene::new(2, 3, 1);
    let (first, second, shared) = (released, released, Shared::Nothing);
    assert!(
        Pair {
            first,
            second,
            shared
        }
        .is_anonymous(&[0, 1])
    );
}

/// A run that may be readable locks its texts: in another roster their authors give blanks, or write
/// anew. Whoever withheld its own RELEASE has read it, and sees the later Round as well.
#[test]
fn a_released_run_and_a_round_of_blanks_before_another_roster_tell_nothing() {
    let [[first, second], _] = &without_person_two();
    let shared = Shared::Nothing;
    let pair = Pair {
        first,
        second,
        shared,
    };
    for anew in [[0, 0, 0], [1, 0, 0]] {
        let seen = pair.views(&[0, 1, 1], &anew);
        let exchanged = orders(&[0, 1, 1]);
        assert!(
            exchanged
                .iter()
                .all(|texts| pair.views(texts, &anew) == seen)
        );
    }
}

#[test]
fn a_late_release_after_resubmission_to_another_roster_is_noticed() {
    let [[first, second], _] = &without_person_two();
    let shared = Shared::Nothing;
    let pair = Pair {
        first,
        second,
        shared,
    };
    assert!(!pair.is_anonymous(&[0, 1, 1]));
    // Both runs are sound by themselves: it is person 2 that the second roster lacks.
    let nothing = &Kept::default();
    let [one, other] = [[0, 1, 1], [1, 1, 0]].map(|texts| pair.views(&texts, &texts));
    assert!(one != other);
    assert!(first.views(&[0, 1, 1], nothing) == first.views(&[1, 1, 0], nothing));
}

#[test]
fn an_unsealed_run_and_its_rerun_without_a_member_tell_that_members_text() {
    let [[first, second], _] = &without_person_two();
    let shared = Shared::Nothing;
    for end in [End::AfterVectors, End::Revealed(vec![0, 1, 2])] {
        let tells = |first: &Scene<5>| {
            let pair = Pair {
                first,
                second,
                shared,
            };
            pair.views(&[0, 1, 0], &[0, 1, 0]) != pair.views(&[0, 1, 1], &[0, 1, 1])
        };
        let first = first.clone().ending(end);
        assert!(!tells(&first));
        assert!(tells(&first.with(Mutant::Unsealed)));
    }
}

fn rerun_sharing(end: End, shared: Shared) -> bool {
    let first = &Scene::new(2, 3, 1).ending(end);
    let second = &Scene::new(2, 3, 1);
    Pair {
        first,
        second,
        shared,
    }
    .is_anonymous(&[0, 1])
}

#[test]
fn a_rerun_under_the_same_pads_is_noticed() {
    let all_roots = End::Revealed(vec![0, 1]);
    for end in [End::AfterVectors, all_roots] {
        assert!(rerun_sharing(end.clone(), Shared::Nothing));
        assert!(!rerun_sharing(end, Shared::Pads));
    }
}

#[test]
fn a_tag_kept_over_runs_is_noticed() {
    let all_roots = End::Revealed(vec![0, 1]);
    assert!(rerun_sharing(all_roots.clone(), Shared::Nothing));
    assert!(!rerun_sharing(all_roots, Shared::Tags));
}

#[test]
fn a_seal_kept_over_runs_is_noticed() {
    // Where the first run's roots are shown, its sealed bytes are known by member.
    let all_roots = End::Revealed(vec![0, 1]);
    assert!(!rerun_sharing(all_roots, Shared::Seals));
}

/// Two lanes of one run are two runs with secrets of their own and one decision.
fn lanes_are_linked(shared: Shared) -> bool {
    let lane = &Scene::new(2, 3, 1);
    let (first, second) = (lane, lane);
    let pair = Pair {
        first,
        second,
        shared,
    };
    let seen = pair.views(&[0, 1], &[0, 1]);
    // The ballots of one lane alone are exchanged.
    seen != pair.views(&[0, 1], &[1, 0])
}

#[test]
fn the_ballots_of_one_member_in_two_lanes_are_not_linked() {
    assert!(!lanes_are_linked(Shared::Nothing));
}

#[test]
fn one_e_for_all_lanes_is_noticed() {
    assert!(lanes_are_linked(Shared::Seals));
}

#[test]
fn one_tag_for_all_lanes_is_noticed() {
    assert!(lanes_are_linked(Shared::Tags));
}

#[test]
fn one_pad_for_all_lanes_is_noticed() {
    assert!(lanes_are_linked(Shared::Pads));
}
