import { describe, expect, test } from "@jest/globals";
import { compareQuotas } from "../../modules/review/near-quotas";
import type { Json } from "../checks/sample-output";
import { outputOf } from "../checks/sample-output";
import { consumer, ledger, small } from "../checks/small-output";
import { comparedEdit, told } from "./compared";

const principals = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `arn:aws:iam::210000000001:role/role-number-${1000 + index}`);

function grow(json: Json, count: number): void {
  json.locals[`${ledger.key}-policy`].Statement.push({
    Sid: "Extra",
    Effect: "Allow",
    Principal: { AWS: principals(count) },
    Action: "kms:Decrypt",
    Resource: "*",
  });
}

describe("quotas", () => {
  test("are nobody's news far away from them", () => {
    expect(comparedEdit(compareQuotas, small, ledger.stack, (json) => grow(json, 3))).toEqual([]);
  });

  test("are told with the numbers when a key policy comes near", () => {
    const [change, ...others] = comparedEdit(compareQuotas, small, ledger.stack, (json) => grow(json, 500));
    expect(others).toEqual([]);
    expect(change).toMatchObject({ id: "quota-near", risk: "medium", place: { resource: "alias/ledger" } });
    expect(change?.what).toBe("has 30,746 of at most 32,768 bytes of key policy, 5,653 before (93 %)");
  });

  test("are high when AWS would refuse it", () => {
    const [change] = comparedEdit(compareQuotas, small, ledger.stack, (json) => grow(json, 800));
    expect(change?.risk).toBe("high");
    expect(change?.what).toContain("AWS refuses it");
  });

  test("are told of what grows alone", () => {
    const before = small.edit(ledger.stack, (json) => grow(json, 500));
    expect(comparedEdit(compareQuotas, before, ledger.stack, () => {})).toEqual([]);
    expect(
      comparedEdit(compareQuotas, before, ledger.stack, (json) => {
        json.locals[`${ledger.key}-policy`].Statement.pop();
      }),
    ).toEqual([]);
  });

  test("count the aliases of a key in its Region", () => {
    const changes = comparedEdit(compareQuotas, small, ledger.stack, (json) => {
      const aliases = json.resource.aws_kms_alias;
      const [one] = Object.values<Json>(aliases).filter(({ target_key_id: target }) => target.includes(ledger.key));
      for (let at = 0; at < 41; at += 1) aliases[`extra-${at}`] = { ...one, name: `alias/extra-${at}` };
    });
    expect(told(changes)).toEqual([
      expect.stringMatching(/^medium quota-near aliases: has 4\d of at most 50 aliases, \d before \(8\d %\)$/),
    ]);
  });

  test("hold of managed policies and guardrails", () => {
    const long = { Sid: "Extra", Effect: "Deny", Action: "kms:Decrypt", Resource: principals(110) };
    const [policy] = comparedEdit(compareQuotas, small, consumer.stack, (json) => {
      json.locals["consumer_role_ledger-policy"].Statement.push({ ...long, Effect: "Allow" });
    });
    expect(policy?.what).toMatch(/of at most 6,144 characters of managed policy/);
    const sample = outputOf("config");
    const [guardrail] = comparedEdit(compareQuotas, sample, "commercial.guardrails.pci", (json) => {
      json.locals["pci_resource-control-policy"].Statement.push({ ...long, Principal: "*" });
    });
    expect(guardrail?.what).toMatch(/of at most 5,120 characters of policy/);
  });
});
