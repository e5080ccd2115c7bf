//! What an invitation hands over, and what it does not: the right to one seat, and to a few mailboxes.

use participant::{Alarm, Command, Input, Invitation, Notice, Op, Place, Refused, Relays};
use relay::core::Quotas;
use room::{Role, SideId};
use sim::{Seat, World};
use wire::{
    CreationRight, CreationSecret, FounderSecret, GrantSecret, MailboxId, Refusal, RelayAddress,
    Token,
};

use crate::stage::{
    asked, assert_agreed, invitation, join, read, say, seat_id, seated, vouch, words_of,
};

fn parsed(world: &World) -> Invitation {
    Invitation::parse(&invitation(world)).ok().unwrap()
}

fn invited(world: &World) -> usize {
    let heard = world.seats[0].heard.iter();
    heard
        .filter(|notice| matches!(notice, Notice::Invited { .. }))
        .count()
}

#[test]
fn nobody_who_was_invited_holds_the_relays_own_secret() {
    let world = seated(6, 960);
    let secret = [9; 32];
    let holds = |seat: &Seat| {
        let mut rows = seat.vault.values().flatten();
        rows.any(|(_, row)| row.windows(32).any(|part| *part == secret))
    };
    assert!(holds(&world.seats[0]), "the convenor's vault has it");
    assert!(world.seats[1..].iter().all(|seat| !holds(seat)));
    let caucus = world.seats[1].core().view().caucus;
    assert!(
        caucus.is_some(),
        "and yet a side's first seat made a mailbox"
    );
}

#[test]
fn an_invitation_is_shown_once_the_relay_has_given_its_right() {
    let mut world = seated(2, 961);
    let before = invited(&world);
    let refuse = |op: &Op| matches!(op, Op::Grant { .. }).then_some(Refusal::Busy);
    world.unwilling = Some(Box::new(refuse));
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    world.pass(600_000);
    assert_eq!(invited(&world), before);
    assert!(world.seats[0].core().view().invitations.is_empty());
    world.unwilling = None;
    world.pass(61_000);
    assert_eq!(invited(&world), before + 1);
    assert_eq!(world.seats[0].core().view().invitations.len(), 1);
}

/// What is not there cannot be ended, and would be good once it came.
#[test]
fn a_right_is_ended_only_once_it_was_given() {
    let mut world = seated(2, 976);
    let asked = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let note = asked.clone();
    world.unwilling = Some(Box::new(move |op| {
        let Op::Grant { mailboxes, .. } = op else {
            return None;
        };
        note.borrow_mut().push(*mailboxes);
        (note.borrow().len() < 10).then_some(Refusal::Busy)
    }));
    let expires = world.now.plus_ms(1_000);
    world.command(0, Command::Invite { side: 0, expires });
    world.pass(3_600_000);
    let given = [8; 10].as_slice();
    assert_eq!(
        *asked.borrow(),
        [given, &[0]].concat(),
        "long after its end"
    );
}

#[test]
fn an_interpreter_sits_beside_its_side_and_speaks_as_one() {
    let mut world = seated(4, 962);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::InviteInterpreter { side: 0, expires });
    assert_eq!(parsed(&world).role, Role::Interpreter(SideId(0)));
    world.seats.push(Seat::new(962_005));
    let join = Command::Join {
        invitation: invitation(&world),
        name: "Between us".into(),
    };
    world.command(5, join);
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    vouch(&mut world, 1, 5, request);
    world.pass(10_000);
    say(&mut world, 5, Place::Plenary, "in other words");
    let interpreter = Role::Interpreter(SideId(0));
    for seat in 0..6 {
        let room = world.seats[seat].core().view().plenary.unwrap();
        assert_eq!(room.messages.last().unwrap().role, interpreter);
        let sits = room.seats.iter().find(|one| one.name == "Between us");
        assert_eq!(sits.unwrap().role, interpreter);
    }
    assert!(world.seats[5].core().view().caucus.is_none());
    let now = world.now;
    let convenes = world.seats[5].command(Command::Invite { side: 0, expires }, now);
    assert_eq!(convenes, Err(Refused::OnlyConvenor));
    assert_agreed(&world);
}

