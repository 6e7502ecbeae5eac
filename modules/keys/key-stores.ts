import { uniqueNames } from "../aws/name-order";
import type { Finding } from "../findings/finding";
import type { KeyStore, KeyStoreBacking } from "../organization/key-store";
import type { Zone } from "../organization/organization-map";
import type { KeyCandidate } from "./key-identity";
import type { PlannedKeyStore, PlannedKeyStoreBacking } from "./key-plan";
import type { PlanProblem } from "./plan-problem";

/** The key store of the zone that the data class names; undefined for keys of AWS KMS's own store, and where there is none. */
export function keyStoreOf({ dataClass, zone }: KeyCandidate): KeyStore | undefined {
  if (dataClass.keyStore === undefined) return undefined;
  return zone.keyStores.find(({ name }) => name === dataClass.keyStore);
}

/** Whether a key waits for its key store: AWS KMS makes keys in connected ones alone. */
export function waitsForKeyStore(candidate: KeyCandidate): boolean {
  return keyStoreOf(candidate)?.status === "pending";
}

/** The store's id as `PlannedKey.keyStoreId` has it. */
export function keyStoreId({ name, region, backing }: KeyStore): string {
  return backing.kind === "existing" ? backing.id : `\${aws_kms_custom_key_store.${storeAddress(name, region)}.id}`;
}

/** A store's Terraform address, without the type. */
export function storeAddress(name: string, region: string): string {
  return `${name}_${region}`;
}

/** What keeps a key from being made in the store that its data class names. */
export function keyStoreProblems(candidate: KeyCandidate): PlanProblem[] {
  const { id, alias, dataClass, zone, owner, region, members } = candidate;
  if (dataClass.keyStore === undefined) return [];
  const source = members[0]?.environment.source ?? "";
  const store = keyStoreOf(candidate);
  if (store === undefined) {
    return [
      {
        source,
        message: `data class ${dataClass.name} has its keys in key store ${dataClass.keyStore}, and zone ${zone.name} has none of that name`,
        fix: `add ${dataClass.keyStore} to the zone's keyStores, in account ${owner.name} and Region ${region}`,
      },
    ];
  }
  const problems: PlanProblem[] = [];
  if (store.account.id !== owner.id || store.region !== region) {
    problems.push({
      source,
      message: `key ${alias} would be in account ${owner.name} and ${region}, and key store ${store.name} is in account ${store.account.name} and ${store.region}`,
      fix: "a key is where its key store is: use a data class with another key store, or none",
    });
  }
  const { origin } = dataClass.kind;
  const made = madeFor(store.backing);
  if (made !== undefined && made !== origin) {
    problems.push({
      source,
      message: `data class ${dataClass.name} has keys of origin ${origin}, and key store ${store.name} is one for ${made}`,
      fix: "name a key store of the same kind",
    });
  }
  if (origin === "EXTERNAL_KEY_STORE" && store.status === "active" && !store.externalKeys.has(id)) {
    problems.push({
      source,
      message: `key ${alias} has no external key behind it`,
      fix: `make one in the key manager, and add ${id}: ITS-ID to externalKeys of key store ${store.name}`,
    });
  }
  return problems;
}

function madeFor({ kind }: KeyStoreBacking): "AWS_CLOUDHSM" | "EXTERNAL_KEY_STORE" | undefined {
  if (kind === "existing") return undefined;
  return kind === "cloudhsm" ? "AWS_CLOUDHSM" : "EXTERNAL_KEY_STORE";
}

/** External keys that stand for no key of the plan: a misspelled identity would leave a key without its material. */
export function strayExternalKeys(zones: readonly Zone[], candidates: readonly KeyCandidate[]): PlanProblem[] {
  const inStore = new Map<KeyStore, Set<string>>();
  for (const candidate of candidates) {
    const store = keyStoreOf(candidate);
    if (store !== undefined) inStore.set(store, (inStore.get(store) ?? new Set()).add(candidate.id));
  }
  return zones.flatMap(({ keyStores }) =>
    keyStores.flatMap((store) =>
      [...store.externalKeys.keys()]
        .filter((id) => inStore.get(store)?.has(id) !== true)
        .map((id) => ({
          source: `${store.source}.externalKeys.${id}`,
          message: `is no key that is in key store ${store.name}`,
          fix: `its keys are ${uniqueNames(inStore.get(store) ?? []).join(", ") || "none"}: correct the identity, or drop the entry`,
        })),
    ),
  );
}

/** The key stores that Terraform makes. */
export function planKeyStores(zones: readonly Zone[]): PlannedKeyStore[] {
  return zones.flatMap((zone) =>
    zone.keyStores.flatMap((store): PlannedKeyStore[] => {
      const backing = plannedBacking(store);
      if (backing === undefined) return [];
      const { name, account, region, source } = store;
      return [
        {
          id: storeAddress(name, region),
          name,
          organization: zone.organization.name,
          partition: zone.organization.partition,
          zone: zone.name,
          account: account.name,
          accountId: account.id,
          status: account.status === "active" ? "planned" : "held",
          region,
          backing,
          why: [
            {
              reason: `zone ${zone.name} keeps key material in key store ${name}`,
              principle: "own-key-material",
            },
          ],
          sources: [source],
        },
      ];
    }),
  );
}

function plannedBacking({ name, backing }: KeyStore): PlannedKeyStoreBacking | undefined {
  const variable = (secret: string): string => `key_store_${name.replaceAll("-", "_")}_${secret}`;
  switch (backing.kind) {
    case "existing":
      return undefined;
    case "cloudhsm":
      return { ...backing, passwordVariable: variable("kmsuser_password") };
    case "external-proxy":
      return {
        ...backing,
        accessKeyIdVariable: variable("proxy_access_key_id"),
        secretAccessKeyVariable: variable("proxy_secret_access_key"),
      };
  }
}

/**
 * Key stores that nobody has connected. Connecting is no resource of Terraform: AWS KMS logs in and stays, for as long as
 * nobody disconnects it.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ConnectCustomKeyStore.html
 */
export function pendingKeyStores(zones: readonly Zone[], candidates: readonly KeyCandidate[]): Finding[] {
  return zones.flatMap(({ keyStores }) =>
    keyStores
      .filter(({ status, account }) => status === "pending" && account.status === "active")
      .map((store): Finding => {
        const waiting = candidates.filter((candidate) => keyStoreOf(candidate) === store).length;
        const id = store.backing.kind === "existing" ? store.backing.id : "ID";
        const connect = `aws kms connect-custom-key-store --region ${store.region} --custom-key-store-id ${id}`;
        return {
          id: "pending-key-store",
          severity: "medium",
          where: store.source,
          why: `key store ${store.name} of account ${store.account.name} is pending, and ${waiting === 0 ? "no key waits for it" : `${waiting} planned ${waiting === 1 ? "key waits" : "keys wait"} for it`}`,
          whatToDo: `${store.backing.kind === "existing" ? "" : "apply, then "}connect it (${connect}), and set its status to active once describe-custom-key-stores says CONNECTED`,
        };
      }),
  );
}
