import type { PartitionName } from "../aws/partition";
import type { GuardrailSwitches } from "../policies/guardrails";
import type { PrincipalBounds } from "./principal-bounds";

/** Where one zone ends and who has which duty in it, as the organization map says: the trusted side of the proof. */
export interface ZoneBoundary {
  readonly name: string;
  /** The organization's name in the map. */
  readonly organization: string;
  readonly organizationId: string;
  readonly partition: PartitionName;
  readonly managementAccountId: string;
  /** Of the account that keeps the zone's StackSets; undefined where the map has no rollouts of the zone. */
  readonly rolloutAdministratorId: string | undefined;
  /** Names by id: of every account that is in the zone now. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Ids of those among them that are pending or suspended. */
  readonly inactiveAccounts: ReadonlySet<string>;
  /** OUs that are the zone's with everything below. */
  readonly wholeOus: readonly BoundaryOu[];
  /** OUs of which the zone has the accounts directly in it, and not everything below. */
  readonly ownOus: readonly BoundaryOu[];
  /** Where keys and replicas may be. */
  readonly regions: readonly string[];
  /** Custom key stores where keys may be. */
  readonly keyStores: readonly BoundaryKeyStore[];
  /** `role/NAME` or `user/NAME`, in each account that owns keys. */
  readonly administrators: readonly string[];
  /** `role/NAME` */
  readonly breakGlass: string;
  /** `role/NAME` */
  readonly deployRole: string;
  /** `role/NAME` */
  readonly auditRole: string;
  /** What the organization asks of whoever assumes these two. */
  readonly externalId: string | undefined;
  /** Who may assume them; undefined where the map does not say. */
  readonly pipelines: BoundaryPipelines | undefined;
  readonly state: BoundaryState;
  /** Which parts of the zone's guardrails the map asks for. */
  readonly guardrails: GuardrailSwitches;
  /** Whether a rollout brings keys to its accounts, so that StackSets write key policies there. */
  readonly stackSets: boolean;
  /** Where people make the deploy and audit roles by hand, by account id; undefined where no rollout brings them to the rest. */
  readonly rolesByHand: ReadonlySet<string> | undefined;
  readonly floor: { readonly rotationDays: number | undefined; readonly deletionWindowDays: number | undefined };
}

export interface BoundaryKeyStore {
  /** Its id in AWS, or its address in the stack of its account. */
  readonly store: string;
  readonly accountId: string;
  readonly region: string;
}

export interface BoundaryPipelines {
  /** ARNs of roles. */
  readonly deploy: readonly string[];
  /** ARNs of roles. */
  readonly audit: readonly string[];
  /** What both roles ask of each session in an account of the zone. */
  readonly sessionTags: Readonly<Record<string, string>>;
}

export interface BoundaryOu {
  /** `ou-ab12-31000000` */
  readonly id: string;
  /** `Regulated/PCI` */
  readonly path: string;
  /** `o-…/r-…/ou-…/`, the form of `aws:PrincipalOrgPaths`. */
  readonly idPath: string;
}

export type BoundaryState =
  | { readonly kind: "local" }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      readonly region: string;
      readonly kmsKeyId: string | undefined;
      readonly role: string | undefined;
    };

/** All zones of all organizations: every account is in exactly one. */
export class ZoneBoundaries {
  readonly all: readonly ZoneBoundary[];
  readonly #byAccount: ReadonlyMap<string, ZoneBoundary>;
  readonly #byName: ReadonlyMap<string, ZoneBoundary>;

  constructor(zones: readonly ZoneBoundary[]) {
    this.all = zones;
    this.#byName = new Map(zones.map((zone) => [zone.name, zone]));
    this.#byAccount = new Map(zones.flatMap((zone) => [...zone.accounts.keys()].map((id) => [id, zone])));
  }

  /** Undefined for an account of no organization of the map. */
  ofAccount(accountId: string): ZoneBoundary | undefined {
    return this.#byAccount.get(accountId);
  }

  named(name: string): ZoneBoundary | undefined {
    return this.#byName.get(name);
  }

  /** A copy in which an account is in a zone, as one that is moved there tomorrow. */
  withAccount(zone: ZoneBoundary, accountId: string, name: string): { zones: ZoneBoundaries; zone: ZoneBoundary } {
    const grown: ZoneBoundary = { ...zone, accounts: new Map([...zone.accounts, [accountId, name]]) };
    const others = this.all.filter((each) => each !== zone).map((each) => withoutAccount(each, accountId));
    return { zone: grown, zones: new ZoneBoundaries([...others, grown]) };
  }

  /** `account shop-prod (210000000001) of zone corporate`: for people who have to find out who that is. */
  describe(accountId: string): string {
    const zone = this.ofAccount(accountId);
    return zone === undefined
      ? `account ${accountId}, which the map does not know`
      : `account ${zone.accounts.get(accountId)} (${accountId}) of zone ${zone.name}`;
  }

  /**
   * What of these bounds lies outside a zone, in words; nothing means that nobody outside can be meant.
   *
   * An organization as a whole is always outside: an account that is created directly below its root is in no zone.
   */
  outside(bounds: PrincipalBounds, zone: ZoneBoundary): string[] {
    return [
      ...bounds.unbounded,
      ...[...bounds.accounts].filter((id) => !zone.accounts.has(id)).map((id) => this.describe(id)),
      ...[...bounds.organizationPaths]
        .filter((path) => !containsPath(zone, path))
        .map((path) => this.#reach(path, zone)),
    ];
  }

  #reach(path: string, zone: ZoneBoundary): string {
    const others = this.all
      .filter((other) => other !== zone && ousOf(other).some((ou) => overlaps(path, ou.idPath)))
      .map((other) => other.name);
    return others.length === 0
      ? `organization path ${path}, which is not the zone's`
      : `organization path ${path}, which reaches zone ${others.join(" and zone ")}`;
  }
}

function withoutAccount(zone: ZoneBoundary, accountId: string): ZoneBoundary {
  if (!zone.accounts.has(accountId)) return zone;
  return { ...zone, accounts: new Map([...zone.accounts].filter(([id]) => id !== accountId)) };
}

/**
 * Whether everybody below an organization path is in the zone.
 *
 * @param path `o-…/r-…/ou-…/*` with everything below, or `o-…/r-…/ou-…/` for the accounts directly in that OU
 */
export function containsPath(zone: ZoneBoundary, path: string): boolean {
  const below = path.endsWith("*");
  const idPath = below ? path.slice(0, -1) : path;
  return (
    zone.wholeOus.some((ou) => idPath.startsWith(ou.idPath)) ||
    (!below && zone.ownOus.some((ou) => ou.idPath === idPath))
  );
}

/** Every OU of the zone, by the id that policies and StackSets target. */
export function ousOf(zone: ZoneBoundary): readonly BoundaryOu[] {
  return [...zone.wholeOus, ...zone.ownOus];
}

function overlaps(path: string, idPath: string): boolean {
  const literal = path.replace(/\*$/, "");
  return literal.startsWith(idPath) || idPath.startsWith(literal);
}
