-- Invoices
--
-- Revision ID: 900000000001

-- migrate:up
CREATE TABLE invoices (id INTEGER PRIMARY KEY);

-- migrate:down
DROP TABLE invoices;
