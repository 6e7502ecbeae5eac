import { describe, expect, test } from "@jest/globals";
import { compareGuardrails } from "../../modules/review/compare-guardrails";
import { type Json, outputOf } from "../checks/sample-output";
import { compared, comparedEdit, told } from "./compared";

const sample = outputOf("config");
const stack = "commercial.guardrails.pci";
const resourceControl = "pci_resource-control";
const serviceControl = "pci_service-control";

const edited = (change: (json: Json) => void) => comparedEdit(compareGuardrails, sample, stack, change);

function statementsOf(json: Json, id: string): Json[] {
  return json.locals[`${id}-policy`].Statement;
}

function statement(json: Json, id: string, sid: string): Json {
  const found = statementsOf(json, id).find(({ Sid }) => Sid === sid);
  if (found === undefined) throw new Error(`there is no statement ${sid}`);
  return found;
}

function withoutStatement(json: Json, id: string, sid: string): void {
  json.locals[`${id}-policy`].Statement = statementsOf(json, id).filter(({ Sid }) => Sid !== sid);
}

/** Takes a policy out, with what attaches it. */
function without(json: Json, id: string): void {
  delete json.resource.aws_organizations_policy[id];
  delete json.locals[`${id}-policy`];
  for (const name of Object.keys(json.resource.aws_organizations_policy_attachment)) {
    if (name.startsWith(id)) delete json.resource.aws_organizations_policy_attachment[name];
  }
}

