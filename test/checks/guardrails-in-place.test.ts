import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries, type ZoneBoundary } from "../../modules/access/zone-boundary";
import { check } from "../../modules/checks/guardrails-in-place";
import { nestedZones } from "./nested-zones";
import { type Json, type Output, outputOf } from "./sample-output";

const sample = outputOf("config");
const small = outputOf("test/fixtures/small");
const nested = nestedZones();
const stack = "commercial.guardrails.pci";
const rcp = "pci_resource-control";
const scp = "pci_service-control";
const ou = "OU Regulated/PCI (ou-ab12-31000000)";
const path = "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/ou-ab12-31000000/*";
const regulated = "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*";
const shop = "account shop-prod (210000000001) of zone corporate";
const everyAction = "every action of AWS KMS";
const outsiders = "anybody outside zone pci";
const otherAccounts = "any account outside zone pci";

type Change = (json: Json) => void;

const statementOf = (json: Json, sid: string): Json =>
  Object.values<Json>(json.locals)
    .flatMap((policy) => policy.Statement)
    .find((statement) => statement.Sid === sid);

const edit =
  (sid: string, change: Json): Change =>
  (json) => {
    Object.assign(statementOf(json, sid), change);
  };

/** Conditions beside those that are there; undefined takes one out. */
const condition =
  (sid: string, conditions: Json): Change =>
  (json) => {
    const statement = statementOf(json, sid);
    statement.Condition = JSON.parse(JSON.stringify({ ...statement.Condition, ...conditions }));
  };

const remove =
  (sid: string): Change =>
  (json) => {
    for (const policy of Object.values<Json>(json.locals)) {
      policy.Statement = policy.Statement.filter((statement: Json) => statement.Sid !== sid);
    }
  };

const add =
  (policy: string, ...statements: Json[]): Change =>
  (json) => {
    json.locals[`${policy}-policy`].Statement.push(...statements);
  };

const detach =
  (...policies: string[]): Change =>
  (json) => {
    for (const [id, { policy_id: policy }] of Object.entries<Json>(json.resource.aws_organizations_policy_attachment)) {
      if (policies.some((name) => policy.includes(name))) delete json.resource.aws_organizations_policy_attachment[id];
    }
  };

const all =
  (...changes: Change[]): Change =>
  (json) => {
    for (const change of changes) change(json);
  };

/** Findings without the name of the pci guardrail stack. */
const found = (output: Output): readonly (readonly [string, string])[] =>
  output.check([check]).map(({ where, why }) => [where.replace(`${stack} `, ""), why]);

const inRcp = (detail: string): string => `aws_organizations_policy.${rcp} ${detail}`;
const inScp = (detail: string): string => `aws_organizations_policy.${scp} ${detail}`;

const deny = (statement: Json): Json => ({ Sid: "ByHand", Effect: "Deny", Resource: "*", ...statement });

/** Zones whose guardrails are switched otherwise than in the sample. */
const switched = (name: string, change: (zone: ZoneBoundary) => Partial<ZoneBoundary>): ZoneBoundaries =>
  new ZoneBoundaries(sample.rules.zones.all.map((zone) => (zone.name === name ? { ...zone, ...change(zone) } : zone)));

const allOff: ZoneBoundary["guardrails"] = {
  resourceControl: { principals: false, services: false },
  serviceControl: { ownKeys: false, destruction: false, policies: false, regions: false },
};

