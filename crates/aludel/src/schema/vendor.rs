//! The types that one database alone has. Other dialects refuse them, and say what to take instead.

use super::Type;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Declares the types of one vendor: a variant, its spelling, and what to take where it is missing.
macro_rules! vendor {
    ($(#[$doc:meta])* $name:ident in $variant:ident: $($(#[$each:meta])* $ty:ident = $sql:literal else $instead:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$each])* #[doc = concat!("`", $sql, "`.")] $ty,)+
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$ty),+];

            /// The name that the database knows.
            pub fn sql(self) -> &'static str {
                match self {
                    $(Self::$ty => $sql,)+
                }
            }

            /// The type of that name, in any case.
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.sql().eq_ignore_ascii_case(name))
            }

            /// What to take in a database that has no such type, as Markdown.
            pub fn instead(self) -> &'static str {
                match self {
                    $(Self::$ty => $instead,)+
                }
            }
        }

        /// By the name that the database knows, in small letters.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.sql().to_ascii_lowercase())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let name = String::deserialize(from)?;
                let unknown = || Error::custom(format!("`{name}` is no {}", stringify!($name)));
                Self::by_name(&name).ok_or_else(unknown)
            }
        }

        impl From<$name> for Type {
            fn from(it: $name) -> Self {
                Self::$variant(it)
            }
        }
    };
}

vendor! {
    /// A type that only PostgreSQL has, or brings with an extension
    /// (<https://www.postgresql.org/docs/current/datatype.html>). Types that take arguments, and those of other extensions,
    /// are said by name: `Type::custom("geometry(Point, 4326)")`.
    ///
    /// ```
    /// use aludel::schema::{Column, PostgresType, Type};
    ///
    /// let address = Column::new("address", PostgresType::Inet);
    /// assert_eq!(address.ty.written, Type::Postgres(PostgresType::Inet));
    /// assert_eq!(PostgresType::by_name("inet"), Some(PostgresType::Inet));
    /// assert_eq!(PostgresType::Inet.instead(), "`Type::Varchar(43)`");
    /// ```
    PostgresType in Postgres:
    Inet = "INET" else "`Type::Varchar(43)`",
    Cidr = "CIDR" else "`Type::Varchar(43)`",
    MacAddr = "MACADDR" else "`Type::Char(17)`",
    MacAddr8 = "MACADDR8" else "`Type::Char(23)`",
    Money = "MONEY" else "`Type::Decimal(19, 2)`",
    TsVector = "TSVECTOR" else "`Type::Text`, and the database's own full-text index",
    TsQuery = "TSQUERY" else "`Type::Text`",
    Xml = "XML" else "`Type::Text`",
    JsonPath = "JSONPATH" else "`Type::Text`",
    Oid = "OID" else "`Type::BigInteger`",
    RegClass = "REGCLASS" else "`Type::Text`, with the name of the table",
    RegType = "REGTYPE" else "`Type::Text`, with the name of the type",
    RegConfig = "REGCONFIG" else "`Type::Text`, with the name of the configuration",
    /// A name of at most 63 bytes, as the catalog has them.
    Name = "NAME" else "`Type::Varchar(63)`",
    /// A place in the write-ahead log.
    PgLsn = "PG_LSN" else "`Type::Varchar(17)`",
    Int4Range = "INT4RANGE" else "two columns of `Type::Integer`",
    Int8Range = "INT8RANGE" else "two columns of `Type::BigInteger`",
    NumRange = "NUMRANGE" else "two columns of `Type::Decimal`",
    TsRange = "TSRANGE" else "two columns of `Type::Timestamp`",
    TstzRange = "TSTZRANGE" else "two columns of `Type::TimestampTz`",
    DateRange = "DATERANGE" else "two columns of `Type::Date`",
    /// From version 14.
    Int4Multirange = "INT4MULTIRANGE" else "a table of its own, a row for each range",
    /// From version 14.
    Int8Multirange = "INT8MULTIRANGE" else "a table of its own, a row for each range",
    /// From version 14.
    NumMultirange = "NUMMULTIRANGE" else "a table of its own, a row for each range",
    /// From version 14.
    TsMultirange = "TSMULTIRANGE" else "a table of its own, a row for each range",
    /// From version 14.
    TstzMultirange = "TSTZMULTIRANGE" else "a table of its own, a row for each range",
    /// From version 14.
    DateMultirange = "DATEMULTIRANGE" else "a table of its own, a row for each range",
    Point = "POINT" else "two columns of `Type::Double`",
    Line = "LINE" else "three columns of `Type::Double`",
    Lseg = "LSEG" else "four columns of `Type::Double`",
    Box = "BOX" else "four columns of `Type::Double`",
    Path = "PATH" else "`Type::Json`, with a list of points",
    Polygon = "POLYGON" else "`Type::Json`, with a list of points",
    Circle = "CIRCLE" else "three columns of `Type::Double`",
    /// By the extension `hstore`.
    Hstore = "HSTORE" else "`Type::Json`",
    /// By the extension `citext`.
    Citext = "CITEXT" else "`Type::Text`, with a collation that ignores case",
    /// By the extension `ltree`.
    Ltree = "LTREE" else "`Type::Text`, with the labels apart by dots",
}

