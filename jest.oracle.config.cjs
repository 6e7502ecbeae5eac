// Ten times the cases of `npm test`; ORACLE_CASES and ORACLE_SEED choose others.
process.env.ORACLE_CASES ??= "20000";

/** Our access engine against an independent one, on generated policies. @type {import("jest").Config} */
module.exports = {
  ...require("./jest.config.cjs"),
  roots: ["<rootDir>/test/access/oracle"],
};
