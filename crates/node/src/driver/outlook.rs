//! What the outside sees of a driver: views, pages, notices, the node's own alarm.
//! Must never hold the driver up: nobody has to listen.

use std::sync::Arc;

use participant::{Notice, Participant, view::View};
use tokio::sync::{broadcast, watch};

use super::mirror::Mirror;
use crate::pages::view::{Alarm, Shown};

/// Notices that wait for a slow listener; a slower one misses some.
const NOTICES: usize = 4096;

/// The sending ends.
pub struct Outlook {
    views: watch::Sender<Arc<View>>,
    shown: watch::Sender<Arc<Shown>>,
    notices: broadcast::Sender<Notice>,
    mirror: Mirror,
    alarm: Option<Alarm>,
}

impl Outlook {
    /// As a participant looks at the start.
    pub fn new(participant: &Participant) -> Self {
        let mut mirror = Mirror::default();
        let view = Arc::new(participant.view());
        let shown = Arc::new(mirror.show(&view, None));
        Self {
            views: watch::Sender::new(view),
            shown: watch::Sender::new(shown),
            notices: broadcast::Sender::new(NOTICES),
            mirror,
            alarm: None,
        }
    }

    /// Views, as they change.
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.views.subscribe()
    }

    /// The same for the pages.
    pub fn shown(&self) -> watch::Receiver<Arc<Shown>> {
        self.shown.subscribe()
    }

    /// Where to listen for notices.
    pub fn notices(&self) -> broadcast::Sender<Notice> {
        self.notices.clone()
    }

    /// Shows how things stand now.
    pub fn publish(&mut self, participant: &Participant) {
        let view = Arc::new(participant.view());
        self.shown
            .send_replace(Arc::new(self.mirror.show(&view, self.alarm)));
        self.views.send_replace(view);
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
        let _ = self.notices.send(notice);
    }
}
