import type { Policy } from "./policy-statement";
import { type PolicyKind, readPolicy } from "./read-policy";

/**
 * A policy as plans and AWS have it: JSON text.
 *
 * @param document what findings call it
 * @returns undefined when it is no JSON text; what is in it and not understood, its statements say
 */
export function readPolicyText(text: unknown, document: string, kind: PolicyKind): Policy | undefined {
  const json = parseText(text);
  return json === undefined ? undefined : readPolicy(json.value, { document, path: "" }, kind).policy;
}

/** @returns undefined when it is no JSON text */
export function parseText(text: unknown): { readonly value: unknown } | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
