import boundaries from "eslint-plugin-boundaries";
import prettier from "eslint-config-prettier";
import simpleImportSort from "eslint-plugin-simple-import-sort";
import tseslint from "typescript-eslint";

/** The rooms of the house and the rooms each may know (docs/architecture.md). */
const ROOMS = {
  shared: [],
  model: [],
  lakes: ["model"],
  components: ["model"],
  stacks: ["model", "lakes", "components"],
  local: ["shared", "model", "lakes"],
  analytics: ["shared", "model", "lakes"],
  policy: ["model"],
  cli: ["shared", "model", "lakes", "components", "stacks", "local", "analytics", "policy"],
};

export default tseslint.config(
  { ignores: ["node_modules", ".lakewright", "coverage", ".provider-check"] },
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ["**/*.ts"],
    plugins: { boundaries, "simple-import-sort": simpleImportSort },
    settings: {
      "import/resolver": { typescript: true },
      "boundaries/elements": Object.keys(ROOMS).map((type) => ({
        type,
        pattern: `${type}/**`,
        mode: "full",
      })),
      "boundaries/dependency-nodes": ["import", "dynamic-import", "export"],
    },
    rules: {
      "simple-import-sort/imports": "error",
      "simple-import-sort/exports": "error",
      eqeqeq: "error",
      "no-console": "off",
      "boundaries/element-types": [
        "error",
        {
          default: "disallow",
          rules: Object.entries(ROOMS).map(([from, allow]) => ({
            from: [from],
            allow: [from, ...allow],
          })),
        },
      ],
    },
  },
  {
    files: ["shared/**", "model/**", "lakes/**", "local/**", "analytics/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["@pulumi/*"] }] },
  },
  { files: ["*.js"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
