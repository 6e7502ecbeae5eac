import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import type { Construct } from "constructs";
import type { PlannedGrant, PlannedUserGrant } from "../keys/key-plan";
import type { AccountProviders } from "./account-providers";
import type { KeyLookups } from "./key-lookups";
import { terraformTags } from "./terraform-text";

/**
 * A grant on a key.
 *
 * @param keyId an expression that gives the key's id or ARN
 */
export function addGrant(
  scope: Construct,
  grant: PlannedGrant,
  keyId: string,
  providers: AccountProviders,
  retireOnDelete = false,
): void {
  const { constraint } = grant;
  const pairs = terraformTags(constraint?.pairs ?? {});
  const resource = new KmsGrant(scope, `aws_kms_grant ${grant.id}`, {
    provider: providers.in(grant.region),
    name: grant.name,
    keyId,
    granteePrincipal: grant.grantee,
    operations: [...grant.operations],
    ...(grant.retiring === undefined ? {} : { retiringPrincipal: grant.retiring }),
    ...(retireOnDelete ? { retireOnDelete } : {}),
    ...(constraint === undefined
      ? {}
      : {
          constraints: [
            constraint.kind === "equals" ? { encryptionContextEquals: pairs } : { encryptionContextSubset: pairs },
          ],
        }),
  });
  resource.overrideLogicalId(grant.id);
}

/** A grant on a key of another account, which the provider names by its ARN. */
export function addUserGrant(
  scope: Construct,
  grant: PlannedUserGrant,
  providers: AccountProviders,
  lookups: KeyLookups,
): void {
  const keyArn = lookups.arnOf(grant.keyArn);
  if (keyArn === undefined) throw new Error(`grant ${grant.id} names no key: ${grant.keyArn}`);
  addGrant(scope, grant, keyArn, providers, true);
}
