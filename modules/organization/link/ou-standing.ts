import { nameOrder } from "../../aws/name-order";
import type { Zone } from "../organization-map";

/** Whose an OU is, with everything below it. */
export type OuStanding =
  | { readonly kind: "own" }
  /** Another zone's. */
  | { readonly kind: "foreign"; readonly zone: string }
  /** Something in it is another zone's: `OU Regulated/PCI`, or `account shop-prod`. */
  | { readonly kind: "breach"; readonly zone: string; readonly through: string }
  /** Nothing in it is another zone's, and it is not the zone's either: whoever joins it tomorrow has no zone. */
  | { readonly kind: "unclaimed" };

/**
 * Holds one OU of a zone's organization against the zone's wall.
 *
 * @param zones all zones
 */
export function ouStanding(ouPath: string, zone: Zone, zones: Iterable<Zone>): OuStanding {
  if (zone.extent.wholeOus.some(({ path }) => isAtOrBelow(ouPath, path))) return { kind: "own" };
  const others = [...zones]
    .filter(({ name, organization }) => name !== zone.name && organization.name === zone.organization.name)
    .sort((a, b) => nameOrder(a.name, b.name));
  for (const { name, extent } of others) {
    const isTheirs =
      extent.wholeOus.some(({ path }) => isAtOrBelow(ouPath, path)) ||
      extent.ownOus.some(({ path }) => path === ouPath);
    if (isTheirs) return { kind: "foreign", zone: name };
  }
  for (const { name, extent } of others) {
    const ou = [...extent.wholeOus, ...extent.ownOus].find(({ path }) => isAtOrBelow(path, ouPath));
    if (ou !== undefined) return { kind: "breach", zone: name, through: `OU ${ou.path}` };
    const account = extent.accounts.find((each) => isAtOrBelow(each.ouPath, ouPath));
    if (account !== undefined) return { kind: "breach", zone: name, through: `account ${account.name}` };
  }
  return { kind: "unclaimed" };
}

/** Whether an OU path, or an account's, is this OU or below it. */
export function isAtOrBelow(ouPath: string, above: string): boolean {
  return ouPath === above || ouPath.startsWith(`${above}/`);
}
