import { symmetricKind } from "../../modules/aws/key-kind";
import { accountPlans } from "../../modules/keys/account-plan";
import type { PlannedKey, PlannedKeyStore } from "../../modules/keys/key-plan";
import { planKeys } from "../../modules/keys/plan-keys";
import type { CustomerManagedDataClass, KeyStore, OrganizationMap } from "../../modules/organization/organization-map";
import { loadPlan } from "../../stacks/load-plan";
import { plannedStacks } from "../../stacks/planned-stack";
import { type Output, outputOfPlan } from "./sample-output";

export const vault = { stack: "acme.vault.vault", account: "100000000001" } as const;

/** A PEM of nobody's. */
const trustAnchor = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

const kinds: Readonly<Record<string, Partial<CustomerManagedDataClass>>> = {
  agreed: { kind: { spec: "ECC_NIST_P256", usage: "KEY_AGREEMENT", origin: "AWS_KMS" }, rotationDays: undefined },
  authenticated: {
    kind: { spec: "HMAC_256", usage: "GENERATE_VERIFY_MAC", origin: "AWS_KMS" },
    rotationDays: undefined,
  },
  held: { kind: { ...symmetricKind, origin: "AWS_CLOUDHSM" }, keyStore: "hsm", rotationDays: undefined },
  imported: {
    kind: { ...symmetricKind, origin: "EXTERNAL" },
    rotationDays: undefined,
    aliases: ["deposit", "money/{environment}"],
  },
  leased: { kind: { ...symmetricKind, origin: "AWS_CLOUDHSM" }, keyStore: "leased", rotationDays: undefined },
  sealed: { kind: { spec: "RSA_4096", usage: "ENCRYPT_DECRYPT", origin: "AWS_KMS" }, rotationDays: undefined },
  signed: { kind: { spec: "RSA_2048", usage: "SIGN_VERIFY", origin: "AWS_KMS" }, rotationDays: undefined },
  vaulted: { kind: { ...symmetricKind, origin: "EXTERNAL_KEY_STORE" }, keyStore: "outside", rotationDays: undefined },
};

/** An organization with keys of every kind, imported material, custom key stores and a disabled key; synthesized. */
export function kindsOutput(): Output {
  const loaded = loadPlan("test/fixtures/kinds");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  const map = withKinds(loaded.map);
  const planned = planKeys(map);
  if ("problems" in planned) throw new Error(JSON.stringify(planned.problems, null, 2));
  const plan = { ...planned.plan, keys: planned.plan.keys.map(asPlanned), keyStores: plannedStores(map) };
  const accounts = accountPlans(map, plan);
  return outputOfPlan({ ...loaded, map, plan, accounts, stacks: plannedStacks(accounts, loaded.guardrails) });
}

function withKinds(map: OrganizationMap): OrganizationMap {
  const [account] = map.accounts.filter(({ name }) => name === "vault");
  if (account === undefined) throw new Error("the organization has no account vault");
  const store = (name: string, backing: KeyStore["backing"], externalKeys: KeyStore["externalKeys"]): KeyStore => ({
    name,
    account,
    region: "us-east-1",
    backing,
    status: "active",
    externalKeys,
    source: `zones.yaml vault.keyStores.${name}`,
  });
  const keyStores = [
    store("hsm", { kind: "cloudhsm", clusterId: "cluster-1a23b4cdefg", trustAnchor }, new Map()),
    store("leased", { kind: "existing", id: "cks-1234567890abcdef0" }, new Map()),
    store(
      "outside",
      {
        kind: "external-proxy",
        connectivity: "PUBLIC_ENDPOINT",
        endpoint: "https://xks.example.com",
        path: "/acme/kms/xks/v1",
        vpcEndpointService: undefined,
      },
      new Map([["outside_prod", "bb8562717f809024"]]),
    ),
  ];
  const life = {
    account,
    region: "us-east-1",
    owner: "platform",
    rotated: [],
    adopt: undefined,
    replaced: undefined,
    handOver: undefined,
    replicas: new Map(),
  };
  return {
    ...map,
    zones: map.zones.map((zone) => ({ ...zone, keyStores })),
    workloads: map.workloads.map((workload) => ({
      ...workload,
      dataClass:
        workload.dataClass.key === "customer-managed"
          ? { ...workload.dataClass, ...kinds[workload.dataClass.name] }
          : workload.dataClass,
    })),
    lifecycles: [
      {
        ...life,
        name: "archive",
        key: "archive_prod",
        reason: "Nobody needs it any more",
        material: undefined,
        decommission: { disabled: "2026-06-01", scheduled: undefined, gone: undefined },
        source: "lifecycle.yaml archive",
      },
      {
        ...life,
        name: "deposit",
        key: "deposit_prod",
        reason: "Imported in both Regions",
        material: { imported: "2026-06-01", expires: "2027-06-01" },
        decommission: undefined,
        source: "lifecycle.yaml deposit",
      },
    ],
  };
}

/** What the map says of the key's store, life and administration. */
function asPlanned(key: PlannedKey): PlannedKey {
  const stores: Readonly<Record<string, Partial<PlannedKey>>> = {
    hsm_prod: { keyStoreId: "${aws_kms_custom_key_store.hsm_us-east-1.id}" },
    tenant_prod: { keyStoreId: "cks-1234567890abcdef0" },
    outside_prod: {
      keyStoreId: "${aws_kms_custom_key_store.outside_us-east-1.id}",
      externalKeyId: "bb8562717f809024",
    },
  };
  const isOver = key.id === "archive_prod";
  const importing = (policy: PlannedKey["policy"]): PlannedKey["policy"] =>
    key.kind.origin === "EXTERNAL" ? withImport(policy) : policy;
  return {
    ...key,
    ...stores[key.id],
    step: isOver ? "disabled" : "in-use",
    policy: importing(key.policy),
    replicas: key.replicas.map((replica) => ({
      ...replica,
      step: isOver ? "disabled" : "in-use",
      policy: importing(replica.policy),
    })),
  };
}

function withImport(policy: PlannedKey["policy"]): PlannedKey["policy"] {
  return {
    ...policy,
    Statement: policy.Statement.map((statement) =>
      statement.Sid === "Administrators"
        ? { ...statement, Action: [...new Set([...statement.Action, "kms:ImportKeyMaterial"])].sort() }
        : statement,
    ),
  };
}

function plannedStores(map: OrganizationMap): PlannedKeyStore[] {
  return map.zones.flatMap(({ name: zone, organization, keyStores }) =>
    keyStores.flatMap(({ name, account, region, backing, source }): PlannedKeyStore[] => {
      if (backing.kind === "existing") return [];
      const secrets =
        backing.kind === "cloudhsm"
          ? { ...backing, passwordVariable: `key_store_${name}_kmsuser_password` }
          : {
              ...backing,
              accessKeyIdVariable: `key_store_${name}_proxy_access_key_id`,
              secretAccessKeyVariable: `key_store_${name}_proxy_secret_access_key`,
            };
      return [
        {
          id: `${name}_${region}`,
          name,
          organization: organization.name,
          partition: organization.partition,
          zone,
          account: account.name,
          accountId: account.id,
          status: "planned",
          region,
          backing: secrets,
          why: [],
          sources: [source],
        },
      ];
    }),
  );
}
