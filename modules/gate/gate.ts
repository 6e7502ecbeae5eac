import { sortFindings } from "../findings/finding";
import { allRules } from "./all-rules";
import { allowFindings, type GateFinding, WHOLE_RUN } from "./allow-findings";
import type { GateInput, GateReport, GateRules } from "./gate-finding";
import type { Danger, GateRule } from "./gate-rule";
import { type GatedStack, type LookedUpKey, readGatedStack } from "./gated-stack";
import { keyPlace, knownKeys, wantedKeys } from "./wanted-keys";

/**
 * Reads all plans of a run, before anything of it is applied.
 *
 * @param inputs each stack's plan, and the very JSON that was planned
 * @returns what they would do that nothing may do without somebody's word, and whose word there is
 */
export async function gate(inputs: readonly GateInput[], rules: GateRules): Promise<GateReport> {
  const stacks = await Promise.all(
    inputs.map(async (input) => readGatedStack(input, rules.zones, await lookUp(input, rules))),
  );
  const found = allRules.flatMap((rule) => [
    ...stacks.flatMap((stack) => (rule.inStack?.(stack) ?? []).map((danger) => findingOf(rule, danger, stack))),
    ...(rule.inRun?.(stacks, rules) ?? []).map((danger) => findingOf(rule, danger)),
  ]);
  const { findings, ...allowed } = allowFindings(sortFindings(found), rules);
  return { findings, open: findings.filter(({ allowed }) => allowed === undefined).length, ...allowed };
}

/** What is in AWS of each key that a plan would make, without what its state has. */
async function lookUp(input: GateInput, { keysLike }: GateRules): Promise<LookedUpKey[]> {
  const known = knownKeys(input);
  return Promise.all(
    wantedKeys(input).map(async (wanted): Promise<LookedUpKey> => {
      const found = await keysLike(input, wanted).catch((error: unknown) => ({
        unread: error instanceof Error ? error.message : String(error),
      }));
      return { wanted, found: "unread" in found ? found : found.filter(({ arn }) => !known.has(keyPlace(arn))) };
    }),
  );
}

function findingOf(rule: GateRule, { address, detail = [], why, fix }: Danger, stack?: GatedStack): GateFinding {
  return {
    id: rule.id,
    severity: rule.severity,
    where: [stack?.name ?? WHOLE_RUN, ...(address === undefined ? [] : [address]), ...detail].join(" "),
    why,
    whatToDo: fix ?? rule.fix,
    stack: stack?.node.name ?? "",
    address,
    allowed: undefined,
  };
}
