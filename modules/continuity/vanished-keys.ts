import { isLetGo } from "../aws/key-step";
import type { ContinuityRules } from "./continuity-rules";
import type { Refusal } from "./refusal";
import type { KeyRecord, StackRecord } from "./stack-record";
import { type AppearedKey, whyVanished } from "./why-vanished";

/**
 * Keys, replicas and key stores that are in the last output and in no block of the new one: Terraform would destroy them.
 *
 * @param after undefined when the account has no stack any more; nothing is then destroyed, and nobody looks after it
 */
export function vanishedKeys(
  before: StackRecord,
  after: StackRecord | undefined,
  appeared: readonly AppearedKey[],
  rules: ContinuityRules,
): Refusal[] {
  const isGone = (address: string): boolean =>
    after === undefined || (!after.keys.has(address) && !after.removed.has(address));
  return [...before.keys.values()].flatMap((key): Refusal[] => {
    if (!isGone(key.address)) return [];
    if (key.kind === "key store" && isEmpty(key, before)) return [];
    // It is said with its primary.
    if (key.kind === "replica" && key.primary !== undefined && isGone(key.primary)) return [];
    const replicas = [...before.keys.values()].filter(({ primary }) => primary === key.address);
    const named = key.metadata?.alias === undefined ? "" : ` (${key.metadata.alias})`;
    const also =
      replicas.length === 0 ? "" : ` with its replicas in ${replicas.map(({ region }) => region).join(", ")}`;
    const fate =
      after === undefined
        ? "would be left behind in AWS, in no plan and no check"
        : `would be destroyed${key.kind === "key store" ? "" : ", with its aliases and grants"}`;
    const { because, ...instead } = whyVanished(key, before, appeared, rules);
    return [
      {
        id: "key-vanishes",
        severity: "critical",
        where: `${before.account} ${key.address}`,
        why: `the ${key.kind}${named}${also} ${fate}: ${because}`,
        sources: key.metadata?.sources ?? [],
        ...instead,
      },
    ];
  });
}

/** No key is in it for all that the last output knows: AWS deletes no key store with a key in it, scheduled ones among them. */
function isEmpty({ address }: KeyRecord, { keys, metadata }: StackRecord): boolean {
  const isIn = ({ arguments: { custom_key_store_id: store } }: KeyRecord): boolean => store === `\${${address}.id}`;
  const steps = [...metadata.values()].map(({ step }) => step);
  return (
    ![...keys.values()].some(isIn) && !steps.some((step) => step !== undefined && isLetGo(step) && step !== "gone")
  );
}
