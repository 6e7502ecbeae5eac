import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { DriftDocument } from "../../modules/report/drift-document";
import { type DriftChange, driftChanges } from "./drift-changes";
import { type Drifting, findingLine, isExpected, startDrifting } from "./drifting";
import { inParallel } from "./in-parallel";
import { ended, type LiveRuns, startRuns } from "./live-runs";

type Finding = DriftDocument["findings"][0];

let runs: LiveRuns;
let drifting: Drifting;

beforeAll(async () => {
  runs = await startRuns("drift", "test/fixtures/drifting");
  drifting = startDrifting(runs, await runs.edit());
  await ended(0, runs.start(["apply", "--auto-approve"]));
});
afterAll(() => runs?.stop());

/**
 * At most one change of an account at a time, so that each is alone there. What an apply heals comes late, so that few applies heal it
 * all, and so do changes that let days pass: nothing beside them may be pending deletion. Last come those that no apply may meet.
 */
function rounds(changes: readonly DriftChange[]): DriftChange[][] {
  const turnOf = ({ healedBy, days, undo }: DriftChange): number =>
    undo !== undefined ? 2 : healedBy === "apply" || days === "pass" ? 1 : 0;
  return [0, 1, 2].flatMap((turn) => {
    const found: DriftChange[][] = [];
    for (const change of changes.filter((each) => turnOf(each) === turn)) {
      const free = found.find((round) => round.every(({ account }) => account !== change.account));
      if (free === undefined) found.push([change]);
      else free.push(change);
    }
    return found;
  });
}

/** Holds what was found against what the changes are, one to one. @returns how each finding is healed */
function expectExactly(
  changes: readonly DriftChange[],
  findings: readonly Finding[],
): Map<Finding, DriftChange["healedBy"]> {
  const healedBy = new Map<Finding, DriftChange["healedBy"]>();
  const missing: string[] = [];
  for (const { name, account, findings: expected, healedBy: by } of changes) {
    for (const one of expected) {
      const found = findings.find((finding) => !healedBy.has(finding) && isExpected(finding, account, one));
      if (found === undefined) missing.push(`${name}: ${JSON.stringify(one)}`);
      else healedBy.set(found, by);
    }
  }
  const beyond = findings.filter((finding) => !healedBy.has(finding)).map(findingLine);
  expect({ missing, beyond }).toEqual({ missing: [], beyond: [] });
  // As they are read: from the worst on.
  return new Map(findings.map((finding) => [finding, healedBy.get(finding) ?? "nothing"]));
}

async function make(changes: readonly DriftChange[]): Promise<void> {
  const accounts = [...new Set(changes.map(({ account }) => account))];
  await inParallel(accounts, accounts.length, async (account) => {
    for (const change of changes) if (change.account === account) await drifting.make(change);
  });
}

test("right after the apply nothing is reported", async () => {
  expect((await drifting.drift()).map(findingLine)).toEqual([]);
});

describe("alone in its account", () => {
  test.each(rounds(driftChanges).map((round) => [round.map(({ name }) => name).join("; "), round] as const))(
    "%s",
    async (_, round) => {
      await make(round);
      const healedBy = expectExactly(
        round.map((change) => (change.undo === undefined ? change : { ...change, healedBy: "commands" })),
        await drifting.drift(),
      );
      await drifting.heal(healedBy);
      for (const change of round) await drifting.undo(change);
      expect((await drifting.drift()).map(findingLine)).toEqual([]);
    },
  );
});

describe("all together", () => {
  const changes = driftChanges.filter(({ apart }) => apart === undefined);
  let healedBy: ReadonlyMap<Finding, DriftChange["healedBy"]> = new Map();

  test("each is found, and nothing else", async () => {
    // What has its days pass comes first: nothing else may be pending deletion then.
    await make(changes.filter(({ days }) => days === "pass"));
    await make(changes.filter(({ days }) => days === undefined));
    healedBy = expectExactly(changes, await drifting.drift());
  });

  test("what the findings print brings all of it back", async () => {
    expect(healedBy.size).toBeGreaterThanOrEqual(changes.length - 1);
    await drifting.heal(healedBy);
    expect((await drifting.drift()).map(findingLine)).toEqual([]);
  });
});
