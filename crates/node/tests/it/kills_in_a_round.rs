//! A node that is killed at any step of a Round is absent, or its text appears once, or nothing does.

use participant::{Command, view::Opening};

use crate::{
    process::Process,
    round_table::{KILLED, Table, own_text, plenary},
};

/// What became of the text of the one who was killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    /// The Round was repeated without it.
    Absent,
    /// It appeared, once, with all others.
    Shown,
    /// Nothing appeared, of anybody.
    Stuck,
}

impl Fate {
    fn of(question: &str, opening: Option<&Opening>) -> Self {
        let Some(Opening {
            statements,
            final_roster,
            ..
        }) = opening
        else {
            return Self::Stuck;
        };
        let own = own_text(KILLED, question);
        let times = statements.iter().filter(|text| **text == own).count();
        assert_eq!(
            statements.len(),
            usize::from(*final_roster),
            "{question} {statements:?}"
        );
        assert_eq!(
            times,
            usize::from(*final_roster == 6),
            "{question} {statements:?}"
        );
        if times == 1 {
            Self::Shown
        } else {
            Self::Absent
        }
    }
}

/// One Round in which the process dies at a checkpoint and comes back.
async fn die_and_return(table: &Table, question: &str, end: &str) -> Fate {
    let process = table.play(question, end).await;
    let before = table.end(question).await;
    process.kill();
    let mut process = Process::start(&table.world.vault(KILLED), None);
    let opening = if before.is_some() {
        before
    } else {
        table.end(question).await
    };
    let fate = Fate::of(question, opening.as_ref());
    if fate == Fate::Stuck {
        let round = table.mira.plenary().round.unwrap().round;
        table.others[0]
            .node
            .command(Command::GiveUp { round })
            .await
            .unwrap();
    }
    for person in table.everybody() {
        person
            .until(|view| {
                view.plenary
                    .as_ref()
                    .is_some_and(|room| room.round.is_none())
            })
            .await;
    }
    let same = |process: &mut Process| {
        plenary(process)["digest"] == data_encoding::HEXLOWER.encode(&table.mira.plenary().digest.0)
    };
    assert!(
        (0..10_000).any(|_| same(&mut process)),
        "{question}: it catches up"
    );
    process.kill();
    fate
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_step_a_text_appears_once_or_stays_home() {
    let table = Table::set().await;
    // Early and in the middle of the collection: before its GO. Around GO and RELEASE either end is right.
    for end in ["before-persist:2", "after-persist:24"] {
        assert_eq!(
            die_and_return(&table, &format!("{end}?"), end).await,
            Fate::Absent
        );
    }
    for end in ["after-send:39", "after-persist:43", "before-persist:45"] {
        die_and_return(&table, &format!("{end}?"), end).await;
    }
    // And nobody is killed: the table still works.
    let end = "after-send:1000000";
    assert_eq!(die_and_return(&table, "And now?", end).await, Fate::Shown);
}
