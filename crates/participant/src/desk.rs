//! Commands: what a person asks for, checked against the room's rules before anything is kept.

use room::{
    Audience, Event, Founding, MessageId, MessageText, Name, NewSeat, Open, Posted, Question, Role,
    RoomKind, RoundId, RoundKind, RuleCard, SeatId, SideId, SideName, SlotSize, State,
    StatementText, Text, Title, Vouched, WordsConfirmed,
};
use round::{Ballot, GiveUp, Message, Payload, Phase};
use wire::{
    CreationRight, CreationSecret, FounderSecret, GrantSecret, MailboxId, RelayAddress, Timestamp,
};
use zeroize::Zeroizing;

use crate::answers::Given;
use crate::asking::Asking;
use crate::command::{Command, Place, Refused};
use crate::cursor::Cursor;
use crate::drafts::Draft;
use crate::guests::{Lobby, removal_key};
use crate::invitation::{InvalidInvitation, Invitation};
use crate::locks::{crowd_hash, text_hash};
use crate::mls::{Group, MlsError, Waiting};
use crate::notice::Notice;
use crate::out::Out;
use crate::participant::{Identity, PLENARY_AREA, Participant, SEAT_AREA};
use crate::post::Body;
use crate::relays::Relays;
use crate::room_log::{Beginning, RoomLog};
use crate::round_name::room_hash;
use crate::standing::Standing;
use crate::step::{Ctx, Step};
use crate::table_words::request_words;

impl From<MlsError> for Refused {
    fn from(error: MlsError) -> Refused {
        Refused::Failed(error.to_string())
    }
}

impl Participant {
    /// Does what a person asks for, or says why not. After [`Refused::Failed`] the driver loads the
    /// participant again from the vault; every other refusal changed nothing.
    pub fn command(&mut self, command: Command, ctx: &mut Ctx) -> Result<Step, Refused> {
        self.step(ctx, |this, out| {
            // A person must not lose what was typed: a command is on the disk before it is done.
            out.durable();
            this.carry_out(command, out)
        })
    }

    fn carry_out(&mut self, command: Command, out: &mut Out) -> Result<(), Refused> {
        match command {
            Command::Convene {
                title,
                sides,
                name,
                relay,
                creation,
            } => self.convene(&title, &sides, &name, relay, creation, out),
            Command::Invite { side, expires } => {
                self.invite(Role::Side(SideId(side)), expires, out)
            }
            Command::InviteInterpreter { side, expires } => {
                self.invite(Role::Interpreter(SideId(side)), expires, out)
            }
            Command::Join { invitation, name } => self.join(&invitation, &name, out),
            Command::Approve { request } => self.approve(request, out),
            Command::Vouch { request, words } => self.vouch(request, &words, out),
            Command::ConfirmWords { membership } => self.confirm_words(membership, out),
            Command::TakeSeat => {
                self.present = true;
                Ok(())
            }
            Command::Say { place, text } => self.say(place, &text, out),
            Command::Hold {
                place,
                text,
                reply_to,
                leaves,
            } => self.hold_message(place, &text, reply_to, leaves, out),
            Command::TakeBack { held } => self.take_back(held, out),
            Command::StopAsking => {
                self.stop_asking(out);
                Ok(())
            }
            Command::AnnouncePlace { relay, creation } => self.announce(relay, creation, out),
            Command::MoveRoom => self.move_room(out),
            Command::OpenRound { .. } | Command::OpenBallot { .. } => self.open_asked(command, out),
            Command::Cast {
                round,
                answers,
                minimum,
            } => self.cast(round, answers, minimum, out),
            Command::VoteAsBloc { round, answers } => self.vote_as_bloc(round, &answers, out),
            Command::AnswerAsBloc { round, agreed } => self.answer_as_bloc(round, &agreed, out),
            Command::EndWindow { round } => {
                self.say_event(Place::Plenary, Event::WindowEnds(round), out)
            }
            Command::Write {
                round,
                text,
                minimum,
            } => self.write(round, text, minimum, out),
            Command::ThrowAway { text } => match self.returned.throw_away(SEAT_AREA, text, out) {
                true => Ok(()),
                false => Err(Refused::Unknown),
            },
            Command::GiveUp { round } => self.give_up(round, out),
            Command::Remove { seat } => self.remove(seat, out),
        }
    }

