-- Something of everything that a database of SQLite may hold.
CREATE TABLE patients (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number VARCHAR(20) NOT NULL UNIQUE,
    name TEXT NOT NULL COLLATE NOCASE,
    initial TEXT GENERATED ALWAYS AS (upper(substr(name, 1, 1))) VIRTUAL,
    born DATE CHECK (born > '1900-01-01'),
    data JSON_TEXT DEFAULT '{"a": [1, 2]}',
    weight NUMERIC(6, 2),
    changed DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE visits (
    id INTEGER PRIMARY KEY,
    patient INTEGER NOT NULL CONSTRAINT fk_visits_patient REFERENCES patients (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    "order" SMALLINT,
    status VARCHAR(9) NOT NULL DEFAULT 'planned' CONSTRAINT visit_status CHECK (status IN ('planned', 'it''s on')),
    CONSTRAINT uq_visits UNIQUE (patient, "order") ON CONFLICT IGNORE
);
CREATE TABLE codes (
    kind TEXT NOT NULL,
    code INTEGER NOT NULL,
    "a ""quoted"" name" BLOB,
    PRIMARY KEY (kind, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX ix_visits_status ON visits (status, "order" DESC) WHERE "order" IS NOT NULL;
CREATE UNIQUE INDEX ix_patients_lower ON patients (lower(name));
CREATE TABLE left_one (id INTEGER PRIMARY KEY, other INTEGER REFERENCES right_one (id));
CREATE TABLE right_one (id INTEGER PRIMARY KEY, other INTEGER REFERENCES left_one (id));
CREATE VIEW open_visits AS SELECT v.id, p.name FROM visits v JOIN patients p ON p.id = v.patient WHERE v.status <> 'completed';
CREATE VIEW named_open AS SELECT name FROM open_visits;
CREATE TRIGGER touch AFTER UPDATE ON patients FOR EACH ROW WHEN NEW.name <> OLD.name BEGIN
    UPDATE patients SET changed = CURRENT_TIMESTAMP WHERE id = NEW.id;
    DELETE FROM codes WHERE kind = 'a;b';
END;
