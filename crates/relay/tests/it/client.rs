//! A small client of the relay, written for the tests from PROTOCOL.md and nothing else.

use futures_util::{SinkExt as _, StreamExt as _};
use relay::{RelayConfig, RelayHandle};
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest as _, Sha256};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{WebSocketStream, client_async};
use wire::{
    Answer, Call, CreationRight, CreationSecret, Entry, Fingerprint, FounderSecret, MailboxId,
    Push, Reply, Request, Token, decode_reply, encode_call,
};

/// Nothing on loopback takes this long; a test that waits longer has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn start(data: &Path) -> RelayHandle {
    let listen = "127.0.0.1:0".parse().unwrap();
    relay::start(RelayConfig {
        listen,
        data: data.to_owned(),
    })
    .unwrap()
}

pub(crate) struct Client {
    socket: WebSocketStream<TlsStream<TcpStream>>,
    pushes: VecDeque<Push>,
    answers: VecDeque<(u32, Answer)>,
    next_id: u32,
}

impl Client {
    pub(crate) async fn of(relay: &RelayHandle) -> Self {
        Self::connect(relay.address(), relay.fingerprint())
            .await
            .unwrap()
    }

    pub(crate) async fn connect(at: SocketAddr, pin: Fingerprint) -> Result<Self, String> {
        Self::connect_as(at, pin, aws_lc_rs::default_provider()).await
    }

    pub(crate) async fn connect_as(
        at: SocketAddr,
        pin: Fingerprint,
        provider: CryptoProvider,
    ) -> Result<Self, String> {
        let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Pinned(pin)))
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        let tcp = TcpStream::connect(at)
            .await
            .map_err(|error| error.to_string())?;
        tcp.set_nodelay(true).unwrap();
        let name = ServerName::try_from("relay").unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        let tls = connector
            .connect(name, tcp)
            .await
            .map_err(|error| error.to_string())?;
        let socket = client_async("ws://relay/", tls).await;
        let (socket, _) = socket.map_err(|error| error.to_string())?;
        Ok(Self {
            socket,
            pushes: VecDeque::new(),
            answers: VecDeque::new(),
            next_id: 1,
        })
    }

    /// Sends a ping and waits for the pong.
    pub(crate) async fn ping(&mut self) {
        self.socket
            .send(Message::Ping(vec![7].into()))
            .await
            .unwrap();
        let received = tokio::time::timeout(PATIENCE, self.socket.next())
            .await
            .unwrap();
        assert_eq!(received.unwrap().unwrap(), Message::Pong(vec![7].into()));
    }

    pub(crate) async fn send_frame(&mut self, frame: Vec<u8>) -> Result<(), String> {
        let sent = self.socket.send(Message::Binary(frame.into())).await;
        sent.map_err(|error| error.to_string())
    }

    /// Sends a part of a frame, and makes sure that it has come in.
    pub(crate) async fn begin_frame(&mut self, part: &[u8]) {
        self.send_part(part, OpCode::Data(Data::Binary), false)
            .await;
        self.ping().await;
    }

    /// Sends the rest of it.
    pub(crate) async fn end_frame(&mut self, part: &[u8]) {
        self.send_part(part, OpCode::Data(Data::Continue), true)
            .await;
    }

    async fn send_part(&mut self, part: &[u8], code: OpCode, is_last: bool) {
        let part = Frame::message(part.to_vec(), code, is_last);
        self.socket.send(Message::Frame(part)).await.unwrap();
    }

    /// Sends a request without waiting for its answer.
    pub(crate) async fn send(&mut self, request: Request) -> Result<u32, String> {
        let id = self.next_id;
        self.next_id += 1;
        self.send_frame(encode_call(&Call { id, request })).await?;
        Ok(id)
    }

    /// The next answer to anything.
    pub(crate) async fn answer(&mut self) -> Result<(u32, Answer), String> {
        while self.answers.is_empty() {
            self.receive().await?;
        }
        Ok(self.answers.pop_front().unwrap())
    }

    pub(crate) async fn ask(&mut self, request: Request) -> Answer {
        let id = self.send(request).await.unwrap();
        let (answered, answer) = self.answer().await.unwrap();
        assert_eq!(answered, id);
        answer
    }

    pub(crate) async fn push(&mut self) -> Push {
        while self.pushes.is_empty() {
            self.receive().await.unwrap();
        }
        self.pushes.pop_front().unwrap()
    }

    async fn receive(&mut self) -> Result<(), String> {
        let received = tokio::time::timeout(PATIENCE, self.socket.next()).await;
        let message = received.map_err(|_| NO_ANSWER)?.ok_or("closed")?;
        match message.map_err(|error| error.to_string())? {
            Message::Binary(frame) => match decode_reply(&frame).unwrap() {
                Reply::Answer { id, answer } => self.answers.push_back((id, answer)),
                Reply::Pushed(push) => self.pushes.push_back(push),
            },
            Message::Close(_) => return Err("closed".into()),
            _ => {}
        }
        Ok(())
    }

    /// Reads everything that the token reads.
    pub(crate) async fn read_all(&mut self, mailbox: MailboxId, token: &Token) -> Vec<Entry> {
        let mut all: Vec<Entry> = Vec::new();
        loop {
            let from = all.last().map_or(0, |last| last.index + 1);
            let token = token.clone();
            let answer = self
                .ask(Request::Read {
                    mailbox,
                    token,
                    from,
                    limit: 1_000,
                })
                .await;
            let Answer::Entries { entries, more } = answer else {
                panic!("{answer:?}")
            };
            all.extend(entries);
            if !more {
                return all;
            }
        }
    }
}

pub(crate) fn mailbox() -> MailboxId {
    MailboxId::of(&founder().hash())
}

pub(crate) fn token(letter: u8) -> Token {
    Token::new([letter; 32])
}

pub(crate) fn founder() -> FounderSecret {
    FounderSecret::new([77; 32])
}

pub(crate) fn create(founder: &FounderSecret, creation: CreationSecret) -> Request {
    let founder = founder.hash();
    Request::Create {
        mailbox: MailboxId::of(&founder),
        creation: CreationRight::Relay(creation),
        token: token(b'a').hash(),
        founder,
    }
}

pub(crate) fn append(letter: u8, bytes: Vec<u8>) -> Request {
    Request::Append {
        mailbox: mailbox(),
        token: token(letter),
        bytes,
    }
}

pub(crate) fn rotate(letter: u8, bytes: Vec<u8>, next: u8) -> Request {
    let next = token(next).hash();
    Request::Rotate {
        mailbox: mailbox(),
        token: token(letter),
        bytes,
        next,
        founder: None,
    }
}

pub(crate) fn subscribe(letter: u8, from: u64) -> Request {
    Request::Subscribe {
        mailbox: mailbox(),
        token: token(letter),
        from,
    }
}

/// What a client says that has waited too long.
pub(crate) const NO_ANSWER: &str = "no answer";

/// One bucket of bytes that nothing else in a test has.
pub(crate) fn bytes(number: u64) -> Vec<u8> {
    let mut bytes = vec![0; 1024];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes
}

#[derive(Debug)]
struct Pinned(Fingerprint);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let parsed = rustls::server::ParsedCertificate::try_from(certificate)?;
        let hash: [u8; 32] = Sha256::digest(parsed.subject_public_key_info()).into();
        if hash == *self.0.as_bytes() {
            return Ok(ServerCertVerified::assertion());
        }
        Err(Error::General("another key".into()))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("TLS 1.3 only".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let schemes = aws_lc_rs::default_provider().signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, &schemes)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
