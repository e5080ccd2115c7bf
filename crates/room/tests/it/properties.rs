//! What holds for any sequence of events, sensible or not.

use crate::scene::*;
use proptest::prelude::*;
use room::*;

#[derive(Clone, Debug)]
struct Entry {
    from: Option<Leaf>,
    wait_ms: u64,
    event: Event,
}

fn leaf() -> impl Strategy<Value = Leaf> {
    (0u32..9).prop_map(Leaf)
}

fn seat() -> impl Strategy<Value = SeatId> {
    (0u32..9).prop_map(SeatId)
}

fn role() -> impl Strategy<Value = Role> {
    (0u16..3, 0u8..3).prop_map(|(side, kind)| match kind {
        0 => Role::Convenor,
        1 => Role::Interpreter(SideId(side)),
        _ => Role::Side(SideId(side)),
    })
}

fn open() -> impl Strategy<Value = Open> {
    let floor = proptest::option::of(0u16..12);
    (0u8..3, floor, 0u64..50, 2_999u64..3_002, 0u16..4).prop_map(
        |(id, floor, window_ms, phase_ms, side)| {
            let audience = if side == 0 {
                Audience::Room
            } else {
                Audience::Side(SideId(side - 1))
            };
            Open {
                floor,
                window_ms,
                phase_ms,
                audience,
                ..terms(id)
            }
        },
    )
}

fn talk() -> impl Strategy<Value = Event> {
    let hash = any::<bool>();
    prop_oneof![
        any::<u8>().prop_map(|number| message(number).event().clone()),
        (1u32..12, role()).prop_map(|(number, role)| {
            Event::Approved(Approved {
                request: request(number),
                name: name_of(number),
                role,
            })
        }),
        (1u32..12).prop_map(|number| Event::Vouched(Vouched {
            request: request(number)
        })),
        (0u64..9).prop_map(|membership| Event::WordsConfirmed(WordsConfirmed { membership })),
        (0u8..3, hash).prop_map(|(id, right)| {
            let open_hash = if right {
                terms(id).hash()
            } else {
                OpenHash([0; 32])
            };
            Event::Ready(Ready {
                round: terms(id).id,
                open_hash,
            })
        }),
        open().prop_map(Event::RoundOpened),
        (0u8..3).prop_map(|id| Event::WindowEnds(terms(id).id)),
        (0u8..3).prop_map(|id| Event::Started(terms(id).id)),
    ]
}

