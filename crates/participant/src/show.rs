//! Turns the core's state into what a page may show.

use room::{Audience, Progress, Role};
use round::Phase;

use crate::command::Place;
use crate::participant::Participant;
use crate::room_log::RoomLog;
use crate::view::{Asking, RoomView, RoundPhase, RoundView, SeatView, View};

impl Participant {
    /// The dialogue as this seat sees it now.
    pub fn view(&self) -> View {
        let show = |place| self.room(place).map(|log| self.show_room(log));
        let waiting = self.guests.iter().filter(|(_, guest)| !guest.approved);
        View {
            plenary: show(Place::Plenary),
            caucus: show(Place::Caucus),
            asking: self.asking.as_ref().map(|asking| Asking {
                name: asking.name.clone(),
                side: asking.invitation.side,
            }),
            requests: waiting
                .map(|(hash, guest)| (*hash, guest.name.as_str().to_owned(), guest.side))
                .collect(),
            alarms: self.alarms.iter().copied().collect(),
        }
    }

    fn show_room(&self, log: &RoomLog) -> RoomView {
        let state = &log.state;
        let seats = state.seats().iter().map(|seat| SeatView {
            seat: seat.id,
            name: seat.name.as_str().to_owned(),
            side: role_side(seat.role),
            counts: state.counting(seat.id),
        });
        let left = state.departed().iter().map(|seat| SeatView {
            seat: seat.id,
            name: seat.name.as_str().to_owned(),
            side: role_side(seat.role),
            counts: false,
        });
        RoomView {
            place: log.place,
            title: state.title().as_str().to_owned(),
            sides: state
                .sides()
                .iter()
                .map(|side| side.as_str().to_owned())
                .collect(),
            seats: seats.collect(),
            left: left.collect(),
            own_seat: log.own_seat,
            table_words: log.keys.words.clone(),
            messages: log.messages.clone(),
            round: self.show_round(log),
            results: log.results.clone(),
            digest: state.digest(),
            entries: log.cursor.next,
            void_entries: log.void_entries,
            live: log.live_since.is_some(),
            unsent: log.outbox.waiting(),
        }
    }

    fn show_round(&self, log: &RoomLog) -> Option<RoundView> {
        let open_round = log.state.open_round()?;
        let open = &open_round.open;
        let runs = |ended: u16| u32::from(ended).saturating_add(1);
        let (phase, crowd) = match &open_round.progress {
            Progress::Window => (RoundPhase::Writing, open_round.ready.len()),
            Progress::Running(run) => (
                RoundPhase::Collecting {
                    run: runs(run.runs_ended),
                },
                run.roster().count(),
            ),
            Progress::Released(run) => (
                RoundPhase::Opening {
                    run: runs(run.runs_ended),
                },
                run.roster().count(),
            ),
        };
        let eligible = log.state.counting_seats(Audience::Room).count();
        let floor = open_round.run().map_or_else(
            || room::floor(eligible, open.floor),
            |run| usize::from(run.floor),
        );
        Some(RoundView {
            round: open.id,
            question: open.question.as_str().to_owned(),
            slot_bytes: open.slot_size.bytes(),
            window_end_ms: open_round.ends_ms,
            phase,
            hidden_among: u16::try_from(crowd).unwrap_or(u16::MAX),
            floor: u16::try_from(floor).unwrap_or(u16::MAX),
            draft: self.drafts.of(open.id).map(|draft| draft.text.clone()),
        })
    }

    /// Whose last message an opened Round waits for: shown as awaited, never as withheld.
    pub fn awaited(&self, place: Place) -> Vec<String> {
        let Some(log) = self.room(place) else {
            return Vec::new();
        };
        let Some(play) = &log.play else {
            return Vec::new();
        };
        if play.sequence.phase() != Some(Phase::Releases) {
            return Vec::new();
        }
        let leaves = play.sequence.awaited();
        let seats = leaves
            .iter()
            .filter_map(|leaf| log.state.by_leaf(room::Leaf(*leaf)));
        seats.map(|seat| seat.name.as_str().to_owned()).collect()
    }
}

fn role_side(role: Role) -> Option<u16> {
    role.sits_with().map(|side| side.0)
}
