import { describe, expect, test } from "@jest/globals";
import { formatProblem } from "../../modules/organization/problem";
import { readOrganizationMap } from "../../modules/organization/read-organization-map";
import type { Rollout } from "../../modules/organization/rollout";
import { baseMap, baseMapWith, type Change, sourcesOf, withoutRollouts } from "./base-map";

function readWith(...changes: Change[]) {
  return readOrganizationMap(sourcesOf(baseMapWith(...changes)), "config");
}

function rolloutsWith(...changes: Change[]): readonly Rollout[] {
  const read = readWith(...changes);
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
  return read.map.rollouts;
}

function rolloutNamed(name: string, ...changes: Change[]): Rollout {
  const rollout = rolloutsWith(...changes).find((each) => each.name === name);
  if (rollout === undefined) throw new Error(`no rollout ${name}`);
  return rollout;
}

/** A base map whose zone government has this rollout alone. */
const government = (template: string): Change => [
  "rollouts.yaml",
  "    access-roles: {ous: [Agencies]}\n",
  `    ${template}\n`,
];

describe("a rollout", () => {
  test("has everything that the map says of it, by name", () => {
    expect(rolloutsWith().map(({ name }) => name)).toEqual([
      "corporate.backup-vault",
      "government.access-roles",
      "pci.key-events",
    ]);
    const { administrator, waves, excluded, ownTemplate, ...rest } = rolloutNamed("corporate.backup-vault");
    expect(administrator.name).toBe("security-tooling");
    expect(waves.map(({ name, ous }) => [name, ous?.map(({ path, id }) => [path, id])])).toEqual([
      ["dev", [["Workloads/Dev", "ou-ab12-22000000"]]],
      [
        "prod",
        [
          ["Workloads/Prod", "ou-ab12-21000000"],
          ["Security", "ou-ab12-10000000"],
        ],
      ],
    ]);
    expect(excluded.map(({ name }) => name)).toEqual(["billing-prod"]);
    expect(ownTemplate).toMatchObject({ name: "backup-vault", path: "rollouts/backup-vault.yaml.hbs" });
    expect(ownTemplate?.text).toBe(baseMap().get("rollouts/backup-vault.yaml.hbs"));
    expect(rest).toEqual({
      name: "corporate.backup-vault",
      zone: "corporate",
      template: "backup-vault",
      canary: false,
      regions: ["us-west-2", "us-east-1"],
      replicas: [],
      concurrency: { percentage: 20 },
      failureTolerance: { count: 1 },
      concurrencyMode: "soft",
      regionConcurrency: "parallel",
      autoDeployment: false,
      retain: true,
      busAccount: undefined,
      archiveDays: undefined,
      parameters: { VaultName: "central" },
      source: "rollouts.yaml corporate.templates.backup-vault",
    });
  });

  test("goes to all that the zone has, one account at a time, when the map says nothing else", () => {
    expect(rolloutNamed("government.access-roles", government("access-roles: {}"))).toMatchObject({
      waves: [{ name: undefined, ous: undefined }],
      canary: true,
      excluded: [],
      concurrency: { count: 1 },
      failureTolerance: { count: 0 },
      concurrencyMode: "strict",
      regionConcurrency: "sequential",
      autoDeployment: true,
      ownTemplate: undefined,
    });
  });

  test.each([
    ["access-roles: {}", "access-roles", ["us-gov-west-1"]],
    ["key-events: {busAccount: permits-prod}", "key-events", ["us-gov-west-1", "us-gov-east-1"]],
    ["backup-vault: {}", "backup-vault", ["us-gov-west-1", "us-gov-east-1"]],
  ])("%s goes to the home Region first, and roles to no other", (entry, template, regions) => {
    expect(rolloutNamed(`government.${template}`, government(entry)).regions).toEqual(regions);
  });

  test("of a zone without the home Region goes to the zone's own", () => {
    const zone: Change = ["zones.yaml", "regions: [us-gov-west-1, us-gov-east-1]", "regions: [us-gov-east-1]"];
    const workload: Change = [
      "workloads/permits.yaml",
      "account: permits-prod",
      "account: permits-prod\n      region: us-gov-east-1",
    ];
    expect(rolloutNamed("government.access-roles", zone, workload).regions).toEqual(["us-gov-east-1"]);
  });

  test.each([
    ["access-roles: {}", "access-roles", false],
    ["key-events: {busAccount: permits-prod}", "key-events", false],
    ["backup-vault: {}", "backup-vault", true],
    ["access-roles: {retain: true}", "access-roles", true],
    ["backup-vault: {retain: false}", "backup-vault", false],
  ])("%s stays in an account that leaves the OUs, or goes", (entry, template, retain) => {
    expect(rolloutNamed(`government.${template}`, government(entry)).retain).toBe(retain);
  });

  test("of key events has its bus in the key management account", () => {
    expect(rolloutNamed("pci.key-events").busAccount?.name).toBe("pci-key-management");
    const change: Change = [
      "rollouts.yaml",
      "busAccount: pci-key-management, archiveDays: 365",
      "regions: [us-west-2]",
    ];
    expect(rolloutNamed("pci.key-events", change)).toMatchObject({
      busAccount: { name: "pci-key-management" },
      archiveDays: undefined,
    });
  });

  test("is kept by the delegated administrator where there is one, and by the management account elsewhere", () => {
    expect(rolloutNamed("pci.key-events").administrator.name).toBe("security-tooling");
    const unsaid: Change = ["rollouts.yaml", "  administrator: management-account\n", ""];
    expect(rolloutNamed("government.access-roles", unsaid).administrator.name).toBe("gov-management");
    const own: Change = [
      "rollouts.yaml",
      "administrator: delegated-administrator",
      "administrator: management-account",
    ];
    expect(rolloutNamed("corporate.backup-vault", own).administrator.name).toBe("org-management");
  });
});

