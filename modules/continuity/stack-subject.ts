import { blocksOf, fieldsOf } from "../access/json-parts";
import type { Fields } from "../access/stack-reading";
import type { StackMetadata } from "../access/synthesized-stack";

/**
 * What a stack is about, whatever it is called: its state, or the zone's rollouts, whoever keeps them.
 *
 * @returns undefined for a stack whose state cannot be told
 */
export function stackSubject(json: Fields, metadata: StackMetadata): string | undefined {
  const { backend } = fieldsOf(json.terraform);
  return zoneSubject(metadata) ?? stateName(fieldsOf(backend));
}

/** Of what is about a zone's rollouts as a whole. */
export function zoneSubject({ kind, zone, accountId }: StackMetadata): string | undefined {
  if (kind === "rollouts") return `${kind} of zone ${zone}`;
  return kind === "direct-rollouts" ? `${kind} of zone ${zone} in account ${accountId}` : undefined;
}

/** The name of the state file without `.tfstate`. */
export function stateName(backend: Fields): string | undefined {
  const [local] = blocksOf(backend.local);
  const [s3] = blocksOf(backend.s3);
  const file = local?.path ?? s3?.key;
  return typeof file === "string" ? /([^/]+)\.tfstate$/.exec(file)?.[1] : undefined;
}
