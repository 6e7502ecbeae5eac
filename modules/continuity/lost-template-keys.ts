import type { Refusal } from "./refusal";
import type { TemplateKey, TemplateRecord } from "./rollout-record";
import { sortedJson } from "./sorted-json";
import type { StackRecord } from "./stack-record";

/**
 * Properties of which another value is another key, or none: of a key CloudFormation refuses the change in every account, what is
 * replaced for the others is the resource. With what CloudFormation takes when they are left out.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html, and
 * aws-resource-kms-replicakey.html and aws-resource-kms-alias.html beside it
 */
const lasting: Readonly<Record<TemplateKey["kind"], Readonly<Record<string, unknown>>>> = {
  key: { KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT", MultiRegion: false, Origin: "AWS_KMS" },
  replica: { PrimaryKeyArn: undefined },
  alias: { AliasName: undefined, TargetKeyId: undefined },
};

const consequences: Readonly<Record<TemplateKey["kind"], string>> = {
  key: "a new key decrypts nothing that the old one encrypted",
  replica: "the replica of another key decrypts nothing that this one does",
  alias: "applications that ask for their key by this name would find another one, or none",
};

type TemplateKeys = Pick<TemplateRecord, "keys">;

/** What happens to one key, replica or alias of a template in every account that it goes to. */
export interface TemplateLoss {
  readonly id: "template-key-replaced" | "template-key-unretained" | "template-key-vanishes";
  readonly logicalId: string;
  readonly why: string;
}

/** Keys, replicas and aliases that a template would no longer keep as they are, in every account that it goes to. */
export function lostTemplateKeys(before: StackRecord, was: TemplateRecord, is: TemplateRecord): Refusal[] {
  return templateLosses(was, is).map(({ id, logicalId, why }) => ({
    severity: "critical",
    id,
    where: `${before.zone} ${was.address} ${logicalId}`,
    why,
    sources: was.metadata?.sources ?? [],
    lines: [],
    whatToDo:
      id === "template-key-unretained"
        ? "put DeletionPolicy: Retain and UpdateReplacePolicy: Retain back"
        : putBack(was),
  }));
}

/** The same of two versions of a template, whoever has them. */
export function templateLosses(was: TemplateKeys, is: TemplateKeys): TemplateLoss[] {
  return [...was.keys.values()].flatMap((key): TemplateLoss[] => {
    const { logicalId } = key;
    const now = is.keys.get(logicalId);
    if (now === undefined) {
      const why = `${nameOf(key)} ${fateOf(key)}: ${becauseOf(key, was, is)}`;
      return [{ id: "template-key-vanishes", logicalId, why }];
    }
    const changes = changesOf(key, now);
    if (changes.length > 0) {
      const why = `${nameOf(key)} would be another one in each account, and ${consequences[key.kind]}: ${changes.join(", ")}`;
      return [{ id: "template-key-replaced", logicalId, why }];
    }
    if (key.condition !== now.condition) {
      const why = `${nameOf(key)} would be made under another condition (${key.condition ?? "always"} becomes ${now.condition ?? "always"}): where it no longer holds, it ${fateOf(key)}`;
      return [{ id: "template-key-vanishes", logicalId, why }];
    }
    if (key.retained && !now.retained) {
      const why = `${nameOf(key)} would no longer stay when it leaves its stack, or its stack an account`;
      return [{ id: "template-key-unretained", logicalId, why }];
    }
    return [];
  });
}

function nameOf({ kind, properties }: TemplateKey): string {
  const { AliasName: name } = properties;
  return `the ${kind}${typeof name === "string" ? ` ${name}` : ""}`;
}

function fateOf({ kind, retained }: TemplateKey): string {
  if (retained) return "would be left behind in each account, in no template and no check";
  return kind === "alias"
    ? "would be deleted in each account, and whoever asks for the key by this name would find nothing"
    : "would be scheduled for deletion in each account";
}

/** CloudFormation knows a resource by its logical id alone. */
function becauseOf(key: TemplateKey, was: TemplateKeys, is: TemplateKeys): string {
  const renamed = [...is.keys.values()].find(
    (other) =>
      !was.keys.has(other.logicalId) &&
      other.type === key.type &&
      sortedJson(other.properties) === sortedJson(key.properties),
  );
  return renamed === undefined
    ? "the template no longer has it"
    : `the template has it as ${renamed.logicalId}, which CloudFormation takes for another one`;
}

function changesOf(key: TemplateKey, now: TemplateKey): string[] {
  if (key.type !== now.type) return [`Type ${key.type} becomes ${now.type}`];
  return Object.entries(lasting[key.kind]).flatMap(([name, otherwise]) => {
    const [old, next] = [propertyText(key, name, otherwise), propertyText(now, name, otherwise)];
    return old === next ? [] : [`${name} ${old} becomes ${next}`];
  });
}

/** CloudFormation converts texts. */
function propertyText({ properties }: TemplateKey, name: string, otherwise: unknown): string {
  const value = properties[name] ?? otherwise;
  return typeof value === "object" ? sortedJson(value) : String(value ?? "none");
}

function putBack({ metadata }: TemplateRecord): string {
  const what =
    metadata?.template === "baseline-keys"
      ? "put back the data class that asks for it, as it was, in data-classes.yaml; a data class under a new name is another one"
      : `put it back into template ${metadata?.template ?? "NAME"}, under its logical id`;
  return `${what}; a new key goes beside it (docs/continuity.md#rollouts)`;
}
