//! Verdicts and locks of closed Rounds.

use ground::{
    Answer, Answered, Basis, Category, Cell, DissentKind, Floor, Headline, InvalidRound, Kept,
    Lock, Phrase, Report, Round, Shown, Side, Stance, Statement, StatementId, Tallies, Tally,
    Telling, Word, publish,
};

fn tally(agree: u32, disagree: u32, pass: u32) -> Tally {
    Tally {
        agree,
        disagree,
        pass,
    }
}

fn ballots(agree: u32, disagree: u32, pass: u32) -> Answer {
    Answer::Ballots(tally(agree, disagree, pass))
}

fn side(name: &str, seats: u32) -> Side {
    Side {
        name: name.to_owned(),
        seats,
        telling: Telling::BySide,
    }
}

fn statement(id: &str) -> Statement {
    Statement {
        id: StatementId::new(id),
        text: format!("Statement {id}"),
    }
}

fn round_with(sides: &[Side], answers: &[&[Answer]], floor: Floor) -> Round {
    let statements = (0..answers.len()).map(|at| statement(&at.to_string()));
    let tallies = Tallies::BySide {
        sides: sides.to_vec(),
        answers: answers.iter().map(|row| row.to_vec()).collect(),
    };
    Round::new(statements.collect(), tallies, floor).unwrap()
}

fn two(a: u32, b: u32, answers: &[&[Answer]]) -> Report {
    let round = round_with(&[side("A", a), side("B", b)], answers, Floor::FIVE);
    publish(&round, &[])
}

fn category(a: u32, b: u32, answers: &[Answer]) -> Category {
    two(a, b, &[answers]).statements[0].category
}

#[test]
fn most_of_every_side_is_common_ground_however_the_silent_would_vote() {
    let shared = Category::CommonGround { strong: false };
    assert_eq!(
        category(6, 6, &[ballots(4, 1, 1), ballots(5, 0, 1)]),
        shared
    );
    // Five of five agree; of twelve seats that is less than half, whatever the seven say.
    assert_ne!(
        category(12, 6, &[ballots(5, 0, 0), ballots(6, 0, 0)]),
        shared
    );
}

#[test]
fn a_pass_counts_as_not_agreeing_and_a_blank_as_undecided() {
    assert_eq!(
        category(8, 8, &[ballots(7, 0, 1), ballots(1, 0, 7)]),
        Category::Differ { high: 0, low: 1 }
    );
    assert_eq!(
        category(12, 12, &[ballots(11, 0, 0), ballots(5, 1, 0)]),
        Category::OneSideShort { side: 1 }
    );
}

#[test]
fn what_all_reject_is_shared_and_never_divides() {
    let report = two(9, 9, &[&[ballots(0, 9, 0), ballots(3, 6, 0)]]);
    assert_eq!(
        report.statements[0].category,
        Category::SharedRejection { strong: false }
    );
    assert_eq!(report.lists.share, vec![0]);
    let headline = Headline {
        rejected: 1,
        ..Headline::default()
    };
    assert_eq!(report.headline, headline);
}

#[test]
fn most_of_one_side_against_most_of_another_is_opposed() {
    assert_eq!(
        category(9, 15, &[ballots(1, 8, 0), ballots(12, 3, 0)]),
        Category::Opposed {
            agrees: 1,
            disagrees: 0
        }
    );
}

#[test]
fn a_side_split_or_passing_is_worth_talking_about() {
    let half = ballots(6, 6, 0);
    assert_eq!(category(12, 12, &[half, half]), Category::SplitInside);
    assert_eq!(
        category(6, 6, &[ballots(1, 1, 4), ballots(2, 2, 2)]),
        Category::Unsure
    );
}

#[test]
fn lists_are_ordered_by_the_lowest_side_and_then_by_id() {
    let all: [&[Answer]; 5] = [
        &[ballots(7, 3, 2), ballots(12, 0, 0)],
        &[ballots(8, 2, 2), ballots(12, 0, 0)],
        &[ballots(12, 0, 0), ballots(9, 2, 1)],
        &[ballots(0, 12, 0), ballots(1, 11, 0)],
        &[ballots(12, 0, 0), ballots(11, 1, 0)],
    ];
    let report = two(12, 12, &all);
    // "Most" begins at 8 of 12, so the first is one side short; 1 and 2 say the same words.
    assert_eq!(report.lists.share, vec![4, 1, 2, 3]);
    assert_eq!(report.lists.talk, vec![0]);
    assert_eq!(
        report.headline,
        Headline {
            shared: 3,
            rejected: 1,
            open: 1,
            ..Headline::default()
        }
    );
}

