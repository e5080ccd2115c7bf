//! One seat's whole protocol core: MLS rooms, Rounds, invitations. It must never do IO, read a
//! clock, or draw randomness of its own.

mod answers;
mod asking;
mod blocs;
mod caucus_duty;
#[cfg(feature = "liar")]
pub mod clocks;
mod close_phase;
mod collect;
pub mod command;
mod commits;
mod copies;
mod cursor;
mod decide;
mod desk;
mod drafts;
mod envelope;
mod epoch_keys;
mod fold;
mod founding;
mod grants;
mod guard;
mod guests;
mod held;
mod invitation;
mod judging;
pub mod limits;
mod lobby;
mod locks;
mod looking;
#[cfg(not(feature = "paper"))]
mod mls;
mod moving;
pub mod notice;
mod numbers;
mod opening;
mod out;
mod outbox;
mod own_place;
#[cfg(feature = "paper")]
mod paper;
mod participant;
mod patience;
mod play;
mod post;
mod records;
mod relay_clock;
mod relays;
mod reopened;
mod retractable;
mod returned;
#[cfg(feature = "liar")]
pub mod rogue;
mod roll;
mod room_log;
mod rotation;
mod round_name;
#[cfg(feature = "liar")]
pub mod rules;
#[cfg(not(feature = "liar"))]
mod rules;
mod seating;
mod show;
mod show_places;
mod signed;
mod speak;
mod standing;
pub mod step;
mod table_words;
mod taking_part;
pub mod view;
#[cfg(feature = "liar")]
pub mod voice;
mod welcomes;

pub use command::{Command, Place, Refused};
pub use invitation::{InvalidInvitation, Invitation};
#[cfg(all(feature = "liar", not(feature = "paper")))]
pub use mls::Kind;
pub use mls::MlsError;
pub use notice::{Alarm, Declined, Notice, StayedHome};
#[cfg(feature = "paper")]
pub use paper::number_keys_from;
pub use participant::Participant;
pub use records::{DamagedVault, Rows};
pub use relays::Relays;
pub use step::{Changes, Ctx, Frame, Input, Op, Row, Step, Subscription};
pub use table_words::request_words;

#[cfg(feature = "paper")]
use paper as mls;

/// Whether this build speaks MLS on paper: fit for a simulator, and for nothing else.
pub const ON_PAPER: bool = cfg!(feature = "paper");
