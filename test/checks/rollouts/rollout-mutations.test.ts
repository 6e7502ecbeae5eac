import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../../modules/checks/frame/all-checks";
import { harmlessRollouts } from "../mutations/harmless-rollouts";
import { rolloutBreaches } from "../mutations/rollout-breaches";
import { rolloutOutput } from "./rollout-output";

const today = "2026-06-30";
const checks = allChecks.filter(({ id }) =>
  ["readable", "rollout-access", "rollout-keys", "rollout-templates", "zone-regions", "zone-rollouts"].includes(id),
);
const good = rolloutOutput();

test("without a breach, nothing is found", () => {
  expect(good.check(checks, today)).toEqual([]);
});

test("their names tell them apart", () => {
  const names = [...rolloutBreaches, ...harmlessRollouts].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe("breaches of rollouts", () => {
  test.each(rolloutBreaches.map((breach) => [breach.name, breach] as const))("%s", (_, { change, found, within }) => {
    const findings = change(good).check(checks, today);
    const seen = findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`);
    for (const [id, where] of Object.entries(found)) {
      const byCheck = findings.filter((finding) => finding.id === id).map((finding) => finding.where);
      expect({ id, byCheck, seen }).toMatchObject({
        byCheck: expect.arrayContaining([expect.stringContaining(where)]),
      });
    }
    const elsewhere = findings.filter(({ where }) => !within.some((begin) => where.startsWith(begin)));
    expect(elsewhere.map(({ id, where }) => `${id}: ${where}`)).toEqual([]);
  });
});

describe("harmless changes of rollouts", () => {
  test.each(harmlessRollouts.map((change) => [change.name, change] as const))("%s", (_, { change }) => {
    const findings = change(good).check(checks, today);
    expect(findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`)).toEqual([]);
  });
});

test("every finding stands somewhere in the JSON", () => {
  const lost = rolloutBreaches.flatMap(({ name, change }) => {
    const output = change(good);
    return output.check(checks, today).flatMap(({ place, where }) => {
      const text = output.texts.get(place?.document ?? "");
      return text !== undefined && isIn(JSON.parse(text), place?.path ?? "?")
        ? []
        : [`${name}: ${where}: ${place?.path}`];
    });
  });
  expect(lost).toEqual([]);
});

function isIn(json: unknown, pointer: string): boolean {
  let at = json;
  for (const segment of pointer.split("/").slice(1)) {
    if (typeof at !== "object" || at === null) return false;
    at = Reflect.get(at, segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return at !== undefined;
}
