import type { StackKeyStore, SynthesizedStack } from "../../access/synthesized-stack";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import type { LiveKeyStore, LiveRegion } from "../../live/live-account";
import type { Drift } from "../drift";
import type { DriftContext } from "../drift-context";
import type { KeyMatches, KeyPair } from "../match/match-keys";
import { placeIn } from "../place-in";
import { keyPlace } from "./key-place";

/**
 * Custom key stores: those that a stack makes, and those that exist and are named by reviewed keys. One that has no key yet may wait
 * to be connected; of one that has, no key can be used until it is.
 *
 * @param stack the account's; undefined where it has none
 */
export function compareKeyStores(
  stack: SynthesizedStack | undefined,
  matches: KeyMatches,
  regions: readonly LiveRegion[],
  context: DriftContext,
): Drift[] {
  return [...regions]
    .sort((a, b) => nameOrder(a.region, b.region))
    .flatMap(({ region, keyStores }) => {
      if (keyStores === undefined || "unread" in keyStores) return [];
      const inRegion = new StoresInRegion(region, keyStores.value, matches, context);
      const made = (stack?.keyStores ?? []).filter((store) => store.region === region);
      return [...made.flatMap((store) => inRegion.compareMade(stack?.name, store)), ...inRegion.compareOthers()];
    });
}

class StoresInRegion {
  readonly #region: string;
  readonly #live: readonly LiveKeyStore[];
  readonly #matches: KeyMatches;
  readonly #context: DriftContext;
  readonly #told = new Set<string>();

  constructor(region: string, live: readonly LiveKeyStore[], matches: KeyMatches, context: DriftContext) {
    this.#region = region;
    this.#live = live;
    this.#matches = matches;
    this.#context = context;
  }

  compareMade(stack: string | undefined, store: StackKeyStore): Drift[] {
    const { address, region } = store;
    const wanted = wantedOf(store);
    const name = wanted.get("name") ?? address;
    const place = placeIn(this.#context, { stack, address, region }, `key store ${name}`);
    const pairs = this.#pairs.filter((pair) => pair.reviewed.stack === stack && pair.reviewed.keyStore === address);
    const live = this.#find(wanted);
    if (live === undefined) {
      return [{ id: "key-store-missing", place, detail: [], why: `AWS has no custom key store ${name} in ${region}` }];
    }
    this.#told.add(live.id);
    const found = foundOf(live);
    const differing = [...wanted].filter(([field, value]) => found.get(field) !== value);
    const words = differing.map(([field, value]) => `${field} is ${found.get(field) ?? "none"}, reviewed ${value}`);
    const changed: Drift[] =
      differing.length === 0
        ? []
        : [{ id: "key-store-changed", place, detail: differing.map(([field]) => field), why: words.join("; ") }];
    const elsewhere = pairs.filter((pair) => pair.live.keyStoreId !== live.id);
    const inIt = this.#pairs.filter((pair) => pair.live.keyStoreId === live.id);
    return [
      ...changed,
      ...disconnected(live, inIt, place),
      ...elsewhere.map((pair) => otherStore(pair, live, this.#context)),
    ];
  }

  /** Stores that reviewed keys name by id, or are in. */
  compareOthers(): Drift[] {
    const named = [
      ...this.#pairs.map(({ reviewed, live }) => ({ reviewed, id: live.keyStoreId })),
      ...this.#pairs.map(({ reviewed }) => ({ reviewed, id: reviewed.keyStore })),
      ...this.#matches.missing.map((reviewed) => ({ reviewed, id: reviewed.keyStore })),
    ].filter(({ reviewed, id }) => reviewed.region === this.#region && id?.startsWith("cks-") === true);
    const ids = uniqueNames(named.flatMap(({ id }) => id ?? [])).filter((id) => !this.#told.has(id));
    return ids.flatMap((id): Drift[] => {
      const stack = named.find((each) => each.id === id)?.reviewed.stack;
      const live = this.#live.find((store) => store.id === id);
      const name = live === undefined || live.name === "" ? id : live.name;
      const place = placeIn(this.#context, { stack, address: undefined, region: this.#region }, `key store ${name}`);
      if (live === undefined) {
        return [
          { id: "key-store-missing", place, detail: [], why: `AWS has no custom key store ${id} in ${this.#region}` },
        ];
      }
      const inIt = this.#pairs.filter((pair) => pair.live.keyStoreId === id);
      return disconnected(live, inIt, place);
    });
  }

  get #pairs(): readonly KeyPair[] {
    return this.#matches.pairs.filter((pair) => pair.region === this.#region);
  }

  /** Names are unique in an account and Region; one that was renamed is known by what stands behind it. */
  #find(wanted: ReadonlyMap<string, string>): LiveKeyStore | undefined {
    const named = this.#live.find(({ name }) => name === wanted.get("name"));
    if (named !== undefined) return named;
    const backing = [...wanted].filter(([field]) => field !== "name" && field !== "type" && field !== "connectivity");
    return this.#live.find((store) => {
      const found = foundOf(store);
      return backing.length > 0 && backing.every(([field, value]) => found.get(field) === value);
    });
  }
}

/**
 * A key of a store that is not connected is `Unavailable`: the store is the cause.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/disconnect-keystore.html
 */
function disconnected(live: LiveKeyStore, inIt: readonly KeyPair[], place: Drift["place"]): Drift[] {
  if (live.connectionState === "CONNECTED" || inIt.length === 0) return [];
  const error = live.connectionError === undefined ? "" : ` (${live.connectionError})`;
  const names = uniqueNames(inIt.map(({ reviewed }) => reviewed.aliases[0]?.name ?? reviewed.address));
  const why = `custom key store ${live.id} is ${live.connectionState}${error}: nobody can use ${names.join(", ")}`;
  return [{ id: "key-store-disconnected", place, detail: [], why }];
}

function otherStore({ reviewed, live }: KeyPair, wanted: LiveKeyStore, context: DriftContext): Drift {
  return {
    id: "key-different",
    place: keyPlace(reviewed, context),
    detail: ["key store"],
    why: `key ${live.keyId} has its material in ${live.keyStoreId ?? "AWS KMS"} for good, reviewed is ${wanted.id} (${wanted.name})`,
    subject: { reviewedKey: reviewed, key: live },
  };
}

/** Terraform's arguments, by the words of this comparison. Passwords, credentials and certificates are nothing that AWS tells. */
const argumentNames = {
  name: "custom_key_store_name",
  type: "custom_key_store_type",
  cluster: "cloud_hsm_cluster_id",
  connectivity: "xks_proxy_connectivity",
  endpoint: "xks_proxy_uri_endpoint",
  path: "xks_proxy_uri_path",
  "VPC endpoint service": "xks_proxy_vpc_endpoint_service_name",
} as const;

function wantedOf({ arguments: given }: StackKeyStore): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(argumentNames).flatMap(([field, argument]) => {
      const value = given[argument];
      return typeof value === "string" ? [[field, value] as const] : [];
    }),
  );
}

function foundOf({ name, type, cloudHsmClusterId, proxy }: LiveKeyStore): ReadonlyMap<string, string | undefined> {
  return new Map([
    ["name", name],
    ["type", type],
    ["cluster", cloudHsmClusterId],
    ["connectivity", proxy.Connectivity],
    ["endpoint", proxy.UriEndpoint],
    ["path", proxy.UriPath],
    ["VPC endpoint service", proxy.VpcEndpointServiceName],
  ]);
}
