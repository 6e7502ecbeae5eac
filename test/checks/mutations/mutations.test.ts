import { describe, expect, test } from "@jest/globals";
import { allChecks } from "../../../modules/checks/frame/all-checks";
import type { Check } from "../../../modules/checks/frame/check";
import { kindsOutput } from "../kinds-output";
import { type Output, outputOf } from "../sample-output";
import { breaches } from "./breaches";
import { bucketOrganization } from "./bucket-organization";
import { harmless } from "./harmless";
import { harmlessKinds } from "./harmless-kinds";
import { otherLifecycle } from "./harmless-lifecycle";
import { kindBreaches } from "./kind-breaches";
import { livingBreaches } from "./lifecycle-breaches";
import { livingOrganization } from "./living-organization";
import type { Breach } from "./mutation";
import { rolloutBreaches } from "./rollout-breaches";
import { bucketStateBreaches } from "./state-breaches";
import { harmlessUsers, userBreaches, usersConfig } from "./user-breaches";

const today = "2026-06-30";
const sample = outputOf("config");
const buckets = bucketOrganization();
const kinds = kindsOutput();
const living = livingOrganization();
const users = outputOf(usersConfig);
const proof = allChecks.filter(({ kind }) => kind === "proof");
/** Policies of users still name the aliases of keys that are let go. */
const withoutConsumers = allChecks.filter(({ id }) => id !== "consumer-policy-breadth");

/** Enough to see whether a breach is found, and whether something critical is said of what it does not touch. */
function checksFor({ found }: Breach): readonly Check[] {
  return allChecks.filter((check) => proof.includes(check) || check.id in found);
}

function expectFound(breach: Breach, good: Output): void {
  const findings = breach.change(good).check(checksFor(breach), today);
  const seen = findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`);
  for (const [id, where] of Object.entries(breach.found)) {
    const byCheck = findings.filter((finding) => finding.id === id).map((finding) => finding.where);
    expect({ id, byCheck, seen: byCheck.length > 0 ? [] : seen }).toEqual({
      id,
      byCheck: expect.arrayContaining([expect.stringContaining(where)]),
      seen: [],
    });
  }
  const elsewhere = findings.filter(
    ({ severity, where }) => severity === "critical" && !breach.within.some((begin) => where.startsWith(begin)),
  );
  expect(elsewhere.map(({ id, where }) => `${id}: ${where}`)).toEqual([]);
}

describe("breaches", () => {
  test("without one, nothing is found", () => {
    expect(sample.check(allChecks, today)).toEqual([]);
    expect(buckets.check(allChecks, today)).toEqual([]);
    expect(kinds.check(allChecks, today)).toEqual([]);
    expect(living.check(withoutConsumers, today)).toEqual([]);
    expect(users.check(allChecks, today)).toEqual([]);
  });

  test("their names tell them apart", () => {
    const all = [...breaches, ...bucketStateBreaches, ...kindBreaches, ...livingBreaches, ...userBreaches];
    const names = [...all, ...harmless, ...harmlessKinds, ...otherLifecycle, ...harmlessUsers].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(breaches.map((breach) => [breach.name, breach] as const))("%s", (_, breach) => expectFound(breach, sample));

  test.each(bucketStateBreaches.map((breach) => [breach.name, breach] as const))(
    "%s, of state in buckets",
    (_, breach) => expectFound(breach, buckets),
  );

  test.each(kindBreaches.map((breach) => [breach.name, breach] as const))("%s, of keys of every kind", (_, breach) =>
    expectFound(breach, kinds),
  );

  test.each(livingBreaches.map((breach) => [breach.name, breach] as const))(
    "%s, among keys that come and go",
    (_, breach) => expectFound(breach, living),
  );

  test.each(userBreaches.map((breach) => [breach.name, breach] as const))(
    "%s, of users in other accounts",
    (_, breach) => expectFound(breach, users),
  );

  test("each check of the proof is needed for some", () => {
    const found = new Set(
      [...breaches, ...bucketStateBreaches, ...kindBreaches, ...rolloutBreaches].flatMap((breach) =>
        Object.keys(breach.found),
      ),
    );
    expect(proof.filter(({ id }) => !found.has(id)).map(({ id }) => id)).toEqual([]);
  });
});

describe("harmless", () => {
  test.each(harmlessUsers.map((change) => [change.name, change] as const))("%s", (_, { change }) => {
    const findings = change(users).check(allChecks, today);
    expect(findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`)).toEqual([]);
  });

  test.each(harmless.map((change) => [change.name, change] as const))("%s", (_, { change }) => {
    const findings = change(sample).check(allChecks, today);
    expect(findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`)).toEqual([]);
  });

  test.each(harmlessKinds.map((change) => [change.name, change] as const))(
    "%s, of keys of every kind",
    (_, { change }) => {
      const findings = change(kinds).check(allChecks, today);
      expect(findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`)).toEqual([]);
    },
  );

  test.each(otherLifecycle.map((change) => [change.name, change] as const))("%s", (_, { change }) => {
    const findings = change(living).check(withoutConsumers, today);
    expect(findings.map(({ id, where, why }) => `${id}: ${where}: ${why}`)).toEqual([]);
  });
});
