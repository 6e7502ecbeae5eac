import type { CheckId } from "../../../modules/findings/check-ids";
import { vault } from "../kinds-output";
import type { Json } from "../sample-output";
import { type Breach, onStack, resourceOf } from "./mutation";

export const deposit = "deposit_prod_us-east-1";
export const depositWest = "deposit_prod_us-west-2";

/** A breach of one resource in the stack with keys of every kind. */
export function ofResource(
  name: string,
  check: CheckId,
  [type, id]: readonly [type: string, id: string],
  edit: (resource: Json, json: Json) => void,
): Breach {
  return {
    name,
    change: onStack(vault.stack, (json) => edit(resourceOf(json, type, id), json)),
    found: { [check]: `${type}.${id}` },
    within: ["vault", vault.stack],
  };
}

/** Arguments that are set; an undefined one is taken out. */
export function changed(
  name: string,
  check: CheckId,
  [type, id, change]: readonly [type: string, id: string, change: Json],
): Breach {
  return ofResource(name, check, [type, id], (resource) => Object.assign(resource, change));
}
