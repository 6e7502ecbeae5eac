import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { check as zoneDeployRole } from "../../modules/checks/zone-deploy-role";
import { check as zoneGuardrails } from "../../modules/checks/zone-guardrails";
import { check as zoneMembership } from "../../modules/checks/zone-membership";
import { check as zoneRollouts } from "../../modules/checks/zone-rollouts";
import { check as zoneState } from "../../modules/checks/zone-state";
import type { Selection } from "../../modules/findings/selection";
import { selectStacks } from "../../stacks/select-stacks";
import { type Json, outputOfPlan } from "../checks/sample-output";
import {
  accountOf,
  corporateRollouts,
  editDirect,
  editStackSet,
  editZone,
  rolesTemplate,
  withRollouts,
} from "./rollout-plans";
import { planOf, smallSources } from "./small-organization";

const golden = join(__dirname, "rollouts/golden");
const loaded = planOf(smallSources());
const plans = corporateRollouts(loaded.map);
const rollouts = "acme.rollouts.corporate";
const direct = "acme.rollouts.corporate.management";

function textsOf(edited = plans): ReadonlyMap<string, string> {
  return outputOfPlan(withRollouts(loaded, edited)).texts;
}
function jsonOf(stack: string, edited = plans): Json {
  return JSON.parse(textsOf(edited).get(stack) ?? "");
}

const texts = textsOf();
const json = jsonOf(rollouts);
const { aws_cloudformation_stack_set: stackSets, aws_cloudformation_stack_instances: instances } = json.resource;

// UPDATE_GOLDEN=1 writes the files anew; then read the difference as a reviewer would.
if (process.env.UPDATE_GOLDEN === "1") {
  rmSync(golden, { recursive: true, force: true });
  mkdirSync(golden, { recursive: true });
  for (const stack of [rollouts, direct]) writeFileSync(join(golden, `${stack}.json`), texts.get(stack) ?? "");
}

test.each([rollouts, direct])("the stack %s is what was reviewed", (stack) => {
  expect(texts.get(stack)).toBe(readFileSync(join(golden, `${stack}.json`), "utf8"));
});

