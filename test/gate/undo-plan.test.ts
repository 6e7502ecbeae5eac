import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { fieldsOf } from "../../modules/access/json-parts";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import { parseEncodedLocal } from "../../modules/access/terraform-value";
import { readStackJson } from "../../modules/continuity/stack-json/read-stack-json";
import { stackDifferences } from "../../modules/continuity/stack-json/stack-differences";
import { type UndonePlan, undoPlan } from "../../modules/gate/undo-plan";
import type { PlanJson } from "../../modules/terraform/plan-json";
import { type Json, outputOf } from "../checks/sample-output";
import { consumer, ledger, records, shared, small } from "../checks/small-output";
import { simulatedPlan } from "./simulated-plan";

/** Plans of Terraform 1.11 and provider 5.100, each with the stack's JSON that was planned. */
const folder = join(__dirname, "../fixtures/plans");

function recorded(file: string): { readonly stack: string; readonly text: string; readonly plan: PlanJson } {
  return JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8"));
}

function undone(file: string): UndonePlan & { readonly before: SynthesizedStack } {
  const { stack, text, plan } = recorded(file);
  const result = undoPlan({ name: stack, text, plan });
  return { ...result, before: readSynthesizedStack(stack, result.text) };
}

/** What the JSON before a change, and the one that is made of the plan of that change, have in which Terraform sees a difference. */
function lost(before: string, after: string, name: string = ledger.stack): string[] {
  const result = undoPlan({ name, text: after, plan: simulatedPlan(before, after) });
  const [was, is] = [readStackJson(before), readStackJson(result.text)];
  if (!("json" in was) || !("json" in is)) throw new Error("unreadable");
  return [
    ...result.remarks.map(({ address, what }) => `${address} ${what}`),
    ...stackDifferences(was.json, is.json)
      .filter(({ address, argument }) => !address.startsWith("output.") && argument !== "lifecycle")
      .map(({ address, argument }) => `${address} ${argument ?? ""}`.trim()),
  ];
}

function lostByEdit(
  stack: string,
  change: (json: Json) => void,
): { readonly forth: string[]; readonly back: string[] } {
  const before = small.texts.get(stack) ?? "";
  const after = small.edit(stack, change).texts.get(stack) ?? "";
  return { forth: lost(before, after, stack), back: lost(after, before, stack) };
}

const nothing = { forth: [], back: [] };

describe("a plan of Terraform itself, undone", () => {
  test.each(readdirSync(folder).sort())("%s can be read", (file) => {
    const { before, remarks } = undone(file.replace(".json", ""));
    expect(before.unreadable).toEqual([]);
    expect(remarks).toEqual([]);
  });

  test("has no key that the plan makes", () => {
    expect(undone("made").before.keys).toEqual([]);
    expect(undone("replaced-as-recorded").before.keys.map(({ address }) => address)).toEqual([
      "aws_kms_key.ledger_prod_us-east-1",
      "aws_kms_replica_key.ledger_prod_us-west-2",
    ]);
  });

  test("has aliases lead to the keys that they led to", () => {
    const { before } = undone("replaced-as-recorded");
    expect(before.aliases.map(({ name, region, target }) => `${name} ${region} ${target}`)).toEqual([
      "alias/ledger-prod us-east-1 aws_kms_key.ledger_prod_us-east-1",
      "alias/ledger-prod us-west-2 aws_kms_replica_key.ledger_prod_us-west-2",
    ]);
  });

  test("has what is let go, with its policy, grants and aliases where they were", () => {
    const { before } = undone("let-go");
    const archive = before.keys.filter(({ address }) => address.includes("archive_prod"));
    expect(archive.map(({ address, region, primary }) => [address, region, primary])).toEqual([
      ["aws_kms_key.archive_prod_us-east-1", "us-east-1", undefined],
      ["aws_kms_replica_key.archive_prod_us-west-2", "us-west-2", "aws_kms_key.archive_prod_us-east-1"],
    ]);
    for (const { policy, grants } of archive) {
      expect(policy?.statements.length).toBeGreaterThan(3);
      expect(grants.map(({ grantee }) => grantee)).toEqual(["arn:aws:iam::230000000001:role/archive-batch"]);
    }
    expect(before.aliases.map(({ target }) => target)).toEqual(
      expect.arrayContaining(archive.map(({ address }) => address)),
    );
    expect(before.removals).toEqual([]);
  });

  test("has a guardrail, and what attached it", () => {
    const [detached] = undone("guardrail-detached").before.guardrails;
    expect(detached?.targets).toEqual(expect.arrayContaining(["ou-ab12-10000000", "ou-ab12-20000000"]));
    const removed = undone("guardrail-removed").before.guardrails.find(({ kind }) => kind === "resource-control");
    expect(removed?.policy?.statements.length).toBeGreaterThan(0);
    expect(removed?.targets).toHaveLength(2);
  });

  test("has a key as it was made by hand, and takes over nothing", () => {
    const { before } = undone("taken-over");
    expect(before.keys[0]?.arguments.description).toBe("made by hand");
    expect(before.imports).toEqual([]);
  });

  test("has the policy that the plan widens", () => {
    const { before } = undone("consumer-widened");
    const policy = before.identityPolicies.find(({ address }) => address === "aws_iam_policy.role_ledger")?.policy;
    expect(policy?.statements.map(({ sid }) => sid)).not.toContain("Extra");
    expect(policy?.statements.length).toBeGreaterThan(1);
  });
});

