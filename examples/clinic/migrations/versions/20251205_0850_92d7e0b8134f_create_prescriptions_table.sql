-- Create prescriptions table
--
-- Revision ID: 92d7e0b8134f
-- Revises: c4418e6fd0b7
-- Create Date: 2025-12-05 08:50:00

-- migrate:up
CREATE TABLE prescriptions (
    number VARCHAR(20) NOT NULL,
    visit_id INTEGER,
    drug VARCHAR NOT NULL,
    quantity VARCHAR,
    CONSTRAINT pk_prescriptions PRIMARY KEY (number)
);

-- migrate:down
DROP TABLE prescriptions;
