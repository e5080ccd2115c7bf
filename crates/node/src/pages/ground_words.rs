//! The report's codes in sentences.
//! Must never say a number that the report does not hold.

use ground::{
    Bound, Category, Cell, Dissent, DissentKind, Finding, Lock, Percent, Phrase, Report, Shown,
    Stance, Word,
};

use super::{
    layout::Pen,
    words::Argument::{self, Number, Text},
};

/// Of whom "most" is said: both sides, every side, or the room.
pub fn who(report: &Report) -> (&'static str, Argument<'static>) {
    let who = match report.sides.len() {
        0 => "room",
        2 => "both",
        _ => "every",
    };
    ("who", Text(who))
}

/// A side's name, by its place in the report.
pub fn side(report: &Report, place: usize) -> &str {
    report.sides.get(place).map_or("", |side| &side.name)
}

/// What is shown of one side.
pub fn cell(pen: Pen<'_>, report: &Report, cell: Cell) -> String {
    match cell {
        // Grey in the bar, and said: a verdict counts these seats too.
        Cell::Told(told) if told.silent() > 0 => {
            let words = shown(pen, told.shown);
            let numbers = [
                ("words", Text(words.as_str())),
                ("answered", Number(told.ballots.into())),
                ("seats", Number(told.seats.into())),
            ];
            pen.say_with("ground-words-of", &numbers)
        }
        Cell::Told(told) => shown(pen, told.shown),
        Cell::Bloc(stance) => pen.say(match stance {
            Stance::Agree => "bloc-agrees",
            Stance::Disagree => "bloc-disagrees",
            Stance::Pass => "bloc-passes",
        }),
        Cell::Locked(why) => lock(pen, report, why),
    }
}

/// Why something stays private.
pub fn lock(pen: Pen<'_>, report: &Report, why: Lock) -> String {
    match why {
        Lock::TooFew => pen.count("lock-too-few", "floor", report.floor.ballots().into()),
        Lock::TotalsOnly => pen.say("lock-totals-only"),
        Lock::ToldAsWhole => pen.say("lock-told-whole"),
        Lock::ToldBySides => pen.say("lock-told-sides"),
    }
}

/// Words or rounded shares.
pub fn shown(pen: Pen<'_>, shown: Shown) -> String {
    match shown {
        Shown::Phrase(phrase) => pen.say(match phrase {
            Phrase::NearlyAllAgree => "phrase-nearly-all-agree",
            Phrase::MostAgree => "phrase-most-agree",
            Phrase::NearlyAllDisagree => "phrase-nearly-all-disagree",
            Phrase::MostDisagree => "phrase-most-disagree",
            Phrase::MostPass => "phrase-most-pass",
            Phrase::Divided => "phrase-divided",
        }),
        Shown::Words { agree, disagree } => pen.say_with(
            "two-words",
            &[
                ("agree", Text(word(agree))),
                ("disagree", Text(word(disagree))),
            ],
        ),
        Shown::Percents { agree, disagree } => pen.say_with(
            "two-percents",
            &[
                ("agree", Number(agree.value.into())),
                ("agree-bound", Text(bound(agree))),
                ("disagree", Number(disagree.value.into())),
                ("disagree-bound", Text(bound(disagree))),
            ],
        ),
    }
}

fn word(word: Word) -> &'static str {
    match word {
        Word::AlmostNone => "almost-none",
        Word::Few => "few",
        Word::AboutHalf => "about-half",
        Word::Most => "most",
        Word::NearlyAll => "nearly-all",
    }
}

fn bound(percent: Percent) -> &'static str {
    match percent.bound {
        Bound::AtMost => "at-most",
        Bound::About => "about",
        Bound::AtLeast => "at-least",
    }
}

/// The first sentences of the page.
pub fn headline(pen: Pen<'_>, report: &Report) -> Vec<String> {
    let counts = report.headline;
    let numbers = [
        who(report),
        ("shared", Number(counts.shared as u64)),
        ("rejected", Number(counts.rejected as u64)),
    ];
    let shared = match (counts.shared, counts.rejected) {
        (0, 0) => pen.say_with("ground-nothing-shared", &numbers),
        (_, 0) => pen.say_with("ground-shared", &numbers),
        (_, _) => pen.say_with("ground-shared-rejected", &numbers),
    };
    let differ = match counts.may_differ {
        0 => pen.count("ground-differ", "differ", counts.differ as u64),
        may => pen.say_with(
            "ground-differ-perhaps",
            &[
                ("differ", Number(counts.differ as u64)),
                ("may", Number(may as u64)),
            ],
        ),
    };
    let open = pen.count("ground-open", "open", counts.open as u64);
    // One roster for the room cannot differ.
    match report.sides.len() {
        0 => vec![shared, open],
        _ => vec![shared, differ, open],
    }
}

