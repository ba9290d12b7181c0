//! Models of a database that was there before them, by `aludel models generate`.
//!
//! Features of `aludel` that bring the types of their columns: `chrono`, `json`, `rust_decimal`.

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
#[enumeration(rename_all = "UPPERCASE")]
pub enum PlantsMood {
    Wet,
    Dry,
}

#[derive(Debug, Clone, Table)]
#[table(name = "albums", unique("title", name = "title"))]
pub struct Album {
    #[column(primary_key)]
    pub album_id: u32,
    #[column(length = 160)]
    pub title: String,
    #[column(references = "artists.artist_id", on_update = "cascade", index)]
    pub artist_id: i32,
    pub cover: Option<Vec<u8>>,
    #[column(name = "releasedOn", server_default = "curdate()")]
    pub released_on: chrono::NaiveDate,
}

#[derive(Debug, Clone, Table)]
#[table(name = "all_types")]
pub struct AllType {
    pub a_bool: Option<bool>,
    pub a_bool_2: Option<bool>,
    pub a_tiny: Option<i8>,
    pub a_tiny_u: Option<u8>,
    pub a_small: Option<i16>,
    pub a_small_u: Option<u16>,
    #[column(sql_type = Type::Mysql(MysqlType::MediumInteger))]
    pub a_medium: Option<i32>,
    #[column(sql_type = Type::Mysql(MysqlType::MediumInteger).unsigned())]
    pub a_medium_u: Option<u32>,
    pub an_int: Option<i32>,
    pub an_int_w: Option<i32>,
    pub an_int_u: Option<u32>,
    #[column(type = "int(6) unsigned zerofill")]
    pub an_int_z: Option<String>,
    pub a_big: Option<i64>,
    pub a_big_u: Option<u64>,
    pub a_float: Option<f32>,
    pub a_double: Option<f64>,
    #[column(precision = 10)]
    pub a_decimal: Option<rust_decimal::Decimal>,
    #[column(precision = 12, scale = 4)]
    pub a_decimal_2: Option<rust_decimal::Decimal>,
    #[column(sql_type = Type::Decimal(8, 2).unsigned())]
    pub a_decimal_u: Option<rust_decimal::Decimal>,
    pub a_varchar: Option<String>,
    #[column(length = 7)]
    pub a_varchar_n: Option<String>,
    #[column(sql_type = Type::Char(1))]
    pub a_char: Option<String>,
    #[column(sql_type = Type::Char(3))]
    pub a_char_n: Option<String>,
    #[column(sql_type = Type::Text)]
    pub a_text: Option<String>,
    #[column(sql_type = Type::Mysql(MysqlType::TinyText))]
    pub a_tinytext: Option<String>,
    #[column(sql_type = Type::Mysql(MysqlType::MediumText))]
    pub a_mediumtext: Option<String>,
    #[column(sql_type = Type::Mysql(MysqlType::LongText))]
    pub a_longtext: Option<String>,
    #[column(sql_type = Type::Mysql(MysqlType::Blob))]
    pub a_blob: Option<Vec<u8>>,
    #[column(sql_type = Type::Mysql(MysqlType::TinyBlob))]
    pub a_tinyblob: Option<Vec<u8>>,
    #[column(sql_type = Type::Mysql(MysqlType::MediumBlob))]
    pub a_mediumblob: Option<Vec<u8>>,
    pub a_longblob: Option<Vec<u8>>,
    #[column(sql_type = Type::FixedBinary(16))]
    pub a_binary: Option<Vec<u8>>,
    #[column(sql_type = Type::Varbinary(64))]
    pub a_varbinary: Option<Vec<u8>>,
    #[column(sql_type = Type::Bit(8))]
    pub a_bit: Option<u64>,
    pub a_date: Option<chrono::NaiveDate>,
    #[column(precision = 0)]
    pub a_time: Option<chrono::NaiveTime>,
    #[column(precision = 3)]
    pub a_time_3: Option<chrono::NaiveTime>,
    #[column(precision = 0)]
    pub a_datetime: Option<chrono::NaiveDateTime>,
    pub a_datetime_6: Option<chrono::NaiveDateTime>,
    #[column(precision = 0)]
    pub a_timestamp: Option<chrono::DateTime<chrono::Utc>>,
    pub a_timestamp_6: Option<chrono::DateTime<chrono::Utc>>,
    #[column(sql_type = Type::Mysql(MysqlType::Year))]
    pub a_year: Option<u16>,
    pub a_json: Option<serde_json::Value>,
    #[column(sql_type = Type::Mysql(MysqlType::Geometry))]
    pub a_geometry: Option<Vec<u8>>,
    #[column(sql_type = Type::Mysql(MysqlType::Point))]
    pub a_point: Option<Vec<u8>>,
    #[column(sql_type = Type::Mysql(MysqlType::Inet4))]
    pub an_inet4: Option<String>,
    #[column(sql_type = Type::Mysql(MysqlType::Inet6))]
    pub an_inet6: Option<String>,
    #[column(type = "uuid")]
    pub a_uuid: Option<String>,
    #[column(
        precision = 0,
        server_default = "current_timestamp()",
        server_onupdate = "current_timestamp()"
    )]
    pub touched: chrono::DateTime<chrono::Utc>,
    #[column(generated = "`an_int` * 2")]
    pub computed: Option<i32>,
    #[column(generated_virtual = "`an_int` + 1")]
    pub more: Option<i32>,
    #[column(length = 20, collation = "utf8mb4_bin")]
    pub collated: Option<String>,
    /// it's "noted"
    /// here
    #[column(comment = "it's \"noted\"\nhere")]
    pub noted: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "artists")]
