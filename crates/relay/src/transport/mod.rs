//! The network's side: TCP, TLS 1.3, WebSocket. One task a connection; it decides nothing.

mod connection;
mod following;
mod identity;
mod places;
mod proof;

pub(crate) use identity::{ADVICE, Identity, IdentityError};

use crate::bounds::Bounds;
use crate::counts::Counters;
use crate::log::Job;
use crate::store::Store;
use places::Places;
use proof::Proof;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio_rustls::TlsAcceptor;

/// After the system refused a connection (too many open files), the next try waits this long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What all connections share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) jobs: mpsc::Sender<Job>,
    pub(crate) counters: Arc<Counters>,
    /// The waiting room of the log, in bytes.
    pub(crate) room: Arc<Semaphore>,
    /// Turns true when the relay stops.
    pub(crate) stopping: watch::Receiver<bool>,
    pub(crate) bounds: Bounds,
}

/// Accepts connections until the relay stops.
pub(crate) async fn serve(listener: TcpListener, tls: TlsAcceptor, shared: Shared) {
    let places = Places::new(&shared.bounds);
    let mut stopping = shared.stopping.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => return,
        };
        let Ok((tcp, from)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Without a place left the connection is dropped: a crowd must not exhaust the relay's memory.
        let Some(place) = places.take(from.ip()) else {
            continue;
        };
        let (tls, shared) = (tls.clone(), shared.clone());
        let proof = Proof::new(place, shared.bounds.large_frame);
        tokio::spawn(serve_one(tcp, tls, shared, proof));
    }
}

async fn serve_one(tcp: TcpStream, tls: TlsAcceptor, shared: Shared, proof: Arc<Proof>) {
    let counters = shared.counters.clone();
    counters.connections.add_one();
    let mut stopping = shared.stopping.clone();
    tokio::select! {
        served = connection::serve(tcp, tls, shared, proof) => {
            if served.is_err() {
                counters.damaged.add_one();
            }
        }
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    counters.connections.take_one();
}