/// A bold word or three, then a sentence; nothing where the bars say it all.
pub fn verdict(pen: Pen<'_>, report: &Report, finding: &Finding) -> Option<(String, String)> {
    let category = finding.category;
    let who = who(report);
    let plain = |head: &str, hint: &str| (pen.say_with(head, &[who]), pen.say_with(hint, &[who]));
    let sides = |head: &str, hint: &str, named: [(&'static str, usize); 2]| {
        let [(one, first), (other, second)] = named;
        let names = [
            (one, Text(side(report, first))),
            (other, Text(side(report, second))),
        ];
        (pen.say(head), pen.say_with(hint, &names))
    };
    Some(match category {
        Category::CommonGround { strong: false } => return None,
        Category::CommonGround { strong: true } => plain("verdict-strong", "verdict-strong-hint"),
        Category::SharedRejection { strong: false } => {
            plain("verdict-reject", "verdict-reject-hint")
        }
        Category::SharedRejection { strong: true } => {
            plain("verdict-reject", "verdict-reject-strong")
        }
        Category::Opposed { agrees, disagrees } => sides(
            "verdict-opposed",
            "verdict-opposed-hint",
            [("agrees", agrees), ("disagrees", disagrees)],
        ),
        Category::Differ { high, low } => sides(
            "verdict-differ",
            "verdict-differ-hint",
            [("high", high), ("low", low)],
        ),
        Category::MayDiffer { agrees, disagrees } => sides(
            "verdict-may-differ",
            "verdict-may-differ-hint",
            [("agrees", agrees), ("disagrees", disagrees)],
        ),
        Category::OneSideShort { side } => {
            (pen.say("verdict-short"), short(pen, report, finding, side))
        }
        Category::Unsure => plain("verdict-unsure", "verdict-unsure-hint"),
        Category::SplitInside => plain("verdict-split", "verdict-split-hint"),
        // The second of the two is a consultation's, and means the same.
        Category::Open | Category::Promising => match has_silent(finding) {
            true => plain("verdict-open", "verdict-open-silent"),
            false => plain("verdict-open", "verdict-open-hint"),
        },
        Category::Undecided => plain("verdict-undecided", "verdict-undecided-hint"),
        Category::KeptPrivate => plain("verdict-private", "verdict-private-hint"),
    })
}

/// Why this side is the one that is short: by those who did not answer, or by what the words may mean.
fn short(pen: Pen<'_>, report: &Report, finding: &Finding, place: usize) -> String {
    let sides = ("sides", Number(report.sides.len() as u64));
    let named = ("side", Text(side(report, place)));
    match finding.cells.get(place) {
        Some(Cell::Told(told)) if told.answers_settle() && told.silent() > 0 => {
            let silent = ("silent", Number(told.silent().into()));
            let seats = ("seats", Number(told.seats.into()));
            pen.say_with("verdict-short-silent", &[sides, named, silent, seats])
        }
        Some(Cell::Told(_) | Cell::Bloc(_) | Cell::Locked(_)) | None => {
            pen.say_with("verdict-short-hint", &[sides, named])
        }
    }
}

fn has_silent(finding: &Finding) -> bool {
    let mut cells = finding.cells.iter().chain(&finding.whole);
    cells.any(|cell| match cell {
        Cell::Told(told) => told.silent() > 0,
        Cell::Bloc(_) | Cell::Locked(_) => false,
    })
}

/// Who does not go along with a shared statement: one sentence for each side, alike ones once.
pub fn dissent(
    pen: Pen<'_>,
    report: &Report,
    category: Category,
    lines: &[Dissent],
) -> Vec<String> {
    let rejected = matches!(category, Category::SharedRejection { .. });
    let stance = ("stance", Text(if rejected { "rejected" } else { "shared" }));
    let room = pen.say("ground-the-room");
    let mut sentences = Vec::new();
    for line in lines {
        let name = line.side.map_or(room.as_str(), |place| side(report, place));
        let named = [("side", Text(name)), stance];
        let sentence = match line.kind {
            DissentKind::SomeMayNot => pen.say_with("dissent-some", &[stance]),
            DissentKind::TooLittleToTell => pen.say_with("dissent-none-to-tell", &named),
            DissentKind::AFew => pen.say_with("dissent-a-few", &named),
            DissentKind::AboutHalf => pen.say_with("dissent-half", &named),
            DissentKind::AsBloc => pen.say_with("dissent-bloc", &named),
            DissentKind::Share(percent) => {
                let [side, stance] = named;
                let value = ("percent", Number(percent.value.into()));
                let bound = ("bound", Text(bound(percent)));
                pen.say_with("dissent-percent", &[side, stance, value, bound])
            }
        };
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}
