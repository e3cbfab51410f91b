//! Which crate may depend on which.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::{Value, json};

use crate::{assert_kept, root};

/// Our crates, each with those of ours that it may stand on.
const STANDS_ON: [(&str, &[&str]); 9] = [
    ("visavis-protocol", &[]),
    ("visavis-storage", &[]),
    ("visavis-hub", &["visavis-protocol"]),
    ("visavis-lan", &["visavis-protocol", "visavis-storage"]),
    ("visavis-peer", &["visavis-protocol"]),
    ("visavis-server", &["visavis-hub", "visavis-lan", "visavis-protocol"]),
    ("visavis-app", &["visavis-protocol", "visavis-server", "visavis-storage"]),
    ("visavis-testkit", &["visavis-lan", "visavis-protocol"]),
    (WINDOW, &["visavis-app", "visavis-peer"]),
];

/// The root package: the only one that knows of windows.
const WINDOW: &str = "visavis";

/// Shared by tests, so it may be in nothing that is shipped.
const TESTKIT: &str = "visavis-testkit";

/// A pure state machine: no I/O, no clock, no source of randomness of its own.
const HUB: &str = "visavis-hub";
const IMPURE: [&str; 4] = ["tokio", "mio", "socket2", "rand"];

/// Window toolkits, by the beginning of their crates' names.
const TOOLKITS: [&str; 6] = ["tauri", "wry", "tao", "webkit2gtk", "gtk", "webview2"];

/// What of `cargo metadata` matters here: the direct dependencies of each package that it resolved.
#[derive(Default)]
struct Graph {
    /// Our own packages.
    ours: BTreeSet<String>,
    /// Name of a package to names of what it is built with (normal and build dependencies).
    shipped: BTreeMap<String, BTreeSet<String>>,
    /// The same for tests only.
    tested: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Reads the output of `cargo metadata --format-version 1`.
    fn read(metadata: &Value) -> Self {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let names: BTreeMap<String, String> = list(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let name = |id: &Value| names.get(id.as_str().unwrap_or_default()).cloned().unwrap_or_default();
        let mut graph =
            Self { ours: list(&metadata["workspace_members"]).iter().map(name).collect(), ..Self::default() };
        for node in list(&metadata["resolve"]["nodes"]) {
            for dependency in list(&node["deps"]) {
                for kind in list(&dependency["dep_kinds"]) {
                    let tests = kind["kind"] == "dev";
                    let edges = if tests { &mut graph.tested } else { &mut graph.shipped };
                    edges.entry(name(&node["id"])).or_default().insert(name(&dependency["pkg"]));
                }
            }
        }
        graph
    }

    /// Everything that a package is built with, however far below.
    fn shipped_below<'a>(&'a self, package: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open = vec![package];
        while let Some(next) = open.pop() {
            let below = self.shipped.get(next).into_iter().flatten().map(String::as_str);
            open.extend(below.filter(|below| found.insert(*below)));
        }
        found
    }

    fn violations(&self) -> Vec<String> {
        let mut found = Vec::new();
        for package in &self.ours {
            let Some((_, allowed)) = STANDS_ON.iter().find(|(name, _)| name == package) else {
                found.push(format!("{package} has no place in the house: give it one in STANDS_ON"));
                continue;
            };
            let ours = |edges: &BTreeMap<String, BTreeSet<String>>| -> Vec<String> {
                edges
                    .get(package)
                    .into_iter()
                    .flatten()
                    .filter(|name| self.ours.contains(*name))
                    .cloned()
                    .collect()
            };
            let shipped = ours(&self.shipped);
            let tested = ours(&self.tested).into_iter().filter(|name| name != TESTKIT);
            for other in shipped.into_iter().chain(tested) {
                if !allowed.contains(&other.as_str()) {
                    found.push(format!("{package} depends on {other}"));
                }
            }
            for other in self.shipped_below(package) {
                if package != WINDOW && TOOLKITS.iter().any(|toolkit| other.starts_with(toolkit)) {
                    found.push(format!("{package} is built with {other}: only {WINDOW} has a window"));
                }
                if package == HUB && IMPURE.contains(&other) {
                    found.push(format!("{package} is built with {other}: time and randomness are arguments"));
                }
            }
        }
        found
    }
}

/// This machine's target, so that packages for other systems need not be there.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

#[test]
fn each_crate_stands_only_on_what_is_below_it() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host()])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let graph = Graph::read(&serde_json::from_slice(&output.stdout).unwrap());
    assert!(graph.shipped_below(WINDOW).contains("tauri"), "the window's packages are seen");
    assert_kept(&graph.violations());
}

#[test]
fn each_broken_rule_is_found() {
    let broken = [
        ("visavis-hub", "visavis-lan", None),
        ("visavis-protocol", "visavis-hub", Some("dev")),
        ("visavis-server", TESTKIT, None),
        ("visavis-server", "visavis-app", Some("build")),
        ("visavis-app", "tauri-utils", None),
        ("visavis-lan", "wry", None),
        (HUB, "tokio", None),
        ("visavis-news", "visavis-protocol", None),
    ];
    let id = |name: &str| format!("{name}#1");
    for (from, to, kind) in broken {
        let both = [from, to];
        let packages = both.map(|name| json!({ "id": id(name), "name": name }));
        let members: Vec<_> = both.into_iter().filter(|name| name.starts_with("visavis")).map(id).collect();
        let edge = json!({ "pkg": id(to), "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "packages": packages,
            "workspace_members": members,
            "resolve": { "nodes": [{ "id": id(from), "deps": [edge] }] },
        });
        assert_eq!(Graph::read(&metadata).violations().len(), 1, "{from} -> {to} ({kind:?})");
    }
}
