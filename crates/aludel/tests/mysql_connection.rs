//! Connections to MariaDB, on a server of the tests' own.
#![cfg(feature = "mysql")]
// Helpers of tests are outside `#[test]` functions, where clippy cannot tell that they are tests.
#![allow(clippy::unwrap_used, clippy::panic)]

use aludel::db::{Access, Connection, DbError, DbUrl, Kind, Row};
use aludel_testdb::{Auth, MariaDb, MariaDbServer, mariadb_or_skip};
use sqlx::Connection as _;

async fn open(url: &str) -> Result<Connection, DbError> {
    Connection::open(&DbUrl::parse(url).unwrap(), Access::Write).await
}

async fn connect(db: &MariaDb) -> Connection {
    open(&db.url()).await.unwrap()
}

/// The rows of a query by each of the two protocols: as text, and as what a prepared statement answers.
async fn both_ways(connection: &mut Connection, sql: &str) -> [Vec<Row>; 2] {
    let arguments = connection.arguments();
    let text = connection.fetch(sql).await.unwrap();
    let binary = connection.fetch_with(sql, arguments).await.unwrap();
    [text, binary]
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let Some(db) = mariadb_or_skip() else { return };
    let mut connection = connect(&db).await;
    let create = "CREATE TABLE `a``b` (yes boolean, small smallint, whole int, big bigint, half double, words text, bytes blob, none text)";
    connection.execute(create).await.unwrap();
    let mut arguments = connection.arguments();
    arguments.add(true).unwrap();
    arguments.add(-7_i16).unwrap();
    arguments.add(i32::MIN).unwrap();
    arguments.add(i64::MAX).unwrap();
    arguments.add(0.5_f64).unwrap();
    arguments.add("it's a \\ 'Ω' 🦀?".to_string()).unwrap();
    arguments.add(vec![0_u8, 255]).unwrap();
    arguments.add(None::<String>).unwrap();
    let insert = "INSERT INTO `a``b` VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let added = connection.execute_with(insert, arguments).await.unwrap();
    assert_eq!(added, 1);
    for rows in both_ways(&mut connection, "SELECT * FROM `a``b`").await {
        let [row] = rows.as_slice() else {
            panic!("{} rows", rows.len())
        };
        assert!(row.get::<bool>("yes").unwrap());
        assert_eq!(row.get::<i16>("small").unwrap(), -7);
        assert_eq!(row.get::<i32>("whole").unwrap(), i32::MIN);
        assert_eq!(row.get::<i64>("big").unwrap(), i64::MAX);
        assert_eq!(row.get::<f64>("half").unwrap(), 0.5);
        assert_eq!(row.get::<String>("words").unwrap(), "it's a \\ 'Ω' 🦀?");
        assert_eq!(row.get::<Vec<u8>>("bytes").unwrap(), [0, 255]);
        assert_eq!(row.get::<Option<String>>("none").unwrap(), None);
        assert_eq!(row.at::<Option<i16>>(1).unwrap(), Some(-7));
        for error in [
            row.get::<String>("none").unwrap_err(),
            row.get::<String>("bytes").unwrap_err(),
            row.get::<i64>("words").unwrap_err(),
            row.get::<i64>("nothing").unwrap_err(),
        ] {
            assert!(matches!(error, DbError::Column { .. }), "{error:?}");
        }
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn unsigned_columns_are_read_as_the_signed_numbers_that_they_hold() {
    let Some(db) = mariadb_or_skip() else { return };
    let mut connection = connect(&db).await;
    connection
        .execute(
            "CREATE TABLE a (small smallint unsigned, whole int unsigned, big bigint unsigned, most bigint unsigned);
             INSERT INTO a VALUES (1, 2147483647, 9223372036854775807, 18446744073709551615), (2, NULL, 0, 0)",
        )
        .await
        .unwrap();
    for rows in both_ways(&mut connection, "SELECT * FROM a ORDER BY small").await {
        assert_eq!(rows[0].get::<i16>("small").unwrap(), 1);
        assert_eq!(rows[0].get::<i32>("whole").unwrap(), i32::MAX);
        assert_eq!(rows[0].get::<i64>("whole").unwrap(), i64::from(i32::MAX));
        assert_eq!(rows[0].get::<Option<i64>>("big").unwrap(), Some(i64::MAX));
        assert_eq!(rows[1].get::<Option<i64>>("whole").unwrap(), None);
        let error = rows[0].get::<i64>("most").unwrap_err();
        let DbError::Column { column, message } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(column, "most");
        assert!(message.contains("18446744073709551615"), "{message}");
    }
}

/// The catalog, like `SHOW`, calls some of its texts binary.
#[tokio::test]
async fn the_catalog_is_read_as_text() {
    let Some(db) = mariadb_or_skip() else { return };
    let mut connection = connect(&db).await;
    let create =
        "CREATE TABLE `Ωmega` (id int unsigned NOT NULL DEFAULT 7 COMMENT 'é', CHECK (id > 1))";
    connection.execute(create).await.unwrap();
    let columns = "SELECT table_name AS name, column_type, data_type, is_nullable, column_default, column_comment, extra, \
                   ordinal_position, character_maximum_length, CAST('bytes' AS BINARY) AS bytes \
                   FROM information_schema.columns WHERE table_schema = database()";
    for rows in both_ways(&mut connection, columns).await {
        let text = |column: &str| rows[0].get::<String>(column).unwrap();
        assert_eq!(text("name"), "Ωmega");
        assert_eq!(text("column_type"), "int(10) unsigned");
        assert_eq!(text("data_type"), "int");
        assert_eq!(text("is_nullable"), "NO");
        assert_eq!(text("column_default"), "7");
        assert_eq!(text("column_comment"), "é");
        assert_eq!(text("extra"), "");
        assert_eq!(text("bytes"), "bytes");
        assert_eq!(rows[0].get::<i64>("ordinal_position").unwrap(), 1);
        let length = rows[0].get::<Option<i64>>("character_maximum_length");
        assert_eq!(length.unwrap(), None);
    }
    for rows in both_ways(&mut connection, "SHOW CREATE TABLE `Ωmega`").await {
        assert!(
            rows[0]
                .at::<String>(1)
                .unwrap()
                .contains("CHECK (`id` > 1)")
        );
    }
}

#[tokio::test]
async fn an_error_has_the_servers_message_and_number() {
    let Some(db) = mariadb_or_skip() else { return };
    let mut connection = connect(&db).await;
    // The statements before the one that fails have been run: there is no transaction around them.
    let script = "CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)";
    let error = connection.execute(script).await.unwrap_err();
    let DbError::Statement { message, code, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(message, "Duplicate entry '1' for key 'PRIMARY'");
    assert_eq!(code.as_deref(), Some("1062"));
    assert_eq!(db.sql("SELECT * FROM a"), "1");
    let error = connection.fetch("SELECT * FROM nothing").await.unwrap_err();
    assert!(
        matches!(&error, DbError::Statement { code: Some(code), .. } if code == "1146"),
        "{error:?}"
    );
    // The connection is as good as before.
    assert_eq!(connection.fetch("SELECT 1").await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_drivers_own_connection_can_be_had() {
    let Some(db) = mariadb_or_skip() else { return };
    let mut connection = connect(&db).await;
    let driver = connection.driver::<sqlx::MySqlConnection>().unwrap();
    let sum: i64 = sqlx::query_scalar("SELECT CAST(? + 1 AS SIGNED)")
        .bind(41)
        .fetch_one(driver)
        .await
        .unwrap();
    assert_eq!(sum, 42);
    #[cfg(feature = "postgres")]
    assert_eq!(
        connection.driver::<sqlx::PgConnection>().unwrap_err(),
        DbError::Driver("the connection is to MariaDb, and PostgreSQL was asked for".into())
    );
}

#[tokio::test]
async fn the_server_says_which_of_the_two_it_is() {
    let Some(db) = mariadb_or_skip() else { return };
    let other = db.url().replace("mysql://", "mariadb://");
    for url in [&db.url(), &other] {
        let connection = open(url).await.unwrap();
        assert_eq!(connection.kind(), Kind::MariaDb, "{url}");
    }
    let driver = sqlx::MySqlConnection::connect(&db.url()).await.unwrap();
    let connection = Connection::of_mysql(driver).await.unwrap();
    assert_eq!(connection.kind(), Kind::MariaDb);
}

#[tokio::test]
async fn a_wrong_password_is_never_shown() {
    if mariadb_or_skip().is_none() {
        return;
    }
    let server = MariaDbServer::start(Auth::Password("p@ss:wörd")).unwrap();
    let db = server.database().unwrap();
    connect(&db).await.close().await.unwrap();
    let wrong = db.url_as("aludel", Some("geheim"));
    for url in [&wrong, &wrong.replace("mysql://", "mariadb://")] {
        let error = open(url).await.unwrap_err();
        let DbError::Connect { message, code, .. } = &error else {
            panic!("{error:?}")
        };
        assert!(
            message.starts_with("Access denied for user 'aludel'"),
            "{message}"
        );
        assert_eq!(code.as_deref(), Some("1045"));
        let all = format!("{error} {error:?}");
        assert!(
            all.contains("aludel:***@") && !all.contains("geheim"),
            "{all}"
        );
    }
    let error = open("mysql://ada:geheim@127.0.0.1:1/x?ssl-mode=geheim").await;
    let all = format!("{error:?}");
    assert!(all.contains("its parameters cannot be read"), "{all}");
    let error = open("mysql://ada:geheim@127.0.0.1:1/x").await.unwrap_err();
    assert!(matches!(error, DbError::Connect { code: None, .. }));
    assert!(!format!("{error} {error:?}").contains("geheim"));
}

#[tokio::test]
async fn a_query_sees_the_table_as_it_is_after_a_change() {
    let Some(db) = mariadb_or_skip() else { return };
    let mut connection = connect(&db).await;
    connection
        .execute("CREATE TABLE a (id int); INSERT INTO a VALUES (1)")
        .await
        .unwrap();
    for (alter, column) in [
        (
            "ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT 'new'",
            "b",
        ),
        ("ALTER TABLE a CHANGE COLUMN b c text NOT NULL", "c"),
    ] {
        both_ways(&mut connection, "SELECT * FROM a").await;
        connection.execute(alter).await.unwrap();
        for rows in both_ways(&mut connection, "SELECT * FROM a").await {
            assert_eq!(rows[0].get::<String>(column).unwrap(), "new");
        }
    }
}

#[tokio::test]
async fn a_session_is_as_the_server_has_it() {
    let Some(db) = mariadb_or_skip() else { return };
    let session = "SELECT @@session.sql_mode = @@global.sql_mode, @@session.time_zone = @@global.time_zone, \
                   @@character_set_connection = 'utf8mb4'";
    let mut connection = connect(&db).await;
    let row = connection.fetch(session).await.unwrap().remove(0);
    for column in 0..3 {
        assert!(row.at::<bool>(column).unwrap(), "{column}");
    }
    // A name that is a function's is a word like any other.
    connection
        .execute("CREATE TABLE count (id int)")
        .await
        .unwrap();
    let url = format!("{}?timezone=%2B02:00", db.url());
    let mut connection = open(&url).await.unwrap();
    let rows = connection.fetch("SELECT @@time_zone").await.unwrap();
    assert_eq!(rows[0].at::<String>(0).unwrap(), "+02:00");
}