/// An invitation for side 0, and a convenor who seats its holder on side 1.
#[test]
fn a_newcomer_does_not_sit_where_it_did_not_ask_to() {
    let mut world = seated(2, 963);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let mut other = parsed(&world);
    other.role = Role::Side(SideId(1));
    world.seats.push(Seat::new(963_003));
    let join = Command::Join {
        invitation: other.to_text(),
        name: "Elsewhere".into(),
    };
    world.command(3, join);
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    vouch(&mut world, 1, 3, request);
    world.pass(10_000);
    let view = world.seats[3].core().view();
    assert!(view.plenary.is_none());
    assert_eq!(view.declined, Some(participant::Declined::Damaged));
}

fn relay(port: u16) -> RelayAddress {
    RelayAddress {
        port,
        ..World::new(1, 1).relay()
    }
}

#[test]
fn the_relays_of_an_invitation_are_tried_in_their_order() {
    let ports = [7, 5, 6];
    let world = World::new(1, 964);
    let invitation = Invitation {
        relays: Relays::parse(ports.map(relay).to_vec()).unwrap(),
        grant: GrantSecret::new([1; 32]),
        mailbox: MailboxId::new([2; 32]),
        secret: [3; 32].into(),
        role: Role::Side(SideId(0)),
        expires: world.now.plus_ms(1_000),
    };
    let mut newcomer = Seat::new(964_001);
    let (mailbox, now) = (invitation.mailbox, world.now);
    let join = Command::Join {
        invitation: invitation.to_text(),
        name: "Patient".into(),
    };
    newcomer.command(join, now).unwrap();
    let tried = |seat: &Seat| seat.core().subscriptions()[0].relay.port;
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(tried(&newcomer));
        newcomer.input(Input::Lost { mailbox }, now);
    }
    assert_eq!(seen, [7, 5, 6, 7]);
    newcomer.crash();
    newcomer.start();
    assert_eq!(tried(&newcomer), 7, "the vault keeps all of them");
}

#[test]
fn whoever_asks_without_end_by_one_invitation_is_answered_a_few_times() {
    let mut world = seated(2, 965);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let text = invitation(&world);
    let before = world.seats[0].sent;
    for seat in 0..40 {
        world.seats.push(Seat::new(965_010 + seat));
        let join = Command::Join {
            invitation: text.clone(),
            name: format!("Nobody {seat}"),
        };
        let at = world.seats.len() - 1;
        world.command(at, join);
    }
    let most = u64::from(participant::limits::DECLINED_REQUESTS);
    assert!(world.seats[0].sent - before <= most);
    // The first one is seated all the same.
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    vouch(&mut world, 1, 3, request);
    world.pass(10_000);
    assert!(world.seats[3].core().view().plenary.is_some());
    say(&mut world, 3, Place::Plenary, "I was first");
    assert_eq!(read(&world, 1, Place::Plenary), ["I was first"]);
    let view = world.seats[0].core().view();
    assert!(!view.alarms.contains(&Alarm::RelayFull));
}

/// The convenor's own clock is an hour behind: what counts is when the request stood in the log.
#[test]
fn an_invitations_time_is_over_by_the_logs_time() {
    let mut world = seated(2, 966);
    let expires = world.now.plus_ms(60_000);
    world.command(0, Command::Invite { side: 0, expires });
    let text = invitation(&world);
    world.seats.push(Seat::new(966_003));
    let mut late = Invitation::parse(&text).ok().unwrap();
    late.expires = world.now.plus_ms(9_000_000);
    world.seats[0].offline = true;
    world.seats[0].disconnect();
    let early = world.now;
    world.pass(120_000);
    let join = Command::Join {
        invitation: late.to_text(),
        name: "Late".into(),
    };
    world.command(3, join);
    let log = world.host.logs[&late.mailbox].clone();
    for entry in log {
        let mailbox = late.mailbox;
        world.seats[0].input(Input::Log { mailbox, entry }, early);
    }
    assert!(world.seats[0].core().view().requests.is_empty());
    world.seats[0].offline = false;
    world.pass(1_000);
    let declined = world.seats[3].core().view().declined;
    assert_eq!(declined, Some(participant::Declined::Expired));
}

