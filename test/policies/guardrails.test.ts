import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { describe, expect, test } from "@jest/globals";
import { organizationsLimits } from "../../modules/aws/organizations-limits";
import {
  type GuardrailDocument,
  type GuardrailRequest,
  guardrailReasons,
  resourceControlPolicy,
  serviceControlPolicy,
} from "../../modules/policies/guardrails";
import { policyText } from "../../modules/policies/policy-document";
import { askEngine, askOracle } from "../access/oracle/ask";
import { type Json, owner } from "../access/oracle/policy-cases";

const guardrailsPage = readFileSync(join(__dirname, "../../docs/guardrails.md"), "utf8");

/**
 * One organization. Zone `outer` has OU Regulated without OU PCI in it, which is zone `inner`'s; `accounts` is single
 * accounts alone; `mixed` is a bit of everything.
 */
const root = "o-a1b2c3d4e5/r-ab12/";
const regulated = `${root}ou-ab12-30000000/`;
const pci = `${regulated}ou-ab12-31000000/`;
const health = `${root}ou-ab12-40000000/`;
const single = "410000000001";

const extents = {
  inner: { organizationPaths: [`${pci}*`], accountIds: [] },
  outer: { organizationPaths: [regulated], accountIds: [] },
  accounts: { organizationPaths: [], accountIds: ["410000000009", single] },
  mixed: { organizationPaths: [`${health}*`, regulated], accountIds: [single] },
} as const;
type ExtentName = keyof typeof extents;

const places: Readonly<Record<string, { readonly account: string; readonly paths: readonly string[] | undefined }>> = {
  "OU PCI": { account: "310000000001", paths: [pci] },
  "an OU below OU PCI": { account: "312000000002", paths: [`${pci}ou-ab12-31200000/`] },
  "OU Regulated itself": { account: "300000000001", paths: [regulated] },
  "OU HIPAA beside PCI": { account: "320000000001", paths: [`${regulated}ou-ab12-32000000/`] },
  "an OU whose id begins like PCI's": { account: "330000000001", paths: [`${regulated}ou-ab12-310000001/`] },
  "OU Health": { account: "400000000001", paths: [health] },
  "an OU below OU Health": { account: "400000000002", paths: [`${health}ou-ab12-41000000/`] },
  "the single account below the root": { account: single, paths: [root] },
  "another account below the root": { account: "410000000002", paths: [root] },
  "another organization with the same ids below": {
    account: "990000000001",
    paths: [pci.replace("o-a1b2c3d4e5", "o-zzzzzzzzzz")],
  },
  "no organization": { account: "990000000002", paths: undefined },
};

const inside: Readonly<Record<ExtentName, readonly string[]>> = {
  inner: ["OU PCI", "an OU below OU PCI"],
  outer: ["OU Regulated itself"],
  accounts: ["the single account below the root"],
  mixed: ["OU Regulated itself", "OU Health", "an OU below OU Health", "the single account below the root"],
};
const everyPlace = Object.keys(extents).flatMap((extent) =>
  Object.keys(places).map((place) => [extent as ExtentName, place] as const),
);

const roles = { breakGlass: "role/ZoneBreakGlass", deployRole: "role/OrgKeysDeploy" };
const requestFor = (extent: ExtentName, partition = "aws"): GuardrailRequest => ({
  partition,
  ...extents[extent],
  ...roles,
  regions: ["us-east-1", "us-west-2"],
  stackSets: false,
  rolledOut: undefined,
});

const allPrincipals = { principals: true, services: true };
const allUses = { ownKeys: true, destruction: true, policies: true, regions: true };

function given<Document>(document: Document | undefined): Document {
  if (document === undefined) throw new Error("there is no guardrail");
  return document;
}
const rcp = (extent: ExtentName, on = allPrincipals): GuardrailDocument =>
  given(resourceControlPolicy(requestFor(extent), on));
const scp = (extent: ExtentName, on = allUses): GuardrailDocument =>
  given(serviceControlPolicy(requestFor(extent), on));

/** As JSON has it. */
const json = (document: unknown): Json => JSON.parse(JSON.stringify(document));
const everything: Json = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

interface Asked {
  readonly principal: string;
  readonly action?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly resourceControl?: GuardrailDocument;
  readonly serviceControl?: GuardrailDocument;
}

