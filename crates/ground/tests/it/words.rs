//! What is shown of one tally leaves several possible ones, for every tally there is.

use std::collections::{BTreeMap, BTreeSet};

use ground::{Bound, Shown, Tally};

fn tallies(n: u32) -> impl Iterator<Item = Tally> {
    (0..=n).flat_map(move |agree| {
        (0..=n - agree).map(move |disagree| Tally {
            agree,
            disagree,
            pass: n - agree - disagree,
        })
    })
}

fn groups(n: u32) -> BTreeMap<Shown, Vec<Tally>> {
    let mut groups: BTreeMap<Shown, Vec<Tally>> = BTreeMap::new();
    for tally in tallies(n) {
        groups
            .entry(Shown::of(tally).unwrap())
            .or_default()
            .push(tally);
    }
    groups
}

#[test]
fn words_leave_three_tallies_with_two_values_of_each_answer() {
    for n in 5..20 {
        for (shown, group) in groups(n) {
            let values =
                |of: fn(&Tally) -> u32| group.iter().map(of).collect::<BTreeSet<u32>>().len();
            assert!(group.len() >= 3, "{shown:?} of {n} leaves {group:?}");
            assert!(
                values(|t| t.agree) >= 2,
                "{shown:?} of {n} leaves {group:?}"
            );
            assert!(
                values(|t| t.disagree) >= 2,
                "{shown:?} of {n} leaves {group:?}"
            );
        }
    }
}

#[test]
fn the_ends_are_those_of_all_tallies_that_look_alike() {
    for n in (5..70).chain([199, 200, 201, 333]) {
        for (shown, group) in groups(n) {
            let ends = shown.ends(n);
            let range = |of: fn(&Tally) -> u32| {
                let values = || group.iter().map(of);
                (values().min().unwrap(), values().max().unwrap())
            };
            assert_eq!(ends.agree, range(|t| t.agree), "{shown:?} of {n}");
            assert_eq!(ends.disagree, range(|t| t.disagree), "{shown:?} of {n}");
            assert_eq!(shown.could_be(n), group, "{shown:?} of {n}");
        }
    }
}

#[test]
fn percentages_are_rounded_and_never_none_or_all() {
    for (n, step) in [(20, 5), (57, 5), (199, 5), (200, 1), (1_000, 1)] {
        for agree in 0..=n {
            let tally = Tally {
                agree,
                disagree: n - agree,
                pass: 0,
            };
            let Some(Shown::Percents { agree: told, .. }) = Shown::of(tally) else {
                panic!("{n} ballots have percentages");
            };
            let value = u32::from(told.value);
            assert_eq!(value % step, 0);
            assert!(value > 0 && value < 100);
            let exact = f64::from(agree) * 100.0 / f64::from(n);
            match told.bound {
                Bound::About => assert!((exact - f64::from(value)).abs() <= f64::from(step) / 2.0),
                Bound::AtMost => assert!(exact < f64::from(step) * 1.5),
                Bound::AtLeast => assert!(exact >= 100.0 - f64::from(step) * 1.5),
            }
        }
    }
}

#[test]
fn nothing_is_shown_of_fewer_than_five() {
    for n in 0..5 {
        assert!(tallies(n).all(|tally| Shown::of(tally).is_none()));
    }
}