#[test]
fn whoever_was_removed_makes_no_mailbox_by_its_invitation() {
    let mut world = seated(4, 972);
    let grant = parsed(&world).grant;
    let make = |world: &mut World, number: u8| {
        let founder = FounderSecret::new([number; 32]).hash();
        let op = Op::Create {
            creation: CreationRight::Grant(grant.clone()),
            token: Token::new([number; 32]).hash(),
            founder,
        };
        let now = world.now;
        world.host.request(MailboxId::of(&founder), op, now)
    };
    world.pass(3_600_000);
    assert_eq!(make(&mut world, 210), Ok(0), "as long as it sits");
    world.unwilling = Some(Box::new(|op| {
        matches!(op, Op::Grant { .. }).then_some(Refusal::Busy)
    }));
    let seat = seat_id(&world, 4);
    world.command(0, Command::Remove { seat });
    world.pass(60_000);
    world.seats[0].crash();
    world.unwilling = None;
    world.seats[0].start();
    world.pass(60_000);
    assert_eq!(make(&mut world, 211), Err(Refusal::Quota));
    assert_eq!(make(&mut world, 210), Ok(0), "what was made stays");
    let sent = world.seats[0].sent;
    world.pass(3_600_000);
    assert_eq!(world.seats[0].sent, sent, "it is asked for once");
}

/// Whoever holds the invitation makes a mailbox by its right.
fn make_by(world: &mut World, grant: &GrantSecret, number: u8) -> Result<u64, Refusal> {
    let founder = FounderSecret::new([number; 32]).hash();
    let op = Op::Create {
        creation: CreationRight::Grant(grant.clone()),
        token: Token::new([number; 32]).hash(),
        founder,
    };
    let now = world.now;
    world.host.request(MailboxId::of(&founder), op, now)
}

#[test]
fn an_invitation_that_expired_unused_makes_no_mailbox() {
    let mut world = seated(2, 973);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let found = parsed(&world);
    world.pass(3_600_000);
    assert_eq!(make_by(&mut world, &found.grant, 210), Ok(0), "in its time");
    world.pass(61_000);
    assert_eq!(make_by(&mut world, &found.grant, 211), Err(Refusal::Quota));
    assert_eq!(writes_by(&mut world, &found, 1), Err(Refusal::Unauthorised));
    let sent = world.seats[0].sent;
    world.pass(3_600_000);
    assert_eq!(world.seats[0].sent, sent, "it is asked for once");
}

fn writes_by(world: &mut World, invitation: &Invitation, content: u8) -> Result<u64, Refusal> {
    let op = Op::Append {
        token: invitation.token(),
        bytes: vec![content; 1024],
    };
    let now = world.now;
    world.host.request(invitation.mailbox, op, now)
}

/// A newcomer may read its answer long after that.
#[test]
fn an_invitation_that_was_answered_writes_nothing_and_its_answer_is_read() {
    let mut world = seated(2, 975);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let found = parsed(&world);
    let text = invitation(&world);
    world.seats.push(Seat::new(975_003));
    let join = Command::Join {
        invitation: text,
        name: "Patient".into(),
    };
    world.command(3, join);
    assert_eq!(writes_by(&mut world, &found, 2), Ok(1), "while it is open");
    let request = asked(&world);
    let words = words_of(&world, 3);
    world.seats[3].crash();
    world.command(0, Command::Approve { request });
    world.command(1, Command::Vouch { request, words });
    world.pass(86_400_000);
    assert_eq!(writes_by(&mut world, &found, 3), Err(Refusal::Unauthorised));
    world.seats[3].start();
    world.pass(10_000);
    assert!(world.seats[3].core().view().plenary.is_some());
    say(&mut world, 3, Place::Plenary, "here at last");
    assert_eq!(read(&world, 1, Place::Plenary), ["here at last"]);
}

