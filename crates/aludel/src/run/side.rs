//! Two sides of a comparison of schemas: databases, scripts, dumps and models, and what turns one into the other.

use super::autogenerate::{self, Draft, detected};
use super::place::Place;
use super::snapshot::{named_schemas, scripted};
use super::state::State;
use super::{Look, Runner, Snapshot};
use crate::db::{DbUrl, Kind};
use crate::dialect::{self, Dialect};
use crate::diff::{Change, changes};
use crate::error::{Error, Result, SideError};
use crate::history::{History, Migrations};
use crate::ops::Operation;
use crate::schema::{Ident, Metadata, QualifiedName, Schema};
use std::collections::BTreeSet;
use std::sync::Arc;

mod script;

/// One side of a comparison.
#[derive(Debug, Clone)]
pub enum Side<'m> {
    /// The models of a program.
    Models(&'m Metadata),
    /// A database.
    Database(DbUrl),
    /// Definitions as SQL text: they are run in a place made for them, of which nothing is left.
    Script {
        /// The file, for messages.
        file: String,
        /// What is in it.
        text: String,
    },
    /// What [`Snapshot::to_json`] has written.
    Dump {
        /// The file, for messages.
        file: String,
        /// What is in it.
        text: String,
    },
}

/// How sides are read and compared.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The schemas to look at beside the default one and those that a script, a dump or the models name.
    pub schemas: Vec<String>,
    /// A server where scripts are run, and that spells the models, where neither side is a database.
    pub server: Option<DbUrl>,
    /// What database scripts and models are for, where neither the other side nor the server says so.
    pub kind: Option<Kind>,
    /// The version table, which is left out; the usual one if not given.
    pub version_table: Option<QualifiedName>,
    /// How models are compared.
    pub autogenerate: autogenerate::Options,
    /// Whether the statements are wanted that turn one into the other.
    pub script: bool,
}

/// What turns one side into the other.
#[derive(Debug, Default)]
pub struct Difference {
    /// The operations, in an order that runs.
    pub operations: Vec<Operation>,
    /// What differs, as data.
    pub changes: Vec<Change>,
    /// What differs, a line each: `added column 'patients.email'`.
    pub lines: Vec<String>,
    /// The operations as a script for the database's own client, if [`Settings::script`] asked for it.
    pub script: Option<String>,
}

impl Difference {
    /// Whether both sides are the same.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.changes.is_empty()
    }

    fn between(dialect: &dyn Dialect, from: &Schema, to: &Schema) -> Self {
        let operations = dialect::difference(dialect, from, to);
        Self {
            lines: detected::lines(&operations, from),
            changes: changes(from, to),
            operations,
            script: None,
        }
    }
}

impl Settings {
    fn look(&self, schemas: Option<Vec<String>>) -> Look {
        let mut look = Look {
            schemas,
            ..Look::default()
        };
        if let Some(table) = &self.version_table {
            look.version_table = table.clone();
        }
        look
    }

    /// Which database a side is for, as far as it says so itself.
    fn own_kind(side: &Side<'_>) -> Result<Option<Kind>> {
        Ok(match side {
            Side::Database(url) => Some(url.kind()),
            Side::Dump { file, text } => Some(Snapshot::from_json(file, text)?.kind),
            Side::Models(_) | Side::Script { .. } => None,
        })
    }

    /// Which database a side is for, by itself, by the other side, by the server, or as told.
    fn kind_of(&self, side: &Side<'_>, other: Option<&Side<'_>>) -> Result<Kind> {
        let by_other = match other {
            Some(other) => Self::own_kind(other)?,
            None => None,
        };
        let told = self.kind.or(by_other);
        let known = Self::own_kind(side)?.or(told);
        known
            .or(self.server.as_ref().map(DbUrl::kind))
            .ok_or_else(|| {
                let what = side.name();
                SideError::NoKind { what }.into()
            })
    }

    /// The server on which a side is read that brings none.
    fn server_for<'s>(&'s self, kind: Kind, other: Option<&'s Side<'_>>) -> Option<&'s DbUrl> {
        let same = |url: &&DbUrl| family(url.kind()) == family(kind);
        let of_other = match other {
            Some(Side::Database(url)) => Some(url),
            _ => None,
        };
        of_other.filter(same).or(self.server.as_ref().filter(same))
    }
}

