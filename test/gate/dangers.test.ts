import { describe, expect, test } from "@jest/globals";
import { gateIds } from "../../modules/findings/gate-ids";
import { allRules } from "../../modules/gate/all-rules";
import { gate } from "../../modules/gate/gate";
import type { FindKeysLike, GateInput, GateRules, KeyLike } from "../../modules/gate/gate-finding";
import type { Json } from "../checks/sample-output";
import { adding, both, type Edit, ledger, onResource, records, shared, small } from "../checks/small-output";
import { gateRules, idsOf, lines } from "./gated";
import { simulatedInput } from "./simulated-plan";

const guardrails = "acme.guardrails.corporate";
const ofZone = "aws_organizations_policy.corporate";
const elsewhere = "arn:aws:iam::310000000001:role/reader";
const consumer = "acme.workloads.prod.shop-prod";

/** Takes a resource out of a stack's JSON, with everything that refers to it. */
function without(stack: string, type: string, id: string): Edit {
  return (output) =>
    output.edit(stack, (json) => {
      delete json.resource[type][id];
      for (const resources of Object.values<Json>(json.resource)) {
        for (const [name, fields] of Object.entries(resources)) {
          if (JSON.stringify(fields).includes(`${type}.${id}.`)) delete resources[name];
        }
      }
    });
}

function onLocal(stack: string, part: string, change: (document: Json) => void): Edit {
  return (output) =>
    output.edit(stack, (json) => {
      const found = Object.keys(json.locals).filter((name) => name.includes(part));
      if (found.length === 0) throw new Error(`no local ${part}: ${Object.keys(json.locals).join(", ")}`);
      for (const name of found) change(json.locals[name]);
    });
}

function onInput(change: (input: Json) => void): (input: GateInput) => GateInput {
  return (input) => {
    const copy: Json = structuredClone(input);
    change(copy);
    return copy;
  };
}

const likeKey: KeyLike = {
  keyId: "mrk-1",
  arn: "arn:aws:kms:us-east-1:310000000001:key/mrk-1",
  state: "Enabled",
  createdAt: "2026-01-01T00:00:00.000Z",
  deletedAt: undefined,
};
const found =
  (key: KeyLike): FindKeysLike =>
  async (_, { region }) =>
    region === "us-east-1" ? [key] : [];

interface Danger {
  readonly id: string;
  readonly what: string;
  readonly edit?: Edit;
  /** From nothing. */
  readonly first?: boolean;
  readonly stack: string;
  readonly input?: (input: GateInput) => GateInput;
  readonly rules?: Partial<GateRules>;
  /** A part of what is found. */
  readonly finds: string;
}

