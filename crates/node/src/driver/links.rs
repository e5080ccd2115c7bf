//! The links that a participant's subscriptions ask for: one a mailbox, nothing shared.
//! Must never keep a link that is not asked for any more.

use std::collections::BTreeMap;

use participant::{Frame, Input, Op, Subscription};
use tokio::sync::mpsc;
use wire::{MailboxId, Refusal, RelayAddress, Request, Token};

use crate::link::{Link, LinkEvent, What};

/// Open links by mailbox.
pub struct Links {
    events: mpsc::Sender<LinkEvent>,
    open: BTreeMap<MailboxId, Followed>,
}

/// A link and the token that it was told to follow.
struct Followed {
    link: Link,
    relay: RelayAddress,
    token: Option<Token>,
}

impl Links {
    /// No links yet; theirs will be these events.
    pub fn new(events: mpsc::Sender<LinkEvent>) -> Self {
        Self {
            events,
            open: BTreeMap::new(),
        }
    }

    /// Opens, follows and closes, until it is as asked.
    pub fn follow(&mut self, wanted: Vec<Subscription>) {
        self.open.retain(|mailbox, followed| {
            let same = |wanted: &Subscription| {
                wanted.mailbox == *mailbox && wanted.relay == followed.relay
            };
            wanted.iter().any(same)
        });
        for Subscription {
            relay,
            mailbox,
            token,
            from,
            exists,
        } in Subscription::one_each(wanted)
        {
            let followed = self.open.entry(mailbox).or_insert_with(|| {
                let link = Link::open(relay.clone(), mailbox, self.events.clone());
                Followed {
                    link,
                    relay,
                    token: None,
                }
            });
            // A link goes on by itself; only another token makes it begin anew.
            if exists && followed.token.as_ref() != Some(&token) {
                followed.link.follow(token.clone(), from);
                followed.token = Some(token);
            } else if !exists {
                // What comes now is not wanted: it is read anew, from where that is wanted again.
                followed.token = None;
            }
        }
    }

    /// Hands a frame to its link. Without one it is lost, and the participant sends it again.
    pub fn send(&self, frame: Frame) {
        if let Some(followed) = self.open.get(&frame.mailbox) {
            followed
                .link
                .send(frame.id, request(frame.mailbox, frame.op));
        }
    }

    /// Closes all.
    pub fn close(&mut self) {
        self.open.clear();
    }
}

fn request(mailbox: MailboxId, op: Op) -> Request {
    match op {
        Op::Create {
            creation,
            token,
            founder,
        } => Request::Create {
            mailbox,
            creation,
            token,
            founder,
        },
        Op::Grant {
            creation,
            grant,
            mailboxes,
        } => Request::Grant {
            creation,
            grant,
            mailboxes,
        },
        Op::Append { token, bytes } => Request::Append {
            mailbox,
            token,
            bytes,
        },
        Op::Rotate {
            token,
            bytes,
            next,
            founder,
        } => Request::Rotate {
            mailbox,
            token,
            bytes,
            next,
            founder,
        },
        Op::Reset {
            founder,
            token,
            from,
        } => Request::Reset {
            mailbox,
            founder,
            token,
            from,
        },
    }
}

/// What a participant hears of a link's event.
pub fn input(event: LinkEvent) -> Option<Input> {
    let LinkEvent { mailbox, what } = event;
    Some(match what {
        What::Connected => Input::Connected { mailbox },
        What::Entry(entry) => Input::Log { mailbox, entry },
        What::CaughtUp { .. } => Input::CaughtUp { mailbox },
        What::Answer { id, result } => Input::Answer {
            mailbox,
            id,
            result,
        },
        What::Lost(_) => Input::Lost { mailbox },
        What::WrongKey => Input::WrongKey { mailbox },
        // The rotation's own entry came before: the participant knows the next token from it.
        // And the link asks again by itself.
        What::FollowRefused(Refusal::Unauthorised) => Input::Refused { mailbox },
        What::TokenEnded | What::FollowRefused(_) => return None,
    })
}
