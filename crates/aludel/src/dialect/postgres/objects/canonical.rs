//! Which declared objects are those of the same name in the database.

use super::super::Postgres;
use super::super::session::Session;
use super::probes::Plan;
use super::same::{self, Verdicts};
use crate::db::Connection;
use crate::error::Result;
use crate::schema::{Object, Objects, Schema};

/// Lets each declared object that is the one in the database take over the inspected one. False if some could only be compared as
/// text.
pub(in super::super) async fn canonicalize(
    dialect: &Postgres,
    connection: &mut Connection,
    model: &mut Schema,
    live: &Schema,
) -> Result<bool> {
    if model.objects == Objects::default() {
        comments(model, live);
        return Ok(true);
    }
    let session = Session::of(connection).await?;
    if let Some(home) = &session.default_schema {
        model.objects.unqualify(home);
    }
    same::plain::settle(connection, model, live).await?;
    let calls = same::triggers::Calls::ask(connection, &model.objects, &live.objects).await?;
    let mut plan = Plan::default();
    let domains = same::domains::ask(dialect, &mut plan, model, live);
    let functions = same::functions::ask(dialect, &mut plan, model, live);
    let views = same::views::ask(&mut plan, model, live, dialect);
    let triggers = same::triggers::ask(dialect, &session, &mut plan, model, live);
    let policies = same::policies::ask(dialect, &session, &mut plan, model, live);
    let echo = plan.ask(dialect, connection, &session).await?;
    let mut verdicts = Verdicts::new(&echo);
    same::domains::take_over(&mut verdicts, model, live, &domains);
    same::functions::take_over(&mut verdicts, model, live, &functions);
    same::views::take_over(&mut verdicts, model, live, &views);
    same::triggers::take_over(&mut verdicts, model, live, &triggers, &calls);
    same::policies::take_over(&mut verdicts, &session, model, live, &policies);
    let all_asked = verdicts.all_asked;
    comments(model, live);
    Ok(all_asked)
}

/// Models do not declare comments of objects, so that those that are there are theirs. What a view or a domain that is another had
/// may be gone with it.
fn comments(model: &mut Schema, live: &Schema) {
    for (object, text) in &live.objects.comments {
        let stays = match object {
            Object::Column(view, _) => {
                model.objects.views.get(view) == live.objects.views.get(view)
            }
            Object::DomainConstraint(domain, _) => {
                model.objects.domains.get(domain) == live.objects.domains.get(domain)
            }
            _ => true,
        };
        if stays {
            let comments = &mut model.objects.comments;
            comments
                .entry(object.clone())
                .or_insert_with(|| text.clone());
        }
    }
}
