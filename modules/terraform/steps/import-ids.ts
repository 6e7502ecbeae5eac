import type { ResourceChange } from "../plan-json";

/** Whose resources a stack makes. */
export interface ImportPlace {
  /** `aws`, `aws-us-gov`, `aws-cn` */
  readonly partition: string;
  readonly accountId: string;
}

type Values = Readonly<Record<string, unknown>>;

interface Importable {
  /** What `terraform import` takes, of planned values; undefined while one that it needs is not known. */
  readonly idOf: (planned: Values, place: ImportPlace) => string | undefined;
  /** What has to be exactly as planned, so that it is the very resource: all that its creation sets and AWS tells. */
  readonly same: readonly string[];
}

/**
 * Resources that AWS refuses to make a second time, and whose id a plan tells. Left out is what AWS makes again without harm: the
 * attachment of a managed policy, and a grant, which has a name here. Keys are found by their tags. What has an id of AWS's own is
 * not found: a guardrail's policy, a key store. Nor is a CloudFormation stack, which is there also when its creation failed, and which
 * the provider would then take for good.
 *
 * Sources: the section Import of each in https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
 */
const importable: Readonly<Record<string, Importable>> = {
  aws_cloudformation_stack_set: {
    idOf: ({ name, call_as: callAs }) =>
      callAs === "DELEGATED_ADMIN" ? joined([textOf(name), callAs], ",") : textOf(name),
    same: ["auto_deployment", "call_as", "description", "name", "permission_model", "tags", "template_body"],
  },
  aws_iam_policy: {
    idOf: ({ name, path }, { partition, accountId }) => {
      const [policy, folder] = [textOf(name), textOf(path)];
      if (policy === undefined || folder === undefined) return undefined;
      return `arn:${partition}:iam::${accountId}:policy${folder}${policy}`;
    },
    same: ["description", "name", "path", "policy", "tags"],
  },
  aws_kms_alias: {
    // A key that is not there yet has no alias: that one would be of another.
    idOf: ({ name, target_key_id: target }) => (textOf(target) === undefined ? undefined : textOf(name)),
    same: ["name", "target_key_id"],
  },
  aws_organizations_policy_attachment: {
    idOf: ({ target_id: target, policy_id: policy }) => joined([textOf(target), textOf(policy)], ":"),
    same: ["policy_id", "target_id"],
  },
};

/** @returns undefined for what needs no import, or of which nobody knows the id */
export function importIdOf({ type, change }: ResourceChange, place: ImportPlace): string | undefined {
  return isImportable(type) ? importable[type]?.idOf(change.after ?? {}, place) : undefined;
}

export function isImportable(type: string): boolean {
  return Object.hasOwn(importable, type);
}

/**
 * In what something that was taken into the state is not what was planned there. The provider does not read all arguments back, and
 * goes on to update those; whatever says whose a resource is it does read.
 *
 * @param resource of a plan after the import
 */
export function differencesOf({ type, change: { actions, before, after } }: ResourceChange): string[] {
  if (actions.length === 1 && actions[0] === "no-op") return [];
  if (actions.length !== 1 || actions[0] !== "update") return [`Terraform would ${actions.join(" and ")} it`];
  const same = isImportable(type) ? importable[type]?.same : undefined;
  return (same ?? Object.keys(after ?? {})).filter(
    (name) => JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function joined(parts: readonly (string | undefined)[], by: string): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(by);
}
