import { KmsCustomKeyStore } from "@cdktf/provider-aws/lib/kms-custom-key-store";
import { TerraformOutput, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { PlannedKeyStore, PlannedKeyStoreBacking } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import { referenceTo } from "./reference";
import { terraformText } from "./terraform-text";

/**
 * A custom key store, in front of a CloudHSM cluster or of a key manager outside of AWS. Somebody connects it by hand, when it
 * is there: until then AWS KMS makes no key in it.
 *
 * Whatever of it is secret comes in a variable. Its changes are ignored: AWS CloudHSM has another password for kmsuser
 * from the first connect on, and AWS KMS updates no store that is connected.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/keystore-cloudhsm.html#concept-kmsuser,
 * https://docs.aws.amazon.com/kms/latest/developerguide/update-keystore.html
 */
export class CustomKeyStore {
  constructor(scope: Construct, store: PlannedKeyStore, providers: AccountProviders) {
    const { id, backing } = store;
    for (const name of variablesOf(backing)) {
      const variable = new TerraformVariable(scope, `variable ${name}`, {
        type: "string",
        sensitive: true,
        nullable: false,
      });
      variable.overrideLogicalId(name);
    }
    const resource = new KmsCustomKeyStore(scope, `aws_kms_custom_key_store ${id}`, {
      provider: providers.in(store.region),
      customKeyStoreName: store.name,
      ...argumentsOf(backing),
      lifecycle: { preventDestroy: true, ignoreChanges: [secretOf[backing.kind]] },
    });
    resource.overrideLogicalId(id);
    // Ids of keys have three parts at most before their Region, or begin with `shared`.
    const output = new TerraformOutput(scope, `output custom_key_store_${id}`, {
      description: "The custom key store to connect",
      value: referenceTo(resource, "id"),
    });
    output.overrideLogicalId(`custom_key_store_${id}`);
  }
}

const secretOf: Readonly<Record<PlannedKeyStoreBacking["kind"], string>> = {
  cloudhsm: "key_store_password",
  "external-proxy": "xks_proxy_authentication_credential",
};

function variablesOf(backing: PlannedKeyStoreBacking): readonly string[] {
  return backing.kind === "cloudhsm"
    ? [backing.passwordVariable]
    : [backing.accessKeyIdVariable, backing.secretAccessKeyVariable];
}

function argumentsOf(backing: PlannedKeyStoreBacking): Partial<ConstructorParameters<typeof KmsCustomKeyStore>[2]> {
  if (backing.kind === "cloudhsm") {
    return {
      customKeyStoreType: "AWS_CLOUDHSM",
      cloudHsmClusterId: backing.clusterId,
      trustAnchorCertificate: terraformText(backing.trustAnchor),
      keyStorePassword: expressionOf(backing.passwordVariable),
    };
  }
  return {
    customKeyStoreType: "EXTERNAL_KEY_STORE",
    xksProxyConnectivity: backing.connectivity,
    xksProxyUriEndpoint: terraformText(backing.endpoint),
    xksProxyUriPath: terraformText(backing.path),
    ...(backing.vpcEndpointService === undefined ? {} : { xksProxyVpcEndpointServiceName: backing.vpcEndpointService }),
    xksProxyAuthenticationCredential: {
      accessKeyId: expressionOf(backing.accessKeyIdVariable),
      rawSecretAccessKey: expressionOf(backing.secretAccessKeyVariable),
    },
  };
}

function expressionOf(variable: string): string {
  return `\${var.${variable}}`;
}
