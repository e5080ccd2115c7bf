//! What is answered in a ballot round and has not left this machine.

use std::collections::BTreeMap;

use round::Ballot;

use crate::out::Out;
use crate::round_name::RoundName;
use crate::step::Area;

/// By Round: what was answered.
#[derive(Default)]
pub(crate) struct Answers(BTreeMap<RoundName, Given>);

/// One answer for each statement, in the order of the lanes.
pub(crate) struct Given {
    /// The smallest crowd in which they may leave: what the page said when they were given.
    pub(crate) minimum: u16,
    pub(crate) answers: Vec<Ballot>,
}

impl Given {
    fn to_row(&self) -> Vec<u8> {
        let answers = self.answers.iter().map(|ballot| byte_of(*ballot));
        self.minimum
            .to_be_bytes()
            .into_iter()
            .chain(answers)
            .collect()
    }

    fn parse(row: &[u8]) -> Option<Given> {
        let (minimum, answers) = row.split_first_chunk()?;
        let answers: Option<Vec<Ballot>> = answers.iter().map(|byte| ballot_of(*byte)).collect();
        Some(Given {
            minimum: u16::from_be_bytes(*minimum),
            answers: answers?,
        })
    }
}

const PREFIX: &[u8] = b"answers/";

impl Answers {
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Answers> {
        let mut answers = Answers::default();
        for (key, value) in rows {
            if let Some(round) = key.strip_prefix(PREFIX) {
                answers
                    .0
                    .insert(RoundName::parse(round)?, Given::parse(value)?);
            }
        }
        Some(answers)
    }

    pub(crate) fn of(&self, round: &RoundName) -> &[Ballot] {
        self.0.get(round).map_or(&[], |given| &given.answers)
    }

    /// The smallest crowd in which the answers to a Round may leave; none where nothing is answered.
    pub(crate) fn minimum(&self, round: &RoundName) -> Option<u16> {
        let given = self.0.get(round).filter(|given| !given.answers.is_empty());
        given.map(|given| given.minimum)
    }

    pub(crate) fn put(&mut self, area: Area, round: RoundName, given: Given, out: &mut Out) {
        out.write(area, round.row_key(PREFIX), given.to_row());
        out.durable();
        self.0.insert(round, given);
    }

    /// Answers live as long as their Round.
    pub(crate) fn keep_only(&mut self, area: Area, open: Option<RoundName>, out: &mut Out) {
        let over: Vec<RoundName> = self
            .0
            .keys()
            .copied()
            .filter(|id| Some(*id) != open)
            .collect();
        for round in over {
            out.remove(area, round.row_key(PREFIX));
            self.0.remove(&round);
        }
    }
}

pub(crate) fn byte_of(ballot: Ballot) -> u8 {
    match ballot {
        Ballot::Agree => 1,
        Ballot::Disagree => 2,
        Ballot::Pass => 3,
        Ballot::Unanswered => 4,
    }
}

pub(crate) fn ballot_of(byte: u8) -> Option<Ballot> {
    match byte {
        1 => Some(Ballot::Agree),
        2 => Some(Ballot::Disagree),
        3 => Some(Ballot::Pass),
        4 => Some(Ballot::Unanswered),
        _ => None,
    }
}