/** Everything else allows it: a key policy that was edited by hand, and all that IAM can give. Both engines say the same. */
async function outcome({ principal, action = "kms:Decrypt", context = {}, ...controls }: Asked): Promise<string> {
  const isService = principal.endsWith(".amazonaws.com");
  const asked = {
    principal,
    action,
    context,
    keyPolicy: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: isService ? { Service: principal } : { AWS: principal },
          Action: "kms:*",
          Resource: "*",
        },
      ],
    },
    identityPolicies: isService ? [] : [everything],
    serviceControl:
      controls.serviceControl === undefined || isService ? [] : [[everything, json(controls.serviceControl)]],
    resourceControl: controls.resourceControl === undefined ? [] : [[json(controls.resourceControl)]],
  };
  const engine = askEngine(asked);
  const oracle = await askOracle(asked);
  expect(oracle.ignored).toEqual([]);
  expect(engine.outcome).toBe(oracle.outcome);
  return engine.outcome;
}

const roleOf = (account: string, name = "app"): string => `arn:aws:iam::${account}:role/${name}`;
const placeOf = (place: string): NonNullable<(typeof places)[string]> => given(places[place]);

/** What AWS says of a role that calls. */
function callerIn(place: string): Asked {
  const { account, paths } = placeOf(place);
  return {
    principal: roleOf(account),
    context: {
      "aws:PrincipalArn": roleOf(account),
      "aws:PrincipalAccount": account,
      "aws:PrincipalIsAWSService": "false",
      ...(paths === undefined ? {} : { "aws:PrincipalOrgPaths": paths }),
    },
  };
}

describe("the resource control policy", () => {
  test.each(everyPlace)("of zone %s decides over a role of %s", async (extent, place) => {
    const caller = callerIn(place);
    // The same request without it: what it denies is its own doing.
    expect(await outcome(caller)).toBe("allowed");
    expect(await outcome({ ...caller, resourceControl: rcp(extent) })).toBe(
      inside[extent].includes(place) ? "allowed" : "denied",
    );
  });

  const service = "logs.us-west-2.amazonaws.com";
  const acting = { principal: service, context: { "aws:PrincipalIsAWSService": "true" } };

  test.each(everyPlace)("of zone %s decides over an AWS service that acts for %s", async (extent, place) => {
    const { account, paths } = placeOf(place);
    const forPlace: Asked = {
      principal: service,
      context: {
        ...acting.context,
        "aws:SourceAccount": account,
        ...(paths === undefined ? {} : { "aws:SourceOrgPaths": paths }),
      },
    };
    expect(await outcome(forPlace)).toBe("allowed");
    expect(await outcome({ ...forPlace, resourceControl: rcp(extent) })).toBe(
      inside[extent].includes(place) ? "allowed" : "denied",
    );
  });

  test.each(Object.keys(extents) as ExtentName[])(
    "of zone %s leaves a service without a source account to the key policy",
    async (extent) => {
      expect(await outcome({ ...acting, resourceControl: rcp(extent) })).toBe("allowed");
    },
  );

  test("holds for every action of KMS, administration included", async () => {
    for (const action of ["kms:PutKeyPolicy", "kms:CreateGrant", "kms:DescribeKey", "kms:ScheduleKeyDeletion"]) {
      const foreign = { ...callerIn("OU PCI"), action };
      expect(await outcome({ ...foreign, resourceControl: rcp("outer") })).toBe("denied");
    }
  });

  test("holds for a service that calls with its user's permissions", async () => {
    const foreign = callerIn("OU HIPAA beside PCI");
    const viaS3 = { ...foreign, context: { ...foreign.context, "kms:ViaService": "s3.us-west-2.amazonaws.com" } };
    expect(await outcome({ ...viaS3, resourceControl: rcp("inner") })).toBe("denied");
  });

  test("does nothing in the part that is switched off", async () => {
    const foreign = callerIn("no organization");
    const deputy = { ...acting, context: { ...acting.context, "aws:SourceAccount": "990000000002" } };
    const principals = rcp("inner", { principals: true, services: false });
    const services = rcp("inner", { principals: false, services: true });
    expect(await outcome({ ...foreign, resourceControl: principals })).toBe("denied");
    expect(await outcome({ ...deputy, resourceControl: principals })).toBe("allowed");
    expect(await outcome({ ...foreign, resourceControl: services })).toBe("allowed");
    expect(await outcome({ ...deputy, resourceControl: services })).toBe("denied");
  });
});

