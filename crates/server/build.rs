//! The interface is built into `ui/dist` by `make ui`; without it the program builds all the same.

fn main() {
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/dist");
    println!("cargo:rerun-if-changed={dist}");
    if let Err(error) = std::fs::create_dir_all(dist) {
        println!("cargo:warning=ui/dist cannot be made: {error}");
    }
}
