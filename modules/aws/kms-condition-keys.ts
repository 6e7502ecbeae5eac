import { kmsActions } from "./kms-actions";

/** What has to be known of a condition key to judge a key policy that uses it. */
export interface ConditionKey {
  /** The actions whose requests carry it; undefined for all of them. */
  readonly actions: readonly string[] | undefined;
  /** A request may carry several values, so that the operator needs `ForAnyValue:` or `ForAllValues:`. */
  readonly multiValued: boolean;
}

const key = (actions?: readonly string[], multiValued = false): ConditionKey => ({ actions, multiValued });
const severalValues = key(undefined, true);

/** What encrypts and decrypts; asymmetric keys carry no encryption context there, which `guard-kind.ts` looks after. */
const encrypting: readonly string[] = kmsActions.cryptographic.filter((action) =>
  /Encrypt|Decrypt|GenerateDataKey/.test(action),
);
const withContext = [...encrypting, "kms:CreateGrant", "kms:RetireGrant"];
const createGrant = ["kms:CreateGrant"];

/**
 * Every condition key that a key policy can use, in lower case because IAM ignores the case of their names. A name that ends in `:` or `/` stands for everything that begins with it.
 *
 * `kms:ResourceAliases` and `aws:ResourceTag/` are missing on purpose: AWS KMS knows them in IAM policies only.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
 * https://docs.aws.amazon.com/kms/latest/developerguide/abac.html (for the two that are missing)
 */
const conditionKeys: Readonly<Record<string, ConditionKey>> = {
  "aws:assumedroot": key(),
  "aws:calledvia": severalValues,
  "aws:calledviafirst": key(),
  "aws:calledvialast": key(),
  "aws:currenttime": key(),
  "aws:ec2instancesourceprivateipv4": key(),
  "aws:ec2instancesourcevpc": key(),
  "aws:epochtime": key(),
  "aws:federatedprovider": key(),
  "aws:multifactorauthage": key(),
  "aws:multifactorauthpresent": key(),
  "aws:principalaccount": key(),
  "aws:principalarn": key(),
  "aws:principalisawsservice": key(),
  "aws:principalorgid": key(),
  "aws:principalorgpaths": severalValues,
  "aws:principalservicename": key(),
  "aws:principalservicenameslist": severalValues,
  "aws:principaltag/": key(),
  "aws:principaltype": key(),
  "aws:requestedregion": key(),
  "aws:requesttag/": key(["kms:TagResource", "kms:UntagResource"]),
  "aws:resourceaccount": key(),
  "aws:resourceorgid": key(),
  "aws:resourceorgpaths": severalValues,
  "aws:securetransport": key(),
  "aws:sourceaccount": key(),
  "aws:sourcearn": key(),
  "aws:sourceidentity": key(),
  "aws:sourceip": key(),
  "aws:sourceorgid": key(),
  "aws:sourceorgpaths": severalValues,
  "aws:sourcevpc": key(),
  "aws:sourcevpcarn": key(),
  "aws:sourcevpce": key(),
  "aws:tagkeys": key(["kms:TagResource", "kms:UntagResource"], true),
  "aws:tokenissuetime": key(),
  "aws:useragent": key(),
  "aws:userid": key(),
  "aws:username": key(),
  "aws:viaawsservice": key(),
  "aws:vpceaccount": key(),
  "aws:vpceorgid": key(),
  "aws:vpceorgpaths": severalValues,
  "aws:vpcsourceip": key(),
  "kms:bypasspolicylockoutsafetycheck": key(["kms:PutKeyPolicy"]),
  "kms:calleraccount": key(),
  "kms:datakeypairspec": key(["kms:GenerateDataKeyPair", "kms:GenerateDataKeyPairWithoutPlaintext"]),
  "kms:encryptionalgorithm": key(encrypting),
  "kms:encryptioncontext:": key(withContext),
  "kms:encryptioncontextkeys": key(withContext, true),
  "kms:expirationmodel": key(["kms:ImportKeyMaterial"]),
  "kms:grantconstraintsourcearn": key(createGrant),
  "kms:grantconstrainttype": key(["kms:CreateGrant", "kms:RetireGrant"]),
  "kms:granteeprincipal": key(createGrant),
  "kms:granteeserviceprincipal": key(createGrant),
  "kms:grantisforawsresource": key(["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]),
  "kms:grantoperations": key(createGrant, true),
  "kms:keyagreementalgorithm": key(["kms:DeriveSharedSecret"]),
  "kms:keyorigin": key(),
  "kms:keyspec": key(),
  "kms:keyusage": key(),
  "kms:macalgorithm": key(["kms:GenerateMac", "kms:VerifyMac"]),
  "kms:messagetype": key(["kms:Sign", "kms:Verify"]),
  "kms:multiregion": key(),
  "kms:multiregionkeytype": key(),
  "kms:primaryregion": key(["kms:UpdatePrimaryRegion"]),
  "kms:recipientattestation:": key([
    "kms:Decrypt",
    "kms:DeriveSharedSecret",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
  ]),
  "kms:reencryptonsamekey": key(["kms:ReEncryptFrom", "kms:ReEncryptTo"]),
  "kms:replicaregion": key(["kms:ReplicateKey"]),
  "kms:requestalias": key([...kmsActions.cryptographic, "kms:DescribeKey", "kms:GetPublicKey"]),
  "kms:retiringprincipal": key(createGrant),
  "kms:retiringserviceprincipal": key(createGrant),
  "kms:rotationperiodindays": key(["kms:EnableKeyRotation"]),
  "kms:schedulekeydeletionpendingwindowindays": key(["kms:ScheduleKeyDeletion"]),
  "kms:signingalgorithm": key(["kms:Sign", "kms:Verify"]),
  "kms:trailingdayswithoutkeyusage": key(["kms:DisableKey", "kms:ScheduleKeyDeletion"]),
  "kms:validto": key(["kms:ImportKeyMaterial"]),
  "kms:viaservice": key(),
  "kms:wrappingalgorithm": key(["kms:GetParametersForImport"]),
  "kms:wrappingkeyspec": key(["kms:GetParametersForImport"]),
};

const prefixes: readonly string[] = Object.keys(conditionKeys).filter((name) => /[:/]$/.test(name));

/** Every name in the table, sorted. */
export const conditionKeyNames: readonly string[] = Object.keys(conditionKeys);

/** What a key policy can do with this condition key; undefined when it can do nothing with it. */
export function conditionKey(name: string): ConditionKey | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(conditionKeys, lower) && !prefixes.includes(lower)) return conditionKeys[lower];
  const prefix = prefixes.find((candidate) => lower.length > candidate.length && lower.startsWith(candidate));
  return prefix === undefined ? undefined : conditionKeys[prefix];
}
