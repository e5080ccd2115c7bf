//! Who may see the pages: a launch token, once, for a session cookie.
//! Must never tell a wrong token from a used one, nor keep either longer than needed.

use std::{collections::VecDeque, sync::Mutex};

use data_encoding::BASE32_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::limits;

/// Hosts, launch tokens and sessions of one node.
pub struct Gate {
    /// `NAME.localhost:PORT`, and `127.0.0.1:PORT` where it was asked for.
    hosts: Vec<String>,
    /// Cookies ignore ports: with one name for all, a second node would end the first one's session.
    cookie: String,
    launches: Mutex<Secrets>,
    sessions: Mutex<Secrets>,
}

/// Secrets of one kind, the oldest first.
struct Secrets {
    kept: VecDeque<Zeroizing<String>>,
    most: usize,
}

impl Gate {
    /// A gate for this port; `numeric` also admits the address itself as a host.
    pub fn new(port: u16, numeric: bool) -> Result<Self, getrandom::Error> {
        let mut hosts = vec![format!("t{}.localhost:{port}", random_name()?)];
        if numeric {
            hosts.push(format!("127.0.0.1:{port}"));
        }
        Ok(Self {
            hosts,
            cookie: format!("t{}", random_name()?),
            launches: Mutex::new(Secrets::at_most(limits::LAUNCH_TOKENS)),
            sessions: Mutex::new(Secrets::at_most(limits::SESSIONS)),
        })
    }

    /// The node's own host, with its port.
    pub fn own_host(&self) -> &str {
        self.hosts.first().map_or("", String::as_str)
    }

    /// A URL that opens the pages once.
    pub fn launch_url(&self) -> Result<String, getrandom::Error> {
        let token = secret()?;
        let url = format!("http://{}/launch/{}", self.own_host(), *token);
        lock(&self.launches).keep(token);
        Ok(url)
    }

    /// Whether a `Host` header names this node.
    pub fn knows_host(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|known| known.eq_ignore_ascii_case(host))
    }

    /// Whether an `Origin` header is this node's own page.
    pub fn knows_origin(&self, origin: &str) -> bool {
        origin
            .strip_prefix("http://")
            .is_some_and(|host| self.knows_host(host))
    }

    /// Takes a launch token and gives the cookie to set, or nothing where the token is not, or no more, valid.
    pub fn launch(&self, token: &str) -> Option<String> {
        lock(&self.launches).take(token).then_some(())?;
        let session = secret().ok()?;
        let cookie = format!(
            "{}={}; Path=/; HttpOnly; SameSite=Strict",
            self.cookie, *session
        );
        lock(&self.sessions).keep(session);
        Some(cookie)
    }

    /// Whether a `Cookie` header carries a session of this node.
    pub fn admits(&self, cookies: &str) -> bool {
        let own = cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='));
        own.filter(|(name, _)| *name == self.cookie)
            .any(|(_, session)| lock(&self.sessions).has(session))
    }
}

impl Secrets {
    fn at_most(most: usize) -> Self {
        Self {
            kept: VecDeque::new(),
            most,
        }
    }

    fn keep(&mut self, secret: Zeroizing<String>) {
        self.kept.push_back(secret);
        if self.kept.len() > self.most {
            self.kept.pop_front();
        }
    }

    fn has(&self, secret: &str) -> bool {
        self.kept
            .iter()
            .any(|kept| kept.as_bytes().ct_eq(secret.as_bytes()).into())
    }

    fn take(&mut self, secret: &str) -> bool {
        let before = self.kept.len();
        self.kept
            .retain(|kept| !bool::from(kept.as_bytes().ct_eq(secret.as_bytes())));
        self.kept.len() < before
    }
}

/// A thread that panicked while holding the lock left whole secrets behind.
fn lock(secrets: &Mutex<Secrets>) -> std::sync::MutexGuard<'_, Secrets> {
    secrets
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// 256 bits.
fn secret() -> Result<Zeroizing<String>, getrandom::Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut())?;
    Ok(Zeroizing::new(
        BASE32_NOPAD.encode(bytes.as_ref()).to_ascii_lowercase(),
    ))
}

/// 80 bits: a name that no other page can guess.
fn random_name() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 10];
    getrandom::fill(&mut bytes)?;
    Ok(BASE32_NOPAD.encode(&bytes).to_ascii_lowercase())
}
