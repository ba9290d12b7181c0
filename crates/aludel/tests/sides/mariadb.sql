-- Something of everything that a database of MariaDB may hold.
CREATE TABLE patients (
    id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
    number varchar(20) NOT NULL,
    name varchar(80) NOT NULL COLLATE utf8mb4_bin,
    initial varchar(1) GENERATED ALWAYS AS (upper(left(name, 1))) STORED,
    born date,
    status enum('planned', 'it''s on', 'completed') NOT NULL DEFAULT 'planned',
    flags set('a', 'b'),
    data json DEFAULT '{"a": [1, 2]}',
    weight decimal(6, 2) unsigned COMMENT 'in kilograms; it''s a weight',
    notes mediumtext,
    changed timestamp(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
    UNIQUE KEY number (number),
    CONSTRAINT ck_born CHECK (born > '1900-01-01'),
    FULLTEXT KEY ix_notes (notes)
) COMMENT 'People under care';
CREATE TABLE visits (
    id bigint unsigned NOT NULL AUTO_INCREMENT,
    patient int NOT NULL,
    `order` smallint,
    at datetime,
    note varchar(400),
    PRIMARY KEY (id),
    UNIQUE KEY uq_visits (patient, `order`),
    KEY ix_visits_at (at, note(20)),
    CONSTRAINT fk_visits_patient FOREIGN KEY (patient) REFERENCES patients (id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = COMPRESSED;
CREATE TABLE left_one (id int PRIMARY KEY, other int);
CREATE TABLE right_one (id int PRIMARY KEY, other int, FOREIGN KEY (other) REFERENCES left_one (id));
ALTER TABLE left_one ADD FOREIGN KEY (other) REFERENCES right_one (id);
CREATE VIEW open_visits AS SELECT v.id, p.name FROM visits v JOIN patients p ON p.id = v.patient WHERE p.status <> 'completed';
CREATE VIEW named_open AS SELECT name FROM open_visits;
CREATE FUNCTION initial_of(name varchar(80)) RETURNS varchar(1) DETERMINISTIC RETURN upper(left(name, 1));
DELIMITER //
CREATE TRIGGER touch BEFORE UPDATE ON patients FOR EACH ROW
BEGIN
    IF NEW.name <> OLD.name THEN
        SET NEW.number = concat(NEW.number, ';');
    END IF;
END//
DELIMITER ;
