//! The analysis of rows: what changes nothing, what is found, what is not.

use std::collections::BTreeSet;

use ground::{
    Care, Cast, Category, Conversation, Floor, Mapped, PairCounts, Pca, Plan, Planted, Report,
    Scores, SideScore, Sides, Stance, Statement, StatementId, Tally, Votes, adjusted_rand,
    chance_of_more,
};
use nalgebra::{DMatrix, SymmetricEigen};

use crate::attacker::Draw;

fn plan(people: usize, statements: usize, density: f64, seed: u64) -> Plan {
    Plan {
        people,
        statements,
        density,
        seed,
    }
}

fn conversation(votes: Votes) -> Conversation {
    let statements = (0..votes.statements()).map(|at| Statement {
        id: StatementId::new(at.to_string()),
        text: String::new(),
    });
    Conversation::new(statements.collect(), votes).unwrap()
}

fn analyse(votes: Votes) -> Report {
    conversation(votes).analyse(None, Floor::FIVE)
}

/// Everybody's votes as chance alone would have them: no sides.
fn noise(people: usize, statements: u32, seed: u64) -> Votes {
    let mut votes = Votes::on(statements as usize);
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bits = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 20
    };
    let leaning: Vec<u64> = (0..statements).map(|_| 10 + bits() % 80).collect();
    for _ in 0..people {
        let own: Vec<Cast> = (0..statements)
            .filter_map(|at| {
                let is_cast = bits() % 100 < 60;
                let agrees = bits() % 100 < leaning[at as usize];
                let stance = match (agrees, bits() % 10) {
                    (_, 0) => Stance::Pass,
                    (true, _) => Stance::Agree,
                    (false, _) => Stance::Disagree,
                };
                is_cast.then_some(Cast::new(at, stance)?)
            })
            .collect();
        votes.add(&own).unwrap();
    }
    votes
}

#[test]
fn the_order_of_people_changes_nothing_bit_for_bit() {
    for (people, seed) in [(300, 1), (2_400, 2)] {
        let votes = plan(people, 40, 0.4, seed).plant().votes;
        let turned: Vec<usize> = (0..people).map(|at| (at * 7 + 3) % people).collect();
        assert_eq!(analyse(votes.select(&turned)), analyse(votes));
    }
}

/// The same votes, every statement with another name: the one in place `at` comes to `to(at)`.
fn renamed(votes: &Votes, to: impl Fn(u32) -> u32) -> Votes {
    let mut anew = Votes::on(votes.statements());
    for person in votes.iter() {
        let moved = person
            .iter()
            .map(|cast| Cast::new(to(cast.statement()), cast.stance()));
        let mut own: Vec<Cast> = moved.map(Option::unwrap).collect();
        own.sort();
        anew.add(&own).unwrap();
    }
    anew
}

