//! The report's codes in English sentences.

use crate::floor::Floor;
use crate::report::{
    Answered, Basis, Category, Cell, Dissent, DissentKind, Finding, Kept, Lock, Report,
};
use crate::tally::Stance;
use crate::words::{Bound, Percent, Phrase, Shown, Word};

use super::bars::Scale;
use super::side_name;

/// The sentences about the whole.
pub struct Speech<'a>(&'a Report);

impl<'a> Speech<'a> {
    pub fn of(report: &'a Report) -> Speech<'a> {
        Speech(report)
    }

    fn everybody(&self) -> &'static str {
        match (self.0.basis, self.0.sides.len()) {
            (Basis::WholeRoom, _) => "most of the room",
            (Basis::NoClearGroups, _) => "most of the people",
            (Basis::Room | Basis::Declared, 2) => "most of both sides",
            (Basis::Room | Basis::Declared, _) => "most of every side",
            (Basis::Found, 2) => "most of both groups",
            (Basis::Found, _) => "most of every group",
        }
    }

    /// What this is a result of.
    pub fn about(&self) -> String {
        let statements = number(self.0.statements.len(), "statement", "statements");
        let sides = self.0.sides.len();
        let Some(consultation) = &self.0.consultation else {
            let seats: u64 = self.0.sides.iter().map(|side| u64::from(side.seats)).sum();
            return match self.0.basis {
                Basis::WholeRoom => format!("A Round of the whole room. {statements}."),
                Basis::Room | Basis::Declared | Basis::Found | Basis::NoClearGroups => {
                    format!("A Round of {seats} seats in {sides} sides. {statements}.")
                }
            };
        };
        let people = number(consultation.people, "person", "people");
        let groups = match self.0.basis {
            Basis::Found => format!("{sides} groups were found"),
            Basis::NoClearGroups => {
                "No clear groups: none that shuffled votes would not show, or that stays when people are drawn anew".to_owned()
            }
            Basis::Declared | Basis::Room | Basis::WholeRoom => {
                format!("{} declared", number(sides, "side", "sides"))
            }
        };
        format!("A consultation of {people}. {statements}. {groups}.")
    }

    /// The finding is the title.
    pub fn headline(&self) -> String {
        let count = self.0.headline;
        let has = if count.shared == 1 { "has" } else { "have" };
        let rejected = match count.rejected {
            0 => String::new(),
            1 => "; 1 is rejected by them".to_owned(),
            more => format!("; {more} are rejected by them"),
        };
        let divide = if count.differ == 1 {
            "divides"
        } else {
            "divide"
        };
        let may = match count.may_differ {
            0 => String::new(),
            more => format!(", {more} may"),
        };
        let are = if count.open == 1 { "is" } else { "are" };
        format!(
            "{} {has} {} behind {}{rejected}. {} {divide} you{may}. {} {are} open.",
            number(count.shared, "statement", "statements"),
            self.everybody(),
            if count.shared == 1 { "it" } else { "them" },
            count.differ,
            count.open
        )
    }

    /// "How this is counted", in one sentence.
    pub fn how(&self) -> String {
        match self.0.consultation {
            None => "A statement is common ground when more than half of the seats of every side chose the same answer; a seat that passed or did not answer counts as not agreeing, so the result holds however the silent would have answered.".to_owned(),
            Some(_) => format!(
                "A statement is common ground only when the chance is at least 90 in 100 that more than half of every side agrees, a pass counting as not agreeing; below {} answers of a side it is kept private, below 20 there are words, below 200 percentages are rounded to 5.",
                self.0.floor.ballots()
            ),
        }
    }
}

fn number(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// The name of a list.
pub fn list_name(id: &str) -> &'static str {
    match id {
        "share" => "You share",
        "differ" => "You differ",
        _ => "Worth talking about",
    }
}

/// "18 of 22".
pub fn counted(answered: Option<Answered>) -> String {
    answered.map_or("kept private".to_owned(), |answered| {
        format!("{} of {}", answered.ballots, answered.seats)
    })
}

/// A bold word or three, and a sentence.
pub fn verdict(report: &Report, finding: &Finding) -> Option<(&'static str, String)> {
    let name = |at: usize| side_name(report, at);
    let verdict = match finding.category {
        Category::CommonGround { strong: true } => {
            ("Strong.", "More than two thirds of every side.".to_owned())
        }
        Category::CommonGround { strong: false } => return None,
        Category::SharedRejection { .. } => ("All say no.", String::new()),
        Category::Opposed { agrees, disagrees } => (
            "Opposed.",
            format!(
                "Most of {} agree, most of {} disagree.",
                name(agrees),
                name(disagrees)
            ),
        ),
        Category::Differ { high, low } => (
            "Apart.",
            format!("{} agrees much more than {}.", name(high), name(low)),
        ),
        Category::MayDiffer { agrees, disagrees } => (
            "Perhaps opposed.",
            format!(
                "Of those who answered, most of {} agree and most of {} disagree; the seats that did not answer could change it.",
                name(agrees),
                name(disagrees)
            ),
        ),
        Category::OneSideShort { side } => ("One side short.", short(report, finding, side)),
        Category::Unsure => (
            "Unsure.",
            "Many pass. Somebody may want to explain it.".to_owned(),
        ),
        Category::SplitInside => (
            "Split inside.",
            "A side is divided within itself.".to_owned(),
        ),
        Category::Open => ("Open.", open(finding)),
        Category::Promising => ("Promising.", "Too few answers to be sure.".to_owned()),
        Category::Undecided => (
            "Undecided.",
            "Neither most of every side agree nor most of every side disagree, and no side is clearly apart from another.".to_owned(),
        ),
        Category::KeptPrivate => (
            "Kept private.",
            "While a side cannot be shown, nothing is said about all.".to_owned(),
        ),
    };
    Some(verdict)
}