describe("a plan from one JSON to another, undone,", () => {
  test("is the JSON before it, whatever it makes or deletes", () => {
    for (const [name, text] of small.texts) {
      const json: Json = JSON.parse(text);
      for (const [type, resources] of Object.entries<Json>(json.resource ?? {})) {
        for (const id of Object.keys(resources)) {
          const without = small.edit(name, ({ resource, locals = {} }) => {
            for (const argument of ["policy", "content"]) {
              const value = resource[type][id][argument];
              if (typeof value === "string") delete locals[value.replace(/^.*local\.(.*)\)}$/, "$1")];
            }
            delete resource[type][id];
            if (Object.keys(resource[type]).length === 0) delete resource[type];
          });
          const isReferred = text.includes(`\${${type}.${id}.`);
          if (isReferred) continue;
          const other = without.texts.get(name) ?? "";
          const both = [...lost(text, other, name), ...lost(other, text, name)];
          expect({ type, id, both }).toEqual({ type, id, both: [] });
        }
      }
    }
  });

  test("has every argument and policy as it was", () => {
    const key = lostByEdit(ledger.stack, (json) => {
      const fields = json.resource.aws_kms_key[ledger.key];
      fields.rotation_period_in_days = 180;
      fields.description = "another with $${braces} and %%{more}";
      fields.tags.Owner = "somebody";
      json.locals[`${ledger.key}-policy`].Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: ledger.user },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { StringEquals: { "aws:PrincipalTag/team": "$${aws:PrincipalTag/team}" } },
      });
    });
    expect(key).toEqual(nothing);
    const grant = lostByEdit(shared.stack, (json) => {
      const [first] = Object.values<Json>(json.resource.aws_kms_grant);
      first.operations = ["Decrypt"];
      first.constraints = { encryption_context_equals: { app: "shop" } };
    });
    // A simulated plan does not say which argument asks for it.
    expect([...grant.forth, ...grant.back].filter((line) => !line.includes("is replaced"))).toEqual([]);
    const policy = lostByEdit(consumer.stack, (json) => {
      json.locals["consumer_role_ledger-policy"].Statement.pop();
    });
    expect(policy).toEqual(nothing);
  });

  test("has guardrails and rollouts as they were", () => {
    const sample = outputOf("config");
    for (const [name, change] of [
      ["commercial.guardrails.pci", (json: Json) => json.locals["pci_service-control-policy"].Statement.pop()],
      [
        "commercial.rollouts.pci",
        (json: Json) => {
          json.locals["pci_access-roles-template"].Resources.Deploy.Properties.MaxSessionDuration = 7200;
          json.resource.aws_cloudformation_stack_instances["pci_access-roles"].regions = ["us-west-2"];
        },
      ],
    ] as const) {
      const [before, after] = [sample.texts.get(name) ?? "", sample.edit(name, change).texts.get(name) ?? ""];
      expect(lost(before, after, name)).toEqual([]);
    }
  });

  test("leaves out the step of a key that it disables", () => {
    const text = small
      .edit(records.stack, (json) => {
        json.resource.aws_kms_key[records.key].is_enabled = false;
        json["//"].orgkeys.keys[records.key].step = "disabled";
      })
      .texts.get(records.stack);
    const plan = simulatedPlan(small.texts.get(records.stack), text ?? "");
    const before = readSynthesizedStack(records.stack, undoPlan({ name: records.stack, text: text ?? "", plan }).text);
    expect(before.keys.find(({ address }) => address.endsWith(records.key))?.arguments.is_enabled).toBe(true);
    expect(before.metadata.keys.get(records.key)?.step).toBe("in-use");
  });
});

