//! Models of a database that was there before them, by `aludel models generate`.
//!
//! Features of `aludel` that bring the types of their columns: `bit-vec`, `chrono`, `ipnetwork`, `json`, `mac_address`, `rust_decimal`, `uuid`.

use aludel::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Mood {
    Calm,
    #[enumeration(rename = "in-between")]
    InBetween,
    #[enumeration(rename = "it's fine")]
    ItSFine,
    #[enumeration(rename = "1")]
    N1,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Unused {
    A,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[enumeration(schema = "Billing", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Open,
    PartPaid,
}

#[derive(Debug, Clone, Table)]
#[table(
    name = "albums",
    index(
        desc(expr = "lower(title::text)"),
        asc("artist_id", nulls_first),
        name = r#"Odd "name""#,
        predicate = "cover IS NOT NULL"
    )
)]
pub struct Album {
    #[column(primary_key, type = "SERIAL")]
    pub album_id: i32,
    #[column(length = 160, index, unique)]
    pub title: String,
    #[column(
        references = "artists.artist_id",
        on_delete = "restrict",
        on_update = "cascade",
        index
    )]
    pub artist_id: i32,
    pub cover: Option<Vec<u8>>,
    #[column(name = "releasedOn", server_default = "CURRENT_DATE")]
    pub released_on: chrono::NaiveDate,
}

#[derive(Debug, Clone, Table)]
#[table(name = "all_types")]
pub struct AllType {
    pub a_bool: Option<bool>,
    pub a_small: Option<i16>,
    pub a_int: Option<i32>,
    pub a_big: Option<i64>,
    pub a_real: Option<f32>,
    pub a_double: Option<f64>,
    pub a_numeric: Option<rust_decimal::Decimal>,
    #[column(precision = 12)]
    pub a_decimal: Option<rust_decimal::Decimal>,
    #[column(precision = 12, scale = 4)]
    pub a_decimal_2: Option<rust_decimal::Decimal>,
    pub a_varchar: Option<String>,
    #[column(length = 7)]
    pub a_varchar_n: Option<String>,
    #[column(sql_type = Type::Char(3))]
    pub a_char: Option<String>,
    #[column(sql_type = Type::Char(1))]
    pub a_char_1: Option<String>,
    #[column(sql_type = Type::Text)]
    pub a_text: Option<String>,
    pub a_bytes: Option<Vec<u8>>,
    #[column(sql_type = Type::Bit(8))]
    pub a_bit: Option<bit_vec::BitVec>,
    pub a_varbit: Option<bit_vec::BitVec>,
    #[column(sql_type = Type::Varbit(Some(9)))]
    pub a_varbit_n: Option<bit_vec::BitVec>,
    pub a_date: Option<chrono::NaiveDate>,
    pub a_time: Option<chrono::NaiveTime>,
    #[column(precision = 3)]
    pub a_time_3: Option<chrono::NaiveTime>,
    #[column(sql_type = Type::TimeTz)]
    pub a_timetz: Option<String>,
    #[column(sql_type = Type::TimeTz.precision(3))]
    pub a_timetz_3: Option<String>,
    pub a_stamp: Option<chrono::NaiveDateTime>,
    #[column(precision = 0)]
    pub a_stamp_0: Option<chrono::NaiveDateTime>,
    pub a_stamptz: Option<chrono::DateTime<chrono::Utc>>,
    #[column(precision = 6)]
    pub a_stamptz_6: Option<chrono::DateTime<chrono::Utc>>,
    #[column(sql_type = Type::Interval)]
    pub an_interval: Option<String>,
    #[column(sql_type = Type::Interval.precision(3))]
    pub an_interval_3: Option<String>,
    #[column(type = "interval day to second")]
    pub an_interval_day: Option<String>,
    pub a_uuid: Option<uuid::Uuid>,
    pub a_json: Option<serde_json::Value>,
    #[column(sql_type = Type::Jsonb)]
    pub a_jsonb: Option<serde_json::Value>,
    pub an_inet: Option<std::net::IpAddr>,
    #[column(sql_type = Type::Postgres(PostgresType::Cidr))]
    pub a_cidr: Option<ipnetwork::IpNetwork>,
    pub a_macaddr: Option<mac_address::MacAddress>,
    #[column(sql_type = Type::Postgres(PostgresType::MacAddr8))]
    pub a_macaddr8: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Money))]
    pub a_money: Option<i64>,
    #[column(sql_type = Type::Postgres(PostgresType::TsVector))]
    pub a_tsvector: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::TsQuery))]
    pub a_tsquery: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Xml))]
    pub an_xml: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::JsonPath))]
    pub a_jsonpath: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Oid))]
    pub an_oid: Option<u32>,
    #[column(sql_type = Type::Postgres(PostgresType::RegClass))]
    pub a_regclass: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Name))]
    pub a_name: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::PgLsn))]
    pub a_pg_lsn: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Int4Range))]
    pub an_int4range: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::TstzRange))]
    pub a_tstzrange: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::DateMultirange))]
    pub a_multirange: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Point))]
    pub a_point: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Box))]
    pub a_box: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Path))]
    pub a_path: Option<String>,
    #[column(sql_type = Type::Postgres(PostgresType::Citext))]
    pub a_citext: Option<String>,
    #[column(type = "email")]
    pub an_email: Option<String>,
    pub a_mood: Option<Mood>,
    #[column(sql_type = Type::enumeration("odd", ["", "b"]))]
    pub an_odd: Option<String>,
    pub ints: Option<Vec<i32>>,
    #[column(sql_type = Type::Text.array(), server_default = "'{}'")]
    pub texts: Vec<String>,
    pub moods: Option<Vec<Mood>>,
    #[column(sql_type = Type::Varchar(5).array())]
    pub varchars: Option<Vec<String>>,
    #[column(sql_type = Type::Decimal(8, 2).array())]
    pub decimals: Option<Vec<rust_decimal::Decimal>>,
    pub stamps: Option<Vec<chrono::DateTime<chrono::Utc>>>,
    pub uuids: Option<Vec<uuid::Uuid>>,
    #[column(type = r#""char""#)]
    pub odd_chars: Option<String>,
    #[column(generated = "a_int * 2")]
    pub computed: Option<i32>,
    #[column(sql_type = Type::Text, collation = "C")]
    pub collated: Option<String>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "artists", primary_key("artist_id", name = "pk_artist"))]
