//! Forked logs.

use models::forks::{Forks, Size};
use models::logs::World;
use models::{explore, rules};

#[test]
fn two_honest_members_and_a_cheat_on_forked_logs() {
    let _all = rules::all_hold();
    let world = World {
        joins: 1,
        vectors: 2,
        damage: true,
        bad_tags: true,
        bad_root: true,
        ..World::plain(2, 1, 2)
    };
    let report = explore(Forks::new(Size::one_round(world, 2)), None);
    println!("{report}");
    assert!(report.holds(), "{report}");
}
