use url::Url;
use visavis_protocol::RoomId;

/// The longest link that is looked at, in bytes. The longest host name (253 bytes), the port and the room ID
/// fit with room to spare.
const LINK_BYTES: usize = 512;

/// Where an invite link leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// A room of the app's own server.
    OwnRoom(RoomId),
    /// A room of another host, at this URL. It was put together anew from the parts that were checked.
    OtherHost(String),
}

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
    match read_link(&url, NO_PAGE)? {
        Destination::OtherHost(url) => Some(url),
        Destination::OwnRoom(room) => Some(room.digits()),
    }
}

/// Where no page is one's own.
const NO_PAGE: &str = "";

/// Reads `https://HOST[:PORT]/#ROOM`, or the same at the origin of `own_page`; `None` for everything else.
pub(crate) fn read_link(link: &str, own_page: &str) -> Option<Destination> {
    let mut url = (link.len() <= LINK_BYTES).then(|| Url::parse(link).ok())??;
    let room = RoomId::parse(url.fragment()?)?;
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.path() == "/";
    if !bare {
        return None;
    }
    if Url::parse(own_page).is_ok_and(|own| own.origin() == url.origin()) {
        return Some(Destination::OwnRoom(room));
    }
    url.set_fragment(Some(&room.digits()));
    (url.scheme() == "https").then(|| Destination::OtherHost(url.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN_PAGE: &str = "http://127.0.0.1:47001/#token=0123";

    #[test]
    fn reads_invites_of_other_hosts() {
        for (link, opened) in [
            ("https://192.0.2.7:47000/#482193775", "https://192.0.2.7:47000/#482193775"),
            ("https://[2001:db8::7]:47000/#482193775", "https://[2001:db8::7]:47000/#482193775"),
            ("https://kitchen.local/#482-193-775", "https://kitchen.local/#482193775"),
            (" HTTPS://KITCHEN.local:443#482193775\n", "https://kitchen.local/#482193775"),
        ] {
            assert_eq!(read_link(link, OWN_PAGE), Some(Destination::OtherHost(opened.to_owned())), "{link}");
        }
    }

    #[test]
    fn knows_its_own_rooms() {
        let room = RoomId::parse("482193775").map(Destination::OwnRoom);
        assert_eq!(read_link("http://127.0.0.1:47001/#482193775", OWN_PAGE), room);
    }

    #[test]
    fn reads_links_of_the_apps_own_scheme() {
        for (link, typed) in [
            ("visavis:482193775", "482193775"),
            ("VISAVIS://482-193-775/", "482193775"),
            (" visavis:482 193 775\n", "482193775"),
            ("visavis:https://192.0.2.7:47000/#482193775", "https://192.0.2.7:47000/#482193775"),
            ("visavis://kitchen.local:47000/#482193775", "https://kitchen.local:47000/#482193775"),
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
            "https://192.0.2.7:47000/#482193775",
            "--visavis:482193775",
            "видимо",
            &long,
        ] {
            assert_eq!(read_app_link(link), None, "{link:.80}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        let long = format!("https://{}/#482193775", "a.".repeat(1_000_000));
        for link in [
            "",
            "482193775",
            "https://192.0.2.7:47000/",
            "https://192.0.2.7:47000/#48219377",
            "https://192.0.2.7:47000/#482193775<script>",
            "https://192.0.2.7:47000/page#482193775",
            "https://192.0.2.7:47000/?page#482193775",
            "https://person@192.0.2.7:47000/#482193775",
            "https://192.0.2.7:470000/#482193775",
            "http://192.0.2.7:47000/#482193775",
            "http://127.0.0.1:47002/#482193775",
            "http://localhost:47001/#482193775",
            "file:///#482193775",
            "javascript:alert(1)#482193775",
            "--help#482193775",
            &long,
        ] {
            assert_eq!(read_link(link, OWN_PAGE), None, "{link:.80}");
        }
    }
}
