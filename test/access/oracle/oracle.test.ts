import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { askEngine, askOracle } from "./ask";
import { policyCases } from "./policy-cases";

/** 2,000 in `npm test`; `npm run test:oracle` asks for more. */
const cases = Number(process.env.ORACLE_CASES ?? 2000);
/** Another seed, other cases: `ORACLE_SEED=1 npm run test:oracle`. */
const seed = Number(process.env.ORACLE_SEED ?? 20260101);

test(`the engine and the oracle agree on ${cases} generated cases`, async () => {
  const outcomes = { allowed: 0, denied: 0, unknown: 0 };
  await fc.assert(
    fc.asyncProperty(policyCases, async (given) => {
      const oracle = await askOracle(given);
      const { outcome } = askEngine(given, oracle.ignored);
      outcomes[outcome] += 1;
      if (outcome !== "unknown") expect(outcome).toBe(oracle.outcome);
    }),
    { numRuns: cases, seed },
  );
  // The property would also hold for an engine that decides nothing, or always the same.
  expect(outcomes.allowed).toBeGreaterThan(cases * 0.1);
  expect(outcomes.denied).toBeGreaterThan(cases * 0.1);
  expect(outcomes.unknown).toBeLessThan(cases * 0.25);
}, 600_000);
