//! The last phase: shares prove themselves, and who withholds one is named and links nobody.

use round::{GiveUp, Leave, Message, Phase, Verdict, Void};

use crate::table::{opened, table};

#[test]
fn leave_and_close_are_void_once_everybody_said_go() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Releases);
    let ctx = table.fold.ctx_r();
    let leave = Message::Leave(Leave { ctx });
    assert_eq!(table.post(leaves[0], leave), Verdict::Void(Void::Decided));
    assert_eq!(table.close(leaves[0]), Verdict::Void(Void::Decided));
    assert_eq!(opened(&table.play().unwrap()).0.len(), 5);
}

#[test]
fn a_withheld_release_is_awaited_and_given_up_only_after_the_length() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Releases);
    table.outbox.retain(|(from, _)| *from != leaves[2]);
    assert_eq!(table.play(), Some(Verdict::Counted));
    assert_eq!(table.fold.awaited(), [leaves[2]]);
    let give_up = Message::GiveUp(GiveUp {
        ctx: table.fold.ctx_r(),
    });
    assert_eq!(
        table.post(leaves[0], give_up.clone()),
        Verdict::Void(Void::Early)
    );
    table.now_ms = table.fold.deadline_ms();
    assert_eq!(
        table.post(50, give_up.clone()),
        Verdict::Void(Void::NotInRoster)
    );
    let Verdict::GaveUp(result) = table.post(leaves[0], give_up) else {
        panic!()
    };
    assert_eq!(result.awaited, [leaves[2]]);
    let late = table
        .shares
        .iter()
        .map(round::ReleaseShare::message)
        .collect::<Vec<_>>();
    for release in late {
        assert_eq!(table.post(leaves[2], release), Verdict::Void(Void::Decided));
    }
}

#[test]
fn a_release_proves_itself_and_anybody_may_post_it() {
    let mut table = table(5, 5);
    let leaves = table.leaves();
    table.play_to(Phase::Releases);
    let mut last = None;
    for (_, message) in std::mem::take(&mut table.outbox) {
        let Message::Release(mut wrong) = message.clone() else {
            panic!()
        };
        wrong.share[3] ^= 1;
        let wrong = Message::Release(wrong);
        assert_eq!(
            table.post(leaves[4], wrong),
            Verdict::Void(Void::WrongShare)
        );
        last = Some(table.post(4711, message));
    }
    assert_eq!(opened(&last.unwrap()).0.len(), 5);
}
