// The tests read plain text, also where CI or a terminal asks for colours.
process.env.NO_COLOR = "1";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  transform: { "^.+\\.ts$": ["ts-jest", { diagnostics: false }] },
  setupFilesAfterEnv: ["<rootDir>/__tests__/exit-code.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.lakewright/"],
  maxWorkers: 2,
};