/** What AWS says of a role of the zone, asking for a key that is somewhere. */
function callFor(place: string, name = "app"): Asked {
  const { account, paths } = placeOf(place);
  return {
    principal: roleOf(owner, name),
    context: {
      "aws:PrincipalArn": roleOf(owner, name),
      "aws:ResourceAccount": account,
      ...(paths === undefined ? {} : { "aws:ResourceOrgPaths": paths }),
    },
  };
}

describe("the service control policy", () => {
  test.each(everyPlace)("of zone %s decides over the use of a key in %s", async (extent, place) => {
    const call = callFor(place);
    expect(await outcome(call)).toBe("allowed");
    expect(await outcome({ ...call, serviceControl: scp(extent) })).toBe(
      inside[extent].includes(place) ? "allowed" : "denied",
    );
  });

  test.each([
    "kms:CreateGrant",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:Sign",
  ])("keeps %s within the zone", async (action) => {
    expect(await outcome({ ...callFor("OU Health"), action, serviceControl: scp("inner") })).toBe("denied");
    expect(await outcome({ ...callFor("OU PCI"), action, serviceControl: scp("inner") })).toBe("allowed");
  });

  test("leaves looking at a foreign key to its policy", async () => {
    const call = { ...callFor("OU Health"), action: "kms:DescribeKey" };
    expect(await outcome({ ...call, serviceControl: scp("inner") })).toBe("allowed");
  });

  const destruction = ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"];
  test.each<readonly [action: string, role: string, expected: string]>([
    ...destruction.flatMap((action): [string, string, string][] => [
      [action, "ZoneBreakGlass", "allowed"],
      [action, "OrgKeysDeploy", "denied"],
      [action, "KeyAdministrator", "denied"],
      [action, "team/ZoneBreakGlass", "denied"],
    ]),
    ["kms:PutKeyPolicy", "ZoneBreakGlass", "allowed"],
    ["kms:PutKeyPolicy", "OrgKeysDeploy", "allowed"],
    ["kms:PutKeyPolicy", "OrgKeysDeployer", "denied"],
    ["kms:PutKeyPolicy", "KeyAdministrator", "denied"],
    ["kms:CancelKeyDeletion", "KeyAdministrator", "allowed"],
    ["kms:EnableKey", "KeyAdministrator", "allowed"],
    ["kms:UpdateAlias", "KeyAdministrator", "allowed"],
    ["kms:CreateGrant", "app", "allowed"],
  ])("%s by %s is %s", async (action, role, expected) => {
    expect(await outcome({ ...callFor("OU PCI", role), action, serviceControl: scp("inner") })).toBe(expected);
  });

  test.each([
    ["kms:ReplicateKey", "kms:ReplicaRegion", "us-west-2", "OrgKeysDeploy", "allowed"],
    ["kms:ReplicateKey", "kms:ReplicaRegion", "eu-west-1", "OrgKeysDeploy", "denied"],
    ["kms:ReplicateKey", "kms:ReplicaRegion", "us-west-2", "KeyAdministrator", "denied"],
    ["kms:UpdatePrimaryRegion", "kms:PrimaryRegion", "us-west-2", "ZoneBreakGlass", "allowed"],
    ["kms:UpdatePrimaryRegion", "kms:PrimaryRegion", "eu-west-1", "ZoneBreakGlass", "denied"],
    ["kms:UpdatePrimaryRegion", "kms:PrimaryRegion", "us-west-2", "app", "denied"],
  ])("%s with %s %s by %s is %s", async (action, key, region, role, expected) => {
    const call = callFor("OU PCI", role);
    const asked = { ...call, action, context: { ...call.context, [key]: region }, serviceControl: scp("inner") };
    expect(await outcome(asked)).toBe(expected);
  });

  test.each([
    ["us-west-2", "allowed"],
    ["eu-west-1", "denied"],
  ] as const)("a new key in %s is %s", async (region, expected) => {
    const principal = roleOf(owner, "OrgKeysDeploy");
    const context = { "aws:RequestedRegion": region };
    const serviceControl = [[everything, json(scp("inner"))]];
    const asked = { principal, action: "kms:CreateKey", context, identityPolicies: [everything], serviceControl };
    const keyPolicy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: principal }, Action: "kms:*", Resource: "*" }],
    };
    expect(askEngine({ ...asked, keyPolicy, resourceControl: [] }).outcome).toBe(expected);
    // There is no key yet, and the oracle takes no key's ARN for this action.
    const simulated = await runSimulation(
      {
        request: {
          principal,
          action: "kms:CreateKey",
          resource: { resource: "*", accountId: owner },
          contextVariables: context,
        },
        identityPolicies: [{ name: "everything", policy: everything }],
        serviceControlPolicies: [
          {
            orgIdentifier: "zone",
            policies: serviceControl.flat().map((policy, index) => ({ name: `policy-${index}`, policy })),
          },
        ],
        resourceControlPolicies: [],
      },
      {},
    );
    expect(simulated).toMatchObject({ overallResult: expected === "allowed" ? "Allowed" : "ExplicitlyDenied" });
  });
});

