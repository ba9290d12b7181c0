//! Answers of MariaDB 10.11 and, where they have another form, of MySQL 8.4's manual.

use super::*;

#[test]
fn views() {
    let read = view(
        "CREATE ALGORITHM=MERGE DEFINER=`ro``ot`@`localhost` SQL SECURITY INVOKER VIEW `d`.`view` (`one`,`a b`) AS select \
         `t`.`id` AS `id`,' WITH LOCAL CHECK OPTION' AS `x` from `t` WITH CASCADED CHECK OPTION",
    );
    let expected = ViewText {
        algorithm: Some("merge".into()),
        definer: "`ro``ot`@`localhost`".into(),
        invoker: true,
        columns: vec!["one".into(), "a b".into()],
        query: "select `t`.`id` AS `id`,' WITH LOCAL CHECK OPTION' AS `x` from `t`".into(),
        check: Some(ViewCheck::Cascaded),
    };
    assert_eq!(read, Some(expected));
    let read = view(
        "CREATE ALGORITHM=UNDEFINED DEFINER=\"root\"@\"localhost\" SQL SECURITY DEFINER VIEW \"v\" AS select 'a\\' AS \"x\"",
    )
    .unwrap();
    assert_eq!(read.query, "select 'a\\' AS \"x\"");
    assert_eq!(
        (read.algorithm, read.invoker, read.check),
        (None, false, None)
    );
    assert_eq!(view("CREATE TABLE `t` (a int)"), None);
}

#[test]
fn routines() {
    let read = routine(
        "CREATE DEFINER=`root`@`localhost` FUNCTION `add`(a int, c enum('a\n)','b')) RETURNS enum('x\ny') CHARSET latin1\n    \
         NO SQL\n    DETERMINISTIC\n    SQL SECURITY INVOKER\n    COMMENT 'it''s'\nbegin\n return 'no sql';\nend",
        false,
    )
    .unwrap();
    assert_eq!(read.arguments, "a int, c enum('a\n)','b')");
    assert_eq!(read.returns.as_deref(), Some("enum('x\ny') CHARSET latin1"));
    let said = [
        "DETERMINISTIC",
        "NO SQL",
        "SQL SECURITY INVOKER",
        "COMMENT 'it''s'",
    ];
    assert_eq!(read.attributes.declared(true), said);
    assert_eq!(read.body, "begin\n return 'no sql';\nend");
    let again = Attributes::parse(&said.map(String::from), Some("SQL"));
    assert_eq!(again, Some(read.attributes));
    let read = routine("CREATE DEFINER=`r` PROCEDURE `d`.`p`()\nselect 1", true).unwrap();
    assert_eq!((read.arguments.as_str(), read.returns), ("", None));
    assert_eq!(
        (read.attributes, read.body.as_str()),
        (Attributes::default(), "select 1")
    );
    let read = routine(
        "CREATE DEFINER=`r`@`%` AGGREGATE FUNCTION `f`(x int) RETURNS int(11)\nbegin end",
        false,
    );
    assert!(read.unwrap().attributes.aggregate);
    assert_eq!(Attributes::parse(&["IMMUTABLE".into()], None), None);
    assert_eq!(
        routine("CREATE PROCEDURE p() AS BEGIN NULL; END", false),
        None
    );
}

#[test]
fn triggers() {
    for (sql, body) in [
        (
            "CREATE DEFINER=`r`@`%` trigger g before insert on t for each row begin set @a = 1; /* x */ end",
            "set @a = 1",
        ),
        (
            "CREATE TRIGGER g AFTER DELETE ON t FOR EACH ROW FOLLOWS `o`.`h` set @a = 1",
            "set @a = 1",
        ),
        (
            "CREATE TRIGGER g AFTER DELETE ON t FOR EACH ROW x: BEGIN LEAVE x; END x",
            "x: BEGIN LEAVE x; END x",
        ),
        (
            "CREATE TRIGGER g AFTER DELETE ON t FOR EACH ROW BEGIN END",
            "BEGIN END",
        ),
        (
            "CREATE TRIGGER g AFTER DELETE ON t FOR EACH ROW BEGIN NOT ATOMIC SET @a = 1; END",
            "BEGIN NOT ATOMIC SET @a = 1; END",
        ),
    ] {
        assert_eq!(trigger(sql).as_deref(), Some(body), "{sql}");
    }
    assert_eq!(trigger("CREATE TRIGGER g"), None);
}

#[test]
fn sequences() {
    let read = |sql: &str| sequence(sql, Sequence::new("s"));
    assert_eq!(
        read(
            "CREATE SEQUENCE `s` start with 1 minvalue 1 maxvalue 9223372036854775806 increment by 1 cache 1000 nocycle ENGINE=InnoDB"
        ),
        Some(Sequence::new("s").cache(1000))
    );
    assert_eq!(
        read(
            "CREATE SEQUENCE `d`.`s` start with -5 minvalue -9223372036854775807 maxvalue -1 increment by -2 nocache cycle ENGINE=InnoDB"
        ),
        Some(Sequence::new("s").start(-5).increment(-2).cache(0).cycle())
    );
    assert_eq!(
        read(
            "CREATE SEQUENCE `s` as int unsigned start with 3 minvalue 3 maxvalue 9 increment by 1 cache 2 nocycle ENGINE=InnoDB"
        ),
        Some(
            Sequence::new("s")
                .ty(Type::Integer.unsigned())
                .min(3)
                .max(9)
                .cache(2)
        )
    );
    assert_eq!(read("CREATE TABLE `s` (a int)"), None);
}
