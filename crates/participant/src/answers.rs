//! What is answered in a ballot round and has not left this machine.

use std::collections::BTreeMap;

use round::Ballot;

use crate::out::Out;
use crate::round_name::RoundName;
use crate::step::Area;

/// By Round: one answer for each statement, in the order of the lanes.
#[derive(Default)]
pub(crate) struct Answers(BTreeMap<RoundName, Vec<Ballot>>);

const PREFIX: &[u8] = b"answers/";

impl Answers {
    pub(crate) fn load(rows: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Answers> {
        let mut answers = Answers::default();
        for (key, value) in rows {
            if let Some(round) = key.strip_prefix(PREFIX) {
                let given: Option<Vec<Ballot>> =
                    value.iter().map(|byte| ballot_of(*byte)).collect();
                answers.0.insert(RoundName::parse(round)?, given?);
            }
        }
        Some(answers)
    }

    pub(crate) fn of(&self, round: &RoundName) -> &[Ballot] {
        self.0.get(round).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn put(&mut self, area: Area, round: RoundName, given: Vec<Ballot>, out: &mut Out) {
        let row: Vec<u8> = given.iter().map(|ballot| byte_of(*ballot)).collect();
        out.write(area, round.row_key(PREFIX), row);
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