vendor! {
    /// A type that only MySQL or MariaDB has (<https://dev.mysql.com/doc/refman/en/data-types.html>). The types that take
    /// arguments are said by name: `Type::custom("SET('a', 'b')")`.
    ///
    /// ```
    /// use aludel::schema::{Column, MysqlType};
    ///
    /// let notes = Column::new("notes", MysqlType::MediumText);
    /// assert_eq!(MysqlType::MediumText.sql(), "MEDIUMTEXT");
    /// assert_eq!(MysqlType::MediumText.instead(), "`Type::Text`");
    /// # let _ = notes;
    /// ```
    MysqlType in Mysql:
    MediumInteger = "MEDIUMINT" else "`Type::Integer`",
    TinyText = "TINYTEXT" else "`Type::Text`",
    MediumText = "MEDIUMTEXT" else "`Type::Text`",
    LongText = "LONGTEXT" else "`Type::Text`",
    TinyBlob = "TINYBLOB" else "`Type::Binary`",
    Blob = "BLOB" else "`Type::Binary`",
    MediumBlob = "MEDIUMBLOB" else "`Type::Binary`",
    LongBlob = "LONGBLOB" else "`Type::Binary`",
    Year = "YEAR" else "`Type::SmallInteger`",
    Geometry = "GEOMETRY" else "`Type::Binary`, or the type of an extension by name: `Type::custom`",
    Point = "POINT" else "two columns of `Type::Double`",
    LineString = "LINESTRING" else "`Type::Json`, with a list of points",
    Polygon = "POLYGON" else "`Type::Json`, with a list of points",
    MultiPoint = "MULTIPOINT" else "`Type::Json`, with a list of points",
    MultiLineString = "MULTILINESTRING" else "`Type::Json`, with lists of points",
    MultiPolygon = "MULTIPOLYGON" else "`Type::Json`, with lists of points",
    GeometryCollection = "GEOMETRYCOLLECTION" else "a table of its own, a row for each of them",
    /// MariaDB alone.
    Inet4 = "INET4" else "`Type::Varchar(15)`",
    /// MariaDB alone.
    Inet6 = "INET6" else "`Type::Varchar(39)`",
}

/// What to take for a type that lists its values in its own text, as MySQL's `SET('a', 'b')` and `ENUM('a', 'b')` do: no
/// other database reads such a text as a type. None for any other name.
pub(crate) fn instead_of_a_list(name: &str) -> Option<&'static str> {
    let (word, list) = name.trim().split_once('(')?;
    if !list.trim_start().starts_with(['\'', '"']) {
        return None;
    }
    match word.trim().to_ascii_uppercase().as_str() {
        "SET" => Some("a table of its own, a row for each of the values that are set"),
        "ENUM" => Some("`Type::enumeration`"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_in_any_case() {
        for ty in PostgresType::ALL {
            assert_eq!(PostgresType::by_name(&ty.sql().to_lowercase()), Some(*ty));
        }
        for ty in MysqlType::ALL {
            assert_eq!(MysqlType::by_name(ty.sql()), Some(*ty));
        }
        assert_eq!(PostgresType::by_name("inet4"), None);
    }

    #[test]
    fn lists_of_values_are_told_from_lengths() {
        assert!(
            instead_of_a_list("set ( 'a','b')")
                .unwrap()
                .contains("table")
        );
        assert!(instead_of_a_list("Enum('a')").is_some());
        for name in ["set", "settings('a')", "enum(3)", "varchar(3)", ""] {
            assert_eq!(instead_of_a_list(name), None, "{name}");
        }
    }
}
