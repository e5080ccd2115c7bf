//! Members: with the drawn bytes of a file, whoever is honest says every byte that stands in its log.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use round::{Collection, Contributor, Message, Payload, Said};
use serde_json::Value;

use super::files::{File, bytes, folder, number};
use super::logs::{begin, entry, is_of_the_log, list};

/// Deals the bytes that a file lists, draw by draw.
struct Dealt(VecDeque<Vec<u8>>);

impl TryRng for Dealt {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        panic!("a member draws bytes alone")
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        panic!("a member draws bytes alone")
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.copy_from_slice(&self.0.pop_front().expect("a draw that the file lists"));
        Ok(())
    }
}

impl TryCryptoRng for Dealt {}

struct Seat {
    leaf: u32,
    payloads: Vec<Option<String>>,
    rng: Dealt,
    contributor: Option<Contributor>,
    /// Said, and not yet in the log.
    said: VecDeque<Message>,
}

impl Seat {
    fn of(member: &Value) -> Self {
        let draws = list(&member["draws"]).iter().map(bytes).collect();
        let payloads = list(&member["payloads"]).iter();
        Self {
            leaf: number(&member["leaf"]),
            payloads: payloads
                .map(|text| text.as_str().map(String::from))
                .collect(),
            rng: Dealt(draws),
            contributor: None,
            said: VecDeque::new(),
        }
    }

    /// Joins a run that the file goes on to play.
    fn join(&mut self, fold: &Collection) {
        let (_, sequence) = fold.of_leaf(self.leaf).unwrap();
        if self.rng.0.is_empty() {
            return;
        }
        if let Ok((contributor, join)) = Contributor::join(sequence, self.leaf, &mut self.rng) {
            self.contributor = Some(contributor);
            self.said = VecDeque::from([join]);
        }
    }

    fn look(&mut self, fold: &Collection) {
        let (_, sequence) = fold.of_leaf(self.leaf).unwrap();
        let Some(contributor) = &mut self.contributor else {
            return;
        };
        if sequence.ctx_r() != contributor.ctx_r() && !sequence.is_over() {
            return self.join(fold);
        }
        let slot_bytes = sequence.terms().slot_bytes;
        let payload = |text: &Option<String>| match text {
            Some(text) => Payload::text(text, slot_bytes).unwrap(),
            None => Payload::blank(slot_bytes),
        };
        let mut payloads = || self.payloads.iter().map(payload).collect();
        match contributor.next(sequence, &mut payloads, &mut self.rng) {
            Some(Said::Message(message) | Said::Reveal(message)) => self.said.push_back(message),
            Some(Said::Release(share)) => self.said.push_back(share.message()),
            None => {}
        }
    }
}

fn is_contribution(message: &Message) -> bool {
    match message {
        Message::Join(_)
        | Message::Kem(_)
        | Message::Slot(_)
        | Message::Dc(_)
        | Message::Go(_)
        | Message::Nogo(_)
        | Message::Release(_)
        | Message::Reveal(_) => true,
        Message::Close(_) | Message::Leave(_) | Message::GiveUp(_) => false,
    }
}

#[test]
fn whoever_is_honest_says_every_byte_of_its_part_in_a_log() {
    let mut compared = 0;
    for File { path, content } in folder("run").into_iter().chain(folder("blame")) {
        let mut fold = begin(&content);
        let honest = list(&content["members"])
            .iter()
            .filter(|m| m["honest"] == true);
        let mut seats: BTreeMap<u32, Seat> =
            honest.map(Seat::of).map(|seat| (seat.leaf, seat)).collect();
        seats.values_mut().for_each(|seat| seat.join(&fold));
        for (at, value) in list(&content["log"]).iter().enumerate() {
            if is_of_the_log(&mut fold, value) {
                continue;
            }
            let (place, message) = entry(value);
            let seat = place.from.and_then(|leaf| seats.get_mut(&leaf));
            if let (Some(seat), true) = (seat, is_contribution(&message)) {
                // A share that came before the gate was open is said again.
                let again = value["verdict"]["void"] == "early";
                let due = match again {
                    true => seat.said.front().cloned(),
                    false => seat.said.pop_front(),
                };
                assert_eq!(due.as_ref(), Some(&message), "{path}, entry {at}");
                compared += 1;
            }
            let _ = fold.apply(place, message);
            seats.values_mut().for_each(|seat| seat.look(&fold));
        }
        for seat in seats.values() {
            assert!(
                seat.said.is_empty(),
                "{path}: {} has more to say",
                seat.leaf
            );
            assert!(
                seat.rng.0.is_empty(),
                "{path}: {} has more to draw",
                seat.leaf
            );
        }
    }
    assert!(compared > 150);
}
