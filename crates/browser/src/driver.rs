//! The driver's process, and its HTTP: one blocking connection for each command.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Error, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

/// The driver answers sooner, or something is broken. Its own limits are thirty seconds.
const PATIENCE: Duration = Duration::from_secs(40);

/// How often a driver is started that did not get its port.
const STARTS: usize = 5;

/// A command that the driver understood and could not do.
#[derive(Debug)]
pub struct Refusal {
    /// The protocol's name of the error, as in "stale element reference".
    pub error: String,
    message: String,
}

impl Refusal {
    /// A refusal of our own, where there is no such element.
    pub fn absent(message: &str) -> Self {
        Self {
            error: "no such element".to_owned(),
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

/// A chromedriver of our own; it ends when it is dropped.
pub struct Driver {
    process: Child,
    port: u16,
    /// Kept open: a driver that speaks into a closed pipe dies of it.
    _speech: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts it on a port that the system chooses. Whatever it and its browser leave lies in `place`.
    /// It asks for the same port on both loopback addresses, and ends where another program has one of the
    /// two by then: such a start is made again.
    pub fn start(place: &Path) -> Self {
        let mut heard = String::new();
        for _ in 0..STARTS {
            match Self::try_start(place) {
                Ok(driver) => return driver,
                Err(said) => heard.push_str(&said),
            }
        }
        panic!("the driver ended {STARTS} times before it named a port: {heard}");
    }

    /// What the driver said, where it ended before it named a port.
    fn try_start(place: &Path) -> Result<Self, String> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", place)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: apt-get install chromium chromium-driver");
        let mut speech = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let port = port_from(&mut speech).inspect_err(|_| {
            let _ = process.wait();
        })?;
        Ok(Self {
            process,
            port,
            _speech: speech,
        })
    }

    /// What it answers to a command.
    #[track_caller]
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, Refusal> {
        match self.exchange(method, path, body) {
            Ok(answer) => answer,
            Err(error) => panic!("the driver does not answer to {method} {path}: {error}"),
        }
    }

    /// As [`Driver::ask`], for those who must not panic.
    pub fn exchange(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> io::Result<Result<Value, Refusal>> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
             Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        answer_from(&mut BufReader::new(stream))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port, from the line in which the driver says it; all it said, where it ended before.
fn port_from(speech: &mut impl BufRead) -> Result<u16, String> {
    let mut heard = String::new();
    loop {
        let mut line = String::new();
        let read = speech.read_line(&mut line).expect("the driver speaks text");
        if read == 0 {
            return Err(heard);
        }
        let port = line.trim_end().split_once("successfully on port ");
        let port = port.and_then(|(_, port)| port.trim_end_matches('.').parse().ok());
        if let Some(port) = port {
            return Ok(port);
        }
        heard.push_str(&line);
    }
}

/// The driver may leave its connections open: the length says where an answer ends.
fn answer_from(reader: &mut impl BufRead) -> io::Result<Result<Value, Refusal>> {
    let mut status = String::new();
    reader.read_line(&mut status)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().map_err(Error::other)?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let value = serde_json::from_slice::<Value>(&body)?["value"].take();
    // A script may well return a value with an `error` of its own: only the status tells.
    if status.split_whitespace().nth(1) == Some("200") {
        return Ok(Ok(value));
    }
    Ok(Err(Refusal {
        error: crate::text_of(&value["error"]),
        message: crate::text_of(&value["message"]),
    }))
}

#[cfg(test)]
mod tests {
    use super::port_from;

    #[test]
    fn a_driver_that_ends_before_it_names_a_port_is_told_from_one_that_does() {
        let mut named: &[u8] = b"Starting\nChromeDriver was started successfully on port 4321.\n";
        assert_eq!(port_from(&mut named), Ok(4321));
        let mut ended: &[u8] = b"Starting\nIPv4 port not available. Exiting...\n";
        let said = "Starting\nIPv4 port not available. Exiting...\n";
        assert_eq!(port_from(&mut ended), Err(said.to_owned()));
    }
}
