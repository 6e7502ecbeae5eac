import { describe, expect, test } from "@jest/globals";
import type { AccountPlan } from "../../modules/keys/account-plan";
import type { OrganizationMap } from "../../modules/organization/organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { accountOf, ouOf, plan, rolloutMap, rolloutOf, waves } from "./rollout-map";

const map = rolloutMap();

/** What is told of one rollout, by the kind of finding. */
function told(
  template: string,
  given: Partial<Rollout> = {},
  from: OrganizationMap = map,
  zone = "corporate",
): string[] {
  return [...plan(from, [rolloutOf(from, zone, template, given)]).told];
}

function of(id: string, lines: readonly string[]): string[] {
  return lines.filter((line) => line.split(" ")[1] === id);
}

describe("it is told that", () => {
  test("nothing is, of a rollout that reaches all there is", () => {
    const administrator = accountOf(map, "cards");
    expect(told("vault", { administrator }, map, "pci")).toEqual([]);
  });

  test("another zone is above", () => {
    expect(told("vault", {}, map, "pci")).toEqual([
      "information rollout-zone-above zone pci: its StackSets are kept in account tooling of zone corporate: whoever runs Terraform there writes into every account of zone pci, with all rights; give the accounts that keep StackSets and guardrails a zone of their own, whose pipelines do nothing else",
    ]);
    expect(of("rollout-zone-above", told("vault"))).toEqual([]);
  });

  test("nobody guards the role that destroys the keys of accounts", () => {
    const id = "rollout-break-glass-unguarded";
    expect(of(id, told("baseline-keys"))).toEqual([
      expect.stringMatching(/^high .* rollout corporate.baseline-keys: its keys are destroyed by role\/BreakGlass of /),
    ]);
    expect(of(id, told("vault"))).toEqual([]);
  });

  test("accounts wait, but for a pending one that is reached on the day it exists", () => {
    expect(of("rollout-account-waits", told("vault"))).toEqual([
      "information rollout-account-waits rollout corporate.vault: account old is suspended, and not reached; nothing to do while it is suspended; an update that fails there counts against failureTolerance",
      "information rollout-account-waits rollout corporate.vault: account vault-new is pending, and not reached; set the status to active once the account exists, and synthesize again",
    ]);
    expect(of("rollout-account-waits", told("vault", { autoDeployment: false }))[1]).toContain(
      "accounts dev-new, vault-new are pending",
    );
    const excluded = ["old", "vault-new"].map((name) => accountOf(map, name));
    expect(of("rollout-account-waits", told("vault", { excluded }))).toEqual([]);
  });

  test("every account that it goes to is left out, until another one joins", () => {
    const sandbox = [{ name: undefined, ous: [ouOf(map, "Sandbox")] }];
    const excluded = ["box", "management"].map((name) => accountOf(map, name));
    expect(of("rollout-reaches-nobody", told("vault", { waves: sandbox, excluded }))).toEqual([
      "low rollout-reaches-nobody rollout corporate.vault: it leaves out every account that it goes to: nothing comes of it before another account joins; take accounts out of excludeAccounts, or drop the rollout",
    ]);
    expect(of("rollout-reaches-nobody", told("vault", { waves: sandbox, excluded: excluded.slice(0, 1) }))).toEqual([]);
    expect(of("rollout-reaches-nobody", told("vault", { excluded }))).toEqual([]);
  });

  test("accounts of tomorrow wait for an apply", () => {
    expect(of("rollout-next-apply", told("vault"))).toEqual([
      "information rollout-next-apply rollout corporate.vault: an account that comes into OU Regulated is not reached before the map has it and the next apply is through; give zone corporate OUs without another zone's OU below them",
    ]);
    expect(of("rollout-next-apply", told("vault", { autoDeployment: false }, map, "pci"))).toEqual([
      "information rollout-next-apply rollout pci.vault: an account that comes into OU Regulated/PCI is not reached before the map has it and the next apply is through; set autoDeployment to true to have it reached the moment it joins",
    ]);
  });

  test("a rollout or a wave reaches nobody", () => {
    const excluded = [accountOf(map, "vault")];
    const nobody = { excluded, waves: [{ name: undefined, ous: [ouOf(map, "Regulated")] }] };
    const prod = waves(map, { prod: ["Workloads/Prod"], none: ["Regulated"] });
    const management = accountOf(map, "management");
    expect(of("rollout-reaches-nobody", told("vault", { ...nobody, excluded: [...excluded, management] }))).toEqual([
      "low rollout-reaches-nobody rollout corporate.vault: it has no target: its waves have neither an OU that is wholly the zone's nor an active account; give the zone or the waves an OU or an account, or drop the rollout",
    ]);
    expect(of("rollout-reaches-nobody", told("vault", nobody))).toEqual([]);
    expect(of("rollout-wave-without-accounts", told("vault", { excluded, waves: prod }))).toHaveLength(1);
  });

  test("an OU has no account", () => {
    const accounts = map.accounts.map((account) =>
      account.name === "box" ? { ...account, status: "suspended" as const } : account,
    );
    expect(of("rollout-empty-ou", told("vault", {}, { ...map, accounts }))).toEqual([
      "information rollout-empty-ou rollout corporate.vault: OU Sandbox has no account with an instance: Terraform may plan such an OU again and again, until it has one; nothing to do; an account that is created there is reached all the same",
    ]);
    expect(of("rollout-empty-ou", told("vault"))).toEqual([]);
    expect(of("rollout-empty-ou", told("vault", { excluded: [accountOf(map, "box")] }))).toEqual([]);
  });

  test("strict keeps the pace to the failures that are taken", () => {
    const four = { concurrency: { count: 4 }, failureTolerance: { percentage: 20 } };
    expect(of("rollout-concurrency", told("vault", four))).toEqual([
      "information rollout-concurrency rollout corporate.vault: concurrency is 4, and at most 2 of 6 accounts are done at a time: strict keeps it to failureTolerance plus one; raise failureTolerance, or set concurrencyMode to soft, with which more accounts may fail than failureTolerance says",
    ]);
    expect(of("rollout-concurrency", told("vault", { ...four, concurrencyMode: "soft" }))).toEqual([]);
    expect(of("rollout-concurrency", told("vault", { ...four, concurrency: { percentage: 40 } }))).toEqual([]);
    expect(of("rollout-concurrency", told("vault", { ...four, concurrency: { percentage: 50 } }))).toHaveLength(1);
  });

  test("the provider does not pass on the order of Regions", () => {
    const regions = ["us-east-1", "us-west-2"];
    expect(of("rollout-region-order", told("vault", { regions }))).toHaveLength(1);
    expect(of("rollout-region-order", told("vault", { regions, regionConcurrency: "parallel" }))).toEqual([]);
  });

  test("a Region is not enabled in an account", () => {
    const accounts = map.accounts.map((account) =>
      account.name === "web" ? { ...account, regions: ["us-west-2"] } : account,
    );
    const excluded = [accountOf(map, "web")];
    const found = of("rollout-region-not-enabled", told("vault", {}, { ...map, accounts }));
    expect(of("rollout-region-not-enabled", told("vault", { excluded }, { ...map, accounts }))).toEqual(found);
    expect(found).toEqual([
      "medium rollout-region-not-enabled rollout corporate.vault: goes to us-east-1, which is not enabled in account web: it fails there, and counts against failureTolerance; enable the Region in the account and in the map, or leave out its OU or the Region: excludeAccounts leaves an empty instance",
    ]);
  });

  test("an account with a stack has to get its deploy role from elsewhere", () => {
    const stacks = ["cards", "shop", "web", "tooling"].map((name) => {
      const plans = { keys: [], consumerPolicies: [], keyStores: [], userGrants: [] };
      return { ...plans, stack: `acme.${name}`, account: accountOf(map, name) } as unknown as AccountPlan;
    });
    const excluded = [accountOf(map, "web")];
    const roles = plan(map, [rolloutOf(map, "corporate", "access-roles", { excluded })], stacks);
    expect(of("rollout-no-deploy-role", roles.told)).toEqual([
      "medium rollout-no-deploy-role rollout corporate.access-roles: does not reach account web, which has a stack: role OrgKeysDeploy has to come from elsewhere; make the role by hand before Terraform runs (docs/rollouts.md#bootstrapping), or let the rollout go to all that the zone has",
    ]);
    expect(of("rollout-no-deploy-role", plan(map, [rolloutOf(map, "pci", "vault")], stacks).told)).toEqual([]);
  });

  test("the deploy role may not make the stack of a template of the map's own in the management account", () => {
    const id = "rollout-stack-denied";
    const rollouts = ["access-roles", "baseline-keys", "vault"].map((name) => rolloutOf(map, "corporate", name));
    expect(of(id, plan(map, rollouts).told)).toEqual([
      "medium rollout-stack-denied rollout corporate.vault: has a stack in account management, where role OrgKeysDeploy makes what comes with orgkeys and nothing else: its apply is denied there (docs/rollouts.md#access-roles); put management into excludeAccounts of corporate.vault",
    ]);
    expect(of(id, told("vault"))).toEqual([]);
    const excluded = [accountOf(map, "management")];
    const [roles, , vault] = rollouts;
    if (roles === undefined || vault === undefined) throw new Error("there are none");
    expect(of(id, plan(map, [roles, { ...vault, excluded }]).told)).toEqual([]);
    expect(of(id, plan(map, [{ ...roles, excluded }, vault]).told)).toEqual([]);
  });
});
