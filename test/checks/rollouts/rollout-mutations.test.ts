import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../../modules/checks/frame/all-checks";
import { harmlessRollouts } from "../mutations/harmless-rollouts";
import { onStack } from "../mutations/mutation";
import { rolloutBreaches } from "../mutations/rollout-breaches";
import { rolloutOutput, rolloutStack } from "./rollout-output";

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

test.each([
  [
    "code that a service runs",
    { Service: "ec2.amazonaws.com" },
    "high: lets whatever code ec2.amazonaws.com runs assume a role in accounts of zone pci: whoever may pass it there (iam:PassRole) chooses which; keep it out of rollouts, or add an exception that says who may pass it",
  ],
  [
    "a service that acts for anybody",
    { Service: "sns.amazonaws.com" },
    "critical: lets anybody assume a role in accounts of zone pci: no condition says for whom sns.amazonaws.com acts; say for which account the service acts, by StringEquals aws:SourceAccount with Ref AWS::AccountId; for a service that does not send it, add an exception",
  ],
  [
    "another zone's account",
    { AWS: "arn:aws:iam::320000000002:root" },
    "critical: lets account patient-portal-prod (320000000002) of zone hipaa assume a role in accounts of zone pci; trust accounts of the zone alone, by their roots",
  ],
])("what is told of a role without a duty that trusts %s fits it", (_name, Principal, told) => {
  const changed = onStack(rolloutStack, (json) => {
    json.locals["pci_access-roles-template"].Resources.Reporter = {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
        },
      },
    };
  });
  const findings = changed(good).check(allChecks, today);
  expect(findings.map(({ severity, why, whatToDo }) => `${severity}: ${why}; ${whatToDo}`)).toEqual([told]);
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
