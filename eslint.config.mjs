import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/** What an orchestrator may not touch: a replay must see what the first run saw. */
const determinism = {
  "no-restricted-globals": [
    "error",
    ...[
      "fetch",
      "process",
      "crypto",
      "setTimeout",
      "setInterval",
      "performance",
    ].map((name) => ({
      name,
      message: "An orchestrator is replayed: do this in an activity.",
    })),
  ],
  "no-restricted-properties": [
    "error",
    {
      object: "Date",
      property: "now",
      message: "Use context.df.currentUtcDateTime.",
    },
    {
      object: "Math",
      property: "random",
      message: "Use context.df.newGuid, or an activity.",
    },
  ],
  "no-restricted-syntax": [
    "error",
    {
      selector: "NewExpression[callee.name='Date'][arguments.length=0]",
      message: "Use context.df.currentUtcDateTime.",
    },
    {
      selector: "AwaitExpression",
      message: "Orchestrators yield tasks; they never await.",
    },
  ],
  "@typescript-eslint/no-restricted-imports": [
    "error",
    {
      patterns: [
        {
          group: [
            "node:*",
            "@azure/*",
            "**/adapters/*",
            "**/ledger/*",
            "**/config.ts",
            "**/context.ts",
          ],
          message: "Orchestrators do no I/O: move it to an activity.",
        },
        {
          group: ["**/activities", "**/activities/*", "**/activities.ts"],
          allowTypeImports: true,
          message: "Import activities as types only.",
        },
      ],
    },
  ],
};

const nodeGlobals = [
  "process",
  "console",
  "URL",
  "Buffer",
  "fetch",
  "setTimeout",
  "setInterval",
  "clearInterval",
];

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "out/",
      ".assay/",
      "**/node_modules/",
      "databricks/",
      "coverage/",
    ],
  },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true },
      ],
      "no-console": "error",
    },
  },
  {
    files: [
      "src/durable.ts",
      "src/orchestrators/**/*.ts",
      "src/sinks/*/deliver.ts",
      "src/sinks/waves.ts",
    ],
    rules: determinism,
  },
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: Object.fromEntries(
        nodeGlobals.map((name) => [name, "readonly"]),
      ),
    },
  },
);
