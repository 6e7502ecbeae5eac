// The SDK announces the end of its support for Node 20; the version here is pinned.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
  // Jest leaves a core free, which of two is half of them.
  maxWorkers: "100%",
  transform: { "\\.ts$": "<rootDir>/test/esbuild-transform.cjs" },
};
