import type { RolloutMetadata, SynthesizedStack } from "../../access/synthesized-stack";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import type { RolloutExplanation } from "../../rollouts/rollout-explanation";
import type { PageRollout } from "../page-data";
import type { PagePlaces } from "./page-places";

/** One StackSet, or a stack of one account, as a stack of the output has it. */
export interface ReadRollout {
  readonly rollout: string;
  readonly template: string;
  readonly zone: string | undefined;
  readonly name: string;
  readonly direct: boolean;
  readonly wave: string;
  readonly regions: readonly string[];
  readonly accountIds: readonly string[];
}

/** What the output rolls out; one that synthesis made no note of goes by its own name. */
export function rolloutsIn({ metadata, stackSets, directStacks, accountId }: SynthesizedStack): ReadRollout[] {
  const of = (name: string, record: RolloutMetadata | undefined) => ({
    rollout: record?.rollout ?? name,
    template: record?.template ?? "",
    zone: metadata.zone,
    name,
    wave: record?.wave ?? "",
  });
  return [
    ...stackSets.map(({ address, name, regions, accountIds }) => {
      const record = metadata.stackSets.get(idIn(address));
      const reached = record === undefined ? accountIds : [...record.reaches.keys()];
      return { ...of(name, record), direct: false, regions, accountIds: reached };
    }),
    ...directStacks.map(({ address, name, region }) => {
      const record = metadata.directStacks.get(idIn(address));
      return {
        ...of(name, record),
        direct: true,
        regions: [region],
        accountIds: accountId === undefined ? [] : [accountId],
      };
    }),
  ];
}

/**
 * Who is in is the output's to say, who is out and why the map's. An account that the map means and the output does not reach is
 * out for that reason.
 */
export function pageRollouts(
  read: readonly ReadRollout[],
  explanations: readonly RolloutExplanation[],
  places: PagePlaces,
): PageRollout[] {
  const explained = new Map(explanations.map((explanation) => [explanation.rollout, explanation]));
  const names = uniqueNames([...read.map(({ rollout }) => rollout), ...explained.keys()]);
  return names.map((name) => {
    const parts = read.filter(({ rollout }) => rollout === name);
    const map = explained.get(name);
    const reached = new Set(parts.flatMap(({ accountIds }) => accountIds));
    const out = [
      ...(map?.out ?? []).map(({ accountId, why }) => ({ accountId, why })),
      ...(map?.in ?? []).map(({ accountId }) => ({
        accountId,
        why: "the map means it, and the output does not bring it",
      })),
    ].filter(({ accountId }) => !reached.has(accountId));
    return {
      name,
      zone: places.zone(map?.zone ?? parts[0]?.zone),
      template: map?.template ?? parts[0]?.template ?? "",
      stackSets: parts
        .map(({ name: own, direct, wave, regions, accountIds }) => ({
          name: own,
          direct,
          wave,
          regions,
          accounts: accountIds.flatMap((id) => places.account(id) ?? []),
        }))
        .sort((a, b) => Number(a.direct) - Number(b.direct) || nameOrder(a.wave, b.wave) || nameOrder(a.name, b.name)),
      out: out.flatMap(({ accountId, why }) => {
        const account = places.account(accountId);
        return account === null ? [] : [[account, why] as const];
      }),
    };
  });
}

function idIn(address: string): string {
  return address.slice(address.indexOf(".") + 1);
}
