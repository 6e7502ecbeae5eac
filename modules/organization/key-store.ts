import type { Account } from "./organization-map";

/** A custom key store of a zone: where the material of some of its keys is, in one account and Region. */
export interface KeyStore {
  readonly name: string;
  readonly account: Account;
  readonly region: string;
  readonly backing: KeyStoreBacking;
  /** pending: not connected yet, so that AWS KMS makes no keys in it. */
  readonly status: "active" | "pending";
  /** The external key behind each key of an external key store, by the key's identity. Each belongs to one key. */
  readonly externalKeys: ReadonlyMap<string, string>;
  /** `zones.yaml pci.keyStores.hsm`. */
  readonly source: string;
}

/**
 * existing: made elsewhere, and known by the id that AWS gave it. The others are made with the account's stack; what they have
 * of secrets is in Terraform variables and never here.
 */
export type KeyStoreBacking =
  | { readonly kind: "existing"; readonly id: string }
  | {
      readonly kind: "cloudhsm";
      readonly clusterId: string;
      /** The certificate that signed the cluster's own, as PEM. It is public. */
      readonly trustAnchor: string;
    }
  | {
      readonly kind: "external-proxy";
      readonly connectivity: "PUBLIC_ENDPOINT" | "VPC_ENDPOINT_SERVICE";
      /** `https://xks.example.com` */
      readonly endpoint: string;
      /** `/acme/kms/xks/v1` */
      readonly path: string;
      readonly vpcEndpointService: string | undefined;
    };
