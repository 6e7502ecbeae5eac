import { isFields } from "../../modules/access/stack-reading";
import { literalText, parseEncodedLocal } from "../../modules/access/terraform-value";
import type { GateInput } from "../../modules/gate/gate-finding";
import type { PlanJson, ResourceChange } from "../../modules/terraform/plan-json";
import type { Json } from "../checks/sample-output";

/** What Terraform would plan, from one text of a stack that is applied to another: enough of it to judge plans by. */
export function simulatedPlan(before: string | undefined, after: string): PlanJson {
  const former = valuesOf(before, undefined);
  const next = valuesOf(after, former);
  const json: Json = JSON.parse(after);
  const removed = new Set<string>((json.removed ?? []).map((block: Json) => block.from));
  const imports = new Map<string, string>((json.import ?? []).map((block: Json) => [block.to, block.id]));
  const addresses = [...new Set([...former.keys(), ...next.keys()])].sort();
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    complete: true,
    errored: false,
    resource_changes: addresses.map((address): ResourceChange => {
      const [was, is] = [former.get(address), next.get(address)];
      const [type = "", name = ""] = address.split(".");
      const unknown = is === undefined ? {} : unknownOf(is);
      const known =
        is === undefined ? null : Object.fromEntries(Object.entries(is).filter(([key]) => !(key in unknown)));
      const importing = was === undefined ? imports.get(address) : undefined;
      return {
        address,
        mode: "managed",
        type,
        name,
        change: {
          actions:
            is === undefined
              ? [removed.has(address) ? "forget" : "delete"]
              : was === undefined && importing === undefined
                ? ["create"]
                : JSON.stringify(was ?? is) === JSON.stringify(is)
                  ? ["no-op"]
                  : replaces(type, was ?? is, is)
                    ? ["delete", "create"]
                    : ["update"],
          before: was ?? (importing === undefined ? null : (known ?? null)),
          after: known,
          after_unknown: unknown,
          ...(importing === undefined ? {} : { importing: { id: importing } }),
        },
      };
    }),
  };
}

/** The plan that takes a stack from one text to another, for the gate. */
export function simulatedInput(name: string, before: string | undefined, after: string): GateInput {
  return { text: after, plan: simulatedPlan(before, after), node: nodeOf(name, after) };
}

/** As its own metadata say. */
export function nodeOf(name: string, text: string): GateInput["node"] {
  const { kind = "account", accountId, organization, ou, zone, account }: Json = JSON.parse(text)["//"].orgkeys;
  return { name, kind, organization, ou, zone, account, accountId, state: accountId, providers: 1, resources: 1 };
}

const forcesNew: Readonly<Record<string, readonly string[]>> = {
  aws_kms_key: ["multi_region", "customer_master_key_spec", "key_usage", "custom_key_store_id"],
  aws_kms_alias: ["name"],
  aws_kms_grant: ["grantee_principal", "operations", "constraints", "retiring_principal", "key_id"],
  aws_organizations_policy_attachment: ["target_id"],
};

function replaces(type: string, was: Json, is: Json): boolean {
  return (forcesNew[type] ?? []).some((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]));
}

/** A value that Terraform would know after the apply alone. */
const UNKNOWN = "(known after apply)";

function unknownOf(values: Json): Record<string, true> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      JSON.stringify(value)?.includes(UNKNOWN) ? [[name, true as const]] : [],
    ),
  );
}

/** Values of each resource by address. @param existing what is there before; undefined when everything is */
function valuesOf(text: string | undefined, existing: ReadonlyMap<string, Json> | undefined): Map<string, Json> {
  const values = new Map<string, Json>();
  if (text === undefined) return values;
  const json: Json = JSON.parse(text);
  const adopted = new Set((json.import ?? []).map((block: Json) => block.to));
  const accountId: string = json["//"].orgkeys.accountId;
  const regionOf = (fields: Json): string =>
    json.provider.aws.find((each: Json) => `aws.${each.alias}` === fields.provider)?.region ?? "us-east-1";
  const isThere = (address: string): boolean => existing === undefined || existing.has(address) || adopted.has(address);
  const arnOf = (type: string, name: string): string =>
    `arn:aws:kms:${regionOf(json.resource[type][name])}:${accountId}:${/_key$/.test(type) ? "key" : name}/${idOf(`${type}.${name}`)}`;
  const resolve = (value: Json): Json => {
    if (typeof value === "string") {
      const local = parseEncodedLocal(value);
      if (local !== undefined) {
        const document = JSON.stringify(resolve(json.locals[local]));
        return document.includes(UNKNOWN) ? UNKNOWN : document;
      }
      const reference = /^\$\{(data\.)?(\w+)\.([\w-]+)\.(\w+)\}$/.exec(value);
      if (reference !== null) {
        const [, data, type = "", name = "", attribute = ""] = reference;
        if (data !== undefined) {
          const alias: string = json.data[type][name].key_id;
          return alias.replace(/alias\/.*$/, `key/${idOf(alias)}`);
        }
        const address = `${type}.${name}`;
        if (attribute === "name") return literalText(json.resource[type][name].name);
        if (!isThere(address)) return UNKNOWN;
        return attribute === "arn" ? arnOf(type, name) : idOf(address);
      }
      return literalText(value) ?? UNKNOWN;
    }
    if (Array.isArray(value)) return value.map(resolve);
    if (!isFields(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [literalText(name), resolve(inner)]));
  };
  for (const [type, resources] of Object.entries<Json>(json.resource ?? {})) {
    for (const [
      name,
      { provider: ____, lifecycle: _, "//": __, depends_on: ___, timeouts: _____, ...fields },
    ] of Object.entries<Json>(resources)) {
      const address = `${type}.${name}`;
      const arn = isThere(address) ? arnOf(type, name) : UNKNOWN;
      const id = isThere(address) ? idOf(address) : UNKNOWN;
      values.set(address, {
        ...(resolve(fields) as object),
        arn,
        id,
        key_id: fields.key_id === undefined ? id : resolve(fields.key_id),
      });
    }
  }
  return values;
}

/** A replica has its primary's id. */
function idOf(address: string): string {
  const identity = address
    .replace(/^aws_kms_replica/, "aws_kms")
    .replace(/^.*\./, "")
    .replace(/_[a-z]{2}(-gov)?-[a-z]+-\d$/, "");
  let hash = 7;
  for (const character of identity) hash = (hash * 31 + character.charCodeAt(0)) % 4294967291;
  const text = hash.toString(16).padStart(8, "0");
  return `mrk-${text}${text}${text}${text}`;
}
