//! Which page is the bundled interface.

use tauri::Url;

/// Whether `url` is a page of the bundled interface. Its origin differs: WebView2 knows no schemes of one's own.
pub(crate) fn is_own_page(url: &Url) -> bool {
    match (url.scheme(), url.host_str(), url.port()) {
        ("tauri", Some("localhost"), None) => !cfg!(windows),
        ("http" | "https", Some("tauri.localhost"), None) => cfg!(windows),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bundled_interface_is_its_own() {
        let own = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
        for page in ["", "/", "/index.html", "/#482193775"] {
            assert!(is_own_page(&Url::parse(&format!("{own}{page}")).unwrap()), "{page}");
        }
        for page in [
            "about:blank",
            "file:///tauri.localhost",
            "tauri://localhost.example/",
            "tauri://localhost:80/",
            "http://localhost/",
            "http://127.0.0.1:47000/",
            "http://tauri.localhost:8080/",
            "http://tauri.localhost.example/",
            "https://192.0.2.7/tauri://localhost",
        ] {
            assert!(!is_own_page(&Url::parse(page).unwrap()), "{page}");
        }
    }
}
