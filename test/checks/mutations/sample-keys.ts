import type { Check } from "../../../modules/checks/frame/check";
import type { Json, Output } from "../sample-output";
import { policyOf } from "./mutation";

/** A key or replica of the sample, and an output of nothing else, so that a thousand edits take seconds. */
export interface SampleKey {
  readonly stack: string;
  /** `aws_kms_key`, `aws_kms_replica_external_key` … */
  readonly type: string;
  /** `payments_prod_us-east-1` */
  readonly id: string;
  /** `pci-key-management aws_kms_key.payments_prod_us-east-1`: how `where` begins in findings about it. */
  readonly where: string;
  readonly arn: string;
  readonly partition: string;
  /** Accounts of its zone. */
  readonly zoneAccounts: ReadonlySet<string>;
  /** OUs that are its zone's with everybody below: `o-…/r-…/ou-…/`. */
  readonly zonePaths: readonly string[];
  readonly policy: Json;
  readonly output: Output;
}

export function keysOf(sample: Output): SampleKey[] {
  const stacks: string[] = [];
  const keys: Omit<SampleKey, "output" | "policy">[] = [];
  const collector: Check = {
    id: "readable",
    kind: "hygiene",
    severity: "low",
    requirement: "",
    reason: "",
    fix: "",
    inStack: ({ name }) => {
      stacks.push(name);
      return [];
    },
    inKey: ({ entry, zone }) => {
      const { stack, key, accountId, partition } = entry;
      const [type = "", id = ""] = key.address.split(".");
      keys.push({
        stack: stack.name,
        type,
        id,
        where: `${zone.accounts.get(accountId)} ${key.address}`,
        arn: `arn:${partition}:kms:${key.region}:${accountId}:key/mrk-1234abcd12ab34cd56ef1234567890ab`,
        partition,
        zoneAccounts: new Set(zone.accounts.keys()),
        zonePaths: zone.wholeOus.map(({ idPath }) => idPath),
      });
      return [];
    },
  };
  sample.check([collector]);
  return keys.map((key) => {
    const alone = stacks.filter((name) => name !== key.stack).reduce((output, name) => output.without(name), sample);
    let policy: Json;
    const output = alone.edit(key.stack, (json) => {
      policy = policyOf(json, key.id);
      keepAlone(json, key);
    });
    return { ...key, policy, output };
  });
}

/** A replica stays with its primary. */
function keepAlone(json: Json, { type, id }: { readonly type: string; readonly id: string }): void {
  const only = (of: Json, names: readonly string[]): Json =>
    Object.fromEntries(names.flatMap((name) => (of?.[name] === undefined ? [] : [[name, of[name]]])));
  const primary = /aws_kms_(?:external_)?key\.(.*)\.arn/.exec(json.resource[type][id].primary_key_arn ?? "")?.[1];
  const ids = primary === undefined ? [id] : [id, primary];
  json.locals = only(
    json.locals,
    ids.map((name) => `${name}-policy`),
  );
  const types = ["aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key"];
  json.resource = Object.fromEntries(types.map((each) => [each, only(json.resource[each], ids)]));
}