    /// A name says nothing: a convenor could have approved another request under it.
    fn vouch(&mut self, request: [u8; 32], words: &str, out: &mut Out) -> Result<(), Refused> {
        if request_words(&request).join(" ") != words {
            return Err(Refused::OtherWords);
        }
        let vouched = Vouched {
            request: room::RequestId(request),
        };
        self.say_event(Place::Plenary, Event::Vouched(vouched), out)
    }

    /// Of the words that the person saw. Others may have come since, and a voice compared nothing of them.
    fn confirm_words(&mut self, membership: u64, out: &mut Out) -> Result<(), Refused> {
        let state = &self.speaking(Place::Plenary)?.state;
        if state.membership() != membership {
            return Err(Refused::Rule(room::Void::StaleWords));
        }
        if state.awaited().next().is_some() {
            return Err(Refused::SomebodyAwaited);
        }
        let event = Event::WordsConfirmed(WordsConfirmed { membership });
        self.say_event(Place::Plenary, event, out)
    }

    /// A Round that a person opens: of texts, or of ballots.
    fn open_asked(&mut self, command: Command, out: &mut Out) -> Result<(), Refused> {
        if let Command::OpenRound {
            question,
            slot_bytes,
            window_ms,
            phase_ms,
            floor,
        } = command
        {
            let slot_size = SlotSize::of_bytes(slot_bytes).ok_or(Refused::Unknown)?;
            let kind = RoundKind::Statement(slot_size);
            let times = (window_ms, phase_ms);
            return self.open(&question, kind, Audience::Room, times, floor, out);
        }
        let Command::OpenBallot {
            question,
            statements,
            each_side,
            window_ms,
            phase_ms,
            floor,
        } = command
        else {
            return Err(Refused::Unknown);
        };
        let audience = match each_side {
            true => Audience::EachSide,
            false => Audience::Room,
        };
        let times = (window_ms, phase_ms);
        self.open(&question, ballot(&statements)?, audience, times, floor, out)
    }

    /// A room in which this seat may speak.
    pub(crate) fn speaking(&mut self, place: Place) -> Result<&mut RoomLog, Refused> {
        let seated = self.plenary.is_some();
        let log = match place {
            Place::Plenary => self.plenary.as_mut(),
            Place::Caucus => self.caucus.as_mut(),
        };
        let log = log.ok_or(if seated {
            Refused::Unknown
        } else {
            Refused::NotSeated
        })?;
        match log.standing {
            // What is said while the caucus is founded anew waits for it.
            Standing::Member | Standing::Over => Ok(log),
            Standing::Removed => Err(Refused::Removed),
            Standing::LeftBehind => Err(Refused::LeftBehind),
            Standing::RestoredCopy => Err(Refused::RestoredCopy),
            Standing::UpdateProgram => Err(Refused::UpdateProgram),
            Standing::LogDamaged => Err(Refused::Failed("the relay damaged the log".into())),
        }
    }

    pub(crate) fn say_event(
        &mut self,
        place: Place,
        event: Event,
        out: &mut Out,
    ) -> Result<(), Refused> {
        let log = self.speaking(place)?;
        // The log decides in the end; what cannot succeed now is refused at once.
        let mut ahead = log.state.clone();
        ahead
            .apply(Some(log.own_leaf()), log.log_now_ms(out.now()), &event)
            .map_err(Refused::Rule)?;
        log.post_event(event, out);
        Ok(())
    }

    fn convene(
        &mut self,
        title: &str,
        sides: &[String],
        name: &str,
        relay: RelayAddress,
        creation: CreationSecret,
        out: &mut Out,
    ) -> Result<(), Refused> {
        if self.plenary.is_some() || self.asking.is_some() {
            return Err(Refused::AlreadySeated);
        }
        let sides: Result<Vec<SideName>, _> = sides.iter().map(|s| SideName::parse(s)).collect();
        let title = Title::parse(title).map_err(|_| Refused::BadName)?;
        let name = Name::parse(name).map_err(|_| Refused::BadName)?;
        let sides = sides.map_err(|_| Refused::BadName)?;
        let relays = Relays::one(relay.clone());
        let identity = Identity::generate(relays, CreationRight::Relay(creation), out)?;
        let secret = FounderSecret::new(*random(out));
        let mailbox = MailboxId::of(&secret.hash());
        let group = Group::found(&identity.key, mailbox.as_bytes())?;
        let founding = Founding {
            room: RoomKind::Plenary,
            title,
            sides,
            rule_card: RuleCard::ChathamHouse,
            founder: NewSeat {
                name,
                role: Role::Convenor,
                leaf: room::Leaf(group.own_leaf()),
                signature_key: identity.key.public().to_vec(),
            },
        };
        let state = State::found(founding).map_err(|_| Refused::BadName)?;
        let beginning = Beginning {
            area: PLENARY_AREA,
            place: Place::Plenary,
            relay,
            mailbox,
            group,
            state,
            cursor: Cursor::start(&mailbox),
            founder: Some(secret),
            base: 0,
        };
        self.plenary = Some(RoomLog::begin(beginning, out)?);
        self.identity = Some(identity);
        out.notify(Notice::Joined(Place::Plenary));
        Ok(())
    }

