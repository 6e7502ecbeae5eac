import { describe, expect, test } from "@jest/globals";
import { identityTags } from "../../modules/access/identity-tags";
import { gate } from "../../modules/gate/gate";
import type { FindKeysLike, KeyLike, WantedKey } from "../../modules/gate/gate-finding";
import type { Danger } from "../../modules/gate/gate-rule";
import { readGatedStack } from "../../modules/gate/gated-stack";
import type { PlannedChange } from "../../modules/gate/planned-change";
import { rule as deletionWindowShortened } from "../../modules/gate/rules/deletion-window-shortened";
import { keyPlace, knownKeys, wantedKeys } from "../../modules/gate/wanted-keys";
import type { Json } from "../checks/sample-output";
import { adding, both, type Edit, ledger, onPolicy, records, small } from "../checks/small-output";
import { gateEdit, gateRules, idsOf, inputsBetween, lines } from "./gated";
import { simulatedInput } from "./simulated-plan";

describe("the plans of the small organization", () => {
  test("pass when everything is made", async () => {
    expect(lines(await gate(inputsBetween(undefined, small), gateRules()))).toEqual([]);
  });
  test("pass when nothing changes", async () => {
    const inputs = [...small.texts].map(([name, text]) => simulatedInput(name, text, text));
    expect(inputs.length).toBeGreaterThan(5);
    expect(lines(await gate(inputs, gateRules({ maxChanges: 0 })))).toEqual([]);
  });

  test("pass when somebody inside of the zone gains access", async () => {
    const edit = adding(ledger, { Principal: { AWS: "arn:aws:iam::220000000001:role/reader" } });
    expect(lines(await gateEdit(edit))).toEqual([]);
  });

  test("pass when access is taken away, and when what is allowed outside already says less", async () => {
    const foreign = { Principal: { AWS: "arn:aws:iam::310000000001:role/reader" } };
    const before = adding(ledger, { ...foreign, Action: ["kms:Decrypt", "kms:Encrypt"] })(small);
    const after = adding(ledger, { ...foreign, Action: "kms:Decrypt" })(small);
    expect(lines(await gate(inputsBetween(before, after), gateRules()))).toEqual([]);
    expect(lines(await gate(inputsBetween(before, small), gateRules()))).toEqual([]);
    expect(idsOf(await gate(inputsBetween(after, before), gateRules()))).toEqual(["policy-widened"]);
  });
});

describe("what widens a policy besides a statement", () => {
  const foreign = { Principal: { AWS: "arn:aws:iam::310000000001:role/reader" } };
  const narrow = adding(ledger, {
    ...foreign,
    Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
  });

  test("is a condition that goes", async () => {
    const report = await gate(inputsBetween(narrow(small), adding(ledger, foreign)(small)), gateRules());
    expect(lines(report)).toEqual([
      `policy-widened ${ledger.at} statement Extra ${foreign.Principal.AWS}: would let account clinic (310000000001) of zone health do Decrypt with a key of zone corporate`,
    ]);
  });

  test("is a Deny that goes while somebody outside is allowed", async () => {
    const deny = adding(ledger, { Sid: "NotThem", Effect: "Deny", ...foreign });
    const [before, after] = [both(adding(ledger, foreign), deny)(small), adding(ledger, foreign)(small)];
    expect(lines(await gate(inputsBetween(before, after), gateRules()))).toEqual([
      `policy-widened ${ledger.at} statement Extra ${foreign.Principal.AWS}: would let account clinic (310000000001) of zone health do Decrypt with a key of zone corporate, which a Deny kept from them`,
    ]);
    expect(lines(await gate(inputsBetween(after, before), gateRules()))).toEqual([]);
  });

  test("is no order and no way to write", async () => {
    const policy = { stack: ledger.stack, key: ledger.key };
    const mixed = onPolicy(policy, (document) => {
      document.Statement.reverse();
      for (const statement of document.Statement) {
        if (Array.isArray(statement.Action)) statement.Action.reverse();
      }
    });
    expect(lines(await gateEdit(mixed))).toEqual([]);
  });
});

test("a policy that AWS has with actions in small letters is the reviewed one", async () => {
  const text = small.texts.get(records.stack) ?? "";
  const input: Json = structuredClone(simulatedInput(records.stack, text, text));
  for (const { change } of input.plan.resource_changes) {
    if (change.after.policy !== undefined)
      change.after.policy = change.after.policy.replace(/kms:Decrypt/g, "kms:decrypt");
  }
  expect(JSON.stringify(input.plan)).toContain("kms:decrypt");
  expect(lines(await gate([input], gateRules()))).toEqual([]);
});

