//! What a server can do, by product and version, as answers to named questions. Nobody outside of this file asks for a version.

/// Which of the two databases it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// MySQL.
    Mysql,
    /// MariaDB.
    MariaDb,
}

/// Major, minor and patch, compared in this order.
pub type Version = (u32, u32, u32);

/// What is taken for granted where no server is known: the newest long-term versions, MySQL 8.4 and MariaDB 11.8.
pub(super) fn newest(product: Product) -> Version {
    match product {
        Product::Mysql => (8, 4, 0),
        Product::MariaDb => (11, 8, 0),
    }
}

/// Product and version out of what `VERSION()` answers: `8.4.3`, `10.11.6-MariaDB-0+deb12u1`. Some replication protocols see
/// MariaDB's own behind `5.5.5-` (<https://mariadb.com/kb/en/version/>).
pub(super) fn parse(text: &str) -> (Product, Version) {
    let product = match text.to_ascii_lowercase().contains("mariadb") {
        true => Product::MariaDb,
        false => Product::Mysql,
    };
    let text = match product {
        Product::MariaDb => text.strip_prefix("5.5.5-").unwrap_or(text),
        Product::Mysql => text,
    };
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .map(|it| it.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (product, (next(), next(), next()))
}

/// The answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Abilities {
    /// Checks are held, and not only parsed.
    pub checks: bool,
    /// How a check is dropped.
    pub drop_check: &'static str,
    /// A default may be an expression.
    pub expression_defaults: bool,
    /// A key of an index may be an expression.
    pub expression_indexes: bool,
    /// `DESC` in an index is held, and not only parsed.
    pub descending_indexes: bool,
    /// `RENAME COLUMN`.
    pub rename_column: bool,
    /// Whether a column that an expression names cannot always be renamed at once.
    pub forgets_names: bool,
    /// `RENAME INDEX`.
    pub rename_index: bool,
    /// `IF EXISTS` and `IF NOT EXISTS` of columns and indexes.
    pub if_exists: bool,
    /// Whether an index is one that no query uses, as the catalog tells it; `0` where there are none.
    pub hidden_index: &'static str,
    /// The word for such an index, if there is one.
    pub invisible_index: Option<&'static str>,
    /// A check may be kept without being held.
    pub not_enforced: bool,
    /// Columns that `SELECT *` leaves out.
    pub invisible_columns: bool,
    /// A generated column may refuse NULL.
    pub not_null_generated: bool,
    /// `INET4`.
    pub inet4: bool,
    /// `INET6`.
    pub inet6: bool,
    /// `JSON` is another name of `LONGTEXT` with a check.
    pub json_is_text: bool,
    /// The catalog tells a literal default with its quotes, and a missing one of a nullable column as the word NULL.
    pub quoted_defaults: bool,
    /// The catalog knows the table of a check, and whether the check belongs to a column.
    pub column_checks: bool,
    /// Tablespaces by name.
    pub tablespaces: bool,
    /// Sequences.
    pub sequences: bool,
    /// A sequence may have a type.
    pub sequence_types: bool,
    /// `CREATE VIEW IF NOT EXISTS`.
    pub keep_views: bool,
    /// `CREATE TRIGGER IF NOT EXISTS`.
    pub keep_triggers: bool,
    /// `CREATE OR REPLACE` of functions, procedures and triggers.
    pub replace_code: bool,
    /// Databases have comments.
    pub schema_comments: bool,
    /// The catalog tells the reference system of a spatial column (`SRS_ID`).
    pub reference_systems: bool,
}

impl Abilities {
    pub fn of(product: Product, version: Version) -> Self {
        match product {
            Product::Mysql => Self::of_mysql(version),
            Product::MariaDb => Self::of_mariadb(version),
        }
    }

    /// <https://dev.mysql.com/doc/refman/8.4/en/create-table.html>, and the release notes of 8.0.
    fn of_mysql(version: Version) -> Self {
        Self {
            checks: version >= (8, 0, 16),
            drop_check: "DROP CHECK",
            expression_defaults: version >= (8, 0, 13),
            expression_indexes: version >= (8, 0, 13),
            descending_indexes: version >= (8, 0, 1),
            rename_column: version >= (8, 0, 3),
            forgets_names: false,
            rename_index: true,
            if_exists: false,
            hidden_index: match version >= (8, 0, 0) {
                true => "IS_VISIBLE = 'NO'",
                false => "0",
            },
            invisible_index: (version >= (8, 0, 0)).then_some("INVISIBLE"),
            not_enforced: version >= (8, 0, 16),
            invisible_columns: version >= (8, 0, 23),
            not_null_generated: true,
            inet4: false,
            inet6: false,
            json_is_text: false,
            quoted_defaults: false,
            column_checks: false,
            tablespaces: true,
            sequences: false,
            sequence_types: false,
            keep_views: version >= (9, 1, 0),
            keep_triggers: version >= (8, 0, 29),
            replace_code: false,
            schema_comments: false,
            reference_systems: version >= (8, 0, 3),
        }
    }

    /// <https://mariadb.com/kb/en/create-table/>, <https://mariadb.com/kb/en/alter-table/>.
    fn of_mariadb(version: Version) -> Self {
        Self {
            checks: version >= (10, 2, 1),
            drop_check: "DROP CONSTRAINT",
            expression_defaults: version >= (10, 2, 1),
            expression_indexes: false,
            descending_indexes: version >= (10, 8, 1),
            rename_column: version >= (10, 5, 2),
            forgets_names: true,
            rename_index: version >= (10, 5, 2),
            if_exists: version >= (10, 1, 4),
            hidden_index: match version >= (10, 6, 0) {
                true => "IGNORED = 'YES'",
                false => "0",
            },
            invisible_index: (version >= (10, 6, 0)).then_some("IGNORED"),
            not_enforced: false,
            invisible_columns: version >= (10, 3, 3),
            not_null_generated: false,
            inet4: version >= (10, 10, 0),
            inet6: version >= (10, 5, 0),
            json_is_text: true,
            quoted_defaults: version >= (10, 2, 7),
            column_checks: version >= (10, 2, 22),
            tablespaces: false,
            sequences: version >= (10, 3, 1),
            sequence_types: version >= (11, 5, 0),
            keep_views: version >= (10, 1, 3),
            keep_triggers: version >= (10, 1, 4),
            replace_code: version >= (10, 1, 4),
            schema_comments: version >= (10, 5, 0),
            reference_systems: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        assert_eq!(parse("8.4.3"), (Product::Mysql, (8, 4, 3)));
        assert_eq!(parse("8.0.33-25 Percona"), (Product::Mysql, (8, 0, 33)));
        let debian = "10.11.19-MariaDB-0+deb12u1";
        assert_eq!(parse(debian), (Product::MariaDb, (10, 11, 19)));
        assert_eq!(parse("5.5.5-10.4.1-MariaDB").1, (10, 4, 1));
        assert_eq!(parse("").1, (0, 0, 0));
    }
}
