import { describe, expect, test } from "@jest/globals";
import { askEngine, askOracle } from "./ask";
import { settledCases } from "./settled-cases";

describe("where the oracle says otherwise, AWS's documentation decides", () => {
  test.each(settledCases.map((settled) => [settled.name, settled] as const))("%s", async (_name, settled) => {
    const oracle = await askOracle(settled.given);
    expect(oracle.ignored).toEqual([]);
    expect(askEngine(settled.given).outcome).toBe(settled.expected);
    // When the oracle comes to agree, the case belongs into the generator.
    expect(oracle.outcome).not.toBe(settled.expected);
  });
});