describe("a rollout stack", () => {
  test("has exactly one resource of instances for each StackSet, which names it", () => {
    expect(Object.keys(instances)).toEqual(Object.keys(stackSets));
    for (const [id, fields] of Object.entries<Json>(instances)) {
      expect(fields.stack_set_name).toBe(`\${aws_cloudformation_stack_set.${id}.name}`);
    }
  });

  test("can lose neither a StackSet nor its instances to terraform destroy or a replacement", () => {
    for (const fields of [...Object.values<Json>(stackSets), ...Object.values<Json>(instances)]) {
      expect(fields.lifecycle.prevent_destroy).toBe(true);
    }
  });

  test("ignores the role that AWS answers for a service-managed StackSet, and nothing else", () => {
    for (const { lifecycle } of Object.values<Json>(stackSets)) {
      expect(lifecycle.ignore_changes).toEqual(["administration_role_arn"]);
    }
    for (const { lifecycle } of Object.values<Json>(instances)) expect(lifecycle.ignore_changes).toBeUndefined();
  });

  test("begins a StackSet, its update too, when the instances before it are through", () => {
    const waitsFor = (suffix: string) => [`aws_cloudformation_stack_instances.corporate_${suffix}`];
    for (const resources of [stackSets, instances]) {
      expect(resources["corporate_access-roles_prod"].depends_on).toEqual(waitsFor("access-roles_test"));
      expect(resources["corporate_baseline-keys_replicas"].depends_on).toEqual(waitsFor("baseline-keys"));
      expect(resources["corporate_access-roles_test"].depends_on).toBeUndefined();
    }
  });

  test("asks as the same for a StackSet and for its instances", () => {
    const delegated = jsonOf(
      rollouts,
      editZone(plans, () => ({ administrator: accountOf(loaded.map, "keys"), callAs: "DELEGATED_ADMIN" })),
    );
    for (const resources of Object.values<Json>(delegated.resource)) {
      for (const { call_as } of Object.values<Json>(resources)) expect(call_as).toBe("DELEGATED_ADMIN");
    }
    expect(delegated.provider.aws).toMatchObject([
      { allowed_account_ids: ["100000000001"], assume_role: [{ role_arn: expect.stringContaining("100000000001") }] },
    ]);
    expect(delegated.terraform.backend.s3.key).toBe("100000000001-rollouts-corporate.tfstate");
  });

  test("is kept in the home Region alone, whatever Regions its StackSets go to", () => {
    expect(json.provider.aws.map(({ region }: Json) => region)).toEqual(["us-east-1"]);
    expect(instances["corporate_baseline-keys_replicas"].regions).toEqual(["us-west-2"]);
  });

  test("says how an account that joins is dealt with, even where nothing happens by itself", () => {
    const alone = jsonOf(
      rollouts,
      editStackSet(plans, "corporate_baseline-keys", {
        autoDeployment: false,
        targets: { ous: ["r-ab12"], filter: "INTERSECTION", accounts: ["210000000001"] },
      }),
    ).resource;
    expect(alone.aws_cloudformation_stack_set["corporate_baseline-keys"].auto_deployment).toEqual({ enabled: false });
    expect(alone.aws_cloudformation_stack_instances["corporate_baseline-keys"]).toMatchObject({
      deployment_targets: {
        account_filter_type: "INTERSECTION",
        accounts: ["210000000001"],
        organizational_unit_ids: ["r-ab12"],
      },
      retain_stacks: true,
    });
    expect(stackSets["corporate_baseline-keys"].auto_deployment).toEqual({
      enabled: true,
      retain_stacks_on_account_removal: true,
    });
    expect(stackSets["corporate_access-roles_test"].auto_deployment).toEqual({
      enabled: true,
      retain_stacks_on_account_removal: false,
    });
  });

  test("says its pace once, as a number or in percent, and with its instances whether it slows down", () => {
    const pace = { region_concurrency_type: "SEQUENTIAL", region_order: ["us-east-1"] };
    const counted = { ...pace, failure_tolerance_count: 0, max_concurrent_count: 1 };
    const inPercent = { ...pace, failure_tolerance_percentage: 10, max_concurrent_percentage: 20 };
    expect(stackSets["corporate_access-roles_test"].operation_preferences).toEqual(counted);
    expect(stackSets["corporate_access-roles_prod"].operation_preferences).toEqual(inPercent);
    expect(instances["corporate_access-roles_test"].operation_preferences).toEqual({
      ...counted,
      concurrency_mode: "STRICT_FAILURE_TOLERANCE",
    });
    expect(instances["corporate_access-roles_prod"].operation_preferences).toEqual({
      ...inPercent,
      concurrency_mode: "SOFT_FAILURE_TOLERANCE",
    });
  });

  test("has templates as locals that Terraform reads literally", () => {
    expect(stackSets["corporate_baseline-keys"].template_body).toBe(
      "${jsonencode(local.corporate_baseline-keys-template)}",
    );
    const local = JSON.stringify(json.locals["corporate_access-roles_test-template"]);
    expect(local.replaceAll("$${", "").replaceAll("%%{", "")).not.toMatch(/[$%]\{/);
    expect(JSON.parse(local.replaceAll("$${", () => "${").replaceAll("%%{", () => "%{"))).toEqual(
      rolesTemplate.document,
    );
  });

  test("has another account in one line of its notes, and in no resource", () => {
    const [stackSet] = plans.zones[0]?.stackSets ?? [];
    const more = jsonOf(
      rollouts,
      editStackSet(plans, stackSet?.id ?? "", {
        reaches: [accountOf(loaded.map, "shop-new"), ...(stackSet?.reaches ?? [])],
      }),
    );
    expect(more["//"]).not.toEqual(json["//"]);
    expect({ ...more, "//": {} }).toEqual({ ...json, "//": {} });
  });
});

describe("a direct rollout stack", () => {
  const { resource, import: imports } = jsonOf(direct);
  const stacks = resource.aws_cloudformation_stack;

  test("takes over by its name the stack that is there before Terraform is, and no other", () => {
    expect(imports).toEqual([
      { id: "orgkeys-corporate-access-roles", to: "aws_cloudformation_stack.corporate_access-roles_us-east-1" },
    ]);
  });

  test("cannot lose a stack, nor have one replaced for what it would do on failure", () => {
    for (const fields of Object.values<Json>(stacks)) {
      expect(fields.lifecycle).toEqual({ prevent_destroy: true });
      for (const name of ["on_failure", "disable_rollback", "timeout_in_minutes"])
        expect(fields).not.toHaveProperty(name);
    }
  });

  test("makes a stack after those that it waits for, in the Region that it is for", () => {
    expect(stacks["corporate_baseline-keys_us-east-1"].depends_on).toEqual([
      "aws_cloudformation_stack.corporate_access-roles_us-east-1",
    ]);
    const west = jsonOf(
      direct,
      editDirect(plans, ({ stacks: all }) => ({ stacks: all.map((each) => ({ ...each, region: "us-west-2" })) })),
    );
    expect(west.provider.aws.map(({ region }: Json) => region)).toEqual(["us-west-2"]);
  });

  test("gives capabilities only where the template makes roles", () => {
    expect(stacks["corporate_access-roles_us-east-1"].capabilities).toEqual(["CAPABILITY_NAMED_IAM"]);
    expect(stacks["corporate_baseline-keys_us-east-1"]).not.toHaveProperty("capabilities");
  });

  test("gives parameters, but to no stack that is taken over: the import would not read them", () => {
    const given = editDirect(plans, ({ stacks: all }) => ({
      stacks: all.map((each) => ({ ...each, template: rolesTemplate })),
    }));
    expect(() => textsOf(given)).toThrow("corporate_access-roles_us-east-1 is taken over by Terraform");
    const made = editDirect(given, ({ stacks: all }) => ({
      stacks: all.map((each) => ({ ...each, bootstrapped: false })),
    }));
    const { aws_cloudformation_stack: all } = jsonOf(direct, made).resource;
    for (const { parameters } of Object.values<Json>(all)) expect(parameters).toEqual({ Owner: "platform" });
    for (const fields of Object.values<Json>(stacks)) expect(fields).not.toHaveProperty("parameters");
  });
});

describe("the checks about places", () => {
  const places = [zoneMembership, zoneState, zoneDeployRole, zoneGuardrails, zoneRollouts];
  const output = outputOfPlan(withRollouts(loaded, plans));
  const deploys = "assumes arn:aws:iam::100000000001:role/OrgKeysDeploy, and zone corporate deploys with";

  test("are content with rollouts of the management account and of a delegated administrator", () => {
    expect(output.check(places)).toEqual([]);
    const administrator = accountOf(loaded.map, "keys");
    const delegated = editZone(plans, ({ stackSets: all }) => ({
      administrator,
      callAs: "DELEGATED_ADMIN",
      stackSets: all.map((each) => ({ ...each, rollout: { ...each.rollout, administrator } })),
    }));
    const withDirect = editDirect(delegated, ({ stacks: all }) => ({
      stacks: all.map((each) => ({ ...each, rollout: { ...each.rollout, administrator } })),
    }));
    expect(outputOfPlan(withRollouts(loaded, withDirect)).check(places)).toEqual([]);
  });

  test.each([rollouts, direct])("find %s in another account's hands, with all that says so", (stack) => {
    const edited = output.edit(stack, (each) => {
      Object.assign(each, JSON.parse(JSON.stringify(each).replaceAll("000000000001", "100000000001")));
    });
    const found = edited.check(places).filter(({ where }) => where.startsWith(`${stack} `));
    expect(found.map(({ id, where }) => `${id} ${where.slice(stack.length + 1)}`)).toEqual([
      "zone-deploy-role provider aws.us-east-1",
      "zone-membership account",
      "zone-state state key",
    ]);
    expect(found[0]?.why).toBe(`${deploys} arn:aws:iam::000000000001:role/OrgKeysDeploy`);
  });

  test("name the place of the map behind a StackSet", () => {
    const edited = output.edit(rollouts, (each) => {
      const targets = each.resource.aws_cloudformation_stack_instances["corporate_baseline-keys"].deployment_targets;
      targets.organizational_unit_ids = ["ou-ab12-30000000"];
    });
    expect(edited.check(places)).toMatchObject([
      { id: "zone-rollouts", sources: ["rollouts.yaml corporate.templates.baseline-keys"] },
    ]);
  });
});

test("a zone's rollouts are selected with the zone alone, as its guardrails are", () => {
  const planned = withRollouts(loaded, plans);
  const selected = (selection: Partial<Selection>) => {
    const found = selectStacks(planned, { ous: [], zones: [], accounts: [], ...selection });
    return "problems" in found
      ? found
      : found.stacks.map(({ name }) => name).filter((name) => name.includes(".rollouts."));
  };
  expect(selected({})).toEqual([rollouts, direct]);
  expect(selected({ zones: ["corporate"] })).toEqual([rollouts, direct]);
  expect(selected({ zones: ["health"] })).toEqual([]);
  expect(selected({ accounts: ["management"] })).toEqual([]);
  expect(selected({ zones: ["corporate"], ous: ["Security"] })).toEqual([]);
});
