import { describe, expect, test } from "@jest/globals";
import { compareRollouts } from "../../modules/review/compare-rollouts";
import { type Json, outputOf } from "../checks/sample-output";
import { compared, comparedEdit, told } from "./compared";

const sample = outputOf("config");
const stack = "commercial.rollouts.pci";
const baseline = "commercial.rollouts.corporate";
const direct = "commercial.rollouts.corporate.org-management";
const set = "aws_cloudformation_stack_set.pci_access-roles";
const where = "in 3 accounts (payments-prod, payments-test and pci-key-management) in us-east-1";

const edited = (change: (json: Json) => void, of = stack) => comparedEdit(compareRollouts, sample, of, change);

function template(json: Json, id = "pci_access-roles"): Json {
  return json.locals[`${id}-template`];
}

/** The first rollout of a stack that makes a key. */
function keyTemplate(json: Json): Json {
  const found = Object.values<Json>(json.locals).find(({ Resources }) => Resources?.KeyAccountDefault !== undefined);
  if (found === undefined) throw new Error("no template makes a key");
  return found;
}

describe("a rollout that is reviewed", () => {
  test("says nothing where nothing is another", () => {
    expect(edited(() => {})).toEqual([]);
  });

  test("tells which role of its template is another, and in what", () => {
    const changes = edited((json) => {
      const role = template(json).Resources.Deploy.Properties;
      role.MaxSessionDuration = 7200;
      role.AssumeRolePolicyDocument.Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::310000000002:role/helper" },
        Action: "sts:AssumeRole",
      });
    });
    expect(told(changes)).toEqual([
      `high rollout-changed role OrgKeysDeploy: role OrgKeysDeploy has another trust policy: 1 statement added (Extra); longest session: 3600 -> 7200, ${where}`,
    ]);
    expect(changes[0]?.explains).toEqual([`${set} template_body`]);
    expect(changes[0]?.lines).toEqual([
      { side: "base", stack, path: "/locals/pci_access-roles-template" },
      { side: "head", stack, path: "/locals/pci_access-roles-template" },
    ]);
  });

  test("tells a key that would go with all data under it", () => {
    const changes = edited((json) => {
      keyTemplate(json).Resources.KeyAccountDefault.DeletionPolicy = "Delete";
    }, baseline);
    expect(changes.map(({ id, risk }) => `${risk} ${id}`)).toEqual(["critical rollout-changed"]);
    expect(changes[0]?.what).toMatch(/^key KeyAccountDefault DeletionPolicy is Delete instead of Retain, in /);
    const gone = edited((json) => {
      keyTemplate(json).Resources.KeyAccountDefault = undefined;
    }, baseline);
    expect(gone[0]?.what).toContain("stays in each account, and is in no stack any more");
  });

  test("tells what of a key cannot be another without another key", () => {
    const changes = edited((json) => {
      keyTemplate(json).Resources.KeyAccountDefault.Properties.MultiRegion = "no";
    }, baseline);
    expect(changes.map(({ risk }) => risk)).toEqual(["critical"]);
  });

  test("tells parameters, Regions and targets", () => {
    const changes = edited((json) => {
      json.resource.aws_cloudformation_stack_set["pci_access-roles"].parameters = { Name: "x" };
      const instances = json.resource.aws_cloudformation_stack_instances["pci_access-roles"];
      instances.regions = ["us-east-1", "us-west-2"];
      instances.deployment_targets.organizational_unit_ids = ["ou-ab12-32000000"];
    });
    expect(told(changes)).toEqual([
      "high rollout-changed aws_cloudformation_stack_instances.pci_access-roles deployment_targets: choice of targets: ou-ab12-32000000 added, ou-ab12-31000000 removed",
      "high rollout-changed aws_cloudformation_stack_instances.pci_access-roles regions: regions: us-west-2 added",
      "high rollout-changed parameters: parameters: Name x added",
    ]);
    expect(changes.flatMap(({ explains }) => explains)).toEqual([
      "aws_cloudformation_stack_instances.pci_access-roles deployment_targets",
      "aws_cloudformation_stack_instances.pci_access-roles regions",
      `${set} parameters`,
    ]);
  });

  test("tells another name as what replaces it", () => {
    const changes = edited((json) => {
      json.resource.aws_cloudformation_stack_set["pci_access-roles"].name = "other";
    });
    expect(told(changes)).toEqual([
      "critical rollout-changed name: name: orgkeys-pci-access-roles -> other; Terraform replaces it, and what it made goes first",
    ]);
  });

  test("tells the accounts that it comes to and leaves, by name", () => {
    const changes = edited((json) => {
      const { reaches } = json["//"].orgkeys.stackSets["pci_access-roles"];
      delete reaches["310000000002"];
      reaches["399999999999"] = "cards-prod";
    });
    expect(told(changes)).toEqual([
      "high rollout-accounts-added: goes to 1 account more: cards-prod; it makes managed policy orgkeys-boundary, role OrgKeysAudit and role OrgKeysDeploy there",
      "high rollout-accounts-removed: no longer goes to 1 account: payments-prod; what it made there is deleted",
    ]);
  });

  test("tells another wave", () => {
    const changes = edited((json) => {
      json["//"].orgkeys.stackSets["pci_access-roles"].wave = "second";
    });
    expect(told(changes)).toEqual(["medium rollout-changed wave: is in wave second instead of no wave"]);
  });

  test("is told whole when it is new or gone", () => {
    const remove = (json: Json): void => {
      for (const type of ["aws_cloudformation_stack_set", "aws_cloudformation_stack_instances"]) {
        delete json.resource[type]["pci_access-roles"];
      }
      delete json.locals["pci_access-roles-template"];
      delete json["//"].orgkeys.stackSets["pci_access-roles"];
    };
    const without = sample.edit(stack, remove);
    expect(told(compared(compareRollouts, stack, sample, without))).toEqual([
      `high rollout-removed: is gone from ${where.slice(3)}: what it made there is deleted`,
    ]);
    const [change] = compared(compareRollouts, stack, without, sample);
    expect(change).toMatchObject({
      id: "rollout-added",
      risk: "high",
      what: `is new and makes managed policy orgkeys-boundary, role OrgKeysAudit and role OrgKeysDeploy ${where}`,
      place: { resource: "StackSet orgkeys-pci-access-roles" },
      explains: [set, "aws_cloudformation_stack_instances.pci_access-roles"],
    });
  });

  test("is also a stack beside the StackSets", () => {
    const changes = edited((json) => {
      const [first] = Object.keys(json.resource.aws_cloudformation_stack);
      delete json.resource.aws_cloudformation_stack[first ?? ""];
    }, direct);
    expect(changes.map(({ id }) => id)).toEqual(["rollout-removed"]);
    expect(changes[0]?.what).toContain("1 account (org-management) in us-east-1");
  });

  test("leaves a text of a template that says the same to whoever looks for bytes", () => {
    const changes = edited((json) => {
      const body = JSON.stringify(template(json)).replaceAll("${", "$${");
      json.resource.aws_cloudformation_stack_set["pci_access-roles"].template_body = body;
    });
    expect(changes).toEqual([]);
  });

  test("is critical when its template cannot be read any more", () => {
    const changes = edited((json) => {
      json.resource.aws_cloudformation_stack_set["pci_access-roles"].template_body = '${file("x")}';
    });
    expect(changes.map(({ risk }) => risk)).toEqual(["critical"]);
  });
});
