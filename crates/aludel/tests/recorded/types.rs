//! Neutral types as types of this library: the one that means what SQLAlchemy's means on that dialect, and a name as SQLAlchemy
//! spells it where there is none.

use crate::reader::{Reader, flag, number, strings, text};
use aludel::schema::{Enum, MysqlType, PostgresType, Type};
use serde_json::Value;

/// A type, and what a column gets with it.
pub(crate) struct Typed {
    pub(crate) ty: Type,
    pub(crate) collation: Option<String>,
    pub(crate) charset: Option<String>,
    /// The values of its own check, and the name of that check.
    pub(crate) check: Option<(Option<Value>, Vec<String>)>,
    /// Whether `create_table` creates the enum type first.
    pub(crate) creates: bool,
}

impl From<Type> for Typed {
    fn from(ty: Type) -> Self {
        Self {
            ty,
            collation: None,
            charset: None,
            check: None,
            creates: false,
        }
    }
}

impl Reader<'_> {
    /// The type that the neutral JSON says, on this dialect.
    pub(crate) fn ty(&self, json: &Value) -> Typed {
        if let Some(variant) = json.get("variants").and_then(|it| it.get(self.dialect)) {
            return self.ty(variant);
        }
        let name = text(json, "type").unwrap();
        match name.split_once('.') {
            Some(("postgresql", name)) => self.postgres(name, json),
            Some(("mysql" | "mariadb", name)) => self.mysql(name, json),
            Some((_, name)) => self.generic(name, json),
            None => self.generic(name, json),
        }
    }

    fn generic(&self, name: &str, json: &Value) -> Typed {
        let length = number(json, "length");
        let zone = flag(json, "timezone");
        if self.is("sqlite") && BY_NAME.contains(&name) {
            let sizes: Vec<String> = ["length", "precision", "scale"]
                .iter()
                .filter_map(|it| number(json, it))
                .map(|it| it.to_string())
                .collect();
            let name = name.replace('_', " ");
            let said = if sizes.is_empty() {
                name
            } else {
                format!("{name}({})", sizes.join(", "))
            };
            return Type::custom(said).into();
        }
        let ty: Type = match name {
            "Integer" | "INTEGER" => Type::Integer,
            "SmallInteger" | "SMALLINT" => Type::SmallInteger,
            "BigInteger" | "BIGINT" => Type::BigInteger,
            "String" | "Unicode" | "VARCHAR" => return self.string(length, json),
            "Text" | "UnicodeText" | "TEXT" => match length {
                Some(length) => Type::custom(format!("TEXT({length})")),
                None => {
                    return Typed {
                        collation: owned(json, "collation"),
                        ..Type::Text.into()
                    };
                }
            },
            "CHAR" if length.is_some() => {
                let ty = Type::Char(length.unwrap_or_default());
                return Typed {
                    collation: owned(json, "collation"),
                    ..ty.into()
                };
            }
            "NCHAR" if self.is_mysql() => Type::custom(sized("NATIONAL CHAR", length)),
            "NVARCHAR" if self.is_mysql() => Type::custom(sized("NATIONAL VARCHAR", length)),
            "Boolean" => {
                let made = flag(json, "create_constraint") && !self.is("postgresql");
                let check = made.then(|| (json.get("name").cloned(), vec!["0".into(), "1".into()]));
                return Typed {
                    check,
                    ..Type::Boolean.into()
                };
            }
            "BOOLEAN" => Type::Boolean,
            "Numeric" | "NUMERIC" | "DECIMAL" => self.exact(name, json),
            "Float" | "FLOAT" => self.float(json),
            "REAL" if self.is_mysql() => Type::custom("REAL"),
            "REAL" => Type::Real,
            "Double" => Type::Double,
            "DOUBLE" if !self.is("postgresql") => Type::Double,
            "DOUBLE_PRECISION" if !self.is("sqlite") => Type::Double,
            "Date" | "DATE" => Type::Date,
            "Time" | "TIME" => self.moment(Type::Time, Type::TimeTz, zone),
            "DateTime" => self.moment(Type::Timestamp, Type::TimestampTz, zone),
            "DATETIME" if self.is_mysql() => Type::Timestamp.precision(0),
            "TIMESTAMP" if self.is_mysql() => Type::TimestampTz.precision(0),
            "TIMESTAMP" => self.moment(Type::Timestamp, Type::TimestampTz, zone),
            "Interval" => return self.interval(json),
            "LargeBinary" => match length {
                Some(length) if self.is_mysql() => Type::custom(format!("BLOB({length})")),
                None if self.is_mysql() => MysqlType::Blob.into(),
                _ => Type::Binary,
            },
            "BLOB" if self.is("sqlite") => Type::Binary,
            "BLOB" if self.is_mysql() && length.is_none() => MysqlType::Blob.into(),
            "BINARY" if self.is_mysql() && length.is_some() => {
                Type::FixedBinary(length.unwrap_or_default())
            }
            "VARBINARY" if self.is_mysql() && length.is_some() => {
                Type::Varbinary(length.unwrap_or_default())
            }
            "JSON" => Type::Json,
            "Uuid" => match json.get("native_uuid") == Some(&Value::Bool(false)) {
                false if self.is("postgresql") => Type::Uuid,
                false if self.is("mariadb") => Type::custom("UUID"),
                _ => Type::Char(32),
            },
            "UUID" if self.is("postgresql") => Type::Uuid,
            "Enum" => return self.enumeration(json),
            "ARRAY" => self.array(json),
            other => Type::custom(sized(other, length)),
        };
        ty.into()
    }

    fn string(&self, length: Option<u32>, json: &Value) -> Typed {
        Typed {
            collation: owned(json, "collation"),
            ..length.map_or(Type::String, Type::Varchar).into()
        }
    }

    fn exact(&self, name: &str, json: &Value) -> Type {
        match (number(json, "precision"), number(json, "scale")) {
            (Some(precision), scale) => Type::Decimal(precision, scale.unwrap_or(0)),
            _ if self.is_mysql() => Type::custom(name.to_uppercase()),
            _ => Type::Numeric,
        }
    }

    /// A float of so many binary digits: a single or a double one, as the database decides.
    fn float(&self, json: &Value) -> Type {
        match number(json, "precision") {
            Some(digits) if !self.is("sqlite") => match digits <= 24 {
                true => Type::Real,
                false => Type::Double,
            },
            _ if self.is_mysql() => Type::Real,
            _ => Type::Double,
        }
    }

    fn moment(&self, plain: Type, zoned: Type, zone: bool) -> Type {
        match self.dialect {
            "postgresql" | "sqlite" if zone => zoned,
            "mysql" | "mariadb" => plain.precision(0),
            _ => plain,
        }
    }

    fn interval(&self, json: &Value) -> Typed {
        let native = json.get("native") != Some(&Value::Bool(false));
        match native && self.is("postgresql") {
            true => Type::Interval.into(),
            false => self.moment(Type::Timestamp, Type::Timestamp, false).into(),
        }
    }

    fn enumeration(&self, json: &Value) -> Typed {
        let values = strings(&json["values"]);
        let native = json.get("native_enum") != Some(&Value::Bool(false));
        if native && !self.is("sqlite") {
            let name = text(json, "name").unwrap_or("enum");
            let ty = Enum::new(name, values);
            let ty = match text(json, "schema") {
                Some(schema) if self.is("postgresql") => ty.schema(schema),
                _ => ty,
            };
            return Typed {
                creates: self.is("postgresql")
                    && json.get("create_type") != Some(&Value::Bool(false)),
                ..Type::Enum(ty).into()
            };
        }
        let longest = values.iter().map(|it| it.chars().count()).max();
        let longest = u32::try_from(longest.unwrap_or(1)).unwrap();
        let length = number(json, "length").unwrap_or(longest);
        let quoted = values.iter().map(|it| self.spell.string(it).unwrap());
        let made = flag(json, "create_constraint");
        Typed {
            check: made.then(|| (json.get("name").cloned(), quoted.collect())),
            ..Type::Varchar(length).into()
        }
    }

    fn array(&self, json: &Value) -> Type {
        let dimensions = number(json, "dimensions").unwrap_or(1);
        (0..dimensions).fold(self.ty(&json["item"]).ty, |ty, _| ty.array())
    }

    fn postgres(&self, name: &str, json: &Value) -> Typed {
        let length = number(json, "length");
        let precision = number(json, "precision");
        let zone = flag(json, "timezone");
        let digits = |ty: Type| match precision {
            Some(digits) => ty.precision(digits),
            None => ty,
        };
        let ty = match name {
            "JSON" => Type::Json,
            "JSONB" => Type::Jsonb,
            "UUID" => Type::Uuid,
            "BYTEA" => Type::Binary,
            "REAL" => Type::Real,
            "DOUBLE_PRECISION" => Type::Double,
            "BIT" if flag(json, "varying") => Type::Varbit(length),
            "BIT" => Type::Bit(length.unwrap_or(1)),
            "INTERVAL" => match text(json, "fields") {
                Some(fields) => Type::custom(format!("INTERVAL {fields}")),
                None => digits(Type::Interval),
            },
            "TIMESTAMP" => digits(if zone {
                Type::TimestampTz
            } else {
                Type::Timestamp
            }),
            "TIME" => digits(if zone { Type::TimeTz } else { Type::Time }),
            "ENUM" => return self.enumeration(json),
            "ARRAY" => self.array(json),
            name => match PostgresType::ALL.iter().find(|it| it.sql() == name) {
                Some(ty) => (*ty).into(),
                None => return self.generic(name, json),
            },
        };
        ty.into()
    }

    fn mysql(&self, name: &str, json: &Value) -> Typed {
        let digits = number(json, "fsp").unwrap_or(0);
        let said = |key: &str| json.get(key).is_some_and(|it| *it != Value::Bool(false));
        let odd = [
            "display_width",
            "zerofill",
            "national",
            "binary",
            "ascii",
            "unicode",
        ];
        let known = !odd.into_iter().any(said);
        let sign = |ty: Type| {
            if flag(json, "unsigned") {
                ty.unsigned()
            } else {
                ty
            }
        };
        let whole = match name {
            "TINYINT" => Some(Type::TinyInteger),
            "SMALLINT" => Some(Type::SmallInteger),
            "MEDIUMINT" => Some(MysqlType::MediumInteger.into()),
            "INTEGER" => Some(Type::Integer),
            "BIGINT" => Some(Type::BigInteger),
            _ => None,
        };
        let scaled = number(json, "scale").zip(number(json, "precision"));
        let ty = match name {
            _ if whole.is_some() && known => sign(whole.unwrap_or(Type::Integer)),
            "BOOLEAN" | "BOOL" => Type::Boolean,
            "DECIMAL" | "NUMERIC" if scaled.is_some() && known => sign(self.exact(name, json)),
            "FLOAT" if number(json, "precision").is_none() && known => sign(Type::Real),
            "DOUBLE" if number(json, "precision").is_none() && known => sign(Type::Double),
            "DATETIME" => Type::Timestamp.precision(digits),
            "TIMESTAMP" => Type::TimestampTz.precision(digits),
            "TIME" => Type::Time.precision(digits),
            "JSON" => Type::Json,
            "BIT" => Type::Bit(number(json, "length").unwrap_or(1)),
            "ENUM" => {
                return Typed {
                    charset: owned(json, "charset"),
                    collation: owned(json, "collation"),
                    ..self.enumeration(json)
                };
            }
            "SET" => {
                let quoted: Vec<String> = strings(&json["values"])
                    .iter()
                    .map(|it| self.spell.string(it).unwrap())
                    .collect();
                Type::custom(format!("SET({})", quoted.join(",")))
            }
            "VARCHAR" if known => {
                return self.text_of(self.string(number(json, "length"), json).ty, json);
            }
            "CHAR" if known && number(json, "length").is_some() => {
                return self.text_of(Type::Char(number(json, "length").unwrap_or(1)), json);
            }
            "TEXT" if known && number(json, "length").is_none() => {
                return self.text_of(Type::Text, json);
            }
            name => match MysqlType::ALL.iter().find(|it| it.sql() == name) {
                Some(ty) if known && number(json, "length").is_none() => {
                    return self.text_of((*ty).into(), json);
                }
                _ => return self.text_of(Type::custom(as_mysql_spells(name, json)), json),
            },
        };
        ty.into()
    }

    fn text_of(&self, ty: Type, json: &Value) -> Typed {
        Typed {
            collation: owned(json, "collation"),
            charset: owned(json, "charset"),
            ..ty.into()
        }
    }
}