/// MySQL and MariaDB know each other's URLs.
fn family(kind: Kind) -> Kind {
    match kind {
        Kind::MariaDb => Kind::Mysql,
        kind => kind,
    }
}

impl Side<'_> {
    /// What it is called in messages.
    fn name(&self) -> String {
        match self {
            Self::Models(_) => "the models".into(),
            Self::Database(url) => url.to_string(),
            Self::Script { file, .. } | Self::Dump { file, .. } => format!("`{file}`"),
        }
    }
}

/// A side that was read, with the place where it can be looked at again, if there is one.
struct Read {
    snapshot: Snapshot,
    place: Option<Place>,
}

impl Read {
    async fn close(self) -> Result<()> {
        match self.place {
            Some(place) => place.close().await,
            None => Ok(()),
        }
    }
}

/// What there is on one side, of the schemas that are asked for, or all of it.
///
/// # Errors
/// [`SideError`] for a file that cannot be read as what it is; [`crate::Error::Database`] with what the database said.
pub async fn snapshot(
    side: &Side<'_>,
    schemas: Option<Vec<String>>,
    settings: &Settings,
) -> Result<(Snapshot, Arc<dyn Dialect>)> {
    if let Side::Models(metadata) = side {
        return of_models(metadata, side, settings).await;
    }
    let read = read(side, None, schemas.clone(), settings).await?;
    let dialect = match &read.place {
        Some(place) => place.dialect.clone(),
        None => Arc::from(dialect::by_kind(read.snapshot.kind)?),
    };
    let mut snapshot = read.snapshot.clone();
    read.close().await?;
    if let Some(schemas) = schemas {
        let named = schemas.into_iter().map(Ident::from).collect();
        snapshot.keep_schemas(&named);
    }
    Ok((snapshot, dialect))
}

/// What turns `from` into `to`, in the default schema, those that a script, a dump or the models name, and those asked for.
///
/// # Errors
/// [`SideError`] for a side that cannot be read, and for two that have no words in common; [`crate::Error::Metadata`] for models
/// that contradict themselves; [`crate::Error::Database`] with what the database said.
pub async fn difference(from: &Side<'_>, to: &Side<'_>, settings: &Settings) -> Result<Difference> {
    match (from, to) {
        (Side::Models(_), Side::Models(_)) => Ok(Difference::default()),
        (Side::Models(metadata), other) => against(other, metadata, true, settings).await,
        (other, Side::Models(metadata)) => against(other, metadata, false, settings).await,
        (from, to) => between(from, to, settings).await,
    }
}

/// Two sides, neither of which is the models.
async fn between(from: &Side<'_>, to: &Side<'_>, settings: &Settings) -> Result<Difference> {
    let kinds = (
        settings.kind_of(from, Some(to))?,
        settings.kind_of(to, Some(from))?,
    );
    refuse_strangers(kinds)?;
    // What names schemas by itself is read first, and databases are looked at where it does.
    let mut named: BTreeSet<Ident> = settings.schemas.iter().map(Ident::from).collect();
    let early = [(from, to), (to, from)];
    let mut reads: Vec<Option<Read>> = vec![None, None];
    let outcome = async {
        for (at, (side, other)) in early.into_iter().enumerate() {
            if !matches!(side, Side::Database(_)) {
                let read = read(side, Some(other), None, settings).await?;
                named.extend(named_schemas(&read.snapshot.schema));
                named.extend(read.snapshot.schema.objects.schemas.iter().cloned());
                reads[at] = Some(read);
            }
        }
        let schemas: Vec<String> = named.iter().map(ToString::to_string).collect();
        for (at, (side, other)) in early.into_iter().enumerate() {
            if matches!(side, Side::Database(_)) {
                reads[at] = Some(read(side, Some(other), Some(schemas.clone()), settings).await?);
            }
        }
        match reads.as_mut_slice() {
            [Some(from), Some(to)] => compared(from, to, &named, settings).await,
            _ => Ok(Difference::default()),
        }
    };
    let outcome = outcome.await;
    for read in reads.into_iter().flatten() {
        read.close().await?;
    }
    outcome
}

