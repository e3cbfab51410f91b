//! The built interface, carried inside the binary (read from disk in debug builds).

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{Response, StatusCode};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../ui/dist"]
struct Interface;

/// Files below it are named by their content.
const HASHED: &str = "assets/";

/// The file at this path of the interface; `/` is its page.
pub(crate) fn serve(path: &str) -> Response<Body> {
    let path = match path.trim_start_matches('/') {
        "" => "index.html",
        path => path,
    };
    let Some(file) = Interface::get(path) else {
        return response(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "no-store", "Not found.".into());
    };
    let cache = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    response(StatusCode::OK, file.metadata.mimetype(), cache, Body::from(file.data.into_owned()))
}

fn response(status: StatusCode, mime: &str, cache: &str, body: Body) -> Response<Body> {
    let mime = if mime.starts_with("text/") && !mime.contains("charset") {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_owned()
    };
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, mime)
        .header(CACHE_CONTROL, cache)
        .body(body)
        .unwrap_or_default()
}
