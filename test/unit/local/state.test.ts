import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openState,
  resetState,
  StateOfAnotherVersion,
} from "../../../local/src/platform/state.ts";

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "assay-state-"));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const write = (name: string, text: string): void =>
  writeFileSync(join(stateDir, name), text);

test("a new state is marked with its version, and opens again", () => {
  mkdirSync(join(stateDir, "tools"));
  openState(stateDir);
  expect(
    JSON.parse(readFileSync(join(stateDir, "state.json"), "utf8")),
  ).toEqual({ version: 3 });
  write("ports.json", "{}");
  expect(() => openState(stateDir)).not.toThrow();
});

test.each(["ports.json", "lake"])(
  "a state of an earlier version, which has %s and no mark, is refused with what to do, and left as it is",
  (name) => {
    write(name, "{}");
    expect(() => openState(stateDir)).toThrow(
      new StateOfAnotherVersion(stateDir, 1),
    );
    expect(() => openState(stateDir)).toThrow(
      `${stateDir} was made by an earlier version of Assay, whose documents this one does not read: npm start -- --reset begins anew (what is in it goes), or set ASSAY_STATE_DIR to another folder.`,
    );
    expect(readdirSync(stateDir)).toEqual([name]);
  },
);

test("a state of an earlier version that has a mark is refused, too", () => {
  write("state.json", '{"version":2}');
  expect(() => openState(stateDir)).toThrow("was made by an earlier version");
});

test("a state of a later version is refused, too", () => {
  write("state.json", '{"version":4}');
  expect(() => openState(stateDir)).toThrow("was made by a later version");
});

test("after a reset, which leaves the tools, a refused state opens", async () => {
  write("ports.json", "{}");
  const toolsDir = join(stateDir, "tools");
  mkdirSync(toolsDir);
  await resetState({ stateDir, toolsDir, projectDir: stateDir });
  openState(stateDir);
  expect(existsSync(join(stateDir, "ports.json"))).toBe(false);
  expect(existsSync(toolsDir)).toBe(true);
});