async fn compared(
    from: &mut Read,
    to: &mut Read,
    named: &BTreeSet<Ident>,
    settings: &Settings,
) -> Result<Difference> {
    refuse_strangers((from.snapshot.kind, to.snapshot.kind))?;
    if from.snapshot.release != to.snapshot.release {
        tracing::warn!(
            target: "aludel::run",
            "The one side is of {} {}, the other of {}: what they only spell differently is told as a difference",
            from.snapshot.kind.name(),
            from.snapshot.release,
            to.snapshot.release
        );
    }
    from.snapshot.keep_schemas(named);
    to.snapshot.keep_schemas(named);
    overlook_extensions(from, to);
    let dialect: Arc<dyn Dialect> = match (&from.place, &to.place) {
        (Some(place), _) | (None, Some(place)) => place.dialect.clone(),
        (None, None) => Arc::from(dialect::by_kind(from.snapshot.kind)?),
    };
    let schemas = (&from.snapshot.schema, &to.snapshot.schema);
    let mut found = Difference::between(&*dialect, schemas.0, schemas.1);
    if settings.script {
        let schema = from.snapshot.schema.clone();
        let state = match &mut from.place {
            Some(place) => State::like(dialect.clone(), &mut place.connection, schema).await?,
            None => State::of(dialect.clone(), schema).await?,
        };
        found.script = Some(scripted(state, &*dialect, &found.operations).await?);
    }
    Ok(found)
}

/// Extensions belong to a whole database, so that a script that had none for itself has found those of the server's.
fn overlook_extensions(from: &mut Read, to: &mut Read) {
    let is_guest = |it: &Read| it.place.as_ref().is_some_and(Place::is_in_transaction);
    if !is_guest(from) && !is_guest(to) {
        return;
    }
    let known = [&mut from.snapshot, &mut to.snapshot];
    let mut any = false;
    for snapshot in known {
        let extensions = &mut snapshot.schema.objects.extensions;
        any |= !extensions.is_empty();
        extensions.clear();
    }
    if any {
        tracing::warn!(
            target: "aludel::run",
            "Extensions are not compared, since the role may make no database in which the script is alone"
        );
    }
}

/// Definitions of two kinds of databases have no words in common; those of MySQL and MariaDB have.
fn refuse_strangers((from, to): (Kind, Kind)) -> Result<()> {
    match family(from) == family(to) {
        true => Ok(()),
        false => Err(SideError::Kinds { from, to }.into()),
    }
}

/// The models and something else: it is looked at in a database, which says how it spells what the models say.
async fn against(
    other: &Side<'_>,
    metadata: &Metadata,
    from_models: bool,
    settings: &Settings,
) -> Result<Difference> {
    let mut options = settings.autogenerate.clone();
    options.include_schemas.extend(exactly(&settings.schemas));
    let place = match other {
        Side::Database(url) => Place::at(url).await?,
        other => {
            let kind = settings.kind_of(other, None)?;
            let server = settings.server_for(kind, None);
            let mut place = Place::empty(kind, server, &other.name()).await?;
            match fill(other, &mut place, settings).await {
                Ok(named) => options.include_schemas.extend(exactly(&named)),
                Err(error) => {
                    place.close().await?;
                    return Err(error);
                }
            }
            place
        }
    };
    let (connection, made) = place.apart();
    let run = super::Options {
        version_table: settings.look(None).version_table,
        ..super::Options::default()
    };
    let outcome = async {
        let history = History::embedded(&Migrations::new("versions", &[]))?;
        let mut runner = Runner::on(connection, history, run).await?;
        let outcome = drafted(
            &mut runner,
            metadata,
            &options,
            from_models,
            settings.script,
        )
        .await;
        let _ = runner.close().await;
        outcome
    };
    let outcome = outcome.await;
    if let Some(made) = made {
        made.clear().await?;
    }
    outcome
}

/// Names as patterns that stand for nothing else.
fn exactly(names: &[String]) -> impl Iterator<Item = autogenerate::Pattern> {
    names
        .iter()
        .filter_map(|it| autogenerate::Pattern::exactly(it).ok())
}

