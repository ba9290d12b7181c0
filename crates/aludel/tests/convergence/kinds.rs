//! What a column may hold on each database: types, values, defaults, and expressions that all values satisfy.
//!
//! A column has a flavor for life: what its values look like. Any type of its flavor takes these values, so that a column can
//! become another type while it has rows. The value depends on flavor and row alone, so that row 3 of a table refers to row 3 of
//! another, whatever columns a foreign key has.

use super::rng::Rng;
use aludel::schema::{Enum, MysqlType, PostgresType, Type};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Db {
    Sqlite,
    Postgres,
    Mariadb,
}

/// What the values of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavor {
    /// `1`, as a number or as text.
    Whole,
    /// Text of any kind.
    Odd,
    Truth,
    Moment,
    Day,
    Bytes,
    Uuid,
    Json,
    Fraction,
    /// A label of the enum type of this number.
    Label(usize),
    /// Numbers in a list (PostgreSQL).
    List,
    Address,
    Year,
}

/// What an expression may do with the values of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Number,
    Text,
    Truth,
    Time,
    Enum,
    Other,
}

impl Db {
    pub fn quote(self, name: &str) -> String {
        match self {
            Self::Mariadb => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    pub fn flavors(self) -> Vec<Flavor> {
        use Flavor::*;
        let mut all = vec![
            Whole,
            Whole,
            Whole,
            Odd,
            Odd,
            Truth,
            Moment,
            Day,
            Bytes,
            Uuid,
            Json,
            Fraction,
            Label(0),
            Label(0),
            Label(1),
        ];
        match self {
            Self::Postgres => all.extend([List, Address]),
            Self::Mariadb => all.push(Year),
            Self::Sqlite => {}
        }
        all
    }
}

/// The types that hold such values.
pub fn types(db: Db, flavor: Flavor, enums: &[Enum]) -> Vec<Type> {
    use Type::*;
    match flavor {
        Flavor::Whole => {
            let mut all = vec![
                Integer,
                Integer,
                Integer,
                SmallInteger,
                BigInteger,
                Decimal(9, 0),
                Varchar(40),
                Text,
            ];
            if db == Db::Mariadb {
                all.extend([
                    TinyInteger,
                    MysqlType::MediumInteger.into(),
                    Integer.unsigned(),
                ]);
            }
            all
        }
        Flavor::Odd => {
            let mut all = vec![Text, String, Varchar(60), Varchar(200), Char(20)];
            if db == Db::Mariadb {
                all.extend([MysqlType::MediumText.into(), MysqlType::LongText.into()]);
            }
            all
        }
        Flavor::Truth => vec![Boolean],
        Flavor::Moment => vec![
            Timestamp,
            TimestampTz,
            Timestamp.precision(3),
            TimestampTz.precision(0),
        ],
        Flavor::Day if db == Db::Mariadb => vec![Date, Timestamp],
        Flavor::Day => vec![Date, Timestamp, Text],
        Flavor::Bytes if db == Db::Mariadb => {
            vec![Binary, Varbinary(20), Varbinary(9), MysqlType::Blob.into()]
        }
        Flavor::Bytes => vec![Binary],
        Flavor::Uuid => vec![Uuid],
        Flavor::Json => vec![Json, Jsonb, Text],
        Flavor::Fraction if db == Db::Mariadb => vec![Real, Double, Decimal(8, 2), Decimal(10, 3)],
        Flavor::Fraction => vec![Real, Double, Numeric, Decimal(8, 2), Decimal(10, 3)],
        Flavor::Label(number) => {
            vec![
                Type::Enum(enums[number].clone()),
                Type::Enum(enums[number].clone()),
                Varchar(40),
                Text,
            ]
        }
        Flavor::List => vec![Integer.array(), BigInteger.array(), Text.array()],
        Flavor::Address => vec![
            PostgresType::Inet.into(),
            PostgresType::Cidr.into(),
            Varchar(43),
        ],
        Flavor::Year => vec![MysqlType::Year.into(), SmallInteger],
    }
}

pub fn sort(ty: &Type) -> Sort {
    match ty {
        Type::Unsigned(of) => sort(of),
        ty if ty.is_integer() => Sort::Number,
        Type::Real | Type::Double | Type::Numeric | Type::Decimal(..) => Sort::Number,
        Type::Mysql(MysqlType::MediumText | MysqlType::LongText) => Sort::Text,
        Type::String | Type::Varchar(_) | Type::Char(_) | Type::Text => Sort::Text,
        Type::Boolean => Sort::Truth,
        Type::Date | Type::Timestamp | Type::TimestampTz => Sort::Time,
        Type::Precise(of, _) => sort(of),
        Type::Enum(_) => Sort::Enum,
        _ => Sort::Other,
    }
}

/// Whether every value has one text, whichever of these types it is in.
pub fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Unsigned(of) => is_plain(of),
        Type::Decimal(_, scale) => *scale == 0,
        Type::Char(_) => false,
        ty => ty.is_integer() || matches!(sort(ty), Sort::Text | Sort::Enum),
    }
}

