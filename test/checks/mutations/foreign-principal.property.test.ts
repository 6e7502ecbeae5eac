import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { check as zoneGrants } from "../../../modules/checks/zone-grants";
import { check as zoneKeyAccess } from "../../../modules/checks/zone-key-access";
import { type Json, outputOf } from "../sample-output";
import { type Foreigner, foreigners, isLetIn, isOutside } from "./foreigners";
import { generatedGrant, generatedStatements } from "./generated-access";
import { policyOf } from "./mutation";
import { keysOf, type SampleKey } from "./sample-keys";

/** In `npm test`. More: `FOREIGNER_CASES=20000 npx jest foreign-principal`. */
const cases = Number(process.env.FOREIGNER_CASES ?? 1000);
/** Another seed, other cases. */
const seed = Number(process.env.FOREIGNER_SEED ?? 20260101);

/** The sample's keys, then keys of every kind, and keys that users in other accounts reach in every way. */
const folders = ["config", "test/fixtures/features", "test/fixtures/kinds", "test/fixtures/users"];
const keys = folders.flatMap((folder) => keysOf(outputOf(folder)));
const anyKey = fc.integer({ min: 0, max: keys.length - 1 });
const keyAt = (index: number): SampleKey => keys[index] as SampleKey;
const asked = ["kms:Decrypt", "kms:DescribeKey", "kms:CreateGrant", "kms:GenerateDataKey"];

function letIn(policy: Json, key: SampleKey): Foreigner | undefined {
  return foreigners.find((who) => isOutside(who, key) && asked.some((action) => isLetIn(policy, key, who, action)));
}

describe("nobody outside gets in unseen", () => {
  test("their own policies let none of the foreigners in", () => {
    expect(keys.flatMap((key) => letIn(key.policy, key) ?? [])).toEqual([]);
  });

  test(`zone-key-access finds every statement that lets a foreigner in, of ${cases}`, () => {
    const seen = { found: 0, clean: 0 };
    const given = anyKey.chain((index) => fc.tuple(fc.constant(index), generatedStatements(keyAt(index).zoneAccounts)));
    fc.assert(
      fc.property(given, ([index, { allow, deny }]) => {
        const key = keyAt(index);
        const more = deny === undefined ? [allow] : [allow, deny];
        const edited = key.output.edit(key.stack, (json) => policyOf(json, key.id).Statement.push(...more));
        const found = edited
          .check([zoneKeyAccess])
          .some(({ where }) => where.startsWith(`${key.where} statement ${allow.Sid}`));
        seen[found ? "found" : "clean"] += 1;
        // Nothing can be wrong with what is found: at worst it is too much.
        if (found) return;
        // The statement alone is asked first: it is a hundred times smaller than the policy.
        if (letIn({ ...key.policy, Statement: [allow] }, key) === undefined) return;
        expect(letIn({ ...key.policy, Statement: [...key.policy.Statement, ...more] }, key)).toBeUndefined();
      }),
      { numRuns: cases, seed },
    );
    // It would also hold if everything were a finding.
    expect(seen.found).toBeGreaterThan(cases * 0.1);
    expect(seen.clean).toBeGreaterThan(cases * 0.1);
  }, 600_000);

  test("the oracle lets foreigners in through many of these statements", () => {
    const seen = { letIn: 0, found: 0 };
    for (const { allow } of fc.sample(generatedStatements(keyAt(0).zoneAccounts), { numRuns: 100, seed })) {
      const { policy, output, stack, id } = keyAt(0);
      if (letIn({ ...policy, Statement: [allow] }, keyAt(0)) === undefined) continue;
      seen.letIn += 1;
      const edited = output.edit(stack, (json) => policyOf(json, id).Statement.push(allow));
      if (edited.check([zoneKeyAccess]).length > 0) seen.found += 1;
    }
    expect(seen.letIn).toBeGreaterThan(20);
    expect(seen.found).toBe(seen.letIn);
  });

  test(`zone-grants finds every grant to a foreigner, of ${cases}`, () => {
    const seen = { outside: 0, inside: 0 };
    const given = anyKey.chain((index) =>
      fc.tuple(fc.constant(index), generatedGrant(keyAt(index).zoneAccounts, keyAt(index).partition)),
    );
    fc.assert(
      fc.property(given, ([index, { arguments: grant, outside }]) => {
        const key = keyAt(index);
        const edited = key.output.edit(key.stack, (json) => {
          const { provider } = json.resource[key.type][key.id];
          json.resource.aws_kms_grant = {
            extra: { name: "extra", provider, key_id: `\${${key.type}.${key.id}.key_id}`, ...grant },
          };
        });
        const found = edited.check([zoneGrants]).some(({ where }) => where.includes("extra"));
        seen[outside ? "outside" : "inside"] += 1;
        expect(found).toBe(outside);
      }),
      { numRuns: cases, seed },
    );
    expect(seen.outside).toBeGreaterThan(cases * 0.1);
    expect(seen.inside).toBeGreaterThan(cases * 0.1);
  }, 600_000);
});
