import { keyGeneration } from "../../aws/key-generation";
import { nameOrder } from "../../aws/name-order";
import type { LiveKey, LiveRegion } from "../../live/live-account";
import { keyIdentity, type RestingKey } from "../reviewed/resting-key";
import type { ReviewedKey } from "../reviewed/reviewed-key";
import { hasIdentity } from "./key-resemblance";
import { KeysInRegion } from "./keys-in-region";
import type { KeyMatches, RestingPair, UnmanagedKey } from "./match-keys";

/** How a reviewed key is found among the keys of its Region that are nobody's yet. */
export type KeyRule = (key: ReviewedKey, region: KeysInRegion) => LiveKey | undefined;

/** The same for a key that Terraform let go of. */
export type RestingRule = (
  key: RestingKey,
  region: KeysInRegion,
  known: {
    /** Those of its aliases that no reviewed key of the Region is to have. */
    readonly aliases: readonly { readonly name: string }[];
    /** Ids of its primary and replicas, as far as they are found: theirs and its own are the same. */
    readonly relatedIds: readonly string[];
    /** Whether a key carries all that a reviewed one of the Region is known by. */
    readonly isReviewed: (live: LiveKey) => boolean;
  },
) => LiveKey | undefined;

/** Gives each key in AWS to one reviewed key at most, and each reviewed key one, in an order that hangs on no list's. */
export class Matching {
  readonly #reviewed: readonly ReviewedKey[];
  readonly #byAddress: ReadonlyMap<string, ReviewedKey>;
  readonly #aliases: ReadonlySet<string>;
  readonly #regions: ReadonlyMap<string, KeysInRegion>;
  readonly #found = new Map<ReviewedKey, LiveKey>();
  readonly #resting = new Map<RestingKey, RestingPair>();
  /** Ids of multi-Region keys that are found, by stack and identity. */
  readonly #ids = new Map<string, string[]>();

  constructor(reviewed: readonly ReviewedKey[], regions: readonly LiveRegion[]) {
    this.#reviewed = [...reviewed].sort(oldestKeyFirst);
    this.#byAddress = new Map(this.#reviewed.map((key) => [`${key.stack} ${key.address}`, key]));
    this.#aliases = new Set(reviewed.flatMap(({ region, aliases }) => aliases.map(({ name }) => `${region} ${name}`)));
    const inOrder = [...regions].sort((a, b) => nameOrder(a.region, b.region));
    this.#regions = new Map(inOrder.map((each) => [each.region, new KeysInRegion(each)]));
  }

  /** Keys first: a replica has the id of its own, and that is surer than all that it carries. */
  match(rule: KeyRule): void {
    this.#match("key", rule);
    this.#match("replica", (replica, region) => {
      const live = this.#primaryOf(replica);
      return live?.multiRegion === undefined ? undefined : region.free(live.keyId);
    });
    this.#match("replica", rule);
  }

  matchResting(resting: readonly RestingKey[], rule: RestingRule): void {
    const inOrder = [...resting].sort((a, b) => nameOrder(a.address, b.address) || nameOrder(a.stack, b.stack));
    for (const key of inOrder) {
      const region = this.#regions.get(key.region);
      if (region === undefined || this.#resting.has(key)) continue;
      const aliases = key.aliases.filter((name) => !this.#aliases.has(`${key.region} ${name}`));
      const live = rule(key, region, {
        aliases: aliases.map((name) => ({ name })),
        relatedIds: this.#ids.get(familyOf(key)) ?? [],
        isReviewed: (live) => this.#reviewed.some((each) => each.region === key.region && hasIdentity(each, live)),
      });
      if (live === undefined) continue;
      this.#resting.set(key, { resting: key, live, region: key.region });
      this.#take(key, region, live);
    }
  }

  result(): KeyMatches {
    const open = this.#reviewed.filter((key) => !this.#found.has(key));
    const unchecked = new Set(
      open.filter((key) => this.#regions.get(key.region)?.mayHide(key, this.#primaryOf(key)?.keyId) ?? true),
    );
    return {
      pairs: this.#reviewed.flatMap((reviewed) => {
        const live = this.#found.get(reviewed);
        return live === undefined ? [] : [{ reviewed, live, region: reviewed.region }];
      }),
      missing: open.filter((key) => !unchecked.has(key)),
      unchecked: [...unchecked],
      resting: [...this.#resting.values()],
      unmanaged: this.#unmanaged(),
    };
  }

  #match(kind: ReviewedKey["kind"], rule: KeyRule): void {
    for (const key of this.#reviewed) {
      const region = this.#regions.get(key.region);
      if (key.kind !== kind || region === undefined || this.#found.has(key)) continue;
      const live = rule(key, region);
      if (live === undefined) continue;
      this.#found.set(key, live);
      this.#take(key, region, live);
    }
  }

  #take(key: ReviewedKey | RestingKey, region: KeysInRegion, live: LiveKey): void {
    region.take(live);
    if (live.multiRegion === undefined) return;
    const family = familyOf(key);
    this.#ids.set(family, [...(this.#ids.get(family) ?? []), live.keyId]);
  }

  #primaryOf({ stack, primary }: ReviewedKey): LiveKey | undefined {
    const key = primary === undefined ? undefined : this.#byAddress.get(`${stack} ${primary}`);
    return key === undefined ? undefined : this.#found.get(key);
  }

  #unmanaged(): UnmanagedKey[] {
    const described = new Map<string, ReviewedKey[]>();
    const related = new Map<string, ReviewedKey>();
    for (const key of this.#reviewed) {
      const name = `${key.region} ${key.description}`;
      described.set(name, [...(described.get(name) ?? []), key]);
      const id = this.#found.get(key)?.keyId;
      if (id !== undefined && !related.has(id)) related.set(id, key);
    }
    return [...this.#regions].flatMap(([region, keys]) =>
      keys.all().map((live): UnmanagedKey => {
        const alike = described.get(`${region} ${live.description}`) ?? [];
        return {
          live,
          region,
          twinOf: alike.find((key) => hasIdentity(key, live)),
          relatedTo: live.multiRegion === undefined ? undefined : related.get(live.keyId),
        };
      }),
    );
  }
}

/** What a key shares with its replicas, and with none that replaces it. */
function familyOf({ stack, address }: Pick<ReviewedKey, "stack" | "address">): string {
  return `${stack} ${keyIdentity(address)}`;
}

/** A key that replaces another was made after it. */
function oldestKeyFirst(a: ReviewedKey, b: ReviewedKey): number {
  return (
    keyGeneration(keyIdentity(a.address)) - keyGeneration(keyIdentity(b.address)) ||
    nameOrder(a.address, b.address) ||
    nameOrder(a.stack, b.stack) ||
    nameOrder(a.region, b.region)
  );
}