/// Tallies, scores and verdicts are the same to the last bit. What is summed over statements (components,
/// places, silhouettes) is summed in the order of names, and chance begins with a hash of it: there it
/// is the same up to rounding, and up to a sign.
#[test]
fn other_names_of_statements_give_the_same_report_under_other_names() {
    let votes = plan(240, 40, 0.5, 14).plant().votes;
    let to = |at: u32| (at * 7 + 3) % 40;
    let other = renamed(&votes, to);
    let of = (0..240).map(|person| Some(person % 3)).collect();
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    let sides = Sides::declared(names, of).unwrap();
    let (one, two) = (conversation(votes.clone()), conversation(other.clone()));
    let (a, b) = (
        one.analyse(Some(&sides), Floor::FIVE),
        two.analyse(Some(&sides), Floor::FIVE),
    );
    assert_eq!((a.headline, &a.sides), (b.headline, &b.sides));
    let (x, y) = (a.consultation.unwrap(), b.consultation.unwrap());
    for at in 0..40 {
        let place = to(at) as usize;
        let (at, mut finding) = (at as usize, b.statements[place].clone());
        finding.statement = a.statements[at].statement.clone();
        assert_eq!(finding, a.statements[at]);
        assert_eq!(x.exact[at], y.exact[place]);
        assert_eq!(x.pca.center[at].to_bits(), y.pca.center[place].to_bits());
    }
    let moved = |list: &[usize]| list.iter().map(|at| to(*at as u32) as usize).collect();
    for (from, to) in [
        (&a.lists.share, &b.lists.share),
        (&a.lists.differ, &b.lists.differ),
        (&a.lists.talk, &b.lists.talk),
    ] {
        // Equals stand by name.
        let (moved, there): (BTreeSet<usize>, BTreeSet<usize>) =
            (moved(from), to.iter().copied().collect());
        assert_eq!(moved, there);
    }
    for (v, w) in x.pca.components.iter().zip(&y.pca.components) {
        let along: f64 = (0..40).map(|at| v[at] * w[to(at as u32) as usize]).sum();
        assert!((along.abs() - 1.0).abs() < 1e-9, "{along}");
    }
    let groups = [(&votes, x.groups.k), (&other, y.groups.k)].map(|(votes, k)| {
        let groups = Mapped::of(votes).groups(votes);
        assert_eq!((groups.k, k), (3, 3));
        let of = groups.of.iter().map(|group| group.unwrap_or(9));
        of.collect::<Vec<usize>>()
    });
    assert!((adjusted_rand(&groups[0], &groups[1]) - 1.0).abs() < 1e-12);
}

#[test]
fn shards_and_later_votes_give_what_one_batch_gives() {
    let votes = plan(1_000, 30, 0.5, 3).plant().votes;
    let whole = PairCounts::of(&votes);
    let (front, back): (Vec<usize>, Vec<usize>) = ((0..337).collect(), (337..1_000).collect());
    let shards = PairCounts::of(&votes.select(&front)).plus(&PairCounts::of(&votes.select(&back)));
    assert_eq!(shards, whole);
    let mut later = PairCounts::on(30);
    votes.iter().for_each(|person| later.add(person));
    assert_eq!(later, whole);
    assert_eq!(later.covariance(), whole.covariance());
}

#[test]
fn pairs_counted_together_are_those_counted_one_by_one() {
    let mut everybody_agrees = Votes::on(7);
    let all: Vec<Cast> = (0..7)
        .filter_map(|at| Cast::new(at, Stance::Agree))
        .collect();
    for _ in 0..70_000 {
        everybody_agrees.add(&all).unwrap();
    }
    for votes in [
        everybody_agrees,
        noise(20_000, 23, 8),
        noise(700, 900, 9),
        noise(3, 3_000, 10),
        Votes::on(5),
    ] {
        let mut one_by_one = PairCounts::on(votes.statements());
        votes.iter().for_each(|person| one_by_one.add(person));
        assert_eq!(PairCounts::of(&votes), one_by_one);
    }
}

/// The covariance as it is defined: gaps filled with the column's mean.
fn imputed(votes: &Votes) -> DMatrix<f64> {
    let (people, size) = (votes.people(), votes.statements());
    let value = |stance: Stance| match stance {
        Stance::Agree => 1.0,
        Stance::Disagree => -1.0,
        Stance::Pass => 0.0,
    };
    let mut matrix = DMatrix::from_element(people, size, f64::NAN);
    for (row, person) in votes.iter().enumerate() {
        for cast in person {
            matrix[(row, cast.statement() as usize)] = value(cast.stance());
        }
    }
    for mut column in matrix.column_iter_mut() {
        let cast: Vec<f64> = column.iter().copied().filter(|x| !x.is_nan()).collect();
        let mean = cast.iter().sum::<f64>() / cast.len().max(1) as f64;
        column
            .iter_mut()
            .for_each(|x| *x = if x.is_nan() { 0.0 } else { *x - mean });
    }
    matrix.transpose() * matrix
}