/// Its convenor's program was away when its time was over, and somebody had asked before, or nobody.
#[test]
fn an_invitation_ends_for_nobody_who_asked_in_its_time() {
    for asks in [true, false] {
        let mut world = seated(2, 974);
        let expires = world.now.plus_ms(60_000);
        world.command(0, Command::Invite { side: 0, expires });
        let grant = parsed(&world).grant;
        let text = invitation(&world);
        world.seats[0].crash();
        if asks {
            world.seats.push(Seat::new(974_003));
            let join = Command::Join {
                invitation: text,
                name: "In time".into(),
            };
            world.command(3, join);
        }
        world.pass(600_000);
        let open = make_by(&mut world, &grant, 212);
        assert_eq!(open, Ok(0), "nobody was there to end it");
        world.seats[0].start();
        world.pass(600_000);
        let made = make_by(&mut world, &grant, 213);
        assert_eq!(made.is_ok(), asks, "{made:?}");
    }
}

/// Whoever holds the invitation leads its mailbox to a token of its own.
fn rotates_away(world: &mut World, invitation: &Invitation, next: u8) -> Result<u64, Refusal> {
    let op = Op::Rotate {
        token: invitation.token(),
        bytes: vec![next; 1024],
        next: Token::new([next; 32]).hash(),
        founder: None,
    };
    let now = world.now;
    world.host.request(invitation.mailbox, op, now)
}

fn writes_with(world: &mut World, invitation: &Invitation, token: u8) -> Result<u64, Refusal> {
    let op = Op::Append {
        token: Token::new([token; 32]),
        bytes: vec![token; 1024],
    };
    let now = world.now;
    world.host.request(invitation.mailbox, op, now)
}

/// The convenor's program is there meanwhile, or away, or away until long after.
#[test]
fn whoever_rotates_an_invitation_away_keeps_no_right_of_it() {
    for (seed, away, back) in [(976, false, false), (977, true, false), (978, true, true)] {
        let mut world = seated(2, seed);
        let expires = world.now.plus_ms(600_000);
        world.command(0, Command::Invite { side: 0, expires });
        let found = parsed(&world);
        if away {
            world.seats[0].crash();
        }
        world.pass(60_000);
        assert_eq!(rotates_away(&mut world, &found, 77), Ok(0));
        if away && !back {
            world.seats[0].start();
        }
        world.pass(601_000);
        if back {
            world.pass(600_000);
            world.seats[0].start();
        }
        world.pass(61_000);
        assert_eq!(make_by(&mut world, &found.grant, 214), Err(Refusal::Quota));
        let theirs = writes_with(&mut world, &found, 77);
        assert_eq!(theirs, Err(Refusal::Unauthorised), "it is closed");
        assert_eq!(writes_by(&mut world, &found, 4), Err(Refusal::Unauthorised));
        let sent = world.seats[0].sent;
        world.seats[0].crash();
        world.seats[0].start();
        world.pass(3_600_000);
        assert!(world.seats[0].sent - sent < 4, "it is asked for once");
    }
}

/// Somebody asks for a seat of side 0 by an invitation. Returns it, and the request.
fn somebody_asks(seed: u64, name: &str) -> (World, Invitation, [u8; 32]) {
    let mut world = seated(2, seed);
    let expires = world.now.plus_ms(3_600_000);
    world.command(0, Command::Invite { side: 0, expires });
    let found = parsed(&world);
    let invitation = invitation(&world);
    world.seats.push(Seat::new(seed * 1_000 + 3));
    let name = name.to_owned();
    world.command(3, Command::Join { invitation, name });
    let request = asked(&world);
    (world, found, request)
}

#[test]
fn whoever_rotates_an_invitation_away_after_asking_is_answered_and_loses_its_right_with_its_seat() {
    let (mut world, found, request) = somebody_asks(979, "Turns");
    let words = words_of(&world, 3);
    assert_eq!(rotates_away(&mut world, &found, 78), Ok(1));
    world.command(0, Command::Approve { request });
    world.command(1, Command::Vouch { request, words });
    world.pass(60_000);
    assert!(world.seats[3].core().view().plenary.is_some(), "answered");
    let theirs = writes_with(&mut world, &found, 78);
    assert_eq!(theirs, Err(Refusal::Unauthorised));
    let seat = seat_id(&world, 3);
    world.command(0, Command::Remove { seat });
    world.pass(60_000);
    assert_eq!(make_by(&mut world, &found.grant, 215), Err(Refusal::Quota));
}

