import type { SynthesizedStack } from "../../access/synthesized-stack";
import type { Danger, GateRule } from "../gate-rule";
import { addressOfKey, type GatedStack, idOf, regionOfArn } from "../gated-stack";
import type { PlannedChange } from "../planned-change";
import { aliasType } from "../resource-types";
import { isSucceeded, recordOf } from "../reviewed-life";

/** In AWS an alias is its name: whoever asks for a key by it gets another key, or none, from one moment to the next. */
export const rule: GateRule = {
  id: "alias-retargeted",
  severity: "critical",
  requirement:
    "No plan deletes an alias or leads it to another key, unless the reviewed JSON records that it is meant.",
  reason: "Whatever is encrypted by this name next would be under another key, or nothing would be found by it.",
  fix: "put back the alias; replace a key as docs/lifecycle.md#replace says, and let names go by dropAliases",
  allowedBy: "command line",
  inStack: (stack) => stack.changes.filter(({ type }) => type === aliasType).flatMap((each) => fateOf(each, stack)),
};

function fateOf(change: PlannedChange, stack: GatedStack): Danger[] {
  const { address, action, before } = change;
  const former = targetOf(before, stack);
  const name = String(before.name);
  if (action === "delete" || action === "replace") {
    const dropped = former !== undefined && isDropped(stack.stack, former, name);
    if (dropped) return [];
    return [{ address, why: `${name} would be deleted: it leads to ${former ?? describe(before)}` }];
  }
  if (action !== "update" && action !== "import") return [];
  const known = !change.isUnknown("target_key_id");
  if (known && sameKey(before.target_key_id, change.after.target_key_id)) return [];
  const next = stack.stack.aliases.find((alias) => alias.address === address)?.target;
  if (former !== undefined && next !== undefined && isSucceeded(stack.stack, former, next)) return [];
  const from = former ?? describe(before);
  const to = next === undefined || next === former ? "another key" : next;
  return [{ address, why: `${name} leads to ${from} and would lead to ${to}` }];
}

/** The key's own record lists the names that the map says may go. */
function isDropped(stack: SynthesizedStack, key: string, name: string): boolean {
  return recordOf(stack, key)?.droppedAliases.includes(name) === true;
}

function targetOf({ arn, target_key_id: key }: PlannedChange["before"], { changes }: GatedStack): string | undefined {
  if (typeof arn !== "string" || typeof key !== "string") return undefined;
  return addressOfKey(changes, key, regionOfArn(arn));
}

function sameKey(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && idOf(a) === idOf(b);
}

function describe({ target_key_id: key }: PlannedChange["before"]): string {
  return typeof key === "string" ? `key ${idOf(key)}, which the stack does not have` : "a key that nobody can tell";
}