describe("the service control policy of a zone to which StackSets bring keys", () => {
  const withStackSets = { ...requestFor("inner"), stackSets: true };
  const serviceControl = given(serviceControlPolicy(withStackSets, allUses));
  const execution = "stacksets-exec-0123456789abcdef0123456789abcdef";

  test.each<readonly [action: string, role: string, expected: string]>([
    ["kms:PutKeyPolicy", execution, "allowed"],
    ["kms:PutKeyPolicy", "team/stacksets-exec-0123", "denied"],
    ["kms:PutKeyPolicy", "not-stacksets-exec-0123", "denied"],
    ["kms:PutKeyPolicy", "OrgKeysDeploy", "allowed"],
    ["kms:PutKeyPolicy", "KeyAdministrator", "denied"],
    ["kms:ScheduleKeyDeletion", execution, "denied"],
    ["kms:DisableKey", execution, "denied"],
  ])("%s by %s is %s", async (action, role, expected) => {
    expect(await outcome({ ...callFor("OU PCI", role), action, serviceControl })).toBe(expected);
  });

  test("spares their role in no other zone", async () => {
    const call = { ...callFor("OU PCI", execution), action: "kms:PutKeyPolicy" };
    expect(await outcome({ ...call, serviceControl: scp("inner") })).toBe("denied");
  });

  test.each([
    ["us-west-2", "allowed"],
    ["eu-west-1", "denied"],
  ])("lets their role replicate to %s: %s", async (region, expected) => {
    const call = callFor("OU PCI", execution);
    const context = { ...call.context, "kms:ReplicaRegion": region };
    expect(await outcome({ ...call, action: "kms:ReplicateKey", context, serviceControl })).toBe(expected);
  });

  /** What the oracle says to somebody whose IAM policies allow everything. */
  async function onRole(action: string, role: string, caller: string, document = serviceControl): Promise<string> {
    const simulated = await runSimulation(
      {
        request: {
          principal: roleOf(owner, caller),
          action,
          resource: { resource: roleOf(owner, role), accountId: owner },
          contextVariables: { "aws:PrincipalArn": roleOf(owner, caller) },
        },
        identityPolicies: [{ name: "everything", policy: everything }],
        serviceControlPolicies: [
          {
            orgIdentifier: "zone",
            policies: [everything, json(document)].map((policy, index) => ({ name: `policy-${index}`, policy })),
          },
        ],
        resourceControlPolicies: [],
      },
      {},
    );
    return "overallResult" in simulated ? simulated.overallResult : JSON.stringify(simulated);
  }

  const taking = ["AttachRolePolicy", "CreateRole", "PassRole", "PutRolePolicy", "UpdateAssumeRolePolicy"];
  test.each(taking)("lets nobody call iam:%s on their roles, and everybody on others", async (name) => {
    const action = `iam:${name}`;
    for (const caller of ["admin", "OrgKeysDeploy", "ZoneBreakGlass", execution]) {
      expect([caller, await onRole(action, execution, caller)]).toEqual([caller, "ExplicitlyDenied"]);
      expect([caller, await onRole(action, "stacksets-exec-mine", caller)]).toEqual([caller, "ExplicitlyDenied"]);
      expect([caller, await onRole(action, "app", caller)]).toEqual([caller, "Allowed"]);
    }
    expect(await onRole(action, execution, "admin", scp("inner"))).toBe("Allowed");
  });

  test("lets nobody of the zone assume them", () => {
    const [statement] = serviceControl.Statement.filter(({ Sid }) => Sid === "OnlyAwsMakesStackSetsRoles");
    expect(statement).toEqual({
      Sid: "OnlyAwsMakesStackSetsRoles",
      Effect: "Deny",
      Action: [...taking.map((name) => `iam:${name}`), "sts:AssumeRole"],
      Resource: ["arn:aws:iam::*:role/stacksets-exec-*"],
    });
  });

  test("leaves the part out that is switched off", () => {
    const off = given(serviceControlPolicy(withStackSets, { ...allUses, policies: false }));
    expect(off).toEqual(scp("inner", { ...allUses, policies: false }));
  });
});

