import type { FormerDrift } from "../drift/narrow-drift";

export function readFormerDrift(
  _text: string,
): { readonly former: FormerDrift } | { readonly problems: readonly string[] } {
  return { former: { fingerprints: new Set() } };
}