#[test]
fn a_side_below_the_floor_is_locked_and_nothing_is_said_about_all() {
    let report = two(6, 6, &[&[ballots(6, 0, 0), ballots(4, 0, 0)]]);
    let finding = &report.statements[0];
    assert_eq!(finding.cells[1], Cell::Locked(Lock::TooFew));
    assert_eq!(finding.category, Category::KeptPrivate);
    assert_eq!(finding.whole, None);
    // Beside "6 of 6" it would tell how many of the other side answered.
    assert_eq!(finding.answered, None);
}

#[test]
fn the_total_is_told_only_where_two_hidden_sides_have_enough_ballots() {
    let hidden = two(4, 4, &[&[ballots(4, 0, 0), ballots(3, 0, 0)]]);
    let told = |report: &Report| matches!(report.statements[0].whole, Some(Cell::Told(_)));
    assert!(told(&hidden));
    assert_eq!(
        hidden.statements[0].answered,
        Some(Answered {
            ballots: 7,
            seats: 8
        })
    );
    assert!(!told(&two(4, 4, &[&[ballots(2, 0, 0), ballots(2, 0, 0)]])));
    let sides = [side("A", 9), side("B", 9)];
    let alone = round_with(
        &sides,
        &[&[ballots(7, 0, 0), ballots(0, 0, 0)]],
        Floor::EIGHT,
    );
    assert!(!told(&publish(&alone, &[])));
}

#[test]
fn a_side_that_is_told_in_totals_only_is_never_shown_alone() {
    let mut quiet = side("B", 9);
    quiet.telling = Telling::TotalsOnly;
    let round = round_with(
        &[side("A", 9), quiet],
        &[&[ballots(9, 0, 0), ballots(9, 0, 0)]],
        Floor::FIVE,
    );
    let finding = &publish(&round, &[]).statements[0];
    assert_eq!(finding.cells[1], Cell::Locked(Lock::TotalsOnly));
    assert_eq!(finding.whole, None);
}

#[test]
fn a_bloc_counts_as_its_side() {
    let agree = Answer::Bloc(Stance::Agree);
    assert_eq!(
        category(9, 3, &[ballots(9, 0, 0), agree]),
        Category::CommonGround { strong: false }
    );
    assert_eq!(
        category(9, 3, &[ballots(9, 0, 0), Answer::Bloc(Stance::Disagree)]),
        Category::Opposed {
            agrees: 0,
            disagrees: 1
        }
    );
    let report = two(9, 3, &[&[ballots(9, 0, 0), agree]]);
    assert_eq!(report.statements[0].dissent[1].kind, DissentKind::AsBloc);
    assert_eq!(
        report.statements[0].answered,
        Some(Answered {
            ballots: 9,
            seats: 9
        })
    );
}

#[test]
fn dissent_below_ten_ballots_is_one_line_only() {
    let report = two(9, 15, &[&[ballots(8, 1, 0), ballots(11, 3, 1)]]);
    let kinds: Vec<DissentKind> = report.statements[0]
        .dissent
        .iter()
        .map(|line| line.kind)
        .collect();
    assert_eq!(kinds, vec![DissentKind::SomeMayNot, DissentKind::AFew]);
}

#[test]
fn a_round_of_the_whole_room_is_judged_as_one() {
    let tallies = Tallies::Whole {
        seats: 12,
        tallies: vec![tally(9, 2, 1), tally(1, 2, 1)],
    };
    let round = Round::new(vec![statement("a"), statement("b")], tallies, Floor::FIVE).unwrap();
    let report = publish(&round, &[]);
    assert_eq!(report.basis, Basis::WholeRoom);
    assert_eq!(
        report.statements[0].category,
        Category::CommonGround { strong: false }
    );
    assert_eq!(report.statements[1].category, Category::KeptPrivate);
    assert_eq!(report.statements[1].whole, Some(Cell::Locked(Lock::TooFew)));
}

fn one_side(answer: Answer) -> Round {
    round_with(&[side("A", 15)], &[&[answer]], Floor::FIVE)
}

fn told(report: &Report) -> (Shown, Kept) {
    let Cell::Told(told) = report.statements[0].cells[0] else {
        panic!("nothing is told");
    };
    (told.shown, told.kept)
}

