//! Scripts of every dialect, without a database and without a URL.
#![cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]

mod support;

use insta::assert_snapshot;
use support::Project;

/// A project whose configuration names no database.
fn project() -> Project {
    let project = Project::sql();
    project.write("aludel.toml", "script_location = 'migrations'\n");
    project.revision("a1", "");
    project.revision_of(
        "b2",
        "a1",
        "INSERT INTO t_a1 VALUES (1) -- one",
        "DELETE FROM t_a1;",
    );
    project
}

#[test]
fn a_script_needs_a_dialect_and_no_url() {
    let project = project();
    for (name, begin) in [
        ("postgresql", "BEGIN;"),
        ("postgres", "BEGIN;"),
        ("sqlite", "BEGIN IMMEDIATE;"),
        ("mysql", ""),
        ("mariadb", ""),
    ] {
        let text = project.ok(&format!("upgrade head --sql --dialect {name}"));
        assert!(text.contains("-- Running upgrade a1 -> b2\n"), "{text}");
        assert_eq!(text.contains("COMMIT;"), !begin.is_empty(), "{text}");
        assert!(text.contains(begin), "{text}");
        assert!(text.contains("CREATE TABLE alembic_version"), "{text}");
    }
    assert_snapshot!(project.run("upgrade head --sql"), @"
    exit 2
    -- stderr
    error: a script needs a dialect, and no `url` in aludel.toml tells it
    hint: give `--dialect`: sqlite, postgresql, mysql or mariadb
    ");
    assert_snapshot!(project.run("upgrade head --sql --dialect oracle"), @"
    exit 2
    -- stderr
    error: invalid value 'oracle' for '--dialect <NAME>': no database is called so
    hint: `--help` says more
    ");
    assert_snapshot!(project.run("upgrade a1: --sql --dialect postgresql"), @"
    exit 0
    -- stdout
    -- Running upgrade a1 -> b2

    BEGIN;

    INSERT INTO t_a1 VALUES (1);

    UPDATE alembic_version SET version_num = 'b2' WHERE version_num = 'a1';

    COMMIT;
    ");
    assert_snapshot!(project.run("downgrade b2: --sql --dialect mariadb"), @"
    exit 0
    -- stdout
    SET NAMES utf8mb4;

    -- Running downgrade b2 -> a1

    DELETE FROM t_a1;

    UPDATE alembic_version SET version_num = 'a1' WHERE version_num = 'b2';

    -- Running downgrade a1 -> 

    DROP TABLE t_a1;

    DELETE FROM alembic_version WHERE version_num = 'a1';
    ");
    assert_snapshot!(project.run("downgrade :a1 --sql --dialect sqlite"), @"
    exit 1
    -- stderr
    error: downgrade with --sql requires <fromrev>:<torev>
    hint: say where the database stands and where to: `aludel downgrade head:base --sql`
    ");
    assert_snapshot!(project.run("stamp a1:b2 --sql --dialect mysql"), @"
    exit 0
    -- stdout
    SET NAMES utf8mb4;

    -- Running stamp_revision a1 -> b2

    UPDATE alembic_version SET version_num = 'b2' WHERE version_num = 'a1';
    ");
    assert_eq!(
        project.ok("upgrade :a1 --sql --dialect sqlite"),
        project.ok("upgrade a1 --sql --dialect sqlite")
    );
}
