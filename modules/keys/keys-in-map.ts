import { keyGeneration, successorOf } from "../aws/key-generation";
import { nameOrder } from "../aws/name-order";
import type { KeyLifecycle } from "../organization/key-lifecycle";
import type { OrganizationMap } from "../organization/organization-map";
import { listNames, suggestName } from "../organization/problem";
import { cutKeys, type KeyCandidate } from "./key-identity";
import { lifeOf } from "./key-life";
import type { PlanProblem } from "./plan-problem";
import { refuseLifecycle } from "./refuse-lifecycle";

/** Every key of a map, with what the map records of it. */
export interface KeysInMap {
  readonly keys: readonly KeyCandidate[];
  readonly problems: readonly PlanProblem[];
  /** Entries whose key the map does not have any more, and that nothing needs. */
  readonly unused: readonly KeyLifecycle[];
}

/**
 * Cuts the keys and gives each its lifecycle: where it is in its life, and the key that replaces it.
 *
 * @param today the day it is; without one nothing is said of days to come
 */
export function keysInMap(map: OrganizationMap, today?: string): KeysInMap {
  const keys = cutKeys(map.workloads, new Map(map.zones.map((zone) => [zone.name, zone])));
  const byIdentity = new Map<string, number[]>();
  const note = (key: KeyCandidate, index: number): void => {
    const identity = `${key.owner.id} ${key.id}`;
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), index]);
  };
  keys.forEach(note);
  const problems: PlanProblem[] = [];
  const unused: KeyLifecycle[] = [];
  // A key that replaces another has to be there before something can be said of it.
  const inOrder = [...map.lifecycles].sort((a, b) => keyGeneration(a.key) - keyGeneration(b.key));
  for (const lifecycle of inOrder) {
    const found = (byIdentity.get(`${lifecycle.account.id} ${lifecycle.key}`) ?? [])
      .flatMap((index) => (keys[index] === undefined ? [] : [{ index, key: keys[index] }]))
      .filter(({ key }) => lifecycle.region === undefined || key.region === lifecycle.region);
    const [one, second] = found;
    if (one === undefined) {
      if (lifecycle.decommission?.gone !== undefined || lifecycle.handOver !== undefined) unused.push(lifecycle);
      else problems.push(unknownKey(lifecycle, keys));
      continue;
    }
    if (second !== undefined) {
      const regions = listNames(found.map(({ key }) => key.region));
      const message = `is a key of account ${lifecycle.account.name} in ${regions}, and the entry does not say which`;
      problems.push({ source: `${lifecycle.source}.key`, message, fix: `add region: one of ${regions}` });
      continue;
    }
    const other = one.key.life.lifecycle;
    if (other !== undefined) {
      const message = `is the key of entry ${other.name} as well`;
      problems.push({ source: `${lifecycle.source}.key`, message, fix: "join the two into one entry" });
      continue;
    }
    problems.push(...refuseLifecycle(lifecycle, one.key, today));
    const { owner, id, region } = one.key;
    const key = { ...one.key, life: lifeOf([{ ...lifecycle, region }], owner.id, id, region) };
    keys[one.index] = key;
    if (lifecycle.replaced === undefined) continue;
    keys[one.index] = { ...key, ...numberedAliases(key), droppedAliases: [] };
    keys.push({ ...one.key, id: successorOf(key.id), replaces: lifecycle });
    note({ ...key, id: successorOf(key.id) }, keys.length - 1);
  }
  return { keys, problems: [...problems, ...adoptedTwice(keys)], unused };
}

/** A key that is replaced is for old data, and found by its aliases with its number: one for each that has a pattern. */
function numberedAliases(key: KeyCandidate): Pick<KeyCandidate, "alias" | "aliases" | "lastingAliases"> {
  // Names of today would be others after the next rename, and nothing could keep these.
  const [first, ...others] = key.lastingAliases;
  const numbered = (alias: string): string => `${alias}-${keyGeneration(key.id)}`;
  const aliases = [numbered(first), ...others.map(numbered)] as const;
  return { alias: aliases[0], aliases, lastingAliases: aliases };
}

function unknownKey({ account, key, region, source }: KeyLifecycle, keys: readonly KeyCandidate[]): PlanProblem {
  const own = keys.filter(({ owner }) => owner.id === account.id);
  const elsewhere = own.filter(({ id }) => id === key).map((each) => each.region);
  if (elsewhere.length > 0) {
    return {
      source: `${source}.region`,
      message: `is not where account ${account.name} has key ${key}: ${region}`,
      fix: `write ${listNames(elsewhere)}`,
    };
  }
  const ids = own.map(({ id }) => id).sort(nameOrder);
  const otherOwner = keys.find(({ id }) => id === key)?.owner.name;
  const otherwise =
    otherOwner === undefined ? `its keys are ${listNames(ids)}` : `${otherOwner} owns it: name that account`;
  return {
    source: `${source}.key`,
    message: `is no key of account ${account.name}: ${key}`,
    fix: ids.includes(key) ? otherwise : otherOwner === undefined ? suggestName(key, ids, otherwise) : otherwise,
  };
}

/** Two resources on one key of AWS would undo each other's changes. Related multi-Region keys share their id. */
function adoptedTwice(keys: readonly KeyCandidate[]): PlanProblem[] {
  const byId = new Map<string, KeyLifecycle>();
  return keys.flatMap(({ life: { lifecycle } }) => {
    if (lifecycle?.adopt === undefined) return [];
    const { keyId } = lifecycle.adopt;
    const other = byId.get(keyId);
    if (other === undefined) {
      byId.set(keyId, lifecycle);
      return [];
    }
    const message = `is taken over by entry ${other.name} already: ${keyId}`;
    return [{ source: `${lifecycle.source}.adopt.keyId`, message, fix: "a key of AWS is one key of the map" }];
  });
}