describe("guardrails-in-place", () => {
  test("the sample, a small organization and nested zones are clean", () => {
    expect([sample, small, nested].flatMap((output) => output.check([check]))).toEqual([]);
  });

  test("names the statement's place, what to do, and the zone behind it", () => {
    const changed = condition("OnlyPrincipalsOfTheZone", {
      StringNotEquals: { "aws:PrincipalAccount": "210000000001" },
    });
    expect(sample.edit(stack, changed).check([check])).toEqual([
      {
        id: "guardrails-in-place",
        severity: "high",
        where: `${stack} aws_organizations_policy.${rcp} statement OnlyPrincipalsOfTheZone resourceControl.principals aws:PrincipalAccount 210000000001`,
        why: `does not surely deny ${everyAction} to ${shop}`,
        whatToDo: check.fix,
        place: { document: stack, path: `/locals/${rcp}-policy/Statement/0` },
        sources: ["zones.yaml pci"],
      },
    ]);
  });

  describe("what has to be denied", () => {
    const principals = "resourceControl.principals";
    const services = "resourceControl.services";
    const ownKeys = "serviceControl.ownKeys";
    const destruction = "serviceControl.destruction";
    const policies = "serviceControl.policies";
    const regions = "serviceControl.regions";
    const who = "statement OnlyPrincipalsOfTheZone resourceControl.principals";
    const service = "statement ServicesOnlyForTheZone resourceControl.services";
    const keys = "statement OnlyKeysOfTheZone serviceControl.ownKeys";
    const destroys = "statement OnlyBreakGlassDestroys serviceControl.destruction";
    const rewrites = "statement OnlyDeployAndBreakGlassRewrite serviceControl.policies";
    const keysIn = "statement KeysOnlyInTheZonesRegions serviceControl.regions CreateKey";
    const destroying = "DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion";
    const rewriting = "PutKeyPolicy, ReplicateKey and UpdatePrimaryRegion";
    const using = "CreateGrant, Decrypt, DeriveSharedSecret and 11 more";
    const butBreakGlass = "anybody but role/PciKeyBreakGlass";
    const butDeploy = "anybody but role/PciKeyBreakGlass and role/OrgKeysDeploy";
    const passes = (actions: string, to: string, because = ""): string =>
      `does not surely deny ${actions} ${to}${because}`;
    const lets = (operator: string, value: string): string => `: ${operator} ${value} lets somebody off`;
    const orgPaths = (values: Json): Json => ({ "ForAllValues:StringNotLike": { "aws:PrincipalOrgPaths": values } });
    const sourcePaths = (values: Json): Json => ({ "ForAllValues:StringNotLike": { "aws:SourceOrgPaths": values } });
    const breakGlass = "arn:aws:iam::*:role/PciKeyBreakGlass";
    const anonymous = passes(everyAction, "to requests without credentials on keys of zone pci");

    type Breach = readonly [name: string, change: Change, ...found: (readonly [where: string, why: unknown])[]];

    const principalBreaches: readonly Breach[] = [
      [
        "no statement about principals",
        remove("OnlyPrincipalsOfTheZone"),
        [inRcp(principals), passes(everyAction, `to ${outsiders}`)],
        [inRcp(`${principals} anonymous`), anonymous],
      ],
      [
        "a statement that allows",
        edit("OnlyPrincipalsOfTheZone", { Effect: "Allow" }),
        [inRcp(principals), passes(everyAction, `to ${outsiders}`)],
        [inRcp(`${principals} anonymous`), anonymous],
      ],
      [
        "an action left out",
        edit("ServicesOnlyForTheZone", { Action: ["kms:Cr*", "kms:D*", "KMS:[e-z]*", "kms:E*", "kms:G*"] }),
        [
          inRcp(`${services} CancelKeyDeletion, ImportKeyMaterial, ListGrants and 18 more`),
          passes(
            "CancelKeyDeletion, ImportKeyMaterial, ListGrants and 18 more",
            `to AWS services that act for ${otherAccounts}`,
          ),
        ],
      ],
      [
        "NotAction, which RCPs do not have",
        edit("ServicesOnlyForTheZone", { Action: undefined, NotAction: "s3:*" }),
        [
          inRcp(`${service} Statement`),
          `${passes(everyAction, `to AWS services that act for ${otherAccounts}`)}: a part of the statement is not understood`,
        ],
      ],
      [
        "one key alone",
        edit("OnlyPrincipalsOfTheZone", { Resource: "arn:aws:kms:us-east-1:310000000001:key/*" }),
        [inRcp(`${who} Resource`), `${passes(everyAction, `to ${outsiders}`)}: its Resource is not "*"`],
        [
          inRcp(`statement OnlyPrincipalsOfTheZone ${principals} anonymous Resource`),
          `${anonymous}: its Resource is not "*"`,
        ],
      ],
      [
        "a foreign account spared",
        condition("OnlyPrincipalsOfTheZone", {
          StringNotLike: { "aws:PrincipalAccount": ["310000000001", "210000000001"] },
        }),
        [inRcp(`${who} aws:PrincipalAccount 210000000001`), passes(everyAction, `to ${shop}`)],
      ],
      [
        "an account spared that nobody knows",
        condition("OnlyPrincipalsOfTheZone", { StringNotEqualsIfExists: { "aws:principalaccount": "999999999999" } }),
        [
          inRcp(`${who} aws:principalaccount 999999999999`),
          passes(everyAction, "to account 999999999999, which the map does not know"),
        ],
      ],
      [
        "accounts spared by a wildcard",
        condition("OnlyPrincipalsOfTheZone", { StringNotLike: { "aws:PrincipalAccount": "31000000000?" } }),
        [
          inRcp(`${who} aws:PrincipalAccount 31000000000?`),
          passes(everyAction, `to ${outsiders}`, lets("StringNotLike", "aws:PrincipalAccount 31000000000?")),
        ],
      ],
      [
        "the OU above spared",
        condition("OnlyPrincipalsOfTheZone", orgPaths([path, regulated])),
        [
          inRcp(`${who} aws:PrincipalOrgPaths ${regulated}`),
          passes(everyAction, `to organization path ${regulated}, which reaches zone hipaa`),
        ],
      ],
      [
        "an OU beside spared by its first letters",
        condition("OnlyPrincipalsOfTheZone", orgPaths(path.replace("31000000/*", "3*"))),
        [
          inRcp(`${who} aws:PrincipalOrgPaths ${path.replace("31000000/*", "3*")}`),
          passes(everyAction, `to organization path ${regulated}, which reaches zone hipaa`),
        ],
      ],
      [
        "the organization spared",
        condition("OnlyPrincipalsOfTheZone", { StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
        [
          inRcp(`${who} aws:PrincipalOrgID o-a1b2c3d4e5`),
          passes(everyAction, "to organization path o-a1b2c3d4e5/*, which reaches zone corporate and zone hipaa"),
        ],
      ],
      [
        "a role spared in every account",
        condition("OnlyPrincipalsOfTheZone", {
          ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/OrgKeysAudit" },
        }),
        [
          inRcp(`${who} aws:PrincipalArn arn:aws:iam::*:role/OrgKeysAudit`),
          passes(
            everyAction,
            `to ${outsiders}`,
            lets("ArnNotLike", "aws:PrincipalArn arn:aws:iam::*:role/OrgKeysAudit"),
          ),
        ],
      ],
      [
        "whoever has a tag spared",
        condition("OnlyPrincipalsOfTheZone", { StringNotEquals: { "aws:PrincipalTag/pci": "yes" } }),
        [
          inRcp(`${who} aws:PrincipalTag/pci yes`),
          passes(everyAction, `to ${outsiders}`, lets("StringNotEquals", "aws:PrincipalTag/pci yes")),
        ],
        [
          inRcp(`statement OnlyPrincipalsOfTheZone ${principals} anonymous aws:PrincipalTag/pci yes`),
          `${anonymous}: StringNotEquals aws:PrincipalTag/pci yes lets somebody off`,
        ],
      ],
      [
        "a condition beside that need not hold",
        condition("OnlyPrincipalsOfTheZone", { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
        [
          inRcp(`${who} StringEquals aws:PrincipalOrgID`),
          `${passes(everyAction, `to ${outsiders}`)}: it holds only where StringEquals aws:PrincipalOrgID o-a1b2c3d4e5 does`,
        ],
        [inRcp(`${principals} anonymous`), anonymous],
      ],
      [
        "paths without ForAllValues, of which AWS says nothing",
        condition("OnlyPrincipalsOfTheZone", {
          "ForAllValues:StringNotLike": undefined,
          StringNotLike: { "aws:PrincipalOrgPaths": path },
        }),
        [
          inRcp(`${who} aws:PrincipalOrgPaths ${path}`),
          passes(everyAction, `to ${outsiders}`, lets("StringNotLike", `aws:PrincipalOrgPaths ${path}`)),
        ],
        ...["break-glass", "deploy", "use"].map(
          (right) =>
            [inRcp(`statement OnlyPrincipalsOfTheZone denies ${right}`), expect.stringMatching(/^may deny /)] as const,
        ),
      ],
      [
        "paths with ForAnyValue, which lets off who has none",
        condition("OnlyPrincipalsOfTheZone", {
          "ForAllValues:StringNotLike": undefined,
          "ForAnyValue:StringNotLike": { "aws:PrincipalOrgPaths": path },
        }),
        [
          inRcp(`${who} ForAnyValue:StringNotLike aws:PrincipalOrgPaths`),
          `${passes(everyAction, `to ${outsiders}`)}: it holds only where ForAnyValue:StringNotLike aws:PrincipalOrgPaths ${path} does`,
        ],
        [inRcp(`${principals} anonymous`), anonymous],
      ],
      [
        "Bool without IfExists, which lets off who is anonymous",
        condition("OnlyPrincipalsOfTheZone", {
          BoolIfExists: undefined,
          Bool: { "aws:PrincipalIsAWSService": "false" },
        }),
        [inRcp(`${principals} anonymous`), anonymous],
      ],
      [
        "no services at all, in the place of principals",
        condition("OnlyPrincipalsOfTheZone", { BoolIfExists: { "aws:PrincipalIsAWSService": "true" } }),
        [inRcp(principals), passes(everyAction, `to ${outsiders}`)],
        [
          inRcp("statement OnlyPrincipalsOfTheZone denies services"),
          "denies CreateGrant, Decrypt, DeriveSharedSecret and 22 more to AWS services for account payments-test (312000000002) and 2 more, which zone pci lives on",
        ],
      ],
      [
        "a policy variable among the paths",
        condition("OnlyPrincipalsOfTheZone", orgPaths([path, "$${aws:ResourceOrgPaths}"])),
        [
          inRcp(`${who} aws:PrincipalOrgPaths \${aws:ResourceOrgPaths}`),
          passes(
            everyAction,
            `to ${outsiders}`,
            lets("ForAllValues:StringNotLike", "aws:PrincipalOrgPaths ${aws:ResourceOrgPaths}"),
          ),
        ],
      ],
    ];

    const serviceBreaches: readonly Breach[] = [
      [
        "no statement about services",
        remove("ServicesOnlyForTheZone"),
        [inRcp(services), passes(everyAction, `to AWS services that act for ${otherAccounts}`)],
      ],
      [
        "services for a foreign account",
        condition("ServicesOnlyForTheZone", { StringNotEquals: { "aws:SourceAccount": "210000000001" } }),
        [
          inRcp(`${service} aws:SourceAccount 210000000001`),
          passes(everyAction, `to AWS services that act for ${shop}`),
        ],
      ],
      [
        "services for the OU above",
        condition("ServicesOnlyForTheZone", sourcePaths(regulated)),
        [
          inRcp(`${service} aws:SourceOrgPaths ${regulated}`),
          passes(everyAction, `to AWS services that act for organization path ${regulated}, which reaches zone hipaa`),
        ],
      ],
      [
        "a service spared",
        condition("ServicesOnlyForTheZone", { StringNotEquals: { "aws:PrincipalServiceName": "logs.amazonaws.com" } }),
        [
          inRcp(`${service} aws:PrincipalServiceName logs.amazonaws.com`),
          passes(
            everyAction,
            `to AWS services that act for ${otherAccounts}`,
            lets("StringNotEquals", "aws:PrincipalServiceName logs.amazonaws.com"),
          ),
        ],
      ],
      [
        "services that have no source account alone",
        condition("ServicesOnlyForTheZone", { Null: { "aws:SourceAccount": "true" } }),
        [
          inRcp(`${service} Null aws:SourceAccount`),
          `${passes(everyAction, `to AWS services that act for ${otherAccounts}`)}: it holds only where Null aws:SourceAccount true does`,
        ],
        [
          inRcp("statement ServicesOnlyForTheZone denies services"),
          "denies CreateGrant, Decrypt, DeriveSharedSecret and 22 more to AWS services without source account, which zone pci lives on",
        ],
      ],
    ];

    const serviceControlBreaches: readonly Breach[] = [
      [
        "no statement about keys",
        remove("OnlyKeysOfTheZone"),
        [inScp(ownKeys), passes(using, `on keys of ${otherAccounts}`)],
      ],
      [
        "a use of foreign keys left out",
        edit("OnlyKeysOfTheZone", { NotAction: ["kms:CreateKey", "kms:Sign", "kms:Verify*"], Action: undefined }),
        [
          inScp(`${ownKeys} Sign, Verify and VerifyMac`),
          passes("Sign, Verify and VerifyMac", `on keys of ${otherAccounts}`),
        ],
      ],
      [
        "a foreign account's keys",
        condition("OnlyKeysOfTheZone", {
          StringNotEquals: { "aws:ResourceAccount": ["310000000001", "210000000001"] },
        }),
        [inScp(`${keys} aws:ResourceAccount 210000000001`), passes(using, `on keys of ${shop}`)],
      ],
      [
        "the whole organization's keys",
        condition("OnlyKeysOfTheZone", { StringNotEquals: { "aws:ResourceOrgID": "o-a1b2c3d4e5" } }),
        [
          inScp(`${keys} aws:ResourceOrgID o-a1b2c3d4e5`),
          passes(using, "on keys of organization path o-a1b2c3d4e5/*, which reaches zone corporate and zone hipaa"),
        ],
      ],
      [
        "foreign keys for an account of the zone",
        condition("OnlyKeysOfTheZone", { StringNotEquals: { "aws:PrincipalAccount": "310000000002" } }),
        [
          inScp(`${keys} aws:PrincipalAccount 310000000002`),
          passes(using, `on keys of ${otherAccounts}`, lets("StringNotEquals", "aws:PrincipalAccount 310000000002")),
        ],
      ],
      [
        "foreign keys through a service",
        condition("OnlyKeysOfTheZone", { Null: { "kms:ViaService": "true" } }),
        [
          inScp(`${keys} Null kms:ViaService`),
          `${passes(using, `on keys of ${otherAccounts}`)}: it holds only where Null kms:ViaService true does`,
        ],
      ],
      [
        "no statement about destruction",
        remove("OnlyBreakGlassDestroys"),
        [inScp(destruction), passes(destroying, `to ${butBreakGlass}`)],
      ],
      [
        "DisableKey left out",
        edit("OnlyBreakGlassDestroys", { Action: ["kms:DeleteImported*", "kms:schedule*"] }),
        [inScp(`${destruction} DisableKey`), passes("DisableKey", `to ${butBreakGlass}`)],
      ],
      [
        "another role that destroys",
        condition("OnlyBreakGlassDestroys", {
          ArnNotLike: { "aws:PrincipalArn": [breakGlass, "arn:aws:iam::*:role/Admin"] },
        }),
        [
          inScp(`${destroys} aws:PrincipalArn arn:aws:iam::*:role/Admin`),
          passes(destroying, `to ${butBreakGlass}`, lets("ArnNotLike", "aws:PrincipalArn arn:aws:iam::*:role/Admin")),
        ],
      ],
      [
        "the deploy role that destroys",
        condition("OnlyBreakGlassDestroys", {
          ArnNotLike: { "aws:PrincipalArn": [breakGlass, "arn:aws:iam::*:role/OrgKeysDeploy"] },
        }),
        [
          inScp(`${destroys} aws:PrincipalArn arn:aws:iam::*:role/OrgKeysDeploy`),
          passes(
            destroying,
            `to ${butBreakGlass}`,
            lets("ArnNotLike", "aws:PrincipalArn arn:aws:iam::*:role/OrgKeysDeploy"),
          ),
        ],
      ],
      [
        "roles whose name ends alike",
        condition("OnlyBreakGlassDestroys", { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*BreakGlass" } }),
        [
          inScp(`${destroys} aws:PrincipalArn arn:aws:iam::*:role/*BreakGlass`),
          passes(
            destroying,
            `to ${butBreakGlass}`,
            lets("ArnNotLike", "aws:PrincipalArn arn:aws:iam::*:role/*BreakGlass"),
          ),
        ],
      ],
      [
        "a wildcard that as a text reaches into a role's path",
        condition("OnlyBreakGlassDestroys", {
          ArnNotLike: undefined,
          StringNotLike: { "aws:PrincipalArn": breakGlass },
        }),
        [
          inScp(`${destroys} aws:PrincipalArn ${breakGlass}`),
          passes(destroying, `to ${butBreakGlass}`, lets("StringNotLike", `aws:PrincipalArn ${breakGlass}`)),
        ],
      ],
      [
        "destruction without a second factor alone",
        condition("OnlyBreakGlassDestroys", { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } }),
        [
          inScp(`${destroys} BoolIfExists aws:MultiFactorAuthPresent`),
          `${passes(destroying, `to ${butBreakGlass}`)}: it holds only where BoolIfExists aws:MultiFactorAuthPresent false does`,
        ],
      ],
      [
        "no statement about policies",
        remove("OnlyDeployAndBreakGlassRewrite"),
        [inScp(policies), passes(rewriting, `to ${butDeploy}`)],
      ],
      [
        "an administrator that changes policies",
        condition("OnlyDeployAndBreakGlassRewrite", {
          ArnNotLike: undefined,
          ArnNotEquals: {
            "aws:PrincipalArn": [
              breakGlass,
              "arn:aws:iam::*:role/OrgKeysDeploy",
              "arn:aws:iam::310000000001:role/PciKeyAdministrator",
            ],
          },
        }),
        [
          inScp(`${rewrites} aws:PrincipalArn arn:aws:iam::310000000001:role/PciKeyAdministrator`),
          passes(
            rewriting,
            `to ${butDeploy}`,
            lets("ArnNotEquals", "aws:PrincipalArn arn:aws:iam::310000000001:role/PciKeyAdministrator"),
          ),
        ],
      ],
      [
        "no statement about the Regions of keys",
        remove("KeysOnlyInTheZonesRegions"),
        [inScp(`${regions} CreateKey`), passes("CreateKey", "in any Region but us-east-1, us-west-2")],
      ],
      [
        "no statement about the Regions of replicas",
        remove("ReplicasOnlyInTheZonesRegions"),
        [inScp(`${regions} ReplicateKey`), passes("ReplicateKey", "in any Region but us-east-1, us-west-2")],
      ],
      [
        "no statement about the Regions of primaries",
        remove("PrimariesOnlyInTheZonesRegions"),
        [
          inScp(`${regions} UpdatePrimaryRegion`),
          passes("UpdatePrimaryRegion", "in any Region but us-east-1, us-west-2"),
        ],
      ],
      [
        "another Region",
        condition("KeysOnlyInTheZonesRegions", {
          StringNotEquals: { "aws:RequestedRegion": ["us-east-1", "us-west-2", "eu-west-1"] },
        }),
        [inScp(`${keysIn} aws:RequestedRegion eu-west-1`), passes("CreateKey", "in eu-west-1")],
      ],
      [
        "Regions by a wildcard",
        condition("KeysOnlyInTheZonesRegions", {
          StringNotEquals: undefined,
          StringNotLike: { "aws:RequestedRegion": "us-*" },
        }),
        [inScp(`${keysIn} aws:RequestedRegion us-*`), passes("CreateKey", "in us-*")],
      ],
      [
        "a tag whose value is the name of a Region",
        condition("KeysOnlyInTheZonesRegions", { StringNotLike: { "aws:PrincipalTag/home": "us-east-1" } }),
        [
          inScp(`${keysIn} aws:PrincipalTag/home us-east-1`),
          passes(
            "CreateKey",
            "in any Region but us-east-1, us-west-2",
            lets("StringNotLike", "aws:PrincipalTag/home us-east-1"),
          ),
        ],
      ],
      [
        "two statements with holes, and names the one that comes closest",
        all(
          condition("OnlyBreakGlassDestroys", {
            ArnNotLike: {
              "aws:PrincipalArn": [breakGlass, "arn:aws:iam::*:role/Admin", "arn:aws:iam::*:role/Operator"],
            },
          }),
          add(
            scp,
            deny({
              Action: "kms:DisableKey",
              Condition: { ArnNotLike: { "aws:PrincipalArn": [breakGlass, "arn:aws:iam::*:role/Other"] } },
            }),
          ),
        ),
        [
          inScp("statement ByHand serviceControl.destruction aws:PrincipalArn arn:aws:iam::*:role/Other DisableKey"),
          passes("DisableKey", `to ${butBreakGlass}`, lets("ArnNotLike", "aws:PrincipalArn arn:aws:iam::*:role/Other")),
        ],
        ...["Admin", "Operator"].map((name): readonly [string, string] => [
          inScp(
            `${destroys} aws:PrincipalArn arn:aws:iam::*:role/${name} DeleteImportedKeyMaterial and ScheduleKeyDeletion`,
          ),
          passes(
            "DeleteImportedKeyMaterial and ScheduleKeyDeletion",
            `to ${butBreakGlass}`,
            lets("ArnNotLike", `aws:PrincipalArn arn:aws:iam::*:role/${name}`),
          ),
        ]),
      ],
      [
        "keys of one kind alone, in other Regions",
        condition("KeysOnlyInTheZonesRegions", { StringEquals: { "kms:KeySpec": "SYMMETRIC_DEFAULT" } }),
        [
          inScp(`${keysIn} StringEquals kms:KeySpec`),
          `${passes("CreateKey", "in any Region but us-east-1, us-west-2")}: it holds only where StringEquals kms:KeySpec SYMMETRIC_DEFAULT does`,
        ],
      ],
    ];

    test.each([...principalBreaches, ...serviceBreaches, ...serviceControlBreaches])(
      "finds %s",
      (_, change, ...wanted) => {
        expect([...found(sample.edit(stack, change))].sort()).toEqual([...wanted].sort());
      },
    );

    test("finds the same in a policy that is written as text", () => {
      const change: Change = (json) => {
        condition("OnlyPrincipalsOfTheZone", orgPaths([path, regulated]))(json);
        json.resource.aws_organizations_policy[rcp].content = JSON.stringify(json.locals[`${rcp}-policy`]);
      };
      const [finding] = sample.edit(stack, change).check([check]);
      expect(finding?.where).toContain(`${who} aws:PrincipalOrgPaths ${regulated}`);
      expect(finding?.place?.path).toBe(`/resource/aws_organizations_policy/${rcp}/content`);
    });
  });

  describe("what must not be denied", () => {
    const use = "CreateGrant, Decrypt, DeriveSharedSecret and 22 more";
    const accounts = "account payments-prod (310000000002) and 1 more, which zone pci lives on";

    const denials: readonly (readonly [string, Change, ...(readonly [where: string, why: unknown])[]])[] = [
      [
        "everything",
        add(rcp, deny({ Principal: "*", Action: "*" })),
        [
          inRcp("statement ByHand denies break-glass"),
          `denies DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion to role/PciKeyBreakGlass of ${accounts}`,
        ],
        [
          inRcp("statement ByHand denies deploy"),
          `denies CancelKeyDeletion, CreateAlias, CreateGrant and 24 more to role/OrgKeysDeploy of ${accounts}`,
        ],
        [
          inRcp("statement ByHand denies services"),
          "denies CreateGrant, Decrypt, DeriveSharedSecret and 22 more to AWS services for account payments-test (312000000002) and 2 more, which zone pci lives on",
        ],
        [inRcp("statement ByHand denies use"), `denies ${use} to roles of ${accounts}`],
      ],
      [
        "one account's use",
        add(
          scp,
          deny({ Action: "kms:Decrypt", Condition: { StringEquals: { "aws:PrincipalAccount": "310000000001" } } }),
        ),
        [
          inScp("statement ByHand denies use"),
          "denies Decrypt to roles of account pci-key-management (310000000001), which zone pci lives on",
        ],
      ],
      [
        "the use of one account's keys",
        add(scp, deny({ Action: "kms:d*t", Condition: { StringLike: { "aws:ResourceAccount": "3120000000*" } } })),
        [
          inScp("statement ByHand denies use"),
          "denies Decrypt and DeriveSharedSecret to roles of account payments-test (312000000002) and 1 more, which zone pci lives on",
        ],
      ],
      [
        "who comes without a second factor",
        add(
          scp,
          deny({
            Sid: undefined,
            Action: "kms:Decrypt",
            Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
          }),
        ),
        [inScp("statement number 7 denies use"), `may deny Decrypt to roles of ${accounts}`],
      ],
      [
        "new keys, of which AWS does not say that they are the zone's",
        edit("OnlyKeysOfTheZone", { Action: "kms:*" }),
        [inScp("statement OnlyKeysOfTheZone denies deploy"), `may deny CreateKey to role/OrgKeysDeploy of ${accounts}`],
      ],
      [
        "services, because a principal is no service",
        condition("OnlyPrincipalsOfTheZone", { BoolIfExists: undefined }),
        [
          inRcp("statement OnlyPrincipalsOfTheZone denies services"),
          "denies CreateGrant, Decrypt, DeriveSharedSecret and 22 more to AWS services for account payments-test (312000000002) and 2 more, which zone pci lives on",
        ],
      ],
      [
        "services that do not say for whom they act",
        condition("ServicesOnlyForTheZone", { Null: undefined }),
        [
          inRcp("statement ServicesOnlyForTheZone denies services"),
          "denies CreateGrant, Decrypt, DeriveSharedSecret and 22 more to AWS services without source account, which zone pci lives on",
        ],
      ],
      [
        "an OU of the zone that is left out",
        condition("OnlyPrincipalsOfTheZone", {
          "ForAllValues:StringNotLike": { "aws:PrincipalOrgPaths": path.replace("*", "ou-ab12-31200000/*") },
        }),
        [
          inRcp("statement OnlyPrincipalsOfTheZone denies break-glass"),
          "denies DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion to role/PciKeyBreakGlass of account payments-prod (310000000002), which zone pci lives on",
        ],
        [
          inRcp("statement OnlyPrincipalsOfTheZone denies deploy"),
          "denies CancelKeyDeletion, CreateAlias, CreateGrant and 24 more to role/OrgKeysDeploy of account payments-prod (310000000002), which zone pci lives on",
        ],
        [
          inRcp("statement OnlyPrincipalsOfTheZone denies use"),
          `denies ${use} to roles of account payments-prod (310000000002), which zone pci lives on`,
        ],
      ],
      [
        "keys of an OU of the zone",
        condition("OnlyKeysOfTheZone", {
          "ForAllValues:StringNotLike": { "aws:ResourceOrgPaths": path.replace("*", "ou-ab12-31200000/*") },
        }),
        [
          inScp("statement OnlyKeysOfTheZone denies use"),
          "denies CreateGrant, Decrypt, DeriveSharedSecret and 11 more to roles of account payments-prod (310000000002), which zone pci lives on",
        ],
        [
          inScp("statement OnlyKeysOfTheZone denies deploy"),
          "denies CreateGrant to role/OrgKeysDeploy of account payments-prod (310000000002), which zone pci lives on",
        ],
      ],
      [
        "destruction by the zone's break-glass role",
        condition("OnlyBreakGlassDestroys", {
          ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::310000000001:role/PciKeyBreakGlass" },
        }),
        [
          inScp("statement OnlyBreakGlassDestroys denies break-glass"),
          `denies DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion to role/PciKeyBreakGlass of ${accounts}`,
        ],
      ],
      [
        "policies by the deploy role",
        condition("OnlyDeployAndBreakGlassRewrite", {
          ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/PciKeyBreakGlass" },
        }),
        [
          inScp("statement OnlyDeployAndBreakGlassRewrite denies deploy"),
          `denies PutKeyPolicy, ReplicateKey and UpdatePrimaryRegion to role/OrgKeysDeploy of ${accounts}`,
        ],
      ],
      [
        "replicas in one of the zone's Regions",
        condition("ReplicasOnlyInTheZonesRegions", { StringNotEquals: { "kms:ReplicaRegion": "us-east-1" } }),
        [
          inScp("statement ReplicasOnlyInTheZonesRegions denies deploy"),
          `denies ReplicateKey to role/OrgKeysDeploy of ${accounts}`,
        ],
      ],
      [
        "everything but replicas elsewhere",
        edit("ReplicasOnlyInTheZonesRegions", { Action: "kms:*Key" }),
        [
          inScp("statement ReplicasOnlyInTheZonesRegions denies break-glass"),
          `denies DisableKey to role/PciKeyBreakGlass of ${accounts}`,
        ],
        [
          inScp("statement ReplicasOnlyInTheZonesRegions denies deploy"),
          expect.stringMatching(/^denies CreateKey, DescribeKey.* to role.OrgKeysDeploy of /),
        ],
        [
          inScp("statement ReplicasOnlyInTheZonesRegions denies use"),
          expect.stringMatching(/^denies DescribeKey.* to roles of /),
        ],
      ],
    ];

    test.each(denials)("finds a denial of %s", (_, change, ...wanted) => {
      expect([...found(sample.edit(stack, change))].sort()).toEqual([...wanted].sort());
    });
  });

  describe("where guardrails have to be", () => {
    const nowhere = (kind: string, target: string): readonly [string, string] => [
      `${kind} control policy on ${target}`,
      `no ${kind} control policy reaches ${target}, and zones.yaml asks for one`,
    ];
    const corporate = "commercial.guardrails.corporate";

    test("finds a zone without any, once", () => {
      expect(sample.without(stack).check([check])).toMatchObject([
        {
          where: "zone pci",
          why: "no stack has guardrails for zone pci, and the map asks for a resource control policy and a service control policy",
          sources: ["zones.yaml pci"],
        },
      ]);
    });

    test("finds a stack whose guardrails are attached nowhere", () => {
      expect(found(sample.edit(stack, detach("pci")))).toEqual([nowhere("resource", ou), nowhere("service", ou)]);
    });

    test("finds one that is missing, and where", () => {
      expect(sample.edit(stack, detach(rcp)).check([check])).toMatchObject([
        {
          where: `${stack} resource control policy on ${ou}`,
          place: { document: stack, path: "" },
          sources: ["zones.yaml pci"],
        },
      ]);
    });

    test("finds one that is attached below the zone's OU alone", () => {
      const change: Change = (json) => {
        json.resource.aws_organizations_policy_attachment[`${scp}_ou-ab12-31000000`].target_id = "ou-ab12-31200000";
      };
      expect(found(sample.edit(stack, change))).toEqual([nowhere("service", ou)]);
    });

    test("finds the one OU of many that is left out", () => {
      const output = sample.edit(corporate, detach("corporate_resource-control_ou-ab12-50000000"));
      const change: Change = (json) => {
        delete json.resource.aws_organizations_policy_attachment["corporate_resource-control_ou-ab12-50000000"];
      };
      expect(output.check([check])).toEqual([]);
      expect(
        sample
          .edit(corporate, change)
          .check([check])
          .map(({ where }) => where),
      ).toEqual([`${corporate} resource control policy on OU Sandbox (ou-ab12-50000000)`]);
    });

    test("finds that all of many are left out, once", () => {
      const output = sample.edit(corporate, detach("corporate_service-control"));
      expect(output.check([check]).map(({ where }) => where)).toEqual([
        `${corporate} service control policy on all of zone corporate`,
      ]);
    });

    test("finds an active account beside the zone's OUs, and no pending one", () => {
      const change: Change = (json) => {
        const attachments = json.resource.aws_organizations_policy_attachment;
        for (const [id, { target_id: target }] of Object.entries<Json>(attachments)) {
          if (target === "300000000001") delete attachments[id];
        }
      };
      const account = "account card-vault (300000000001)";
      expect(found(nested.edit(stack, change))).toEqual([nowhere("resource", account), nowhere("service", account)]);
    });

    test("finds a policy of another type in the place of one", () => {
      const change: Change = (json) => {
        json.resource.aws_organizations_policy[scp].type = "TAG_POLICY";
      };
      expect(found(sample.edit(stack, change))).toEqual([nowhere("service", ou)]);
    });

    const unreadable: readonly (readonly [string, Change])[] = [
      [
        "no JSON",
        (json) => {
          json.resource.aws_organizations_policy[rcp].content = "{";
        },
      ],
      [
        "a local that is not there",
        (json) => {
          json.resource.aws_organizations_policy[rcp].content = "${jsonencode(local.other)}";
        },
      ],
      [
        "an expression",
        (json) => {
          json.resource.aws_organizations_policy[rcp].content = '${file("rcp.json")}';
        },
      ],
      [
        "an effect that AWS does not have",
        (json) => {
          statementOf(json, "OnlyPrincipalsOfTheZone").Effect = "deny";
        },
      ],
    ];

    test.each(unreadable)("finds a policy of which nobody can tell what it says: %s", (_, change) => {
      expect(found(sample.edit(stack, change))).toEqual([
        [inRcp("policy"), "reaches zone pci, and cannot be read: nobody can tell what it denies"],
      ]);
    });
  });

  describe("guardrails of another stack", () => {
    const other = "commercial.guardrails.hipaa";

    /** A guardrail in hipaa's stack, as somebody's own. */
    const ownGuardrail = (target: string, type: string, statement: Json): Output =>
      sample.edit(other, (json) => {
        const provider = "aws.us-east-1";
        const content = JSON.stringify({ Version: "2012-10-17", Statement: statement }).replaceAll("${", "$${");
        json.resource.aws_organizations_policy.own = { provider, name: "own", type, content };
        json.resource.aws_organizations_policy_attachment.own = {
          provider,
          policy_id: "${aws_organizations_policy.own.id}",
          target_id: target,
        };
      });
    const rcpType = "RESOURCE_CONTROL_POLICY";
    const scpType = "SERVICE_CONTROL_POLICY";
    const place = "/resource/aws_organizations_policy/own/content";

    test("are named when they deny what the zone lives on", () => {
      const output = ownGuardrail("ou-ab12-31000000", scpType, deny({ Action: "kms:Decrypt" }));
      expect(output.check([check])).toMatchObject([
        {
          where: `${other} aws_organizations_policy.own statement ByHand denies use`,
          why: "denies Decrypt to roles of account payments-prod (310000000002) and 1 more, which zone pci lives on",
          whatToDo: "let the statement spare them, or take it off the zone's OUs and accounts",
          place: { document: other, path: place },
        },
      ]);
    });

    test("are found on an OU below, on an account, and on the root", () => {
      const byTarget = (target: string): readonly string[] =>
        ownGuardrail(target, rcpType, deny({ Principal: "*", Action: "kms:DescribeKey" }))
          .check([check])
          .filter(({ where }) => where.endsWith("denies use"))
          .map(({ why }) => why);
      const why = (who: string, zone: string): string =>
        `denies DescribeKey to roles of ${who}, which zone ${zone} lives on`;
      expect(byTarget("ou-ab12-31200000")).toEqual([why("account payments-test (312000000002) and 1 more", "pci")]);
      expect(byTarget("310000000002")).toEqual([why("account payments-prod (310000000002) and 1 more", "pci")]);
      expect(byTarget("r-ab12").map((text) => text.replace(/^.*, which/, ""))).toEqual([
        " zone corporate lives on",
        " zone hipaa lives on",
        " zone pci lives on",
      ]);
    });

    test("may deny more of what is not the zone's", () => {
      const region = { StringNotEquals: { "aws:RequestedRegion": ["us-east-1", "us-west-2"] } };
      const harmless: readonly Output[] = [
        ownGuardrail("ou-ab12-31000000", scpType, deny({ Action: "s3:*" })),
        ownGuardrail("ou-ab12-31000000", scpType, deny({ Action: undefined, NotAction: "iam:*", Condition: region })),
        ownGuardrail(
          "r-ab12",
          scpType,
          deny({ Action: "*", Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:root" } } }),
        ),
        ownGuardrail(
          "r-ab12",
          rcpType,
          deny({
            Principal: "*",
            Action: "*",
            Condition: {
              StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
              BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
            },
          }),
        ),
      ];
      expect(harmless.flatMap((output) => output.check([check]))).toEqual([]);
    });

    test("on a part of the zone do not make the same finding twice", () => {
      const output = ownGuardrail("ou-ab12-31200000", scpType, deny({ Action: "s3:*" }));
      expect(found(output.edit(stack, remove("OnlyBreakGlassDestroys")))).toHaveLength(1);
    });

    test("do not stand in for those of the zone", () => {
      const output = ownGuardrail(
        "ou-ab12-31000000",
        rcpType,
        deny({ Principal: "*", Action: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ).edit(stack, detach(rcp));
      const wheres = output.check([check]).map(({ where }) => where);
      expect(wheres).toContain(`${stack} resourceControl.principals on ${ou}`);
      expect(wheres).toContain(`${stack} resourceControl.services on ${ou}`);
    });

    test("stand in for those of the zone when they say the same", () => {
      let guardrails: Json;
      sample.edit(stack, (json) => {
        guardrails = json;
      });
      const output = sample.without(stack).edit(other, (json) => {
        Object.assign(json.locals, guardrails.locals);
        for (const type of ["aws_organizations_policy", "aws_organizations_policy_attachment"]) {
          Object.assign(json.resource[type], guardrails.resource[type]);
        }
      });
      expect(output.check([check])).toEqual([]);
    });
  });

  describe("a part that is switched off", () => {
    const off = (name: string, guardrails: ZoneBoundary["guardrails"]): Output =>
      sample.withRules({ zones: switched(name, () => ({ guardrails })) });

    test("is not asked for", () => {
      const { resourceControl, serviceControl } = allOff;
      const only = off("pci", { resourceControl: { ...resourceControl, services: true }, serviceControl });
      const keys = off("pci", { resourceControl, serviceControl: { ...serviceControl, ownKeys: true } });
      expect(only.edit(stack, all(remove("OnlyPrincipalsOfTheZone"), detach(scp))).check([check])).toEqual([]);
      expect(only.edit(stack, remove("ServicesOnlyForTheZone")).check([check])).toHaveLength(1);
      expect(keys.edit(stack, detach(rcp)).check([check])).toEqual([]);
      expect(
        keys
          .edit(
            stack,
            all(
              remove("OnlyBreakGlassDestroys"),
              remove("OnlyDeployAndBreakGlassRewrite"),
              remove("KeysOnlyInTheZonesRegions"),
              remove("PrimariesOnlyInTheZonesRegions"),
              remove("ReplicasOnlyInTheZonesRegions"),
            ),
          )
          .check([check]),
      ).toEqual([]);
      expect(keys.edit(stack, remove("OnlyKeysOfTheZone")).check([check])).toHaveLength(1);
    });

    test("asks for no stack when it is all of them", () => {
      expect(off("pci", allOff).without(stack).check([check])).toEqual([]);
    });

    test("leaves the rest to be denied nothing of what the zone lives on", () => {
      const { resourceControl, serviceControl } = allOff;
      const only = off("pci", { resourceControl: { ...resourceControl, principals: true }, serviceControl });
      const change = all(
        remove("ServicesOnlyForTheZone"),
        condition("OnlyPrincipalsOfTheZone", { BoolIfExists: undefined }),
      );
      expect(found(only.edit(stack, change)).map(([where]) => where)).toEqual([
        inRcp("statement OnlyPrincipalsOfTheZone denies services"),
      ]);
    });
  });

  test("asks for none where no guardrail can reach: a zone of the management account alone", () => {
    const zones = switched("pci", () => ({ wholeOus: [], accounts: new Map([["100000000001", "org-management"]]) }));
    expect(sample.withRules({ zones }).without(stack).check([check])).toEqual([]);
  });

  test("asks for none on an account that is suspended", () => {
    const zones = switched("pci", ({ accounts }) => ({ wholeOus: [], inactiveAccounts: new Set(accounts.keys()) }));
    expect(sample.withRules({ zones }).without(stack).check([check])).toEqual([]);
  });

  test("knows the roles of each partition", () => {
    const gov = "govcloud.guardrails.govcloud";
    const change = condition("OnlyBreakGlassDestroys", {
      ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/GovKeyBreakGlass" },
    });
    expect(
      sample
        .edit(gov, change)
        .check([check])
        .map(({ where }) => where.replace(/^.*OnlyBreakGlassDestroys /, "")),
    ).toEqual([
      "denies break-glass",
      "serviceControl.destruction aws:PrincipalArn arn:aws:iam::*:role/GovKeyBreakGlass",
    ]);
  });

  const accountIds = ["310000000001", "310000000002", "312000000002"];
  const harmless: readonly (readonly [string, Change])[] = [
    [
      "single texts for lists",
      (json) => {
        for (const policy of Object.values<Json>(json.locals)) {
          for (const statement of policy.Statement) {
            if (statement.Action.length === 1) [statement.Action] = statement.Action;
          }
        }
      },
    ],
    ["actions in other letters", edit("OnlyPrincipalsOfTheZone", { Action: ["KMS:*"] })],
    ["all actions of all services", edit("OnlyPrincipalsOfTheZone", { Action: "*" })],
    ["NotAction", edit("OnlyKeysOfTheZone", { Action: undefined, NotAction: ["s3:*", "iam:*", "kms:CreateKey"] })],
    [
      "IfExists, which makes no difference to a negated operator",
      condition("OnlyPrincipalsOfTheZone", {
        "ForAllValues:StringNotLike": undefined,
        "ForAllValues:StringNotLikeIfExists": { "AWS:principalorgpaths": path },
      }),
    ],
    [
      "ArnNotEquals, which knows wildcards too",
      condition("OnlyBreakGlassDestroys", {
        ArnNotLike: undefined,
        ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::*:role/PciKeyBreakGlass" },
      }),
    ],
    [
      "the break-glass role of each account",
      condition("OnlyBreakGlassDestroys", {
        ArnNotLike: undefined,
        StringNotEquals: { "aws:PrincipalArn": accountIds.map((id) => `arn:aws:iam::${id}:role/PciKeyBreakGlass`) },
      }),
    ],
    [
      "each account for the OU",
      condition("OnlyPrincipalsOfTheZone", {
        "ForAllValues:StringNotLike": undefined,
        StringNotEquals: { "aws:PrincipalAccount": accountIds },
      }),
    ],
    [
      "ARNs of each account for the OU",
      condition("OnlyPrincipalsOfTheZone", {
        "ForAllValues:StringNotLike": undefined,
        ArnNotLike: { "aws:PrincipalArn": accountIds.map((id) => `arn:aws:iam::${id}:*`) },
      }),
    ],
    [
      "an account of the zone beside its OU",
      condition("OnlyKeysOfTheZone", { StringNotEquals: { "aws:ResourceAccount": "310000000001" } }),
    ],
    [
      "no difference between letters in Regions",
      condition("KeysOnlyInTheZonesRegions", {
        StringNotEquals: undefined,
        StringNotEqualsIgnoreCase: { "aws:RequestedRegion": ["us-west-2", "us-east-1"] },
      }),
    ],
    [
      "a part twice, once with a hole",
      add(
        scp,
        deny({
          Action: "kms:DisableKey",
          Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/PciKeyBreakGlass" } },
        }),
        deny({
          Action: "kms:DisableKey",
          Condition: {
            ArnNotLike: { "aws:PrincipalArn": ["arn:aws:iam::*:role/PciKeyBreakGlass", "arn:aws:iam::*:role/Admin"] },
          },
        }),
      ),
    ],
    ["a denial of what is not AWS KMS", add(rcp, deny({ Principal: "*", Action: ["s3:*", "sqs:*"] }))],
    [
      "one statement of several actions",
      all(
        remove("OnlyBreakGlassDestroys"),
        add(
          scp,
          deny({
            Action: ["kms:DisableKey", "kms:DeleteImportedKeyMaterial", "kms:Schedule*"],
            Resource: ["*"],
            Condition: { ArnNotLike: { "AWS:PrincipalARN": ["arn:aws:iam::*:role/PciKeyBreakGlass"] } },
          }),
        ),
      ),
    ],
    [
      "policies as text",
      (json) => {
        for (const [id, policy] of Object.entries<Json>(json.resource.aws_organizations_policy)) {
          policy.content = JSON.stringify(json.locals[`${id}-policy`]);
        }
      },
    ],
    [
      "a second attachment, to an account of the zone",
      (json) => {
        const attachments = json.resource.aws_organizations_policy_attachment;
        attachments.again = { ...attachments[`${rcp}_ou-ab12-31000000`], target_id: "310000000002" };
      },
    ],
  ];

  test.each(harmless)("leaves alone %s", (_, change) => {
    expect(found(sample.edit(stack, change))).toEqual([]);
  });
});
