//! How a column's values become those of another type: by themselves, where PostgreSQL has a cast for assignments; by a cast that
//! is said; or by their text, which is what every type reads and writes
//! (<https://www.postgresql.org/docs/current/sql-createcast.html>). A value that does not read as one of the new type is refused
//! by the database, and the change with it.

use super::types::canonical;
use crate::schema::{PostgresType, Type};

/// What stands between the column and the new type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cast {
    /// Nothing.
    Automatic,
    /// The cast alone: `c::integer`.
    Said,
    /// The text of the value: `c::text::integer`.
    ByText,
}

/// How one type becomes another. Of types that others have brought, nothing is known but that they read and write text.
pub(super) fn cast(from: &Type, to: &Type) -> Cast {
    match (from, to) {
        (Type::Array(from), Type::Array(to)) => cast(from, to),
        (_, to) if is_text(to) => Cast::Automatic,
        (from, Type::Enum(_)) | (Type::Enum(_), from) if !is_text(from) => Cast::ByText,
        (Type::Array(_), to) | (to, Type::Array(_)) if is_built_in(to) && !is_text(to) => {
            Cast::ByText
        }
        (from, to) if is_text(from) => match to {
            Type::Array(_) | Type::Enum(_) => Cast::Said,
            to if is_built_in(to) => Cast::Said,
            _ => Cast::Automatic,
        },
        (from, to) if !is_built_in(from) || !is_built_in(to) => Cast::Automatic,
        (from, to) => of_names(&name(from), &name(to)),
    }
}

fn of_names(from: &str, to: &str) -> Cast {
    let of = |list: &[&[&str]]| list.iter().any(|it| it[0] == from && it[1..].contains(&to));
    if from == to
        || AMONG_THEMSELVES
            .iter()
            .any(|it| it.contains(&from) && it.contains(&to))
        || of(AUTOMATIC)
    {
        Cast::Automatic
    } else if of(SAID) {
        Cast::Said
    } else {
        Cast::ByText
    }
}

fn is_text(ty: &Type) -> bool {
    matches!(
        ty,
        Type::String | Type::Varchar(_) | Type::Char(_) | Type::Text
    )
}

/// A type of PostgreSQL's own, and no list, enum or domain.
fn is_built_in(ty: &Type) -> bool {
    use PostgresType::{Citext, Hstore, Ltree};
    let others = matches!(
        ty,
        Type::Array(_) | Type::Enum(_) | Type::Custom(_) | Type::Mysql(_)
    );
    !others && !matches!(ty, Type::Postgres(Citext | Hstore | Ltree))
}

/// The name of a type, without what stands in parentheses.
fn name(ty: &Type) -> String {
    let text = canonical(ty);
    match text.split_once('(') {
        Some((name, rest)) => format!("{name}{}", rest.split_once(')').map_or("", |it| it.1)),
        None => text,
    }
}

/// Types each of which becomes each by assignment. From here on, this is `pg_cast` of PostgreSQL 15.
const AMONG_THEMSELVES: &[&[&str]] = &[
    &[
        "smallint",
        "integer",
        "bigint",
        "real",
        "double precision",
        "numeric",
    ],
    &["json", "jsonb"],
    &["inet", "cidr"],
    &["macaddr", "macaddr8"],
    &["bit", "bit varying"],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
    ],
    &["time without time zone", "time with time zone"],
];

/// A type, and what it becomes by assignment.
const AUTOMATIC: &[&[&str]] = &[
    &["integer", "money", "oid"],
    &["bigint", "money", "oid"],
    &["smallint", "oid"],
    &["oid", "integer", "bigint"],
    &["numeric", "money"],
    &["money", "numeric"],
    &["timestamp without time zone", "time without time zone"],
    &[
        "timestamp with time zone",
        "time without time zone",
        "time with time zone",
    ],
    &["time without time zone", "interval"],
    &["interval", "time without time zone"],
    &["point", "box"],
    &["path", "polygon"],
    &["box", "polygon"],
    &["polygon", "path"],
];

/// A type, and what it becomes by a cast that is said.
const SAID: &[&[&str]] = &[
    &["boolean", "integer"],
    &["integer", "boolean", "bit"],
    &["bigint", "bit"],
    &["bit", "integer", "bigint"],
    &[
        "jsonb",
        "boolean",
        "smallint",
        "integer",
        "bigint",
        "real",
        "double precision",
        "numeric",
    ],
    &["int4range", "int4multirange"],
    &["int8range", "int8multirange"],
    &["numrange", "nummultirange"],
    &["tsrange", "tsmultirange"],
    &["tstzrange", "tstzmultirange"],
    &["daterange", "datemultirange"],
    &["box", "point", "lseg", "circle"],
    &["lseg", "point"],
    &["circle", "point", "box", "polygon"],
    &["polygon", "point", "box", "circle"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_two_types() {
        let mood = || Type::enumeration("mood", ["sad"]);
        let rows = [
            (Type::Integer, Type::BigInteger, Cast::Automatic),
            (Type::Integer, Type::Decimal(9, 2), Cast::Automatic),
            (Type::Varchar(9), Type::Text, Cast::Automatic),
            (Type::Jsonb, Type::Text, Cast::Automatic),
            (mood(), Type::Varchar(9), Cast::Automatic),
            (Type::Timestamp.precision(3), Type::Date, Cast::Automatic),
            (
                Type::Integer.array(),
                Type::BigInteger.array(),
                Cast::Automatic,
            ),
            (Type::Text, PostgresType::Citext.into(), Cast::Automatic),
            (Type::custom("a_domain"), Type::Integer, Cast::Automatic),
            (Type::Text, Type::Integer, Cast::Said),
            (Type::Text.array(), Type::Integer.array(), Cast::Said),
            (Type::Varchar(9), Type::Integer.array(), Cast::Said),
            (Type::Integer, Type::Boolean, Cast::Said),
            (Type::Text, mood(), Cast::Said),
            (Type::SmallInteger, Type::Boolean, Cast::ByText),
            (Type::Json, Type::Integer, Cast::ByText),
            (Type::Date, Type::Integer, Cast::ByText),
            (mood(), Type::Integer, Cast::ByText),
            (mood(), Type::enumeration("other", ["sad"]), Cast::ByText),
            (Type::Integer.array(), Type::Integer, Cast::ByText),
        ];
        for (from, to, wanted) in rows {
            assert_eq!(cast(&from, &to), wanted, "{from:?} to {to:?}");
        }
    }
}
