-- Find visits by date and patient
--
-- Revision ID: 3a5c9d0e7b61
-- Revises: e81a66f92d3c
-- Create Date: 2026-02-03 12:00:00

-- migrate:up
CREATE INDEX ix_visits_visit_date_patient_id ON visits (visit_date, patient_id);

-- migrate:down
-- MySQL and MariaDB want to know the table; the others read a comment.
DROP INDEX ix_visits_visit_date_patient_id /*! ON visits */;
