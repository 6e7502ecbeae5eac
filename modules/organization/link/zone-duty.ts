import { parsePermissionSetRole } from "../../aws/permission-set";
import type { MapPath } from "../map-file";
import type { Zone } from "../organization-map";
import type { Principal } from "../workload";
import type { EnvironmentContext } from "./workload-context";

/**
 * The duty that a principal has on the zone's keys, in whichever account: duties go by name, which is the same everywhere,
 * and who manages the keys of one account are the people who manage those of the next. IAM has each name once an account,
 * whatever its path and its case.
 */
export function zoneDuty({ name, account }: Principal, zone: Zone): string | undefined {
  const { roles } = zone.organization;
  const duties: readonly (readonly [string, string])[] = [
    ...zone.administrators.map((administrator) => ["administrator", administrator] as const),
    ["deploy role", `role/${roles.deploy}`],
    ["audit role", `role/${roles.audit}`],
    ["break-glass role", zone.breakGlass],
  ];
  return duties.find(([, holder]) => isSame(name, holder, account.id))?.[0];
}

/** A permission set's role ends in other characters in each account. */
function isSame(name: string, holder: string, accountId: string): boolean {
  const [own, held] = [name, holder].map((each) => parsePermissionSetRole(`arn:aws:iam::${accountId}:${each}`)?.name);
  if (held !== undefined && (own === held || name === `permission-set/${held}`)) return true;
  return withoutPath(name) === withoutPath(holder);
}

/** What IAM has once an account. */
export function withoutPath(name: string): string {
  const [kind = "", ...path] = name.split("/");
  return `${kind}/${path.at(-1) ?? ""}`.toLowerCase();
}

/** Reports whoever manages keys of the zone and is to use one: the guard of key policies sees the owner's account alone. */
export function refuseManagers(principals: readonly Principal[], at: MapPath, context: EnvironmentContext): void {
  const zone = context.known.zones.get(context.account.zone);
  if (zone === undefined) return;
  const manager = principals.find((principal) => zoneDuty(principal, zone) !== undefined);
  if (manager === undefined) return;
  const message = `names ${manager.name}, the ${zoneDuty(manager, zone)} of zone ${zone.name}, and who manages keys never uses them`;
  context.report(at, message, "use a role of its own for that");
}
