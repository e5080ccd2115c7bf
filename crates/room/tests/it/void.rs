//! Every reason for which an event is void, reached; and that a void event
//! leaves no trace.

use crate::scene::*;
use room::*;
use std::collections::BTreeSet;

/// Applies an event that must be void, and says why it was.
fn why(scene: &mut Scene, from: Option<Leaf>, event: Event) -> Void {
    let before = scene.state.digest();
    scene.time_ms += 1;
    let void = scene.state.apply(from, scene.time_ms, &event).unwrap_err();
    assert_eq!(scene.state.digest(), before, "{void:?} left a trace");
    void
}

fn commit(by: Leaf, added: Vec<Added>, removed: Vec<Leaf>) -> Event {
    Event::SeatsChanged(change(by, added, removed))
}

fn approved(number: u32, role: Role) -> Event {
    Event::Approved(Approved {
        request: request(number),
        name: name_of(number),
        role,
    })
}

fn of_membership() -> Vec<Void> {
    let scene = &mut Scene::with_counting(4);
    let number = scene.approve(Role::Side(RIVER));
    let free = scene.approve(Role::Convenor);
    let as_leaf = |leaf, number| Added {
        leaf,
        ..added(number)
    };
    let with_key = |signature_key| Added {
        signature_key,
        ..added(free)
    };
    let convenor = Some(CONVENOR);
    let mut reasons = vec![
        why(scene, convenor, commit(CONVENOR, vec![], vec![])),
        why(scene, None, message(1).event().clone()),
        why(scene, Some(Leaf(99)), message(1).event().clone()),
        why(scene, Some(Leaf(1)), approved(50, Role::Convenor)),
        why(scene, convenor, approved(50, Role::Side(SideId(2)))),
        why(scene, convenor, approved(number, Role::Convenor)),
        why(scene, None, commit(CONVENOR, vec![added(77)], vec![])),
        why(scene, None, commit(CONVENOR, vec![added(number)], vec![])),
        why(scene, None, commit(CONVENOR, vec![], vec![CONVENOR])),
        why(scene, None, commit(CONVENOR, vec![], vec![Leaf(99)])),
        why(
            scene,
            None,
            commit(CONVENOR, vec![as_leaf(Leaf(1), free)], vec![]),
        ),
        why(
            scene,
            None,
            commit(CONVENOR, vec![with_key(key(1))], vec![]),
        ),
        why(
            scene,
            None,
            commit(CONVENOR, vec![with_key(vec![])], vec![]),
        ),
        why(
            scene,
            Some(Leaf(2)),
            Event::Vouched(Vouched {
                request: request(number),
            }),
        ),
    ];
    let taken = Approved {
        request: request(60),
        name: name_of(1),
        role: Role::Convenor,
    };
    reasons.push(why(scene, convenor, Event::Approved(taken)));
    scene
        .say(
            Leaf(1),
            Event::Vouched(Vouched {
                request: request(number),
            }),
        )
        .unwrap();
    reasons.push(why(
        scene,
        Some(Leaf(3)),
        Event::Vouched(Vouched {
            request: request(number),
        }),
    ));
    reasons
}

fn of_a_full_room() -> Vec<Void> {
    let scene = &mut Scene::plenary();
    while scene.state.seats().len() < limits::SEATS_MAX {
        let number = scene.approve(Role::Convenor);
        scene.add(number).unwrap();
    }
    let number = scene.approve(Role::Convenor);
    vec![why(
        scene,
        None,
        commit(CONVENOR, vec![added(number)], vec![]),
    )]
}

fn of_a_caucus() -> Vec<Void> {
    let scene = &mut Scene::caucus();
    let follows = |follows, number| {
        let new = Added {
            name: Some(name_of(number)),
            ..added(number)
        };
        let change = change(CONVENOR, vec![new], vec![]);
        Event::SeatsChanged(SeatsChanged { follows, ..change })
    };
    let mut reasons = vec![
        why(scene, None, commit(CONVENOR, vec![added(1)], vec![])),
        why(scene, Some(CONVENOR), approved(1, Role::Side(RIVER))),
        why(scene, None, commit(CONVENOR, vec![], vec![])),
        why(scene, Some(CONVENOR), Event::RoundOpened(terms(1))),
    ];
    scene.derive(follows(7, 1)).unwrap();
    reasons.push(why(scene, None, follows(6, 2)));
    scene.derive(follows(7, 2)).unwrap();
    reasons
}

