-- Written by `npm run package`. Run it with the parameter `catalog`, as an owner of that catalog. The job's identity
-- then needs USE CATALOG, of each schema USE SCHEMA and CREATE TABLE, and of the volumes READ VOLUME and WRITE VOLUME.
CREATE SCHEMA IF NOT EXISTS IDENTIFIER('`' || :catalog || '`.`flights_silver`');
CREATE SCHEMA IF NOT EXISTS IDENTIFIER('`' || :catalog || '`.`flights_gold`');