describe("what an undone plan cannot say", () => {
  const text = small.texts.get(records.stack) ?? "";
  const address = `aws_kms_key.${records.key}`;
  const remarksOf = (change: (plan: Json) => void, of = text): string[] => {
    const plan = structuredClone(simulatedPlan(text, of));
    change(plan);
    return undoPlan({ name: records.stack, text: of, plan }).remarks.map(({ id, what }) => `${id}: ${what}`);
  };
  const ofKey = (plan: Json): Json => plan.resource_changes.find((each: Json) => each.address === address);

  test("is nothing of a plan that does nothing", () => {
    expect(remarksOf(() => {})).toEqual([]);
  });

  test("is a replacement that no argument asks for", () => {
    expect(remarksOf((plan) => Object.assign(ofKey(plan).change, { actions: ["delete", "create"] }))).toEqual([
      "key-replaced: is replaced, though none of its arguments asks for it: what is there goes with all data under it",
    ]);
  });

  test("is a key that a replacement left behind", () => {
    const remarks = remarksOf((plan) => {
      const left = structuredClone(ofKey(plan));
      plan.resource_changes.push({ ...left, deposed: "1a2b3c4d", change: { ...left.change, actions: ["delete"] } });
    });
    expect(remarks).toEqual([
      expect.stringMatching(/^key-replaced: has one left behind by a replacement \(.*\), which goes/),
    ]);
  });

  test("is an action that nobody understands, and a part that nobody can read", () => {
    expect(remarksOf((plan) => Object.assign(ofKey(plan).change, { actions: ["mend"] }))).toEqual([
      "other-changed: is in the plan with an action that nobody understands",
    ]);
    expect(remarksOf((plan) => plan.resource_changes.push({ odd: true }))).toEqual([
      "stack-unreadable: has a plan with 1 entries that nobody can read",
    ]);
    expect(remarksOf((plan) => Object.assign(plan, { errored: true, complete: false }))).toHaveLength(2);
  });

  test("is a resource that the plan says nothing of", () => {
    const remarks = remarksOf((plan) => {
      plan.resource_changes = plan.resource_changes.filter((each: Json) => each.address !== address);
    });
    expect(remarks).toContain("other-changed: is in no plan: nobody can tell what becomes of it");
  });

  test("is an update of what nobody writes, and one of nothing", () => {
    expect(
      remarksOf((plan) => {
        const { change } = ofKey(plan);
        change.actions = ["update"];
        change.before = { ...change.before, odd: 1 };
      }),
    ).toEqual(["other-changed: has another odd"]);
    expect(remarksOf((plan) => Object.assign(ofKey(plan).change, { actions: ["update"] }))).toEqual([
      "other-changed: is updated, and none of its arguments is another",
    ]);
  });

  test("is a key that somebody has deleted, and that is made anew", () => {
    const remarks = remarksOf((plan) => {
      const { change, ...resource } = ofKey(plan);
      plan.resource_drift = [{ ...resource, change: { ...change, actions: ["delete"], after: null } }];
      const { arn: _, id: __, key_id: ___, ...after } = change.after;
      const unknown = { arn: true, id: true, key_id: true };
      ofKey(plan).change = { actions: ["create"], before: null, after, after_unknown: unknown };
      const alias = plan.resource_changes.find(({ type }: Json) => type === "aws_kms_alias").change;
      alias.actions = ["update"];
      delete alias.after.target_key_id;
      alias.after_unknown = { target_key_id: true };
    });
    expect(remarks).toEqual([
      "key-replaced: is no longer in AWS, or about to go, and is made anew: the new one decrypts nothing of the old one",
    ]);
  });

  test("is a replica that goes with its primary", () => {
    const before = small.texts.get(ledger.stack) ?? "";
    const plan: Json = structuredClone(simulatedPlan(before, before));
    const replica = plan.resource_changes.find(({ type }: Json) => type === "aws_kms_replica_key");
    const primary = plan.resource_changes.find(
      (each: Json) => each.change.before.arn === replica.change.before.primary_key_arn,
    );
    Object.assign(primary.change, { actions: ["delete", "create"], after_unknown: { arn: true } });
    Object.assign(replica.change, {
      actions: ["delete", "create"],
      after_unknown: { primary_key_arn: true },
      replace_paths: [["primary_key_arn"]],
    });
    const { remarks } = undoPlan({ name: ledger.stack, text: before, plan });
    expect(remarks.map(({ id, address, what }) => `${id}: ${address} ${what}`)).toEqual([
      `key-replaced: ${primary.address} is replaced, though none of its arguments asks for it: what is there goes with all data under it`,
      `replica-replaced: ${replica.address} is replaced, for its primary_key_arn: what is there goes with all data under it`,
    ]);
  });

  const grant = {
    address: "aws_kms_grant.more",
    mode: "managed",
    type: "aws_kms_grant",
    name: "more",
    change: { actions: ["create"], before: null, after: { operations: ["Decrypt"] } },
  };
  test.each<[string, (plan: Json) => void, string]>([
    ["has one resource more", (plan) => plan.resource_changes.push(grant), "is not in the reviewed JSON"],
    [
      "sets another argument",
      (plan) => {
        const { change } = ofKey(plan);
        Object.assign(change, { actions: ["update"], after: { ...change.after, deletion_window_in_days: 7 } });
      },
      "its deletion_window_in_days is not what the reviewed JSON says",
    ],
    [
      "sets another policy on a new key",
      (plan) => {
        const { change } = ofKey(plan);
        const policy = JSON.parse(change.after.policy);
        policy.Statement.push({ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" });
        Object.assign(change, {
          actions: ["create"],
          before: null,
          after: { ...change.after, policy: JSON.stringify(policy) },
        });
      },
      "its policy is not what the reviewed JSON says",
    ],
    [
      "forgets what is there",
      (plan) => Object.assign(ofKey(plan).change, { actions: ["forget"], after: null }),
      "is in the reviewed JSON, and would not be there any more",
    ],
    [
      "takes over what nobody asked for",
      (plan) => Object.assign(ofKey(plan).change, { importing: { id: "1a2b" } }),
      "would be taken over, and the reviewed JSON says nothing of it",
    ],
  ])("is a plan of another JSON, which %s", (_, change, why) => {
    expect(remarksOf(change)).toContain(`stack-unreadable: ${why}: the plan is of another JSON`);
  });

  test("is the end of a key that the JSON has, or that it has in another way", () => {
    const deleted = (plan: Json) => Object.assign(ofKey(plan).change, { actions: ["delete"], after: null });
    expect(remarksOf(deleted)).toContain("key-removed: is deleted, though the reviewed JSON has it");
    for (const other of [`module.more.${address}`, `${address}[0]`, `${address}["a"]`]) {
      const ends = (actions: readonly string[]) =>
        remarksOf((plan) => {
          const { change, ...resource } = structuredClone(ofKey(plan));
          plan.resource_changes.push({ ...resource, address: other, change: { ...change, actions } });
        });
      expect(ends(["delete"])).toEqual(["key-removed: is nothing of the stack's JSON, and is deleted"]);
      expect(ends(["delete", "create"])).toEqual(["key-replaced: is nothing of the stack's JSON, and is replaced"]);
      expect(ends(["update"])).toEqual(["other-changed: is nothing of the stack's JSON, and is changed"]);
      expect(ends(["no-op"])).toEqual([]);
    }
  });

  test("is what waits for another plan, what a provider runs, and outputs", () => {
    expect(remarksOf((plan) => Object.assign(plan, { deferred_changes: [{ reason: "unknown" }] }))).toEqual([
      "stack-unreadable: has a plan that leaves something for a later one",
    ]);
    expect(remarksOf((plan) => Object.assign(plan, { action_invocations: [{ address: "action.x.y" }] }))).toEqual([
      "stack-unreadable: has a plan that has actions run, which are in no JSON",
    ]);
    const output_changes = { arn: { actions: ["create"] }, same: { actions: ["no-op"] } };
    expect(remarksOf((plan) => Object.assign(plan, { output_changes }))).toEqual(["other-changed: is another output"]);
  });

  test("is a key of another account that is behind its alias no longer", () => {
    const texts = [...outputOf("test/fixtures/users").texts].filter(([, each]) => each.includes("data.aws_kms_key."));
    expect(texts.length).toBeGreaterThan(0);
    for (const [name, reviewed] of texts) {
      const plan: Json = structuredClone(simulatedPlan(reviewed, reviewed));
      const policies = plan.resource_changes.filter(
        ({ type, change }: Json) => type === "aws_iam_policy" && /:key\/mrk-/.test(change.before.policy),
      );
      for (const { change } of policies) {
        const policy = change.before.policy.replaceAll(/mrk-[0-9a-f]+/g, "mrk-0000");
        Object.assign(change, { actions: ["update"], before: { ...change.before, policy } });
      }
      const before = undoPlan({ name, text: reviewed, plan });
      const addresses = new Set(before.remarks.map(({ address }) => address));
      const silent = policies.filter(({ address, name: id }: Json) => {
        const { resource, locals }: Json = JSON.parse(before.text);
        const local = parseEncodedLocal(resource.aws_iam_policy[id].policy) ?? "";
        return !addresses.has(address) && !JSON.stringify(locals[local]).includes("mrk-0000");
      });
      expect(silent.map(({ address }: Json) => address)).toEqual([]);
    }
  });

  test("is a secret, which is written nowhere", () => {
    const plan = structuredClone(simulatedPlan(text, text));
    const { change }: Json = ofKey(plan);
    Object.assign(change, {
      actions: ["update"],
      before: { ...change.before, description: "hush" },
      before_sensitive: { description: true },
    });
    const result = undoPlan({ name: records.stack, text, plan });
    expect(result.text).not.toContain("hush");
    expect(result.remarks.map(({ what }) => what)).toEqual(["has another description, which is a secret"]);
  });

  test("is a JSON that cannot be read", () => {
    expect(undoPlan({ name: "x", text: "{", plan: simulatedPlan(text, text) }).remarks.map(({ id }) => id)).toEqual([
      "stack-unreadable",
    ]);
  });

  test("keeps the provider of what is there", () => {
    const plan = simulatedPlan(text, text);
    const json: Json = JSON.parse(undoPlan({ name: records.stack, text, plan }).text);
    expect(fieldsOf(json.resource.aws_kms_key[records.key]).provider).toBe("aws.us-east-1");
  });
});