describe("a map without rollouts", () => {
  test("has none, and nothing else changes", () => {
    const read = readOrganizationMap(sourcesOf(withoutRollouts(baseMap())), "config");
    const whole = readWith();
    if ("problems" in read || "problems" in whole) throw new Error("the base map is valid");
    expect(read.map).toEqual({ ...whole.map, rollouts: [] });
  });
});

describe("the pipelines of a zone", () => {
  const pipelinesWith = (...changes: Change[]) => {
    const read = readWith(...changes);
    if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("\n"));
    return read.map.zones.find(({ name }) => name === "government")?.pipelines;
  };

  test("are roles by their ARNs, with the session tags that they bring", () => {
    expect(pipelinesWith()).toMatchObject({
      deploy: [{ kind: "role", name: "role/Pipeline", arn: "arn:aws-us-gov:iam::520000000001:role/Pipeline" }],
      audit: [{ kind: "role", name: "role/DriftReader", arn: "arn:aws-us-gov:iam::520000000001:role/DriftReader" }],
      sessionTags: { Project: "orgkeys" },
    });
  });

  test("are the same by ARN", () => {
    const byArn: Change = [
      "zones.yaml",
      "permits-prod:role/Pipeline",
      "arn:aws-us-gov:iam::520000000001:role/Pipeline",
    ];
    expect(pipelinesWith(byArn)).toEqual(pipelinesWith());
  });

  test("are none where the map says nothing", () => {
    const read = readWith();
    if ("problems" in read) throw new Error("the base map is valid");
    expect(read.map.zones.find(({ name }) => name === "pci")?.pipelines).toBeUndefined();
  });
});

describe("a problem in a template of the map's own", () => {
  test("is told at its line and column", () => {
    const { problemAt } = readWith() as Exclude<ReturnType<typeof readWith>, { problems: unknown }>;
    expect(formatProblem(problemAt("rollouts/backup-vault.yaml.hbs 12:5", "is wrong", "mend it"))).toBe(
      "config/rollouts/backup-vault.yaml.hbs:12:5  is wrong; mend it",
    );
    expect(formatProblem(problemAt("rollouts/backup-vault.yaml.hbs", "is wrong", "mend it"))).toBe(
      "config/rollouts/backup-vault.yaml.hbs:1:1  is wrong; mend it",
    );
  });
});

describe("what is left of a map with problems", () => {
  const soundRollouts = (...changes: Change[]): string[] => {
    const read = readWith(...changes);
    if (!("problems" in read)) throw new Error("this map should have problems");
    return read.sound.map.rollouts.map(({ name }) => name);
  };

  test("has the rollouts that nothing wrong has to do with", () => {
    expect(soundRollouts(["workloads/shop.yaml", "via: [s3, rds]", "via: [s4]"])).toHaveLength(3);
  });

  test("has no rollout with a problem, and none beside it", () => {
    const names = ["corporate.backup-vault", "government.access-roles"];
    expect(soundRollouts(["rollouts.yaml", "archiveDays: 365", "archiveDays: 0"])).toEqual(names);
  });

  test("has no rollout of a zone or an organization with problems", () => {
    const breakGlass: Change = ["zones.yaml", "breakGlass: role/PciKeyBreakGlass", "breakGlass: admin"];
    expect(soundRollouts(breakGlass)).toEqual(["corporate.backup-vault", "government.access-roles"]);
    expect(soundRollouts(["organizations/acme.yaml", "rootId: r-ab12", "rootId: root"])).toEqual([
      "government.access-roles",
    ]);
  });

  test("has no rollout at all while it is in doubt which OUs a zone owns", () => {
    expect(soundRollouts(["zones.yaml", "ous: [Regulated]", "ous: [Regulatd]"])).toEqual([]);
  });
});