fn of_arrivals() -> Vec<Void> {
    let scene = &mut Scene::with_counting(2);
    scene.state.await_seated(BegunHash([5; 32]));
    let other = Event::Arrived(BegunHash([6; 32]));
    vec![
        why(scene, Some(CONVENOR), other.clone()),
        why(scene, Some(Leaf(1)), other),
        why(scene, Some(Leaf(1)), message(1).event().clone()),
    ]
}

fn of_talk() -> Vec<Void> {
    let scene = &mut Scene::with_counting(2);
    let long = |bytes: usize| vec![0; bytes].into();
    let key = CaucusKey {
        key_package: long(limits::KEY_PACKAGE_BYTES_MAX + 1),
    };
    let bytes = long(limits::WELCOME_BYTES_MAX + 1);
    let welcome = CaucusWelcome {
        seat: SeatId(1),
        bytes,
    };
    let membership = scene.state.membership();
    vec![
        why(scene, Some(Leaf(1)), Event::CaucusKey(key)),
        why(scene, Some(Leaf(1)), Event::CaucusWelcome(welcome)),
        why(
            scene,
            Some(Leaf(1)),
            Event::WordsConfirmed(WordsConfirmed { membership }),
        ),
        why(
            scene,
            Some(Leaf(1)),
            Event::WordsConfirmed(WordsConfirmed { membership: 0 }),
        ),
    ]
}

fn of_places() -> Vec<Void> {
    use crate::places::{founded, place};
    let scene = &mut Scene::with_counting(4);
    let number = scene.approve(Role::Convenor);
    scene.add(number).unwrap();
    let long = Place {
        relay: vec![0; limits::RELAY_BYTES_MAX + 1].into(),
        ..place(1)
    };
    scene.say(Leaf(1), founded(1, None)).unwrap();
    vec![
        why(scene, Some(CONVENOR), Event::PlaceAnnounced(long)),
        why(scene, Some(CONVENOR), Event::Moved(place(1))),
        why(scene, None, commit(Leaf(number), vec![], vec![CONVENOR])),
        why(scene, Some(Leaf(3)), founded(2, None)),
        why(scene, Some(Leaf(1)), founded(2, Some(1))),
        why(scene, Some(Leaf(2)), founded(1, None)),
    ]
}

fn of_versions() -> Vec<Void> {
    let scene = &mut Scene::with_counting(2);
    let two = RoomVersion(2);
    scene.say(CONVENOR, Event::Speaks(two)).unwrap();
    let upgraded = Event::Upgraded(two);
    vec![
        why(scene, Some(CONVENOR), Event::Speaks(two)),
        why(scene, Some(CONVENOR), Event::Upgraded(RoomVersion(1))),
        why(scene, Some(Leaf(1)), upgraded.clone()),
        why(scene, Some(CONVENOR), upgraded),
    ]
}

fn of_terms() -> Vec<Void> {
    let scene = &mut Scene::with_counting(4);
    scene.start(&terms(9)).unwrap();
    let mut open = |terms| why(scene, Some(CONVENOR), Event::RoundOpened(terms));
    let mut reasons = vec![
        open(terms(9)),
        open(Open {
            floor: Some(4),
            ..terms(1)
        }),
        open(Open {
            window_ms: 0,
            ..terms(1)
        }),
        open(Open {
            window_ms: limits::WINDOW_MAX_MS + 1,
            ..terms(1)
        }),
        open(Open {
            phase_ms: limits::PHASE_MIN_MS - 1,
            ..terms(1)
        }),
        open(Open {
            phase_ms: limits::PHASE_MAX_MS + 1,
            ..terms(1)
        }),
    ];
    let ballot = |statements: Vec<StatementText>| Open {
        kind: RoundKind::Ballot(statements),
        ..terms(1)
    };
    reasons.push(open(ballot(vec![])));
    let full = &mut crate::ballots::full_of_ballots();
    let one_more = Open {
        kind: RoundKind::Ballot(vec![crate::ballots::statement("one more")]),
        ..terms(250)
    };
    reasons.push(why(full, Some(CONVENOR), Event::RoundOpened(one_more)));
    let nobody = &mut Scene::plenary();
    reasons.push(why(nobody, Some(CONVENOR), Event::RoundOpened(terms(1))));
    reasons
}

