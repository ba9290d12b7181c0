//! Commands on histories that branch and merge: `branches`, `heads`, `merge`, `history --graph`.

mod support;

use insta::assert_snapshot;
use support::Project;

/// `a1aa <- b2bb`, upon which stand `c3cc` and, on the branch `billing`, `d4dd`; `e5ee` stands beside `b2bb`.
fn branched() -> Project {
    let project = Project::sql();
    project.revision("a1aa", "");
    project.revision("b2bb", "a1aa");
    project.revision("c3cc", "b2bb");
    project.write(
        "migrations/versions/d4dd.sql",
        "-- Bill visits\n--\n-- Revision ID: d4dd\n-- Revises: b2bb\n-- Branch Labels: billing\n\n-- migrate:up\n",
    );
    project.revision("e5ee", "a1aa");
    project
}

#[test]
fn branch_points() {
    let project = branched();
    assert_snapshot!(project.run("branches"), @"
    exit 0
    -- stdout
    b2bb (branchpoint)
         -> c3cc (head)
         -> d4dd (billing) (head)

    a1aa (branchpoint)
         -> b2bb (branchpoint)
         -> e5ee (head)
    ");
    assert_snapshot!(project.run("branches -v"), @"
    exit 0
    -- stdout
    Rev: b2bb (branchpoint)
    Parent: a1aa
    Branches into: c3cc, d4dd
    Path: ROOT/migrations/versions/b2bb.sql

        step b2bb

        Revision ID: b2bb
        Revises: a1aa

         -> c3cc (head), step c3cc
         -> d4dd (billing) (head), Bill visits

    Rev: a1aa (branchpoint)
    Parent: <base>
    Branches into: b2bb, e5ee
    Path: ROOT/migrations/versions/a1aa.sql

        step a1aa

        Revision ID: a1aa

         -> b2bb (branchpoint), step b2bb
         -> e5ee (head), step e5ee
    ");
    let json = project.ok("branches --json");
    let ids: Vec<&str> = json
        .lines()
        .map(str::trim)
        .filter(|it| it.starts_with("\"id\""))
        .collect();
    assert_eq!(
        ids,
        [
            r#""id": "b2bb","#,
            r#""id": "c3cc","#,
            r#""id": "d4dd","#,
            r#""id": "a1aa","#,
            r#""id": "b2bb","#,
            r#""id": "e5ee","#
        ]
    );
    let straight = Project::sql();
    straight.revision("a1aa", "");
    assert_eq!(straight.run("branches"), "exit 0\n");
}

#[test]
fn merges() {
    let project = branched();
    let before = project.files();
    assert_snapshot!(project.run("merge c3 e5ee d4dd c3cc"), @"
    exit 1
    -- stderr
    error: Duplicate head revisions specified
      c3cc
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("merge b2bb c3cc"), @"
    exit 1
    -- stderr
    error: Revision b2bb is not a head revision; please specify --splice to create a new branch from this revision
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("merge head"), @"
    exit 1
    -- stderr
    error: Multiple heads are present; please specify the head revision on which the new revision should be based, or perform a merge.
      c3cc
      d4dd
      e5ee
    hint: `aludel heads` shows the heads
    ");
    assert_snapshot!(project.run("merge zzzz c3cc"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'zzzz'
      caused by: No such revision or branch 'zzzz'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("merge heads --rev-id c3cc"), @"
    exit 1
    -- stderr
    error: Revision c3cc is present already: in migrations/versions/c3cc.sql
    hint: give another `--rev-id`, or none
    ");
    assert_snapshot!(project.run("merge heads --rev-id f6ff --branch-label billing"), @"
    exit 1
    -- stderr
    error: Branch name 'billing' in revision f6ff already used by revision d4dd
    ");
    assert_snapshot!(project.run("merge heads --branch-label a@b"), @"
    exit 1
    -- stderr
    error: --branch-label: 'a@b' cannot be a branch label: it holds characters that separate or combine names
    ");
    assert_snapshot!(project.run("merge"), @"
    exit 2
    -- stderr
    error: the following required arguments were not provided: <REVISIONS>...
    Usage: aludel merge <REVISIONS>...
    hint: `--help` says more
    ");
    assert_eq!(project.files(), before);
    assert_snapshot!(project.run("merge billing c3 --rev-id f6ff -m Both --branch-label both"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_f6ff_both.sql ... done
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_f6ff_both.sql"), @"
    -- Both
    --
    -- Revision ID: f6ff
    -- Revises: d4dd, c3cc
    -- Branch Labels: both
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    assert_snapshot!(project.run("merge heads --rev-id g7gg --format rust"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_g7gg_.rs ... done
    ");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_g7gg_.rs"), @"
    //! Revision ID: g7gg
    //! Revises: f6ff, e5ee
    //! Create Date: 2025-11-08 14:30:00

    use aludel::prelude::*;

    pub fn upgrade(_op: &mut Operations) {}

    pub fn downgrade(_op: &mut Operations) {}
    ");
    assert_snapshot!(project.run("merge b2bb e5ee --splice --rev-id h8hh -m x -q"), @"exit 0");
    assert_snapshot!(project.run("history"), @"
    exit 0
    -- stdout
    f6ff, e5ee -> g7gg (billing, both) (head) (mergepoint)
    d4dd, c3cc -> f6ff (billing, both) (mergepoint), Both
    b2bb -> d4dd (billing), Bill visits
    b2bb, e5ee -> h8hh (head) (mergepoint), x
    b2bb -> c3cc, step c3cc
    a1aa -> e5ee (branchpoint), step e5ee
    a1aa -> b2bb (branchpoint), step b2bb
    <base> -> a1aa (branchpoint), step a1aa
    ");
    // One revision is accepted, as in Alembic: a plain child.
    assert_snapshot!(project.run("merge h8hh --rev-id i9ii -m y"), @"
    exit 0
    -- stdout
    Generating migrations/versions/20251108_1430_i9ii_y.sql ... done
    ");
    assert_snapshot!(Project::sql().run("merge heads"), @"
    exit 1
    -- stderr
    error: There is no revision to merge
    hint: `aludel heads` shows the heads
    ");
}

#[test]
fn nothing_is_written_for_a_revision_that_would_break_the_history() {
    let project = branched();
    let before = project.files();
    assert_snapshot!(project.run("revision --head c3cc --branch-label billing --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: Branch name 'billing' in revision f6ff already used by revision d4dd
    ");
    assert_snapshot!(project.run("revision --head c3cc --branch-label b2bb --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: Branch name 'b2bb' in revision f6ff already used by revision b2bb
    ");
    assert_snapshot!(project.run("revision --head c3cc --branch-label x-1 --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: --branch-label: 'x-1' cannot be a branch label: it holds characters that separate or combine names
    ");
    assert_snapshot!(project.run("revision --head c3cc --branch-label x --branch-label x --rev-id f6ff"), @"
    exit 1
    -- stderr
    error: --branch-label: `Branch Labels` holds `x` twice
    ");
    assert_snapshot!(project.run("revision --head c3cc --rev-id billing"), @"
    exit 1
    -- stderr
    error: Branch name 'billing' in revision d4dd already used by revision billing
    ");
    assert_snapshot!(project.run("revision --head c3cc --rev-id a1aa"), @"
    exit 1
    -- stderr
    error: Revision a1aa is present already: in migrations/versions/a1aa.sql
    hint: give another `--rev-id`, or none
    ");
    assert_snapshot!(project.run("revision --head c3cc --rev-id a-b@c"), @"
    exit 2
    -- stderr
    error: invalid value 'a-b@c' for '--rev-id <ID>': Character(s) '-, @' not allowed in revision identifier 'a-b@c'
    hint: `--help` says more
    ");
    assert_snapshot!(project.run("revision --head c3cc --depends-on nothing"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'nothing'
      caused by: No such revision or branch 'nothing'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("revision --head c3cc --depends-on base"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by 'base'
      caused by: No such revision or branch 'base'
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("revision --head +1"), @"
    exit 1
    -- stderr
    error: Can't locate revision identified by '+1'
      caused by: No such revision or branch '+1'; please ensure at least four characters are present for partial revision identifier matches
    hint: `aludel history` lists the revisions
    ");
    assert_snapshot!(project.run("revision --head c3cc --version-path elsewhere"), @"
    exit 1
    -- stderr
    error: Path elsewhere is not represented in current version locations
      migrations/versions
    hint: name one of these folders
    ");
    assert_eq!(project.files(), before);
}

#[test]
fn places_of_a_new_revision() {
    let project = branched();
    project.ok("revision --head e5 --depends-on billing --depends-on c3 --rev-id f6ff -m x --version-path ./migrations/versions");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_f6ff_x.sql"), @"
    -- x
    --
    -- Revision ID: f6ff
    -- Revises: e5ee
    -- Depends On: billing, c3cc
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    project.ok("revision --head base --rev-id g7gg -m root --branch-label other");
    assert_snapshot!(project.read("migrations/versions/20251108_1430_g7gg_root.sql"), @"
    -- root
    --
    -- Revision ID: g7gg
    -- Branch Labels: other
    -- Create Date: 2025-11-08 14:30:00

    -- migrate:up

    -- migrate:down
    ");
    project.ok("revision --head other@head --rev-id h8hh -m y");
    assert_snapshot!(project.run("heads"), @"
    exit 0
    -- stdout
    f6ff (head)
    h8hh (other) (head)
    c3cc (effective head)
    d4dd (billing) (effective head)
    ");
}
