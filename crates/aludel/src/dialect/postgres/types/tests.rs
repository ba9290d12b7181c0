//! Types: spelled, echoed, read back.

use super::*;
use crate::schema::MysqlType;
use proptest::prelude::*;

#[test]
fn aliases_have_one_spelling() {
    for (written, canonical) in [
        ("VARCHAR( 32 )", "character varying(32)"),
        ("Int", "integer"),
        ("bigserial", "bigint"),
        ("timestamptz", "timestamp with time zone"),
        ("timestamptz(3)", "timestamp(3) with time zone"),
        (
            "TIMESTAMP (3) WITH TIME ZONE",
            "timestamp(3) with time zone",
        ),
        ("timestamp with time zone", "timestamp with time zone"),
        ("timestamp", "timestamp without time zone"),
        ("time(6)", "time(6) without time zone"),
        ("numeric(10)", "numeric(10,0)"),
        ("numeric( 10 , 2 )", "numeric(10,2)"),
        ("float(10)", "real"),
        ("float", "double precision"),
        ("char", "character(1)"),
        ("\"char\"", "\"char\""),
        ("pg_catalog.int4", "integer"),
        ("text[][]", "text[]"),
        ("int ARRAY", "integer[]"),
        ("varchar(3)[3]", "character varying(3)[]"),
        ("Extensions.CITEXT", "extensions.citext"),
        ("\"Mixed\".\"plain\"", "\"Mixed\".plain"),
        ("INTERVAL day to second (3)", "interval day to second(3)"),
        ("geometry(Point, 4326)", "geometry(point,4326)"),
        ("pg_catalog.\"char\"", "\"char\""),
        ("\"pg_catalog\".\"int4\"", "integer"),
        ("double   precision", "double precision"),
        (
            "Double -- twice\n Precision [ 3 ] [ ]",
            "double precision[]",
        ),
        ("NATIONAL CHARACTER VARYING (20)", "character varying(20)"),
        ("numeric(5, -2)", "numeric(5,-2)"),
        (
            "timestamp with time zone array[4]",
            "timestamp with time zone[]",
        ),
        ("INTERVAL Year TO Month", "interval year to month"),
        ("interval ( 3 )", "interval(3)"),
    ] {
        assert_eq!(canonical_text(written), canonical, "{written}");
        assert_eq!(canonical_text(canonical), canonical, "{canonical}");
    }
}

#[test]
fn spelling_parsing_and_canonical_agree() {
    let postgres = Postgres::of_version(14);
    let plain = [
        Type::Boolean,
        Type::SmallInteger,
        Type::Integer,
        Type::BigInteger,
        Type::Real,
        Type::Double,
        Type::Numeric,
        Type::Decimal(10, 2),
        Type::String,
        Type::Varchar(32),
        Type::Char(3),
        Type::Text,
        Type::Binary,
        Type::Bit(8),
        Type::Varbit(None),
        Type::Varbit(Some(8)),
        Type::Date,
        Type::Time,
        Type::TimeTz,
        Type::Timestamp,
        Type::TimestampTz,
        Type::Interval,
        Type::Time.precision(0),
        Type::TimeTz.precision(2),
        Type::Timestamp.precision(3),
        Type::TimestampTz.precision(6),
        Type::Interval.precision(4),
        Type::Uuid,
        Type::Json,
        Type::Jsonb,
    ];
    let vendor = PostgresType::ALL.iter().map(|it| Type::Postgres(*it));
    for ty in plain.into_iter().chain(vendor) {
        for ty in [ty.clone(), ty.array()] {
            let canonical = canonical(&ty);
            let spelled = spell(&postgres, &ty).unwrap();
            assert_eq!(canonical_text(&spelled), canonical, "{ty:?}");
            assert_eq!(parse(&canonical), ty);
        }
    }
}

#[test]
fn what_another_type_stands_for_is_echoed_as_that_type() {
    let postgres = Postgres::new();
    for (ty, stands) in [
        (Type::TinyInteger, Type::SmallInteger),
        (Type::FixedBinary(16), Type::Binary),
        (Type::Varbinary(64), Type::Binary),
        (Type::TinyInteger.unsigned(), Type::SmallInteger),
        (Type::SmallInteger.unsigned(), Type::Integer),
        (Type::Integer.unsigned(), Type::BigInteger),
        (Type::BigInteger.unsigned(), Type::Decimal(20, 0)),
        (Type::Text.array().array(), Type::Text.array()),
    ] {
        assert_eq!(canonical(&ty), canonical(&stands));
        assert_eq!(
            canonical_text(&spell(&postgres, &ty).unwrap()),
            canonical(&stands)
        );
        assert_eq!(parse(&canonical(&ty)), stands);
    }
}

#[test]
fn each_type_that_is_missing_has_its_own_alternative() {
    let refused = |version: u32, ty: Type| match spell(&Postgres::of_version(version), &ty) {
        Err(Error::Unsupported {
            operation, instead, ..
        }) => format!("{operation}: {instead}"),
        other => format!("{other:?}"),
    };
    let text = refused(15, MysqlType::MediumText.into());
    assert_eq!(text, "have a column of type MEDIUMTEXT: take `Type::Text`");
    let year = refused(15, Type::from(MysqlType::Year).array());
    assert_eq!(
        year,
        "have a column of type YEAR: take `Type::SmallInteger`"
    );
    assert!(refused(15, Type::from(MysqlType::MediumInteger).unsigned()).contains("Integer"));
    assert!(refused(15, Type::custom("set('a', 'b')")).contains("a table of its own"));
    assert!(refused(13, PostgresType::DateMultirange.into()).contains("a row for each range"));
    assert_eq!(
        refused(14, PostgresType::DateMultirange.into()),
        "Ok(\"DATEMULTIRANGE\")"
    );
    assert!(refused(15, Type::Timestamp.precision(9)).contains("keep 9 digits of a second"));
    assert!(refused(15, Type::Decimal(5, 2).precision(3)).contains("without seconds"));
}

/// Names in their tokens, each written as one likes.
fn written() -> impl Strategy<Value = (String, String)> {
    let names = [
        "timestamp ( 3 ) with time zone [ ]",
        "double precision",
        "national character varying ( 20 )",
        "numeric ( 10 , 2 )",
        "interval day to second ( 3 )",
        "\"Odd schema\" . \"My \"\"Type\" ( 4 )",
        "extensions . geometry ( point , 4326 )",
        "bit varying [ ] [ ]",
    ];
    let marks = prop::collection::vec((any::<bool>(), 0..3_usize), 60);
    (prop::sample::select(names.to_vec()), marks).prop_map(|(name, marks)| {
        let mut marks = marks.into_iter().cycle();
        let mut text = String::new();
        // Inside of quotes, every letter and space counts.
        for (at, part) in name.split('"').enumerate() {
            if at % 2 == 1 {
                text += &format!("\"{part}\"");
                continue;
            }
            for c in part.chars() {
                let (upper, spaces) = marks.next().unwrap_or_default();
                let symbol = "()[],.".contains(c);
                match c {
                    ' ' => text += [" ", "  ", " /* x */ "][spaces],
                    c if upper && !symbol => text.extend(c.to_uppercase()),
                    c => text.push(c),
                }
            }
        }
        (name.to_string(), text)
    })
}

proptest! {
    #[test]
    fn case_and_spacing_of_a_name_say_nothing((name, text) in written()) {
        prop_assert_eq!(canonical_text(&text), canonical_text(&name));
        prop_assert_eq!(canonical_text(&canonical_text(&text)), canonical_text(&name));
    }
}
