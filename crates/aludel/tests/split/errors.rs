//! What is refused, by line and with what to do instead.

use super::*;

const REFUSED: &[(Flavor, &str, &str)] = &[
    (
        Mysql,
        "SELECT 1; DELIMITER //\nSELECT 2//",
        "line 1: DELIMITER must start",
    ),
    (
        Postgres,
        "SELECT 1;\n\\i a.sql",
        "line 2: `\\i` is a command of the psql client",
    ),
    (
        Postgres,
        "SELECT 1\n \\gexec",
        "line 2: `\\gexec` is a command of the psql client",
    ),
    (
        Postgres,
        "SELECT 1 \\gexec\nSELECT 2;",
        "line 1: `\\gexec` is a command",
    ),
    (
        Postgres,
        "\\connect a b;",
        "line 1: `\\connect` is a command",
    ),
    (
        Postgres,
        "SELECT 1 \\; SELECT 2;",
        "line 1: `\\;` is a command",
    ),
    (
        Postgres,
        "\nCOPY a FROM STDIN;\nit's\n\\.\n",
        "line 2: COPY FROM STDIN",
    ),
    (
        Postgres,
        "copy a (b, c) from stdin with (format csv)",
        "line 1: COPY FROM STDIN",
    ),
    (
        Postgres,
        "COPY BINARY a FROM STDOUT;",
        "line 1: COPY FROM STDIN",
    ),
    (
        Postgres,
        "SELECT (1;\nSELECT 2;",
        "line 1: parenthesis is never closed",
    ),
    (
        Postgres,
        "CREATE FUNCTION f() RETURNS int\nBEGIN ATOMIC SELECT 1 END;",
        "line 2: body is never closed",
    ),
    (
        Postgres,
        "SELECT 1;\nSELECT 'a\\'b;c'",
        "line 2: whether the backslash",
    ),
    (
        Postgres,
        "SET standard_conforming_strings = off;\nSELECT 'a\\', '; DROP TABLE x -- '",
        "line 2: whether the backslash",
    ),
    (Postgres, "SELECT 1;\0", "line 1: found a NUL"),
    (
        Sqlite,
        "SELECT 1;\n.read a.sql",
        "line 2: `.read` is a command of the sqlite3 client",
    ),
    (
        Sqlite,
        ".mode csv\n.import a b",
        "line 1: `.mode` is a command",
    ),
    (
        Sqlite,
        "-- c\n  .import 'a b' c;",
        "line 2: `.import` is a command",
    ),
    (
        Sqlite,
        "SELECT 1; /* rest",
        "line 1: comment is never closed",
    ),
    (
        Sqlite,
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END x;",
        "line 1: body is never closed",
    ),
    (Sqlite, "SELECT '\n\0';", "line 2: found a NUL"),
    (
        Mysql,
        "SELECT 1\\G",
        "line 1: `\\G` is a command of the mysql client",
    ),
    (
        Mysql,
        "SELECT 1 \\g\nSELECT 2",
        "line 1: `\\g` is a command",
    ),
    (Mysql, "\\. a.sql", "line 1: `\\.` is a command"),
    (
        Mysql,
        "SELECT 1;\nsource a.sql",
        "line 2: `source` is a command",
    ),
    (
        Mysql,
        "SELECT 1; SOURCE a.sql;",
        "line 1: `SOURCE` is a command",
    ),
    (Mysql, "system rm -r x;", "line 1: `system` is a command"),
    (Mysql, "quit", "line 1: `quit` is a command"),
    (
        Mysql,
        "DELIMITER\nSELECT 1",
        "line 1: DELIMITER needs a mark",
    ),
    (
        Mysql,
        "\nDELIMITER \\\\\n",
        "line 2: DELIMITER needs a mark",
    ),
    (
        Mysql,
        "SELECT 1\nDELIMITER //\nSELECT 2//",
        "line 2: DELIMITER must start",
    ),
    (
        Mysql,
        "CREATE PACKAGE p FUNCTION f() RETURNS int; END;",
        "line 1: where this body ends",
    ),
    (
        Mysql,
        "SELECT 1;\nCREATE OR REPLACE PACKAGE BODY p AS x int; END;",
        "line 2: where this body ends",
    ),
    (
        Mysql,
        "CREATE PROCEDURE p AS BEGIN SELECT 1; END;",
        "line 1: where this body ends",
    ),
    (
        Mysql,
        "CREATE PROCEDURE p(a int)\nIS x int; BEGIN SELECT 1; END;",
        "line 2: where this body ends",
    ),
    (
        Mysql,
        "CREATE FUNCTION f(a int) RETURN int AS BEGIN RETURN 1; END;",
        "line 1: where this body ends",
    ),
    (
        Mysql,
        "BEGIN SELECT 1; END;",
        "line 1: where this body ends",
    ),
    (
        Mysql,
        "DECLARE a int; BEGIN SELECT 1; END;",
        "line 1: where this body ends",
    ),
    (
        Mysql,
        "BEGIN NOT ATOMIC WHILE a LOOP SELECT 1; END LOOP; END",
        "line 1: where this body ends",
    ),
    (
        Mysql,
        "CREATE PROCEDURE p() BEGIN SELECT 1;",
        "line 1: body is never closed",
    ),
    (
        Mysql,
        "CREATE PROCEDURE p() /*!80000 BEGIN */ SELECT 1;\n/*!80000 END */;",
        "line 1: where this comment",
    ),
    (
        Mysql,
        "/*!80000 SELECT '*/' */;",
        "line 1: where this comment",
    ),
    (
        Mysql,
        "SET sql_mode = NO_BACKSLASH_ESCAPES; SELECT 'a\\', ' ; DROP TABLE x -- ' \n",
        "line 1: whether the backslash",
    ),
    (
        Mysql,
        "SET sql_mode = ANSI;\nSELECT \"a\\\" ; SELECT 1 -- \"",
        "line 2: whether the backslash",
    ),
];

#[test]
fn refusals_name_line_and_remedy() {
    for (flavor, script, expected) in REFUSED {
        let found = match split(script, *flavor) {
            Ok(pieces) => format!("{pieces:?}"),
            Err(error) => error.to_string(),
        };
        assert!(found.starts_with(expected), "{flavor:?} {script}\n{found}");
    }
}

#[test]
fn javascript_between_dollars_is_a_string() {
    let script =
        "CREATE FUNCTION f() RETURNS int LANGUAGE JAVASCRIPT AS $$ let a = '; $$; SELECT 1";
    assert_eq!(pieces(script, Mysql).len(), 2);
    let script = "CREATE PROCEDURE p() NO SQL LANGUAGE JAVASCRIPT AS $a$ $$; BEGIN $a$; SELECT 1 AS $$; SELECT 2 AS $$";
    assert_eq!(pieces(script, Mysql).len(), 3);
}

#[test]
fn old_servers_take_a_backslash_for_null() {
    assert_eq!(pieces("SELECT \\N; SELECT 2", Mysql).len(), 2);
}
