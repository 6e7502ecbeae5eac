/** Real Terraform, the real AWS provider and an AWS emulator; see docs/testing.md. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.cjs"),
  testPathIgnorePatterns: ["/node_modules/"],
  roots: ["<rootDir>/test/e2e"],
  testTimeout: 1_800_000,
  // Each suite has an emulator of its own, and most of its time waits for AWS to settle; a provider takes 600 MB.
  maxWorkers: 2,
};