/// Types that stand for a name of SQL, which SQLite keeps as it is.
const BY_NAME: &[&str] = &[
    "FLOAT",
    "NUMERIC",
    "DECIMAL",
    "DOUBLE",
    "DOUBLE_PRECISION",
    "DATETIME",
    "DATE",
    "TIME",
    "TIMESTAMP",
    "JSON",
    "BINARY",
    "VARBINARY",
    "UUID",
];

fn owned(json: &Value, key: &str) -> Option<String> {
    text(json, key).map(str::to_owned)
}

fn sized(name: &str, length: Option<u32>) -> String {
    match length {
        Some(length) => format!("{name}({length})"),
        None => name.to_owned(),
    }
}

/// A type of MySQL with its arguments and attributes.
fn as_mysql_spells(name: &str, json: &Value) -> String {
    let sizes: Vec<String> = ["length", "display_width", "precision", "scale", "fsp"]
        .iter()
        .filter_map(|key| number(json, key).map(|it| it.to_string()))
        .collect();
    let mut sql = String::new();
    if flag(json, "national") {
        sql += "NATIONAL ";
    }
    sql += name;
    if !sizes.is_empty() {
        sql += &format!("({})", sizes.join(", "));
    }
    for (key, word) in [
        ("unsigned", " UNSIGNED"),
        ("zerofill", " ZEROFILL"),
        ("ascii", " ASCII"),
        ("unicode", " UNICODE"),
        ("binary", " BINARY"),
    ] {
        if flag(json, key) {
            sql += word;
        }
    }
    sql
}
