//! What a mistake in a model looks like: each case of `ui/` with the compiler's answer beside it.
//!
//! After a change of wording run `TRYBUILD=overwrite cargo test -p aludel --test derive_errors`, and read the difference: every error has
//! to point at the token that is wrong, and to say what may stand there.

/// With these features on, the compiler lists other types that have column types, and its answers differ.
const PLAIN: bool = cfg!(not(any(
    feature = "bigdecimal",
    feature = "bit-vec",
    feature = "chrono",
    feature = "ipnetwork",
    feature = "jiff",
    feature = "json",
    feature = "mac_address",
    feature = "rust_decimal",
    feature = "time",
    feature = "uuid",
)));

/// Cases whose answer lists the implementors of a trait.
const LISTS: [&str; 3] = [
    "length_of_a_number",
    "metadata_of_no_model",
    "type_is_no_column",
];

#[test]
fn every_mistake_is_shown_where_it_stands() {
    let cases = trybuild::TestCases::new();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let is_case = path.extension().is_some_and(|it| it == "rs");
        if is_case && (PLAIN || !LISTS.contains(&stem)) {
            cases.compile_fail(&path);
        }
    }
}
