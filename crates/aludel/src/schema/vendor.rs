//! The types that one database alone has. Other dialects refuse them, and say what to take instead.

use super::Type;

/// Declares the types of one vendor: a variant and its spelling each.
macro_rules! vendor {
    ($(#[$doc:meta])* $name:ident in $variant:ident: $($(#[$each:meta])* $ty:ident = $sql:literal,)+) => {
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
    /// (<https://www.postgresql.org/docs/current/datatype.html>).
    ///
    /// ```
    /// use aludel::schema::{Column, PostgresType, Type};
    ///
    /// let address = Column::new("address", PostgresType::Inet);
    /// assert_eq!(address.ty.written, Type::Postgres(PostgresType::Inet));
    /// ```
    PostgresType in Postgres:
    Inet = "INET",
    Cidr = "CIDR",
    MacAddr = "MACADDR",
    MacAddr8 = "MACADDR8",
    Money = "MONEY",
    TsVector = "TSVECTOR",
    TsQuery = "TSQUERY",
    Xml = "XML",
    JsonPath = "JSONPATH",
    Oid = "OID",
    RegClass = "REGCLASS",
    Int4Range = "INT4RANGE",
    Int8Range = "INT8RANGE",
    NumRange = "NUMRANGE",
    TsRange = "TSRANGE",
    TstzRange = "TSTZRANGE",
    DateRange = "DATERANGE",
    Int4Multirange = "INT4MULTIRANGE",
    Int8Multirange = "INT8MULTIRANGE",
    NumMultirange = "NUMMULTIRANGE",
    TsMultirange = "TSMULTIRANGE",
    TstzMultirange = "TSTZMULTIRANGE",
    DateMultirange = "DATEMULTIRANGE",
    Point = "POINT",
    Line = "LINE",
    Lseg = "LSEG",
    Box = "BOX",
    Path = "PATH",
    Polygon = "POLYGON",
    Circle = "CIRCLE",
    /// By the extension `hstore`.
    Hstore = "HSTORE",
    /// By the extension `citext`.
    Citext = "CITEXT",
    /// By the extension `ltree`.
    Ltree = "LTREE",
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
    /// # let _ = notes;
    /// ```
    MysqlType in Mysql:
    MediumInteger = "MEDIUMINT",
    TinyText = "TINYTEXT",
    MediumText = "MEDIUMTEXT",
    LongText = "LONGTEXT",
    TinyBlob = "TINYBLOB",
    Blob = "BLOB",
    MediumBlob = "MEDIUMBLOB",
    LongBlob = "LONGBLOB",
    Year = "YEAR",
    Geometry = "GEOMETRY",
    Point = "POINT",
    LineString = "LINESTRING",
    Polygon = "POLYGON",
    MultiPoint = "MULTIPOINT",
    MultiLineString = "MULTILINESTRING",
    MultiPolygon = "MULTIPOLYGON",
    GeometryCollection = "GEOMETRYCOLLECTION",
    /// MariaDB alone.
    Inet4 = "INET4",
    /// MariaDB alone.
    Inet6 = "INET6",
}
