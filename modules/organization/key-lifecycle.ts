import type { Account } from "./organization-map";

/** What happened to one key and what is to happen with it, as `config/lifecycle.yaml` records it. */
export interface KeyLifecycle {
  readonly name: string;
  /** The key's owner. */
  readonly account: Account;
  /** The key's identity, as in `PlannedKey.id`. */
  readonly key: string;
  /** Where the key, or its primary, is. Undefined: where the account's only key of that identity is. */
  readonly region: string | undefined;
  /** The team that answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** Rotations on demand, which AWS KMS does when it is told to. Sorted by day. */
  readonly rotated: readonly RecordedRotation[];
  /** Of a key with imported material. Undefined while nobody has imported it. */
  readonly material: (ImportedMaterial & { readonly replicas: ReadonlyMap<string, ImportedMaterial> }) | undefined;
  /** A key that exists already, to be taken over as it is. */
  readonly adopt: Adoption | undefined;
  /** The day on which another key takes over its aliases and all new data. */
  readonly replaced: string | undefined;
  readonly decommission: Decommission | undefined;
  /** The key stays as it is, and somebody else looks after it. */
  readonly handOver: { readonly to: string; readonly day: string } | undefined;
  /** Replicas that end before their primary, by Region. */
  readonly replicas: ReadonlyMap<string, Decommission>;
  /** `lifecycle.yaml old-ledger-key`. */
  readonly source: string;
}

/** Material that somebody imported in one Region. */
export interface ImportedMaterial {
  readonly imported: string;
  /** The day on which AWS deletes it. */
  readonly expires: string | undefined;
}

export interface RecordedRotation {
  readonly day: string;
  /** `role/PciKeyAdministrator` */
  readonly by: string;
  readonly reason: string;
}

export interface Adoption {
  /** `mrk-…` for a multi-Region key. */
  readonly keyId: string;
  /** Regions of replicas that exist as well. */
  readonly replicas: readonly string[];
  /** Aliases that exist already, with `alias/`. */
  readonly aliases: readonly string[];
  /** The ids that AWS gave to grants, by the grant's Terraform id. */
  readonly grants: ReadonlyMap<string, string>;
}

/** The days of the steps that were taken, each reviewed by itself: the next one is only possible after a wait. */
export interface Decommission {
  readonly disabled: string;
  readonly scheduled: string | undefined;
  readonly gone: string | undefined;
}
