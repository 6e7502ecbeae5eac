import type { DriftPlace, StackAddress } from "../drift";

/** Resources of the stack that a place is in. */
export function inStack(
  { stack }: Pick<DriftPlace, "stack">,
  resources: readonly { readonly address: string }[],
): StackAddress[] {
  return stack === undefined ? [] : resources.map(({ address }) => ({ stack, address }));
}
