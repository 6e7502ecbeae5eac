import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import { foreignGrantsByOwner, reviewedKeys } from "../../modules/drift/reviewed/reviewed-keys";
import { templateKeys } from "../../modules/drift/reviewed/template-keys";
import type { Output } from "../checks/sample-output";

export function stacksOf(output: Output): readonly SynthesizedStack[] {
  return [...output.texts].map(([name, text]) => readSynthesizedStack(name, text));
}

/** Everything that reviewed JSON asks for in one account. */
export function reviewedIn(stacks: readonly SynthesizedStack[], accountId: string): ReviewedKey[] {
  const foreign = foreignGrantsByOwner(stacks).get(accountId) ?? [];
  return [
    ...stacks.filter((stack) => stack.accountId === accountId).flatMap((stack) => reviewedKeys(stack, foreign)),
    ...templateKeys(stacks, accountId),
  ];
}

/** One key of a stack, by its address. */
export function reviewedKey(output: Output, stack: string, address: string): ReviewedKey {
  const stacks = stacksOf(output);
  const { accountId = "" } = stacks.find(({ name }) => name === stack) ?? {};
  const found = reviewedIn(stacks, accountId).find((key) => key.stack === stack && key.address === address);
  if (found === undefined) throw new Error(`stack ${stack} has no ${address}`);
  return found;
}
