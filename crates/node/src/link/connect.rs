//! Making a connection: TLS 1.3 with the hybrid key exchange to exactly the pinned key, then WebSocket.
//! There is no certificate authority, no name is checked, and no session is resumed.

use super::{Lost, What};
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, PeerIncompatible,
    SignatureScheme, version::TLS13,
};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use wire::limits::{HANDSHAKE_TIMEOUT_MS, MAX_FRAME_BYTES};
use wire::{Fingerprint, RelayAddress};

/// The connection, ready for frames.
pub(super) type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// What is said in place of a name: the address belongs to the network, and nobody else need learn it.
const NAME: &str = "relay";
const URL: &str = "ws://relay/";

/// A small read buffer: most frames are small, and a node has several connections.
const READ_BUFFER_BYTES: usize = 8 << 10;

/// Connects. The error is the event that says why there is no connection.
pub(super) async fn connect(address: &RelayAddress) -> Result<Socket, What> {
    let limit = Duration::from_millis(HANDSHAKE_TIMEOUT_MS);
    let connecting = timeout(limit, handshakes(address)).await;
    connecting.unwrap_or(Err(What::Lost(Lost::Unreachable)))
}

async fn handshakes(address: &RelayAddress) -> Result<Socket, What> {
    let place = (address.host.as_str(), address.port);
    let unreachable = |_| What::Lost(Lost::Unreachable);
    let tcp = TcpStream::connect(place).await.map_err(unreachable)?;
    // Entries are small and somebody waits for each of them.
    tcp.set_nodelay(true).map_err(unreachable)?;
    let config = pinned(address.fingerprint).map_err(|_| What::Lost(Lost::NotUnderstood))?;
    let name = ServerName::try_from(NAME).map_err(|_| What::Lost(Lost::NotUnderstood))?;
    let tls = TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await;
    let tls = tls.map_err(|error| refused(&error))?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_FRAME_BYTES))
        .max_frame_size(Some(MAX_FRAME_BYTES))
        .read_buffer_size(READ_BUFFER_BYTES);
    let (socket, _) = client_async_with_config(URL, tls, Some(config))
        .await
        .map_err(|_| What::Lost(Lost::NotUnderstood))?;
    Ok(socket)
}

/// Tells a wrong key from a connection that just broke off.
fn refused(error: &std::io::Error) -> What {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(_)) => What::WrongKey,
        Some(_) => What::Lost(Lost::NotUnderstood),
        None => What::Lost(Lost::Closed),
    }
}

fn pinned(fingerprint: Fingerprint) -> Result<ClientConfig, Error> {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
    let algorithms = provider.signature_verification_algorithms;
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(PinnedKey {
            fingerprint,
            algorithms,
        }))
        .with_no_client_auth();
    config.resumption = Resumption::disabled();
    config.enable_sni = false;
    Ok(config)
}

/// Takes one key, and asks nothing else of a certificate than that its owner has it.
#[derive(Debug)]
struct PinnedKey {
    fingerprint: Fingerprint,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for PinnedKey {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
        let shown = Fingerprint::new(Sha256::digest(key).into());
        if shown == self.fingerprint {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            ))
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerIncompatible(
            PeerIncompatible::Tls12NotOfferedOrEnabled,
        ))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
