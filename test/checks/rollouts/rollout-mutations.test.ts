import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../../modules/checks/frame/all-checks";
import { harmlessRollouts } from "../mutations/harmless-rollouts";
import { rolloutBreaches } from "../mutations/rollout-breaches";
import { rolloutOutput } from "./rollout-output";

const today = "2026-06-30";
const good = rolloutOutput();

test("without a breach, nothing is found", () => {
  expect(good.check(allChecks, today)).toEqual([]);
});

test("their names tell them apart", () => {
  const names = [...rolloutBreaches, ...harmlessRollouts].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe("breaches of rollouts", () => {
  test.each(rolloutBreaches.map((breach) => [breach.name, breach] as const))("%s", (_, { change, found, within }) => {
    const findings = change(good).check(allChecks, today);
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
    const findings = change(good).check(allChecks, today);
    expect(findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`)).toEqual([]);
  });
});

test("a finding about a resource of a template names the place of its rollout in the map", () => {
  const found = rolloutBreaches.find(({ name }) => name === "rollout: a stack's role trusts a stranger");
  const findings = found?.change(good).check(allChecks, today) ?? [];
  expect(findings.map(({ sources }) => sources)).toEqual([["rollouts.yaml pci.templates.access-roles"]]);
});

test("every finding stands somewhere in the JSON", () => {
  const lost = rolloutBreaches.flatMap(({ name, change }) => {
    const output = change(good);
    return output.check(allChecks, today).flatMap(({ place, where }) => {
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
