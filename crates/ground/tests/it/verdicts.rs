//! Every verdict word against its definition, for two sides of up to twelve seats: every result that can be
//! shown of each, and every answer that whoever is silent could still give.

use std::collections::BTreeMap;

use ground::{
    Answer, Category, Cell, Floor, Headline, Phrase, Report, Round, Shown, Side, Stance, Statement,
    StatementId, Tallies, Tally, Telling, Word, publish,
};

/// The largest side that is tried.
const SEATS: u32 = 12;
/// A side that answers as one may have as many seats as the highest floor leaves it.
const BLOC_SEATS: u32 = 7;

/// What all seats of a side may think, where the same is shown of it.
struct Side1 {
    seats: u32,
    answer: Answer,
    /// Agree, disagree, pass, of all seats.
    worlds: Vec<[u32; 3]>,
    /// The same of those who answered.
    answered: Vec<[u32; 3]>,
    shown: Option<Shown>,
}

fn tallies(n: u32) -> impl Iterator<Item = [u32; 3]> {
    (0..=n).flat_map(move |agree| (0..=n - agree).map(move |no| [agree, no, n - agree - no]))
}

fn tally([agree, disagree, pass]: [u32; 3]) -> Tally {
    Tally {
        agree,
        disagree,
        pass,
    }
}

