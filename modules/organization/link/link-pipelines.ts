import { parseIamPrincipalArn } from "../../aws/arn";
import { inNameOrder, nameOrder } from "../../aws/name-order";
import type { CheckedEntries } from "../check-files";
import type { MapPath } from "../map-file";
import type { Zone, ZonePipelines } from "../organization-map";
import type { Problem } from "../problem";
import type { ZoneFile } from "../schema/zones-schema";
import type { Principal } from "../workload";
import { type KnownAccounts, UNKNOWN_ZONE } from "./known-accounts";
import { resolvePrincipal } from "./principal";
import { withoutPath, zoneDuty } from "./zone-duty";

const duties = ["deploy", "audit"] as const;

type Report = (path: MapPath, message: string, fix: string) => void;

/**
 * Resolves who may assume each zone's deploy and audit roles: roles of the zone's own accounts, without any other duty.
 *
 * @returns the zones with their pipelines. Those of an account that is not there yet are pending
 */
export function linkPipelines(
  checked: CheckedEntries<ZoneFile> | undefined,
  zones: ReadonlyMap<string, Zone>,
  accounts: KnownAccounts,
): { zones: Map<string, Zone>; problems: Problem[] } {
  const linked = new Map(zones);
  const problems: Problem[] = [];
  for (const [name, { file, value }] of checked?.entries ?? []) {
    const zone = zones.get(name);
    if (zone === undefined || value.pipelines === undefined) continue;
    const report: Report = (path, message, fix) => {
      problems.push(file.problem([name, "pipelines", ...path], message, { fix }));
    };
    linked.set(name, { ...zone, pipelines: pipelinesOf(value.pipelines, zone, accounts, report) });
  }
  return { zones: linked, problems };
}

function pipelinesOf(
  entry: NonNullable<ZoneFile["pipelines"]>,
  zone: Zone,
  accounts: KnownAccounts,
  report: Report,
): ZonePipelines {
  const places = new Map<string, string>();
  const principals: Record<(typeof duties)[number], Principal[]> = { deploy: [], audit: [] };
  for (const duty of duties) {
    for (const [index, text] of entry[duty].entries()) {
      const at = [duty, index];
      const principal = principalOf(text, zone, accounts, (message, fix) => report(at, message, fix));
      if (principal === undefined) continue;
      const identity = `${principal.account.id} ${withoutPath(principal.name)}`;
      const place = places.get(identity);
      places.set(identity, place ?? duty);
      if (place === duty) report(at, "stands in this list twice", "drop one");
      else if (place !== undefined) {
        const fix = "use another role: one role in two duties is no separation of duties";
        report(at, `is also in ${place}, and who looks whether keys changed is not who changes them`, fix);
      } else principals[duty].push(principal);
    }
    principals[duty].sort((a, b) => nameOrder(a.arn, b.arn));
  }
  return { ...principals, sessionTags: Object.fromEntries(inNameOrder(entry.sessionTags ?? {})) };
}

/** One role; undefined when there is none to go on with, and then whatever is wrong has been reported. */
function principalOf(
  text: string,
  zone: Zone,
  accounts: KnownAccounts,
  report: (message: string, fix: string) => void,
): Principal | undefined {
  const { organization } = zone;
  const partition = parseIamPrincipalArn(text)?.partition;
  if (partition !== undefined && partition !== organization.partition) {
    const message = `is in partition ${partition}, and organization ${organization.name} is in ${organization.partition}`;
    report(message, `name a role of an account of zone ${zone.name}: credentials never cross partitions`);
    return undefined;
  }
  // Every form that the schema lets through names its account, so that any account does for the short forms.
  const account = accounts.byName.get(text.split(":")[0] ?? "") ?? accounts.byName.get(organization.managementAccount);
  const resolved = account === undefined ? undefined : resolvePrincipal(text, { account, accounts, status: "active" });
  if (resolved === undefined || "unknown" in resolved) return undefined;
  if ("message" in resolved) {
    report(resolved.message, resolved.fix);
    return undefined;
  }
  const [principal] = resolved.principals;
  if (principal === undefined || principal.account.zone === UNKNOWN_ZONE) return undefined;
  if (principal.account.zone !== zone.name) {
    const message = `is in zone ${principal.account.zone} (account ${principal.account.name}), and would deploy into zone ${zone.name}`;
    report(message, "zones are independent key domains: name a role of the zone's own accounts");
    return undefined;
  }
  if (principal.status === "suspended") {
    report(`is in account ${principal.account.name}, which is suspended`, "name a role of an active account");
    return undefined;
  }
  const duty = zoneDuty(principal, zone);
  if (duty === undefined) return principal;
  const message = `names ${principal.name}, the ${duty} of zone ${zone.name}`;
  report(message, "use a role of its own: one role in two duties is no separation of duties");
  return undefined;
}
