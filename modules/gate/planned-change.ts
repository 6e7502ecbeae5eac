import { fieldsOf } from "../access/json-parts";
import { type Fields, isFields } from "../access/stack-reading";
import type { ChangeAction, ResourceChange } from "../terraform/plan-json";

/** What a plan does to one resource. */
export interface PlannedChange {
  /** `aws_kms_key.payments_prod_us-east-1` */
  readonly address: string;
  /** Where the state has it, when a plan moves it. */
  readonly formerAddress: string | undefined;
  /** Whether a replacement has left it behind, beside the one that has the address. */
  readonly isDeposed: boolean;
  readonly type: string;
  /** `payments_prod_us-east-1` */
  readonly id: string;
  /** none: nothing. unclear: a word, or words together, that nobody here understands. */
  readonly action: ChangeAction | "none" | "unclear";
  /** As Terraform found it; nothing where there is none. */
  readonly before: Fields;
  /** As it is to be, without what is known after the apply alone. */
  readonly after: Fields;
  /** The arguments that ask for a replacement: `multi_region`, `targets.0.key`. */
  readonly replacedFor: readonly string[];
  /** AWS's id of what is taken over. */
  readonly importId: string | undefined;
  /** The attributes that are known after the apply alone, in whole or in part. */
  readonly isUnknown: (attribute: string) => boolean;
  /** The attributes whose values nobody should see, in whole or in part. */
  readonly isSecret: (attribute: string) => boolean;
}

const actionsByWords: ReadonlyMap<string, PlannedChange["action"]> = new Map([
  ["no-op", "none"],
  ["read", "none"],
  ["create", "create"],
  ["update", "update"],
  ["delete", "delete"],
  ["forget", "forget"],
  ["create delete", "replace"],
  // The former one is left behind, and what refers to it goes to another.
  ["create forget", "replace"],
]);

/** Whether something of a plan has the form of a change, of a resource or a data source. */
export function isResourceChange(value: unknown): value is ResourceChange {
  if (!isFields(value) || !isFields(value.change)) return false;
  const { address, type, mode, change } = value;
  const { actions, before, after, importing } = change;
  return (
    typeof address === "string" &&
    typeof type === "string" &&
    (mode === "managed" || mode === "data") &&
    Array.isArray(actions) &&
    actions.every((action) => typeof action === "string") &&
    [before, after].every((values) => values === undefined || values === null || isFields(values)) &&
    (importing === undefined || importing === null || isFields(importing))
  );
}

export function readChange(resource: ResourceChange): PlannedChange {
  const { address, previous_address: formerAddress, deposed, type, change } = resource;
  const { actions, importing } = change;
  const before = fieldsOf(change.before);
  const words = [...actions].sort().join(" ");
  const action = actionsByWords.get(words) ?? "unclear";
  return {
    address,
    formerAddress,
    isDeposed: deposed !== undefined,
    type,
    id: address.slice(address.indexOf(".") + 1),
    action: action === "none" && importing ? "import" : action,
    before,
    after: fieldsOf(change.after),
    replacedFor: pathsOf(change.replace_paths),
    importId: importing ? (importing.id ?? "") : undefined,
    isUnknown: (attribute) => {
      const { after_unknown: unknown } = change;
      return unknown === true || (isFields(unknown) && holdsTrue(unknown[attribute]));
    },
    isSecret: (attribute) =>
      [change.before_sensitive, change.after_sensitive].some(
        (secret) => secret === true || (isFields(secret) && holdsTrue(secret[attribute])),
      ),
  };
}

/** Of the resource itself: it is there after the apply. */
export function stays({ action }: PlannedChange): boolean {
  return action !== "delete" && action !== "forget";
}

/** Whether something is done in AWS or to the state. */
export function isChange({ action }: PlannedChange): boolean {
  return action !== "none";
}

function pathsOf(value: unknown): string[] {
  const paths: readonly unknown[] = Array.isArray(value) ? value : [];
  return paths.filter(Array.isArray).map((path) => path.join("."));
}

function holdsTrue(value: unknown): boolean {
  if (value === true) return true;
  if (Array.isArray(value)) return value.some(holdsTrue);
  return isFields(value) && Object.values(value).some(holdsTrue);
}
