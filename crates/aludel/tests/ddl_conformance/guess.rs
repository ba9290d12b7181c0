//! Guesses at what a call leaves unsaid: which types its columns have, and what rows are in its tables.

use crate::text::{Token, tokens};
use crate::vector::{Reader, text};
use aludel::schema::{Column, MysqlType, PostgresType, Table, Type};
use aludel::sql::Literal;
use serde_json::Value;
use std::collections::BTreeMap;

/// How to guess the types of columns. The first with which Alembic's statements work is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// As the call says; numbers and texts by what stands beside the column.
    Likely,
    /// Texts.
    Texts,
    /// An altered column has the new type already.
    AsItWillBe,
}

impl Guess {
    pub(crate) const ALL: [Self; 3] = [Self::Likely, Self::Texts, Self::AsItWillBe];

    pub(crate) fn text(self) -> Type {
        Type::Varchar(50)
    }
}

/// Words of SQL that are no names.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "null",
    "is",
    "in",
    "like",
    "between",
    "true",
    "false",
    "case",
    "when",
    "then",
    "else",
    "end",
    "cast",
    "as",
    "integer",
    "text",
    "varchar",
    "desc",
    "asc",
    "interval",
    "collate",
    "current_date",
    "current_timestamp",
    "select",
    "distinct",
    "numeric",
    "date",
    "escape",
    "glob",
    "ilike",
    "any",
    "all",
    "nulls",
    "first",
    "last",
];

/// The names that an expression mentions: neither words of SQL, nor functions, nor strings.
pub(crate) fn names_in(sql: &str) -> Vec<String> {
    let tokens = tokens(sql);
    let mut names: Vec<String> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let called = tokens.get(at + 1) == Some(&Token::Sign('('));
        let typed = at > 0 && tokens[at - 1] == Token::Sign(':');
        let name = match token {
            Token::Word(it)
                if called
                    || typed
                    || WORDS.contains(&it.as_str())
                    || it.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                continue;
            }
            Token::Word(it) | Token::Quoted(it) => it,
            _ => continue,
        };
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The type of a column that a call mentions.
pub(crate) fn type_of(reader: &Reader<'_>, args: &Value, column: &str, guess: Guess) -> Type {
    let said = |key: &str| {
        reader
            .option(args, key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_lowercase()
    };
    let operator = args["elements"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|it| it[0] == column)
        .map(|it| it[1].clone());
    match (
        operator.as_ref().and_then(Value::as_str),
        said("using").as_str(),
        said("prefix").as_str(),
    ) {
        (Some("&&" | "-|-" | "<<" | ">>"), ..) => return PostgresType::Int4Range.into(),
        (_, "gin", _) => return Type::Jsonb,
        (_, "gist" | "spgist", _) => return PostgresType::Int4Range.into(),
        (_, _, "spatial") => return MysqlType::Geometry.into(),
        (_, _, "fulltext") => return Type::Text,
        _ => {}
    }
    let sized = reader.option(args, "length").is_some()
        || reader
            .option(args, "ops")
            .and_then(|it| text(it, column))
            .is_some();
    match guess == Guess::Texts || sized || beside_text(&args.to_string(), column) {
        true => guess.text(),
        false => Type::Integer,
    }
}

/// Whether a column stands beside a string or in a function of texts.
fn beside_text(sql: &str, column: &str) -> bool {
    let spaceless: String = sql.split_whitespace().collect::<String>().to_lowercase();
    let column = column.to_lowercase();
    let signs = [
        format!("lower({column}"),
        format!("upper({column}"),
        format!("trim({column}"),
        format!("length({column}"),
        format!("coalesce({column},'"),
        format!("{column}||"),
        format!("||{column}"),
        format!("{column}like"),
        format!("{column}in('"),
        format!("{column}='"),
        format!("{column}<>'"),
        format!("{column}!='"),
        format!("substr({column}"),
    ];
    signs.iter().any(|it| spaceless.contains(it))
}

/// Statements that give a table two rows, one each; or the same rows to the table that became of it.
pub(crate) fn rows(
    reader: &Reader<'_>,
    table: &Table,
    into: &Table,
    renamed: &BTreeMap<String, String>,
) -> Vec<String> {
    let Ok(name) = reader.spell.qualified(&into.name) else {
        return Vec::new();
    };
    let always = |it: &Column| it.identity.as_ref().is_some_and(|it| it.always);
    // Their numbers are given, so that they can be compared.
    let given = match reader.is("postgresql") && into.columns.iter().any(always) {
        true => "OVERRIDING SYSTEM VALUE ",
        false => "",
    };
    (1..=2)
        .filter_map(|number| {
            let mut columns = Vec::new();
            let mut values = Vec::new();
            for column in &table.columns {
                let called = renamed
                    .get(column.name.as_str())
                    .map_or(column.name.as_str(), String::as_str);
                if !into.has_column(called) {
                    continue;
                }
                let fills_itself = column.generated.is_some();
                let empty = column.nullable.then_some(Literal::Null);
                if let Some(value) = value(&column.ty.written, number)
                    .or(empty)
                    .filter(|_| !fills_itself)
                {
                    columns.push(reader.spell.quote(called).ok()?);
                    values.push(reader.spell.literal(&value).ok()?);
                }
            }
            match columns.is_empty() {
                true => None,
                false => Some(format!(
                    "INSERT INTO {name} ({}) {given}VALUES ({})",
                    columns.join(", "),
                    values.join(", ")
                )),
            }
        })
        .collect()
}

/// A value of a type; none where the column is left to itself.
fn value(ty: &Type, number: i64) -> Option<Literal> {
    let letter = if number == 1 { "a" } else { "b" };
    Some(match ty {
        Type::Boolean => Literal::Bool(number == 1),
        Type::Unsigned(of) | Type::Precise(of, _) => return value(of, number),
        ty if ty.is_integer() => Literal::Integer(number),
        Type::Real | Type::Double | Type::Numeric | Type::Decimal(..) => Literal::Integer(number),
        Type::String | Type::Varchar(_) | Type::Char(_) | Type::Text => {
            Literal::Text(letter.into())
        }
        Type::Binary | Type::FixedBinary(_) | Type::Varbinary(_) => {
            Literal::Bytes(vec![u8::try_from(number).unwrap_or(0), 255])
        }
        Type::Date => Literal::Text(format!("2024-01-0{number}")),
        Type::Time => Literal::Text(format!("10:20:0{number}")),
        Type::Timestamp | Type::TimestampTz => Literal::Text(format!("2024-01-0{number} 10:20:30")),
        Type::Uuid => Literal::Text(format!("67e55044-10b1-426f-9247-bb680e5fe0c{number}")),
        Type::Json | Type::Jsonb => Literal::Text(format!("{{\"n\": {number}}}")),
        Type::Enum(ty) => Literal::Text(
            ty.values
                .get(usize::try_from(number).ok()? - 1)
                .or(ty.values.first())?
                .clone(),
        ),
        Type::Mysql(MysqlType::Blob) => {
            Literal::Bytes(vec![u8::try_from(number).unwrap_or(0), 255])
        }
        Type::Postgres(PostgresType::Int4Range) => Literal::Text(format!("[{number}0,{number}5)")),
        Type::Custom(text) if text == "JSON" => return value(&Type::Json, number),
        Type::Custom(text) if text.ends_with("SERIAL") => Literal::Integer(number),
        _ => return None,
    })
}