pub struct Artist {
    pub artist_id: i32,
    #[column(length = 120)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "keys")]
pub struct Key {
    #[column(primary_key, sql_type = Type::Text)]
    pub r#type: String,
    #[column(name = "self")]
    pub self_: Option<i32>,
    pub r#fn: Option<i32>,
    #[column(name = "Fn")]
    pub fn2: Option<i32>,
    #[column(name = "1st")]
    pub n1st: Option<i32>,
    pub größe: Option<i32>,
    #[column(name = "%")]
    pub unnamed: Option<i32>,
    #[column(name = "a.b")]
    pub a_b: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "media_types", unique("name", deferrable))]
pub struct MediaType {
    #[column(primary_key, type = "SMALLSERIAL")]
    pub id: i16,
    #[column(sql_type = Type::Text)]
    pub name: Option<String>,
    #[column(type = "BIGSERIAL")]
    pub big: i64,
}

#[derive(Debug, Clone, Table)]
pub struct Options {
    #[column(primary_key, autoincrement = false)]
    pub id: i32,
    #[column(server_default = "nextval('numbers'::regclass)")]
    pub value: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(
    name = "playlist_tracks",
    primary_key("playlist_id", "track_id"),
    unique("playlist_id", "position", name = "position_once", nulls_not_distinct)
)]
pub struct PlaylistTrack {
    #[column(references = "playlists.playlist_id")]
    pub playlist_id: i64,
    pub track_id: i64,
    #[column(type = "positive")]
    pub position: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "playlists")]
pub struct Playlist {
    #[column(primary_key, identity = "always")]
    pub playlist_id: i64,
    #[column(
        references = "playlists.playlist_id",
        on_delete = "set null",
        initially_deferred
    )]
    pub parent: Option<i64>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "points_to_dots")]
pub struct PointsToDot {
    #[column(name = "x.y", references = "artists.artist_id")]
    pub x_y: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(
    name = "ratings",
    foreign_key(
        columns("playlist_id", "track_id"),
        references = "playlist_tracks",
        referred("playlist_id", "track_id"),
        on_delete = "cascade",
        match_full
    ),
    check("stars > other OR stars IS NULL", name = "stars, or none")
)]
pub struct Rating {
    pub playlist_id: Option<i64>,
    pub track_id: Option<i64>,
    #[column(check = "stars >= 1 AND stars <= 5")]
    pub stars: Option<i16>,
    pub other: Option<i16>,
    #[column(sql_type = Type::Postgres(PostgresType::DateRange))]
    pub since: Option<String>,
}

#[derive(Debug, Clone, Table)]
pub struct Stored {
    pub a: Option<i32>,
    pub b: Option<i32>,
}

