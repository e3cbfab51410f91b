//! A window of the same toolkit with nothing in it: what no app of its kind can be faster or smaller than.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!("bench/empty-window/tauri.conf.json"))
}
