//! Which statement is asked next, and what that is good for.

use ground::{Asking, Scores, SideScore, Tally};

use crate::attacker::{Draw, three};

fn next(tallies: &[Vec<Tally>], side: usize, answered: &[usize], seed: u64) -> Option<usize> {
    let asking = Asking {
        tallies,
        side,
        answered,
    };
    asking.next(seed)
}

#[test]
fn the_first_three_ballots_of_each_side_come_first() {
    // Two ballots of the second side on the last statement; of the first side there are enough.
    let mut tallies = vec![vec![three(9, 0, 0), three(1, 1, 1)]; 20];
    tallies[19][1] = three(0, 1, 1);
    for seed in 0..200 {
        assert_eq!(next(&tallies, 1, &[], seed), Some(19));
    }
    let of_first: std::collections::BTreeSet<Option<usize>> =
        (0..200).map(|seed| next(&tallies, 0, &[], seed)).collect();
    assert!(of_first.len() > 10, "{of_first:?}");
}

#[test]
fn nothing_is_asked_twice_and_in_the_end_nothing() {
    let tallies = vec![vec![three(4, 1, 0), three(2, 2, 2), three(0, 0, 0)]; 12];
    for seed in 0..50 {
        let mut answered = Vec::new();
        while let Some(at) = next(&tallies, seed as usize % 3, &answered, seed) {
            assert!(!answered.contains(&at) && at < 12);
            answered.push(at);
        }
        assert_eq!(answered.len(), 12);
    }
    assert_eq!(next(&[], 0, &[], 1), None);
}

#[test]
fn half_of_the_questions_go_to_the_least_voted() {
    // Nobody's common ground, and the side's least voted: only the coin can ask for it.
    let mut tallies = vec![vec![three(30, 1, 0), three(30, 1, 0)]; 10];
    tallies[6] = vec![three(400, 400, 0), three(12, 12, 0)];
    let asked = (0..10_000).filter(|seed| next(&tallies, 1, &[], *seed) == Some(6));
    let asked = asked.count();
    assert!((4_800..=5_200).contains(&asked), "{asked}");
}

#[test]
fn the_other_half_goes_where_the_own_side_decides() {
    // On 2 the other side decides, on 3 the own one; on 4 nobody is for it, on 1 both reject it most.
    let tallies = vec![
        vec![three(50, 0, 0), three(10, 40, 0)],
        vec![three(1, 90, 0), three(2, 60, 0)],
        vec![three(50, 50, 0), three(100, 0, 0)],
        vec![three(100, 0, 0), three(40, 10, 0)],
        vec![three(20, 20, 20), three(13, 13, 13)],
    ];
    let mut asked = [0; 5];
    for seed in 0..1_000 {
        asked[next(&tallies, 1, &[4], seed).unwrap()] += 1;
    }
    // What both reject is common ground as well; 0 and 3 are the side's least voted.
    assert!(asked[2] == 0 && asked[1] > 300, "{asked:?}");
}

#[test]
fn every_tally_has_a_next_statement() {
    for ballots in [0, 1, 2, 3, 10, 1_000, 1_000_000] {
        for agree in [0, 1, ballots / 2, ballots] {
            let tally = three(agree.min(ballots), ballots - agree.min(ballots), 0);
            for seed in 0..200 {
                assert_eq!(next(&[vec![tally, tally]], 0, &[], seed), Some(0));
            }
        }
    }
}

/// Three sides, sixty statements: four that all sides mostly agree with, two that all mostly reject, and
/// the others divide them.
struct Planted {
    agrees: Vec<[u32; 3]>,
}

const SHARED: usize = 6;

impl Planted {
    fn new(draw: &mut Draw) -> Planted {
        let agrees = (0..60).map(|at| match at {
            0..4 => [75, 85, 80],
            4..SHARED => [20, 15, 25],
            _ => {
                let mut shares = [0; 3];
                let own = draw.below(3) as usize;
                for (side, share) in shares.iter_mut().enumerate() {
                    *share = if side == own {
                        80
                    } else {
                        20 + 30 * draw.below(2)
                    };
                }
                shares
            }
        });
        Planted {
            agrees: agrees.collect(),
        }
    }

    /// Ballots until all that is shared is claimed, each person answering ten statements; `ask` names
    /// the next one.
    fn ballots_until_found(
        &self,
        draw: &mut Draw,
        ask: impl Fn(&[Vec<Tally>], usize, &[usize], &mut Draw) -> usize,
    ) -> u32 {
        let mut tallies = vec![vec![Tally::default(); 3]; self.agrees.len()];
        let mut ballots = 0;
        for person in 0..20_000 {
            let side = person % 3;
            let mut answered = Vec::new();
            for _ in 0..10 {
                let at = ask(&tallies, side, &answered, draw);
                answered.push(at);
                ballots += 1;
                match draw.below(100) < self.agrees[at][side] {
                    true => tallies[at][side].agree += 1,
                    false => tallies[at][side].disagree += 1,
                }
            }
            if tallies[..SHARED].iter().all(|sides| is_claimed(sides)) {
                return ballots;
            }
        }
        panic!("not found");
    }
}

fn is_claimed(sides: &[Tally]) -> bool {
    let known: Vec<SideScore> = sides.iter().map(|tally| SideScore::of(*tally)).collect();
    let scores = Scores::of(&known);
    let best = scores.common_ground.max(scores.shared_rejection);
    sides.iter().all(|tally| tally.ballots() >= 5) && best >= 0.9
}

#[test]
fn common_ground_is_found_with_fewer_ballots_than_by_asking_evenly() {
    let (mut ours, mut evenly) = (0, 0);
    for seed in 0..8 {
        let planted = Planted::new(&mut Draw(seed));
        ours += planted.ballots_until_found(&mut Draw(seed), |tallies, side, answered, draw| {
            let seed = u64::from(draw.below(u32::MAX));
            next(tallies, side, answered, seed).unwrap()
        });
        evenly += planted.ballots_until_found(&mut Draw(seed), |tallies, _, answered, draw| {
            loop {
                let at = draw.below(tallies.len() as u32) as usize;
                if !answered.contains(&at) {
                    return at;
                }
            }
        });
    }
    println!("ballots until all is found: {ours} drawn, {evenly} evenly");
    assert!(u64::from(ours) * 4 < u64::from(evenly) * 3);
}