fn derived() -> impl Strategy<Value = Event> {
    let many = |strategy| proptest::collection::vec(strategy, 0..3);
    let seats = || proptest::collection::vec(seat(), 0..7);
    prop_oneof![
        (
            many((1u32..12).boxed()),
            many(leaf().prop_map(|leaf| leaf.0).boxed()),
            leaf()
        )
            .prop_map(|(new, old, by)| {
                let added = new.into_iter().map(added).collect();
                let removed = old.into_iter().map(Leaf).collect();
                Event::SeatsChanged(SeatsChanged {
                    added,
                    removed,
                    by,
                    follows: 0,
                })
            }),
        (0u8..3, seats()).prop_map(|(id, absent)| {
            Event::RunEnded(RunEnded {
                round: terms(id).id,
                side: None,
                absent,
                disruptors: Vec::new(),
            })
        }),
        (0u8..3).prop_map(|id| released(terms(id).id)),
        (0u8..3, seats(), any::<u16>(), 0u16..3).prop_map(|(id, final_roster, blanks, runs)| {
            let round = terms(id).id;
            Event::RoundClosed(RoundClosed {
                round,
                runs,
                final_roster,
                statements: vec![],
                blanks,
                tallies: vec![],
                side: None,
            })
        }),
        (0u8..3).prop_map(|id| {
            Event::RoundFailed(RoundFailed {
                round: terms(id).id,
                side: None,
                why: FailedWhy::GaveUp,
            })
        }),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let sent = (proptest::option::weighted(0.9, leaf()), talk());
    let known = (proptest::option::weighted(0.1, leaf()), derived());
    let of_the_log = prop_oneof![Just(Event::LogShut), Just(Event::LogReopened)];
    let of_the_log = (Just(None), of_the_log);
    let any = prop_oneof![90 => sent.boxed(), 30 => known.boxed(), 1 => of_the_log.boxed()];
    (any, 0u64..40).prop_map(|((from, event), wait_ms)| Entry {
        from,
        wait_ms,
        event,
    })
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    proptest::collection::vec(entry(), 0..120)
}

/// A window that is over, with one READY fewer than the floor: near enough to
/// START for random events to get there.
fn almost_started() -> Scene {
    let mut scene = Scene::with_counting(6);
    let round = terms(0);
    scene.open(round.clone()).unwrap();
    for leaf in scene.side_leaves().into_iter().take(4) {
        scene.ready(leaf, &round).unwrap();
    }
    scene.time_ms += round.window_ms;
    scene
}

/// Applies all, checking each step with what the closure is given.
fn play(entries: &[Entry], mut each: impl FnMut(&State, &State, &Result<Effect, Void>)) -> State {
    let mut scene = almost_started();
    for entry in entries {
        let before = scene.state.clone();
        scene.time_ms += entry.wait_ms;
        let result = scene.state.apply(entry.from, scene.time_ms, &entry.event);
        each(&before, &scene.state, &result);
    }
    scene.state
}

proptest! {
    #[test]
    fn equal_events_give_equal_digests(entries in entries()) {
        let (one, other) = (play(&entries, |_, _, _| ()), play(&entries, |_, _, _| ()));
        prop_assert_eq!(one.digest(), other.digest());
    }

    #[test]
    fn a_void_event_changes_nothing_and_any_other_the_digest(entries in entries()) {
        play(&entries, |before, after, result| match result {
            Ok(_) => assert_ne!(before.digest(), after.digest()),
            Err(_) => assert_eq!(before, after),
        });
    }

    #[test]
    fn a_state_survives_its_encoding(entries in entries()) {
        let state = play(&entries, |_, _, _| ());
        prop_assert_eq!(State::decode(&state.encode()), Ok(state));
    }

    #[test]
    fn no_run_goes_on_below_the_floors(entries in entries()) {
        play(&entries, |_, after, _| {
            let Some(run) = after.open_round().and_then(|round| round.runs().first()) else { return };
            let opening = run.opening_roster.len();
            assert!(usize::from(run.floor) >= floor(opening, None) && opening >= 5);
            if run.fate == Fate::Released {
                assert!(run.roster().count() >= usize::from(run.floor));
            }
        });
    }

    #[test]
    fn who_is_in_a_roster_counts_and_has_a_side(entries in entries()) {
        play(&entries, |_, after, result| {
            if let Ok(Effect::RoundStarted { .. }) = result {
                let run = &after.open_round().unwrap().runs()[0];
                let seats = run.opening_roster.iter().map(|member| after.seat(member.seat).unwrap());
                seats.for_each(|seat| {
                    assert!(seat.counting_since.is_some() && seat.role.side().is_some());
                });
            }
        });
    }

    #[test]
    fn no_seat_number_is_used_again(entries in entries()) {
        let mut last = SeatId(6);
        play(&entries, |_, _, result| {
            if let Ok(Effect::SeatsChanged { seated, .. }) = result {
                for seat in seated {
                    assert!(*seat > last);
                    last = *seat;
                }
            }
        });
    }

    #[test]
    fn any_bytes_are_an_event_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(posted) = Posted::decode(&bytes) {
            prop_assert_eq!(posted.encode(), bytes);
        }
    }

    #[test]
    fn one_changed_byte_of_a_state_is_refused_or_another_digest(place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let scene = Scene::with_counting(6);
        let mut bytes = scene.state.encode();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(state) = State::decode(&bytes) {
            prop_assert_ne!(state.digest(), scene.state.digest());
        }
    }

    #[test]
    fn a_state_from_a_liar_does_not_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        entries in entries(),
    ) {
        let mut scene = Scene::with_counting(6);
        scene.start(&terms(7)).unwrap();
        let mut bytes = scene.state.encode();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(mut state) = State::decode(&bytes) {
            for entry in entries {
                let _ = state.apply(entry.from, entry.wait_ms, &entry.event);
            }
        }
    }
}

/// The properties above would hold of nothing if random events never ran a Round.
#[test]
fn random_events_reach_start_release_and_the_end() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut started, mut released, mut failed) = (0, 0, 0);
    for _ in 0..256 {
        let entries = entries().new_tree(&mut runner).unwrap().current();
        play(&entries, |_, _, result| match result {
            Ok(Effect::RoundStarted { .. }) => started += 1,
            Ok(Effect::RunReleased { .. }) => released += 1,
            Ok(Effect::RoundFailed { .. }) => failed += 1,
            Ok(_) | Err(_) => (),
        });
    }
    assert!(
        started > 9 && released > 0 && failed > 9,
        "{started} {released} {failed}"
    );
}
