import { successorOf } from "../aws/key-generation";
import type { ContinuityRules } from "./continuity-rules";
import { decommissionLine, lifecycleLines } from "./lifecycle-lines";
import type { Refusal } from "./refusal";
import { renamedKey } from "./renamed-key";
import type { KeyRecord, StackRecord } from "./stack-record";

/** A key that the new output has and the last one had not. */
export interface AppearedKey {
  readonly stack: StackRecord;
  readonly key: KeyRecord;
}

interface Instead extends Pick<Refusal, "whatToDo" | "lines"> {
  readonly because: string;
}

/** What of the map a vanished key hangs on, and what to write instead. */
export function whyVanished(
  key: KeyRecord,
  before: StackRecord,
  appeared: readonly AppearedKey[],
  rules: ContinuityRules,
): Instead {
  if (key.kind === "key store") {
    const whatToDo = `put it back under keyStores of zone ${before.zone} in zones.yaml; a store ends after the last key in it`;
    return { because: "the map no longer has the key store", whatToDo, lines: [] };
  }
  if (key.kind === "replica") {
    const primary = before.keys.get(key.primary ?? "") ?? key;
    if (rules.waitingReplicas.has(`${before.accountId} ${key.id}`)) {
      return {
        because: "the map no longer records that the key's material has been imported, and plans no replica without it",
        whatToDo: "put the record back in lifecycle.yaml",
        lines: lifecycleLines(before, primary, `material: {imported: DAY, replicas: {${key.region}: {imported: DAY}}}`),
      };
    }
    return {
      because: `nobody in the map asks for a replica in ${key.region} any more`,
      whatToDo: `put ${key.region} back under replicas; to end the replica, leave it there and record in lifecycle.yaml`,
      lines: lifecycleLines(before, primary, `replicas: {${key.region}: {${decommissionLine}}}`),
    };
  }
  const here = appeared.filter(({ stack }) => stack.state === before.state).map((each) => each.key);
  return (
    waiting(key, before, rules) ??
    replacedNoMore(key, before) ??
    renamed(key, here, rules) ??
    anotherRegion(key, here) ??
    anotherOwner(key, before, appeared) ??
    anotherService(key, here) ??
    anotherCut(key, here, rules) ??
    nobodyAsks(key, before)
  );
}

function waiting(key: KeyRecord, before: StackRecord, rules: ContinuityRules): Instead | undefined {
  if (!rules.waitingKeys.has(`${before.accountId} ${key.id}`)) return undefined;
  const whatToDo = `put the store's status back under keyStores of zone ${before.zone} in zones.yaml`;
  return {
    because: "its key store is pending, and the keys in it are in no stack",
    whatToDo,
    lines: ["status: active"],
  };
}

/** A key with a number is there because `lifecycle.yaml` says that another one is replaced. */
function replacedNoMore({ identity, region }: KeyRecord, before: StackRecord): Instead | undefined {
  const former = [...before.metadata].find(
    ([id, { replaced }]) =>
      replaced !== undefined && successorOf(id.slice(0, -region.length - 1)) === identity && id.endsWith(`_${region}`),
  );
  if (former === undefined) return undefined;
  const [id, { replaced }] = former;
  const name = id.slice(0, -region.length - 1);
  return {
    because: `lifecycle.yaml says no more that key ${name} is replaced, and this key replaced it`,
    whatToDo: "put it back into the entry of that key, and leave the entry there for as long as this key is",
    lines: lifecycleLines(before, { identity: name, region, owner: undefined }, `replaced: ${replaced}`),
  };
}

/** A key per service, of a service that its workload has no key for any more. */
function anotherService(key: KeyRecord, here: readonly KeyRecord[]): Instead | undefined {
  const [workload, environment, service] = key.identity.split("_");
  const other = here.find(({ identity }) => {
    const [otherWorkload, otherEnvironment, otherService] = identity.split("_");
    return otherWorkload === workload && otherEnvironment === environment && otherService !== undefined;
  });
  if (other === undefined || workload === "shared" || service === undefined) return undefined;
  return {
    because: `workload ${workload} no longer has a key for ${service}, and ${other.id} would be a new one`,
    whatToDo: `put ${service} back under perService, beside what is new: what is there stays under the key of its service`,
    lines: [],
  };
}

function renamed(key: KeyRecord, here: readonly KeyRecord[], rules: ContinuityRules): Instead | undefined {
  const renaming = renamedKey(key, here, rules);
  if (renaming === undefined) return undefined;
  const { what, from, to, places } = renaming;
  return {
    because: `the map no longer has ${what} ${from}, and the key of ${what} ${to} would be a new one`,
    whatToDo: `if ${to} is ${from} under a new name, write at ${places.join(", ")}; otherwise put ${what} ${from} back`,
    lines: [`formerly: ${from}`],
  };
}

function anotherRegion(key: KeyRecord, here: readonly KeyRecord[]): Instead | undefined {
  const other = here.find(({ identity, kind }) => kind === key.kind && identity === key.identity);
  if (other === undefined) return undefined;
  return {
    because: `a new key would be made in ${other.region} instead, and no key moves to another Region`,
    whatToDo: `put the Region back: what the key encrypted in ${key.region} is under this key (docs/lifecycle.md#replace)`,
    lines: [`region: ${key.region}`],
  };
}

function anotherOwner(key: KeyRecord, before: StackRecord, appeared: readonly AppearedKey[]): Instead | undefined {
  const other = appeared.find(({ stack, key: each }) => stack !== before && each.address === key.address);
  if (other === undefined) return undefined;
  const { account, zone } = other.stack;
  const where = zone === before.zone ? account : `${account} of zone ${zone}`;
  return {
    because: `a new key would be made in account ${where} instead, and no key moves to another account`,
    whatToDo:
      zone === before.zone
        ? `put back what moved it: topology and centralize of zone ${zone}, or the account of its workload`
        : `put its account back into zone ${before.zone}; to move it all the same, see docs/lifecycle.md#move-to-another-zone`,
    lines: [],
  };
}

/** The same workload environment asks, and what it gets is cut differently. */
function anotherCut(key: KeyRecord, here: readonly KeyRecord[], rules: ContinuityRules): Instead | undefined {
  const asks = new Set(key.metadata?.sources);
  const other = here.find(({ metadata }) => metadata?.sources.some((source) => asks.has(source)));
  const [was, is] = [key.metadata?.dataClass, other?.metadata?.dataClass];
  if (other === undefined || was === undefined || is === undefined) return undefined;
  if (was !== is && rules.dataClasses.has(was)) {
    return {
      because: `its workload is of data class ${is} now, and the key of that is another one (${other.id})`,
      whatToDo:
        "put the data class back: data that is there stays under the key of its class (docs/lifecycle.md#replace)",
      lines: [`dataClass: ${was}`],
    };
  }
  return {
    because: `data class ${is} is cut into other keys now, and ${other.id} would be a new one`,
    whatToDo: `put \`per\` of data class ${is} back in data-classes.yaml, or give new workloads a class of their own`,
    lines: [],
  };
}

function nobodyAsks(key: KeyRecord, before: StackRecord): Instead {
  return {
    because: "nothing in the map asks for it any more",
    whatToDo: "put back the lines that asked for it; to end the key, leave them there and record in lifecycle.yaml",
    lines: lifecycleLines(before, key, decommissionLine),
  };
}
