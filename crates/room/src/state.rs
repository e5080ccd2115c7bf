//! The state of one room. It changes in `apply` and nowhere else; this file
//! holds its founding and its questions.

use crate::ballots::Ballots;
use crate::bloc::BlocVote;
use crate::commitment::Commitment;
use crate::event::SeatsChanged;
use crate::floor::default_own_minimum;
use crate::founding::{Founding, RefusedFounding, Role, RoomKind, RuleCard};
use crate::hash::labelled;
use crate::ids::{Digest, Leaf, MessageId, RequestId, RoomVersion, RoundId, SeatId, SideId};
use crate::membership::{Change, Membership};
use crate::open_round::{Audience, OpenRound, Progress};
use crate::places::{Announced, Caucus};
use crate::rounds::{Crowd, EndedRound, Outcome};
use crate::rules::{Rule, holds};
use crate::seat::{DepartedSeat, RosterSeat, Seat};
use crate::text::{Name, SideName, Title};
use crate::void::Void;
use tls_codec::{TlsDeserializeBytes, TlsSerialize, TlsSize};

/// With which every room begins.
pub(crate) const FIRST_VERSION: RoomVersion = RoomVersion(1);

/// The latest version of the rules that this program knows.
pub const KNOWN_VERSION: RoomVersion = RoomVersion(1);

/// What all members of a room hold alike. Texts and questions of the past lie
/// beside it.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct State {
    pub(crate) room: RoomKind,
    pub(crate) title: Title,
    pub(crate) sides: Vec<SideName>,
    pub(crate) rule_card: RuleCard,
    pub(crate) version: RoomVersion,
    pub(crate) membership: Membership,
    pub(crate) follows: u64,
    pub(crate) open_round: Option<OpenRound>,
    pub(crate) ended_rounds: Vec<EndedRound>,
    pub(crate) crowds: Vec<Crowd>,
    pub(crate) ballots: Ballots,
    pub(crate) bloc_votes: Vec<BlocVote>,
    pub(crate) places: Vec<Announced>,
    pub(crate) caucuses: Vec<Caucus>,
    pub(crate) recent_messages: Vec<MessageId>,
    pub(crate) messages: u64,
    pub(crate) events: u64,
    pub(crate) history: [u8; 32],
    pub(crate) time_ms: u64,
    pub(crate) shut_ms: Option<u64>,
}

/// A request that the convenor approved and that is not seated yet.
#[derive(Clone, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub struct Approval {
    /// Hash of the key package.
    pub request: RequestId,
    /// The name of the new seat.
    pub name: Name,
    /// What the new seat is for.
    pub role: Role,
    /// Who vouched.
    pub voucher: Option<SeatId>,
}

impl State {
    /// A room with one seat.
    pub fn found(founding: Founding) -> Result<Self, RefusedFounding> {
        founding.check()?;
        let history = labelled("founding", &founding);
        let Founding {
            room,
            title,
            sides,
            rule_card,
            founder,
        } = founding;
        Ok(Self {
            room,
            title,
            sides,
            rule_card,
            version: FIRST_VERSION,
            membership: Membership::found(founder),
            follows: 0,
            open_round: None,
            ended_rounds: Vec::new(),
            crowds: Vec::new(),
            ballots: Ballots::default(),
            bloc_votes: Vec::new(),
            places: Vec::new(),
            caucuses: Vec::new(),
            recent_messages: Vec::new(),
            messages: 0,
            events: 0,
            history,
            time_ms: 0,
            shut_ms: None,
        })
    }

    /// Equal on every machine that applied the same events.
    pub fn digest(&self) -> Digest {
        Digest(labelled("digest", self))
    }

    /// Whose room it is.
    pub fn room(&self) -> RoomKind {
        self.room
    }

    /// What the dialogue is called.
    pub fn title(&self) -> &Title {
        &self.title
    }

    /// The sides, in the order of [`SideId`].
    pub fn sides(&self) -> &[SideName] {
        &self.sides
    }

    /// The name of a side.
    pub fn side_name(&self, side: SideId) -> Option<&SideName> {
        self.sides.get(usize::from(side.0))
    }

    /// What may be done with what is heard.
    pub fn rule_card(&self) -> RuleCard {
        self.rule_card
    }

    /// The rules that the fold goes by.
    pub fn version(&self) -> RoomVersion {
        self.version
    }

    /// In a caucus: up to which event of the plenary its last commit followed.
    pub fn follows(&self) -> u64 {
        self.follows
    }

    /// All seats in the room, in order of joining.
    pub fn seats(&self) -> &[Seat] {
        &self.membership.seats
    }

    /// Seats that left, in order of leaving, as far as they are remembered.
    pub fn departed(&self) -> &[DepartedSeat] {
        &self.membership.departed
    }

    /// A seat that is in the room.
    pub fn seat(&self, id: SeatId) -> Option<&Seat> {
        self.membership.by_id(id)
    }

    /// The seat that holds a leaf.
    pub fn by_leaf(&self, leaf: Leaf) -> Option<&Seat> {
        self.membership.by_leaf(leaf)
    }

