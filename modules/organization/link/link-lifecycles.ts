import { nameOrder } from "../../aws/name-order";
import type { CheckedEntries } from "../check-files";
import type { ImportedMaterial, KeyLifecycle } from "../key-lifecycle";
import type { MapPath } from "../map-file";
import type { Account } from "../organization-map";
import { listNames, type Problem, suggestName } from "../problem";
import type { LifecycleFile } from "../schema/lifecycle-schema";
import { valueAt } from "../schema/schema-at";
import type { KnownAccounts } from "./known-accounts";

type Report = (path: MapPath, message: string, fix: string, atKey?: boolean) => void;

/**
 * Resolves the accounts of lifecycles, and refuses parts that contradict each other. Whether the key is there, and can do what
 * is said of it, shows in the key plan.
 *
 * @param checked undefined when there is no file of lifecycles, or none that could be read
 */
export function linkLifecycles(
  checked: CheckedEntries<LifecycleFile> | undefined,
  accounts: KnownAccounts,
): { lifecycles: KeyLifecycle[]; problems: Problem[] } {
  const lifecycles: KeyLifecycle[] = [];
  const problems: Problem[] = [];
  for (const [name, { value, file }] of checked?.entries ?? []) {
    const report: Report = (path, message, fix, atKey = false) => {
      problems.push(file.problem([name, ...path], message, { fix, atKey }));
    };
    // A part with a mistake is a part all the same.
    if (parts.every((part) => value[part] === undefined && valueAt(file.value, [name, part]) === undefined)) {
      report([], "says nothing of its key", `add what happened to it (${parts.join(", ")}), or delete the entry`, true);
    }
    refuseContradictions(value, report);
    const account = accounts.byName.get(value.account);
    if (account !== undefined) {
      checkRegion(value.region, account, report);
      lifecycles.push({ name, account, ...recordOf(value), source: `${file.path} ${name}` });
    } else if (!accounts.mayHave(value.account)) {
      report(["account"], "is not an account of this map", accounts.suggest(value.account));
    }
  }
  return { lifecycles, problems };
}

function checkRegion(region: string | undefined, { organization }: Account, report: Report): void {
  const { regions, name } = organization;
  if (region === undefined || regions.includes(region)) return;
  const fix = suggestName(region, regions, `Regions are ${listNames(regions)}`);
  report(["region"], `must be a Region of organization ${name}`, fix);
}

function recordOf(entry: LifecycleFile): Omit<KeyLifecycle, "name" | "account" | "source"> {
  const { adopt, decommission, material } = entry;
  return {
    key: entry.key,
    region: entry.region,
    owner: entry.owner,
    reason: entry.reason,
    rotated: [...(entry.rotated ?? [])].sort((a, b) => nameOrder(a.day, b.day)),
    material:
      material === undefined
        ? undefined
        : {
            ...importOf(material),
            replicas: new Map(
              Object.entries(material.replicas ?? {}).map(([region, replica]) => [region, importOf(replica)]),
            ),
          },
    adopt:
      adopt === undefined
        ? undefined
        : {
            keyId: adopt.keyId,
            replicas: adopt.replicas ?? [],
            aliases: (adopt.aliases ?? []).map((alias) => `alias/${alias}`),
            grants: new Map(Object.entries(adopt.grants ?? {})),
          },
    replaced: entry.replaced,
    decommission: decommission === undefined ? undefined : daysOf(decommission),
    handOver: entry.handOver,
    replicas: new Map(
      Object.entries(entry.replicas ?? {}).map(([region, replica]) => [region, daysOf(replica.decommission)]),
    ),
  };
}

type DecommissionFile = NonNullable<LifecycleFile["decommission"]>;

function daysOf({ disabled, scheduled, gone }: DecommissionFile): NonNullable<KeyLifecycle["decommission"]> {
  return { disabled, scheduled, gone };
}

type ImportFile = NonNullable<NonNullable<LifecycleFile["material"]>["replicas"]>[string];

function importOf({ imported, expires }: ImportFile): ImportedMaterial {
  return { imported, expires };
}

/** What an entry can say of its key, apart from whose it is. */
const parts = ["adopt", "decommission", "handOver", "material", "replaced", "replicas", "rotated"] as const;

function refuseContradictions(entry: LifecycleFile, report: Report): void {
  const { adopt, decommission, handOver, material } = entry;
  if (decommission !== undefined && handOver !== undefined) {
    const message = "contradicts decommission: a key that is handed over stays as it is";
    report(["handOver"], message, "keep one of the two", true);
  }
  if (entry.replicas !== undefined && handOver !== undefined) {
    const message = "contradicts replicas: a key is handed over with all of its replicas";
    report(["handOver"], message, "end the replicas first, and then hand over what is left", true);
  }
  if (adopt !== undefined && decommission?.scheduled !== undefined) {
    const message = "contradicts adopt: Terraform cannot take a key over and let go of it at once";
    report(
      ["decommission", "scheduled"],
      message,
      "delete adopt: its work is done with the apply that took the key over",
    );
  }
  if (adopt !== undefined && handOver !== undefined) {
    const message = "contradicts adopt: Terraform cannot take a key over and let go of it at once";
    report(["handOver"], message, "delete adopt: its work is done with the apply that took the key over", true);
  }
  if (adopt !== undefined && entry.replaced !== undefined) {
    const message = "contradicts adopt: the new key would make aliases that exist";
    report(["replaced"], message, "take the key over first, apply, and replace it then");
  }
  const steps: [MapPath, DecommissionFile][] = [
    ...(decommission === undefined ? [] : [[["decommission"], decommission] satisfies [MapPath, DecommissionFile]]),
    ...Object.entries(entry.replicas ?? {}).map(([region, replica]): [MapPath, DecommissionFile] => [
      ["replicas", region, "decommission"],
      replica.decommission,
    ]),
  ];
  for (const [path, { scheduled, gone }] of steps) {
    if (gone === undefined || scheduled !== undefined) continue;
    report(
      [...path, "gone"],
      "skips a step: a key is disabled, scheduled for deletion, and then gone",
      "add scheduled",
    );
  }
  const imports: [MapPath, ImportFile][] = [
    ...(material === undefined ? [] : [[["material"], material] satisfies [MapPath, ImportFile]]),
    ...Object.entries(material?.replicas ?? {}).map(([region, replica]): [MapPath, ImportFile] => [
      ["material", "replicas", region],
      replica,
    ]),
  ];
  for (const [path, { imported, expires }] of imports) {
    if (expires === undefined || expires > imported) continue;
    report(
      [...path, "expires"],
      "is not after the day of the import",
      "write the day on which AWS deletes the material",
    );
  }
  const days = (entry.rotated ?? []).map(({ day }) => day);
  for (const [index, day] of days.entries()) {
    if (days.indexOf(day) === index) continue;
    report(["rotated", index, "day"], "stands here twice", "record each rotation once");
  }
}
