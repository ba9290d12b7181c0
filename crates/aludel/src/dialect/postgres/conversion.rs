//! How values of one type become values of another: by themselves, by a cast, or by way of a third type.
//!
//! `ALTER COLUMN … TYPE` takes the casts that an assignment takes
//! (<https://www.postgresql.org/docs/current/sql-altertable.html>), and wants a `USING` for all others. Which there are says
//! `pg_cast`; what is here is what stands there for the types that come with the server. A value that does not fit is refused when the statement
//! runs.

/// The expression that leads from one type to the other, given how the column is written; none if nothing needs to be said. Both
/// types are as the database echoes them.
pub(super) fn using(column: &str, from: &str, to: &str) -> Option<String> {
    match way(from, to) {
        Way::Itself => None,
        Way::Cast => Some(format!("{column}::{to}")),
        Way::Through(between) => Some(format!("{column}::{between}::{to}")),
        Way::NotZero => Some(format!("{column} <> 0")),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// An assignment does it.
    Itself,
    /// It must be asked for.
    Cast,
    /// By way of this type.
    Through(&'static str),
    /// A number as a truth.
    NotZero,
}

fn way(from: &str, to: &str) -> Way {
    let (from, from_array) = base(from);
    let (to, to_array) = base(to);
    let (from, to) = (from.as_str(), to.as_str());
    if is_text(to) && !to_array {
        return Way::Itself;
    }
    match (from_array, to_array) {
        (false, false) => of_items(from, to),
        // An array is cast as its items are.
        (true, true) => match of_items(from, to) {
            Way::Itself => Way::Itself,
            Way::Cast => Way::Cast,
            Way::Through(_) | Way::NotZero => Way::Through("text[]"),
        },
        (false, true) if is_text(from) => Way::Cast,
        _ => Way::Through("text"),
    }
}

fn of_items(from: &str, to: &str) -> Way {
    let is = |list: &[(&str, &str)]| list.contains(&(from, to));
    let both = |list: &[&str]| list.contains(&from) && list.contains(&to);
    if from == to || is_text(to) || both(NUMBERS) || is(ASSIGNED) || as_number(from, to) {
        return Way::Itself;
    }
    if is_text(from) || is(ASKED_FOR) {
        return Way::Cast;
    }
    match (from, to) {
        ("boolean", to) if NUMBERS.contains(&to) => Way::Through("integer"),
        (from, "boolean") if NUMBERS.contains(&from) => Way::NotZero,
        ("money", to) if NUMBERS.contains(&to) => Way::Through("numeric"),
        (from, "money") if NUMBERS.contains(&from) => Way::Through("numeric"),
        // A type that did not come with the server may have brought its casts.
        (from, to) if KNOWN.contains(&from) && KNOWN.contains(&to) => Way::Through("text"),
        _ => Way::Cast,
    }
}

/// What the catalog names its rows by is a number to assignments.
fn as_number(from: &str, to: &str) -> bool {
    let whole = |it: &str| matches!(it, "integer" | "bigint");
    match (NAMES_OF_ROWS.contains(&from), NAMES_OF_ROWS.contains(&to)) {
        (true, true) => from == "oid" || to == "oid",
        (false, true) => whole(from) || from == "smallint",
        (true, false) => whole(to),
        (false, false) => false,
    }
}

/// The type without its size, and of an array that of its items.
fn base(ty: &str) -> (String, bool) {
    let (item, array) = match ty.strip_suffix("[]") {
        Some(item) => (item, true),
        None => (ty, false),
    };
    if item.starts_with("interval") {
        return ("interval".into(), array);
    }
    let item = match (item.find('('), item.find(')')) {
        // Of `timestamp(3) without time zone`, both ends are the type.
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &item[..open], &item[close + 1..])
        }
        _ => item.to_string(),
    };
    (item, array)
}

/// Whether everything becomes this by an assignment.
fn is_text(ty: &str) -> bool {
    TEXTS.contains(&ty)
}

const TEXTS: &[&str] = &[
    "text",
    "character varying",
    "character",
    "bpchar",
    "name",
    "citext",
];

const NAMES_OF_ROWS: &[&str] = &["oid", "regclass", "regtype", "regconfig"];

/// Numbers become each other.
const NUMBERS: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "real",
    "double precision",
];

const DATE: &str = "date";
const TIME: &str = "time without time zone";
const TIME_TZ: &str = "time with time zone";
const STAMP: &str = "timestamp without time zone";
const STAMP_TZ: &str = "timestamp with time zone";

