//! The relay that a convenor's program runs for its own dialogue, inside the same process.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use node::hosting::{HostedRelay, RelayHost};
use relay::{RelayConfig, RelayHandle};
use wire::{CreationSecret, Fingerprint};

/// Starts it.
pub struct OwnRelay;

/// One that runs.
struct Running(RelayHandle);

impl RelayHost for OwnRelay {
    fn host(&self, listen: SocketAddr, folder: &Path) -> io::Result<Box<dyn HostedRelay>> {
        let data = folder.to_owned();
        let handle = relay::start(RelayConfig { listen, data }).map_err(io::Error::other)?;
        Ok(Box::new(Running(handle)))
    }
}

impl HostedRelay for Running {
    fn listens(&self) -> SocketAddr {
        self.0.address()
    }

    fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint()
    }

    fn creation_secret(&self) -> CreationSecret {
        self.0.creation_secret()
    }
}
