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
  zones: new ZoneBoundaries(sample.rules.zones.all.map((zone) => ({ ...zone, stackSets: zone.name === "pci" }))),
});

function synthesized(): Output {
  const loaded = loadPlan("config");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems));
  const zone = loaded.map.zones.find(({ name }) => name === "pci");
  const [administrator] = loaded.map.accounts;
  if (zone === undefined || administrator === undefined) throw new Error("the sample has another zone pci");
  const rollouts = [baselineRollout({ ...loaded.map, accounts: [{ ...administrator, name: "management" }] }, "pci")];
  const document = serviceControlPolicy(guardrailRequest(zone, { rollouts }), zone.guardrails.serviceControl);
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
      [inScp(roles), missing],
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
      found(guarded.edit(stack, edit("OnlyAwsMakesStackSetsRoles", { Resource: "*", Action: ["iam:*", "sts:*"] }))),
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