fn with_silent(answered: &[[u32; 3]], silent: u32) -> Vec<[u32; 3]> {
    let add = |a: &[u32; 3], b: [u32; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    let all = answered.iter();
    let mut all: Vec<[u32; 3]> = all
        .flat_map(|a| tallies(silent).map(move |b| add(a, b)))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn with_ballots() -> Vec<Side1> {
    let mut sides = Vec::new();
    for seats in 5..=SEATS {
        for ballots in 5..=seats {
            let mut alike: BTreeMap<Shown, Vec<[u32; 3]>> = BTreeMap::new();
            for one in tallies(ballots) {
                alike
                    .entry(Shown::of(tally(one)).unwrap())
                    .or_default()
                    .push(one);
            }
            for (shown, answered) in alike {
                sides.push(Side1 {
                    seats,
                    answer: Answer::Ballots(tally(answered[0])),
                    worlds: with_silent(&answered, seats - ballots),
                    answered,
                    shown: Some(shown),
                });
            }
        }
    }
    sides
}

/// More than half of the seats said the same; the caucus tells no more.
fn as_one() -> Vec<Side1> {
    let mut sides = Vec::new();
    for seats in 1..=BLOC_SEATS {
        for (place, stance) in [Stance::Agree, Stance::Disagree, Stance::Pass]
            .iter()
            .enumerate()
        {
            let worlds: Vec<[u32; 3]> = tallies(seats)
                .filter(|one| one[place] * 2 > seats)
                .collect();
            sides.push(Side1 {
                seats,
                answer: Answer::Bloc(*stance),
                answered: worlds.clone(),
                worlds,
                shown: None,
            });
        }
    }
    sides
}

fn report(a: &Side1, b: &Side1) -> Report {
    let side = |name: &str, of: &Side1| Side {
        name: name.to_owned(),
        seats: of.seats,
        telling: Telling::BySide,
    };
    let statement = Statement {
        id: StatementId::new("0"),
        text: String::new(),
    };
    let tallies = Tallies::BySide {
        sides: vec![side("A", a), side("B", b)],
        answers: vec![vec![a.answer, b.answer]],
    };
    publish(
        &Round::new(vec![statement], tallies, Floor::FIVE).unwrap(),
        &[],
    )
}

const AGREE: usize = 0;
const DISAGREE: usize = 1;
const PASS: usize = 2;

fn more(one: &[u32; 3], answer: usize, (part, of): (u32, u32)) -> bool {
    one[answer] * of > one.iter().sum::<u32>() * part
}

impl Side1 {
    fn certainly(&self, answer: usize, share: (u32, u32)) -> bool {
        self.worlds.iter().all(|one| more(one, answer, share))
    }

    fn perhaps(&self, answer: usize) -> bool {
        self.worlds.iter().any(|one| more(one, answer, (1, 2)))
    }

    fn answers_mostly(&self, answer: usize) -> bool {
        self.answered.iter().all(|one| more(one, answer, (1, 2)))
    }

    /// The least and the greatest share of seats that agree.
    fn shares(&self) -> (f64, f64) {
        let shares = self
            .worlds
            .iter()
            .map(|one| f64::from(one[AGREE]) / f64::from(one.iter().sum::<u32>()));
        shares.fold((1.0, 0.0), |(low, high), one| (low.min(one), high.max(one)))
    }

    fn many_pass(&self) -> bool {
        match self.answer {
            Answer::Bloc(stance) => stance == Stance::Pass,
            Answer::Ballots(_) => self
                .answered
                .iter()
                .all(|one| one[PASS] * 4 >= one.iter().sum::<u32>()),
        }
    }

    fn is_split(&self) -> bool {
        match self.shown {
            Some(Shown::Phrase(phrase)) => phrase == Phrase::Divided,
            Some(Shown::Words { agree, disagree }) => {
                agree == Word::AboutHalf && disagree == Word::AboutHalf
            }
            Some(Shown::Percents { .. }) | None => false,
        }
    }
}

/// The sentence of the verdict, checked in every world in which the same is shown.
fn check(category: Category, sides: [&Side1; 2]) {
    let both = |answer, share| sides.iter().all(|side| side.certainly(answer, share));
    let half = (1, 2);
    let agree = both(AGREE, half);
    let disagree = both(DISAGREE, half);
    let is_opposed =
        |a: usize, b: usize| sides[a].certainly(AGREE, half) && sides[b].certainly(DISAGREE, half);
    let leans =
        |a: usize, b: usize| sides[a].answers_mostly(AGREE) && sides[b].answers_mostly(DISAGREE);
    let opposed = is_opposed(0, 1) || is_opposed(1, 0);
    let may_oppose = leans(0, 1) || leans(1, 0);
    // A bloc with an odd number of seats can be sure of a share that the plenary does not know of: what is
    // claimed must hold, and need not be all that could be.
    let blocs = sides.iter().any(|side| side.shown.is_none());
    match category {
        Category::CommonGround { strong } => {
            assert!(agree);
            let is_strong = both(AGREE, (2, 3));
            assert!(if blocs { !strong } else { strong == is_strong });
        }
        Category::SharedRejection { strong } => {
            assert!(disagree);
            let is_strong = both(DISAGREE, (2, 3));
            assert!(if blocs { !strong } else { strong == is_strong });
        }
        Category::Opposed { agrees, disagrees } => assert!(is_opposed(agrees, disagrees)),
        Category::Differ { high, low } => {
            let gap = sides[high].shares().0 - sides[low].shares().1;
            assert!(gap >= 0.2 - 1e-9, "{gap}");
        }
        Category::MayDiffer { agrees, disagrees } => {
            assert!(!opposed && leans(agrees, disagrees));
        }
        Category::OneSideShort { side } => {
            assert!(!may_oppose && !agree && sides[1 - side].certainly(AGREE, half));
            assert!(sides[side].perhaps(AGREE));
        }
        Category::Unsure => assert!(sides.iter().any(|side| side.many_pass())),
        Category::SplitInside => assert!(sides.iter().any(|side| side.is_split())),
        Category::Open => assert!(sides.iter().all(|side| side.perhaps(AGREE))),
        Category::Undecided => {
            assert!(!sides.iter().all(|side| side.perhaps(AGREE)));
            assert!(!sides.iter().any(|side| side.many_pass() || side.is_split()));
        }
        Category::Promising | Category::KeptPrivate => panic!("nothing is private here"),
    }
    // And the other way round: what holds is said.
    assert_eq!(agree, matches!(category, Category::CommonGround { .. }));
    assert_eq!(
        disagree,
        matches!(category, Category::SharedRejection { .. })
    );
    assert_eq!(opposed, matches!(category, Category::Opposed { .. }));
    if may_oppose && !opposed {
        assert!(matches!(
            category,
            Category::MayDiffer { .. } | Category::Differ { .. }
        ));
    }
}

#[test]
fn every_verdict_word_means_what_it_says_on_every_roster_up_to_twelve() {
    let all: Vec<Side1> = with_ballots().into_iter().chain(as_one()).collect();
    let mut seen = BTreeMap::new();
    for a in &all {
        for b in &all {
            let report = report(a, b);
            let category = report.statements[0].category;
            *seen.entry(format!("{category:?}")).or_insert(0) += 1;
            check(category, [a, b]);
            let may = usize::from(matches!(category, Category::MayDiffer { .. }));
            assert_eq!(report.headline.may_differ, may);
        }
    }
    // All words were reached.
    for word in [
        "CommonGround { strong: true }",
        "CommonGround { strong: false }",
        "SharedRejection { strong: true }",
        "SharedRejection { strong: false }",
        "Opposed { agrees: 0, disagrees: 1 }",
        "Differ { high: 0, low: 1 }",
        "MayDiffer { agrees: 0, disagrees: 1 }",
        "OneSideShort { side: 0 }",
        "Unsure",
        "SplitInside",
        "Open",
        "Undecided",
    ] {
        assert!(seen.contains_key(word), "{word} of {seen:?}");
    }
}

fn two(seats: [u32; 2], answers: [Answer; 2]) -> Report {
    let of = |at: usize| Side1 {
        seats: seats[at],
        answer: answers[at],
        worlds: Vec::new(),
        answered: Vec::new(),
        shown: None,
    };
    report(&of(0), &of(1))
}

fn ballots(counts: [u32; 3]) -> Answer {
    Answer::Ballots(tally(counts))
}

#[test]
fn two_of_three_who_answer_as_one_are_not_more_than_two_thirds() {
    let agree = Answer::Bloc(Stance::Agree);
    let report = two([3, 2], [agree, agree]);
    assert_eq!(
        report.statements[0].category,
        Category::CommonGround { strong: false }
    );
}

#[test]
fn where_few_answered_opposed_answers_are_said_to_be_so_and_counted() {
    let report = two([12, 12], [ballots([5, 0, 0]), ballots([0, 5, 0])]);
    let category = Category::MayDiffer {
        agrees: 0,
        disagrees: 1,
    };
    assert_eq!(report.statements[0].category, category);
    let headline = Headline {
        may_differ: 1,
        open: 1,
        ..Headline::default()
    };
    assert_eq!(report.headline, headline);
    // One side short would say that a little more of those who disagree makes it common ground.
    let report = two([6, 12], [ballots([6, 0, 0]), ballots([0, 5, 0])]);
    assert_eq!(report.statements[0].category, category);
}

#[test]
fn who_came_since_a_result_that_stands_is_drawn_as_silent() {
    let of = |seats| {
        let all = ballots([12, 0, 0]);
        let sides = ["A", "B"].map(|name| Side {
            name: name.to_owned(),
            seats,
            telling: Telling::BySide,
        });
        let tallies = Tallies::BySide {
            sides: sides.to_vec(),
            answers: vec![vec![all, all]],
        };
        let statement = Statement {
            id: StatementId::new("0"),
            text: String::new(),
        };
        Round::new(vec![statement], tallies, Floor::FIVE).unwrap()
    };
    let report = publish(&of(30), &[of(12)]);
    let Cell::Told(told) = report.statements[0].cells[0] else {
        panic!("nothing is told");
    };
    assert_eq!((told.ballots, told.silent()), (12, 18));
}