fn of_the_window() -> Vec<Void> {
    let scene = &mut Scene::with_counting(6);
    let (round, convenor) = (terms(1), Some(CONVENOR));
    let ready = |terms: &Open| {
        Event::Ready(Ready {
            round: round.id,
            open_hash: terms.hash(),
        })
    };
    let mut reasons = vec![why(scene, Some(Leaf(1)), ready(&round))];
    scene.open(round.clone()).unwrap();
    let newcomer = scene.join(RIVER);
    scene.ready(Leaf(1), &round).unwrap();
    let failed = RoundFailed {
        round: round.id,
        side: None,
        why: FailedWhy::GaveUp,
    };
    reasons.extend([
        why(scene, convenor, Event::RoundOpened(terms(2))),
        why(scene, Some(Leaf(1)), Event::WindowEnds(round.id)),
        why(scene, convenor, ready(&round)),
        why(scene, Some(newcomer), ready(&round)),
        why(scene, Some(Leaf(2)), ready(&terms(2))),
        why(scene, Some(Leaf(1)), ready(&round)),
        why(scene, Some(Leaf(1)), Event::Started(round.id)),
        why(scene, None, Event::RoundFailed(failed)),
        why(scene, None, released(round.id)),
    ]);
    scene.say(CONVENOR, Event::WindowEnds(round.id)).unwrap();
    reasons.push(why(scene, convenor, Event::WindowEnds(round.id)));
    let late = &mut Scene::with_counting(6);
    late.open(round.clone()).unwrap();
    late.time_ms += round.window_ms;
    reasons.push(why(late, convenor, Event::WindowEnds(round.id)));
    reasons
}

fn of_blocs() -> Vec<Void> {
    let scene = &mut Scene::with_counting(10);
    let open = crate::ballots::ballot(1, Audience::EachSide, &["One bridge."]);
    scene.open(open.clone()).unwrap();
    let answer = BlocAnswer {
        open_hash: open.hash(),
        answers: vec![Answer::Agree],
    };
    vec![why(scene, Some(Leaf(1)), Event::BlocAnswered(answer))]
}

fn of_the_runs() -> Vec<Void> {
    let scene = &mut Scene::with_counting(7);
    let round = terms(1);
    scene.start(&round).unwrap();
    let absent = |seats: &[u32]| RunEnded {
        round: round.id,
        side: None,
        absent: seats.iter().copied().map(SeatId).collect(),
        disruptors: Vec::new(),
    };
    let mut reasons = vec![
        why(scene, Some(Leaf(1)), Event::Started(round.id)),
        why(scene, None, commit(CONVENOR, vec![], vec![])),
        why(scene, None, Event::RunEnded(absent(&[0]))),
        why(scene, None, Event::RunEnded(absent(&[1, 1]))),
    ];
    let closed = scene.all_blank(&round);
    reasons.push(why(scene, None, Event::RoundClosed(closed.clone())));
    let below = &mut Scene {
        state: scene.state.clone(),
        ..*scene
    };
    below.derive(Event::RunEnded(absent(&[1, 2]))).unwrap();
    reasons.push(why(below, None, released(round.id)));
    scene.derive(released(round.id)).unwrap();
    let awaited = commit(CONVENOR, vec![], vec![Leaf(7)]);
    reasons.push(why(scene, None, awaited));
    let too_many = RoundClosed {
        blanks: 8,
        ..closed.clone()
    };
    let runs = RoundClosed { runs: 2, ..closed };
    reasons.push(why(scene, None, Event::RoundClosed(too_many)));
    reasons.push(why(scene, None, Event::RoundClosed(runs)));
    reasons
}

#[test]
fn every_reason_is_reached_and_leaves_no_trace() {
    let scenes = [
        of_membership(),
        of_a_full_room(),
        of_a_caucus(),
        of_arrivals(),
        of_talk(),
        of_places(),
        of_versions(),
        of_terms(),
        of_the_window(),
        of_blocs(),
        of_the_runs(),
    ];
    let reached: BTreeSet<Void> = scenes.into_iter().flatten().collect();
    let missed: Vec<&Void> = Void::ALL
        .iter()
        .filter(|void| !reached.contains(void))
        .collect();
    assert!(missed.is_empty(), "{missed:?}");
}