const dangers: readonly Danger[] = [
  {
    id: "key-destroyed",
    what: "a key whose lines are deleted",
    stack: records.stack,
    edit: without(records.stack, "aws_kms_key", records.key),
    finds: "key-destroyed clinic aws_kms_key.records_prod_us-east-1: would be scheduled for deletion in 30 days",
  },
  {
    id: "key-destroyed",
    what: "a key that is let go without a word in its record",
    stack: records.stack,
    edit: both(without(records.stack, "aws_kms_key", records.key), (output) =>
      output.edit(records.stack, (json) => {
        json.removed = [{ from: `aws_kms_key.${records.key}`, lifecycle: { destroy: false } }];
      }),
    ),
    finds:
      "key-destroyed clinic aws_kms_key.records_prod_us-east-1: would be let go, and the reviewed JSON says it is in-use",
  },
  {
    id: "replica-destroyed",
    what: "a replica whose lines are deleted",
    stack: ledger.stack,
    edit: without(ledger.stack, "aws_kms_replica_key", ledger.replica),
    finds: "replica-destroyed keys aws_kms_replica_key.ledger_us-west-2: would be scheduled for deletion in 30 days",
  },
  {
    id: "key-replaced",
    what: "a key of another spec",
    stack: records.stack,
    edit: onResource(records.stack, "aws_kms_key", records.key, (key) => {
      key.customer_master_key_spec = "RSA_2048";
    }),
    finds: "key-replaced clinic aws_kms_key.records_prod_us-east-1: would be replaced by another one",
  },
  {
    id: "alias-retargeted",
    what: "an alias that leads to another key",
    stack: ledger.stack,
    edit: onResource(ledger.stack, "aws_kms_alias", "ledger_us-east-1", (alias) => {
      alias.target_key_id = `\${aws_kms_key.${shared.key}.key_id}`;
    }),
    finds: `alias-retargeted keys aws_kms_alias.ledger_us-east-1: alias/ledger leads to aws_kms_key.ledger_us-east-1 and would lead to aws_kms_key.${shared.key}`,
  },
  {
    id: "alias-retargeted",
    what: "an alias that is deleted",
    stack: ledger.stack,
    edit: without(ledger.stack, "aws_kms_alias", "ledger_us-west-2"),
    finds:
      "alias-retargeted keys aws_kms_alias.ledger_us-west-2: alias/ledger would be deleted: it leads to aws_kms_replica_key.ledger_us-west-2",
  },
  {
    id: "alias-retargeted",
    what: "an alias of a key that Terraform no longer finds",
    stack: records.stack,
    edit: (output) => output,
    input: onInput(({ plan }) => {
      for (const { address, change } of plan.resource_changes) {
        if (address === `aws_kms_key.${records.key}`) Object.assign(change, { actions: ["create"], before: null });
        if (address.startsWith("aws_kms_alias.")) {
          Object.assign(change, { actions: ["update"], after_unknown: { target_key_id: true } });
          change.after.target_key_id = undefined;
        }
      }
    }),
    finds: "which the stack does not have and would lead to aws_kms_key.records_prod_us-east-1",
  },
  {
    id: "key-exists",
    what: "a key that is there and in no state",
    stack: records.stack,
    first: true,
    rules: { keysLike: found(likeKey) },
    finds: "key-exists clinic aws_kms_key.records_prod_us-east-1 mrk-1: would be made a second time",
  },
  {
    id: "key-pending-deletion",
    what: "a key that waits for its deletion",
    stack: records.stack,
    first: true,
    rules: { keysLike: found({ ...likeKey, state: "PendingDeletion", deletedAt: "2026-12-30T00:00:00.000Z" }) },
    finds: "key-pending-deletion clinic aws_kms_key.records_prod_us-east-1 mrk-1: would be made anew while",
  },
  {
    id: "keys-unread",
    what: "keys that nobody may read",
    stack: records.stack,
    first: true,
    rules: { keysLike: async () => ({ unread: "AccessDenied: no" }) },
    finds: "keys-unread clinic aws_kms_key.records_prod_us-east-1: the keys of its account in us-east-1 cannot be read",
  },
  {
    id: "keys-unread",
    what: "a reader that fails",
    stack: records.stack,
    first: true,
    rules: { keysLike: () => Promise.reject(new Error("socket hang up")) },
    finds: "cannot be read: socket hang up",
  },
  {
    id: "prevent-destroy-dropped",
    what: "a key without prevent_destroy",
    stack: records.stack,
    edit: onResource(records.stack, "aws_kms_key", records.key, (key) => {
      delete key.lifecycle;
    }),
    finds: "prevent-destroy-dropped clinic aws_kms_key.records_prod_us-east-1: has no lifecycle.prevent_destroy",
  },
  {
    id: "prevent-destroy-dropped",
    what: "a guardrail without prevent_destroy",
    stack: guardrails,
    edit: (output) =>
      output.edit(guardrails, (json) => {
        for (const policy of Object.values<Json>(json.resource.aws_organizations_policy)) policy.lifecycle = {};
      }),
    finds: `prevent-destroy-dropped ${guardrails} ${ofZone}_resource-control`,
  },
  {
    id: "deletion-window-shortened",
    what: "a window of seven days",
    stack: records.stack,
    edit: onResource(records.stack, "aws_kms_key", records.key, (key) => {
      key.deletion_window_in_days = 7;
    }),
    finds:
      "deletion-window-shortened clinic aws_kms_key.records_prod_us-east-1: its deletion_window_in_days goes from 30 to 7",
  },
  {
    id: "policy-widened",
    what: "a statement for an account of another zone",
    stack: ledger.stack,
    edit: adding(ledger, { Principal: { AWS: elsewhere } }),
    finds: `policy-widened ${ledger.at} statement Extra ${elsewhere}: would let account clinic (310000000001) of zone health do Decrypt with a key of zone corporate`,
  },
  {
    id: "policy-widened",
    what: "a replica's policy that anybody matches",
    stack: ledger.stack,
    edit: adding({ stack: ledger.stack, key: ledger.replica }, { Principal: "*" }),
    finds: `policy-widened ${ledger.replicaAt} statement Extra everybody: would let anybody do`,
  },
  {
    id: "policy-widened",
    what: "a grant to an account of another zone",
    stack: ledger.stack,
    edit: (output) =>
      output.edit(ledger.stack, (json) => {
        const [grant] = Object.values<Json>(json.resource.aws_kms_grant);
        grant.grantee_principal = elsewhere;
      }),
    finds: `${elsewhere}: would let account clinic (310000000001) of zone health do Decrypt with a key of zone corporate`,
  },
  {
    id: "policy-widened",
    what: "a consumer policy that reaches another zone",
    stack: consumer,
    edit: onLocal(consumer, "consumer_", (policy) => {
      policy.Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: "arn:aws:kms:us-east-1:310000000001:key/*",
      });
    }),
    finds:
      "would give the account Decrypt where it reaches arn:aws:kms:us-east-1:310000000001:key/*, which is in account clinic",
  },
  {
    id: "policy-widened",
    what: "a guardrail that lets another zone through",
    stack: guardrails,
    edit: onLocal(guardrails, "resource-control", (policy) => {
      policy.Statement = policy.Statement.map((statement: Json) => ({
        ...statement,
        Condition: { ...statement.Condition, StringNotEquals: { "aws:PrincipalAccount": "310000000001" } },
      }));
    }),
    finds: `policy-widened ${guardrails} ${ofZone}_resource-control resourceControl.principals`,
  },
  {
    id: "guardrail-removed",
    what: "a guardrail that is deleted",
    stack: guardrails,
    edit: without(guardrails, "aws_organizations_policy", "corporate_resource-control"),
    finds: `guardrail-removed ${guardrails} ${ofZone}_resource-control: would be deleted`,
  },
  {
    id: "guardrail-removed",
    what: "a guardrail that denies nothing any more",
    stack: guardrails,
    edit: onLocal(guardrails, "service-control", (policy) => {
      policy.Statement = [{ Effect: "Allow", Action: "*", Resource: "*" }];
    }),
    finds: `guardrail-removed ${guardrails} ${ofZone}_service-control: would no longer deny anything`,
  },
  {
    id: "policy-unknown",
    what: "a policy with an expression",
    stack: records.stack,
    input: onInput(({ plan }) => {
      const key = plan.resource_changes.find(({ address }: Json) => address === `aws_kms_key.${records.key}`);
      Object.assign(key.change, { actions: ["update"], after_unknown: { policy: true } });
      delete key.change.after.policy;
    }),
    finds: "policy-unknown clinic aws_kms_key.records_prod_us-east-1 policy: its policy is known after the apply alone",
  },
  {
    id: "plan-not-reviewed",
    what: "another policy than the JSON has",
    stack: records.stack,
    edit: adding(records, { Principal: { AWS: records.user } }),
    input: onInput((input) => {
      input.text = small.texts.get(records.stack);
    }),
    finds:
      "plan-not-reviewed clinic aws_kms_key.records_prod_us-east-1 policy: its policy is not what the reviewed JSON says",
  },
  {
    id: "plan-not-reviewed",
    what: "other tags than the JSON has",
    stack: records.stack,
    edit: onResource(records.stack, "aws_kms_key", records.key, (key) => {
      key.tags.Zone = "corporate";
    }),
    input: onInput((input) => {
      input.text = small.texts.get(records.stack);
    }),
    finds:
      "plan-not-reviewed clinic aws_kms_key.records_prod_us-east-1 tags: its tags is not what the reviewed JSON says",
  },
  {
    id: "plan-not-reviewed",
    what: "a tag that the JSON does not have",
    stack: records.stack,
    edit: onResource(records.stack, "aws_kms_key", records.key, (key) => {
      key.tags.Team = "anybody";
    }),
    input: onInput((input) => {
      input.text = small.texts.get(records.stack);
    }),
    finds:
      "plan-not-reviewed clinic aws_kms_key.records_prod_us-east-1 tags: its tags is not what the reviewed JSON says",
  },
  {
    id: "plan-not-reviewed",
    what: "a key that would be disabled without a word in its record",
    stack: records.stack,
    edit: onResource(records.stack, "aws_kms_key", records.key, (key) => {
      key.is_enabled = false;
    }),
    finds:
      "plan-not-reviewed clinic aws_kms_key.records_prod_us-east-1 step: would be disabled, and its record says in-use",
  },
  {
    id: "plan-not-reviewed",
    what: "a plan of a part of the stack",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.resource_changes = plan.resource_changes.filter(({ address }: Json) => !address.startsWith("aws_kms_key."));
    }),
    finds: "is in the reviewed JSON, and the plan says nothing of it",
  },
  {
    id: "plan-not-reviewed",
    what: "an import that the JSON does not have",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.resource_changes[0].change.importing = { id: "somebody-elses" };
    }),
    finds: "would be taken over, and the reviewed JSON says nothing of it",
  },
  {
    id: "plan-not-reviewed",
    what: "another policy for a role than the one of the JSON",
    stack: consumer,
    first: true,
    input: onInput(({ plan }) => {
      const { change } = plan.resource_changes.find(({ type }: Json) => type === "aws_iam_role_policy_attachment");
      change.after_unknown = {};
      change.after.policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    }),
    finds:
      "plan-not-reviewed shop-prod aws_iam_role_policy_attachment.role_ledger policy_arn: its policy_arn is not what the reviewed JSON says",
  },
  {
    id: "plan-not-reviewed",
    what: "a grant on another key than that of the JSON",
    stack: ledger.stack,
    input: onInput(({ plan }) => {
      const of = (address: string) => plan.resource_changes.find((each: Json) => each.address === address).change;
      of(`aws_kms_grant.${shared.key}_shop_shop-batch`).after.key_id = of(`aws_kms_key.${ledger.key}`).after.key_id;
    }),
    finds: "plan-not-reviewed keys aws_kms_grant.shared_confidential_prod_us-east-1_shop_shop-batch key_id: its key_id",
  },
  {
    id: "plan-not-reviewed",
    what: "a key that is moved to the place of another",
    stack: ledger.stack,
    input: onInput(({ plan }) => {
      const moved = plan.resource_changes.find(({ address }: Json) => address === `aws_kms_key.${ledger.key}`);
      moved.previous_address = `aws_kms_key.${shared.key}`;
    }),
    finds: `plan-not-reviewed ${ledger.at} moved: is aws_kms_key.${shared.key} before, and would be made into this one`,
  },
  {
    id: "unreadable-plan",
    what: "an action of a provider",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.action_invocations = [{ address: "action.aws_lambda_invoke.x", type: "aws_lambda_invoke" }];
    }),
    finds: "unreadable-plan clinic: it has action_invocations, which are not understood here",
  },
  {
    id: "stack-set-destroyed",
    what: "a StackSet that is deleted",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.resource_changes.push({
        address: "aws_cloudformation_stack_set.health_baseline",
        mode: "managed",
        type: "aws_cloudformation_stack_set",
        name: "health_baseline",
        change: { actions: ["delete"], before: { name: "baseline" }, after: null },
      });
    }),
    finds: "stack-set-destroyed clinic aws_cloudformation_stack_set.health_baseline: would be deleted",
  },
  {
    id: "too-many-changes",
    what: "more changes than the run may make",
    stack: records.stack,
    first: true,
    rules: { maxChanges: 1 },
    finds: "too-many-changes run: would make 2 changes, and --max-changes is 1",
  },
  {
    id: "unreadable-plan",
    what: "a plan with an error",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.errored = true;
    }),
    finds: "unreadable-plan clinic: Terraform ended with an error while it planned",
  },
  {
    id: "unreadable-plan",
    what: "a plan of another format",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.format_version = "2.0";
    }),
    finds: "unreadable-plan clinic: its format is 2.0, and 1 is understood",
  },
  {
    id: "unreadable-plan",
    what: "an action that nobody knows",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.resource_changes[0].change.actions = ["transmute"];
    }),
    finds: "does with it what nobody here understands",
  },
  {
    id: "unreadable-plan",
    what: "something that is no change",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.resource_changes.push({ address: "aws_kms_key.x" });
    }),
    finds: "unreadable-plan clinic: a part of its changes has no form that is known here",
  },
  {
    id: "unreadable-plan",
    what: "a resource of a type that nobody knows",
    stack: records.stack,
    input: onInput(({ plan }) => {
      plan.resource_changes.push({
        address: "aws_iam_role.admin",
        mode: "managed",
        type: "aws_iam_role",
        name: "admin",
        change: { actions: ["create"], before: null, after: {} },
      });
    }),
    finds: "unreadable-plan clinic aws_iam_role.admin: resources of type aws_iam_role are not understood here",
  },
  {
    id: "unreadable-plan",
    what: "an account of no zone",
    stack: records.stack,
    input: onInput((input) => {
      input.text = input.text.replaceAll("310000000001", "990000000001");
      input.node.accountId = "990000000001";
    }),
    finds: "the map has no zone for the stack's account",
  },
];

const identity: Edit = (output) => output;

function findings({ edit = identity, first = false, stack, input = (each) => each, rules = {} }: Danger) {
  const text = edit(small).texts.get(stack) ?? "";
  const plan = simulatedInput(stack, first ? undefined : small.texts.get(stack), text);
  return gate([input(plan)], gateRules(rules));
}

describe("each kind of dangerous plan", () => {
  test.each(dangers.map((danger) => [`${danger.id}: ${danger.what}`, danger] as const))("%s", async (_, danger) => {
    const report = await findings(danger);
    expect(lines(report).join("\n")).toContain(danger.finds);
    expect(idsOf(report)).toContain(danger.id);
    expect(report.open).toBe(report.findings.length);
  });

  test("is found by the rule of its name, and by every rule there is", () => {
    expect([...new Set(dangers.map(({ id }) => id))].sort()).toEqual([...gateIds]);
    expect(allRules.map(({ id }) => id)).toEqual([...gateIds]);
  });
});