describe("what the reviewed JSON records", () => {
  const record = (json: Json): Json => json["//"].orgkeys.keys[records.key];
  const alias = "records-prod_us-east-1";

  test("lets a key be disabled", async () => {
    const edit: Edit = (output) =>
      output.edit(records.stack, (json) => {
        json.resource.aws_kms_key[records.key].is_enabled = false;
        record(json).step = "disabled";
      });
    expect(lines(await gateEdit(edit))).toEqual([]);
  });

  test("lets a key leave the state with its alias", async () => {
    const edit: Edit = (output) =>
      output.edit(records.stack, (json) => {
        record(json).step = "scheduled";
        json.removed = [`aws_kms_key.${records.key}`, `aws_kms_alias.${alias}`].map((from) => ({
          from,
          lifecycle: { destroy: false },
        }));
        json.resource = undefined;
      });
    expect(lines(await gateEdit(edit))).toEqual([]);
  });

  test("lets an alias go that is named by dropAliases, and no other", async () => {
    const [name] = ["alias/records-prod"];
    const gone =
      (dropped: string): Edit =>
      (output) =>
        output.edit(records.stack, (json) => {
          delete json.resource.aws_kms_alias[alias];
          record(json).droppedAliases = [dropped];
        });
    expect(lines(await gateEdit(gone(name ?? "")))).toEqual([]);
    expect(idsOf(await gateEdit(gone("alias/another")))).toEqual(["alias-retargeted"]);
  });

  test("lets aliases go to the key that replaces theirs, and to no other", async () => {
    const replaced =
      (next: string): Edit =>
      (output) =>
        output.edit(records.stack, (json) => {
          record(json).replaced = "2026-12-01";
          const { records: _, ...key } = json.resource.aws_kms_key[records.key];
          json.resource.aws_kms_key[`${next}_us-east-1`] = key;
          json["//"].orgkeys.keys[`${next}_us-east-1`] = {};
          json.resource.aws_kms_alias[alias].target_key_id = `\${aws_kms_key.${next}_us-east-1.key_id}`;
        });
    expect(lines(await gateEdit(replaced("records_prod_2")))).toEqual([]);
    expect(idsOf(await gateEdit(replaced("records_prod_3")))).toEqual(["alias-retargeted"]);
  });

  test("lets a key be taken over under its very id", async () => {
    const text = small.edit(records.stack, (json) => {
      json.import = [{ to: `aws_kms_key.${records.key}`, id: "1234" }];
    }).texts;
    const input = simulatedInput(records.stack, undefined, text.get(records.stack) ?? "");
    expect(lines(await gate([input], gateRules()))).toEqual([]);
  });
});

describe("the window of a key that was just taken over, which no state has", () => {
  const address = `aws_kms_key.${records.key}`;
  const argument = "deletion_window_in_days";

  function found(from: number | null, to: number | null, floor: number | undefined): readonly Danger[] {
    const text = small.texts.get(records.stack) ?? "";
    const input = simulatedInput(records.stack, text, text);
    const stack = readGatedStack(input, small.rules.zones);
    if (stack.zone === undefined) throw new Error("no zone");
    const changes = stack.changes.map((change): PlannedChange => {
      const { before, after } = change;
      if (change.address !== address) return change;
      return {
        ...change,
        action: "update",
        before: { ...before, [argument]: from },
        after: { ...after, [argument]: to },
      };
    });
    const zone = { ...stack.zone, floor: { ...stack.zone.floor, deletionWindowDays: floor } };
    return deletionWindowShortened.inStack?.({ ...stack, changes, zone }) ?? [];
  }

  test.each<[string, number | null, number | null, number | undefined]>([
    ["becomes what the JSON says", null, 30, 14],
    ["becomes the zone's floor", null, 14, 14],
    ["becomes short where its zone asks for nothing", null, 7, undefined],
    ["stays unset, which AWS takes for its longest", null, null, 14],
  ])("%s and passes", (_, from, to, floor) => {
    expect(found(from, to, floor)).toEqual([]);
  });

  test("is stopped below the floor of its zone", () => {
    expect(found(null, 7, 14)).toEqual([
      { address, why: `its ${argument} goes from none to 7, and its zone asks for 14` },
    ]);
  });

  test("is held again as soon as the state has one", () => {
    expect(found(30, 14, 14)).toEqual([{ address, why: `its ${argument} goes from 30 to 14` }]);
  });
});

