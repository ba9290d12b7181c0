//! Views, functions, triggers and the like as Rust source.

use super::{constraint, expr, idents, name, pairs, string, ty};
use crate::schema::{
    Deferrable, Domain, Expr, Extension, Fires, Function, Object, Policy, PolicyCommand, Sequence,
    Spelled, Timing, Trigger, TriggerEvent, View,
};

/// SQL text of its own lines as a literal that keeps them.
pub fn text(sql: &str) -> String {
    let lines = sql.contains('\n') && !sql.contains(|c: char| c.is_control() && c != '\n');
    if !lines {
        return string(sql);
    }
    let mut hashes = String::new();
    while sql.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{sql}\"{hashes}")
}

/// An object, `Object::view("v")`.
pub fn object(object: &Object) -> String {
    let call = match object {
        Object::Type(_) => "ty".into(),
        Object::DomainConstraint(..) => "domain_constraint".into(),
        other => other.kind().replace(' ', "_"),
    };
    format!("Object::{call}({})", object_arguments(object))
}

/// The arguments that name an object.
pub fn object_arguments(object: &Object) -> String {
    match object {
        Object::Schema(it) | Object::Extension(it) => string(it),
        Object::Column(of, it) => format!("{}, {}", name(of), string(it)),
        Object::Function(it, arguments) | Object::Procedure(it, arguments) => {
            format!("{}, {}", name(it), string(arguments))
        }
        Object::Constraint(of, it)
        | Object::DomainConstraint(of, it)
        | Object::Trigger(of, it)
        | Object::Policy(of, it) => format!("{}, {}", string(it), name(of)),
        Object::Table(it)
        | Object::Index(it)
        | Object::View(it)
        | Object::MaterializedView(it)
        | Object::Sequence(it)
        | Object::Type(it)
        | Object::Domain(it) => name(it),
    }
}

/// A sequence; by its name alone where that says it all.
pub fn sequence(it: &Sequence) -> String {
    if *it == Sequence::new(it.name.clone()) {
        return name(&it.name);
    }
    let mut code = format!("Sequence::new({})", name(&it.name));
    if let Some(of) = &it.ty {
        code += &format!(".ty({})", ty(of));
    }
    for (call, number) in [
        ("start", it.start),
        ("increment", it.increment),
        ("min", it.min),
        ("max", it.max),
        ("cache", it.cache),
    ] {
        if let Some(number) = number {
            code += &format!(".{call}({number})");
        }
    }
    if it.cycle {
        code += ".cycle()";
    }
    if let Some((table, column)) = &it.owned_by {
        code += &format!(".owned_by({}, {})", name(table), string(column));
    }
    code
}

/// A view; that it is materialized is said by the call that takes it.
pub fn view(it: &View) -> String {
    let query = text(it.query.written.as_str());
    let mut code = format!("View::new({}, {query})", name(&it.name));
    if !it.columns.is_empty() {
        code += &format!(".columns({})", idents(&it.columns));
    }
    code += &pairs("option", &it.options);
    if let Some(check) = it.check {
        code += &format!(".check_option(ViewCheck::{check:?})");
    }
    if it.no_data {
        code += ".with_no_data()";
    }
    if let Some(tablespace) = &it.tablespace {
        code += &format!(".tablespace({})", string(tablespace));
    }
    code
}

/// A function; that it is a procedure is said by the call that takes it.
pub fn function(it: &Function) -> String {
    let mut code = format!(
        "Function::new({}, {})",
        name(&it.name),
        string(&it.arguments)
    );
    if let Some(returns) = &it.returns {
        code += &format!(".returns({})", string(returns));
    }
    if let Some(language) = &it.language {
        code += &format!(".language({})", string(language));
    }
    for attribute in &it.attributes {
        code += &format!(".attribute({})", string(attribute));
    }
    let call = if it.sql_body { "sql_body" } else { "body" };
    code + &format!(".{call}({})", text(&it.body))
}

/// A trigger.
pub fn trigger(it: &Trigger) -> String {
    let mut code = format!("Trigger::new({}, {})", string(&it.name), name(&it.table));
    if it.constraint {
        code += ".constraint()";
    }
    code += match it.timing {
        Timing::Before => ".before()",
        Timing::After => ".after()",
        Timing::InsteadOf => ".instead_of()",
    };
    for event in &it.events {
        code += &match event {
            TriggerEvent::Insert => ".insert()".to_string(),
            TriggerEvent::Update(columns) if columns.is_empty() => ".update()".to_string(),
            TriggerEvent::Update(columns) => format!(".update_of({})", idents(columns)),
            TriggerEvent::Delete => ".delete()".to_string(),
            TriggerEvent::Truncate => ".truncate()".to_string(),
        };
    }
    if let Some(table) = &it.refers_to {
        code += &format!(".refers_to({})", name(table));
    }
    if it.deferrable != Deferrable::No {
        code += &format!(".deferrable(Deferrable::{:?})", it.deferrable);
    }
    for (call, table) in [("old_table", &it.old_table), ("new_table", &it.new_table)] {
        if let Some(table) = table {
            code += &format!(".{call}({})", string(table));
        }
    }
    if it.for_each_statement {
        code += ".for_each_statement()";
    }
    if let Some(when) = &it.when {
        code += &format!(".when({})", expr(when));
    }
    if let Some(call) = &it.execute {
        code += &format!(".execute({})", string(call));
    }
    if let Some(body) = &it.body {
        code += &format!(".body({})", text(body));
    }
    if it.fires != Fires::AtOrigin {
        code += &format!(".fires(Fires::{:?})", it.fires);
    }
    code
}

/// An extension; by its name alone where that says it all.
pub fn extension(it: &Extension) -> String {
    if *it == Extension::new(it.name.clone()) {
        return string(&it.name);
    }
    let mut code = format!("Extension::new({})", string(&it.name));
    if let Some(schema) = &it.schema {
        code += &format!(".schema({})", string(schema));
    }
    if let Some(version) = &it.version {
        code += &format!(".version({})", string(version));
    }
    if it.cascade {
        code += ".cascade()";
    }
    code
}

/// A domain.
pub fn domain(it: &Domain) -> String {
    let mut code = format!("Domain::new({}, {})", name(&it.name), ty(&it.ty.written));
    if let Some(collation) = &it.collation {
        code += &format!(".collation({})", string(collation));
    }
    if let Some(default) = &it.default {
        code += &format!(".server_default({})", expr(default));
    }
    if it.not_null {
        code += ".not_null()";
    }
    for check in &it.checks {
        code += &format!(".check({})", constraint(&check.clone().into()));
    }
    code
}

/// A policy.
pub fn policy(it: &Policy) -> String {
    let mut code = format!("Policy::new({}, {})", string(&it.name), name(&it.table));
    if !it.permissive {
        code += ".restrictive()";
    }
    if it.command != PolicyCommand::All {
        code += &format!(".command(PolicyCommand::{:?})", it.command);
    }
    if !it.roles.is_empty() {
        code += &format!(".to({})", idents(&it.roles));
    }
    code + &policy_conditions(it.using.as_ref(), it.with_check.as_ref())
}

/// The calls that say the conditions of a policy.
pub fn policy_conditions(
    using: Option<&Spelled<Expr>>,
    with_check: Option<&Spelled<Expr>>,
) -> String {
    let mut code = String::new();
    for (call, condition) in [("using", using), ("with_check", with_check)] {
        if let Some(it) = condition {
            code += &format!(".{call}({})", expr(it));
        }
    }
    code
}
