//! Functions, procedures and triggers, whose bodies the database keeps as they were written.

use super::{all, compared, create, is_a_change, live, look, there_and_back};
use aludel::dialect::Scope;
use aludel::prelude::*;
use aludel::schema::{Declared, ObjectKind};

fn add() -> Function {
    Function::new("add it", "a integer, `b c` Decimal(5) unsigned, s varchar(20)")
        .returns("varchar(30)")
        .attribute("DETERMINISTIC")
        .attribute("NO SQL")
        .attribute("SQL SECURITY INVOKER")
        .attribute("COMMENT 'it''s \\\\ 😀'")
        .body("BEGIN\n  -- add\n  DECLARE c INTEGER DEFAULT 0;\n  SET c = a + `b c`;\n  RETURN CONCAT(c, s, '😀 END');\nEND;")
}

fn routines() -> Vec<Declared> {
    vec![
        add().into(),
        Function::new("one", "").returns("int").body("RETURN 1").into(),
        Function::procedure("forget", "IN before_id integer, OUT n bigint, INOUT t text")
            .attribute("MODIFIES SQL DATA")
            .attribute("LANGUAGE SQL")
            .body("DELETE FROM visits WHERE id < before_id")
            .into(),
        Function::procedure("nothing", "").attribute("NOT DETERMINISTIC CONTAINS SQL").body("BEGIN END").into(),
        // A procedure may have the name of a function.
        Function::procedure("one", " ").body("SELECT 1").into(),
        Function::new("pick", "e enum('a','b ,)') charset latin1, j json, d datetime(3), b bool")
            .returns("enum('x','y') charset utf8mb4 collate utf8mb4_bin")
            .language("sql")
            .body("return 'x'")
            .into(),
        Function::new("total", "x int")
            .returns("int")
            .attribute("AGGREGATE")
            .body("BEGIN DECLARE n INT DEFAULT 0; DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN n; LOOP FETCH GROUP NEXT ROW; SET n = n + x; END LOOP; END")
            .into(),
    ]
}

fn triggers() -> Vec<Declared> {
    vec![
        Trigger::new("the log", "visits")
            .after()
            .update()
            .execute("log()")
            .body("INSERT INTO `a log` VALUES (OLD.`the order`); INSERT INTO `a log` VALUES ('é 😀; END') -- new")
            .into(),
        Trigger::new("before", "a log").before().insert().body("SET NEW.what = \"seen\"").into(),
        Trigger::new("no", "visits")
            .before()
            .delete()
            .body("BEGIN IF OLD.id = 1 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END;")
            .into(),
        Trigger::new("block", "visits").after().insert().body("x: BEGIN LEAVE x; END x").into(),
    ]
}

#[tokio::test]
async fn routines_are_equal_to_what_they_were_made_of() {
    let Some(mut live) = live().await else { return };
    there_and_back(&mut live, routines()).await;
}

#[tokio::test]
async fn triggers_are_equal_to_what_they_were_made_of() {
    let Some(mut live) = live().await else { return };
    there_and_back(&mut live, triggers()).await;
}

/// The same, as other hands wrote them: a client that leaves comments out, a dump, a person.
#[tokio::test]
async fn other_spellings_are_equal() {
    let Some(mut live) = live().await else { return };
    live.execute(
        "CREATE FUNCTION `Add it`(`A` int(11),`b c` numeric(5,0) unsigned,S varchar(20) charset utf8mb4) returns varchar ( 30 )
            comment \"it's \\\\ 😀\" no sql sql security invoker deterministic
         begin declare c int default 0; set c=a+`b c`; return concat(c,s,'😀 END'); end",
    )
    .await;
    let declared = add().body(add().body.replace("INTEGER", "INT"));
    let (model, there, asked) = compared(&mut live, [declared.clone().into()]).await;
    assert!(asked);
    assert_eq!(model.objects, there.objects);
    // What only its name has in common is a change of that one.
    let mut other = declared;
    other.arguments = "a integer".into();
    let (model, there, _) = compared(&mut live, [other.into()]).await;
    let keys =
        |it: &aludel::schema::Schema| it.objects.functions.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&model), keys(&there));
    assert_ne!(model.objects, there.objects);
    live.execute(
        "DROP FUNCTION `add it`;
         CREATE TRIGGER `the log` AFTER UPDATE ON visits FOR EACH ROW begin
            insert into `a log` values(old.`the order`); insert into `a log` values('é 😀; END'); end;
         CREATE TRIGGER `before` BEFORE INSERT ON `a log` FOR EACH ROW set new.`what`='seen';
         /*!50003 CREATE*/ /*!50003 TRIGGER no BEFORE DELETE ON visits FOR EACH ROW BEGIN IF OLD.id = 1 THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END IF; END */;
         CREATE TRIGGER block AFTER INSERT ON visits FOR EACH ROW x: BEGIN LEAVE x; END x;
         CREATE TRIGGER aludel_x AFTER INSERT ON visits FOR EACH ROW FOLLOWS block SET @a = 1",
    )
    .await;
    let (model, there, asked) = compared(&mut live, triggers()).await;
    assert!(asked);
    assert_eq!(model.objects, there.objects);
}

