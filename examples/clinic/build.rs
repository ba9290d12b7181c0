//! A new revision is a change of this program: it is compiled in.
fn main() {
    println!("cargo::rerun-if-changed=migrations/versions");
}
