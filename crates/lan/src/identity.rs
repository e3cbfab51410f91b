use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};
use visavis_storage::{self as storage, Writer};

use crate::certificate::{self, Certificate, SubjectNames};
use crate::device_id::DeviceId;
use crate::error::IdentityError;

const KEY_FILE: &str = "identity.pem";
const BAD_KEY_FILE: &str = "identity.pem.bad";
const CERTIFICATE_FILE: &str = "certificate.pem";

/// The installation's key pair (ECDSA P-256). It stays for the life of the installation; certificates come and go.
pub struct Identity {
    key: Arc<KeyPair>,
}

impl Identity {
    /// Loads `identity.pem` (PKCS#8) from this folder or makes it.
    ///
    /// The folder is made (0700) if it is missing, the file (0600) is written whole or not at all, and of
    /// several processes that start at once all get the same identity. A file that holds no such key is kept
    /// as `identity.pem.bad` (in place of an earlier one), and a new key is made.
    pub fn load_or_create(data_dir: &Path) -> Result<Self, IdentityError> {
        if let Stored::Key(identity) = Self::load(data_dir)? {
            return Ok(identity);
        }
        let writer = Writer::lock(data_dir)?;
        match Self::load(data_dir)? {
            // Another process was faster.
            Stored::Key(identity) => return Ok(identity),
            Stored::Unreadable => {
                writer.rename(KEY_FILE, BAD_KEY_FILE)?;
                tracing::warn!(
                    "the stored identity is not a key: it is kept as {BAD_KEY_FILE}, a new one is made"
                );
            }
            Stored::Nothing => {}
        }
        let identity = Self::generate()?;
        writer.write(KEY_FILE, identity.key.serialize_pem().as_bytes())?;
        Ok(identity)
    }

    /// A new identity that is kept nowhere.
    pub fn generate() -> Result<Self, IdentityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(IdentityError::Key)?;
        Ok(Self { key: Arc::new(key) })
    }

    /// Who this installation is.
    pub fn device_id(&self) -> DeviceId {
        DeviceId::of_key(&self.key.subject_public_key_info())
    }

    /// A fresh self-signed certificate of this key for these addresses and names.
    ///
    /// It is valid from a day before `now`, for 397 days. Names that are not valid in DNS are left out.
    pub fn certificate(
        &self,
        addresses: &[IpAddr],
        names: &[String],
        now: SystemTime,
    ) -> Result<Certificate, IdentityError> {
        let issued = certificate::issue(&self.key, &SubjectNames::new(addresses, names), now)?;
        Ok(Certificate::new(issued.into(), &self.key))
    }

    /// The certificate that is kept in this folder, or a fresh one in its place.
    ///
    /// A person who clicked through a browser's warning did so for one exact certificate. So it is kept as long
    /// as it says the same addresses and names and is valid for 30 more days. A folder that cannot be read or
    /// written costs only this: the certificate is then a fresh one each time.
    pub fn current_certificate(
        &self,
        data_dir: &Path,
        addresses: &[IpAddr],
        names: &[String],
        now: SystemTime,
    ) -> Result<Certificate, IdentityError> {
        let subject = SubjectNames::new(addresses, names);
        if let Some(certificate) = self.kept_certificate(data_dir, &subject, now) {
            return Ok(certificate);
        }
        let writer = Writer::lock(data_dir);
        // Another process may have made it in the meantime.
        if let Some(certificate) = self.kept_certificate(data_dir, &subject, now) {
            return Ok(certificate);
        }
        let issued = certificate::issue(&self.key, &subject, now)?;
        if let Err(error) = writer.and_then(|writer| writer.write(CERTIFICATE_FILE, issued.pem().as_bytes()))
        {
            tracing::warn!(reason = %error.kind(), "the certificate cannot be kept");
        }
        Ok(Certificate::new(issued.into(), &self.key))
    }

    fn kept_certificate(
        &self,
        data_dir: &Path,
        subject: &SubjectNames,
        now: SystemTime,
    ) -> Option<Certificate> {
        let pem = storage::read(data_dir, CERTIFICATE_FILE).ok().flatten()?;
        Certificate::from_pem(&pem, &self.key).filter(|certificate| certificate.is_current(subject, now))
    }

    fn load(data_dir: &Path) -> Result<Stored, IdentityError> {
        let Some(content) = storage::read(data_dir, KEY_FILE)? else {
            return Ok(Stored::Nothing);
        };
        let key = std::str::from_utf8(&content)
            .ok()
            .and_then(|pem| KeyPair::from_pkcs8_pem_and_sign_algo(pem, &PKCS_ECDSA_P256_SHA256).ok());
        Ok(key.map_or(Stored::Unreadable, |key| Stored::Key(Self { key: Arc::new(key) })))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Identity(…)")
    }
}

/// What the key's file holds.
enum Stored {
    Key(Identity),
    Unreadable,
    Nothing,
}
