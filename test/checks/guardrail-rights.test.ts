import { describe, expect, test } from "@jest/globals";
import {
  add,
  type Change,
  condition,
  deny,
  edit,
  found,
  inRcp,
  inScp,
  path,
  rcp,
  sample,
  scp,
  stack,
} from "./guardrail-edits";

describe("guardrails-in-place: what must not be denied", () => {
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
      [inScp("statement number 9 denies use"), `may deny Decrypt to roles of ${accounts}`],
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
