use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rcgen::string::Ia5String;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PublicKeyData, SanType, SerialNumber,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::channel::ALPN_VISAVIS;
use crate::error::IdentityError;
use crate::names::dns_name;

/// How long before it was made a certificate is valid already: a guest's clock may be behind, also by a time zone.
const VALID_BEFORE: Duration = Duration::days(1);

/// From the first to the last second of a certificate. Browsers refuse more than 398 days where they apply the rules
/// of public certificates (CA/Browser Forum, Baseline Requirements, 6.3.2), and advise 397. Less would ask guests
/// to click through more often.
const VALIDITY: Duration = Duration::days(397);

/// A kept certificate with less time left than this is renewed, so that none runs out during a call.
const RENEW_BEFORE_END: Duration = Duration::days(30);

/// The longest common name, in characters (RFC 5280, appendix A.1, ub-common-name).
const MAX_COMMON_NAME: usize = 64;

/// Enough random bits that no number comes twice; at most 20 bytes are allowed (RFC 5280, section 4.1.2.2).
const SERIAL_BYTES: usize = 16;

/// What a browser speaks over TLS here (RFC 7301): WebSockets need no more.
const ALPN_HTTP_1_1: &[u8] = b"http/1.1";

/// The certificate that pages on the network are served with, and the right to use it.
pub struct Certificate {
    der: CertificateDer<'static>,
    key: Arc<KeyPair>,
}

impl Certificate {
    pub(crate) fn new(der: CertificateDer<'static>, key: &Arc<KeyPair>) -> Self {
        Self { der, key: Arc::clone(key) }
    }

    /// Reads a certificate; `None` if this is none, or one of another key.
    pub(crate) fn from_pem(pem: &[u8], key: &Arc<KeyPair>) -> Option<Self> {
        let der = CertificateDer::from_pem_slice(pem).ok()?;
        let (rest, parsed) = X509Certificate::from_der(&der).ok()?;
        let ours = rest.is_empty()
            && parsed.public_key().raw == key.subject_public_key_info()
            && parsed.verify_signature(None).is_ok();
        ours.then(|| Self::new(der, key))
    }

    /// The SHA-256 of the certificate (DER), as browsers and `openssl x509 -fingerprint -sha256` show it:
    /// 32 pairs of upper-case hexadecimal digits with colons between them.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.der).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// The certificate as sent in a handshake (X.509, DER).
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// A TLS server with this certificate: TLS 1.2 and 1.3, no certificates of clients. The client chooses between
    /// ALPN `http/1.1` and [`ALPN_VISAVIS`]; for the latter, [`exporter`](crate::exporter) says whether to go on.
    pub fn rustls_config(&self) -> Result<Arc<ServerConfig>, IdentityError> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(IdentityError::Tls)?
            .with_no_client_auth()
            .with_single_cert(vec![self.der.clone()], key)
            .map_err(IdentityError::Tls)?;
        config.alpn_protocols = vec![ALPN_HTTP_1_1.to_vec(), ALPN_VISAVIS.to_vec()];
        Ok(Arc::new(config))
    }

    /// Whether this certificate says exactly this, now and for a while.
    pub(crate) fn is_current(&self, subject: &SubjectNames, now: SystemTime) -> bool {
        let (Ok((_, parsed)), Some(now)) = (X509Certificate::from_der(&self.der), unix_time(now)) else {
            return false;
        };
        let validity = parsed.validity();
        validity.not_before.to_datetime() <= now
            && validity.not_after.to_datetime() - now >= RENEW_BEFORE_END
            && SubjectNames::of(&parsed).is_some_and(|said| said == *subject)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Certificate(…)")
    }
}

/// Makes a self-signed certificate of this key.
pub(crate) fn issue(
    key: &KeyPair,
    subject: &SubjectNames,
    now: SystemTime,
) -> Result<rcgen::Certificate, IdentityError> {
    let not_before = unix_time(now).and_then(|now| now.checked_sub(VALID_BEFORE));
    let not_after = not_before.and_then(|start| start.checked_add(VALIDITY));
    let (Some(not_before), Some(not_after)) = (not_before, not_after) else {
        return Err(IdentityError::Clock);
    };
    let mut params = CertificateParams::default();
    params.not_before = not_before;
    params.not_after = not_after;
    params.serial_number = Some(random_serial()?);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, subject.common_name());
    params.subject_alt_names = subject.alternative_names()?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.self_signed(key).map_err(IdentityError::Certificate)
}

/// Firefox refuses for good a second certificate of the same issuer with the same number.
fn random_serial() -> Result<SerialNumber, IdentityError> {
    let mut bytes = [0; SERIAL_BYTES];
    ring::default_provider().secure_random.fill(&mut bytes).map_err(|_| IdentityError::Random)?;
    // Positive, and never shorter than it is.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(&bytes))
}

/// Whole seconds, as certificates count; `None` before 1970 and after the year 9999.
fn unix_time(time: SystemTime) -> Option<OffsetDateTime> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    OffsetDateTime::from_unix_timestamp(seconds.try_into().ok()?).ok()
}

/// What a certificate vouches for.
#[derive(PartialEq, Eq)]
pub(crate) struct SubjectNames {
    addresses: BTreeSet<IpAddr>,
    names: BTreeSet<String>,
}

impl SubjectNames {
    pub(crate) fn new(addresses: &[IpAddr], names: &[String]) -> Self {
        Self {
            addresses: addresses.iter().map(IpAddr::to_canonical).collect(),
            names: names.iter().filter_map(|name| dns_name(name)).collect(),
        }
    }

    /// What this certificate says; `None` if it says something that this program never does.
    fn of(certificate: &X509Certificate<'_>) -> Option<Self> {
        let mut subject = Self { addresses: BTreeSet::new(), names: BTreeSet::new() };
        let extension = certificate.subject_alternative_name().ok()?;
        for name in extension.iter().flat_map(|extension| &extension.value.general_names) {
            match name {
                GeneralName::DNSName(name) => subject.names.insert((*name).to_owned()),
                GeneralName::IPAddress(bytes) => subject.addresses.insert(ip_address(bytes)?),
                _ => return None,
            };
        }
        Some(subject)
    }

    /// What a person reads in a browser's certificate view. ASCII: some views show nothing else.
    fn common_name(&self) -> String {
        let mut text = match self.names.first() {
            Some(name) => format!("Vis-a-vis on {name}"),
            None => "Vis-a-vis".to_owned(),
        };
        text.truncate(MAX_COMMON_NAME);
        text
    }

    fn alternative_names(&self) -> Result<Vec<SanType>, IdentityError> {
        let addresses = self.addresses.iter().map(|address| Ok(SanType::IpAddress(*address)));
        let names = self.names.iter().map(|name| Ia5String::try_from(name.as_str()).map(SanType::DnsName));
        addresses.chain(names).collect::<Result<_, _>>().map_err(IdentityError::Certificate)
    }
}

/// An address as a certificate holds it (RFC 5280, section 4.2.1.6).
fn ip_address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}
