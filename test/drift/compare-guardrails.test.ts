import { describe, expect, test } from "@jest/globals";
import { compareGuardrails } from "../../modules/drift/compare/compare-guardrails";
import type { Drift } from "../../modules/drift/drift";
import type { LiveGuardrail } from "../../modules/live/live-account";
import type { Json } from "../checks/sample-output";
import { contextOf, denied, editing, guardrailsOf, sampleStack } from "./sample-in-aws";

const stack = sampleStack("commercial.guardrails.pci");
const context = contextOf(stack);
const rcp = "orgkeys-pci-resource-control";
const scp = "orgkeys-pci-service-control";
const pciOu = "ou-ab12-31000000";

const compare = (live: readonly LiveGuardrail[]): Drift[] => compareGuardrails(stack, { value: live }, context);
const edited = (name: string, edit: Parameters<typeof editing<LiveGuardrail>>[2]): Drift[] =>
  compare(editing(guardrailsOf(stack), name, edit));
const statement = (document: Json, sid: string): Json => {
  const found = document.Statement.find(({ Sid }: Json) => Sid === sid);
  if (found === undefined) throw new Error(`there is no ${sid}`);
  return found;
};
const without = (document: Json, sid: string): void => {
  document.Statement.splice(document.Statement.indexOf(statement(document, sid)), 1);
};

test("what was applied is as reviewed, in each zone", () => {
  for (const name of [
    "commercial.guardrails.corporate",
    "commercial.guardrails.hipaa",
    "govcloud.guardrails.govcloud",
  ]) {
    const other = sampleStack(name);
    expect(other.guardrails.length).toBe(2);
    expect(compareGuardrails(other, { value: guardrailsOf(other) }, contextOf(other))).toEqual([]);
  }
});

describe("the same in other words", () => {
  const rows: readonly [string, string, (document: Json) => void][] = [
    ["statements in another order", scp, (document) => document.Statement.reverse()],
    [
      "single values without a list",
      rcp,
      (document) => (statement(document, "OnlyPrincipalsOfTheZone").Action = "kms:*"),
    ],
    [
      "actions in capitals",
      scp,
      (document) => (statement(document, "KeysOnlyInTheZonesRegions").Action = ["KMS:createkey"]),
    ],
  ];
  test.each(rows)("%s", (_what, name, edit) => {
    expect(edited(name, (document) => void edit(document))).toEqual([]);
  });

  test("is information where its statements are others", () => {
    const found = edited(scp, (document) => {
      statement(document, "OnlyBreakGlassDestroys").Sid = "Mine";
      return undefined;
    });
    expect(found).toEqual([
      expect.objectContaining({ id: "guardrail-changed", severity: "information", access: [], detail: ["policy"] }),
    ]);
  });
});

describe("what denies less is critical", () => {
  const rows: readonly [string, string, (document: Json) => void, detail: string, actions: readonly string[]][] = [
    [
      "a statement that is gone",
      scp,
      (document) => without(document, "OnlyBreakGlassDestroys"),
      "OnlyBreakGlassDestroys",
      ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"],
    ],
    [
      "an action that is gone",
      scp,
      (document) => (statement(document, "OnlyBreakGlassDestroys").Action = ["kms:DisableKey", "kms:Delete*"]),
      "OnlyBreakGlassDestroys",
      ["kms:ScheduleKeyDeletion"],
    ],
    [
      "an action of another service that is gone",
      scp,
      (document) => {
        const taking = statement(document, "OnlyAwsMakesStackSetsRoles");
        taking.Action = taking.Action.filter((action: string) => action !== "iam:CreateRole");
      },
      "OnlyAwsMakesStackSetsRoles",
      ["iam:CreateRole"],
    ],
    [
      "an Allow in its place",
      scp,
      (document) => (statement(document, "KeysOnlyInTheZonesRegions").Effect = "Allow"),
      "KeysOnlyInTheZonesRegions",
      ["kms:CreateKey"],
    ],
    [
      "a Region that is spared",
      scp,
      (document) =>
        statement(document, "KeysOnlyInTheZonesRegions").Condition.StringNotEquals["aws:RequestedRegion"].push(
          "eu-west-1",
        ),
      "KeysOnlyInTheZonesRegions",
      ["kms:CreateKey"],
    ],
    [
      "a role that is spared",
      scp,
      (document) =>
        (statement(document, "OnlyAwsMakesStackSetsRoles").Condition = {
          ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/me" },
        }),
      "OnlyAwsMakesStackSetsRoles",
      [],
    ],
    [
      "a resource that is spared",
      scp,
      (document) => statement(document, "OnlyRolloutsChangeTheRoles").Resource.splice(1, 1),
      "OnlyRolloutsChangeTheRoles",
      [],
    ],
    [
      "a NotAction",
      scp,
      (document) => {
        const deny = statement(document, "OnlyBreakGlassDestroys");
        deny.NotAction = ["kms:ScheduleKeyDeletion"];
        delete deny.Action;
      },
      "OnlyBreakGlassDestroys",
      ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"],
    ],
  ];
  test.each(rows)("%s", (_what, name, edit, sid, actions) => {
    const [found, ...others] = edited(name, (document) => void edit(document));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id: "guardrail-changed", severity: "critical" });
    expect(found?.detail).toContain(`statement ${sid}`);
    const [gained] = found?.access ?? [];
    expect(gained).toMatchObject({ effect: "gains", who: "anybody", through: `statement ${sid}, which denies less` });
    if (actions.length > 0) expect(gained?.actions).toEqual(actions);
  });

  test("with those from outside where a resource control policy lets them in", () => {
    const [found] = edited(rcp, (document) => {
      statement(document, "OnlyPrincipalsOfTheZone").Action = ["kms:Decrypt", "kms:Encrypt"];
      return undefined;
    });
    expect(found?.access?.[0]?.outside).toBe("anybody outside zone pci");
    expect(found?.access?.[0]?.actions).not.toContain("kms:Decrypt");
    expect(found?.access?.[0]?.actions).toContain("kms:PutKeyPolicy");
    expect(found?.why).toMatch(/^does not surely deny .* \(statement OnlyPrincipalsOfTheZone\) as reviewed any more$/);
  });

  test("also where nobody can read it", () => {
    for (const edit of [
      (document: Json) => (document.Extra = 1),
      (document: Json) => (document.Statement[0].Mood = "bad"),
    ]) {
      const [found] = edited(scp, (document) => void edit(document));
      expect(found).toMatchObject({ id: "guardrail-changed", severity: "critical" });
    }
    const [text] = edited(scp, () => ({ document: { value: "no JSON" } }));
    expect(text).toMatchObject({ id: "guardrail-changed", severity: "critical" });
  });
});