describe("the service control policy of a zone to which StackSets bring the deploy and audit roles", () => {
  const rolledOut = { auditRole: "role/OrgKeysAudit", byHand: ["999999999999"] };
  const serviceControl = given(serviceControlPolicy({ ...requestFor("inner"), rolledOut }, allUses));
  const execution = "stacksets-exec-0123456789abcdef0123456789abcdef";

  async function may(action: string, resource: string, caller: string, account = owner): Promise<string> {
    const simulated = await runSimulation(
      {
        request: {
          principal: roleOf(account, caller),
          action,
          resource: { resource: `arn:aws:iam::${account}:${resource}`, accountId: account },
          contextVariables: { "aws:PrincipalArn": roleOf(account, caller), "aws:PrincipalAccount": account },
        },
        identityPolicies: [{ name: "everything", policy: everything }],
        serviceControlPolicies: [
          {
            orgIdentifier: "zone",
            policies: [everything, json(serviceControl)].map((policy, index) => ({ name: `policy-${index}`, policy })),
          },
        ],
        resourceControlPolicies: [],
      },
      {},
    );
    return "overallResult" in simulated ? simulated.overallResult : JSON.stringify(simulated);
  }

  test.each([
    ...[
      "AttachRolePolicy",
      "CreateRole",
      "DeleteRole",
      "DeleteRolePermissionsBoundary",
      "DeleteRolePolicy",
      "DetachRolePolicy",
      "PassRole",
      "PutRolePermissionsBoundary",
      "PutRolePolicy",
      "UpdateAssumeRolePolicy",
    ].flatMap((name) => ["role/OrgKeysDeploy", "role/OrgKeysAudit"].map((role) => [`iam:${name}`, role] as const)),
    ...["CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion"].map(
      (name) => [`iam:${name}`, "policy/orgkeys-boundary"] as const,
    ),
  ])("leaves %s of %s to StackSets, and to people where they make it", async (action, resource) => {
    for (const caller of ["admin", "OrgKeysDeploy", "ZoneBreakGlass", "not-stacksets-exec-1"]) {
      expect([caller, await may(action, resource, caller)]).toEqual([caller, "ExplicitlyDenied"]);
    }
    expect(await may(action, resource, execution)).toBe("Allowed");
    expect(await may(action, resource, "admin", "999999999999")).toBe("Allowed");
    expect(await may(action, resource.replace("rgKeys", "ther").replace("orgkeys", "other"), "admin")).toBe("Allowed");
  });

  test.each(["iam:GetRole", "iam:ListAttachedRolePolicies", "sts:AssumeRole"])(
    "keeps nobody from %s",
    async (action) => {
      expect(await may(action, "role/OrgKeysDeploy", "admin")).toBe("Allowed");
    },
  );

  test("guards the name that it spares", async () => {
    expect(await may("iam:CreateRole", "role/stacksets-exec-mine", "admin")).toBe("ExplicitlyDenied");
    expect(await may("iam:CreateRole", "role/stacksets-exec-mine", "admin", "999999999999")).toBe("ExplicitlyDenied");
  });

  test("spares StackSets nowhere else", async () => {
    const call = { ...callFor("OU PCI", execution), action: "kms:PutKeyPolicy" };
    expect(await outcome({ ...call, serviceControl })).toBe("denied");
  });

  test("leaves the part out that is switched off", () => {
    const off = { ...allUses, policies: false };
    expect(serviceControlPolicy({ ...requestFor("inner"), rolledOut }, off)).toEqual(scp("inner", off));
  });
});

