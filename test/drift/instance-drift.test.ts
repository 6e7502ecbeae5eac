import { describe, expect, test } from "@jest/globals";
import type { StackInstance } from "../../modules/aws/stack-instance";
import { instanceDrift } from "../../modules/drift/compare/instance-drift";
import type { Drift } from "../../modules/drift/drift";
import type { DriftContext } from "../../modules/drift/drift-context";
import { nextStep } from "../../modules/drift/next-step";
import { compareInstances, instanceName } from "../../modules/rollouts/compare-instances";

const zones = { named: () => undefined } as unknown as DriftContext["zones"];
const context = {
  account: "security-tooling",
  accountId: "100000000002",
  partition: "aws",
  zone: { name: "corporate" },
  zones,
} as DriftContext;

const roles = "orgkeys-pci-access-roles";
const account = "310000000002";
const ou = "ou-ab12-31000000";
const instance: StackInstance = {
  stackSet: roles,
  accountId: account,
  region: "us-east-1",
  ouId: ou,
  status: "CURRENT",
  detailedStatus: "SUCCEEDED",
  statusReason: undefined,
};
const reviewed = {
  stack: "commercial.rollouts.pci",
  address: "aws_cloudformation_stack_set.pci",
  zone: "pci",
  ous: ["ou-ab12-30000000", ou],
};

/** With one StackSet in the map, which reaches one account in one Region. */
function drifts(instances: readonly StackInstance[], names: readonly string[] = [roles]): Drift[] {
  const live = { stackSets: new Set(names), instances, stacks: undefined };
  const findings = compareInstances([{ ...instance, account: "payments-prod" }], live, new Map([[roles, new Set()]]));
  const ouIds = new Map(
    instances.flatMap((each) => (each.ouId === undefined ? [] : [[instanceName(each), each.ouId]])),
  );
  const kept = { callAs: "DELEGATED_ADMIN", homeRegion: "us-east-1" } as const;
  return instanceDrift({ findings, ouIds, ...kept }, new Map([[roles, reviewed]]), context);
}

const commandsOf = (drift: Drift | undefined): readonly string[] =>
  drift === undefined ? [] : nextStep(drift, { config: "config", out: "cdktf.out" }).commands;
const guard = `[ "$(aws sts get-caller-identity --query Account --output text)" = 100000000002 ] && `;
const asAdministrator = `--stack-set-name ${roles} --region us-east-1 --call-as DELEGATED_ADMIN`;
const targets = (ous: string): string =>
  `--deployment-targets OrganizationalUnitIds=${ous},Accounts=${account},AccountFilterType=INTERSECTION`;

describe("an instance", () => {
  test("that is as the map has it is no drift", () => {
    expect(drifts([instance])).toEqual([]);
  });

  test("that is missing is one of the StackSet's zone, and is made again for all OUs that the StackSet goes to", () => {
    const [drift, ...others] = drifts([]);
    expect(others).toEqual([]);
    expect(drift).toMatchObject({
      id: "rollout-missing",
      severity: "high",
      detail: [`instance ${account} us-east-1`],
      place: {
        account: "security-tooling",
        zone: "pci",
        region: "us-east-1",
        stack: "commercial.rollouts.pci",
        resource: `StackSet ${roles}`,
      },
    });
    expect(commandsOf(drift)).toEqual([
      `aws cloudformation list-stack-set-operations ${asAdministrator} --max-items 5`,
      `${guard}aws cloudformation create-stack-instances ${asAdministrator} ${targets(reviewed.ous.join())} --regions us-east-1`,
    ]);
  });

  test("that is outdated is updated by the OU that it was made for", () => {
    const [drift] = drifts([{ ...instance, status: "OUTDATED", detailedStatus: "FAILED" }]);
    expect(drift).toMatchObject({ id: "rollout-outdated", place: { zone: "pci" } });
    expect(commandsOf(drift).at(-1)).toBe(
      `${guard}aws cloudformation update-stack-instances ${asAdministrator} ${targets(ou)} --regions us-east-1`,
    );
  });

  test("that nobody asked for is deleted only by whoever has found out about it", () => {
    const [drift] = drifts([instance, { ...instance, region: "us-west-2", ouId: "ou-ab12-99999999" }]);
    expect(drift).toMatchObject({ id: "rollout-extra", severity: "critical", place: { region: "us-west-2" } });
    expect(commandsOf(drift).filter((each) => !each.startsWith("#"))).toEqual([
      `aws cloudformation list-stack-set-operations ${asAdministrator} --max-items 5`,
    ]);
    expect(commandsOf(drift).at(-1)).toBe(
      `# ${guard}aws cloudformation delete-stack-instances ${asAdministrator} ${targets("ou-ab12-99999999")} --regions us-west-2 --retain-stacks`,
    );
  });

  test("that is inoperable has commands, and one whose status nobody knows has none", () => {
    const [inoperable] = drifts([{ ...instance, status: "INOPERABLE" }]);
    expect(inoperable).toMatchObject({ id: "rollout-inoperable", severity: "critical" });
    expect(commandsOf(inoperable)).toHaveLength(3);
    const [unknown] = drifts([{ ...instance, status: "RESTING" }]);
    expect(unknown).toMatchObject({
      id: "rollout-inoperable",
      severity: "high",
      whatToDo: expect.stringContaining("look the status up"),
    });
    expect(commandsOf(unknown)).toEqual([]);
  });
});

describe("a StackSet", () => {
  test("that is gone is left to the comparison of templates", () => {
    expect(drifts([], [])).toEqual([]);
  });

  test("that the map does not have is looked at, and deleted only by whoever has found out about it", () => {
    const [drift, ...others] = drifts([instance], [roles, "orgkeys-stray"]);
    expect(others).toEqual([]);
    expect(drift).toMatchObject({
      id: "rollout-extra",
      severity: "critical",
      detail: [],
      place: { zone: "corporate", stack: undefined, region: undefined, resource: "StackSet orgkeys-stray" },
    });
    const stray = "--stack-set-name orgkeys-stray --region us-east-1 --call-as DELEGATED_ADMIN";
    expect(commandsOf(drift).filter((each) => !each.startsWith("#"))).toEqual([
      `aws cloudformation describe-stack-set ${stray}`,
      `aws cloudformation list-stack-instances ${stray}`,
    ]);
    expect(commandsOf(drift).at(-1)).toBe(`# ${guard}aws cloudformation delete-stack-set ${stray}`);
  });
});