/// Whether PostgreSQL compares columns of these types in a foreign key.
pub fn are_compared(one: &Type, other: &Type) -> bool {
    let text = |it: &Type| sort(it) == Sort::Text && !matches!(it, Type::Char(_));
    one == other || (one.is_integer() && other.is_integer()) || (text(one) && text(other))
}

/// Whether the values of these rows differ, and the type can be a key.
pub fn can_be_key(db: Db, flavor: Flavor, ty: &Type) -> bool {
    let differs = matches!(
        flavor,
        Flavor::Whole | Flavor::Odd | Flavor::Moment | Flavor::Day | Flavor::Uuid | Flavor::Bytes
    );
    differs && can_be_indexed(db, ty)
}

/// MariaDB indexes text and bytes without a length only where they have one themselves.
pub fn can_be_indexed(db: Db, ty: &Type) -> bool {
    match db {
        Db::Sqlite => true,
        Db::Postgres => !matches!(ty, Type::Json),
        Db::Mariadb => !matches!(
            ty,
            Type::Text
                | Type::Binary
                | Type::Json
                | Type::Jsonb
                | Type::Mysql(MysqlType::MediumText | MysqlType::LongText | MysqlType::Blob)
        ),
    }
}

fn bytes(db: Db, hex: &str) -> String {
    match db {
        Db::Postgres => format!("'\\x{hex}'"),
        _ => format!("x'{hex}'"),
    }
}

/// The value of a row, as a literal that each type of the flavor takes.
pub fn value(db: Db, flavor: Flavor, row: usize, enums: &[Enum]) -> String {
    let n = row + 1;
    match flavor {
        Flavor::Whole => format!("'{n}'"),
        Flavor::Odd => {
            let texts = ["it''s", "Größe", "a \"b\" `c`", "NULL", "-- x;", "%s {}"];
            format!("'{n} {}'", texts[row % texts.len()])
        }
        Flavor::Truth => format!("'{}'", row % 2),
        Flavor::Moment => format!("'2024-02-0{n} 12:30:0{n}'"),
        Flavor::Day => format!("'2024-02-0{n}'"),
        Flavor::Bytes => bytes(db, &format!("00ff0{n}")),
        Flavor::Uuid => match db {
            Db::Postgres => format!("'0000000{n}-1111-4222-8333-444455556666'"),
            _ => format!("x'0000000{n}111142228333444455556666'"),
        },
        Flavor::Json => format!("'{{\"a\": [{n}, null]}}'"),
        Flavor::Fraction => format!("'{n}.5'"),
        Flavor::Label(number) => text(&enums[number].values[row % 2]),
        Flavor::List => format!("'{{{n},7}}'"),
        Flavor::Address => format!("'10.0.0.{n}'"),
        Flavor::Year => format!("'202{n}'"),
    }
}

pub fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A default for a column of the type, which its checks accept.
pub fn default(db: Db, flavor: Flavor, ty: &Type, rng: &mut Rng) -> Option<String> {
    let some = |rng: &mut Rng, all: &[&str]| Some(rng.pick(all).to_string());
    match (flavor, sort(ty)) {
        (Flavor::Whole, _) if matches!(ty, Type::Unsigned(_)) => some(rng, &["7", "0"]),
        (Flavor::Whole, Sort::Number) => some(rng, &["7", "-1", "(3 + 4)", "0", "'7'"]),
        (Flavor::Whole, _) => some(rng, &["'7'", "'12'", "'0'"]),
        (Flavor::Odd, _) if matches!(ty, Type::Char(_)) => some(rng, &["'x'", "'it''s'"]),
        (Flavor::Odd, _) => some(
            rng,
            &[
                "''",
                "'it''s'",
                "'a -- b'",
                "'NULL'",
                "'now()'",
                "(upper('x'))",
            ],
        ),
        (Flavor::Truth, _) => some(rng, &["true", "false", "TRUE"]),
        (Flavor::Moment, _) => some(
            rng,
            &[
                "CURRENT_TIMESTAMP",
                "'2024-01-01 00:00:00'",
                "'2020-02-29 23:59:59'",
            ],
        ),
        (Flavor::Day, Sort::Text) => some(rng, &["'2024-01-01'"]),
        (Flavor::Day, _) if *ty == Type::Date && db == Db::Mariadb => {
            some(rng, &["'2024-01-01'", "'2020-02-29'", "(curdate())"])
        }
        (Flavor::Day, _) if *ty == Type::Date => some(rng, &["'2024-01-01'", "CURRENT_DATE"]),
        (Flavor::Day, _) => some(rng, &["'2024-01-01 00:00:00'", "CURRENT_TIMESTAMP"]),
        (Flavor::Bytes, _) => Some(bytes(db, "0a0b")),
        (Flavor::Uuid, _) if db == Db::Postgres => some(
            rng,
            &[
                "gen_random_uuid()",
                "'00000000-1111-4222-8333-444455556666'",
            ],
        ),
        (Flavor::Uuid, _) => None,
        (Flavor::Json, _) => some(rng, &["'{}'", "'[1, 2]'", "'\"a\"'"]),
        (Flavor::Fraction, _) => some(rng, &["0.5", "1", "12.25"]),
        (Flavor::Label(_), _) => None,
        (Flavor::List, _) => some(rng, &["'{}'", "'{1,2}'"]),
        (Flavor::Address, _) => some(rng, &["'10.0.0.0'"]),
        (Flavor::Year, _) => some(rng, &["2024", "1999"]),
    }
}

