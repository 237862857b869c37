import type { ProvisionFile } from "./provisionFile.ts";

/**
 * `infra/generated/schemas.sql`: made by whoever may make schemas, once after each packaging that adds a pipeline. The
 * job that runs batches needs no such right then.
 */
export const schemasSql = ({ databricks }: ProvisionFile): string =>
  [
    "-- Written by `npm run package`. Run it with the parameter `catalog`, as an owner of that catalog. The job's identity",
    "-- then needs USE CATALOG, of each schema USE SCHEMA and CREATE TABLE, and of the volumes READ VOLUME and WRITE VOLUME.",
    ...databricks.schemas.map(
      (schema) =>
        `CREATE SCHEMA IF NOT EXISTS IDENTIFIER('\`' || :catalog || '\`.\`${schema}\`');`,
    ),
    "",
  ].join("\n");
