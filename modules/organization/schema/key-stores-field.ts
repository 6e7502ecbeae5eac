import { z } from "zod";
import { nameField, regionField } from "./fields";
import { goOnWith } from "./stand-ins";

/**
 * What AWS takes for each of these.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateCustomKeyStore.html
 */
const cloudHsmSchema = z.strictObject({
  cluster: z
    .string()
    .regex(/^cluster-[2-7a-zA-Z]{11,16}$/, {
      error: "must be a CloudHSM cluster's id; copy it, as in cluster-2a3b4c5d6e7",
    })
    .describe("The AWS CloudHSM cluster, which no other key store has"),
  trustAnchor: z
    .string()
    .refine((text) => !text.includes("PRIVATE KEY"), {
      error:
        "must not be a private key, which nobody but its owner may have; put the certificate of customerCA.crt here",
      abort: true,
    })
    .regex(/^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/, {
      error: "must be one certificate in PEM; put the text of customerCA.crt here, as a block (|)",
    })
    .describe("The certificate that signed the cluster's own: the text of customerCA.crt. It is public"),
});

const externalProxySchema = z.strictObject({
  connectivity: z
    .enum(["PUBLIC_ENDPOINT", "VPC_ENDPOINT_SERVICE"])
    .describe("How AWS KMS reaches the proxy of the external key manager"),
  endpoint: z
    .string()
    .regex(/^https:\/\/[A-Za-z0-9.-]+$/, {
      error: "must be https:// and a host name, without port and path; write it as in https://xks.example.com",
    })
    .describe("The proxy's address"),
  path: z
    .string()
    .regex(/^(\/[A-Za-z0-9_-]+)*\/kms\/xks\/v\d{1,2}$/, {
      error: "must end in /kms/xks/v1; write it as in /acme/kms/xks/v1",
    })
    .describe("The path below it"),
  vpcEndpointService: z
    .string()
    .regex(/^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-[0-9a-z]+$/, {
      error:
        "must be a VPC endpoint service's name; copy it, as in com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60718",
    })
    .optional()
    .describe("VPC_ENDPOINT_SERVICE only: the endpoint service in front of the proxy"),
});

const backings = ["id", "cloudHsm", "externalProxy"] as const;

const keyStoreSchema = z
  .strictObject({
    account: nameField.describe("The account that has the key store"),
    region: regionField,
    id: z
      .string()
      .regex(/^cks-[0-9a-f]{17}$/, { error: "must be a custom key store's id; copy it, as in cks-1234567890abcdef0" })
      .optional()
      .describe("A key store that exists already"),
    cloudHsm: cloudHsmSchema.optional().describe("A key store to be made on an AWS CloudHSM cluster"),
    externalProxy: externalProxySchema
      .optional()
      .describe("A key store to be made for an external key manager, behind its proxy"),
    externalKeys: z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]*(_[a-z0-9-]*)*$/, {
          error: "must be a key's identity; copy it from orgkeys explain",
        }),
        z.string().regex(/^[a-zA-Z0-9-_.]{1,128}$/, {
          error: "must be an external key's id: letters, digits, - _ ., at most 128; copy it from the key manager",
        }),
      )
      .optional()
      .describe("The external key behind each key, by the key's identity, as in payments_prod"),
    status: z
      .enum(["active", "pending"])
      .describe("Whether it is connected: AWS KMS makes no keys in one that is pending, and they wait"),
  })
  .refine((store) => backings.filter((backing) => store[backing] !== undefined).length === 1, {
    error: `must have one of ${backings.join(", ")}; name an existing key store by its id, or say what to make one on`,
  });

/** The custom key stores of a zone. Their secrets are no business of the map. */
export const keyStoresField = goOnWith(
  z
    .record(nameField, keyStoreSchema)
    .describe("Custom key stores, for keys with material in CloudHSM or outside of AWS"),
  undefined,
);

export type KeyStoreFile = z.infer<typeof keyStoreSchema>;
