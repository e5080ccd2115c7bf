//! What a coalition sees of one run under given secrets: the code's own arithmetic over any field and
//! any source of pads.

use zeroize::Zeroizing;

use super::scene::{End, Mutant, Scene, ShownSums};
use super::view::View;
use crate::field::Residue;
use crate::pads::{add_pad, powers};
use crate::roots::solve;
use crate::slot::{OwnSlot, rank};

/// The pads of one pair in one lane as one of the two applies them, wherever they come from.
pub(super) trait Pads<const P: u64> {
    fn pad_sums(&self, sums: &mut [Residue<P>]);
    fn pad_vector(&self, vector: &mut [u8]);
}

/// SLOT: the powers of a tag under pads.
pub(super) fn padded_sums<const P: u64, S: Pads<P>>(
    tag: Residue<P>,
    n: usize,
    pads: impl Iterator<Item = S>,
) -> Vec<Residue<P>> {
    let mut sums = powers(tag, n as u16);
    pads.for_each(|pad| pad.pad_sums(&mut sums));
    sums
}

/// DC: a sealed payload in its slot under pads.
pub(super) fn padded_vector<const P: u64, S: Pads<P>>(
    own: &OwnSlot,
    length: usize,
    pads: impl Iterator<Item = S>,
) -> Vec<u8> {
    let mut vector = vec![0; length];
    own.write(&mut vector);
    pads.for_each(|pad| pad.pad_vector(&mut vector));
    vector
}

/// Pads that are counted through instead of drawn.
struct Counted<'a> {
    /// The lower index adds, the higher subtracts.
    adds: bool,
    words: &'a [u64],
    bytes: &'a [u64],
}

impl<const P: u64> Pads<P> for Counted<'_> {
    fn pad_sums(&self, sums: &mut [Residue<P>]) {
        let mut words = self.words.iter();
        add_pad(sums, self.adds, || Residue::reduce(*words.next().unwrap()));
    }

    fn pad_vector(&self, vector: &mut [u8]) {
        for (byte, pad) in vector.iter_mut().zip(self.bytes) {
            *byte ^= *pad as u8;
        }
    }
}

/// One run up to the slots.
pub(super) struct Run<'a, const P: u64> {
    scene: &'a Scene<P>,
    honest: Vec<(usize, usize)>,
    pairs: Vec<(usize, usize)>,
    tags: &'a [u64],
    words: &'a [u64],
    said: Vec<Vec<Residue<P>>>,
    slots: Vec<Option<u16>>,
}

/// The sealed payloads of those who have a slot, and what opens them.
pub(super) struct Sealed<'a> {
    /// Every DC in its turn: more than one by a mutant alone.
    rounds: Vec<Vec<Option<OwnSlot>>>,
    last_seals: &'a [u64],
}

impl<'a, const P: u64> Run<'a, P> {
    pub(super) fn new(scene: &'a Scene<P>, tags: &'a [u64], words: &'a [u64]) -> Self {
        let mut run = Self {
            scene,
            honest: scene.honest(),
            pairs: scene.pairs(),
            tags,
            words,
            said: Vec::new(),
            slots: Vec::new(),
        };
        let tag = |seat: usize| Residue::reduce(tags[seat]);
        let seats = 0..tags.len();
        let say = |seat| padded_sums(tag(seat), scene.n(), run.pads(seat, &[]));
        run.said = seats.clone().map(say).collect();
        let total: Vec<Residue<P>> = run.total().zip(&scene.sums).map(|(a, b)| a + *b).collect();
        let lane = solve(&total, |n| Residue::reduce(u64::from(n)));
        let slot = |seat: usize| {
            let rank = rank(lane.as_ref()?, tag(seat))?;
            let index = run.honest[seat].0 as u16;
            Some(if scene.does(Mutant::SlotsById) {
                index
            } else {
                rank
            })
        };
        run.slots = seats.map(slot).collect();
        run
    }

