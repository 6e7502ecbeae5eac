import { expect } from "@jest/globals";
import type { Check } from "../../modules/checks/frame/check";
import { type Json, type Output, outputOf } from "./sample-output";

/** The sample in small: two zones, a central account with replicas, and one that owns its key. */
export const small = outputOf("test/fixtures/small");

/** A key with replicas in the key management account, used from two others: rootAccess is full. */
export const ledger = {
  stack: "acme.security.keys",
  account: "100000000001",
  key: "ledger_us-east-1",
  replica: "ledger_us-west-2",
  at: "keys aws_kms_key.ledger_us-east-1",
  replicaAt: "keys aws_kms_replica_key.ledger_us-west-2",
  user: "arn:aws:iam::210000000001:role/ledger",
} as const;

/** In the same account, with a grant in each Region. */
export const shared = {
  stack: ledger.stack,
  key: "shared_confidential_prod_us-east-1",
  replica: "shared_confidential_prod_us-west-2",
  at: "keys aws_kms_key.shared_confidential_prod_us-east-1",
  replicaAt: "keys aws_kms_replica_key.shared_confidential_prod_us-west-2",
  grantee: "arn:aws:iam::210000000001:role/shop-batch",
} as const;

/** A key beside its data, used in its own account: rootAccess is administration-only. */
export const records = {
  stack: "acme.health.clinic",
  account: "310000000001",
  key: "records_prod_us-east-1",
  at: "clinic aws_kms_key.records_prod_us-east-1",
  user: "arn:aws:iam::310000000001:role/records",
} as const;

export const consumer = { stack: "acme.workloads.prod.shop-prod", account: "210000000001" } as const;

export type Edit = (output: Output) => Output;

/** A key, or a replica, and the stack it is in. */
export interface PolicyPlace {
  readonly stack: string;
  readonly key: string;
}

/** Edits a key's policy. */
export function onPolicy({ stack, key }: PolicyPlace, change: (policy: Json) => void): Edit {
  return (output) => output.edit(stack, (json) => change(policyOf(json, key)));
}

/** Edits one statement of a key's policy. */
export function onStatement(place: PolicyPlace, sid: string, change: (statement: Json) => void): Edit {
  return onPolicy(place, (policy) => {
    const found = policy.Statement.find((statement: Json) => statement.Sid === sid);
    if (found === undefined) throw new Error(`${place.key} has no statement ${sid}`);
    change(found);
  });
}

/** Takes one statement out of a key's policy. */
export function withoutStatement(place: PolicyPlace, sid: string): Edit {
  return onPolicy(place, (policy) => {
    const left = policy.Statement.filter((statement: Json) => statement.Sid !== sid);
    if (left.length === policy.Statement.length) throw new Error(`${place.key} has no statement ${sid}`);
    policy.Statement = left;
  });
}

/** Adds a statement as a hand would: single texts, an Allow of decryption unless it says otherwise. */
export function adding(place: PolicyPlace, statement: Json): Edit {
  const whole = { Sid: "Extra", Effect: "Allow", Action: "kms:Decrypt", Resource: "*", ...statement };
  if (statement.NotAction !== undefined) whole.Action = undefined;
  return onPolicy(place, (policy) => policy.Statement.push(whole));
}

/** Edits the arguments of a resource. */
export function onResource(stack: string, type: string, id: string, change: (resource: Json) => void): Edit {
  return (output) =>
    output.edit(stack, (json) => {
      const found = json.resource[type]?.[id];
      if (found === undefined) throw new Error(`there is no ${type}.${id}`);
      change(found);
    });
}

/** The key's policy as JSON text instead of a local. */
export function asText({ stack, key }: PolicyPlace): Edit {
  return (output) =>
    output.edit(stack, (json) => {
      // Terraform's escapes stand in the local already.
      const text = JSON.stringify(policyOf(json, key));
      const type = json.resource.aws_kms_key[key] === undefined ? "aws_kms_replica_key" : "aws_kms_key";
      json.resource[type][key].policy = text;
      delete json.locals[`${key}-policy`];
    });
}

export function both(...edits: readonly Edit[]): Edit {
  return (output) => edits.reduce((edited, edit) => edit(edited), output);
}

/** `WHERE: WHY` of everything a check finds; each subject once, and each place in the JSON. */
export function found(check: Check, output: Output): string[] {
  const findings = output.check([check]);
  expect(new Set(findings.map(({ where }) => where)).size).toBe(findings.length);
  for (const { place } of findings) {
    if (place === undefined) throw new Error("a finding without a place");
    output.edit(place.document, (json) => expect(valueAt(json, place.path)).toBeDefined());
  }
  return findings.map(({ where, why }) => `${where}: ${why}`);
}

function policyOf(json: Json, key: string): Json {
  const policy = json.locals[`${key}-policy`];
  if (policy === undefined) throw new Error(`there is no policy of ${key}`);
  return policy;
}

function valueAt(json: Json, pointer: string): Json {
  return pointer
    .split("/")
    .slice(1)
    .reduce((value, name) => value?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], json);
}
