//! Models of a database that was there before them, by `aludel models generate`.
//!
//! Features of `aludel` that bring the types of their columns: `chrono`, `json`, `rust_decimal`, `uuid`.

use aludel::prelude::*;

#[derive(Debug, Clone, Table)]
#[table(
    name = "albums",
    index(
        desc(expr = "lower(title)"),
        asc("artist_id", collation = "NOCASE"),
        name = r#"Odd "name""#,
        predicate = "cover IS NOT NULL"
    ),
    autoincrement
)]
pub struct Album {
    #[column(primary_key)]
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
    pub a_tiny: Option<i8>,
    pub a_small: Option<i16>,
    pub an_int: Option<i32>,
    pub an_int_2: Option<i32>,
    #[column(type = "MEDIUMINT")]
    pub an_int_3: Option<String>,
    pub a_big: Option<i64>,
    pub a_real: Option<f32>,
    pub a_float: Option<f64>,
    pub a_double: Option<f64>,
    pub a_double_2: Option<f64>,
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
    #[column(sql_type = Type::Text)]
    pub a_text: Option<String>,
    #[column(sql_type = Type::Text)]
    pub a_clob: Option<String>,
    pub a_blob: Option<Vec<u8>>,
    pub a_date: Option<chrono::NaiveDate>,
    pub a_time: Option<chrono::NaiveTime>,
    pub a_stamp: Option<chrono::NaiveDateTime>,
    pub a_datetime: Option<chrono::DateTime<chrono::Utc>>,
    pub a_uuid: Option<uuid::Uuid>,
    #[column(type = "UUID")]
    pub a_uuid_2: Option<String>,
    pub a_json: Option<serde_json::Value>,
    #[column(type = "JSON")]
    pub a_json_2: Option<String>,
    #[column(sql_type = Type::custom(""))]
    pub untyped: Option<String>,
    #[column(type = r#""MY TYPE(3)""#)]
    pub odd: Option<String>,
    #[column(type = "UNSIGNED BIG INT")]
    pub unsigned_big: Option<String>,
    #[column(generated = "an_int * 2")]
    pub computed: Option<i32>,
    #[column(generated_virtual = "an_int + 1")]
    pub more: Option<i32>,
    #[column(sql_type = Type::Text, collation = "RTRIM")]
    pub collated: Option<String>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "artists")]
pub struct Artist {
    #[column(primary_key)]
    pub artist_id: i32,
    #[column(type = "NVARCHAR(120)")]
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
    #[column(name = "Fn2")]
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
#[table(name = "media_types")]
pub struct MediaType {
    #[column(primary_key, type = "INT")]
    pub id: String,
    #[column(sql_type = Type::Text, unique)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Table)]
pub struct Options {
    #[column(primary_key)]
    pub id: i32,
    #[column(server_default = "abs(-3)")]
    pub value: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "playlists")]
pub struct Playlist {
    #[column(primary_key)]
    pub playlist_id: i32,
    #[column(
        references = "playlists.playlist_id",
        on_delete = "set null",
        initially_deferred
    )]
    pub parent: Option<i64>,
}

#[derive(Debug, Clone, Table)]
#[table(
    name = "ratings",
    foreign_key(
        columns("playlist_id", "track_id"),
        references = "playlist_tracks",
        referred("playlist_id", "track_id"),
        on_delete = "cascade"
    ),
    check("stars > other OR stars IS NULL", name = "stars, or none")
)]
pub struct Rating {
    pub playlist_id: Option<i64>,
    pub track_id: Option<i64>,
    #[column(check = "stars BETWEEN 1 AND 5")]
    pub stars: Option<i16>,
    pub other: Option<i16>,
}

#[derive(Debug, Clone, Table)]
#[table(strict)]
pub struct StrictOne {
    #[column(primary_key)]
    pub id: i32,
    pub n: Option<i32>,
    pub r: Option<f32>,
    pub t: Option<String>,
    pub b: Option<Vec<u8>>,
    #[column(type = "ANY")]
    pub a: Option<String>,
}

#[derive(Debug, Clone, Table)]
pub struct Strings {
    #[column(primary_key, sql_type = Type::Text)]
    pub id: String,
    #[column(references = "options.id")]
    pub r#ref: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "two_keys", primary_key("a", "b"), without_rowid)]
pub struct TwoKey {
    #[column(sql_type = Type::Text)]
    pub a: String,
    #[column(sql_type = Type::Text)]
    pub b: String,
}

/// Everything that is declared here.
pub fn metadata() -> Metadata {
    metadata![
        Album, AllType, Artist, Key, MediaType, Options, Playlist, Rating, StrictOne, Strings,
        TwoKey
    ]
    // No struct: a NOT NULL has a conflict clause.
    .table(
        Table::new("playlist_tracks")
            .column(Column::new("playlist_id", Type::BigInteger).not_null())
            .column(Column::new("track_id", Type::BigInteger).not_null())
            .column(
                Column::new("position", Type::Integer)
                    .not_null()
                    .server_default("1")
                    .not_null_on_conflict(OnConflict::Replace),
            )
            .constraint(ForeignKey::new(
                ["playlist_id"],
                "playlists",
                ["playlist_id"],
            ))
            .constraint(PrimaryKey::new(["playlist_id", "track_id"]))
            .constraint(
                Unique::new(["playlist_id", "position"])
                    .on_conflict(OnConflict::Ignore)
                    .named("position_once"),
            ),
    )
    .object(View::new(
        "long_titles",
        "SELECT album_id, title FROM albums WHERE length(title) > 100",
    ))
    .object(
        Trigger::new("touched", "albums")
            .after()
            .insert()
            .when("NEW.title <> ''")
            .body("DELETE FROM ratings WHERE other = 1"),
    )
    .object(
        Trigger::new("instead", "long_titles")
            .instead_of()
            .delete()
            .body("DELETE FROM albums WHERE album_id = OLD.album_id"),
    )
}