test("one that says one thing twice is critical, whichever of both is as reviewed", () => {
  const [found] = edited(scp, (document) => ({
    document: { value: JSON.stringify(document).replace("{", '{"Statement":[],') },
  }));
  expect(found).toMatchObject({ id: "guardrail-changed", severity: "critical" });
});

test("what denies more is not", () => {
  const [found, ...others] = edited(scp, (document) => {
    document.Statement.push({ Sid: "Mine", Effect: "Deny", Action: "s3:*", Resource: "*" });
    return undefined;
  });
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    id: "guardrail-changed",
    severity: "high",
    detail: ["statement Mine"],
    why: "denies more than reviewed: s3:* (statement Mine)",
    access: [{ effect: "loses", who: "anybody", actions: ["s3:*"], through: "statement Mine", outside: undefined }],
  });
});

test("a target less is critical by its kind, a target more is said with its name", () => {
  const [detached, attached, ...others] = edited(rcp, () => ({ targets: { value: ["ou-ab12-20000000"] } }));
  expect(others).toEqual([]);
  expect(detached).toMatchObject({
    id: "guardrail-detached",
    detail: [pciOu],
    why: `is not attached to ${pciOu} (Regulated/PCI): nothing there denies anybody outside zone pci what a key policy lets them do`,
    place: { address: `aws_organizations_policy_attachment.pci_resource-control_${pciOu}` },
    subject: { target: pciOu },
  });
  expect(detached?.subject?.guardrail?.id).toBe(`p-${rcp}`);
  expect(attached).toMatchObject({ id: "guardrail-attached", detail: ["ou-ab12-20000000"] });
});

test("one that is not there is missing, and no other takes its place", () => {
  const live = guardrailsOf(stack).map((each) =>
    each.name === rcp ? { ...each, kind: "service-control" as const } : each,
  );
  expect(compare(live)).toEqual([
    {
      id: "guardrail-missing",
      place: {
        account: "org-management",
        accountId: stack.accountId,
        partition: "aws",
        zone: "pci",
        region: undefined,
        stack: stack.name,
        address: "aws_organizations_policy.pci_resource-control",
        resource: `resource control policy ${rcp}`,
      },
      goneAlong: [
        { stack: stack.name, address: "aws_organizations_policy_attachment.pci_resource-control_ou-ab12-31000000" },
      ],
      detail: [],
      why: "AWS Organizations has no such policy, and nothing denies anybody outside zone pci what a key policy lets them do",
    },
  ]);
});

test("what AWS does not tell is unchecked, and nothing else", () => {
  const ids = (found: readonly Drift[]) => found.map(({ id, detail, why }) => [id, detail, why]);
  expect(ids(compareGuardrails(stack, denied, context))).toEqual([
    ["unchecked", [], denied.unread],
    ["unchecked", [], denied.unread],
  ]);
  expect(ids(edited(rcp, () => ({ document: denied })))).toEqual([["unchecked", ["policy"], denied.unread]]);
  expect(ids(edited(rcp, () => ({ targets: denied })))).toEqual([["unchecked", ["targets"], denied.unread]]);
});