describe("switches", () => {
  const sids = (document: GuardrailDocument | undefined): readonly string[] =>
    (document?.Statement ?? []).map(({ Sid }) => Sid);
  const off = { ownKeys: false, destruction: false, policies: false, regions: false };

  test.each<[Partial<typeof off>, string[]]>([
    [{ ownKeys: true }, ["OnlyKeysOfTheZone"]],
    [{ destruction: true }, ["OnlyBreakGlassDestroys"]],
    [{ policies: true }, ["OnlyDeployAndBreakGlassRewrite"]],
    [
      { regions: true },
      ["KeysOnlyInTheZonesRegions", "PrimariesOnlyInTheZonesRegions", "ReplicasOnlyInTheZonesRegions"],
    ],
  ])("%j alone gives %j", (on, expected) => {
    expect(sids(serviceControlPolicy(requestFor("inner"), { ...off, ...on }))).toEqual(expected);
  });

  test("with everything off there is no policy", () => {
    expect(serviceControlPolicy(requestFor("inner"), off)).toBeUndefined();
    expect(resourceControlPolicy(requestFor("inner"), { principals: false, services: false })).toBeUndefined();
  });

  test("around nothing there can be none: it would stop everybody", () => {
    const nothing = { ...requestFor("inner"), organizationPaths: [] };
    expect(() => resourceControlPolicy(nothing, allPrincipals)).toThrow("would stop everybody");
    expect(() => serviceControlPolicy(nothing, allUses)).toThrow("would stop everybody");
  });
});

describe("the form of a guardrail", () => {
  test("names roles in its own partition", () => {
    const document = given(serviceControlPolicy(requestFor("inner", "aws-us-gov"), allUses));
    expect(policyText(document)).toContain("arn:aws-us-gov:iam::*:role/ZoneBreakGlass");
    expect(policyText(document)).not.toContain("arn:aws:");
  });

  test("is the same whatever the order of what it is made from", () => {
    const reversed = {
      ...requestFor("mixed"),
      organizationPaths: [...extents.mixed.organizationPaths].reverse(),
      regions: ["us-west-2", "us-east-1"],
    };
    expect(resourceControlPolicy(reversed, allPrincipals)).toEqual(rcp("mixed"));
    expect(serviceControlPolicy(reversed, allUses)).toEqual(scp("mixed"));
  });

  test("has room for the zones that the page on guardrails promises", () => {
    const characters = (wholeOus: number, accounts: number, stackSets = false): number => {
      const request = {
        ...requestFor("inner", "aws-us-gov"),
        stackSets,
        organizationPaths: Array.from({ length: wholeOus }, (_, index) => `${regulated}ou-ab12-${31000000 + index}/*`),
        accountIds: Array.from({ length: accounts }, (_, index) => String(410000000000 + index)),
      };
      const documents = [resourceControlPolicy(request, allPrincipals), serviceControlPolicy(request, allUses)];
      return Math.max(...documents.map((document) => policyText(given(document)).length));
    };
    const [, ous = "", accounts = ""] = /about (\d+) OUs, or (\d+) single accounts/.exec(guardrailsPage) ?? [];
    expect(characters(Number(ous), 0)).toBeLessThanOrEqual(organizationsLimits.policyCharacters);
    expect(characters(Number(ous) + 5, 0)).toBeGreaterThan(organizationsLimits.policyCharacters);
    expect(characters(Number(ous), 0, true)).toBeLessThanOrEqual(organizationsLimits.policyCharacters);
    expect(characters(0, Number(accounts), true)).toBeLessThanOrEqual(organizationsLimits.policyCharacters);
    expect(characters(0, Number(accounts))).toBeLessThanOrEqual(organizationsLimits.policyCharacters);
    expect(characters(0, Number(accounts) + 10)).toBeGreaterThan(organizationsLimits.policyCharacters);
  });

  test("is explained, statement by statement, on the page on guardrails", () => {
    const explained = [...guardrailsPage.matchAll(/^\| `([A-Z]\w+)` \|/gm)].map((match) => match[1]);
    expect(explained.sort()).toEqual(Object.keys(guardrailReasons).sort());
  });
});
