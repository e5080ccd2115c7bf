//! For the simulator alone: a member whose Round messages are said by somebody else, and a look at
//! what an honest member keeps to itself. No product has it.

use room::{Event, MessageId, MessageText, Posted, RoundId, Text};
use round::rules::{Rule, holds};
use round::{Collection, Contributor, Message, Sequence};
use tls_codec::{DeserializeBytes as _, Serialize as _};
use wire::MailboxId;

use crate::asking::open_lobby;
use crate::command::Place;
use crate::commits::Wanted;
use crate::envelope::Envelope;
use crate::invitation::Invitation;
use crate::lobby::{LobbyMessage, Snapshot};
use crate::mls::{Kind, MlsError};
use crate::out::Out;
use crate::outbox::Item;
use crate::participant::Participant;
use crate::post::Body;
use crate::signed::Signed;
use crate::step::{Area, Ctx, Step};

/// What a liar says, in place of what its program would say.
pub enum Words {
    /// A message of a Round.
    Round(RoundId, Box<Message>),
    /// An event of the room.
    Event(Event),
    /// A message under any id.
    Said(MessageId, String),
    /// A commit that removes a leaf.
    Remove(u32),
}

/// One thing that waits in an outbox, as its row tells.
pub struct Waits {
    /// What it says, where that belongs to a Round.
    pub said: Option<(RoundId, Message)>,
    /// Its bytes for the relay, once sealed.
    pub entry: Option<Vec<u8>>,
}

impl Waits {
    /// Reads a row of an outbox.
    #[must_use]
    pub fn of_row(key: &[u8], value: &[u8]) -> Option<Waits> {
        key.strip_prefix(b"out/".as_slice())?;
        let item = Item::parse(value)?;
        let said = match item.body {
            Body::Event(_) => None,
            Body::Round { round, message } => Some((round, Message::decode(&message).ok()?)),
        };
        Some(Waits {
            said,
            entry: item.sealed.map(|sealed| sealed.entry),
        })
    }
}

impl Participant {
    /// From now on nothing is said in Rounds but by [`Participant::utter`].
    pub fn mute(&mut self) {
        for log in [&mut self.plenary, &mut self.caucus].into_iter().flatten() {
            log.muted = true;
        }
    }

    /// The Round that is being collected, as this node folds it.
    #[must_use]
    pub fn collection(&self) -> Option<&Collection> {
        Some(&self.plenary.as_ref()?.play.as_ref()?.collection)
    }

    /// The runs in which this seat takes part; whoever takes part in none looks at the first.
    #[must_use]
    pub fn sequence(&self) -> Option<(RoundId, &Sequence)> {
        let play = self.plenary.as_ref()?.play.as_ref()?;
        let first = || play.collection.sequences().first();
        Some((play.round, play.own().or_else(first)?))
    }

    /// The secrets of the run under way.
    #[must_use]
    pub fn contributor(&self) -> Option<&Contributor> {
        self.plenary.as_ref()?.play.as_ref()?.contributor.as_ref()
    }

    /// What was decided in the plenary.
    #[must_use]
    pub fn state(&self) -> Option<&room::State> {
        self.state_of(Place::Plenary)
    }

    /// What was decided in a room.
    #[must_use]
    pub fn state_of(&self, place: Place) -> Option<&room::State> {
        self.room(place).map(|log| &log.state)
    }

    /// This node's leaf in the plenary.
    #[must_use]
    pub fn leaf(&self) -> Option<u32> {
        Some(self.plenary.as_ref()?.own_leaf().0)
    }

    /// Says anything, in order.
    ///
    /// # Errors
    /// The group refuses.
    pub fn utter(&mut self, words: Vec<Words>, ctx: &mut Ctx) -> Result<Step, MlsError> {
        self.utter_in(Place::Plenary, words, ctx)
    }

    /// Says anything in any room, in order.
    ///
    /// # Errors
    /// The group refuses.
    pub fn utter_in(
        &mut self,
        place: Place,
        words: Vec<Words>,
        ctx: &mut Ctx,
    ) -> Result<Step, MlsError> {
        self.step(ctx, |this, out| {
            let log = match place {
                Place::Plenary => this.plenary.as_mut(),
                Place::Caucus => this.caucus.as_mut(),
            };
            let (Some(log), Some(identity)) = (log, &this.identity) else {
                return Ok(());
            };
            for word in words {
                match word {
                    Words::Round(round, message) => log.post_round(round, &message, out),
                    Words::Event(event) => log.post_event(event, out),
                    Words::Said(id, text) => {
                        let text = MessageText::parse(&text);
                        let text = text.map_err(|_| MlsError::inconsistent())?;
                        let salt = [7; 32];
                        let posted = Posted::message(id, None, Text { salt, text });
                        log.outbox.push(log.area, Body::Event(posted.encode()), out);
                    }
                    Words::Remove(leaf) => {
                        let wanted = Wanted {
                            removes: vec![leaf],
                            ..Wanted::default()
                        };
                        // An honest node keeps its commits back while a Round is collected, also one that
                        // it has made.
                        let made = log.pending.is_some()
                            || log.try_commit(&wanted, &identity.key, out).is_ok();
                        if let Some(op) = log.pending_op().filter(|_| made && log.resend) {
                            log.resend = false;
                            out.send(log.mailbox, op);
                        }
                    }
                }
            }
            Ok(())
        })
    }

