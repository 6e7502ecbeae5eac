import { describe, expect, test } from "@jest/globals";
import { organizationsLimits } from "../../modules/aws/organizations-limits";
import { guardrailLimits } from "../../modules/keys/guardrail-limits";
import type { PlannedGuardrail } from "../../modules/keys/guardrail-plan";
import { guardrailTargets } from "../../modules/keys/guardrail-targets";
import { planGuardrails } from "../../modules/keys/plan-guardrails";
import type { SourceFile } from "../../modules/organization/map-file";
import type { OrganizationMap } from "../../modules/organization/organization-map";
import { formatProblem } from "../../modules/organization/problem";
import { loadPlan, planSources } from "../../stacks/load-plan";
import { baselineRollout } from "../rollouts/baseline-map";
import { edit, planOf, smallSources } from "../stacks/small-organization";

type Edit = readonly [path: string, from: string, to: string];
const map = "organizations/acme.yaml";

function edited(...edits: readonly Edit[]): SourceFile[] {
  return edits.reduce((sources, [path, from, to]) => edit(sources, path, from, to), smallSources());
}

/** What each zone's policies are attached to: the same for both. */
function targetsOf(sources: readonly SourceFile[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    planOf(sources).guardrails.map(({ zone, guardrails }) => {
      const [first, ...others] = guardrails.map(({ targets }) => targets.map(({ id, what }) => `${id} ${what}`));
      for (const other of others) expect(other).toEqual(first);
      return [zone.name, first ?? []];
    }),
  );
}

/** The organization paths that each zone's resource control policy takes for its own. */
function pathsOf(sources: readonly SourceFile[]): Record<string, readonly string[] | undefined> {
  return Object.fromEntries(
    planOf(sources).guardrails.map(({ zone, guardrails }) => {
      const [statement] = guardrails[0]?.document.Statement ?? [];
      return [zone.name, statement?.Condition?.["ForAllValues:StringNotLike"]?.["aws:PrincipalOrgPaths"]];
    }),
  );
}

/** The findings about guardrails alone. */
function told(sources: readonly SourceFile[]): string[] {
  return planOf(sources)
    .findings.filter(({ id }) => id.startsWith("guardrail"))
    .map(({ severity, id, where, why, whatToDo }) => `${severity} ${id} ${where}: ${why}; ${whatToDo}`);
}

const security = "ou-ab12-10000000 OU Security with everything below";
const workloads = "ou-ab12-20000000 OU Workloads with everything below";
const health = "ou-ab12-30000000 OU Health with everything below";
const production = "ou-ab12-21000000 OU Workloads/Prod with everything below";
const testing = "ou-ab12-22000000 OU Workloads/Test with everything below";

