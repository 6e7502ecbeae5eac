import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries } from "../../modules/access/zone-boundary";
import { guardrailRequest } from "../../modules/keys/plan-guardrails";
import { serviceControlPolicy } from "../../modules/policies/guardrails";
import { loadPlan } from "../../stacks/load-plan";
import { baselineRollout } from "../rollouts/baseline-map";
import { type Change, condition, edit, found, inScp, remove, sample, scp, stack } from "./guardrail-edits";
import type { Output } from "./sample-output";

const role = "arn:aws:iam::*:role/stacksets-exec-*";
const spared = ["arn:aws:iam::*:role/PciKeyBreakGlass", "arn:aws:iam::*:role/OrgKeysDeploy", role];
const rewriting = "PutKeyPolicy, ReplicateKey and UpdatePrimaryRegion";
const taking = "iam:AttachRolePolicy, iam:CreateRole, iam:PassRole and 3 more";
const missing = `does not surely deny ${taking} on role/stacksets-exec-* to anybody in zone pci`;
const roles = "serviceControl.policies StackSets";

/** The sample as a map would have it whose zone pci has a rollout of baseline-keys. */
const expecting: Output = sample.withRules({
  zones: new ZoneBoundaries(
    sample.rules.zones.all.map((zone) => ({ ...zone, stackSets: zone.stackSets || zone.name === "pci" })),
  ),
});

function synthesized(): Output {
  const loaded = loadPlan("config");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const zone = loaded.map.zones.find(({ name }) => name === "pci");
  const [administrator] = loaded.map.accounts;
  if (zone === undefined || administrator === undefined) throw new Error("the sample has another zone pci");
  const rollouts = [
    ...loaded.map.rollouts,
    baselineRollout({ ...loaded.map, accounts: [{ ...administrator, name: "management" }] }, "pci"),
  ];
  const document = serviceControlPolicy(
    guardrailRequest(zone, { ...loaded.map, rollouts }),
    zone.guardrails.serviceControl,
  );
  return expecting.edit(stack, (json) => {
    json.locals[`${scp}-policy`] = JSON.parse(JSON.stringify(document));
  });
}
const guarded = synthesized();

describe("guardrails-in-place where StackSets bring keys", () => {
  test("takes what is synthesized", () => {
    expect(found(guarded)).toEqual([]);
  });

  test("finds the guardrail of yesterday, which stops StackSets", () => {
    expect(found(expecting)).toEqual([
      [
        inScp("statement OnlyDeployAndBreakGlassRewrite denies stack-sets"),
        expect.stringMatching(/^denies PutKeyPolicy and ReplicateKey to StackSets in account /),
      ],
    ]);
  });

  const breaches: readonly (readonly [string, Change, ...(readonly [where: string, why: unknown])[]])[] = [
    ["no statement about their roles", remove("OnlyAwsMakesStackSetsRoles"), [inScp(roles), missing]],
    [
      "an action left out",
      edit("OnlyAwsMakesStackSetsRoles", { Action: ["iam:[a-t]*", "iam:A*", "iam:C*", "iam:P*", "sts:AssumeRole"] }),
      [
        inScp(`${roles} iam:UpdateAssumeRolePolicy`),
        "does not surely deny iam:UpdateAssumeRolePolicy on role/stacksets-exec-* to anybody in zone pci",
      ],
    ],
    [
      "roles of one account alone",
      edit("OnlyAwsMakesStackSetsRoles", { Resource: ["arn:aws:iam::310000000001:role/stacksets-exec-*"] }),
      [inScp(`statement OnlyAwsMakesStackSetsRoles ${roles} Resource`), `${missing}: its Resource is not "${role}"`],
    ],
    [
      "somebody spared who may make such roles",
      condition("OnlyAwsMakesStackSetsRoles", {
        ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/OrgKeysDeploy" },
      }),
      [
        inScp(`statement OnlyAwsMakesStackSetsRoles ${roles} aws:PrincipalArn arn:aws:iam::*:role/OrgKeysDeploy`),
        `${missing}: ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/OrgKeysDeploy lets somebody off`,
      ],
    ],
    [
      "more names spared than AWS gives its roles",
      condition("OnlyDeployAndBreakGlassRewrite", {
        ArnNotLike: { "aws:PrincipalArn": [...spared.slice(0, 2), "arn:aws:iam::*:role/stacksets-*"] },
      }),
      [
        inScp(
          "statement OnlyDeployAndBreakGlassRewrite serviceControl.policies aws:PrincipalArn arn:aws:iam::*:role/stacksets-*",
        ),
        `does not surely deny ${rewriting} to anybody but role/PciKeyBreakGlass, role/OrgKeysDeploy and role/stacksets-exec-*: ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/stacksets-* lets somebody off`,
      ],
    ],
  ];
  test.each(breaches)("finds %s", (_name, change, ...expected) => {
    expect(found(guarded.edit(stack, change))).toEqual(expected);
  });

  test("takes a wider Deny for one that holds as well", () => {
    expect(
      found(
        guarded.edit(
          stack,
          edit("OnlyAwsMakesStackSetsRoles", {
            Resource: [role, "arn:aws:iam::*:role/app"],
            Action: ["iam:*", "sts:*"],
          }),
        ),
      ),
    ).toEqual([]);
  });
});