describe("a guardrail that is reviewed", () => {
  test("says nothing where nothing is another", () => {
    expect(edited(() => {})).toEqual([]);
  });

  test("leaves it to others to say that a policy is only written in another order", () => {
    expect(edited((json) => statementsOf(json, serviceControl).reverse())).toEqual([]);
  });

  test("tells whom a principal that is left out of a Deny lets through", () => {
    const [change, ...others] = edited((json) => {
      statement(json, serviceControl, "OnlyBreakGlassDestroys").Condition.ArnNotLike["aws:PrincipalArn"].push(
        "arn:aws:iam::*:role/Helper",
      );
    });
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      id: "guardrail-denies-less",
      risk: "critical",
      detail: "statement OnlyBreakGlassDestroys",
      what: "no longer surely denies DeleteImportedKeyMaterial, DisableKey and ScheduleKeyDeletion (statement OnlyBreakGlassDestroys) to principals in accounts of zone pci where aws:PrincipalArn is arn:aws:iam::*:role/Helper: whatever other policies let them do, they can do again",
      place: { resource: "service control policy orgkeys-pci-service-control", zone: "pci", stack },
      explains: [`aws_organizations_policy.${serviceControl} content`],
      access: [
        {
          effect: "gains",
          whom: "principals in accounts of zone pci",
          actions: ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"],
          half: "identity",
          outside: undefined,
          conditions: ["where aws:PrincipalArn is arn:aws:iam::*:role/Helper"],
        },
      ],
      lines: [
        { side: "base", stack, path: "/locals/pci_service-control-policy/Statement/2" },
        { side: "head", stack, path: "/locals/pci_service-control-policy" },
      ],
    });
  });

  test("tells that whoever is outside the zone is let in by a statement that is gone", () => {
    const [change] = edited((json) => withoutStatement(json, resourceControl, "OnlyPrincipalsOfTheZone"));
    expect(change?.id).toBe("guardrail-denies-less");
    expect(change?.access).toMatchObject([{ effect: "gains", outside: "whoever is outside zone pci", half: "key" }]);
  });

  test("tells a Region that keys may be in from now on", () => {
    const changes = edited((json) => {
      statement(json, serviceControl, "KeysOnlyInTheZonesRegions").Condition.StringNotEquals[
        "aws:RequestedRegion"
      ].push("eu-west-1");
    });
    expect(told(changes)).toEqual([
      "critical guardrail-denies-less statement KeysOnlyInTheZonesRegions: no longer surely denies CreateKey (statement KeysOnlyInTheZonesRegions) to principals in accounts of zone pci where aws:RequestedRegion is eu-west-1: whatever other policies let them do, they can do again",
    ]);
  });

  test("tells a condition that is new", () => {
    const [change] = edited((json) => {
      statement(json, serviceControl, "OnlyAwsMakesStackSetsRoles").Condition = {
        StringEquals: { "aws:RequestedRegion": ["us-east-1"] },
      };
    });
    expect(change?.what).toContain("where aws:RequestedRegion is not us-east-1");
  });

  test("tells what is denied besides", () => {
    const changes = edited((json) => {
      statementsOf(json, serviceControl).push({
        Sid: "Extra",
        Effect: "Deny",
        Action: "kms:TagResource",
        Resource: "*",
      });
    });
    expect(told(changes)).toEqual([
      "medium guardrail-denies-more statement Extra: denies TagResource (statement Extra) as well to principals in accounts of zone pci",
    ]);
  });

  test("takes all policies of the same targets together: a statement may go from one to another", () => {
    const changes = edited((json) => {
      const moved = statement(json, serviceControl, "OnlyBreakGlassDestroys");
      withoutStatement(json, serviceControl, "OnlyBreakGlassDestroys");
      json.locals.second = { Version: "2012-10-17", Statement: [moved] };
      const policy = json.resource.aws_organizations_policy[serviceControl];
      json.resource.aws_organizations_policy.second = {
        ...policy,
        name: "second",
        content: "${jsonencode(local.second)}",
      };
      json.resource.aws_organizations_policy_attachment.second = {
        policy_id: "${aws_organizations_policy.second.id}",
        target_id: "ou-ab12-31000000",
        provider: policy.provider,
      };
    });
    expect(changes.map(({ id }) => id)).toEqual(["guardrail-added"]);
    expect(changes[0]?.what).toContain("it denies what others deny there already");
  });

  test("does not take a policy of another OU for one that denies the same", () => {
    const changes = edited((json) => {
      const moved = statement(json, serviceControl, "OnlyBreakGlassDestroys");
      withoutStatement(json, serviceControl, "OnlyBreakGlassDestroys");
      json.locals.second = { Version: "2012-10-17", Statement: [moved] };
      const policy = json.resource.aws_organizations_policy[serviceControl];
      json.resource.aws_organizations_policy.second = {
        ...policy,
        name: "second",
        content: "${jsonencode(local.second)}",
      };
    });
    expect(changes.map(({ id }) => id).sort()).toEqual(["guardrail-added", "guardrail-denies-less"]);
  });

  test("is critical when nobody can read it", () => {
    const changes = edited((json) => {
      statement(json, serviceControl, "OnlyBreakGlassDestroys").Condition = { Odd: { a: ["b"] } };
    });
    expect(changes.map(({ id, risk }) => `${risk} ${id}`)).toEqual(["critical guardrail-denies-less"]);
  });

  test("does not claim a difference in what it allows", () => {
    const changes = edited((json) => {
      statementsOf(json, serviceControl).push({ Sid: "Extra", Effect: "Allow", Action: "kms:*", Resource: "*" });
    });
    expect(changes.flatMap(({ explains }) => explains)).toEqual([]);
  });

  test("is gone with what nothing else denies", () => {
    const [change, ...others] = edited((json) => without(json, resourceControl));
    expect(others).toEqual([]);
    expect(change).toMatchObject({ id: "guardrail-removed", risk: "critical" });
    expect(change?.what).toMatch(
      /^is gone from OU Regulated\/PCI \(ou-ab12-31000000\): nothing denies .* there any more to whoever is outside zone pci$/,
    );
    expect(change?.explains).toEqual([
      `aws_organizations_policy.${resourceControl}`,
      `aws_organizations_policy_attachment.${resourceControl}_ou-ab12-31000000`,
    ]);
  });

  test("tells the accounts of a target that it leaves and of one that it comes to", () => {
    const changes = edited((json) => {
      json.resource.aws_organizations_policy_attachment[`${serviceControl}_ou-ab12-31000000`].target_id =
        "310000000002";
    });
    expect(told(changes)).toEqual([
      "critical guardrail-targets-removed ou-ab12-31000000: is no longer attached to OU Regulated/PCI (ou-ab12-31000000): payments-prod, payments-test and pci-key-management of zone pci are without what it denies",
      "medium guardrail-targets-added 310000000002: is attached to account payments-prod (310000000002) as well: account payments-prod of zone pci is under what it denies",
    ]);
    expect(changes[0]?.explains).toEqual([
      `aws_organizations_policy_attachment.${serviceControl}_ou-ab12-31000000 target_id`,
    ]);
  });

  test("of a stack that is new or gone is told whole", () => {
    expect(compared(compareGuardrails, stack, sample, undefined).map(({ id }) => id)).toEqual([
      "guardrail-removed",
      "guardrail-removed",
    ]);
    expect(compared(compareGuardrails, stack, undefined, sample).map(({ id }) => id)).toEqual([
      "guardrail-added",
      "guardrail-added",
    ]);
  });
});
