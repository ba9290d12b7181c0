//! What is particular to a connection to MySQL or MariaDB, which share a driver.

use super::{DbError, DbUrl, Kind};
use sqlx::mysql::{MySql, MySqlConnectOptions, MySqlConnection, MySqlRow};
use sqlx::{ColumnIndex, Decode, Executor as _, Row as _, Type, TypeInfo as _, ValueRef as _};
use std::str::FromStr;

/// How to connect. The driver does not look at the scheme, so that `mariadb:` is as good as `mysql:`; left to itself, it changes
/// the session's `sql_mode` and time zone, and a revision would then not mean what it means in any other client.
pub(super) fn options(url: &DbUrl) -> Result<MySqlConnectOptions, sqlx::Error> {
    let options = MySqlConnectOptions::from_str(url.secret())?
        .pipes_as_concat(false)
        .no_engine_substitution(false);
    Ok(match names_time_zone(url) {
        true => options,
        false => options.timezone(None),
    })
}

/// Takes back the one mode that the driver asks for at the handshake already, where the server does not have it of its own accord. With
/// it the names of functions cannot be those of tables, and every trigger made in the session keeps it.
/// <https://mariadb.com/kb/en/sql-mode/#ignore_space>
pub(super) const KEEP_MODE: &str = "SET sql_mode = IF(FIND_IN_SET('IGNORE_SPACE', @@global.sql_mode), @@sql_mode, \
                                    REPLACE(@@sql_mode, 'IGNORE_SPACE', ''))";

fn names_time_zone(url: &DbUrl) -> bool {
    ::url::Url::parse(url.secret()).is_ok_and(|url| {
        url.query_pairs()
            .any(|(key, _)| matches!(&*key, "timezone" | "time-zone"))
    })
}

/// Says in words of the user's what the driver says in words of its build: MySQL 8 takes no password over a connection that is
/// not encrypted, unless it has seen it shortly before.
pub(super) fn plain(error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::Configuration(it) if it.to_string().contains("RSA") => sqlx::Error::Protocol(
            "the server takes the password only over TLS, and the connection has none".into(),
        ),
        error => error,
    }
}

/// Which of the two is at the other end; both know MySQL's URLs and MySQL's protocol.
/// <https://mariadb.com/kb/en/version/>
pub(super) async fn kind(connection: &mut MySqlConnection) -> Result<Kind, DbError> {
    let row = connection
        .fetch_one(sqlx::raw_sql("SELECT VERSION()"))
        .await?;
    let version: String = read(&row, 0)?;
    Ok(match version.to_ascii_lowercase().contains("mariadb") {
        true => Kind::MariaDb,
        false => Kind::Mysql,
    })
}

/// The value of a column. Beyond what the driver allows by itself,
/// - text is read out of columns that the server calls binary, as it does with many of the catalog's;
/// - bytes are read out of text, which a server shows as it stands though it may be none;
/// - a signed integer is read out of an unsigned column, as on the databases that have no unsigned ones, if it fits.
pub(super) fn read<'r, T, I>(row: &'r MySqlRow, index: I) -> Result<T, sqlx::Error>
where
    T: Decode<'r, MySql> + Type<MySql>,
    I: ColumnIndex<MySqlRow> + Copy,
{
    let value = row.try_get_raw(index)?;
    let column = value.type_info();
    if value.is_null() || T::compatible(&column) {
        return row.try_get(index);
    }
    let reads_text = T::compatible(&<str as Type<MySql>>::type_info());
    if reads_text && <[u8] as Type<MySql>>::compatible(&column) {
        return row.try_get_unchecked(index);
    }
    let reads_bytes = T::compatible(&<[u8] as Type<MySql>>::type_info());
    if reads_bytes && <str as Type<MySql>>::compatible(&column) {
        return row.try_get_unchecked(index);
    }
    let reads_signed = T::compatible(&<i64 as Type<MySql>>::type_info());
    if reads_signed && <u64 as Type<MySql>>::compatible(&column) {
        fits_signed(row, index, column.name())?;
        return row.try_get_unchecked(index);
    }
    row.try_get(index)
}

/// The driver reads the bytes of an unsigned integer as those of a signed one where that is asked for: right as long as the
/// highest bit is not set.
fn fits_signed<I>(row: &MySqlRow, index: I, column: &str) -> Result<(), sqlx::Error>
where
    I: ColumnIndex<MySqlRow> + Copy,
{
    let unsigned: u64 = row.try_get_unchecked(index)?;
    let signed = row.try_get_unchecked::<i64, _>(index).ok();
    if signed.and_then(|it| u64::try_from(it).ok()) == Some(unsigned) {
        return Ok(());
    }
    Err(sqlx::Error::ColumnDecode {
        index: format!("{index:?}"),
        source: format!("{unsigned} of type {column} is beyond what its signed counterpart holds")
            .into(),
    })
}