async fn drafted(
    runner: &mut Runner,
    metadata: &Metadata,
    options: &autogenerate::Options,
    from_models: bool,
    script: bool,
) -> Result<Difference> {
    let Draft { live, model, .. } = runner.compare(metadata, options).await?;
    let (from, to) = match from_models {
        true => (model, live),
        false => (live, model),
    };
    let dialect = runner.dialect.clone();
    let mut found = Difference::between(&*dialect, &from, &to);
    if script {
        let state = match from_models {
            true => State::of(dialect.clone(), from).await?,
            false => State::like(dialect.clone(), runner.db.connection(), from).await?,
        };
        found.script = Some(scripted(state, &*dialect, &found.operations).await?);
    }
    Ok(found)
}

/// Makes in an empty place what a script or a dump says; answers the schemas that it names.
async fn fill(side: &Side<'_>, place: &mut Place, settings: &Settings) -> Result<Vec<String>> {
    match side {
        Side::Script { file, text } => script::run(place, file, text).await?,
        Side::Dump { file, text } => {
            let snapshot = Snapshot::from_json(file, text)?;
            let text = snapshot.script(place.dialect.clone()).await?;
            script::run(place, file, &text).await?;
        }
        Side::Models(_) | Side::Database(_) => {}
    }
    let look = settings.look(place.schemas().await?);
    let snapshot = Snapshot::of(&mut place.connection, &look).await?;
    let schemas = snapshot.schema.objects.schemas.iter();
    Ok(schemas.map(ToString::to_string).collect())
}

/// Reads a side that is not the models; `other` may say what database it is for, and where a server is.
async fn read(
    side: &Side<'_>,
    other: Option<&Side<'_>>,
    schemas: Option<Vec<String>>,
    settings: &Settings,
) -> Result<Read> {
    let (mut place, schemas) = match side {
        Side::Database(url) => (Place::at(url).await?, schemas),
        Side::Dump { file, text } => {
            let snapshot = Snapshot::from_json(file, text)?;
            let place = None;
            return Ok(Read { snapshot, place });
        }
        Side::Script { .. } | Side::Models(_) => {
            let kind = settings.kind_of(side, other)?;
            let server = settings.server_for(kind, other);
            (Place::empty(kind, server, &side.name()).await?, None)
        }
    };
    let outcome = async {
        let mut schemas = schemas;
        if let Side::Script { file, text } = side {
            script::run(&mut place, file, text).await?;
            schemas = place.schemas().await?;
        }
        Snapshot::of(&mut place.connection, &settings.look(schemas)).await
    };
    match outcome.await {
        Ok(snapshot) => Ok(Read {
            snapshot,
            place: Some(place),
        }),
        Err(error) => {
            place.close().await?;
            Err(error)
        }
    }
}

/// The models as a database has them: they are made in a place of their own. Where there is none, they stay as they were declared.
async fn of_models(
    metadata: &Metadata,
    side: &Side<'_>,
    settings: &Settings,
) -> Result<(Snapshot, Arc<dyn Dialect>)> {
    if metadata.is_empty() {
        return Err(Error::NoModels);
    }
    let mut schema = metadata.schema()?;
    let kind = settings.kind_of(side, None)?;
    let server = settings.server_for(kind, None);
    let mut place = match Place::empty(kind, server, &side.name()).await {
        Ok(place) => place,
        Err(Error::Side(SideError::NoServer { .. })) => {
            let dialect: Arc<dyn Dialect> = Arc::from(dialect::by_kind(kind)?);
            dialect.normalize(&mut schema);
            let release = String::new();
            return Ok((Snapshot::new(kind, release, schema, &*dialect), dialect));
        }
        Err(error) => return Err(error),
    };
    let dialect = place.dialect.clone();
    let outcome = async {
        dialect.normalize(&mut schema);
        let declared = Snapshot::new(kind, String::new(), schema, &*dialect);
        let text = declared.script(dialect.clone()).await?;
        script::run(&mut place, &side.name(), &text).await?;
        let look = settings.look(place.schemas().await?);
        Snapshot::of(&mut place.connection, &look).await
    };
    let outcome = outcome.await;
    place.close().await?;
    Ok((outcome?, dialect))
}