describe("guardrails are attached to", () => {
  test("the topmost OUs that are a zone's with everything below; never to the management account", () => {
    expect(targetsOf(smallSources())).toEqual({ corporate: [security, workloads], health: [health] });
    expect(told(smallSources())).toEqual([]);
  });

  test("accounts one by one, once they are active, where an OU has another zone's OU below", () => {
    const sources = edited(
      ["zones.yaml", "ous: [Health]", "ous: [Health, Workloads/Prod]"],
      [
        map,
        "    id: ou-ab12-20000000\n",
        `    id: ou-ab12-20000000
    accounts:
      hub: "200000000001"
      spare: {id: "200000000002", status: pending}
      old: {id: "200000000003", status: suspended}
`,
      ],
    ).filter(({ path }) => !path.startsWith("workloads/"));
    expect(targetsOf(sources)).toEqual({
      corporate: [security, testing, "200000000001 account hub"].sort(),
      health: [production, health],
    });
    expect(pathsOf(sources)).toEqual({
      corporate: [
        "o-a1b2c3d4e5/r-ab12/ou-ab12-10000000/*",
        "o-a1b2c3d4e5/r-ab12/ou-ab12-20000000/",
        "o-a1b2c3d4e5/r-ab12/ou-ab12-20000000/ou-ab12-22000000/*",
      ],
      health: ["o-a1b2c3d4e5/r-ab12/ou-ab12-20000000/ou-ab12-21000000/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*"],
    });
    expect(told(sources)).toEqual([
      "information guardrail-waits account old: account old is suspended: the guardrails of zone corporate are not attached to it; nothing to do while it is suspended",
      "information guardrail-waits account spare: account spare is pending: the guardrails of zone corporate are not attached to it; set its status to active once it exists, and synthesize again",
    ]);
  });

  test("single accounts by their ids", () => {
    const sources = edited(["zones.yaml", "ous: [Health]", "accounts: [clinic]"]);
    expect(targetsOf(sources).health).toEqual(["310000000001 account clinic"]);
  });

  test("accounts of the zone's own organization, where another has an OU of the same name", () => {
    const sample = loadPlan("config");
    if ("problems" in sample) throw new Error(JSON.stringify(sample.problems));
    const { zones, accounts } = sample.map;
    const zone = zones.find(({ name }) => name === "govcloud");
    const security = zone?.organization.organizationalUnits.find(({ path }) => path === "Security");
    if (zone === undefined || security === undefined) throw new Error("the sample has another GovCloud");
    const around = { ...zone, extent: { wholeOus: [], ownOus: [security], accounts: [] } };
    expect(guardrailTargets(around, accounts)).toEqual({
      targets: [
        { id: "410000000002", what: "account gov-security-tooling" },
        { id: "410000000003", what: "account gov-key-management" },
      ],
      waiting: [],
    });
  });

  test("nothing, and that is told, where a zone has the management account alone", () => {
    const sources = edited(
      ["zones.yaml", "  accounts: [management]\n", ""],
      [
        "zones.yaml",
        "health:\n",
        "root:\n  organization: acme\n  accounts: [management]\n  owner: platform\n  topology: decentralized\n  administrators: [role/A]\n  breakGlass: role/B\n  regions: [us-east-1]\nhealth:\n",
      ],
    );
    expect(Object.keys(targetsOf(sources))).toEqual(["corporate", "health"]);
    expect(told(sources)).toEqual([
      "low guardrail-unattached zone root: zone root has no guardrails: nothing of it can have a policy attached, neither an OU of its own nor an active account beside the management account; give it an OU or an account, or switch its guardrails off in zones.yaml (guardrails:)",
    ]);
  });

  test("nothing while the management account, which keeps them, does not exist", () => {
    const sources = edited([
      map,
      '{management: "000000000001"}',
      '{management: {id: "000000000001", status: pending}}',
    ]);
    expect(planOf(sources).guardrails).toEqual([]);
    expect(told(sources)).toEqual(
      ["corporate", "health"].map(
        (zone) =>
          `medium guardrail-waits zone ${zone}: zone ${zone} has no guardrails: management account management, which keeps them, is pending; set its status to active once it exists and has the deploy role, and synthesize again`,
      ),
    );
  });
});

test("keys of the management account, which no guardrail reaches, are told", () => {
  const sources = edited(["zones.yaml", "keyManagementAccount: keys", "keyManagementAccount: management"]);
  expect(told(sources)).toEqual([
    "information guardrail-management-account account management: no guardrail reaches the 3 keys of management account management: AWS exempts it, and its key policies hold alone; let another account of zone corporate own them",
  ]);
});

describe("switches in zones.yaml", () => {
  const switched = (guardrails: string): SourceFile[] =>
    edited(["zones.yaml", "  owner: clinic\n", `  owner: clinic\n  guardrails: ${guardrails}\n`]);
  const sidsOf = (sources: readonly SourceFile[]): Record<string, string[]> =>
    Object.fromEntries(
      planOf(sources)
        .guardrails.filter(({ zone }) => zone.name === "health")
        .flatMap(({ guardrails }) =>
          guardrails.map(({ kind, document }) => [kind, document.Statement.map(({ Sid }) => Sid)]),
        ),
    );
  const all = {
    "resource-control": ["OnlyPrincipalsOfTheZone", "ServicesOnlyForTheZone"],
    "service-control": [
      "KeysOnlyInTheZonesRegions",
      "OnlyBreakGlassDestroys",
      "OnlyDeployAndBreakGlassRewrite",
      "OnlyKeysOfTheZone",
      "PrimariesOnlyInTheZonesRegions",
      "ReplicasOnlyInTheZonesRegions",
    ],
  };

  test.each<[string, object]>([
    ["{}", all],
    ["{resourceControl: {}, serviceControl: {}}", all],
    ["{resourceControl: {services: true}}", all],
    ["{resourceControl: {services: false}}", { ...all, "resource-control": ["OnlyPrincipalsOfTheZone"] }],
    ["{resourceControl: {principals: false}}", { ...all, "resource-control": ["ServicesOnlyForTheZone"] }],
    ["{resourceControl: false}", { "service-control": all["service-control"] }],
    ["{resourceControl: {principals: false, services: false}}", { "service-control": all["service-control"] }],
    ["{serviceControl: false}", { "resource-control": all["resource-control"] }],
    [
      "{serviceControl: {ownKeys: false, regions: false}}",
      { ...all, "service-control": ["OnlyBreakGlassDestroys", "OnlyDeployAndBreakGlassRewrite"] },
    ],
    [
      "{serviceControl: {destruction: false, policies: false}}",
      { ...all, "service-control": all["service-control"].filter((sid) => !/BreakGlass/.test(sid)) },
    ],
    ["{resourceControl: false, serviceControl: false}", {}],
  ])("%s", (guardrails, expected) => {
    expect(sidsOf(switched(guardrails))).toEqual(expected);
  });

  test("a zone with everything off has no stack, and the other zones keep theirs", () => {
    const { stacks } = planOf(switched("{resourceControl: false, serviceControl: false}"));
    expect(stacks.filter(({ kind }) => kind === "guardrails").map(({ name }) => name)).toEqual([
      "acme.guardrails.corporate",
    ]);
  });
});

