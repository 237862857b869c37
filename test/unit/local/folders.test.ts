import {
  needUsable,
  UnusableFolder,
} from "../../../local/src/platform/folders.ts";

const need =
  (projectDir: string, stateDir = "/state") =>
  () =>
    needUsable({ projectDir, stateDir, toolsDir: "/tools" });

test("people's folders have spaces, quotes, dollars, percents and all letters", () => {
  expect(need('/it\'s "my" $HOME (1)/100% é 日本', "/a+b#c&d;e")).not.toThrow();
});

test.each(["[1]", "a*", "a{b}", "a?", "a\\b", "a,b", "a:b", "a%20b"])(
  "a folder that Spark or Python would take for something else is refused with what to do: %s",
  (name) => {
    expect(need(`/${name}`)).toThrow(UnusableFolder);
    expect(need(`/${name}`)).toThrow("Move the checkout to another folder.");
    expect(need("/project", `/${name}`)).toThrow("Set ASSAY_STATE_DIR to");
  },
);
