-- Written by `npm run package`. Run it with the parameter `catalog`, as an owner of that catalog, one statement a
-- call: the statements API takes no more. The job's identity then needs USE CATALOG, of each of these schemas USE
-- SCHEMA and CREATE TABLE, and of the schema `assay`, which holds the lake's volumes, USE SCHEMA, with READ VOLUME
-- and WRITE VOLUME of each volume.
CREATE SCHEMA IF NOT EXISTS IDENTIFIER('`' || :catalog || '`.`flights_silver`');
CREATE SCHEMA IF NOT EXISTS IDENTIFIER('`' || :catalog || '`.`flights_gold`');