#[derive(Debug, Clone, Table)]
pub struct Strings {
    #[column(primary_key, server_default = "gen_random_uuid()")]
    pub id: uuid::Uuid,
    #[column(references = "options.id")]
    pub r#ref: Option<i32>,
}

#[derive(Debug, Clone, Table)]
pub struct Unlogged {
    pub a: Option<i32>,
}

/// Everything that is declared here.
pub fn metadata() -> Metadata {
    metadata![
        Album,
        AllType,
        Artist,
        Key,
        MediaType,
        Options,
        PlaylistTrack,
        Playlist,
        PointsToDot,
        Strings
    ]
    // No struct: a struct needs a field.
    .table(Table::new("no_columns"))
    // No struct: an identity has options.
    .table(
        Table::new(("Billing", "Invoice Lines"))
            .column(Column::new("Number", Type::Integer).identity_as(Identity {
                always: true,
                start: Some(10),
                increment: Some(2),
                ..Identity::BY_DEFAULT
            }))
            .column(
                Column::new("amount", Type::Decimal(10, 2))
                    .not_null()
                    .server_default("0")
                    .comment("in euros"),
            )
            .column(
                Column::new(
                    "state",
                    Type::enumeration(("Billing", "state"), ["OPEN", "PART_PAID"]),
                )
                .not_null()
                .server_default("'OPEN'"),
            )
            .column(Column::new("album", Type::Integer))
            .constraint(PrimaryKey::new(["Number"]).named("Invoice Lines_pkey"))
            .constraint(
                ForeignKey::new(["album"], "albums", ["album_id"])
                    .named("Invoice Lines_album_fkey"),
            )
            .comment("What was bought.\nIt's a line \"each\"."),
    )
    .table(
        Rating::table()
            .constraint(Unique::new(["other"]).include(["stars"]).named("uq_twice"))
            .constraint(
                Exclude::new([(IndexPart::column("since"), "&&")])
                    .method("gist")
                    .named("never_twice"),
            ),
    )
    .table(
        Stored::table()
            .parameter("fillfactor", "70")
            .index(Index::new("ix_stored_a", ["a"]).parameter("fillfactor", "80")),
    )
    .table(Unlogged::table().unlogged())
    .object(Enum::new("nothing_yet", [] as [&str; 0]))
    .object(Enum::new("unused", ["a"]))
    .object(
        View::new(
            "long_titles",
            r"SELECT albums.album_id,
    albums.title
   FROM albums
  WHERE (length((albums.title)::text) > 100)",
        )
        .option("security_barrier", "true")
        .check_option(ViewCheck::Local),
    )
    .object(View::new(
        ("Billing", "open_lines"),
        r#"SELECT "Invoice Lines"."Number"
   FROM "Billing"."Invoice Lines"
  WHERE ("Invoice Lines".state = 'OPEN'::"Billing".state)"#,
    ))
    .object(
        View::materialized(
            "per_artist",
            r"SELECT albums.artist_id,
    count(*) AS albums
   FROM albums
  GROUP BY albums.artist_id",
        )
        .with_no_data(),
    )
    .object(
        Sequence::new("numbers")
            .start(1000)
            .increment(5)
            .max(90000)
            .cache(3)
            .cycle(),
    )
    .object(Sequence::new("plain_numbers"))
    .object(
        Function::new("touched", "")
            .returns("trigger")
            .language("plpgsql")
            .body(" BEGIN NEW.cover := NULL; RETURN NEW; END "),
    )
    .object(
        Function::new("twice", "n integer DEFAULT 1")
            .returns("integer")
            .attribute("IMMUTABLE")
            .attribute("STRICT")
            .body("SELECT n * 2"),
    )
    .object(Function::procedure("tidy", "").body(" DELETE FROM ratings; "))
    .object(
        Domain::new("email", Type::Postgres(PostgresType::Citext))
            .check(Check::new("VALUE ~ '@'::citext").named("email_check")),
    )
    .object(
        Domain::new("positive", Type::Integer)
            .server_default("1")
            .not_null(),
    )
    .object(
        Trigger::new("touched", "albums")
            .before()
            .insert()
            .update_of(["title"])
            .when("new.title::text <> ''::text")
            .execute("touched()"),
    )
    .object(
        Policy::new("own_strings", "strings")
            .restrictive()
            .command(PolicyCommand::Select)
            .using("ref > 0"),
    )
    .object(Extension::new("citext").schema("public"))
    .row_security("strings", true)
}