test("guardrails-in-place finds their role spared where they bring nothing", () => {
  const change = condition("OnlyDeployAndBreakGlassRewrite", { ArnNotLike: { "aws:PrincipalArn": spared } });
  expect(found(sample.edit(stack, change))).toEqual([
    [
      inScp(`statement OnlyDeployAndBreakGlassRewrite serviceControl.policies aws:PrincipalArn ${role}`),
      `does not surely deny ${rewriting} to anybody but role/PciKeyBreakGlass and role/OrgKeysDeploy: ArnNotLike aws:PrincipalArn ${role} lets somebody off`,
    ],
  ]);
});

describe("guardrails-in-place where StackSets bring the deploy and audit roles", () => {
  const deployRole = "arn:aws:iam::*:role/OrgKeysDeploy";
  const everybody = "anybody but role/stacksets-exec-*";
  const ofRoles = "iam:AttachRolePolicy, iam:CreateRole, iam:DeleteRole and 7 more";
  const ofPolicies = "iam:CreatePolicy, iam:CreatePolicyVersion, iam:DeletePolicy and 2 more";
  const missingOn = (name: string, actions: string) => [
    inScp(`serviceControl.policies ${name}`),
    `does not surely deny ${actions} on ${name} to ${everybody}`,
  ];
  const at = "statement OnlyRolloutsChangeTheRoles";
  const sparing = (accounts: string[]) =>
    condition("OnlyRolloutsChangeTheRoles", { StringNotEquals: { "aws:PrincipalAccount": accounts } });

  test("finds no statement about them", () => {
    expect(found(sample.edit(stack, remove("OnlyRolloutsChangeTheRoles")))).toEqual([
      missingOn("policy/orgkeys-boundary", ofPolicies),
      missingOn("role/OrgKeysAudit", ofRoles),
      missingOn("role/OrgKeysDeploy", ofRoles),
    ]);
  });

  test("finds one of them left out, and an action", () => {
    const resources = ["arn:aws:iam::*:policy/orgkeys-boundary", deployRole];
    expect(found(sample.edit(stack, edit("OnlyRolloutsChangeTheRoles", { Resource: resources })))).toEqual([
      missingOn("role/OrgKeysAudit", ofRoles),
    ]);
    const fewer = found(
      sample.edit(stack, edit("OnlyRolloutsChangeTheRoles", { Action: ["iam:*Policy*", "iam:*Role"] })),
    );
    expect(fewer.map(([where]) => where)).toEqual([
      inScp(
        "serviceControl.policies role/OrgKeysAudit iam:DeleteRolePermissionsBoundary and iam:PutRolePermissionsBoundary",
      ),
      inScp(
        "serviceControl.policies role/OrgKeysDeploy iam:DeleteRolePermissionsBoundary and iam:PutRolePermissionsBoundary",
      ),
    ]);
  });

  test("finds somebody else spared, and an account in which nobody makes them by hand", () => {
    const spares = { ArnNotLike: { "aws:PrincipalArn": [role, "arn:aws:iam::*:role/admin"] } };
    for (const [change, whom] of [
      [condition("OnlyRolloutsChangeTheRoles", spares), "aws:PrincipalArn arn:aws:iam::*:role/admin"],
      [sparing(["310000000001"]), "aws:PrincipalAccount 310000000001"],
    ] as const) {
      expect(found(sample.edit(stack, change)).map(([where]) => where)).toEqual(
        ["policy/orgkeys-boundary", "role/OrgKeysAudit", "role/OrgKeysDeploy"].map((name) =>
          inScp(`${at} serviceControl.policies ${name} ${whom}`),
        ),
      );
    }
  });

  test("takes an account spared in which they are made by hand, and finds it locked out", () => {
    const byHand = sample.withRules({
      zones: new ZoneBoundaries(
        sample.rules.zones.all.map((zone) =>
          zone.name === "pci" ? { ...zone, rolesByHand: new Set(["310000000001"]) } : zone,
        ),
      ),
    });
    expect(found(byHand.edit(stack, sparing(["310000000001"])))).toEqual([]);
    expect(found(byHand)).toEqual([
      [
        inScp(`${at} denies roles`),
        expect.stringMatching(
          / to administrators of account pci-key-management \(310000000001\), which zone pci lives on$/,
        ),
      ],
    ]);
  });

  test("finds StackSets locked out", () => {
    const change = condition("OnlyRolloutsChangeTheRoles", { ArnNotLike: undefined });
    expect(found(sample.edit(stack, change))).toEqual([
      [inScp(`${at} denies roles`), expect.stringMatching(/ to StackSets in account .* lives on$/)],
    ]);
  });
});
