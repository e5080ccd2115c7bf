//! The loopback server: one listener, the routes, and its end.
//! Must never listen on anything but loopback.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{Router, middleware, routing::get, serve::ListenerExt as _};
use tokio::{net::TcpListener, sync::watch};

use super::{
    Hours, Words, assets,
    desk::Desk,
    gate::Gate,
    guard,
    once::Once,
    routes,
    streams::Streams,
    view::{Shown, Standing},
};

/// How the pages are served.
#[derive(Clone, Copy, Debug, Default)]
pub struct PagesConfig {
    /// A fixed port, or a random one.
    pub port: Option<u16>,
    /// Whether `127.0.0.1` is a host as well, for browsers that do not resolve `NAME.localhost`.
    pub numeric_host: bool,
}

/// What every page needs.
pub struct Site {
    pub(super) gate: Gate,
    pub(super) words: Words,
    pub(super) hours: Hours,
    pub(super) shown: watch::Receiver<Arc<Shown>>,
    pub(super) desk: Arc<dyn Desk>,
    pub(super) streams: Streams,
    pub(super) once: Once,
    pub(super) ending: watch::Receiver<bool>,
}

/// The running server.
pub struct Pages {
    site: Arc<Site>,
    address: SocketAddr,
    end: watch::Sender<bool>,
    served: tokio::task::JoinHandle<io::Result<()>>,
}

impl Pages {
    /// Binds and serves; what is shown follows `shown`, what is wished goes to `desk`.
    ///
    /// # Errors
    /// Where the port is taken, or the system has no randomness.
    pub async fn start(
        config: PagesConfig,
        shown: watch::Receiver<Arc<Shown>>,
        hours: Hours,
        desk: Arc<dyn Desk>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port.unwrap_or(0))).await?;
        let address = listener.local_addr()?;
        let (end, ending) = watch::channel(false);
        let gate = Gate::new(address.port(), config.numeric_host).map_err(io::Error::other)?;
        let site = Arc::new(Site {
            gate,
            words: Words::english(),
            hours,
            shown,
            desk,
            streams: Streams::default(),
            once: Once::default(),
            ending: ending.clone(),
        });
        tokio::spawn(forget_when_closed(site.clone()));
        let served = tokio::spawn(serve(listener, router(site.clone()), ending));
        Ok(Self {
            site,
            address,
            end,
            served,
        })
    }

    /// A URL that opens the pages once, in one browser.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn launch_url(&self) -> io::Result<String> {
        self.site.gate.launch_url().map_err(io::Error::other)
    }

    /// Tells whenever a launch URL was used.
    pub fn launches(&self) -> watch::Receiver<u64> {
        self.site.gate.used()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    #[cfg(test)]
    pub(super) fn streams(&self) -> usize {
        self.site.streams.count()
    }

    /// Ends all streams, then the server.
    pub async fn stop(self) {
        self.end.send_replace(true);
        // It ended by itself where this is an error: there is nothing left to stop.
        let _ = self.served.await;
    }
}

/// What was answered while the vault was open is not kept when it closes.
async fn forget_when_closed(site: Arc<Site>) {
    let (mut shown, mut ending) = (site.shown.clone(), site.ending.clone());
    loop {
        tokio::select! {
            changed = shown.changed() => match changed {
                Ok(()) if shown.borrow_and_update().standing != Standing::Open => site.once.forget(),
                Ok(()) => {}
                Err(_) => return,
            },
            // An error means that the owner is gone: the same end.
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

async fn serve(
    listener: TcpListener,
    router: Router,
    mut ending: watch::Receiver<bool>,
) -> io::Result<()> {
    let ended = async move {
        // An error means that the owner is gone: the same end.
        let _ = ending.wait_for(|end| *end).await;
    };
    // An event must not wait for the acknowledgement of the one before it.
    let listener = listener.tap_io(|stream| {
        // A connection without it is slower, and works.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router)
        .with_graceful_shutdown(ended)
        .await
}

fn router(site: Arc<Site>) -> Router {
    let opened = routes::inside().layer(middleware::from_fn_with_state(
        site.clone(),
        guard::check_open,
    ));
    let inside = routes::at_the_door()
        .merge(opened)
        .layer(middleware::from_fn_with_state(
            site.clone(),
            guard::check_session,
        ));
    Router::new()
        .route("/launch/{token}", get(guard::launch))
        .route("/tracktwo.css", get(assets::style))
        .merge(inside)
        .layer(middleware::from_fn_with_state(
            site.clone(),
            guard::check_place,
        ))
        .with_state(site)
}