    /// What the SLOT messages of the honest add up to.
    fn total(&self) -> impl Iterator<Item = Residue<P>> + '_ {
        let said_of = |k| self.said.iter().map(move |said| said[k]);
        (0..self.scene.n()).map(move |k| said_of(k).fold(Residue::ZERO, |sum, said| sum + said))
    }

    fn pads<'b>(&'b self, seat: usize, bytes: &'b [u64]) -> impl Iterator<Item = Counted<'b>> {
        let n = self.scene.n();
        let pairs = self.pairs.iter().enumerate();
        let own = pairs.filter(move |(_, (a, b))| *a == seat || *b == seat);
        own.map(move |(at, (a, _))| Counted {
            adds: *a == seat,
            words: &self.words[at * n..(at + 1) * n],
            bytes: bytes.get(at * n..(at + 1) * n).unwrap_or(&[]),
        })
    }

    /// Whether no honest member sends a DC.
    pub(super) fn is_over(&self) -> bool {
        let before = matches!(self.scene.end, End::AfterKeys | End::AfterSlots);
        before || self.slots.iter().all(Option::is_none)
    }

    /// The view of a run that is over.
    pub(super) fn without_vectors(&self) -> View {
        let mut view = self.after_slots();
        self.reveal(&mut view, &[]);
        view
    }

    /// SLOT, and who says NOGO about it.
    fn after_slots(&self) -> View {
        let mut view = View::NOTHING;
        if self.scene.end == End::AfterKeys {
            return view;
        }
        match self.scene.shown {
            ShownSums::Each => view.see_all(self.said.iter().flatten().map(|sum| sum.value())),
            ShownSums::Total => view.see_all(self.total().map(Residue::value)),
        }
        if self.scene.end != End::AfterSlots {
            view.see_all(self.slots.iter().map(|slot| u64::from(slot.is_none())));
        }
        view
    }

    /// Everybody who has a slot seals its payload: once, or for every e that it draws.
    pub(super) fn seal(&self, payloads: &[u8], seals: &'a [u64]) -> Sealed<'a> {
        let own = |(seat, seal): (usize, &u64)| {
            let sealed = payloads[self.honest[seat].1] ^ *seal as u8;
            self.slots[seat].map(|slot| OwnSlot::new(slot, Zeroizing::new(vec![sealed])))
        };
        let by_seat = seals.chunks(self.honest.len());
        Sealed {
            rounds: by_seat
                .clone()
                .map(|seals| seals.iter().enumerate().map(own).collect())
                .collect(),
            last_seals: by_seat.last().unwrap_or(&[]),
        }
    }

    /// All that is seen of a run in which somebody sends a DC.
    pub(super) fn view(&self, sealed: &Sealed, bytes: &[u64]) -> View {
        let mut view = self.after_slots();
        let mut combined = Vec::new();
        for own in &sealed.rounds {
            combined.clone_from(&self.scene.flips);
            for (seat, own) in own
                .iter()
                .enumerate()
                .filter_map(|(s, own)| Some((s, own.as_ref()?)))
            {
                let vector = padded_vector::<P, _>(own, self.scene.n(), self.pads(seat, bytes));
                view.see_all(vector.iter().copied().map(u64::from));
                combined
                    .iter_mut()
                    .zip(vector)
                    .for_each(|(sum, byte)| *sum ^= byte);
            }
        }
        let everybody_has_a_slot = self.slots.iter().all(Option::is_some);
        if self.scene.end == End::AfterVectors || !everybody_has_a_slot {
            self.reveal(&mut view, bytes);
            return view;
        }
        let mut all_go = true;
        for own in sealed.rounds.last().into_iter().flatten().flatten() {
            let go = bool::from(own.is_intact(&combined));
            view.see(u64::from(go));
            all_go &= go;
        }
        if self.scene.end == End::Released && all_go {
            self.release(&mut view, sealed.last_seals);
        }
        self.reveal(&mut view, bytes);
        view
    }

    /// All shares: the e of every slot, in the order of slots.
    fn release(&self, view: &mut View, seals: &[u64]) {
        let mut by_slot: Vec<(&Option<u16>, &u64)> = self.slots.iter().zip(seals).collect();
        by_slot.sort_unstable();
        view.see_all(by_slot.into_iter().map(|(_, seal)| *seal));
    }

    /// What revealed roots show: tags, and every pad of those who show them.
    fn reveal(&self, view: &mut View, bytes: &[u64]) {
        let everybody: Vec<usize> = (0..self.honest.len()).collect();
        let revealed: &[usize] = match &self.scene.end {
            End::Revealed(seats) => seats,
            End::Released if self.scene.does(Mutant::RevealsAndReleases) => &everybody,
            End::AfterKeys
            | End::AfterSlots
            | End::AfterVectors
            | End::AfterVerdicts
            | End::Released => return,
        };
        view.see_all(revealed.iter().map(|seat| self.tags[*seat]));
        let n = self.scene.n();
        for (at, (a, b)) in self.pairs.iter().enumerate() {
            if revealed.contains(a) || revealed.contains(b) {
                if self.scene.shown == ShownSums::Each {
                    view.see_all(self.words[at * n..(at + 1) * n].iter().copied());
                }
                view.see_all(bytes.iter().skip(at * n).take(n).copied());
            }
        }
    }
}
