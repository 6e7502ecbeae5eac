import type { PageAccount, PageData, PageKey, PageOu, PagePrincipal } from "../page-data";
import { type Overlay, readOverlay } from "./overlay";

/** The page's data with what every view looks up in it. */
export interface Model {
  readonly data: PageData;
  readonly keysOfAccount: readonly (readonly number[])[];
  readonly keysOfZone: readonly (readonly number[])[];
  readonly accountsOfZone: readonly (readonly number[])[];
  readonly accountsOfOu: readonly (readonly number[])[];
  readonly keyById: ReadonlyMap<string, number>;
  readonly principalByName: ReadonlyMap<string, number>;
  /** Indexes of `access`. */
  readonly accessOfKey: readonly (readonly number[])[];
  readonly keyTexts: readonly string[];
  readonly principalTexts: readonly string[];
  readonly overlay: Overlay;
}

export function readModel(data: PageData): Model {
  const model = {
    data,
    keysOfAccount: grouped(data.keys, data.accounts.length, (key) => key.account),
    keysOfZone: grouped(data.keys, data.zones.length, (key) => key.zone),
    accountsOfZone: grouped(data.accounts, data.zones.length, (account) => account.zone),
    accountsOfOu: grouped(data.accounts, data.ous.length, (account) => account.ou),
    overlay: readOverlay(data),
  };
  // What the first view does not need waits until one needs it.
  const keyById = once(() => new Map(data.keys.map((key, index) => [key.id, index])));
  const principalByName = once(() => new Map(data.principals.map((principal, index) => [linkName(principal), index])));
  const accessOfKey = once(() => grouped(data.access, data.keys.length, (row) => row[1]));
  const keyTexts = once(() => data.keys.map((key) => keyText(data, key)));
  const principalTexts = once(() => data.principals.map((principal) => principalText(data, principal)));
  return {
    ...model,
    get keyById() {
      return keyById();
    },
    get principalByName() {
      return principalByName();
    },
    get accessOfKey() {
      return accessOfKey();
    },
    get keyTexts() {
      return keyTexts();
    },
    get principalTexts() {
      return principalTexts();
    },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What deep links call a principal. */
export function linkName(principal: PagePrincipal): string {
  return principal.arn || principal.name;
}

/** An index that points nowhere is a mistake of who wrote the page, never a reason to show another thing. */
export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}

export function accountOf(model: Model, key: PageKey): PageAccount {
  return at(model.data.accounts, key.account);
}

export function zoneName(data: PageData, zone: number | null): string {
  return zone === null ? "outside of every zone" : (data.zones[zone]?.name ?? "no zone");
}

export function zoneOfPrincipal(data: PageData, principal: PagePrincipal): number | null {
  return principal.account === null ? null : (data.accounts[principal.account]?.zone ?? null);
}

/** `commercial / Workloads/Prod` where there are several organizations. */
export function ouLabel(data: PageData, ou: PageOu): string {
  const organization = at(data.organizations, ou.organization).name;
  const path = ou.path === "" ? "Root" : ou.path;
  return data.organizations.length > 1 ? `${organization} / ${path}` : path;
}

function grouped<Item>(items: readonly Item[], groups: number, groupOf: (item: Item) => number | null): number[][] {
  const lists: number[][] = Array.from({ length: groups }, () => []);
  items.forEach((item, index) => {
    lists[groupOf(item) ?? -1]?.push(index);
  });
  return lists;
}

function keyText(data: PageData, key: PageKey): string {
  const account = data.accounts[key.account];
  const parts = [
    key.alias,
    ...key.aliases,
    key.id,
    account?.name,
    zoneName(data, key.zone),
    key.region,
    ...key.replicas,
  ];
  return [...parts, key.owner, key.workload, key.environment, key.dataClass, key.spec, key.step]
    .join("\n")
    .toLowerCase();
}

function principalText(data: PageData, principal: PagePrincipal): string {
  const account = principal.account === null ? undefined : data.accounts[principal.account];
  return [principal.name, principal.arn, account?.name, account?.id].join("\n").toLowerCase();
}
