use url::Url;
use visavis_protocol::RoomId;

/// The longest link that is looked at, in bytes. The longest host name (253 bytes), the port and the room ID
/// fit with room to spare.
const LINK_BYTES: usize = 512;

/// The scheme of links that the system hands to the app.
const APP_SCHEME: &str = "visavis:";

/// Reads `visavis:ROOM` and `visavis:https://HOST[:PORT]/#ROOM`, also with two slashes after the scheme and
/// without `https:`, into what a person would type: the room ID or the invite link, put together anew from
/// the parts that were checked. `None` for everything else.
pub(crate) fn read_app_link(link: &str) -> Option<String> {
    let link = link.trim();
    let (scheme, rest) = (link.len() <= LINK_BYTES).then(|| link.split_at_checked(APP_SCHEME.len()))??;
    if !scheme.eq_ignore_ascii_case(APP_SCHEME) {
        return None;
    }
    let bare = rest.trim_start_matches('/').trim_end_matches('/');
    if let Some(room) = RoomId::parse(bare) {
        return Some(room.digits());
    }
    let url = if bare.contains("://") { bare.to_owned() } else { format!("https://{bare}") };
    read_invite(&url)
}

/// Reads `https://HOST[:PORT]/#ROOM` and nothing else.
fn read_invite(link: &str) -> Option<String> {
    let mut url = Url::parse(link).ok()?;
    let room = RoomId::parse(url.fragment()?)?;
    let bare = url.scheme() == "https"
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.path() == "/";
    url.set_fragment(Some(&room.digits()));
    bare.then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_links_of_the_apps_own_scheme() {
        for (link, typed) in [
            ("visavis:482193775", "482193775"),
            ("VISAVIS://482-193-775/", "482193775"),
            (" visavis:482 193 775\n", "482193775"),
            ("visavis:https://192.0.2.7:47000/#482193775", "https://192.0.2.7:47000/#482193775"),
            ("visavis://kitchen.local:47000/#482193775", "https://kitchen.local:47000/#482193775"),
            ("visavis:HTTPS://KITCHEN.local:443#482-193-775", "https://kitchen.local/#482193775"),
            ("visavis://[2001:db8::7]:47000#482193775", "https://[2001:db8::7]:47000/#482193775"),
        ] {
            assert_eq!(read_app_link(link).as_deref(), Some(typed), "{link}");
        }
        let long = format!("visavis:{}", "4".repeat(1_000_000));
        for link in [
            "",
            "482193775",
            "visavis",
            "visavis:",
            "visavis:48219377",
            "visavis:4821937755",
            "visavis:http://192.0.2.7:47000/#482193775",
            "visavis:javascript:alert(1)#482193775",
            "visavis:https://person@192.0.2.7/#482193775",
            "visavis:https://192.0.2.7/page#482193775",
            "visavis:https://192.0.2.7/?page#482193775",
            "visavis:https://192.0.2.7:470000/#482193775",
            "visavis:https://192.0.2.7/#482193775<script>",
            "visavis:https://192.0.2.7/",
            "https://192.0.2.7:47000/#482193775",
            "--visavis:482193775",
            "видимо",
            &long,
        ] {
            assert_eq!(read_app_link(link), None, "{link:.80}");
        }
    }
}
