/// The longest label of a DNS name, in bytes (RFC 1035, section 2.3.4).
const MAX_LABEL_BYTES: usize = 63;

/// The longest DNS name in its text form, in bytes: 255 on the wire, less the root's and the first length byte.
const MAX_NAME_BYTES: usize = 253;

/// This text as a label of a host's name (RFC 1123, section 2.1) in lower case, if it is one.
pub(crate) fn dns_label(text: &str) -> Option<String> {
    let valid = (1..=MAX_LABEL_BYTES).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-');
    valid.then(|| text.to_ascii_lowercase())
}

/// This text as a host's full name in lower case, without the root's dot, if it is one.
pub(crate) fn dns_name(text: &str) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > MAX_NAME_BYTES {
        return None;
    }
    let labels = text.split('.').map(dns_label).collect::<Option<Vec<_>>>()?;
    // A last label of digits would make it an address to a browser (WHATWG URL, "ends in a number").
    let numeric = labels.last()?.bytes().all(|byte| byte.is_ascii_digit());
    (!numeric).then(|| labels.join("."))
}