#[test]
fn the_components_are_those_of_a_dense_solver() {
    for (votes, name) in [
        (plan(400, 60, 0.3, 4).plant().votes, "planted"),
        (noise(300, 80, 5), "noise"),
        (plan(90, 5, 0.9, 6).plant().votes, "narrow"),
    ] {
        let dense = imputed(&votes);
        let ours = PairCounts::of(&votes).covariance();
        for (x, y) in ours.iter().zip(dense.iter()) {
            assert!((x - y).abs() < 1e-9, "{name}: {x} is not {y}");
        }
        let trace = dense.trace();
        let eigen = SymmetricEigen::new(dense);
        let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
        order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
        let pca = Pca::of(&votes, 9);
        for (axis, place) in order.iter().copied().enumerate().take(2) {
            let vector = eigen.eigenvectors.column(place);
            let along: f64 = pca.components[axis]
                .iter()
                .zip(vector.iter())
                .map(|(x, y)| x * y)
                .sum();
            assert!(
                (along.abs() - 1.0).abs() < 1e-9,
                "{name}, axis {axis}: {along}"
            );
            let share = eigen.eigenvalues[place] / trace;
            assert!((pca.explained[axis] - share).abs() < 1e-9, "{name}");
        }
    }
}

#[test]
fn many_statements_take_another_way_to_the_same_components() {
    // 3,100 statements are not written out; the first 2,900 of them are.
    let votes = plan(150, 3_100, 0.05, 8).plant().votes;
    let pca = Pca::of(&votes, 1);
    let eigen = SymmetricEigen::new({
        // The small side of the same matrix: people by people.
        let (people, size) = (votes.people(), votes.statements());
        let mut rows = DMatrix::zeros(people, size);
        for (row, person) in votes.iter().enumerate() {
            for cast in person {
                let at = cast.statement() as usize;
                let vote = match cast.stance() {
                    Stance::Agree => 1.0,
                    Stance::Disagree => -1.0,
                    Stance::Pass => 0.0,
                };
                rows[(row, at)] = vote - pca.center[at];
            }
        }
        &rows * rows.transpose()
    });
    let mut values: Vec<f64> = eigen.eigenvalues.iter().copied().collect();
    values.sort_by(|a, b| b.total_cmp(a));
    let total: f64 = values.iter().sum();
    for (axis, value) in values.iter().enumerate().take(2) {
        assert!((pca.explained[axis] - value / total).abs() < 1e-9);
    }
}

/// How well the sides that were planted are found: the adjusted Rand index, and how many were found.
fn found_of(planted: &Planted) -> (f64, usize) {
    let groups = Mapped::of(&planted.votes).groups(&planted.votes);
    let pairs = groups.of.iter().zip(&planted.sides);
    let (found, truth): (Vec<usize>, Vec<usize>) = pairs
        .map(|(found, planted)| (found.unwrap_or(9), *planted))
        .unzip();
    (adjusted_rand(&found, &truth), groups.k)
}

#[test]
fn planted_sides_are_found() {
    for (people, statements, density) in [(300, 60, 0.4), (2_100, 200, 0.15), (9_000, 100, 0.3)] {
        let (index, k) = found_of(&plan(people, statements, density, 11).plant());
        println!("{people} people, {statements} statements: {k} sides, adjusted Rand {index:.4}");
        assert_eq!(k, 3);
        assert!(index >= 0.95, "{people} people: {index}");
    }
}

#[test]
fn planted_sides_of_a_hundred_seeds_are_found() {
    let found: Vec<(f64, usize)> = (0..100)
        .map(|seed| found_of(&plan(150, 50, 0.5, seed).plant()))
        .collect();
    let good = found.iter().filter(|(index, _)| *index >= 0.95).count();
    let least = found.iter().map(|(index, _)| *index).fold(1.0, f64::min);
    println!("planted sides: {good} of 100 with adjusted Rand >= 0.95, the least {least:.4}");
    assert!(good >= 95 && least >= 0.9, "{good}, {least}");
}