#[test]
fn a_result_is_told_again_only_unchanged_or_when_five_differ() {
    let first = one_side(ballots(12, 2, 1));
    let before = told(&publish(&first, &[])).0;
    let four = publish(&one_side(ballots(8, 6, 1)), std::slice::from_ref(&first));
    assert_eq!(told(&four), (before, Kept::From(0)));
    let five = publish(&one_side(ballots(7, 7, 1)), std::slice::from_ref(&first));
    let words = Shown::Words {
        agree: Word::AboutHalf,
        disagree: Word::AboutHalf,
    };
    assert_eq!(told(&five), (words, Kept::New));
    // Small steps do not add up unseen: the comparison is with what was told last.
    let steps = [first, one_side(ballots(9, 5, 1))];
    let third = publish(&one_side(ballots(6, 8, 1)), &steps);
    assert_eq!(told(&third), (words, Kept::New));
}

#[test]
fn two_results_that_together_say_too_much_are_not_both_told() {
    // If all five differ, those who agreed before now disagree, and nobody disagreed before.
    let of_five = |answer| round_with(&[side("A", 5)], &[&[answer]], Floor::FIVE);
    let first = of_five(ballots(4, 0, 1));
    let second = publish(&of_five(ballots(0, 5, 0)), &[first]);
    assert_eq!(
        told(&second),
        (Shown::Phrase(Phrase::MostAgree), Kept::From(0))
    );
}

/// What is told of one side after all these Rounds: its seats and its answer in each.
fn after(rounds: &[(u32, Answer)]) -> (Shown, Kept) {
    let of = |(seats, answer): &(u32, Answer)| {
        round_with(&[side("A", *seats)], &[&[*answer]], Floor::FIVE)
    };
    let rounds: Vec<Round> = rounds.iter().map(of).collect();
    let (last, earlier) = rounds.split_last().unwrap();
    told(&publish(last, earlier))
}

#[test]
fn who_comes_along_with_those_who_return_is_not_found_out() {
    // Five of twelve stay away once. With them one comes who disagrees: beside the first result "about
    // half agree" of thirteen would say that it is nobody who agrees.
    let rounds = [
        (12, ballots(8, 4, 0)),
        (12, ballots(4, 3, 0)),
        (13, ballots(8, 5, 0)),
    ];
    assert_eq!(after(&rounds[..2]).1, Kept::New);
    assert_eq!(after(&rounds).1, Kept::From(1));
}

#[test]
fn who_does_not_answer_again_changes_nothing_but_where_the_roster_is_too_small() {
    let first = one_side(ballots(12, 2, 1));
    let after = |side, answer| {
        let then = round_with(&[side], &[&[answer]], Floor::FIVE);
        publish(&then, std::slice::from_ref(&first)).statements[0].cells[0]
    };
    for few in [ballots(2, 2, 0), ballots(0, 0, 0), ballots(11, 2, 1)] {
        assert_eq!(
            after(side("A", 15), few),
            after(side("A", 15), ballots(12, 2, 1))
        );
    }
    assert_eq!(
        after(side("A", 4), ballots(4, 0, 0)),
        Cell::Locked(Lock::TooFew)
    );
}

#[test]
fn five_who_come_and_certainly_say_the_same_are_not_told() {
    // At most one of ten agrees, then at least six of fifteen: if nobody changed, all five agree.
    let before = (15, ballots(1, 9, 0));
    assert_eq!(after(&[before, (15, ballots(6, 9, 0))]).1, Kept::From(0));
    // Somebody did change: it is told.
    assert_eq!(after(&[before, (15, ballots(11, 4, 0))]).1, Kept::New);
}

#[test]
fn a_floor_is_raised_from_round_to_round_and_never_lowered() {
    let round = |agree, floor| round_with(&[side("A", 9)], &[&[ballots(agree, 0, 0)]], floor);
    let cell = |last: &Round, earlier: &[Round]| {
        let report = publish(last, earlier);
        (report.statements[0].cells[0], report.floor)
    };
    let locked = (Cell::Locked(Lock::TooFew), Floor::EIGHT);
    assert_eq!(
        cell(&round(6, Floor::FIVE), &[round(6, Floor::EIGHT)]),
        locked
    );
    // Nor is what six said once told on under a floor of eight.
    assert_eq!(
        cell(&round(9, Floor::EIGHT), &[round(6, Floor::FIVE)]),
        locked
    );
}

