import { describe, expect, test } from "@jest/globals";
import type { OrganizationMap } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { accountRolloutsText, rolloutText } from "../../modules/report/rollout-text";
import { explainRollout, rolloutsOfAccount } from "../../modules/rollouts/explain-rollout";
import type { RolloutExplanation } from "../../modules/rollouts/rollout-explanation";
import { golden } from "../report/golden";
import { accountOf, plan, rolloutMap, rolloutOf, waves } from "./rollout-map";

const map = rolloutMap();

function explained(template: string, given: Partial<Rollout> = {}, from: OrganizationMap = map): RolloutExplanation {
  const rollouts = [rolloutOf(from, "corporate", template, given)];
  const { plans, findings } = plan(from, rollouts);
  const found = explainRollout({ ...from, rollouts }, plans, findings, `corporate.${template}`);
  if (found === undefined) throw new Error("is not known");
  return found;
}

/** `account: how it is reached, or why it is not` */
function places(explanation: RolloutExplanation): Record<string, string> {
  return Object.fromEntries([
    ...explanation.in.map(({ account, through, wave }) => [
      account,
      wave === undefined ? through : `${through}, ${wave}`,
    ]),
    ...explanation.out.map(({ account, why }) => [account, `out: ${why}`]),
  ]);
}

describe("a rollout is explained with", () => {
  test("every account of its zone: in through what, or out and why", () => {
    const excluded = [accountOf(map, "keys")];
    expect(places(explained("access-roles", { excluded }))).toEqual({
      box: "OU Sandbox",
      dev: "OU Workloads",
      "dev-new": "out: pending: reached on the day it exists",
      keys: "out: excluded (excludeAccounts), with an empty stack",
      management: "a stack of its own",
      old: "out: suspended",
      shop: "OU Workloads",
      tooling: "a stack of its own",
      vault: "its own name",
      "vault-new": "out: pending: reached by the first apply after it is active",
      web: "OU Workloads",
    });
  });

  test("the wave of each, and who is in none", () => {
    const staged = {
      waves: waves(map, { sandbox: ["Sandbox"], dev: ["Workloads/Dev", "Regulated"] }),
      autoDeployment: false,
    };
    expect(places(explained("vault", staged))).toMatchObject({
      box: "OU Sandbox, sandbox",
      dev: "OU Workloads/Dev, dev",
      "dev-new": "out: pending: reached by the first apply after it is active",
      management: "a stack of its own",
      shop: "out: not below an OU that it goes to",
      vault: "its own name, dev",
    });
  });

  test("the OU of the account with the bus, which is named for the bus", () => {
    expect(places(explained("key-events")).keys).toBe("OU Security");
  });

  test("the findings about it alone", () => {
    const rollouts = [rolloutOf(map, "corporate", "vault"), rolloutOf(map, "corporate", "other")];
    const { plans, findings } = plan(map, rollouts);
    const found = explainRollout({ ...map, rollouts }, plans, findings, "corporate.vault");
    expect(new Set(found?.findings.map(({ where }) => where))).toEqual(new Set(["rollout corporate.vault"]));
  });
});

test("a rollout that the map does not have is not explained", () => {
  const { plans } = plan(map, []);
  expect(explainRollout(map, plans, [], "corporate.vault")).toBeUndefined();
});

test("a rollout for people", () => {
  const staged = {
    waves: waves(map, { sandbox: ["Sandbox"], prod: ["Workloads/Prod", "Regulated"] }),
    excluded: [accountOf(map, "web")],
    replicas: ["us-west-2"],
    concurrency: { percentage: 20 },
    failureTolerance: { percentage: 10 },
    concurrencyMode: "soft",
  } as const;
  const text = rolloutText(explained("baseline-keys", staged)).join("\n");
  expect(text).toBe(golden("rollout.txt", text));
});

test("an account is told the rollouts that reach it", () => {
  const rollouts = [
    rolloutOf(map, "corporate", "access-roles"),
    rolloutOf(map, "corporate", "vault", { excluded: [accountOf(map, "box")] }),
    rolloutOf(map, "corporate", "baseline-keys", { replicas: ["us-west-2"] }),
    rolloutOf(map, "pci", "vault"),
  ];
  const { plans } = plan(map, rollouts);
  const of = (account: string): string[] =>
    accountRolloutsText(rolloutsOfAccount({ ...map, rollouts }, plans, account));
  expect(of("box")).toEqual([
    "",
    "rollouts that reach it",
    "    corporate.access-roles   through OU Sandbox  us-east-1             orgkeys-corporate-access-roles",
    "    corporate.baseline-keys  through OU Sandbox  us-east-1, us-west-2  orgkeys-corporate-baseline-keys, orgkeys-corporate-baseline-keys-replicas",
  ]);
  expect(of("management").slice(2)).toHaveLength(3);
  expect(of("cards").slice(2)).toEqual(["    pci.vault  through OU Regulated/PCI  us-west-2  orgkeys-pci-vault"]);
  expect(accountRolloutsText([])).toEqual([]);
});