#[test]
fn votes_without_sides_give_no_clear_groups() {
    let clear = (0..100).filter(|seed| {
        let votes = noise(120, 20, *seed);
        Mapped::of(&votes).groups(&votes).k > 1
    });
    let clear = clear.count();
    println!("votes by chance: no clear groups in {} of 100", 100 - clear);
    assert!(clear <= 5);
}

/// Who voted on what stays; which vote is whose is drawn anew, statement by statement.
fn shuffled(votes: &Votes, seed: u64) -> Votes {
    let mut draw = Draw(seed);
    let mut columns: Vec<Vec<Stance>> = vec![Vec::new(); votes.statements()];
    for cast in votes.iter().flatten() {
        columns[cast.statement() as usize].push(cast.stance());
    }
    for column in &mut columns {
        for last in (1..column.len()).rev() {
            column.swap(last, draw.below(last as u32 + 1) as usize);
        }
    }
    let mut anew = Votes::on(votes.statements());
    for person in votes.iter() {
        let own = person.iter().map(|cast| {
            let stance = columns[cast.statement() as usize].pop();
            Cast::new(cast.statement(), stance.unwrap()).unwrap()
        });
        anew.add(&own.collect::<Vec<Cast>>()).unwrap();
    }
    anew
}

#[test]
fn votes_shuffled_within_statements_give_no_clear_groups() {
    let (mut clear, mut clear_before) = (0, 0);
    for seed in 0..100 {
        let votes = plan(150, 40, 0.5, seed).plant().votes;
        let anew = shuffled(&votes, seed ^ 0xa5a5);
        clear_before += u32::from(Mapped::of(&votes).groups(&votes).k > 1);
        clear += u32::from(Mapped::of(&anew).groups(&anew).k > 1);
    }
    println!(
        "votes shuffled within statements: no clear groups in {} of 100",
        100 - clear
    );
    assert!(clear <= 5, "{clear}");
    // Unshuffled, the same votes have them.
    assert!(clear_before >= 95, "{clear_before}");
}

fn tallies(list: &[(u32, u32, u32)]) -> Vec<SideScore> {
    let of = |(agree, disagree, pass): &(u32, u32, u32)| {
        SideScore::of(Tally {
            agree: *agree,
            disagree: *disagree,
            pass: *pass,
        })
    };
    list.iter().map(of).collect()
}

#[test]
fn flipping_a_statement_swaps_its_two_scores_exactly() {
    for agree in 0..30 {
        let sides = [(agree, 29 - agree, 3), (17, agree, 2), (3 * agree, 8, 0)];
        let flipped = sides.map(|(agree, disagree, pass)| (disagree, agree, pass));
        let (a, b) = (Scores::of(&tallies(&sides)), Scores::of(&tallies(&flipped)));
        assert_eq!(a.common_ground.to_bits(), b.shared_rejection.to_bits());
        assert_eq!(a.shared_rejection.to_bits(), b.common_ground.to_bits());
    }
}

#[test]
fn flipping_every_statement_swaps_the_two_verdicts() {
    let votes = plan(600, 40, 0.5, 12).plant().votes;
    let mut flipped = Votes::on(40);
    for person in votes.iter() {
        let turned = person.iter().map(|cast| {
            let stance = match cast.stance() {
                Stance::Agree => Stance::Disagree,
                Stance::Disagree => Stance::Agree,
                Stance::Pass => Stance::Pass,
            };
            Cast::new(cast.statement(), stance).unwrap()
        });
        flipped.add(&turned.collect::<Vec<Cast>>()).unwrap();
    }
    let sides: Vec<Option<usize>> = (0..600).map(|person| Some(person % 3)).collect();
    let names = ["a", "b", "c"].map(str::to_owned).to_vec();
    let sides = ground::Sides::declared(names, sides).unwrap();
    let (a, b) = (
        conversation(votes).analyse(Some(&sides), Floor::FIVE),
        conversation(flipped).analyse(Some(&sides), Floor::FIVE),
    );
    assert!(a.headline.shared > 0 && a.headline.rejected > 0);
    assert_eq!(a.headline.shared, b.headline.rejected);
    assert_eq!(a.headline.rejected, b.headline.shared);
    for (x, y) in a.statements.iter().zip(&b.statements) {
        match x.category {
            Category::CommonGround { strong } => {
                assert_eq!(y.category, Category::SharedRejection { strong });
            }
            Category::SharedRejection { strong } => {
                assert_eq!(y.category, Category::CommonGround { strong });
            }
            Category::Opposed { .. }
            | Category::Differ { .. }
            | Category::MayDiffer { .. }
            | Category::OneSideShort { .. }
            | Category::Unsure
            | Category::SplitInside
            | Category::Open
            | Category::Promising
            | Category::Undecided
            | Category::KeptPrivate => {
                let is_shared = |list: &[usize]| list.iter().any(|at| b.statements[*at] == *y);
                assert!(!is_shared(&b.lists.share));
            }
        }
    }
}