describe("a partition without resource control policies", () => {
  const { map: read, accounts } = planOf(smallSources());
  const planned = planGuardrails(read, accounts, (_, kind) => kind === "service-control");

  test("goes without them, and that is told for each zone that wants one", () => {
    if ("problems" in planned) throw new Error(JSON.stringify(planned.problems));
    expect(planned.plans.map(({ guardrails }) => guardrails.map(({ kind }) => kind))).toEqual([
      ["service-control"],
      ["service-control"],
    ]);
    expect(planned.findings.map(({ id, where, why }) => [id, where, why])).toEqual(
      ["corporate", "health"].map((zone) => [
        "guardrail-not-offered",
        `zone ${zone}`,
        `partition aws has no resource-control policies: zone ${zone} goes without that guardrail, and its key policies hold alone`,
      ]),
    );
  });
});

describe("refuses", () => {
  const problemsOf = (sources: readonly SourceFile[]): string[] => {
    const loaded = planSources(sources, "config");
    return "problems" in loaded ? loaded.problems.map(formatProblem) : [];
  };

  test("a policy that is longer than AWS takes, at the zone's place", () => {
    const accounts = Array.from({ length: 200 }, (_, index) => `clinic-${index}`);
    const sources = edited(
      ["zones.yaml", "ous: [Health]", `accounts: [${accounts.join(", ")}]`],
      [
        map,
        'accounts: {clinic: {id: "310000000001", regions: [us-east-1]}}',
        `accounts: {${accounts.map((name, index) => `${name}: "${320000000000 + index}"`).join(", ")}}`,
      ],
      ["workloads/clinic.yaml", "account: clinic", "account: clinic-0"],
    );
    expect(problemsOf(sources)).toEqual([
      "config/zones.yaml:13:1  health: guardrail orgkeys-health-resource-control has a policy of 6492 characters, and AWS Organizations takes at most 5120; give the zone whole OUs instead of single accounts or OUs around another zone's, or switch parts of it off (guardrails:)",
    ]);
  });

  test("an OU and an account that give the name of a zone's guardrail stack", () => {
    const sources = edited(
      [map, "  Health:\n", "  Guardrails:\n"],
      ["zones.yaml", "ous: [Health]", "ous: [Guardrails]"],
      [map, "accounts: {clinic:", "accounts: {health:"],
      ["workloads/clinic.yaml", "account: clinic", "account: health"],
    );
    expect(problemsOf(sources)).toEqual([
      "config/zones.yaml:13:1  health: its guardrail stack acme.guardrails.health would have the name of the stack of account health in OU Guardrails; rename the zone, the account or the OU",
    ]);
  });

  const [plan] = planOf(smallSources()).guardrails;
  const [guardrail] = plan?.guardrails ?? [];
  if (guardrail === undefined) throw new Error("the small organization has no guardrails");
  const { policyNameLength, policyDescriptionLength, tagsPerPolicy } = organizationsLimits;
  const tags = (count: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, ""]));

  test.each<[string, Partial<PlannedGuardrail>, Partial<PlannedGuardrail>, string]>([
    [
      "a name",
      { name: "n".repeat(policyNameLength) },
      { name: "n".repeat(policyNameLength + 1) },
      `a name of 129 characters, and AWS Organizations takes at most 128`,
    ],
    [
      "a description",
      { description: "d".repeat(policyDescriptionLength) },
      { description: "d".repeat(policyDescriptionLength + 1) },
      `a description of 513 characters, and AWS Organizations takes at most 512`,
    ],
    [
      "tags",
      { tags: tags(tagsPerPolicy) },
      { tags: tags(tagsPerPolicy + 1) },
      `51 tags, and AWS Organizations takes at most 50`,
    ],
  ])("%s beyond the limit, and nothing at it", (_, at, beyond, message) => {
    expect(guardrailLimits([{ ...guardrail, ...at }])).toEqual([]);
    expect(guardrailLimits([{ ...guardrail, ...beyond }])).toMatchObject([
      { source: "zones.yaml corporate", message: expect.stringContaining(message) },
    ]);
  });

  test("more policies of one kind on a target than AWS takes beside its own", () => {
    const many = (count: number, kind: PlannedGuardrail["kind"]): PlannedGuardrail[] =>
      Array.from({ length: count }, (_, index) => ({ ...guardrail, kind, name: `policy-${index}` }));
    expect(guardrailLimits([...many(4, "resource-control"), ...many(4, "service-control")])).toEqual([]);
    expect(guardrailLimits([...many(5, "resource-control"), ...many(4, "service-control")])).toMatchObject([
      {
        message:
          "ou-ab12-10000000 gets 5 resource-control policies (policy-0, policy-1, policy-2, policy-3, policy-4), and AWS Organizations takes at most 5 on a target, 1 of them its own",
      },
      { message: expect.stringMatching(/^ou-ab12-20000000 gets 5 /) },
    ]);
  });
});

