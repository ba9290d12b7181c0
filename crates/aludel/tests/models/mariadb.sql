-- A shop's tables, and whatever else a table may have, as MariaDB is told it.
CREATE TABLE artists (artist_id int NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(120));
CREATE TABLE albums (
    album_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    title varchar(160) NOT NULL,
    artist_id int NOT NULL,
    cover longblob,
    releasedOn date NOT NULL DEFAULT curdate(),
    KEY ix_albums_artist_id (artist_id),
    UNIQUE KEY title (title),
    KEY `Odd ``name``` (title(20), artist_id),
    CONSTRAINT fk_albums_artist_id_artists FOREIGN KEY (artist_id) REFERENCES artists (artist_id) ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE TABLE media_types (id smallint PRIMARY KEY, name varchar(255) UNIQUE);
CREATE TABLE playlists (
    playlist_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    parent bigint unsigned,
    FOREIGN KEY (parent) REFERENCES playlists (playlist_id) ON DELETE SET NULL
);
CREATE TABLE playlist_tracks (
    playlist_id bigint unsigned NOT NULL,
    track_id bigint NOT NULL,
    position int NOT NULL DEFAULT 1,
    PRIMARY KEY (playlist_id, track_id),
    UNIQUE KEY position_once (playlist_id, position),
    CONSTRAINT of_playlist FOREIGN KEY (playlist_id) REFERENCES playlists (playlist_id)
);
CREATE TABLE ratings (
    playlist_id bigint unsigned,
    track_id bigint,
    stars smallint CHECK (stars BETWEEN 1 AND 5),
    other smallint,
    FOREIGN KEY (playlist_id, track_id) REFERENCES playlist_tracks (playlist_id, track_id) ON DELETE CASCADE,
    CONSTRAINT `stars, or none` CHECK (stars > other OR stars IS NULL)
) COMMENT 'It''s what "people" think';
CREATE TABLE `keys` (type varchar(20) PRIMARY KEY, `self` int, `fn` int, `1st` int, `größe` int, `%` int, `a.b` int);
CREATE TABLE options (id int PRIMARY KEY, value int DEFAULT (abs(-3)), hidden int INVISIBLE);
CREATE TABLE strings (id uuid PRIMARY KEY DEFAULT uuid(), ref int, FULLTEXT KEY ft (body), body text, KEY by_part (body(10))) ENGINE = InnoDB ROW_FORMAT = COMPRESSED;
CREATE TABLE old_one (a int, b varchar(10) CHARACTER SET latin1 COLLATE latin1_german1_ci) ENGINE = MyISAM CHARACTER SET ascii;
CREATE TABLE people (
    id int AUTO_INCREMENT PRIMARY KEY,
    mood enum('calm', 'in-between', 'it''s fine', '1') NOT NULL DEFAULT 'calm',
    empty enum('', 'b')
);
CREATE TABLE pets (id int AUTO_INCREMENT PRIMARY KEY, mood enum('calm', 'in-between', 'it''s fine', '1'));
CREATE TABLE plants (id int AUTO_INCREMENT PRIMARY KEY, mood enum('WET', 'DRY'), flags set('a', 'b') DEFAULT 'a');
CREATE TABLE all_types (
    a_bool boolean, a_bool_2 tinyint(1), a_tiny tinyint, a_tiny_u tinyint unsigned, a_small smallint, a_small_u smallint unsigned,
    a_medium mediumint, a_medium_u mediumint unsigned, an_int int, an_int_w int(5), an_int_u int unsigned, an_int_z int(6) zerofill,
    a_big bigint, a_big_u bigint unsigned, a_float float, a_double double, a_decimal decimal, a_decimal_2 decimal(12, 4),
    a_decimal_u decimal(8, 2) unsigned, a_varchar varchar(255), a_varchar_n varchar(7), a_char char, a_char_n char(3), a_text text,
    a_tinytext tinytext, a_mediumtext mediumtext, a_longtext longtext, a_blob blob, a_tinyblob tinyblob, a_mediumblob mediumblob,
    a_longblob longblob, a_binary binary(16), a_varbinary varbinary(64), a_bit bit(8), a_date date, a_time time, a_time_3 time(3),
    a_datetime datetime, a_datetime_6 datetime(6), a_timestamp timestamp NULL, a_timestamp_6 timestamp(6) NULL,
    a_year year, a_json json, a_geometry geometry, a_point point, an_inet4 inet4, an_inet6 inet6, a_uuid uuid,
    touched timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
    computed int GENERATED ALWAYS AS (an_int * 2) STORED, more int AS (an_int + 1) VIRTUAL,
    collated varchar(20) COLLATE utf8mb4_bin, noted int COMMENT 'it''s "noted"\nhere'
);
CREATE VIEW long_titles AS SELECT album_id, title FROM albums WHERE length(title) > 100;
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * 2;
CREATE PROCEDURE tidy() DELETE FROM ratings;
CREATE TRIGGER touched BEFORE INSERT ON albums FOR EACH ROW SET NEW.title = trim(NEW.title);
CREATE SEQUENCE numbers START WITH 1000 INCREMENT BY 5;