#[test]
fn what_all_reject_is_never_divisive() {
    for first in 51..=100 {
        for second in [51, 60, 75, 90, 100] {
            let sides = tallies(&[(100 - first, first, 0), (100 - second, second, 0)]);
            assert_eq!(Scores::of(&sides).divisive_z, None);
        }
    }
}

#[test]
fn chances_are_those_of_exact_sums() {
    // With whole parameters the beta function is a binomial sum; half ones lie between.
    for n in [1_u32, 5, 20, 100, 1_000, 100_000] {
        for share in [0.5, 2.0 / 3.0] {
            let mut before = -1.0;
            for tenth in 0..=100 {
                let agree = (u64::from(n) * tenth / 100) as u32;
                let chance = chance_of_more(agree, n, share);
                assert!((0.0..=1.0).contains(&chance));
                assert!(
                    chance >= before,
                    "{agree} of {n}: {chance} is below {before}"
                );
                before = chance;
            }
        }
        let half = chance_of_more(n / 2, n, 0.5) + chance_of_more(n - n / 2, n, 0.5);
        // What the logarithm of gamma leaves of the digits at large n.
        assert!((half - 1.0).abs() < 1e-8, "{n}: {half}");
    }
    // Worked out with 50 digits.
    for (agree, n, share, exact) in [
        (5, 5, 0.5, 0.993_127_696_691_078_9),
        (9, 12, 0.5, 0.960_555_350_499_552_5),
    ] {
        let chance = chance_of_more(agree, n, share);
        assert!((chance - exact).abs() < 1e-9, "{agree} of {n}: {chance}");
    }
}

#[test]
fn one_statement_and_only_passes_are_no_trouble() {
    for stance in [Stance::Agree, Stance::Pass] {
        let mut votes = Votes::on(1);
        for _ in 0..60 {
            votes.add(&[Cast::new(0, stance).unwrap()]).unwrap();
        }
        let report = analyse(votes);
        assert_eq!(report.consultation.unwrap().groups.k, 1);
        let expected = match stance {
            Stance::Pass => Category::Unsure,
            Stance::Agree | Stance::Disagree => Category::CommonGround { strong: true },
        };
        assert_eq!(report.statements[0].category, expected);
    }
}

#[test]
fn a_rough_iteration_is_near_the_exact_one() {
    struct Diagonal(Vec<f64>);
    impl ground::Symmetric for Diagonal {
        fn size(&self) -> usize {
            self.0.len()
        }
        fn times(&self, vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
            let product = |v: &Vec<f64>| v.iter().zip(&self.0).map(|(x, d)| x * d).collect();
            vectors.iter().map(product).collect()
        }
    }
    let matrix = Diagonal((0..200).map(|at| 200.0 - f64::from(at)).collect());
    for (care, near) in [(Care::Exact, 1e-9), (Care::Rough, 0.5)] {
        let axes = ground::leading(&matrix, 3, care);
        assert!((axes[0].value - 200.0).abs() < near);
        assert!((axes[1].value - 199.0).abs() < near);
    }
}