fn short(report: &Report, finding: &Finding, side: usize) -> String {
    let name = side_name(report, side);
    let silent = finding.cells.get(side).and_then(|cell| match cell {
        Cell::Told(told) => Some(*told).filter(|told| told.answers_settle() && told.silent() > 0),
        Cell::Bloc(_) | Cell::Locked(_) => None,
    });
    match (finding.needs, silent) {
        (Some(percent), _) => format!(
            "The others agree. If about {percent} in 100 of {name} were won over, this would be common ground."
        ),
        (None, Some(told)) if report.consultation.is_none() => format!(
            "The others agree. Of {name}, {} of {} seats did not answer: it depends on them.",
            told.silent(),
            told.seats
        ),
        (None, _) => {
            format!("The others agree. A little more of {name} would make this common ground.")
        }
    }
}

fn open(finding: &Finding) -> String {
    let mut cells = finding.cells.iter().chain(&finding.whole);
    let is_silent = cells.any(|cell| match cell {
        Cell::Told(told) => told.silent() > 0,
        Cell::Bloc(_) | Cell::Locked(_) => false,
    });
    match is_silent {
        true => "It depends on the seats that did not answer.".to_owned(),
        false => "It may be a little more than half, or a little less.".to_owned(),
    }
}

/// What is told of a side; where seats did not answer, how many did.
pub fn told(cell: Cell, scale: Scale) -> String {
    match cell {
        Cell::Bloc(stance) => {
            let answer = match stance {
                Stance::Agree => "agrees",
                Stance::Disagree => "disagrees",
                Stance::Pass => "passes",
            };
            format!("{answer}, as a bloc")
        }
        Cell::Told(told) => {
            let words = match (told.silent(), scale) {
                (1.., Scale::Seats) => {
                    let (ballots, seats) = (told.ballots, told.seats);
                    format!("{}; {ballots} of {seats} answered", shown(told.shown))
                }
                (_, Scale::Seats | Scale::Ballots) => shown(told.shown),
            };
            match told.kept {
                Kept::New => words,
                Kept::From(_) => format!("{words} (as in an earlier Round)"),
            }
        }
        Cell::Locked(_) => String::new(),
    }
}

fn shown(shown: Shown) -> String {
    match shown {
        Shown::Phrase(phrase) => match phrase {
            Phrase::NearlyAllAgree => "nearly all agree",
            Phrase::MostAgree => "most agree",
            Phrase::NearlyAllDisagree => "nearly all disagree",
            Phrase::MostDisagree => "most disagree",
            Phrase::MostPass => "most pass",
            Phrase::Divided => "divided",
        }
        .to_owned(),
        Shown::Words { agree, disagree } => {
            format!("{} agree, {} disagree", word(agree), word(disagree))
        }
        Shown::Percents { agree, disagree } => {
            format!("{} agree, {} disagree", percent(agree), percent(disagree))
        }
    }
}

fn word(word: Word) -> &'static str {
    match word {
        Word::AlmostNone => "almost none",
        Word::Few => "few",
        Word::AboutHalf => "about half",
        Word::Most => "most",
        Word::NearlyAll => "nearly all",
    }
}

fn percent(percent: Percent) -> String {
    match percent.bound {
        Bound::AtMost => format!("at most {} %", percent.value),
        Bound::About => format!("{} %", percent.value),
        Bound::AtLeast => format!("at least {} %", percent.value),
    }
}

/// Why a cell is closed.
pub fn locked(lock: Lock, floor: Floor) -> String {
    match lock {
        Lock::TooFew => format!("fewer than {} answers: kept private", floor.ballots()),
        Lock::TotalsOnly => "told in whole-room totals only".to_owned(),
        Lock::ToldAsWhole => "the whole room was told: kept private".to_owned(),
        Lock::ToldBySides => "sides were told: kept private".to_owned(),
    }
}

/// The dissent line of a shared statement.
pub fn dissent_line(report: &Report, finding: &Finding) -> Option<String> {
    let is_rejection = matches!(finding.category, Category::SharedRejection { .. });
    let (do_so, may) = match is_rejection {
        true => ("agree", "Some may agree."),
        false => ("disagree", "Some may not agree."),
    };
    let lines: Vec<String> = finding
        .dissent
        .iter()
        .filter_map(|line| one_line(report, line, do_so))
        .collect();
    let hedged = finding.dissent.iter().any(|line| match line.kind {
        DissentKind::SomeMayNot | DissentKind::TooLittleToTell => true,
        DissentKind::AFew
        | DissentKind::AboutHalf
        | DissentKind::Share(_)
        | DissentKind::AsBloc => false,
    });
    match (lines.is_empty(), hedged) {
        (true, false) => None,
        (true, true) => Some(may.to_owned()),
        (false, false) => Some(format!("Dissent: {}.", lines.join("; "))),
        (false, true) => Some(format!("Dissent: {}. {may}", lines.join("; "))),
    }
}

fn one_line(report: &Report, line: &Dissent, do_so: &str) -> Option<String> {
    let of = line
        .side
        .map_or("the room".to_owned(), |at| side_name(report, at));
    match line.kind {
        DissentKind::SomeMayNot | DissentKind::TooLittleToTell | DissentKind::AsBloc => None,
        DissentKind::AFew => Some(format!("a few of {of} {do_so}")),
        DissentKind::AboutHalf => Some(format!("about half of {of} {do_so}")),
        DissentKind::Share(share) => Some(format!("{} of {of} {do_so}", percent(share))),
    }
}
