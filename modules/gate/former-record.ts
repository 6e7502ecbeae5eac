import { fieldsOf } from "../access/json-parts";
import { type Fields, isFields } from "../access/stack-reading";
import type { PlannedStack } from "./former-arguments";
import { regionOfArn } from "./gated-stack";
import { isChange, type PlannedChange } from "./planned-change";
import { isKeyOrReplica, keyTypes } from "./resource-types";

/**
 * What synthesis noted about a stack, as far as it was so before its plan. What nobody can tell is left out: the step of a key that
 * the plan ends or disables, and the accounts of a StackSet that the plan sends elsewhere.
 *
 * @param comment the `//` of the reviewed JSON
 */
export function formerRecord(comment: unknown, { changes }: PlannedStack): unknown {
  if (!isFields(comment) || !isFields(comment.orgkeys)) return comment;
  const { orgkeys } = comment;
  const made = idsOf(changes, ({ action }) => action === "create");
  const ended = changes.filter(isKeyOrReplica).filter(endsUse);
  const sent = idsOf(changes, (change) => /^aws_cloudformation_stack_/.test(change.type) && isChange(change));
  return {
    ...comment,
    orgkeys: {
      ...orgkeys,
      ...(isFields(orgkeys.keys)
        ? {
            keys: Object.fromEntries(
              Object.entries(orgkeys.keys)
                .filter(([id]) => !made.has(id) || isThere(id, changes))
                .map(([id, record]) => [id, withoutSteps(fieldsOf(record), id, ended)]),
            ),
          }
        : {}),
      ...(isFields(orgkeys.stackSets)
        ? { stackSets: Object.fromEntries(Object.entries(orgkeys.stackSets).filter(([id]) => !sent.has(id))) }
        : {}),
    },
  };
}

function idsOf(changes: readonly PlannedChange[], is: (change: PlannedChange) => boolean): ReadonlySet<string> {
  return new Set(changes.filter(is).map(({ id }) => id));
}

/** Keys have records by an id that an alias or a grant may have, too. */
function isThere(id: string, changes: readonly PlannedChange[]): boolean {
  return changes.some((change) => change.id === id && keyTypes.has(change.type) && change.action !== "create");
}

function endsUse({ action, before, after }: PlannedChange): boolean {
  const wasEnabled = before.is_enabled !== false && before.enabled !== false;
  const isDisabled = after.is_enabled === false || after.enabled === false;
  return action === "delete" || action === "forget" || (wasEnabled && isDisabled);
}

/** A replica has its steps in the record of its primary, by Region. */
function withoutSteps(record: Fields, id: string, ended: readonly PlannedChange[]): Fields {
  const { step, days, replicaSteps, replicaDays, ...others } = record;
  const isEnded = ended.some((change) => keyTypes.has(change.type) && change.id === id);
  const regions = new Set(
    ended
      .filter((change) => !keyTypes.has(change.type) && identityOf(change.id) === identityOf(id))
      .map(({ before }) => regionOfArn(String(before.arn))),
  );
  const left = (byRegion: unknown): Fields =>
    Object.fromEntries(Object.entries(fieldsOf(byRegion)).filter(([region]) => !regions.has(region)));
  return {
    ...others,
    ...(isEnded ? {} : { ...(step === undefined ? {} : { step }), ...(days === undefined ? {} : { days }) }),
    ...(replicaSteps === undefined ? {} : { replicaSteps: left(replicaSteps) }),
    ...(replicaDays === undefined ? {} : { replicaDays: left(replicaDays) }),
  };
}

/** `payments_prod` of `payments_prod_us-east-1`: the ids of a key and its replicas end with their Regions. */
function identityOf(id: string): string {
  return id.slice(0, id.lastIndexOf("_"));
}