    pub(crate) fn convening(&mut self) -> Result<&mut RoomLog, Refused> {
        let log = self.speaking(Place::Plenary)?;
        let convenor = log
            .state
            .seat(log.own_seat)
            .is_some_and(|s| s.role == Role::Convenor);
        if convenor {
            Ok(log)
        } else {
            Err(Refused::OnlyConvenor)
        }
    }

    /// The invitation is shown once the relay has given the right that it hands over.
    fn invite(&mut self, role: Role, expires: Timestamp, out: &mut Out) -> Result<(), Refused> {
        let log = self.convening()?;
        let side = role.sits_with().ok_or(Refused::Unknown)?;
        if usize::from(side.0) >= log.state.sides().len() {
            return Err(Refused::Unknown);
        }
        let identity = self.identity.as_ref().ok_or(Refused::NotSeated)?;
        let founder = FounderSecret::new(*random(out));
        let mailbox = MailboxId::of(&founder.hash());
        let invitation = Invitation {
            relays: identity.relays.clone(),
            grant: GrantSecret::new(*random(out)),
            mailbox,
            secret: random(out),
            role,
            expires,
        };
        let lobby = Lobby::new(invitation, founder);
        lobby.store(out);
        self.lobbies.insert(mailbox, lobby);
        Ok(())
    }

    fn join(&mut self, text: &str, name: &str, out: &mut Out) -> Result<(), Refused> {
        if self.plenary.is_some() || self.asking.is_some() {
            return Err(Refused::AlreadySeated);
        }
        let invitation = Invitation::parse(text).map_err(|error| match error {
            InvalidInvitation::Damaged => Refused::NotAnInvitation,
            InvalidInvitation::OlderVersion => Refused::InvitationOfOlderProgram,
            InvalidInvitation::UnknownVersion => Refused::InvitationOfNewerProgram,
        })?;
        if out.now() > invitation.expires {
            return Err(Refused::InvitationExpired);
        }
        let name = Name::parse(name).map_err(|_| Refused::BadName)?;
        let creation = CreationRight::Grant(invitation.grant.clone());
        let identity = Identity::generate(invitation.relays.clone(), creation, out)?;
        let waiting = Waiting::generate(&identity.key)?;
        let asking = Asking::begin(invitation, name.as_str(), waiting, out)?;
        self.declined = None;
        self.asking = Some(asking);
        self.identity = Some(identity);
        Ok(())
    }

    fn approve(&mut self, request: [u8; 32], out: &mut Out) -> Result<(), Refused> {
        self.convening()?;
        let guest = self.guests.get(&request).ok_or(Refused::Unknown)?;
        if guest.approved {
            return Ok(());
        }
        let approval = guest.approval();
        self.say_event(Place::Plenary, approval, out)?;
        if let Some(guest) = self.guests.get_mut(&request) {
            guest.approved = true;
            guest.store(out);
        }
        Ok(())
    }

    fn say(&mut self, place: Place, text: &str, out: &mut Out) -> Result<(), Refused> {
        let text = MessageText::parse(text).map_err(|_| Refused::BadText)?;
        let log = self.speaking(place)?;
        let mut id = [0; 16];
        out.ctx.rng.fill_bytes(&mut id);
        let text = Text {
            salt: *random(out),
            text,
        };
        let posted = Posted::message(MessageId(id), None, text);
        log.outbox.push(log.area, Body::Event(posted.encode()), out);
        Ok(())
    }

    fn open(
        &mut self,
        question: &str,
        kind: RoundKind,
        audience: Audience,
        (window_ms, phase_ms): (u64, u64),
        floor: Option<u16>,
        out: &mut Out,
    ) -> Result<(), Refused> {
        let mut id = [0; 16];
        out.ctx.rng.fill_bytes(&mut id);
        let open = Open {
            id: RoundId(id),
            question: Question::parse(question).map_err(|_| Refused::BadText)?,
            kind,
            audience,
            floor,
            window_ms,
            phase_ms,
        };
        self.say_event(Place::Plenary, Event::RoundOpened(open), out)
    }

