//! Who has a place: connections are counted by where they come from, until they end. An address is kept as
//! long as a connection of it stands, and told to nobody.

use crate::bounds::{Bounds, Crowd};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where connections come from, as far as it can be told apart: whoever has one IPv6 address has 2^64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Origin(IpAddr);

impl Origin {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(IpAddr::V4(address)),
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                Self(IpAddr::V6(Ipv6Addr::from(network)))
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    connections: usize,
    unproven: usize,
    large: usize,
}

#[derive(Debug, Default)]
struct Book {
    all: Taken,
    of: BTreeMap<Origin, Taken>,
}

/// The places of a relay.
#[derive(Debug)]
pub(super) struct Places {
    connections: Crowd,
    unproven: Crowd,
    large: Crowd,
    /// Of them, for those who follow a mailbox.
    kept_large: Crowd,
    book: Mutex<Book>,
}

/// The place of one connection. It is given back when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    origin: Origin,
    proven: bool,
    /// It is in the middle of a large frame.
    large: bool,
}

impl Places {
    pub(super) fn new(bounds: &Bounds) -> Arc<Self> {
        Arc::new(Self {
            connections: bounds.connections,
            unproven: bounds.unproven,
            large: bounds.large_frames,
            kept_large: bounds.kept_large_frames,
            book: Mutex::default(),
        })
    }

    /// A place for a connection that has shown nothing yet, if there is one.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let origin = Origin::of(address);
        let mut book = self.open();
        let (all, of) = (book.all, book.of.get(&origin).copied().unwrap_or_default());
        let free = all.connections < self.connections.all
            && of.connections < self.connections.of_address
            && all.unproven < self.unproven.all
            && of.unproven < self.unproven.of_address;
        if !free {
            return None;
        }
        book.change(origin, |taken| {
            taken.connections = taken.connections.saturating_add(1);
            taken.unproven = taken.unproven.saturating_add(1);
        });
        Some(Place {
            places: self.clone(),
            origin,
            proven: false,
            large: false,
        })
    }

    fn open(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn change(&mut self, origin: Origin, with: impl Fn(&mut Taken)) {
        with(&mut self.all);
        let of = self.of.entry(origin).or_default();
        with(of);
        if of.connections == 0 {
            self.of.remove(&origin);
        }
    }
}

impl Place {
    /// The connection has shown a right; it makes room for another one that has not.
    pub(super) fn prove(&mut self) {
        if !self.proven {
            self.proven = true;
            let give_back = |taken: &mut Taken| taken.unproven = taken.unproven.saturating_sub(1);
            self.places.open().change(self.origin, give_back);
        }
    }
}

impl Place {
    /// A large frame begins, if there is a place for it.
    pub(super) fn begin_large(&mut self, follows: bool) -> bool {
        if self.large {
            return true;
        }
        let mut book = self.places.open();
        let of = book.of.get(&self.origin).copied().unwrap_or_default();
        let crowd = match follows {
            true => self.places.large,
            false => self.places.large.without(&self.places.kept_large),
        };
        if book.all.large >= crowd.all || of.large >= crowd.of_address {
            return false;
        }
        book.change(self.origin, |taken| {
            taken.large = taken.large.saturating_add(1)
        });
        self.large = true;
        true
    }

    /// The frame has come in whole.
    pub(super) fn end_large(&mut self) {
        if self.large {
            self.large = false;
            let give_back = |taken: &mut Taken| taken.large = taken.large.saturating_sub(1);
            self.places.open().change(self.origin, give_back);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.prove();
        self.end_large();
        let give_back = |taken: &mut Taken| taken.connections = taken.connections.saturating_sub(1);
        self.places.open().change(self.origin, give_back);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Arc<Places> {
        Places::new(&Bounds {
            connections: Crowd {
                all: 5,
                of_address: 3,
            },
            unproven: Crowd {
                all: 3,
                of_address: 2,
            },
            large_frames: Crowd {
                all: 3,
                of_address: 2,
            },
            kept_large_frames: Crowd {
                all: 1,
                of_address: 1,
            },
            ..Bounds::default()
        })
    }

    impl Places {
        fn take_proven(self: &Arc<Self>, address: &str) -> Place {
            let mut place = self.take(at(address)).unwrap();
            place.prove();
            place
        }
    }

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn one_address_takes_so_many_places_and_leaves_the_others() {
        let places = places();
        let mut held = Vec::new();
        for _ in 0..3 {
            let mut place = places.take(at("192.0.2.1")).unwrap();
            place.prove();
            held.push(place);
        }
        assert!(places.take(at("192.0.2.1")).is_none());
        assert!(places.take(at("::ffff:192.0.2.1")).is_none());
        let mut other = places.take(at("192.0.2.2")).unwrap();
        other.prove();
        held.pop();
        held.push(places.take(at("192.0.2.1")).unwrap());
        held.push(places.take(at("192.0.2.3")).unwrap());
        assert!(places.take(at("192.0.2.4")).is_none(), "all are taken");
    }

    #[test]
    fn whoever_shows_no_right_takes_fewer_places() {
        let places = places();
        let first = places.take(at("192.0.2.1")).unwrap();
        let mut second = places.take(at("192.0.2.1")).unwrap();
        assert!(places.take(at("192.0.2.1")).is_none());
        second.prove();
        second.prove();
        let third = places.take(at("192.0.2.1"));
        assert!(third.is_some());
        let fourth = places.take(at("192.0.2.2"));
        assert!(fourth.is_some());
        assert!(places.take(at("192.0.2.3")).is_none(), "three of all");
        drop((first, second, third, fourth));
        assert!(places.open().of.is_empty(), "no address is kept");
        assert_eq!(places.open().all.connections, 0);
        assert_eq!(places.open().all.unproven, 0);
    }

    #[test]
    fn so_many_are_in_the_middle_of_a_large_frame() {
        let places = places();
        let [mut first, mut second, mut third] =
            ["192.0.2.1"; 3].map(|address| places.take_proven(address));
        assert!(first.begin_large(true) && first.begin_large(true) && second.begin_large(true));
        assert!(!third.begin_large(true), "two of one address");
        let mut other = places.take_proven("192.0.2.2");
        assert!(other.begin_large(true));
        second.end_large();
        second.end_large();
        assert!(third.begin_large(true));
        let mut last = places.take_proven("192.0.2.3");
        assert!(!last.begin_large(true), "three of all");
        drop(first);
        assert!(last.begin_large(true));
        drop((second, third, other, last));
        assert_eq!(places.open().all.large, 0);
        assert!(places.open().of.is_empty());
    }

    #[test]
    fn some_places_for_large_frames_are_kept_for_those_who_follow_a_mailbox() {
        let places = places();
        let addresses = ["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.3"];
        let [mut first, mut second, mut third, mut last] =
            addresses.map(|address| places.take_proven(address));
        assert!(first.begin_large(false));
        assert!(!second.begin_large(false), "one of the address is kept");
        assert!(second.begin_large(true));
        assert!(!third.begin_large(false), "one of all is kept");
        assert!(third.begin_large(true));
        assert!(!last.begin_large(true));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let places = places();
        let first = places.take(at("2001:db8:0:1::1"));
        let second = places.take(at("2001:db8:0:1:ffff::2"));
        assert!(first.is_some() && second.is_some());
        assert!(places.take(at("2001:db8:0:1::3")).is_none());
        assert!(places.take(at("2001:db8:0:2::3")).is_some());
    }
}