/// Pairs with a cast that an assignment takes.
const ASSIGNED: &[(&str, &str)] = &[
    (DATE, STAMP),
    (DATE, STAMP_TZ),
    (STAMP, STAMP_TZ),
    (STAMP, DATE),
    (STAMP, TIME),
    (STAMP_TZ, STAMP),
    (STAMP_TZ, DATE),
    (STAMP_TZ, TIME),
    (STAMP_TZ, TIME_TZ),
    (TIME, TIME_TZ),
    (TIME, "interval"),
    (TIME_TZ, TIME),
    ("interval", TIME),
    ("json", "jsonb"),
    ("jsonb", "json"),
    ("bit", "bit varying"),
    ("bit varying", "bit"),
    ("inet", "cidr"),
    ("cidr", "inet"),
    ("macaddr", "macaddr8"),
    ("macaddr8", "macaddr"),
    ("integer", "money"),
    ("bigint", "money"),
    ("numeric", "money"),
    ("money", "numeric"),
    ("point", "box"),
    ("box", "polygon"),
    ("path", "polygon"),
    ("polygon", "path"),
    ("text", "regclass"),
    ("character varying", "regclass"),
];

/// Pairs with a cast that must be asked for.
const ASKED_FOR: &[(&str, &str)] = &[
    ("boolean", "integer"),
    ("integer", "boolean"),
    ("integer", "bit"),
    ("bigint", "bit"),
    ("bit", "integer"),
    ("bit", "bigint"),
    ("jsonb", "boolean"),
    ("jsonb", "smallint"),
    ("jsonb", "integer"),
    ("jsonb", "bigint"),
    ("jsonb", "numeric"),
    ("jsonb", "real"),
    ("jsonb", "double precision"),
    ("box", "circle"),
    ("box", "lseg"),
    ("box", "point"),
    ("circle", "box"),
    ("circle", "point"),
    ("circle", "polygon"),
    ("lseg", "point"),
    ("polygon", "box"),
    ("polygon", "circle"),
    ("polygon", "point"),
    ("int4range", "int4multirange"),
    ("int8range", "int8multirange"),
    ("numrange", "nummultirange"),
    ("tsrange", "tsmultirange"),
    ("tstzrange", "tstzmultirange"),
    ("daterange", "datemultirange"),
];

/// Types that come with the server, of which all casts are known here.
const KNOWN: &[&str] = &[
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "real",
    "double precision",
    "money",
    "boolean",
    DATE,
    TIME,
    TIME_TZ,
    STAMP,
    STAMP_TZ,
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "bytea",
    "uuid",
    "xml",
    "bit",
    "bit varying",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "oid",
    "regclass",
    "regtype",
    "regconfig",
    "pg_lsn",
    "tsvector",
    "tsquery",
    "point",
    "line",
    "lseg",
    "box",
    "path",
    "polygon",
    "circle",
    "int4range",
    "int8range",
    "numrange",
    "tsrange",
    "tstzrange",
    "daterange",
    "int4multirange",
    "int8multirange",
    "nummultirange",
    "tsmultirange",
    "tstzmultirange",
    "datemultirange",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_type_to_type() {
        for (from, to, said) in [
            ("integer", "bigint", None),
            ("numeric(10,2)", "integer", None),
            ("integer", "character varying(5)", None),
            ("integer[]", "text", None),
            (
                "timestamp(3) without time zone",
                "timestamp(0) with time zone",
                None,
            ),
            ("character varying(3)", "integer", Some("x::integer")),
            ("citext", "uuid", Some("x::uuid")),
            ("integer", "boolean", Some("x::boolean")),
            ("bigint", "boolean", Some("x <> 0")),
            ("boolean", "bigint", Some("x::integer::bigint")),
            ("real", "money", Some("x::numeric::money")),
            (TIME, STAMP, Some("x::text::timestamp without time zone")),
            ("int4range", "int8range", Some("x::text::int8range")),
            ("integer[]", "integer", Some("x::text::integer")),
            ("integer[]", "bigint[]", None),
            ("text[]", "integer[]", Some("x::integer[]")),
            ("date[]", "integer[]", Some("x::text[]::integer[]")),
            ("text", "integer[]", Some("x::integer[]")),
            ("geometry", "geography", Some("x::geography")),
        ] {
            assert_eq!(using("x", from, to).as_deref(), said, "{from} to {to}");
        }
    }
}