describe("keys that are looked for", () => {
  const key: KeyLike = {
    keyId: "mrk-1",
    arn: "arn:aws:kms:us-east-1:310000000001:key/mrk-1",
    state: "Enabled",
    createdAt: "2026-01-01T00:00:00.000Z",
    deletedAt: undefined,
  };

  test("are those that a plan makes, each with its Region, tags and description", async () => {
    const asked: WantedKey[] = [];
    const keysLike: FindKeysLike = async (_, wanted) => {
      asked.push(wanted);
      return [];
    };
    await gate(inputsBetween(undefined, small), gateRules({ keysLike }));
    expect(asked.map(({ address }) => address)).toContain("aws_kms_replica_key.ledger_us-west-2");
    expect(asked.find(({ address }) => address === `aws_kms_key.${records.key}`)).toMatchObject({
      stack: records.stack,
      region: "us-east-1",
      tags: { ManagedBy: "orgkeys", Workload: "records", Environment: "prod", Zone: "health", DataClass: "regulated" },
    });
    for (const { tags } of asked) expect(identityTags.filter((name) => tags[name] === undefined)).toEqual([]);
    asked.length = 0;
    await gateEdit(adding(ledger, { Principal: { AWS: ledger.user } }), { keysLike });
    expect(asked).toEqual([]);
  });

  test("are none of those that the plan knows", async () => {
    const twin: Edit = (output) =>
      output.edit(ledger.stack, (json) => {
        json.resource.aws_kms_key["twin_us-east-1"] = json.resource.aws_kms_key[ledger.key];
      });
    const [input] = inputsBetween(small, twin(small));
    const known = input?.plan.resource_changes?.find(({ address }) => address === `aws_kms_key.${ledger.key}`);
    const arn = String(known?.change.before?.arn);
    const found = async (each: KeyLike) => idsOf(await gateEdit(twin, { keysLike: async () => [each] }));
    expect(await found({ ...key, arn })).toEqual([]);
    expect(await found(key)).toEqual(["key-exists"]);
    expect(await found({ ...key, state: "PendingReplicaDeletion" })).toEqual(["key-pending-deletion"]);
  });

  test("are replicas that no state has, though the state has their primary, whose id they bear", async () => {
    const [input] = inputsBetween(undefined, small).filter(({ node }) => node.name === ledger.stack);
    const all = simulatedInput(ledger.stack, input?.text, input?.text ?? "");
    const lost: Json = structuredClone(all);
    const of = (address: string) => lost.plan.resource_changes.find((each: Json) => each.address === address).change;
    const { arn } = of(`aws_kms_replica_key.${ledger.replica}`).before;
    Object.assign(of(`aws_kms_replica_key.${ledger.replica}`), { actions: ["create"], before: null });
    const keyId = arn.replace(/^.*\//, "");
    expect(of(`aws_kms_key.${ledger.key}`).before.arn).toContain(keyId);
    const found = async (state: string) =>
      idsOf(await gate([lost], gateRules({ keysLike: async () => [{ ...key, keyId, arn, state }] })));
    expect(await found("Enabled")).toContain("key-exists");
    expect(await found("PendingDeletion")).toContain("key-pending-deletion");
  });

  test("are not hidden by a primary in the state, whose id its replicas share", async () => {
    const without: Edit = (output) =>
      output.edit(ledger.stack, (json) => {
        for (const type of Object.keys(json.resource)) delete json.resource[type][ledger.replica];
      });
    const [input] = inputsBetween(without(small), small);
    if (input === undefined) throw new Error("no plan");
    expect(wantedKeys(input).map(({ address }) => address)).toEqual([`aws_kms_replica_key.${ledger.replica}`]);
    const primary = input.plan.resource_changes?.find(({ address }) => address === `aws_kms_key.${ledger.key}`);
    const arn = String(primary?.change.before?.arn);
    const there = { ...key, keyId: arn.replace(/^.*\//, ""), arn: arn.replace("us-east-1", "us-west-2") };
    expect(lines(await gate([input], gateRules({ keysLike: async () => [there] })))).toEqual([
      expect.stringMatching(new RegExp(`^key-exists keys aws_kms_replica_key.${ledger.replica} mrk-`)),
    ]);
    expect([...knownKeys(input)]).toContain(keyPlace(arn));
    expect([...knownKeys(input)]).not.toContain(keyPlace(there.arn));
  });
});