    /// The plenary's table words, also while nobody is shown them.
    pub fn words_of_the_epoch(&self) -> &[String] {
        self.plenary.as_ref().map_or(&[], |log| &log.keys.words)
    }

    /// What a changed program of the convenor's hands to a newcomer: the letter in this entry of its
    /// invitation's mailbox, with another state or place in it; `None` where there is no letter.
    pub fn forge_letter(
        &self,
        invitation: &str,
        entry: &wire::Entry,
        forge: &mut dyn FnMut(&mut room::State, &mut room::Place),
        rng: &mut dyn rand_core::CryptoRng,
    ) -> Option<Vec<u8>> {
        let envelope = Invitation::parse(invitation).ok()?.envelope();
        let Some(LobbyMessage::Welcome(mut letter)) = open_lobby(&envelope, entry) else {
            return None;
        };
        let [_, seal] = self.seals(Place::Plenary)?;
        let bytes = seal.open_inner(letter.snapshot.as_slice()).ok()?;
        let mut snapshot = Snapshot::tls_deserialize_exact_bytes(&bytes).ok()?;
        let mut state = room::State::decode(snapshot.state.as_slice()).ok()?;
        let mut place = room::Place {
            relay: snapshot.relay,
            mailbox: room::MailboxName(snapshot.mailbox),
        };
        forge(&mut state, &mut place);
        (snapshot.relay, snapshot.mailbox) = (place.relay, place.mailbox.0);
        snapshot.state = state.encode().into();
        let bytes = snapshot.tls_serialize_detached().ok()?;
        letter.snapshot = seal.seal_inner(&bytes, rng).into();
        let letter = LobbyMessage::Welcome(letter).to_bytes();
        envelope.seal(&letter, rng).ok()
    }

    /// The seals of a room's present epoch: of its entries, and of what a newcomer is handed.
    #[must_use]
    pub fn seals(&self, place: Place) -> Option<[&Envelope; 2]> {
        let log = self.room(place)?;
        Some([&log.keys.envelope, &log.keys.snapshot])
    }

    /// Any plaintext as a message of this seat, signed as the one that comes after `ahead` others:
    /// what stands under an entry's seal.
    ///
    /// # Errors
    /// The group refuses.
    pub fn any_message(
        &mut self,
        place: Place,
        ahead: u32,
        plaintext: &[u8],
    ) -> Result<Option<Vec<u8>>, MlsError> {
        let log = match place {
            Place::Plenary => self.plenary.as_mut(),
            Place::Caucus => self.caucus.as_mut(),
        };
        let (Some(log), Some(identity)) = (log, &self.identity) else {
            return Ok(None);
        };
        let key = &identity.key;
        let message = log.group.encrypt(key, plaintext)?;
        let number = log.numbers.of_next_own(Kind::Message).saturating_add(ahead);
        let (group, start) = (&log.group, log.cursor.start);
        let signed = Signed::sign(key, group, start, number, Kind::Message, message)?;
        Ok(Some(signed.to_bytes()))
    }

    /// The draft for a Round that is still in this vault.
    #[must_use]
    pub fn draft(&self, round: RoundId) -> Option<&str> {
        let name = self.plenary.as_ref()?.open_name_of(round)?;
        self.drafts.of(&name).map(|draft| draft.text.as_str())
    }

    /// How a room stands with this node, in a line for whoever looks for a fault.
    #[must_use]
    pub fn circumstances(&self, place: Place) -> Option<String> {
        let log = self.room(place)?;
        let pending = log.pending.is_some();
        let resets = log.reset.is_some();
        Some(format!(
            "{:?}, entry {}, {} void, pending {pending}, reset {resets}, resend {}, run {}, may speak {}, full {}, waiting {}",
            log.standing,
            log.cursor.next,
            log.void_entries,
            log.resend,
            log.play.is_some(),
            log.may_speak(),
            log.full,
            log.outbox.waiting(),
        ))
    }

    /// Where a room lives.
    #[must_use]
    pub fn room_mailbox(&self, place: Place) -> Option<MailboxId> {
        self.room(place).map(|log| log.mailbox)
    }

    /// How far the plenary's log is folded.
    #[must_use]
    pub fn folded(&self) -> u64 {
        self.room(Place::Plenary)
            .map_or(0, |log| log.base.saturating_add(log.cursor.next))
    }
}

/// A bug put in on purpose: the secrets of a run lie in the vault.
pub(crate) fn leak(area: Area, contributor: &Contributor, out: &mut Out) {
    let secrets = contributor.secrets();
    if let (Some(root), false) = (secrets.root, holds(Rule::SecretsInMemoryOnly)) {
        out.write(area, "secrets", root);
    }
}
