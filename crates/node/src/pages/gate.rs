//! Who may see the pages: a launch token, once, for a session cookie.
//! Must never tell a wrong token from a used one, nor keep either longer than needed.

use std::{collections::VecDeque, sync::Mutex};

use data_encoding::BASE32_NOPAD;
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::limits;

/// What 80 bits are in base32.
const NAME_LETTERS: usize = 16;

/// Hosts, launch tokens and sessions of one node.
pub struct Gate {
    /// `NAME.localhost:PORT`, and `127.0.0.1:PORT` where it was asked for.
    hosts: Vec<String>,
    /// Cookies ignore ports: with one name for all, a second node would end the first one's session.
    cookie: String,
    launches: Mutex<Secrets>,
    /// How many launch tokens were used.
    used: watch::Sender<u64>,
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
            used: watch::Sender::new(0),
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

    /// Tells whenever a launch token was used: whoever keeps one ready makes another.
    pub fn used(&self) -> watch::Receiver<u64> {
        self.used.subscribe()
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
        self.used.send_modify(|used| *used = used.wrapping_add(1));
        Some(cookie)
    }

    /// The form token of the session that a `Cookie` header carries, where it is one of this node.
    pub fn admit(&self, cookies: &str) -> Option<FormToken> {
        let own = cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='));
        own.filter(|(name, _)| *name == self.cookie)
            .find(|(_, session)| lock(&self.sessions).has(session))
            .map(|(_, session)| FormToken::of(session))
    }

    /// Whether a request speaks to an earlier start of this node: a name of ours, on our port.
    pub fn is_an_earlier_host(&self, host: &str) -> bool {
        let own_port = self.own_host().rsplit_once(':').map(|(_, port)| port);
        let Some((name, port)) = host.rsplit_once(".localhost:") else {
            return false;
        };
        let letters = name.strip_prefix('t').unwrap_or_default();
        let is_ours = letters.len() == NAME_LETTERS
            && letters
                .bytes()
                .all(|letter| matches!(letter, b'a'..=b'z' | b'2'..=b'7'));
        is_ours && Some(port) == own_port
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

/// Stands in every form of one session: another page cannot know it, and so cannot send a form.
#[derive(Clone)]
pub struct FormToken(String);

impl FormToken {
    fn of(session: &str) -> Self {
        let mut token = [0; 20];
        Hkdf::<Sha256>::new(None, session.as_bytes())
            .expand(b"tracktwo/pages/v1/form", &mut token)
            .expect("20 bytes are within what HKDF gives");
        Self(BASE32_NOPAD.encode(&token).to_ascii_lowercase())
    }

    /// As it stands in a form.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a form brought it.
    pub fn is(&self, brought: &str) -> bool {
        self.0.as_bytes().ct_eq(brought.as_bytes()).into()
    }
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
