//! A small server of pages under a strict policy. A form's answer shows what was sent.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

const POLICY: &str = "Content-Security-Policy: script-src 'self'";

/// Pages by path: what is in their body. A path that ends in `.js` is a script.
pub type Pages = &'static [(&'static str, &'static str)];

/// Ends with the test's process.
pub struct Site {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Site {
    /// Serves `pages` on a port that the system chooses.
    pub fn of(pages: Pages) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            // Browsers open connections ahead of need: each waits in a thread of its own.
            for stream in listener.incoming() {
                let count = Arc::clone(&count);
                thread::spawn(move || answer(stream.unwrap(), pages, &count));
            }
        });
        Self { port, asked }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// How many pages were asked for.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn answer(mut stream: TcpStream, pages: Pages, asked: &AtomicUsize) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut sent = vec![0; length];
    reader.read_exact(&mut sent)?;
    let sent = String::from_utf8_lossy(&sent);
    let path = first.split_whitespace().nth(1).unwrap_or("/");
    let page = pages.iter().find(|(name, _)| *name == path);
    let body = page.map_or("nothing here", |(_, body)| body);
    let (kind, content) = if path.ends_with(".js") {
        ("text/javascript", body.to_owned())
    } else {
        // Browsers ask for a picture of the site by themselves: only what is there counts.
        let visits = asked.fetch_add(page.is_some().into(), Ordering::SeqCst) + 1;
        let body = body.replace("VISITS", &visits.to_string());
        ("text/html", whole(&body.replace("SENT", &sent)))
    };
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\n{POLICY}\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{content}",
        content.len()
    )
}

fn whole(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>A page</title><style>\
         body {{ margin: 0; overflow-wrap: anywhere; }} @media (prefers-color-scheme: dark) {{ \
         body {{ background: rgb(1, 2, 3); }} }}</style></head><body>{body}</body></html>"
    )
}