/// A condition that every value satisfies; `c` is the column, quoted.
pub fn condition(sort: Sort, c: &str, label: &str, rng: &mut Rng) -> Option<String> {
    let all: Vec<String> = match sort {
        Sort::Number => vec![
            format!("{c} > -9"),
            format!("{c} BETWEEN -9 AND 99999"),
            format!("{c} <> 13 OR {c} IS NULL"),
            format!("abs({c}) < 99999 AND NOT ({c} = 13)"),
            format!("{c} NOT IN (13, 14)"),
            format!("CASE WHEN {c} > 5 THEN {c} < 99999 ELSE {c} > -10 END"),
        ],
        Sort::Text => vec![
            format!("length({c}) < 300"),
            format!("{c} <> 'never'"),
            format!("{c} NOT LIKE 'never%'"),
            format!("lower({c}) <> 'it''s never'"),
            format!("coalesce({c}, '') <> 'never'"),
        ],
        Sort::Truth => vec![
            format!("{c} OR NOT {c}"),
            format!("{c} IS NOT NULL OR {c} IS NULL"),
        ],
        Sort::Time => vec![
            format!("{c} > '1990-01-01'"),
            format!("{c} <> '1991-01-01'"),
        ],
        Sort::Enum => vec![
            format!("{c} <> {label} OR {c} IS NULL OR {c} = {label}"),
            format!("{c} = {label} OR {c} IS NOT NULL OR {c} IS NULL"),
        ],
        Sort::Other => return None,
    };
    Some(rng.pick(&all).clone())
}

/// A condition that some rows satisfy, for an index.
pub fn predicate(sort: Sort, c: &str, label: &str, rng: &mut Rng) -> String {
    let all: Vec<String> = match sort {
        Sort::Number => vec![
            format!("{c} > 2"),
            format!("{c} IN (1, 2)"),
            format!("{c} IS NOT NULL"),
        ],
        Sort::Text => vec![
            format!("{c} <> ''"),
            format!("{c} LIKE '1%'"),
            format!("{c} IS NULL"),
        ],
        Sort::Truth => vec![
            c.to_string(),
            format!("NOT {c}"),
            format!("{c} IS NOT NULL"),
        ],
        Sort::Time => vec![format!("{c} > '2020-01-01'"), format!("{c} IS NOT NULL")],
        Sort::Enum => vec![format!("{c} = {label}"), format!("{c} IS NOT NULL")],
        Sort::Other => vec![format!("{c} IS NOT NULL")],
    };
    rng.pick(&all).clone()
}

/// What a generated column computes, and its type.
pub fn computed(
    db: Db,
    sort: Sort,
    c: &str,
    label: &str,
    rng: &mut Rng,
) -> Option<(String, Flavor, Type)> {
    let number = |text: String| (text, Flavor::Whole, Type::BigInteger);
    let all = match sort {
        Sort::Number => vec![
            number(format!("{c} * 2")),
            number(format!("({c} + 1)")),
            number(format!("abs({c}) + 1")),
            (
                format!("CASE WHEN {c} > 2 THEN 'many' ELSE 'few' END"),
                Flavor::Odd,
                Type::Text,
            ),
        ],
        Sort::Text => vec![
            number(format!("length({c})")),
            (format!("lower({c})"), Flavor::Odd, Type::Text),
            (format!("coalesce({c}, 'none')"), Flavor::Odd, Type::Text),
        ],
        Sort::Truth => vec![(format!("NOT {c}"), Flavor::Truth, Type::Boolean)],
        Sort::Enum if db != Db::Mariadb => {
            vec![(
                format!("CASE WHEN {c} = {label} THEN 1 ELSE 0 END"),
                Flavor::Whole,
                Type::Integer,
            )]
        }
        _ => return None,
    };
    Some(rng.pick(&all).clone())
}

/// What an index may hold in place of a column.
pub fn key_expression(db: Db, sort: Sort, c: &str, rng: &mut Rng) -> Option<String> {
    if db == Db::Mariadb {
        return None;
    }
    let all = match sort {
        Sort::Number => vec![
            format!("abs({c})"),
            format!("{c} + 1"),
            format!("({c} * 2)"),
        ],
        Sort::Text => vec![format!("lower({c})"), format!("coalesce({c}, 'x')")],
        _ => return None,
    };
    Some(rng.pick(&all).clone())
}
