//! Turns the core's state into what a page may show.

use room::{Audience, Outcome, Progress, Role};
use round::Phase;

use crate::command::Place;
use crate::participant::Participant;
use crate::room_log::RoomLog;
use crate::table_words;
use crate::view::{
    ApprovedView, Asking, FailedView, HeldView, InvitationView, RoomView, RoundPhase, RoundView,
    SeatView, View,
};

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
            approved: self.show_approved(),
            invitations: self.show_invitations(),
            held: self.show_held(),
            declined: self.declined,
            stayed_home: self.stayed_home,
            relay: self
                .identity
                .as_ref()
                .map(|identity| identity.relay.clone()),
            present: self.present,
            requests: waiting
                .map(|(hash, guest)| (*hash, guest.name.as_str().to_owned(), guest.side))
                .collect(),
            alarms: self.alarms.iter().copied().collect(),
        }
    }

    fn show_approved(&self) -> Vec<ApprovedView> {
        let Some(log) = &self.plenary else {
            return Vec::new();
        };
        let approvals = log.state.approvals().iter();
        approvals
            .map(|approval| ApprovedView {
                request: approval.request.0,
                name: approval.name.as_str().to_owned(),
                side: role_side(approval.role).unwrap_or_default(),
                vouched: log.state.may_seat(approval.request),
            })
            .collect()
    }

    fn show_invitations(&self) -> Vec<InvitationView> {
        let open = self.lobbies.values().filter(|lobby| !lobby.done);
        let mut shown: Vec<InvitationView> = open
            .map(|lobby| InvitationView {
                text: lobby.invitation.to_text(),
                side: lobby.invitation.side,
                expires_ms: lobby.invitation.expires.ms(),
                used: lobby.request.is_some(),
            })
            .collect();
        shown.sort_by_key(|invitation| invitation.expires_ms);
        shown
    }

    fn show_held(&self) -> Vec<HeldView> {
        let all = self.retractable.all();
        all.map(|(number, held)| HeldView {
            held: number,
            place: held.place,
            text: held.text.clone(),
            reply_to: held.reply_to,
            leaves_ms: held.leaves.ms(),
        })
        .collect()
    }

    fn show_room(&self, log: &RoomLog) -> RoomView {
        let state = &log.state;
        let seats = state.seats().iter().map(|seat| SeatView {
            seat: seat.id,
            name: seat.name.as_str().to_owned(),
            side: role_side(seat.role),
            counts: state.counting(seat.id),
            confirmed: seat.confirmed == Some(state.membership()),
        });
        let left = state.departed().iter().map(|seat| SeatView {
            seat: seat.id,
            name: seat.name.as_str().to_owned(),
            side: role_side(seat.role),
            counts: false,
            confirmed: false,
        });
        RoomView {
            place: log.place,
            title: state.title().as_str().to_owned(),
            rule_card: state.rule_card(),
            sides: state
                .sides()
                .iter()
                .map(|side| side.as_str().to_owned())
                .collect(),
            seats: seats.collect(),
            left: left.collect(),
            own_seat: log.own_seat,
            table_words: log.keys.words.clone(),
            word_lines: table_words::lines(&log.keys.words, log.own_seat.0),
            words_confirmed: state
                .seat(log.own_seat)
                .is_some_and(|seat| seat.confirmed == Some(state.membership())),
            state_words: table_words::table_words(&state.digest().0),
            failed: self.show_failed(log),
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

    fn show_failed(&self, log: &RoomLog) -> Option<FailedView> {
        let last = log.state.ended_rounds().last()?;
        let Outcome::Failed(why) = last.outcome else {
            return None;
        };
        Some(FailedView {
            why,
            ended_ms: last.ended_ms,
            draft: self
                .returned
                .as_ref()
                .filter(|(round, _)| *round == last.id)
                .map(|(_, text)| text.clone()),
        })
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
        let own = log.state.seat(log.own_seat);
        let draft = self.drafts.of(open.id);
        let usual = log
            .state
            .default_own_minimum(open.audience, open_round.ends_ms);
        Some(RoundView {
            opened_ms: open_round.ends_ms.saturating_sub(open.window_ms),
            eligible: u16::try_from(eligible).unwrap_or(u16::MAX),
            writes: own.is_some_and(|seat| open.audience.includes(seat.role)),
            usual_minimum: u16::try_from(usual.max(floor)).unwrap_or(u16::MAX),
            minimum: draft.and_then(|draft| draft.minimum),
            awaited: self.awaited(log.place),
            round: open.id,
            question: open.question.as_str().to_owned(),
            slot_bytes: open.slot_size.bytes(),
            window_end_ms: open_round.ends_ms,
            phase,
            hidden_among: u16::try_from(crowd).unwrap_or(u16::MAX),
            floor: u16::try_from(floor).unwrap_or(u16::MAX),
            draft: draft.map(|draft| draft.text.clone()),
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
