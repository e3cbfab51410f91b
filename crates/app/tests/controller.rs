//! The controller with a real server, and a shell that records what it was asked to open.

#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

use std::{
    fs, io,
    net::TcpStream,
    path::Path,
    sync::{Arc, Mutex},
};

use visavis_app::{AppError, Controller, Shell};

/// Remembers the URLs; refuses them if it has no browser.
#[derive(Clone, Default)]
struct Recorder {
    opened: Arc<Mutex<Vec<String>>>,
    without_browser: bool,
}

impl Shell for Recorder {
    fn open_in_browser(&self, url: &str) -> io::Result<()> {
        if self.without_browser {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        self.opened.lock().unwrap().push(url.to_owned());
        Ok(())
    }
}

impl Recorder {
    fn controller(&self, data_dir: &Path) -> Controller {
        Controller::new(data_dir.to_owned(), self.clone())
    }

    fn opened(&self) -> Vec<String> {
        self.opened.lock().unwrap().clone()
    }
}

/// `127.0.0.1:PORT` of the controller's server.
async fn own_address(controller: &Controller) -> String {
    let url = controller.own_server().await.unwrap().url;
    url.strip_prefix("ws://").and_then(|rest| rest.strip_suffix("/ws")).unwrap().to_owned()
}

#[tokio::test]
async fn one_server_runs_from_the_first_question_to_the_shutdown() {
    let folder = tempfile::tempdir().unwrap();
    let controller = Recorder::default().controller(folder.path());
    let (first, second) = tokio::join!(controller.own_server(), controller.own_server());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.url, second.url);
    assert!(first.token.matches(&second.token));

    let address = own_address(&controller).await;
    TcpStream::connect(&address).unwrap();
    controller.shutdown().await;
    assert_eq!(TcpStream::connect(&address).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(controller.own_server().await.unwrap_err().code(), "stopping");
    controller.shutdown().await;
}

#[tokio::test]
async fn a_server_that_could_not_start_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    fs::write(&data_dir, "a file stands where the folder should be").unwrap();
    let controller = Recorder::default().controller(&data_dir);
    assert_eq!(controller.own_server().await.unwrap_err().code(), "server-not-started");
    fs::remove_file(&data_dir).unwrap();
    controller.own_server().await.unwrap();
    controller.shutdown().await;
}

#[tokio::test]
async fn a_call_opens_on_the_own_server_with_a_code_instead_of_the_token() {
    let folder = tempfile::tempdir().unwrap();
    let shell = Recorder::default();
    let controller = shell.controller(folder.path());
    let address = own_address(&controller).await;
    controller.open_call("482 193 775").await.unwrap();
    controller.open_link(&format!("http://{address}/#482193775")).await.unwrap();
    let token = controller.own_server().await.unwrap().token;
    let expected = format!("http://{address}/#room=482193775&code=");
    let opened = shell.opened();
    assert_eq!(opened.len(), 2);
    assert_ne!(opened[0], opened[1], "each code admits once");
    for url in opened {
        assert!(url.starts_with(&expected) && !url.contains(token.expose()));
    }
    controller.shutdown().await;
}

#[tokio::test]
async fn only_room_ids_and_invite_links_reach_the_browser() {
    let folder = tempfile::tempdir().unwrap();
    let shell = Recorder::default();
    let controller = shell.controller(folder.path());
    for room in ["", "48219377", "482193775&code=1", "../482193775"] {
        assert_eq!(controller.open_call(room).await.unwrap_err().code(), "invalid-room", "{room}");
    }
    for link in ["", "482193775", "http://192.0.2.7/#482193775", "file:///etc/hosts#482193775"] {
        assert_eq!(controller.open_link(link).await.unwrap_err().code(), "invalid-link", "{link}");
    }
    assert!(shell.opened().is_empty());
    controller.open_link("https://192.0.2.7:47000/#482193775").await.unwrap();
    assert_eq!(shell.opened(), ["https://192.0.2.7:47000/#482193775"]);
    controller.shutdown().await;
}

#[tokio::test]
async fn a_missing_browser_is_told_without_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let controller = Recorder { without_browser: true, ..Recorder::default() }.controller(folder.path());
    let error = controller.open_link("https://192.0.2.7:47000/#482193775").await.unwrap_err();
    assert!(matches!(error, AppError::BrowserNotOpened(_)));
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        serde_json::json!({"code": "browser-not-opened", "message": "The default browser could not be opened."})
    );
    controller.shutdown().await;
}
