-- Find visits by patient and date
--
-- Revision ID: 3a5c9d0e7b61
-- Revises: e81a66f92d3c
-- Create Date: 2026-02-03 12:00:00

-- migrate:up
CREATE INDEX ix_visits_patient_id_visit_date ON visits (patient_id, visit_date);

-- migrate:down
DROP INDEX ix_visits_patient_id_visit_date;
