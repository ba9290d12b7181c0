-- Create patients table
--
-- Revision ID: 5f1d0a2b3c4e
-- Create Date: 2025-11-07 09:00:00

-- migrate:up
CREATE TABLE patients (id INTEGER PRIMARY KEY);

-- migrate:down
DROP TABLE patients;