    /// The seat with a signature key; keys are the same in all rooms of a dialogue.
    pub fn by_signature_key(&self, key: &[u8]) -> Option<&Seat> {
        self.seats().iter().find(|seat| seat.signature_key == key)
    }

    /// Approved requests that are not seated yet, oldest first.
    pub fn approvals(&self) -> &[Approval] {
        &self.membership.approvals
    }

    /// Whether the plenary's convenor may add this request now.
    pub fn may_seat(&self, request: RequestId) -> bool {
        self.membership.approval(request).is_some_and(|approval| {
            approval.voucher.is_some() || !self.membership.needs_voucher(approval.role)
        })
    }

    /// Counts the commits that changed the membership: what a confirmation of
    /// the table words binds.
    pub fn membership(&self) -> u64 {
        self.membership.version
    }

    /// Whether a seat counts in Rounds: eligible by the table words.
    pub fn counting(&self, id: SeatId) -> bool {
        self.seat(id)
            .is_some_and(|seat| seat.counting_since.is_some())
    }

    /// Seats of this audience that count now, ascending.
    pub fn counting_seats(&self, audience: Audience) -> impl Iterator<Item = &Seat> {
        self.seats()
            .iter()
            .filter(move |seat| audience.includes(seat.role) && seat.counting_since.is_some())
    }

    /// Whether a commit that does this is valid at this place of the log, at this log time.
    pub fn may_commit(&self, change: &SeatsChanged, time_ms: u64) -> Result<(), Void> {
        let time_ms = time_ms.max(self.time_ms);
        self.after_commit(change, time_ms, self.events).map(|_| ())
    }

    /// The membership after a commit, where it is valid.
    pub(crate) fn after_commit(
        &self,
        change: &SeatsChanged,
        time_ms: u64,
        event_number: u64,
    ) -> Result<Change, Void> {
        self.check_no_run()?;
        self.check_awaited(&change.removed, time_ms)?;
        let fits = match self.room {
            RoomKind::Plenary => change.follows == 0,
            RoomKind::Caucus(_) => change.follows >= self.follows,
        };
        if !fits {
            return Err(Void::FollowsEarlier);
        }
        self.membership
            .after(self.room, change, self.version, event_number)
    }

    /// The Round that is open.
    pub fn open_round(&self) -> Option<&OpenRound> {
        self.open_round.as_ref()
    }

    /// Rounds that are over, newest last, as far as they are remembered.
    pub fn ended_rounds(&self) -> &[EndedRound] {
        &self.ended_rounds
    }

    /// The commitments to the statements of a Round that was closed.
    pub fn statements(&self, round: RoundId) -> Option<&[Commitment]> {
        let ended = self
            .ended_rounds
            .iter()
            .rev()
            .find(|ended| ended.id == round)?;
        match &ended.sequences.first()?.outcome {
            Outcome::Closed { statements, .. } => Some(statements),
            Outcome::Failed(_) => None,
        }
    }

    /// What a seat asks for itself unless its owner says otherwise.
    pub fn default_own_minimum(&self, audience: Audience, now_ms: u64) -> usize {
        default_own_minimum(&self.crowds, audience, now_ms)
    }

    /// How many messages stand.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// How many events had an effect.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Log time of the last event that had an effect.
    pub fn time_ms(&self) -> u64 {
        self.time_ms
    }

    /// Since when, by the log's clock, nobody writes in the log but whoever shut it; none while it is open.
    pub fn shut_since_ms(&self) -> Option<u64> {
        self.shut_ms
    }

    /// Whether nothing ends by the log's clock, because few or none can write in the log.
    pub(crate) fn is_shut(&self) -> bool {
        self.shut_ms.is_some() && holds(Rule::ShutLogsCountForNobody)
    }

    /// Which rosters have voted on which statements.
    pub fn ballots(&self) -> &Ballots {
        &self.ballots
    }

    /// A commit between START and the N-th GO would let any member end runs
    /// for ever, unpunished.
    pub(crate) fn check_no_run(&self) -> Result<(), Void> {
        if !holds(Rule::NoCommitDuringRuns) {
            return Ok(());
        }
        match self.open_round.as_ref().map(|round| &round.progress) {
            Some(Progress::Running(_)) => Err(Void::RunIsOn),
            Some(Progress::Window | Progress::Released(_)) | None => Ok(()),
        }
    }

    /// Whoever is removed before it could say its last message spoils the Round for good and stands there
    /// as the one who kept it back.
    fn check_awaited(&self, removed: &[Leaf], time_ms: u64) -> Result<(), Void> {
        let Some(round) = self.open_round.as_ref() else {
            return Ok(());
        };
        let until_ms = round.awaited_until_ms();
        let is_young = until_ms.is_some_and(|end| time_ms < end || self.is_shut());
        let is_awaited = is_young && removed.iter().any(|leaf| round.awaits(*leaf));
        match is_awaited {
            true => Err(Void::IsAwaited),
            false => Ok(()),
        }
    }
}

impl From<&Seat> for RosterSeat {
    fn from(seat: &Seat) -> Self {
        Self {
            seat: seat.id,
            leaf: seat.leaf,
            signature_key: seat.signature_key.clone(),
        }
    }
}