describe("Terraform addresses are pinned: a change here takes guardrails off for a while", () => {
  const addresses = (sources: readonly SourceFile[]): string[] =>
    planOf(sources).guardrails.flatMap(({ guardrails }) =>
      guardrails.flatMap(({ id, targets }) => [id, ...targets.map((target) => `${id}_${target.id}`)]),
    );
  const pinned = [
    "corporate_resource-control",
    "corporate_resource-control_ou-ab12-10000000",
    "corporate_resource-control_ou-ab12-20000000",
    "corporate_service-control",
    "corporate_service-control_ou-ab12-10000000",
    "corporate_service-control_ou-ab12-20000000",
    "health_resource-control",
    "health_resource-control_ou-ab12-30000000",
    "health_service-control",
    "health_service-control_ou-ab12-30000000",
  ];

  test.each<[string, readonly Edit[]]>([
    ["as they are", []],
    [
      "when an OU is renamed",
      [
        [map, "  Health:\n", "  Clinics:\n"],
        ["zones.yaml", "ous: [Health]", "ous: [Clinics]"],
      ],
    ],
    ["when an OU below is added", [[map, "      Prod:\n", "      Stage: {id: ou-ab12-23000000}\n      Prod:\n"]]],
    ["when the break-glass role is renamed", [["zones.yaml", "role/HealthBreakGlass", "role/Emergency"]]],
    ["when a zone changes its owner", [["zones.yaml", "owner: platform", "owner: keys"]]],
  ])("%s", (_, edits) => {
    expect(addresses(edited(...edits))).toEqual(pinned);
  });
});

test("StackSets are spared in a zone with a rollout of baseline-keys, and in no other", () => {
  const { map, accounts } = planOf(smallSources());
  const planned = (rollouts: OrganizationMap["rollouts"]): Record<string, string> => {
    const found = planGuardrails({ ...map, rollouts }, accounts);
    if ("problems" in found) throw new Error(JSON.stringify(found.problems));
    return Object.fromEntries(found.plans.map(({ zone, guardrails }) => [zone.name, JSON.stringify(guardrails)]));
  };
  const before = planned([]);
  const after = planned([
    baselineRollout(map, "corporate"),
    { ...baselineRollout(map, "health"), template: "key-events" },
  ]);
  expect(before.corporate).not.toContain("stacksets-exec-");
  expect(after.corporate).toContain("stacksets-exec-");
  expect(after.health).toBe(before.health);
});

test("the deploy and audit roles are StackSets' to change, but where people make them", () => {
  const { map, accounts } = planOf(smallSources());
  const denied = (rollouts: OrganizationMap["rollouts"], zoneName: string): unknown => {
    const found = planGuardrails({ ...map, rollouts }, accounts);
    if ("problems" in found) throw new Error(JSON.stringify(found.problems));
    return found.plans
      .find(({ zone }) => zone.name === zoneName)
      ?.guardrails.flatMap(({ document }) => document.Statement)
      .find(({ Sid }) => Sid === "OnlyRolloutsChangeTheRoles")?.Condition;
  };
  const roles = { ...baselineRollout(map, "corporate"), template: "access-roles" };
  const stackSets = { ArnNotLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/stacksets-exec-*"] } };
  const but = (name: string) => ({
    ...stackSets,
    StringNotEquals: { "aws:PrincipalAccount": [map.accounts.find((account) => account.name === name)?.id] },
  });
  const named = (name: string) => map.accounts.filter((account) => account.name === name);
  expect(denied([], "corporate")).toBeUndefined();
  expect(denied([roles], "health")).toBeUndefined();
  expect(denied([roles], "corporate")).toEqual(stackSets);
  expect(denied([{ ...roles, excluded: named("shop-prod") }], "corporate")).toEqual(but("shop-prod"));
  const keeper = named("shop-prod")[0];
  if (keeper === undefined) throw new Error("there is no account shop-prod");
  expect(denied([{ ...roles, administrator: keeper }], "corporate")).toEqual(but("shop-prod"));
});
