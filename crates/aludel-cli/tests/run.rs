//! Commands that work on a database, with `.sql` revisions on SQLite.
#![cfg(feature = "sqlite")]

mod support;

use insta::assert_snapshot;
use support::Project;

/// `a1 <- b2 <- c3`.
fn chain() -> Project {
    let project = Project::sql();
    project.revision("a1", "");
    project.revision("b2", "a1");
    project.revision("c3", "b2");
    project
}

#[test]
fn up_and_down() {
    let project = chain();
    assert_snapshot!(project.run("upgrade +1"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, step a1
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    a1
    ");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade a1 -> b2, step b2
    INFO  [aludel::run] Running upgrade b2 -> c3, step c3
    ");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    c3 (head)
    ");
    assert_snapshot!(project.run("downgrade -1"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running downgrade c3 -> b2, step c3
    ");
    assert_snapshot!(project.run("history -i"), @"
    exit 0
    -- stdout
    b2 -> c3 (head), step c3
    a1 -> b2 (current), step b2
    <base> -> a1, step a1
    ");
    assert_snapshot!(project.run("history -r current:"), @"
    exit 0
    -- stdout
    b2 -> c3 (head), step c3
    a1 -> b2, step b2
    ");
    assert_snapshot!(project.run("show current"), @"
    exit 0
    -- stdout
    Rev: b2
    Parent: a1
    Path: ROOT/migrations/versions/b2.sql

        step b2

        Revision ID: b2
        Revises: a1
    ");
    assert_snapshot!(project.run("downgrade base"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running downgrade b2 -> a1, step b2
    INFO  [aludel::run] Running downgrade a1 -> , step a1
    ");
    assert_snapshot!(project.run("current"), @"exit 0");
}

#[test]
fn where_the_database_stands() {
    let project = chain();
    project.ok("upgrade b2");
    assert_snapshot!(project.run("current --check-heads"), @"
    exit 1
    -- stdout
    b2
    -- stderr
    error: Database is not on all head revisions
    hint: `aludel upgrade heads` brings it there
    ");
    assert_snapshot!(project.run("current -v"), @"
    exit 0
    -- stdout
    Current revision(s) for sqlite:app.db:
    Rev: b2
    Parent: a1
    Path: ROOT/migrations/versions/b2.sql

        step b2

        Revision ID: b2
        Revises: a1
    ");
    assert_snapshot!(project.run("current --json"), @r#"
    exit 0
    -- stdout
    {
      "database": "sqlite:app.db",
      "up_to_date": false,
      "revisions": [
        {
          "id": "b2",
          "down": [
            "a1"
          ],
          "depends_on": [],
          "labels": [],
          "message": "step b2",
          "create_date": null,
          "path": "ROOT/migrations/versions/b2.sql",
          "head": false,
          "effective_head": false,
          "branchpoint": false,
          "mergepoint": false,
          "current": true
        }
      ]
    }
    "#);
    project.ok("upgrade head");
    assert_snapshot!(project.run("current --check-heads"), @"
    exit 0
    -- stdout
    c3 (head)
    ");
}

#[test]
fn reading_makes_nothing() {
    let project = chain();
    assert_snapshot!(project.run("current"), @"
    exit 1
    -- stderr
    error: there is no database at sqlite:app.db
    hint: `aludel upgrade head` makes it
    ");
    assert!(!project.has("app.db"));
    project.write("app.db", "");
    assert_snapshot!(project.run("current"), @"exit 0");
    assert_snapshot!(project.run("current --check-heads"), @"
    exit 1
    -- stderr
    error: Database is not on all head revisions
    hint: `aludel upgrade heads` brings it there
    ");
    assert_eq!(project.read("app.db"), "");
}

#[test]
fn stamps() {
    let project = chain();
    assert_snapshot!(project.run("stamp b2"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running stamp_revision  -> b2
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    b2
    ");
    assert_snapshot!(project.run("stamp b2 c3"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running stamp_revision b2 -> c3
    ");
    assert_snapshot!(project.run("stamp base"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running stamp_revision c3 ->
    ");
    project.ok("stamp head");
    std::fs::remove_file(project.path().join("migrations/versions/c3.sql")).unwrap();
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: Can't locate revision identified by 'c3'
    hint: the database is at a revision whose file is not here: bring the file back, or tell where the database stands: `aludel stamp --purge REVISION`
    ");
    assert_snapshot!(project.run("current"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'c3'
    hint: the database is at a revision whose file is not here: bring the file back, or tell where the database stands: `aludel stamp --purge REVISION`
    ");
    assert_snapshot!(project.run("stamp --purge b2"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running stamp_revision  -> b2
    ");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    b2 (head)
    ");
    assert_snapshot!(project.run("stamp --sql b2"), @"
    exit 0
    -- stdout
    CREATE TABLE alembic_version (
        version_num VARCHAR(32) NOT NULL,
        CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    );

    -- Running stamp_revision  -> b2

    BEGIN IMMEDIATE;

    INSERT INTO alembic_version (version_num) VALUES ('b2');

    COMMIT;
    ");
    assert_snapshot!(project.run("stamp --sql --purge b2"), @"
    exit 2
    -- stderr
    error: Can't use --purge with --sql mode
    ");
    assert_snapshot!(project.run("stamp"), @"
    exit 2
    -- stderr
    error: the following required arguments were not provided: <TARGETS>...
    Usage: aludel stamp <TARGETS>...
    hint: `--help` says more
    ");
}

#[test]
fn the_version_table_alone() {
    let project = chain();
    assert_snapshot!(project.run("ensure-version"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    ");
    assert!(project.has("app.db"));
    assert_snapshot!(project.run("current"), @"exit 0");
    assert_snapshot!(project.run("ensure-version --sql"), @"
    exit 0
    -- stdout
    CREATE TABLE alembic_version (
        version_num VARCHAR(32) NOT NULL,
        CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    );
    ");
}

#[test]
fn scripts_need_no_database() {
    let project = chain();
    assert_snapshot!(project.run("upgrade head --sql"), @"
    exit 0
    -- stdout
    CREATE TABLE alembic_version (
        version_num VARCHAR(32) NOT NULL,
        CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
    );

    -- Running upgrade  -> a1

    BEGIN IMMEDIATE;

    CREATE TABLE t_a1 (id INTEGER PRIMARY KEY);

    INSERT INTO alembic_version (version_num) VALUES ('a1');

    COMMIT;

    -- Running upgrade a1 -> b2

    BEGIN IMMEDIATE;

    CREATE TABLE t_b2 (id INTEGER PRIMARY KEY);

    UPDATE alembic_version SET version_num = 'b2' WHERE version_num = 'a1';

    COMMIT;

    -- Running upgrade b2 -> c3

    BEGIN IMMEDIATE;

    CREATE TABLE t_c3 (id INTEGER PRIMARY KEY);

    UPDATE alembic_version SET version_num = 'c3' WHERE version_num = 'b2';

    COMMIT;
    ");
    assert_snapshot!(project.run("upgrade a1:b2 --sql"), @"
    exit 0
    -- stdout
    -- Running upgrade a1 -> b2

    BEGIN IMMEDIATE;

    CREATE TABLE t_b2 (id INTEGER PRIMARY KEY);

    UPDATE alembic_version SET version_num = 'b2' WHERE version_num = 'a1';

    COMMIT;
    ");
    assert_snapshot!(project.run("downgrade b2:a1 --sql"), @"
    exit 0
    -- stdout
    -- Running downgrade b2 -> a1

    BEGIN IMMEDIATE;

    DROP TABLE t_b2;

    UPDATE alembic_version SET version_num = 'a1' WHERE version_num = 'b2';

    COMMIT;
    ");
    assert_snapshot!(project.run("downgrade a1 --sql"), @"
    exit 1
    -- stderr
    error: downgrade with --sql requires <fromrev>:<torev>
    hint: say where the database stands and where to: `aludel downgrade head:base --sql`
    ");
    assert_snapshot!(project.run("upgrade a1:b2"), @"
    exit 1
    -- stderr
    error: Range revision not allowed
    hint: a range is for `--sql`
    ");
    assert!(!project.has("app.db"));
    let unset = project.with("DATABASE_URL", "postgres://nobody:geheim@127.0.0.1:1/none");
    let said = unset.run("upgrade head --sql --dialect sqlite");
    assert!(said.starts_with("exit 0\n"), "{said}");
}

#[test]
fn a_revision_that_fails_half_way_leaves_nothing() {
    let project = chain();
    project.revision_of(
        "d4",
        "c3",
        "CREATE TABLE half (id INTEGER);\n\nINSERT INTO half VALUES (1);\n\nINSERT INTO nowhere\n    VALUES (1);",
        "",
    );
    assert_snapshot!(project.run("upgrade head"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, step a1
    INFO  [aludel::run] Running upgrade a1 -> b2, step b2
    INFO  [aludel::run] Running upgrade b2 -> c3, step c3
    INFO  [aludel::run] Running upgrade c3 -> d4, step d4
    error: revision d4 failed: execute "INSERT INTO nowhere VALUES (1)"
      at migrations/versions/d4.sql:11
        INSERT INTO nowhere
            VALUES (1)
      the revision was rolled back whole
      caused by: no such table: nowhere (code 1)
    hint: mend the cause and run the command again
    "#);
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    c3
    ");
    project.revision_of("d4", "c3", "CREATE TABLE half (id INTEGER);", "");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade c3 -> d4, step d4
    ");
    assert_snapshot!(project.run("downgrade -1"), @"
    exit 0
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running downgrade d4 -> c3, step d4
    ");
}

#[test]
fn the_whole_run_in_one_transaction() {
    let project = chain();
    project.revision_of("d4", "c3", "BROKEN;", "");
    assert_snapshot!(project.run("upgrade head --transaction all"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, step a1
    INFO  [aludel::run] Running upgrade a1 -> b2, step b2
    INFO  [aludel::run] Running upgrade b2 -> c3, step c3
    INFO  [aludel::run] Running upgrade c3 -> d4, step d4
    error: revision d4 failed: execute "BROKEN"
      at migrations/versions/d4.sql:7
        BROKEN
      the whole run was rolled back, with the revisions before this one
      caused by: near "BROKEN": syntax error (code 1)
    hint: mend the cause and run the command again
    "#);
    assert_snapshot!(project.run("current"), @"exit 0");
}

#[test]
fn what_ran_outside_a_transaction_stays() {
    let project = Project::sql();
    project.write(
        "migrations/versions/a1.sql",
        "-- a\n--\n-- Revision ID: a1\n\n-- migrate:up transaction:false\nCREATE TABLE half (id INTEGER);\nBROKEN;\n",
    );
    assert_snapshot!(project.run("upgrade head"), @r#"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    INFO  [aludel::run] Running upgrade  -> a1, a
    error: revision a1 failed: execute "BROKEN"
      at migrations/versions/a1.sql:7
        BROKEN
      of the revision, this is what the database has:
          1  committed     execute "CREATE TABLE half (id INTEGER)" (migrations/versions/a1.sql:6)
          2  failed        execute "BROKEN" (migrations/versions/a1.sql:7)
             not written   the version row
      caused by: near "BROKEN": syntax error (code 1)
    hint: mend the cause and run the command again: it goes on behind what is committed
    "#);
    project.write(
        "migrations/versions/a1.sql",
        "-- a\n--\n-- Revision ID: a1\n\n-- migrate:up transaction:false\nCREATE TABLE half (id INTEGER);\n",
    );
    let said = project.run("upgrade head");
    assert!(said.starts_with("exit 0"), "{said}");
    assert!(said.contains("Going on with a1, of which "), "{said}");
    assert!(said.contains(" has done 1 operation(s)"), "{said}");
    assert_snapshot!(project.run("downgrade base"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: migrations/versions/a1.sql: revision a1 has no `-- migrate:down` section, so it cannot be downgraded
    hint: write one into the file, or restore a backup of the database
    ");
}

#[test]
fn targets_that_are_not_there() {
    let project = chain();
    project.ok("upgrade b2");
    assert_snapshot!(project.run("upgrade zz"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'zz'
      caused by: No such revision or branch 'zz'; please ensure at least four characters are present for partial revision identifier matches
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("upgrade +5"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: Relative revision +5 didn't produce 5 migrations
    hint: `aludel current` and `aludel history` show how far it can go
    ");
    assert_snapshot!(project.run("downgrade -5"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: Relative revision -5 didn't produce 5 migrations
    hint: `aludel current` and `aludel history` show how far it can go
    ");
    assert_snapshot!(project.run("downgrade c3"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: Destination c3 is not a valid downgrade target from current head(s)
    hint: the database is at b2; `aludel history` shows what lies below
    ");
}

#[test]
fn rust_revisions_without_a_program() {
    let project = chain();
    project.ok("revision --format rust --rev-id d4 -m x");
    assert_snapshot!(project.run("upgrade head"), @"
    exit 1
    -- stderr
    INFO  [aludel::run] Context impl SQLite
    INFO  [aludel::run] Will assume transactional DDL
    error: revision d4 is Rust code, which this program does not contain
    hint: migrations/versions/20251108_1430_d4_x.rs needs a migrations program: `aludel init` makes one, and `script_location` names its folder
    ");
    assert_snapshot!(project.run("check"), @r#"
    exit 1
    -- stderr
    error: `check` compares the database with models in Rust, and `migrations` holds no program that knows any
    hint: `aludel init migrations` makes such a program; without one, write the revision by hand: `aludel revision -m "..."`
    "#);
    assert_snapshot!(project.run("revision --autogenerate -m x"), @r#"
    exit 1
    -- stderr
    error: `--autogenerate` compares the database with models in Rust, and `migrations` holds no program that knows any
    hint: `aludel init migrations` makes such a program; without one, write the revision by hand: `aludel revision -m "..."`
    "#);
}

#[test]
fn quiet_and_verbose() {
    let project = chain();
    assert_snapshot!(project.run("upgrade -q head"), @"exit 0");
    assert_snapshot!(project.run("-q current"), @"
    exit 0
    -- stdout
    c3 (head)
    ");
    project.revision_of("d4", "c3", "BROKEN;", "");
    let said = project.run("-q upgrade head");
    assert!(
        said.contains("\nerror: ") && !said.contains("INFO"),
        "{said}"
    );
}

#[test]
fn another_version_table() {
    let project = chain();
    let config = project
        .read("aludel.toml")
        .replace("\"alembic_version\"", "\"where\"");
    project.write("aludel.toml", &config);
    let script = project.ok("upgrade a1 --sql");
    assert!(script.contains("CREATE TABLE \"where\" ("), "{script}");
    project.ok("upgrade head");
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    c3 (head)
    ");
}

#[test]
fn the_database_is_the_same_from_a_folder_below() {
    let project = chain();
    project.write("src/x", "");
    let mut command = project.command(&["upgrade", "head"]);
    let said = project.said(command.current_dir(project.path().join("src")));
    assert!(said.starts_with("exit 0\n"), "{said}");
    assert!(project.has("app.db") && !project.has("src/app.db"));
    assert_snapshot!(project.run("current"), @"
    exit 0
    -- stdout
    c3 (head)
    ");
    let mut command = project.command(&["current", "--url", "sqlite:../app.db"]);
    assert_snapshot!(project.said(command.current_dir(project.path().join("src"))), @"
    exit 0
    -- stdout
    c3 (head)
    ");
}
