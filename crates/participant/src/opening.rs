//! A sequence whose shares are all there: its texts or answers, for the room's state and for pages.

use std::sync::Arc;

use room::{Commitment, Event, OpenRound, RoundClosed, RoundKind, Run, Tally};
use round::{Ballot, Opened, OpenedSlot};

use crate::collect::At;
use crate::fold::After;
use crate::mls::MlsError;
use crate::notice::Notice;
use crate::out::Out;
use crate::records::{opening_key, opening_row};
use crate::room_log::RoomLog;
use crate::round_name::RoundName;
use crate::view::{Holding, Opening};

impl RoomLog {
    pub(crate) fn sequence_opened(
        &mut self,
        at: At,
        opened: &Opened,
        out: &mut Out,
    ) -> Result<After, MlsError> {
        let (Some(play), Some(open_round)) = (&self.play, self.state.open_round()) else {
            return Err(MlsError::inconsistent());
        };
        let run = open_round.run_of(at.side);
        let run = run.ok_or_else(MlsError::inconsistent)?;
        let content = Content::of(&open_round.open.kind, opened);
        let closed = RoundClosed {
            round: at.round,
            side: at.side,
            runs: run.runs_ended.saturating_add(1),
            final_roster: run.roster_seats(),
            statements: content.commitments.clone(),
            blanks: content.blanks,
            tallies: content.tallies.clone(),
        };
        let held = play.held().ok_or_else(MlsError::inconsistent)?;
        let opening = Opening {
            window_end_ms: at.place.shown_ms(play.window_end_ms),
            opened_ms: at.place.time.ms(),
            ..self.opening(open_round, run, &closed, (held, content))
        };
        let opening = Arc::new(opening);
        let key = opening_key(&opening);
        out.write(self.area, key, opening_row(&opening));
        self.results.push(Arc::clone(&opening));
        out.notify(Notice::RoundClosed(opening));
        let after = self.derive(Event::RoundClosed(closed), at, out)?;
        self.end_play_if_over(out);
        Ok(after)
    }

    /// Whether a text is among those that a Round brought.
    pub(crate) fn appeared(&self, round: &RoundName, text: &str) -> bool {
        let text = round::normalise(text);
        let mut ended = self.state.ended_rounds().iter().rev();
        let ended = ended.find(|ended| self.name_of(ended.open_hash) == *round);
        let Some(id) = ended.map(|ended| ended.id) else {
            return false;
        };
        // What it brought, if anything, is the latest that there is.
        let last = self.results.last().map(|one| one.held);
        let brought = self.results.iter();
        let brought = brought.filter(|one| one.round == id && Some(one.held) == last);
        brought
            .flat_map(|opening| &opening.statements)
            .any(|statement| *statement == text)
    }

    fn opening(
        &self,
        open_round: &OpenRound,
        run: &Run,
        closed: &RoundClosed,
        (held, content): (Holding, Content),
    ) -> Opening {
        let count = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let asked = open_round.open.kind.statements().iter();
        let one_side = open_round.open.audience.one_side();
        Opening {
            round: closed.round,
            held,
            side: closed.side.or(one_side).map(|side| side.0),
            one_side: self.name_of_side(one_side),
            question: open_round.open.question.as_str().to_owned(),
            floor: open_round.open.floor,
            opening_roster: count(run.opening_roster.len()),
            final_roster: count(closed.final_roster.len()),
            runs: u32::from(closed.runs),
            blanks: closed.blanks,
            statements: content.texts,
            asked: asked.map(|text| text.as_str().to_owned()).collect(),
            tallies: content.tallies,
            bloc: Vec::new(),
            absent: run.absent.clone(),
            disruptors: run.disruptors.clone(),
            window_end_ms: 0,
            opened_ms: 0,
        }
    }
}

/// What the slots held.
struct Content {
    texts: Vec<String>,
    commitments: Vec<Commitment>,
    blanks: u16,
    tallies: Vec<Tally>,
}

impl Content {
    fn of(kind: &RoundKind, opened: &Opened) -> Content {
        match kind {
            RoundKind::Statement(_) => Content::of_statements(opened),
            RoundKind::Ballot(_) => Content {
                texts: Vec::new(),
                commitments: Vec::new(),
                blanks: 0,
                tallies: opened.payloads.iter().map(|lane| tally(lane)).collect(),
            },
        }
    }

    fn of_statements(opened: &Opened) -> Content {
        let slots = || opened.payloads.iter().flatten();
        let texts = slots().filter_map(|slot| match slot {
            OpenedSlot::Text { text, salt } => Some((text.clone(), Commitment::to(salt, text))),
            OpenedSlot::Blank | OpenedSlot::Void => None,
        });
        let texts: Vec<(String, Commitment)> = texts.collect();
        let commitments: Vec<Commitment> =
            texts.iter().map(|(_, commitment)| *commitment).collect();
        let places = Commitment::shown_order(&commitments).into_iter();
        let shown = places.filter_map(|place| texts.get(place).cloned());
        let (texts, commitments) = shown.unzip();
        let blanks = slots().filter(|slot| matches!(slot, OpenedSlot::Blank));
        Content {
            texts,
            commitments,
            blanks: u16::try_from(blanks.count()).unwrap_or(u16::MAX),
            tallies: Vec::new(),
        }
    }
}

fn tally(lane: &[OpenedSlot]) -> Tally {
    let mut tally = Tally::default();
    for slot in lane {
        let counted = match Ballot::read(slot) {
            Some(Ballot::Agree) => &mut tally.agree,
            Some(Ballot::Disagree) => &mut tally.disagree,
            Some(Ballot::Pass) => &mut tally.pass,
            Some(Ballot::Unanswered) => &mut tally.unanswered,
            None => &mut tally.void,
        };
        *counted = counted.saturating_add(1);
    }
    tally
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const CROWD: u8 = 6;

    /// A run in which `first` took the first slot, and the others have texts under other salts each time.
    fn shown(time: u8) -> Vec<String> {
        let slot = |n: u8| OpenedSlot::Text {
            text: match n {
                0 => "first".to_owned(),
                _ => format!("of {n}"),
            },
            salt: if n == 0 {
                [9; 32]
            } else {
                [time, n].repeat(16).try_into().unwrap()
            },
        };
        let mut lane: Vec<OpenedSlot> = (0..CROWD).map(slot).collect();
        lane.insert(2, OpenedSlot::Blank);
        lane.insert(4, OpenedSlot::Void);
        let opened = Opened {
            run: 1,
            roster: (0..u32::from(CROWD) + 2).collect(),
            payloads: vec![lane],
        };
        let content = Content::of_statements(&opened);
        assert_eq!(content.blanks, 1);
        assert_eq!(content.commitments.len(), content.texts.len());
        content.texts
    }

    /// A tag of 1 is the smallest there is: a member that cheats has the first slot whenever it likes.
    #[test]
    fn who_takes_the_first_slot_does_not_choose_where_its_text_stands() {
        let place = |texts: Vec<String>| texts.iter().position(|text| text == "first").unwrap();
        let places: BTreeSet<usize> = (0..100).map(|time| place(shown(time))).collect();
        assert_eq!(places, (0..usize::from(CROWD)).collect());
        for time in 0..4 {
            let mut texts = shown(time);
            texts.sort();
            let all = (1..CROWD).map(|n| format!("of {n}"));
            let all: Vec<String> = std::iter::once("first".to_owned()).chain(all).collect();
            assert_eq!(texts, all);
        }
    }
}
