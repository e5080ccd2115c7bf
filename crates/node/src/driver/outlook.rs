//! What the outside sees of a driver: views, pages, notices, the node's own alarm.
//! Must never hold the driver up: nobody has to listen.

use std::{collections::BTreeSet, sync::Arc};

use participant::{Notice, Participant, view::View};
use room::RoundId;
use tokio::sync::{broadcast, watch};
use wire::MailboxId;

use super::mirror::Mirror;
use crate::{
    link::{LinkEvent, What},
    pages::view::{Alarm, Relay, Shown, Standing},
    settings::Settings,
    unsent::Unsent,
};

/// Notices that wait for a slow listener; a slower one misses some.
const NOTICES: usize = 4096;

/// Where things are shown; they outlive the driver that fills them.
#[derive(Clone)]
pub struct Channels {
    views: watch::Sender<Arc<View>>,
    shown: watch::Sender<Arc<Shown>>,
    notices: broadcast::Sender<Notice>,
}

impl Default for Channels {
    fn default() -> Self {
        Self {
            views: watch::Sender::default(),
            shown: watch::Sender::default(),
            notices: broadcast::Sender::new(NOTICES),
        }
    }
}

impl Channels {
    /// Views, as they change.
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.views.subscribe()
    }

    /// The same for the pages.
    pub fn shown(&self) -> watch::Receiver<Arc<Shown>> {
        self.shown.subscribe()
    }

    /// What is shown now.
    pub fn now(&self) -> Arc<Shown> {
        self.shown.borrow().clone()
    }

    /// Where to listen for notices.
    pub fn notices(&self) -> broadcast::Sender<Notice> {
        self.notices.clone()
    }

    /// Shows that a vault opens.
    pub fn stand(&self, standing: Standing) {
        self.shown
            .send_modify(|shown| Arc::make_mut(shown).standing = standing);
    }

    /// Shows a closed vault: nothing of what is in it stays behind.
    pub fn close(&self, standing: Standing) {
        let relay = self.now().relay.clone();
        self.views.send_replace(Arc::default());
        self.shown.send_replace(Arc::new(Shown {
            standing,
            relay,
            ..Shown::default()
        }));
    }

    /// Shows how it stands with the relay on this computer.
    pub fn host(&self, relay: Relay) {
        self.shown
            .send_modify(|shown| Arc::make_mut(shown).relay = relay);
    }
}

/// The sending ends.
pub struct Outlook {
    channels: Channels,
    mirror: Mirror,
    alarm: Option<Alarm>,
    lost: BTreeSet<MailboxId>,
    pub settings: Settings,
    pub unsent: Unsent,
}

impl Outlook {
    /// As a participant looks at the start.
    pub fn new(
        channels: Channels,
        participant: &Participant,
        settings: Settings,
        unsent: Unsent,
    ) -> Self {
        let mut outlook = Self {
            channels,
            mirror: Mirror::default(),
            alarm: None,
            lost: BTreeSet::new(),
            settings,
            unsent,
        };
        outlook.publish(participant);
        outlook
    }

    /// Shows how things stand now.
    pub fn publish(&mut self, participant: &Participant) {
        let view = Arc::new(participant.view());
        let (page, caucus) = self.mirror.rooms(&view);
        let shown = Shown {
            standing: Standing::Open,
            page,
            caucus,
            alarms: Mirror::alarms(&view, self.alarm),
            unreachable: !self.lost.is_empty(),
            settings: self.settings.clone(),
            unsent: self.unsent.clone(),
            relay: self.channels.now().relay.clone(),
            view: view.clone(),
        };
        self.channels.shown.send_replace(Arc::new(shown));
        self.channels.views.send_replace(view);
    }

    /// The Round that was open when things were shown last.
    pub fn open_round(&self) -> Option<RoundId> {
        let shown = self.channels.now();
        let room = shown.view.plenary.as_ref()?;
        room.round.as_ref().map(|round| round.round)
    }

    /// Which relays are out of reach: the pages say so.
    pub fn hear(&mut self, event: &LinkEvent) {
        match event.what {
            What::Lost(_) => {
                self.lost.insert(event.mailbox);
            }
            What::Connected => {
                self.lost.remove(&event.mailbox);
            }
            What::Entry(_)
            | What::CaughtUp { .. }
            | What::Answer { .. }
            | What::WrongKey
            | What::TokenEnded
            | What::FollowRefused(_) => {}
        }
    }

    /// Only what is followed can be out of reach.
    pub fn follows(&mut self, mailboxes: &BTreeSet<MailboxId>) {
        self.lost.retain(|mailbox| mailboxes.contains(mailbox));
    }

    /// Raises or ends the node's own alarm.
    pub fn alarm(&mut self, alarm: Option<Alarm>, participant: &Participant) {
        if self.alarm != alarm {
            self.alarm = alarm;
            self.publish(participant);
        }
    }

    /// Passes a notice on to whoever listens.
    pub fn tell(&self, notice: Notice) {
        // An error means that nobody listens.
        let _ = self.channels.notices.send(notice);
    }
}