/// The answer itself never comes to stand.
#[test]
fn a_right_ends_with_its_seat_though_its_answer_is_never_taken() {
    let (mut world, found, request) = somebody_asks(980, "Unheard");
    world.host.no_rotations = Some(found.mailbox);
    world.command(0, Command::Approve { request });
    vouch(&mut world, 1, 3, request);
    world.pass(60_000);
    assert!(world.seats[3].core().view().plenary.is_none());
    let seats = world.seats[0].core().view().plenary.unwrap().seats;
    let seat = seats.iter().find(|one| one.name == "Unheard").unwrap().seat;
    world.command(0, Command::Remove { seat });
    world.pass(60_000);
    assert_eq!(make_by(&mut world, &found.grant, 216), Err(Refusal::Quota));
}

/// The relay has no place for another mailbox but that of one that nobody ever wrote to.
fn give_way(world: &mut World, number: u8) {
    world.host.limit(Quotas {
        mailboxes: 1,
        unused_ms: 0,
        ..Quotas::default()
    });
    let founder = FounderSecret::new([number; 32]).hash();
    let op = Op::Create {
        creation: CreationRight::Relay(CreationSecret::new([9; 32])),
        token: Token::new([number; 32]).hash(),
        founder,
    };
    let mailbox = MailboxId::of(&founder);
    world.host.request(mailbox, op, world.now).unwrap();
    world.host.limit(Quotas::default());
}

#[test]
fn an_invitation_whose_mailbox_gave_way_is_used_all_the_same() {
    let mut world = seated(4, 970);
    let expires = world.now.plus_ms(86_400_000);
    world.command(0, Command::Invite { side: 0, expires });
    let text = invitation(&world);
    let Invitation { mailbox, .. } = parsed(&world);
    let token = parsed(&world).token();
    give_way(&mut world, 200);
    assert!(!world.host.admits(&mailbox, &token, 0));
    world.pass(61_000);
    assert!(world.host.admits(&mailbox, &token, 0), "it was made again");
    world.seats.push(Seat::new(970_005));
    let join = Command::Join {
        invitation: text,
        name: "Newcomer".into(),
    };
    world.command(5, join);
    world.pass(61_000);
    assert_eq!(world.seats[0].core().view().requests.len(), 1);
}

#[test]
fn a_caucus_that_gave_way_is_made_again_by_its_founder() {
    let mut world = seated(2, 971);
    for (seat, number) in [(1, 201), (2, 202)] {
        let caucus = world.seats[seat].core().room_mailbox(Place::Caucus);
        let log = world.host.logs.get(&caucus.unwrap());
        assert!(log.is_none_or(Vec::is_empty), "nobody else was there");
        give_way(&mut world, number);
    }
    world.pass(61_000);
    world.seats.push(Seat::new(971_003));
    join(&mut world, 3);
    world.pass(61_000);
    say(&mut world, 3, Place::Caucus, "here I am");
    world.pass(1_000);
    assert_eq!(read(&world, 1, Place::Caucus), ["here I am"]);
}

/// Somebody asks by each of two invitations under one name; the convenor approves the request of its own
/// second vault, and the voucher hears the words of the person whom it knows.
#[test]
fn nobody_vouches_for_another_request_under_the_same_name() {
    let mut world = seated(4, 966);
    let expires = world.now.plus_ms(3_600_000);
    for (at, seed) in [(5, 966_005), (6, 966_006)] {
        world.command(0, Command::Invite { side: 0, expires });
        world.seats.push(Seat::new(seed));
        let join = Command::Join {
            invitation: invitation(&world),
            name: "Bob".into(),
        };
        world.command(at, join);
    }
    let request = asked(&world);
    world.command(0, Command::Approve { request });
    let heard = words_of(&world, 5);
    let shown = world.seats[1].core().view().approved;
    let lines: Vec<String> = shown[0].word_lines.iter().map(|l| l.join(" ")).collect();
    assert!(lines.contains(&words_of(&world, 6)));
    assert!(!lines.contains(&heard));
    let now = world.now;
    let words = heard.clone();
    let vouches = Command::Vouch { request, words };
    let vouched = world.seats[1].command(vouches, now);
    assert_eq!(vouched, Err(Refused::OtherWords));
    world.pass(10_000);
    assert!(world.seats[6].core().view().plenary.is_none());
}
