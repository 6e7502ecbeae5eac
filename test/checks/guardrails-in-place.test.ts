import { describe, expect, test } from "@jest/globals";
import { ZoneBoundaries, type ZoneBoundary } from "../../modules/access/zone-boundary";
import { check } from "../../modules/checks/guardrails-in-place";
import {
  add,
  all,
  type Change,
  condition,
  deny,
  detach,
  edit,
  everyAction,
  found,
  inRcp,
  ou,
  path,
  rcp,
  remove,
  sample,
  scp,
  shop,
  stack,
  statementOf,
} from "./guardrail-edits";
import { nestedZones } from "./nested-zones";
import { type Json, type Output, outputOf } from "./sample-output";

const small = outputOf("test/fixtures/small");
const nested = nestedZones();

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
    ["actions of other services beside", edit("OnlyPrincipalsOfTheZone", { Action: ["kms:*", "sqs:*"] })],
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
