-- A shop's tables, and whatever else a table may have, as SQLite is told it.
CREATE TABLE artists (artist_id INTEGER NOT NULL PRIMARY KEY, name NVARCHAR(120));
CREATE TABLE albums (
    album_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    title VARCHAR(160) NOT NULL,
    artist_id INTEGER NOT NULL REFERENCES artists (artist_id) ON DELETE RESTRICT ON UPDATE CASCADE,
    cover BLOB,
    releasedOn DATE NOT NULL DEFAULT CURRENT_DATE
);
CREATE INDEX ix_albums_artist_id ON albums (artist_id);
CREATE UNIQUE INDEX ix_albums_title ON albums (title);
CREATE INDEX "Odd ""name""" ON albums (lower(title) DESC, artist_id COLLATE NOCASE) WHERE cover IS NOT NULL;
CREATE TABLE media_types (id INT NOT NULL PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE playlists (
    playlist_id INTEGER PRIMARY KEY,
    parent BIGINT REFERENCES playlists (playlist_id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE playlist_tracks (
    playlist_id BIGINT NOT NULL REFERENCES playlists (playlist_id),
    track_id BIGINT NOT NULL,
    position INTEGER NOT NULL ON CONFLICT REPLACE DEFAULT 1,
    PRIMARY KEY (playlist_id, track_id),
    CONSTRAINT position_once UNIQUE (playlist_id, position) ON CONFLICT IGNORE
);
CREATE TABLE ratings (
    playlist_id BIGINT,
    track_id BIGINT,
    stars SMALLINT CHECK (stars BETWEEN 1 AND 5),
    other SMALLINT,
    FOREIGN KEY (playlist_id, track_id) REFERENCES playlist_tracks (playlist_id, track_id) ON DELETE CASCADE,
    CONSTRAINT "stars, or none" CHECK (stars > other OR stars IS NULL)
);
CREATE TABLE two_keys (a TEXT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE "keys" (type TEXT NOT NULL PRIMARY KEY, "self" INT, "fn" INT, "Fn2" INT, "1st" INT, "größe" INT, "%" INT, "a.b" INT);
CREATE TABLE options (id INTEGER PRIMARY KEY, value INTEGER DEFAULT (abs(-3)));
CREATE TABLE strings (id TEXT NOT NULL PRIMARY KEY, ref INTEGER REFERENCES options);
CREATE TABLE strict_one (id INTEGER PRIMARY KEY, n INT, r REAL, t TEXT, b BLOB, a ANY) STRICT;
CREATE TABLE all_types (
    a_bool BOOLEAN, a_tiny TINYINT, a_small SMALLINT, an_int INTEGER, an_int_2 INT, an_int_3 MEDIUMINT, a_big BIGINT, a_real REAL,
    a_float FLOAT, a_double DOUBLE, a_double_2 DOUBLE PRECISION, a_numeric NUMERIC, a_decimal DECIMAL(12), a_decimal_2 NUMERIC(12, 4),
    a_varchar VARCHAR, a_varchar_n VARCHAR(7), a_char CHAR(3), a_text TEXT, a_clob CLOB, a_blob BLOB, a_date DATE, a_time TIME,
    a_stamp TIMESTAMP, a_datetime DATETIME, a_uuid UUID_BLOB, a_uuid_2 UUID, a_json JSON_TEXT, a_json_2 JSON, untyped, odd "MY TYPE(3)",
    unsigned_big UNSIGNED BIG INT,
    computed INTEGER GENERATED ALWAYS AS (an_int * 2) STORED, more INTEGER AS (an_int + 1), collated TEXT COLLATE RTRIM
);
CREATE VIEW long_titles AS SELECT album_id, title FROM albums WHERE length(title) > 100;
CREATE TRIGGER touched AFTER INSERT ON albums WHEN NEW.title <> '' BEGIN DELETE FROM ratings WHERE other = 1; END;
CREATE TRIGGER instead INSTEAD OF DELETE ON long_titles BEGIN DELETE FROM albums WHERE album_id = OLD.album_id; END;
