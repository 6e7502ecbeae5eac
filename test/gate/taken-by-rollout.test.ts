import { describe, expect, test } from "@jest/globals";
import { gate } from "../../modules/gate/gate";
import { type Json, outputOf } from "../checks/sample-output";
import { gateRules, lines } from "./gated";
import { simulatedInput } from "./simulated-plan";

const features = outputOf("test/fixtures/features");
const stack = "everything.rollouts.core";
const direct = "everything.rollouts.core.app-prod";
const roles = "aws_cloudformation_stack_set.core_access-roles_prod";
const instances = "aws_cloudformation_stack_instances.core_access-roles_prod";
const keys = "aws_cloudformation_stack_set.core_baseline-keys";

/** What the gate finds in the plan from one edit of a stack to another. */
async function found(edit: (json: Json) => void, before: (json: Json) => void = () => {}, name = stack) {
  const [was, is] = [before, edit].map((change) => features.edit(name, change).texts.get(name) ?? "");
  const report = await gate([simulatedInput(name, was, is ?? "")], gateRules({ zones: features.rules.zones }));
  return lines(report);
}

const template = (json: Json, name: string): Json => json.locals[`core_${name}-template`];
const targets = (json: Json): Json => json.resource.aws_cloudformation_stack_instances["core_access-roles_prod"];

describe("of a template", () => {
  test("nothing is taken by what it gains, or says in another way", async () => {
    const gains = (json: Json): void => {
      const { Resources: resources } = template(json, "access-roles_prod");
      resources.Extra = { Type: "AWS::IAM::ManagedPolicy", Properties: {} };
      resources.Audit.Properties.Description = "another one";
    };
    expect(await found(gains)).toEqual([]);
  });

  test("a key goes, or is no longer kept", async () => {
    const without = (json: Json): void => {
      delete template(json, "baseline-keys").Resources.KeyByItself;
    };
    expect(await found(without)).toEqual([
      `stack-set-destroyed ${stack} ${keys} KeyByItself: the key would be left behind in each account, in no template and no check: the template no longer has it`,
    ]);
    const unkept = (json: Json): void => {
      template(json, "baseline-keys").Resources.KeyByItself.DeletionPolicy = "Delete";
    };
    expect(await found(unkept)).toEqual([
      `stack-set-destroyed ${stack} ${keys} KeyByItself: the key would no longer stay when it leaves its stack, or its stack an account`,
    ]);
    const another = (json: Json): void => {
      template(json, "baseline-keys").Resources.KeyByItself.Properties.KeySpec = "RSA_2048";
    };
    expect((await found(another)).join()).toContain("KeySpec SYMMETRIC_DEFAULT becomes RSA_2048");
  });

  test("a role goes, or is another one", async () => {
    const without = (json: Json): void => {
      delete template(json, "access-roles_prod").Resources.Audit;
    };
    expect(await found(without)).toEqual([
      `stack-set-destroyed ${stack} ${roles} Audit: the template no longer has its AWS::IAM::Role Audit, which would be deleted in each account`,
    ]);
    const renamed = (json: Json): void => {
      template(json, "access-roles_prod").Resources.Audit.Properties.RoleName = "Somebody";
    };
    expect((await found(renamed)).join()).toContain("Audit would be another one, or none, in each account: RoleName");
  });

  test("an account is left out, and is let in again without a word", async () => {
    const leaveOut = (json: Json): void => {
      const document = template(json, "access-roles_prod");
      const is = document.Conditions.OrgkeysIncluded;
      document.Conditions = {
        ...document.Conditions,
        OrgkeysIncluded: {
          "Fn::And": [is, { "Fn::Not": [{ "Fn::Equals": [{ Ref: "AWS::AccountId" }, "310000000001"] }] }],
        },
      };
      document.Resources.Boundary.Condition = "OrgkeysIncluded";
    };
    expect((await found(leaveOut)).filter((line) => line.startsWith("stack-set"))).toEqual([
      `stack-set-destroyed ${stack} ${roles} 310000000001: would take all that it has made from account 310000000001`,
    ]);
    expect((await found(() => {}, leaveOut)).filter((line) => line.startsWith("stack-set"))).toEqual([]);
  });

  test("what nobody can read takes what nobody can tell", async () => {
    const opaque = (json: Json): void => {
      template(json, "baseline-keys").Transform = "Macro";
    };
    expect((await found(opaque)).join("\n")).toContain(
      `stack-set-destroyed ${stack} ${keys} template_body: what it would take away cannot be told: its template has a Transform`,
    );
  });

  test("a stack beside the StackSets is held to the same", async () => {
    const without = (json: Json): void => {
      delete json.locals["core_access-roles_us-east-1-template"].Resources.Audit;
    };
    expect((await found(without, undefined, direct)).join()).toContain(
      `stack-set-destroyed ${direct} aws_cloudformation_stack.core_access-roles_us-east-1 Audit: `,
    );
  });
});

describe("of its targets", () => {
  const gone = async (edit: (fields: Json) => void, before: (fields: Json) => void = () => {}) =>
    (
      await found(
        (json) => edit(targets(json)),
        (json) => before(targets(json)),
      )
    ).filter((line) => line.startsWith("stack-set"));
  const at = `stack-set-destroyed ${stack} ${instances}`;

  test("nothing is taken by more of them", async () => {
    const more = (fields: Json): void => {
      fields.deployment_targets.organizational_unit_ids.push("ou-fe21-99000000");
      fields.regions.push("us-west-2");
    };
    expect(await gone(more)).toEqual([]);
    expect(await gone(() => {}, more)).toEqual([
      `${at} ou-fe21-99000000: would no longer be in OU ou-fe21-99000000`,
      `${at} us-west-2: would no longer be in Region us-west-2`,
    ]);
  });

  test("accounts go where fewer are named, or more are excluded", async () => {
    const only =
      (filter: string, ...accounts: string[]) =>
      ({ deployment_targets: block }: Json): void =>
        Object.assign(block, { account_filter_type: filter, accounts });
    const [one, both] = [["310000000001"], ["310000000001", "310000000002"]];
    const line = `${at} 310000000002: would no longer be in account 310000000002`;
    expect(await gone(only("INTERSECTION", ...one), only("INTERSECTION", ...both))).toEqual([line]);
    expect(await gone(only("INTERSECTION", ...both), only("INTERSECTION", ...one))).toEqual([]);
    expect(await gone(only("DIFFERENCE", ...both), only("DIFFERENCE", ...one))).toEqual([line]);
    expect(await gone(only("DIFFERENCE", ...one), only("DIFFERENCE", ...both))).toEqual([]);
    expect(await gone(only("INTERSECTION", ...one))).toEqual([
      `${at} account_filter_type: would choose accounts by INTERSECTION instead of NONE`,
    ]);
  });
});