    fn cast(
        &mut self,
        round: RoundId,
        answers: Vec<Ballot>,
        minimum: Option<u16>,
        out: &mut Out,
    ) -> Result<(), Refused> {
        let log = self.speaking(Place::Plenary)?;
        let open_round = log.state.open_round().filter(|open| open.open.id == round);
        let open = &open_round.ok_or(Refused::Unknown)?.open;
        if answers.len() > open.kind.statements().len() {
            return Err(Refused::Unknown);
        }
        let name = log.name_of(open.hash());
        // What is usual can fall until the answers leave; what was promised with them stays.
        let minimum = minimum.unwrap_or_else(|| log.usual_minimum(open.audience));
        let given = Given { minimum, answers };
        self.answers.put(SEAT_AREA, name, given, out);
        Ok(())
    }

    fn write(
        &mut self,
        round: RoundId,
        text: String,
        minimum: Option<u16>,
        out: &mut Out,
    ) -> Result<(), Refused> {
        let log = self.speaking(Place::Plenary)?;
        let open_round = log.state.open_round().filter(|open| open.open.id == round);
        let open = &open_round.ok_or(Refused::Unknown)?.open;
        let slot_bytes = match &open.kind {
            RoundKind::Statement(size) => size.bytes(),
            RoundKind::Ballot(_) => return Err(Refused::Unknown),
        };
        let name = log.name_of(open.hash());
        let normalised = round::normalise(&text);
        if normalised.is_empty() {
            self.drafts.remove(SEAT_AREA, &name, out);
            return Ok(());
        }
        if Payload::text(&normalised, slot_bytes).is_err() {
            return Err(Refused::TextTooLong);
        }
        if self.locks.holds(&text_hash(&normalised)) && !self.bound_here(&normalised) {
            return Err(Refused::TextIsBound);
        }
        self.returned.write_anew(SEAT_AREA, &text, out);
        self.drafts
            .put(SEAT_AREA, name, Draft { text, minimum }, out);
        Ok(())
    }

    /// A text may be sent again to exactly the crowd that it is bound to: known once that stands.
    fn bound_here(&self, normalised: &str) -> bool {
        let Some(log) = &self.plenary else {
            return false;
        };
        let open_round = log.state.open_round();
        let Some(run) = open_round.and_then(|open| open.run_with(log.own_seat)) else {
            return false;
        };
        let keys = run.roster().map(|member| member.signature_key.as_slice());
        let crowd = crowd_hash(&room_hash(log.group.id()), keys);
        self.locks.allows(&text_hash(normalised), &crowd)
    }

    fn give_up(&mut self, round: RoundId, out: &mut Out) -> Result<(), Refused> {
        let log = self.speaking(Place::Plenary)?;
        if log.is_shut() {
            return Err(Refused::LogShut);
        }
        let play = log
            .play
            .as_ref()
            .filter(|play| play.round == round)
            .ok_or(Refused::Unknown)?;
        let opening = play.collection.sequences().iter();
        let opening = opening.filter(|sequence| sequence.phase() == Some(Phase::Releases));
        let given_up: Vec<GiveUp> = opening
            .map(|sequence| GiveUp {
                ctx: sequence.ctx_r(),
            })
            .collect();
        for give_up in given_up {
            log.post_round(round, &Message::GiveUp(give_up), out);
        }
        Ok(())
    }

    fn remove(&mut self, seat: SeatId, out: &mut Out) -> Result<(), Refused> {
        let log = self.convening()?;
        let own = log.own_seat;
        if seat == own || log.state.seat(seat).is_none() {
            return Err(Refused::Unknown);
        }
        out.write(SEAT_AREA, removal_key(seat), []);
        self.removals.insert(seat);
        Ok(())
    }
}

/// Statements in the form in which a Round showed them.
fn ballot(statements: &[String]) -> Result<RoundKind, Refused> {
    let parse = |words: &String| StatementText::parse(&round::normalise(words));
    let statements: Result<Vec<StatementText>, _> = statements.iter().map(parse).collect();
    Ok(RoundKind::Ballot(statements.map_err(|_| Refused::BadText)?))
}

fn random(out: &mut Out) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    out.ctx.rng.fill_bytes(bytes.as_mut_slice());
    bytes
}
