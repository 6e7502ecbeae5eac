import type { Refusal } from "./refusal";
import type { KeyRecord, StackRecord } from "./stack-record";

/**
 * Arguments whose change makes Terraform destroy the key and make another, with what the provider takes when they are left out.
 *
 * Sources: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/kms/key.go, and external_key.go,
 * replica_key.go, replica_external_key.go and custom_key_store.go beside it (`ForceNew`)
 */
const replacing: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws_kms_key: {
    multi_region: false,
    customer_master_key_spec: "SYMMETRIC_DEFAULT",
    key_usage: "ENCRYPT_DECRYPT",
    custom_key_store_id: undefined,
    xks_key_id: undefined,
  },
  aws_kms_external_key: { multi_region: false, key_material_base64: undefined },
  aws_kms_replica_key: { primary_key_arn: undefined },
  aws_kms_replica_external_key: { primary_key_arn: undefined, key_material_base64: undefined },
  aws_kms_custom_key_store: {
    cloud_hsm_cluster_id: undefined,
    custom_key_store_type: undefined,
    trust_anchor_certificate: undefined,
  },
};

export type ReplaceableKey = Pick<KeyRecord, "type" | "region" | "arguments">;

/** Keys that stay at their address and would not be the same key. */
export function replacedKeys(before: StackRecord, after: StackRecord): Refusal[] {
  return [...before.keys.values()].flatMap((key): Refusal[] => {
    const now = after.keys.get(key.address);
    const changes = now === undefined ? otherType(key, after) : whyReplaced(key, now);
    if (changes.length === 0) return [];
    return [
      {
        id: "key-replaced",
        severity: "critical",
        where: `${before.account} ${key.address}`,
        why: `would be destroyed and made anew, and a new key decrypts nothing that the old one encrypted: ${changes.join(", ")}`,
        sources: key.metadata?.sources ?? [],
        whatToDo: `put back what changed it: ${causesOf(key, changes).join(", ")}; for a key of the new kind beside this one see docs/lifecycle.md#replace`,
        lines: [],
      },
    ];
  });
}

function otherType({ type, id, kind }: KeyRecord, after: StackRecord): string[] {
  const other = [...after.keys.values()].find((each) => each.id === id && each.kind === kind);
  return other === undefined ? [] : [`${type} becomes ${other.type}`];
}

/** What makes Terraform destroy a key at its address, as `multi_region false becomes true`; nothing for a key that stays. */
export function whyReplaced(key: ReplaceableKey, now: ReplaceableKey): string[] {
  const changes = Object.entries(replacing[key.type] ?? {}).flatMap(([name, otherwise]) => {
    const [was, is] = [argumentText(key.arguments[name], otherwise), argumentText(now.arguments[name], otherwise)];
    return was === is ? [] : [`${name} ${was} becomes ${is}`];
  });
  return key.region === now.region ? changes : [...changes, `Region ${key.region} becomes ${now.region}`];
}

/** Terraform takes an empty text and null for what is left out, and converts texts. */
function argumentText(value: unknown, otherwise: unknown): string {
  const given = value === undefined || value === null || value === "" ? otherwise : value;
  return given === undefined ? "none" : String(given);
}

const causes: readonly (readonly [RegExp, string])[] = [
  [/^multi_region/, "multiRegion of its data class"],
  [/^(?:customer_master_key_spec|key_usage)/, "spec and usage of its data class"],
  [/^(?:custom_key_store_id|xks_key_id)/, "origin and keyStore of its data class, and the store's id in zones.yaml"],
  [/ becomes aws_kms_/, "origin of its data class"],
  [/^(?:cloud_hsm|custom_key_store_type|trust_anchor)/, "the key store in zones.yaml"],
];

function causesOf({ metadata }: KeyRecord, changes: readonly string[]): string[] {
  const found = causes.filter(([pattern]) => changes.some((change) => pattern.test(change))).map(([, cause]) => cause);
  if (found.length === 0) return ["the lines that asked for it"];
  const dataClass = metadata?.dataClass;
  return dataClass === undefined
    ? found
    : found.map((cause) => cause.replace("its data class", `data class ${dataClass}`));
}