pub struct Artist {
    #[column(primary_key)]
    pub artist_id: i32,
    #[column(length = 120)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "keys")]
pub struct Key {
    #[column(primary_key, length = 20)]
    pub r#type: String,
    #[column(name = "self")]
    pub self_: Option<i32>,
    pub r#fn: Option<i32>,
    #[column(name = "1st")]
    pub n1st: Option<i32>,
    pub größe: Option<i32>,
    #[column(name = "%")]
    pub unnamed: Option<i32>,
    #[column(name = "a.b")]
    pub a_b: Option<i32>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "media_types", unique("name", name = "name"))]
pub struct MediaType {
    #[column(primary_key, autoincrement = false)]
    pub id: i16,
    pub name: Option<String>,
}

#[derive(Debug, Clone, Table)]
pub struct OldOne {
    pub a: Option<i32>,
    #[column(length = 10, collation = "latin1_german1_ci")]
    pub b: Option<String>,
}

#[derive(Debug, Clone, Table)]
pub struct Options {
    #[column(primary_key, autoincrement = false)]
    pub id: i32,
    #[column(server_default = "abs(-3)")]
    pub value: Option<i32>,
    #[column(invisible)]
    pub hidden: Option<i32>,
}

#[derive(Debug, Clone, Table)]
pub struct People {
    #[column(primary_key)]
    pub id: i32,
    #[column(server_default = "'calm'")]
    pub mood: Mood,
    #[column(type = "enum('','b')")]
    pub empty: Option<String>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "pets")]
pub struct Pet {
    #[column(primary_key)]
    pub id: i32,
    pub mood: Option<Mood>,
}

#[derive(Debug, Clone, Table)]
#[table(name = "plants")]
pub struct Plant {
    #[column(primary_key)]
    pub id: i32,
    pub mood: Option<PlantsMood>,
    #[column(type = "set('a','b')", server_default = "'a'")]
    pub flags: Option<String>,
}

#[derive(Debug, Clone, Table)]
#[table(
    name = "playlist_tracks",
    primary_key("playlist_id", "track_id"),
    foreign_key(
        columns("playlist_id"),
        references = "playlists",
        referred("playlist_id"),
        name = "of_playlist"
    ),
    unique("playlist_id", "position", name = "position_once")
)]
pub struct PlaylistTrack {
    pub playlist_id: u64,
    pub track_id: i64,
    #[column(server_default = "1")]
    pub position: i32,
}

#[derive(Debug, Clone, Table)]
#[table(
    name = "playlists",
    foreign_key(
        columns("parent"),
        references = "playlists",
        referred("playlist_id"),
        on_delete = "set null",
        name = "playlists_ibfk_1"
    ),
    index("parent", name = "parent")
)]
pub struct Playlist {
    #[column(primary_key, identity)]
    pub playlist_id: u64,
    pub parent: Option<u64>,
}

/// It's what "people" think
#[derive(Debug, Clone, Table)]
#[table(
    name = "ratings",
    comment = r#"It's what "people" think"#,
    foreign_key(
        columns("playlist_id", "track_id"),
        references = "playlist_tracks",
        referred("playlist_id", "track_id"),
        on_delete = "cascade",
        name = "ratings_ibfk_1"
    ),
    check("`stars` between 1 and 5"),
    check("`stars` > `other` or `stars` is null", name = "stars, or none"),
    index("playlist_id", "track_id", name = "playlist_id")
)]
pub struct Rating {
    pub playlist_id: Option<u64>,
    pub track_id: Option<i64>,
    pub stars: Option<i16>,
    pub other: Option<i16>,
}

#[derive(Debug, Clone, Table)]
pub struct Strings {
    #[column(primary_key, type = "uuid", server_default = "uuid()")]
    pub id: String,
    pub r#ref: Option<i32>,
    #[column(sql_type = Type::Text)]
    pub body: Option<String>,
}

/// Everything that is declared here.
pub fn metadata() -> Metadata {
    metadata![AllType, Artist, Key, MediaType, Options, People, Pet, Plant, PlaylistTrack, Playlist, Rating]
        .table(
            Album::table()
                .index(
                    Index::new(
                        "Odd `name`",
                        [IndexPart::column("title").length(20), IndexPart::column("artist_id")],
                    ),
                ),
        )
        .table(
            OldOne::table().engine("MyISAM").collation("ascii_general_ci"),
        )
        .table(
            Strings::table()
                .option("ROW_FORMAT", "COMPRESSED")
                .index(Index::new("by_part", [IndexPart::column("body").length(10)]))
                .index(Index::new("ft", ["body"]).class(IndexClass::FullText)),
        )
        .object(
            View::new(
                "long_titles",
                "select `albums`.`album_id` AS `album_id`,`albums`.`title` AS `title` from `albums` where octet_length(`albums`.`title`) > 100",
            ),
        )
        .object(Sequence::new("numbers").start(1000).increment(5).cache(1000))
        .object(
            Function::new("twice", "n int")
                .returns("int(11)")
                .attribute("DETERMINISTIC")
                .body("RETURN n * 2"),
        )
        .object(Function::procedure("tidy", "").body("DELETE FROM ratings"))
        .object(
            Trigger::new("touched", "albums")
                .before()
                .insert()
                .body("SET NEW.title = trim(NEW.title)"),
        )
}