#[tokio::test]
async fn routines_that_were_changed_are_not_equal() {
    let Some(mut live) = live().await else { return };
    create(&mut live, routines()).await;
    let without = |name: &str| {
        let mut it = add();
        it.attributes.retain(|it| !it.contains(name));
        it
    };
    let arguments = |text: &str| Function {
        arguments: text.into(),
        ..add()
    };
    let changed = [
        arguments("a bigint, `b c` decimal(5) unsigned, s varchar(20)"),
        arguments("a integer, `b c` decimal(5), s varchar(20)"),
        arguments("a integer, `b c` decimal(5) unsigned, s varchar(21)"),
        arguments("a integer, `b c` decimal(5) unsigned, s varchar(20) charset latin1"),
        arguments("x integer, `b c` decimal(5) unsigned, s varchar(20)"),
        arguments("a integer, `b c` decimal(5) unsigned"),
        arguments("a integer, `b c` no such type, s varchar(20)"),
        add().returns("varchar(31)"),
        add().returns("varchar(30) collate utf8mb4_bin"),
        without("DETERMINISTIC"),
        without("NO SQL"),
        without("NO SQL").attribute("READS SQL DATA"),
        without("SECURITY"),
        without("COMMENT"),
        without("COMMENT").attribute("COMMENT 'It''s \\\\ 😀'"),
        add().attribute("IMMUTABLE"),
        add().language("javascript"),
        add().body(add().body.replace("END'", "end'")),
        add().body("RETURN 1"),
    ];
    for function in changed {
        is_a_change(&mut live, &routines(), function.into()).await;
    }
    let forget = Function::procedure(
        "forget",
        "OUT before_id integer, OUT n bigint, INOUT t text",
    )
    .attribute("MODIFIES SQL DATA")
    .body("DELETE FROM visits WHERE id < before_id");
    is_a_change(&mut live, &routines(), forget.into()).await;
}

/// There is no overloading, and none of two is lost on the way to hear that.
#[tokio::test]
async fn two_of_one_name_stay_two() {
    let Some(mut live) = live().await else { return };
    create(&mut live, routines()).await;
    let mut two = routines();
    two.push(
        Function::new("Add It", "")
            .returns("int")
            .body("RETURN 1")
            .into(),
    );
    let (model, there, _) = compared(&mut live, two).await;
    assert_eq!(
        model.objects.functions.len(),
        there.objects.functions.len() + 1
    );
}

#[tokio::test]
async fn triggers_that_were_changed_are_not_equal() {
    let Some(mut live) = live().await else { return };
    create(&mut live, triggers()).await;
    let before = || Trigger::new("before", "a log");
    let body = "SET NEW.what = 'seen'";
    let changed = [
        before().after().insert().body(body),
        before().before().update().body(body),
        before().before().insert().body("SET NEW.what = 'Seen'"),
        before().before().insert().body(format!("{body}; {body}")),
        before().before().insert().execute("f()"),
        before().before().insert().body(body).when("true"),
        before().before().insert().body(body).for_each_statement(),
        before().before().insert().update().body(body),
    ];
    for trigger in changed {
        is_a_change(&mut live, &triggers(), trigger.into()).await;
    }
}

#[tokio::test]
async fn one_table_has_its_triggers() {
    let Some(mut live) = live().await else { return };
    create(&mut live, triggers().into_iter().chain(routines())).await;
    let own = live.text("SELECT DATABASE()").await;
    let scope = Scope::Tables(vec![(own, "a log").into()]);
    let there = look(&mut live, &scope, &ObjectKind::ALL)
        .await
        .unwrap()
        .objects;
    assert_eq!(
        there.triggers.keys().collect::<Vec<_>>(),
        [&("a log".into(), "before".into())]
    );
    assert!(there.functions.is_empty() && there.schemas.is_empty());
    let none = look(&mut live, &Scope::Tables(Vec::new()), &ObjectKind::ALL)
        .await
        .unwrap();
    assert_eq!(none, Default::default());
    let names = all(&mut live).await.objects.functions;
    assert_eq!(names.keys().filter(|it| it.0 == "one".into()).count(), 2);
}