#[test]
fn a_total_without_a_side_whose_sequence_failed_is_not_told_beside_one_with_it() {
    let mut quiet = side("C", 9);
    quiet.telling = Telling::TotalsOnly;
    let few = ballots(2, 1, 0);
    let with = round_with(
        &[side("A", 4), side("B", 4), quiet.clone()],
        &[&[few, few, ballots(9, 0, 0)]],
        Floor::FIVE,
    );
    quiet.seats = 0;
    let without = round_with(
        &[side("A", 4), side("B", 4), quiet],
        &[&[few, few, ballots(0, 0, 0)]],
        Floor::FIVE,
    );
    let whole = |last: &Round, earlier: &[Round]| publish(last, earlier).statements[0].whole;
    assert!(whole(&with, &[]).is_some() && whole(&without, &[]).is_some());
    assert_eq!(whole(&without, std::slice::from_ref(&with)), None);
    assert_eq!(whole(&with, std::slice::from_ref(&without)), None);
}

#[test]
fn that_one_side_alone_answered_is_not_told_by_a_later_total() {
    let quiet = ["A", "B"].map(|name| Side {
        telling: Telling::TotalsOnly,
        ..side(name, 8)
    });
    let alone = round_with(
        &quiet,
        &[&[ballots(7, 1, 0), ballots(0, 0, 0)]],
        Floor::FIVE,
    );
    let tallies = Tallies::Whole {
        seats: 16,
        tallies: vec![tally(7, 1, 0)],
    };
    let whole = Round::new(vec![statement("0")], tallies, Floor::FIVE).unwrap();
    let told = |last: &Round, earlier: &[Round]| publish(last, earlier).statements[0].whole;
    assert_eq!(told(&alone, &[]), None);
    // Eight answered then and now: they would be those of one side.
    assert_eq!(
        told(&whole, std::slice::from_ref(&alone)),
        Some(Cell::Locked(Lock::ToldBySides))
    );
}

#[test]
fn seats_that_came_since_a_result_that_stands_may_answer_anything() {
    let of = |seats| {
        round_with(
            &[side("A", seats), side("B", 9)],
            &[&[ballots(12, 0, 0), ballots(9, 0, 0)]],
            Floor::FIVE,
        )
    };
    let after = |seats| publish(&of(seats), &[of(12)]).statements[0].category;
    assert_eq!(after(13), Category::CommonGround { strong: true });
    // Of thirty at least eleven agree.
    assert_eq!(after(30), Category::OneSideShort { side: 0 });
}

#[test]
fn how_many_answered_is_not_added_up_of_several_rounds() {
    let of = |a, b| round_with(&[side("A", 9), side("B", 9)], &[&[a, b]], Floor::FIVE);
    let first = of(ballots(9, 0, 0), ballots(9, 0, 0));
    let answered = |last: &Round| {
        let report = publish(last, std::slice::from_ref(&first));
        report.statements[0].answered
    };
    let all = Some(Answered {
        ballots: 18,
        seats: 18,
    });
    assert_eq!(answered(&first), all);
    assert_eq!(answered(&of(ballots(6, 0, 0), ballots(2, 6, 1))), None);
}

#[test]
fn sides_and_the_whole_are_never_both_told() {
    let sides = [side("A", 9), side("B", 4)];
    let small = round_with(
        &sides,
        &[&[ballots(3, 0, 1), ballots(3, 0, 0)]],
        Floor::FIVE,
    );
    let large = round_with(
        &sides,
        &[&[ballots(9, 0, 0), ballots(3, 0, 0)]],
        Floor::FIVE,
    );
    let after = publish(&large, std::slice::from_ref(&small));
    assert_eq!(
        after.statements[0].cells[0],
        Cell::Locked(Lock::ToldAsWhole)
    );
    let reverse = publish(&small, std::slice::from_ref(&large));
    assert_eq!(reverse.statements[0].whole, None);
}

#[test]
fn numbers_that_cannot_belong_together_are_refused() {
    let build = |ids: &[&str], sides: Vec<Side>, answers| {
        let statements = ids.iter().map(|id| statement(id)).collect();
        Round::new(statements, Tallies::BySide { sides, answers }, Floor::FIVE)
    };
    let row = vec![ballots(5, 0, 0)];
    assert_eq!(
        build(
            &["a", "a"],
            vec![side("A", 5)],
            vec![row.clone(), row.clone()]
        ),
        Err(InvalidRound::SameStatement(StatementId::new("a")))
    );
    assert_eq!(
        build(&["a"], vec![side("A", 4)], vec![row.clone()]),
        Err(InvalidRound::TooManyBallots(0))
    );
    assert_eq!(
        build(&["a"], vec![side("A", 5), side("B", 5)], vec![row]),
        Err(InvalidRound::Answers(0))
    );
}
