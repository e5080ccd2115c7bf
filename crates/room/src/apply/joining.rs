//! Approving, vouching, and the seats that come and go with a commit.

use super::Place;
use crate::effect::Effect;
use crate::event::{Approved, SeatsChanged, Vouched};
use crate::founding::Role;
use crate::limits;
use crate::membership::push_bounded;
use crate::open_round::Progress;
use crate::seat::Seat;
use crate::state::{Approval, State};
use crate::void::Void;

impl State {
    pub(super) fn approved(&mut self, sender: &Seat, approved: &Approved) -> Result<Effect, Void> {
        self.check_plenary()?;
        if sender.role != Role::Convenor {
            return Err(Void::NotTheConvenor);
        }
        let side = approved.role.sits_with();
        if side.is_some_and(|side| self.side_name(side).is_none()) {
            return Err(Void::NoSuchSide);
        }
        if self.membership.approval(approved.request).is_some() {
            return Err(Void::AlreadyApproved);
        }
        if self.membership.is_name_taken(&approved.name) {
            return Err(Void::NameTaken);
        }
        let Approved {
            request,
            name,
            role,
        } = approved.clone();
        let approval = Approval {
            request,
            name,
            role,
            voucher: None,
        };
        push_bounded(
            &mut self.membership.approvals,
            approval,
            limits::APPROVALS_MAX,
        );
        Ok(Effect::Approved {
            request,
            needs_voucher: self.membership.needs_voucher(role),
        })
    }

    pub(super) fn vouched(&mut self, sender: &Seat, vouched: &Vouched) -> Result<Effect, Void> {
        self.check_plenary()?;
        let approvals = &mut self.membership.approvals;
        let approval = approvals
            .iter_mut()
            .find(|approval| approval.request == vouched.request);
        let approval = approval.ok_or(Void::NotApproved)?;
        if sender.role.side().is_none() || sender.role.side() != approval.role.sits_with() {
            return Err(Void::WrongSide);
        }
        if approval.voucher.is_some() {
            return Err(Void::AlreadyVouched);
        }
        approval.voucher = Some(sender.id);
        Ok(Effect::Vouched {
            request: vouched.request,
            by: sender.id,
        })
    }

    pub(super) fn seats_changed(
        &mut self,
        at: Place,
        change: &SeatsChanged,
    ) -> Result<Effect, Void> {
        let follows = change.follows;
        let change = self.after_commit(change, at.time_ms, at.number)?;
        self.membership = change.next;
        self.follows = follows;
        self.unready(&change.departed);
        self.forget_departed(&change.departed);
        let departed = &change.departed;
        self.bloc_votes
            .retain(|vote| !departed.contains(&vote.seat));
        Ok(Effect::SeatsChanged {
            seated: change.seated,
            departed: change.departed,
            now_counting: change.now_counting,
        })
    }

    /// A READY stands only while its seat is in the room.
    fn unready(&mut self, departed: &[crate::ids::SeatId]) {
        if let Some(round) = self.open_round.as_mut()
            && round.progress == Progress::Window
        {
            round.ready.retain(|seat| !departed.contains(seat));
        }
    }
}
