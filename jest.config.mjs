/** One runner, three projects: pure tests, tests that start services, tests that start everything. */
const common = {
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2024" } },
    ],
  },
  injectGlobals: true,
  modulePathIgnorePatterns: ["<rootDir>/out/", "<rootDir>/.assay/"],
};

export default {
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/test/{unit,architecture}/**/*.test.ts"],
    },
    {
      ...common,
      displayName: "orchestrators",
      testMatch: ["<rootDir>/test/orchestrators/**/*.test.ts"],
    },
    {
      ...common,
      displayName: "integration",
      testMatch: ["<rootDir>/test/integration/**/*.test.ts"],
    },
    {
      ...common,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/{e2e,faults}/**/*.test.ts"],
    },
  ],
};
