import type { ChangePlace } from "../../access/access-change";
import type { ZoneBoundaries, ZoneBoundary } from "../../access/zone-boundary";
import { changePlace, type ReviewContext, zoneOf } from "../review-context";
import { remaining, type StackPair } from "../stack-pair";

/** Where access is judged, of both maps. */
export interface AccessPlaces {
  /** By head's zones; where nobody can tell in which one it is, everybody is outside. */
  readonly now: ChangePlace;
  /** By base's zones; undefined where these are the same, or say nothing of it. */
  readonly former: ChangePlace | undefined;
}

export function placesOf(pair: StackPair, region: string, context: ReviewContext): AccessPlaces {
  const { partition = nowhere.partition } = remaining(pair);
  const now = changePlace(pair, region, context) ?? { region, partition, zone: nowhere, zones: context.zones };
  const zone = pair.before === undefined ? undefined : zoneOf(pair.before, context.zonesBefore);
  return { now, former: formerPlace(zone, region, context) };
}

/** Of a key of another stack. */
export function placesOfAccount(accountId: string, region: string, context: ReviewContext): AccessPlaces {
  const { zones, zonesBefore } = context;
  const zone = zones.ofAccount(accountId) ?? nowhere;
  return {
    now: { region, partition: zone.partition, zone, zones },
    former: formerPlace(zonesBefore.ofAccount(accountId), region, context),
  };
}

function formerPlace(zone: ZoneBoundary | undefined, region: string, context: ReviewContext): ChangePlace | undefined {
  if (zone === undefined || !hasOtherWalls(context)) return undefined;
  return { region, partition: zone.partition, zone, zones: context.zonesBefore };
}

/**
 * Whether an account or an OU is in another zone than before: then who is outside may be others without any difference in a
 * stack, so that stacks with the same text have to be compared as well.
 */
export function hasOtherWalls({ zones, zonesBefore }: Pick<ReviewContext, "zones" | "zonesBefore">): boolean {
  return zones !== zonesBefore && wallsOf(zones) !== wallsOf(zonesBefore);
}

const walls = new WeakMap<ZoneBoundaries, string>();
function wallsOf(zones: ZoneBoundaries): string {
  const known = walls.get(zones);
  if (known !== undefined) return known;
  const text = JSON.stringify(
    zones.all
      .map(({ accounts, wholeOus, ownOus, regions }) =>
        JSON.stringify([
          [...accounts.keys()].sort(),
          wholeOus.map(({ idPath }) => idPath).sort(),
          ownOus.map(({ idPath }) => idPath).sort(),
          [...regions].sort(),
        ]),
      )
      .sort(),
  );
  walls.set(zones, text);
  return text;
}

const nowhere: ZoneBoundary = {
  name: "of nobody",
  organization: "",
  organizationId: "",
  partition: "aws",
  managementAccountId: "",
  rolloutAdministratorId: undefined,
  accounts: new Map(),
  inactiveAccounts: new Set(),
  wholeOus: [],
  ownOus: [],
  regions: [],
  keyStores: [],
  administrators: [],
  breakGlass: "",
  deployRole: "",
  auditRole: "",
  externalId: undefined,
  pipelines: undefined,
  state: { kind: "local" },
  guardrails: {
    resourceControl: { principals: false, services: false },
    serviceControl: { ownKeys: false, destruction: false, policies: false, regions: false },
  },
  stackSets: false,
  rolesByHand: undefined,
  floor: { rotationDays: undefined, deletionWindowDays: undefined },
};
