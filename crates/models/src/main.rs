//! Runs one model by name.
fn main() {
    use models::forks::{Forks, Size};
    use models::logs::World;
    use models::rules::{Out, Own};
    use models::{explore, rules};
    use round::rules::Rule;
    let args: Vec<String> = std::env::args().skip(1).collect();
    let n: Vec<u32> = args[0].split(',').map(|a| a.parse().unwrap()).collect();
    let world = World {
        joins: n[3] as u8,
        vectors: n[4] as u8,
        damage: n[5] > 0,
        bad_tags: n[6] > 0,
        bad_root: n[6] > 0,
        equal_sum: n[7] > 0,
        ..World::plain(n[0], n[1], n[2] as u16)
    };
    let asked: &'static str = args.get(3).cloned().unwrap_or_default().leak();
    let size = Size {
        world,
        runs: n[8] as u8,
        rounds: n[9] > 0,
        gate: n[10] > 0,
        copies: n[11] as u8,
        asked,
    };
    let limit = Some(n[12] as usize * 1000).filter(|l| *l > 0);
    let outs: Vec<Option<Out>> = match args.get(1).map(String::as_str) {
        None => vec![None],
        Some("none") => vec![None],
        Some("all") => Rule::ALL
            .iter()
            .map(|r| Some(Out::Round(*r)))
            .chain([
                Some(Out::Own(Own::ReleaseIsFinalAtTheGate)),
                Some(Out::Own(Own::GiveUpKeepsTheLock)),
            ])
            .collect(),
        Some(name) => vec![
            Rule::ALL
                .iter()
                .find(|r| format!("{r:?}") == name)
                .map(|r| Out::Round(*r))
                .or(Some(Out::Own(if name == "commit" {
                    Own::NoCommitDuringRuns
                } else if name == "gate" {
                    Own::ReleaseIsFinalAtTheGate
                } else {
                    Own::GiveUpKeepsTheLock
                }))),
        ],
    };
    for out in outs {
        let held;
        let taken;
        match out {
            None => {
                held = rules::all_hold();
                let _ = &held;
            }
            Some(o) => {
                taken = rules::without(o);
                let _ = &taken;
            }
        }
        println!("== {out:?}");
        if args.get(2).is_some_and(|a| a == "r") {
            let size = models::restores::Size {
                world,
                runs: n[8] as u8,
                restarts: n[9] as u8,
                restores: n[10] as u8,
                asked,
            };
            println!("{}", explore(models::restores::Restores::new(size), limit));
            continue;
        }
        if args.get(2).is_some_and(|a| a == "g") {
            println!(
                "{}",
                explore(
                    models::gate::Gate::new(
                        if n[9] > 0 {
                            models::gate::Sides::ThreeAndTwo
                        } else {
                            models::gate::Sides::TwoAndThree
                        },
                        n[8] as u8
                    ),
                    limit
                )
            );
            continue;
        }
        if args.get(2).is_some_and(|a| a == "d") {
            let phase = if n[9] > 0 {
                round::Phase::Vectors
            } else {
                round::Phase::Verdicts
            };
            println!(
                "{}",
                explore(models::readers::OneLog::new(phase, n[8] as usize), limit)
            );
            continue;
        }
        if args.get(2).is_some_and(|a| a == "h") {
            println!(
                "{}",
                explore(models::honest_relay::HonestRelay::new(world), limit)
            );
            continue;
        }
        println!("{}", explore(Forks::new(size), limit));
    }
}
