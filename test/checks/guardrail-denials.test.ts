import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/guardrails-in-place";
import {
  add,
  all,
  type Change,
  condition,
  deny,
  edit,
  everyAction,
  found,
  inRcp,
  inScp,
  otherAccounts,
  outsiders,
  path,
  rcp,
  regulated,
  remove,
  sample,
  scp,
  shop,
  stack,
} from "./guardrail-edits";
import type { Json } from "./sample-output";

describe("guardrails-in-place: what has to be denied", () => {
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
        passes(everyAction, `to ${outsiders}`, lets("ArnNotLike", "aws:PrincipalArn arn:aws:iam::*:role/OrgKeysAudit")),
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
      [inRcp(`${service} aws:SourceAccount 210000000001`), passes(everyAction, `to AWS services that act for ${shop}`)],
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
