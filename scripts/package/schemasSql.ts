import type { ProvisionFile } from "./provisionFile.ts";

/**
 * `infra/generated/schemas.sql`: made by whoever may make schemas, once after each packaging that adds a pipeline. The
 * job that runs batches needs no such right then.
 */
export const schemasSql = ({ databricks }: ProvisionFile): string =>
  [
    "-- Written by `npm run package`. Run it with the parameter `catalog`, as an owner of that catalog, one statement a",
    "-- call: the statements API takes no more. The job's identity then needs USE CATALOG, of each of these schemas USE",
    "-- SCHEMA and CREATE TABLE, and of the schema `assay`, which holds the lake's volumes, USE SCHEMA, with READ VOLUME",
    "-- and WRITE VOLUME of each volume.",
    ...databricks.schemas.map(
      (schema) =>
        `CREATE SCHEMA IF NOT EXISTS IDENTIFIER('\`' || :catalog || '\`.\`${schema}\`');`,
    ),
    "",
  ].join("\n");
