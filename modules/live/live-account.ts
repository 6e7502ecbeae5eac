/** What AWS did not tell, and so nobody has checked: it is never taken for clean. */
export interface Unread {
  /** AWS's words, or ours for an answer that makes no sense. */
  readonly unread: string;
  readonly whatToDo: string;
}

/** An answer of AWS, or why there is none. */
export type Reading<Value> = { readonly value: Value } | Unread;

/** What one account has of AWS KMS, Region by Region. */
export interface LiveAccount {
  readonly accountId: string;
  readonly regions: readonly LiveRegion[];
}

export interface LiveRegion {
  readonly region: string;
  /** Customer managed keys and replicas, those that wait for their deletion included. */
  readonly keys: Reading<readonly (LiveKey | UnreadKey)[]>;
  /** Without those that start with `alias/aws/`. */
  readonly aliases: Reading<readonly LiveAlias[]>;
  /** Undefined where nobody asked: no key of the Region, reviewed or live, is in one. */
  readonly keyStores: Reading<readonly LiveKeyStore[]> | undefined;
}

/** A key that was listed, and that nobody here may look at. */
export interface UnreadKey extends Unread {
  readonly keyId: string;
}

/**
 * A customer managed key, or a replica of one, with everything that belongs to it.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
 */
export interface LiveKey {
  /** `mrk-…` of multi-Region keys, which related keys share. */
  readonly keyId: string;
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `PendingReplicaDeletion`, `Unavailable`… */
  readonly state: string;
  /** ISO 8601 */
  readonly createdAt: string;
  /** Of one that waits for its deletion, ISO 8601: from then on it can be gone. */
  readonly deletedAt: string | undefined;
  readonly description: string;
  /** `SYMMETRIC_DEFAULT`, `RSA_2048`… */
  readonly spec: string;
  /** `ENCRYPT_DECRYPT`, `SIGN_VERIFY`… */
  readonly usage: string;
  /** `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM`, `EXTERNAL_KEY_STORE`. */
  readonly origin: string;
  /** Undefined for a single-Region key. */
  readonly multiRegion: LiveMultiRegion | undefined;
  /** `cks-…` */
  readonly keyStoreId: string | undefined;
  /** Of imported material: when AWS deletes it, ISO 8601; undefined for material that stays, or is not there. */
  readonly materialExpiresAt: string | undefined;
  /** JSON text. */
  readonly policy: Reading<string>;
  /** The value is undefined for a key whose kind or state has no automatic rotation: AWS was not asked. */
  readonly rotation: Reading<LiveRotation | undefined>;
  readonly tags: Reading<Readonly<Record<string, string>>>;
  readonly grants: Reading<readonly LiveGrant[]>;
}

export interface LiveMultiRegion {
  readonly kind: "primary" | "replica";
  readonly primaryRegion: string;
  /** Regions. */
  readonly replicas: readonly string[];
}

export interface LiveRotation {
  readonly enabled: boolean;
  /** Undefined where rotation is off, or AWS does not say. */
  readonly periodDays: number | undefined;
}

export interface LiveAlias {
  /** `alias/payments-prod` */
  readonly name: string;
  /** Undefined for one that points nowhere. */
  readonly keyId: string | undefined;
}

/**
 * An entry of ListGrants.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html
 */
export interface LiveGrant {
  readonly id: string;
  /** Empty where none was given. */
  readonly name: string;
  /** ARN, or a service's name for grants that AWS services made. */
  readonly grantee: string;
  readonly retiring: string | undefined;
  /** Whether either was given as GranteeServicePrincipal or RetiringServicePrincipal, which anybody may do who may make grants. */
  readonly namesService: boolean;
  /** Of a SourceArn constraint. */
  readonly sourceArn: string | undefined;
  /** ARN or id of the account that made it, or a service's name. */
  readonly issuingAccount: string | undefined;
  /** As the CreateGrant API spells them. */
  readonly operations: readonly string[];
  readonly equals: Readonly<Record<string, string>> | undefined;
  readonly subset: Readonly<Record<string, string>> | undefined;
  /** ISO 8601 */
  readonly createdAt: string;
}

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CustomKeyStoresListEntry.html */
export interface LiveKeyStore {
  /** `cks-…` */
  readonly id: string;
  readonly name: string;
  /** `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`. */
  readonly type: string;
  /** `CONNECTED`, `DISCONNECTED`, `FAILED`… */
  readonly connectionState: string;
  readonly connectionError: string | undefined;
  readonly cloudHsmClusterId: string | undefined;
  /** Of the proxy before an external key manager, as AWS names them: `UriEndpoint`, `UriPath`, `Connectivity`, `VpcEndpointServiceName`. */
  readonly proxy: Readonly<Record<string, string>>;
}

/** A customer managed IAM policy of an account. */
export interface LiveIdentityPolicy {
  readonly arn: string;
  readonly name: string;
  /** `/orgkeys/` */
  readonly path: string;
  /** JSON text of the version in force. */
  readonly document: Reading<string>;
  /** `role/payments-api`, `user/…`, `group/…`, in name order. */
  readonly attachedTo: Reading<readonly string[]>;
}

/** A policy of an organization: resource or service control. */
export interface LiveGuardrail {
  /** `p-…` */
  readonly id: string;
  readonly name: string;
  readonly kind: "resource-control" | "service-control";
  /** JSON text. */
  readonly document: Reading<string>;
  /** Ids of roots, OUs and accounts. */
  readonly targets: Reading<readonly string[]>;
}

/** A CloudFormation StackSet, or a CloudFormation stack of Terraform's own. */
export interface LiveTemplate {
  readonly name: string;
  /** Of a stack: `CREATE_COMPLETE`… of a StackSet: `ACTIVE`. */
  readonly status: string;
  /** As it was given, but for characters beyond ASCII: JSON or YAML. */
  readonly template: Reading<string>;
  /** Only asterisks for those that CloudFormation hides. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Undefined for a stack, and for a StackSet that says nothing about it. */
  readonly autoDeployment: { readonly enabled: boolean; readonly retains: boolean } | undefined;
}
