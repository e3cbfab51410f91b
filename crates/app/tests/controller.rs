//! The controller with a real server, and a shell that records what it was asked to open.

#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

mod shared;

use std::{
    fs, io,
    net::{TcpListener, TcpStream},
};

use shared::Recorder;
use visavis_app::settings::Settings;
use visavis_app::{AppError, Controller, Notice, ShellEvent};

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
    controller.open_call("482193775").await.unwrap();
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
async fn only_room_ids_reach_the_browser() {
    let folder = tempfile::tempdir().unwrap();
    let shell = Recorder::default();
    let controller = shell.controller(folder.path());
    for room in ["", "48219377", "482193775&code=1", "../482193775"] {
        assert_eq!(controller.open_call(room).await.unwrap_err().code(), "invalid-room", "{room}");
    }
    assert!(shell.opened().is_empty());
    controller.shutdown().await;
}

#[tokio::test]
async fn a_missing_browser_is_told_without_the_url() {
    let folder = tempfile::tempdir().unwrap();
    let controller = Recorder { without_browser: true, ..Recorder::default() }.controller(folder.path());
    let error = controller.open_call("482193775").await.unwrap_err();
    assert!(matches!(error, AppError::BrowserNotOpened(_)));
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        serde_json::json!({"code": "browser-not-opened", "message": "The default browser could not be opened."})
    );
    controller.shutdown().await;
}

#[tokio::test]
async fn a_port_that_another_program_has_is_replaced_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let shell = Recorder::default();
    let controller = shell.controller_with(folder.path(), Settings { port, ..Settings::default() });
    TcpStream::connect(own_address(&controller).await).unwrap();
    shell
        .is_told(|notices| matches!(notices, [Notice::PortTaken { port: told, .. }, ..] if *told == port))
        .await;
    assert!(!controller.desktop().notices.is_empty());

    let settings = Settings { port: 0, ..controller.settings() };
    let desktop = controller.change_settings(settings).await.unwrap();
    assert!(!desktop.notices.iter().any(|notice| matches!(notice, Notice::PortTaken { .. })));
    controller.shutdown().await;
}

#[tokio::test]
async fn an_interface_that_is_not_there_is_told_and_others_serve() {
    let folder = tempfile::tempdir().unwrap();
    let shell = Recorder::default();
    let wished = Some(String::from("no-such-interface"));
    let settings = Settings { network_interface: wished, ..Settings::default() };
    let controller = shell.controller_with(folder.path(), settings);
    controller.own_server().await.unwrap();
    // Where tests run there may be no network at all.
    shell.is_told(|told| matches!(told, [Notice::InterfaceMissing { .. }] | [Notice::NoNetwork])).await;
    controller.shutdown().await;
}

#[tokio::test]
async fn settings_are_used_even_if_the_disk_refuses_them() {
    let folder = tempfile::tempdir().unwrap();
    let controller = Recorder { without_disk: true, ..Recorder::default() }.controller(folder.path());
    let wished = Settings { name: String::from("Ada"), ..Settings::default() };
    let desktop = controller.change_settings(wished.clone()).await.unwrap();
    assert_eq!(desktop.settings, wished);
    assert_eq!(desktop.notices, [Notice::SettingsNotSaved]);

    let refused = Settings { port: 80, ..wished.clone() };
    let error = controller.change_settings(refused).await.unwrap_err();
    assert_eq!(serde_json::to_value(&error).unwrap()["field"], "port");
    assert_eq!(controller.settings(), wished);
}

#[tokio::test]
async fn a_link_waits_for_the_interface_and_is_handed_over_once() {
    let folder = tempfile::tempdir().unwrap();
    let controller = Recorder { without_interface: true, ..Recorder::default() }.controller(folder.path());
    assert_eq!(controller.ask_to_join("visavis:whatever").unwrap_err().code(), "invalid-link");
    controller.ask_to_join("visavis:482-193-775").unwrap();
    assert_eq!(controller.desktop().link, None);
    assert_eq!(controller.attach().link.as_deref(), Some("482193775"));
    assert_eq!(controller.attach().link, None);

    let shell = Recorder::default();
    let controller = shell.controller(folder.path());
    controller.ask_to_join("visavis:482193775").unwrap();
    assert_eq!(*shell.events.borrow(), [ShellEvent::Link { link: String::from("482193775") }]);
    assert_eq!(controller.attach().link, None);
}

#[tokio::test]
async fn a_report_names_nobody_and_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        name: String::from("Ada"),
        camera: Some(String::from("private-camera")),
        network_interface: Some(String::from("private-net")),
        ice_servers: vec![visavis_app::settings::ConfiguredIceServer {
            urls: vec![String::from("turn:192.0.2.7:3478")],
            username: Some(String::from("private-user")),
            credential: Some(String::from("private-password")),
        }],
        port: 47123,
        ..Settings::default()
    };
    settings.check().unwrap();
    let controller = Recorder::default().controller_with(folder.path(), settings);
    let server = controller.own_server().await.unwrap();
    let report = controller.report("page: fine").await;
    assert!(report.contains("0 rooms") && report.ends_with("page: fine"), "{report}");
    let port = server.url.rsplit(':').next().unwrap().trim_end_matches("/ws").to_owned();
    for private in ["Ada", "private", "192.0.2.7", "47123", &port, server.token.expose(), "127.0.0.1"] {
        assert!(!report.contains(private), "{private} is in\n{report}");
    }
    assert!(controller.report(&"x".repeat(1_000_000)).await.len() < 100_000);
    controller.shutdown().await;
}
