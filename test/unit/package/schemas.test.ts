import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { schemaFiles } from "../../../scripts/package/schemas.ts";
import { aDefinition } from "../../support/app/world.ts";

const files = schemaFiles();

test("schemas/ is what the schemas of the app say: node scripts/schemas.ts writes it", () => {
  expect(readdirSync("schemas").sort()).toEqual(Object.keys(files).sort());
  for (const [file, text] of Object.entries(files))
    expect(readFileSync(`schemas/${file}`, "utf8")).toBe(text);
});

test("each is a JSON Schema that a strict reader takes, and refuses what it does not name", () => {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
  for (const text of Object.values(files))
    expect(() => ajv.compile(JSON.parse(text) as object)).not.toThrow();
  const isDefinition = ajv.compile(
    JSON.parse(files["definition.schema.json"] ?? "") as object,
  );
  expect(isDefinition(aDefinition())).toBe(true);
  expect(isDefinition({ ...aDefinition(), goldenOrder: [] })).toBe(false);
});

test("what is provisioned is as its schema says", () => {
  const provision = JSON.parse(
    readFileSync("infra/generated/pipelines.json", "utf8"),
  ) as object;
  const check = new Ajv2020({ strictTypes: false }).compile(
    JSON.parse(files["provision.schema.json"] ?? "") as object,
  );
  expect(check(provision)).toBe(true);
});
