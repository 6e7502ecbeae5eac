import type { AccessIndex, AccountPlace, KeyEntry } from "../../access/access-index";
import type { GrantConstraint } from "../../access/grant-match";
import type { Place } from "../../access/policy-statement";
import type { SynthesizedStack } from "../../access/synthesized-stack";
import type { KeyAccess } from "../../access/who-can";
import type { ZoneBoundaries, ZoneBoundary } from "../../access/zone-boundary";
import type { KeyKind } from "../../aws/key-kind";
import type { KeyStep, StepDays } from "../../aws/key-step";
import type { CheckId } from "../../findings/check-ids";
import type { Finding, Severity } from "../../findings/finding";
import type { GateId } from "../../findings/gate-ids";

/**
 * One thing that has to hold for synthesized stacks. A check looks at whatever of key, stack and output it has to; what it
 * cannot decide is a violation.
 */
export interface Check {
  /** The file's name. */
  readonly id: CheckId;
  /**
   * proof: part of the zone proof, without which `synth` writes nothing. hygiene: everything else.
   */
  readonly kind: "proof" | "hygiene";
  readonly severity: Severity;
  /** What has to hold, in one sentence. */
  readonly requirement: string;
  /** Why, in one sentence. */
  readonly reason: string;
  /** How to mend it, as an instruction, where a violation says nothing of its own. */
  readonly fix: string;
  readonly inKey?: (key: CheckedKey, output: CheckedOutput) => readonly Violation[];
  readonly inStack?: (stack: SynthesizedStack, output: CheckedOutput) => readonly Violation[];
  readonly inOutput?: (output: CheckedOutput) => readonly Violation[];
  /** About the exceptions themselves, when everything else is found. No exception accepts what it finds. */
  readonly inExceptions?: (output: CheckedOutput, use: ExceptionUse) => readonly Violation[];
}

/** A key or replica of an account that is in a zone; all others are `zone-membership`'s business. */
export interface CheckedKey {
  readonly entry: KeyEntry;
  readonly zone: ZoneBoundary;
  readonly access: KeyAccess;
  /** What the map says of the key's data class; undefined when the stack's metadata name none that the map has. */
  readonly dataClass: DataClassRules | undefined;
}

/** A key that the map asks for. */
export interface MapKey {
  readonly accountId: string;
  /** The resource's id: `payments_prod_us-east-1`. */
  readonly id: string;
  /** Where the key, or its primary, is. */
  readonly region: string;
  /** The first of `aliases`. */
  readonly alias: string;
  /** With `alias/`; each in every Region of the key. */
  readonly aliases: readonly string[];
  /** Their Terraform ids, without the Region, in the same order. */
  readonly aliasIds: readonly string[];
  readonly dataClass: string;
  readonly multiRegion: boolean;
  /** Regions of its replicas that are to be there: none waits for material. */
  readonly replicas: readonly string[];
  readonly kind: KeyKind;
  /** The custom key store with the material: its id in AWS, or its address in the same stack. */
  readonly keyStore: string | undefined;
  /** The key in the external key manager behind the store. */
  readonly externalKeyId: string | undefined;
  /** Undefined for a key that does not rotate by itself. */
  readonly rotationDays: number | undefined;
  readonly step: KeyStep;
  /** Of replicas that are not in use, by Region. */
  readonly replicaSteps: ReadonlyMap<string, KeyStep>;
  /** Of the steps that the map records. */
  readonly days: StepDays;
  /** The same of replicas by themselves, by Region. */
  readonly replicaDays: ReadonlyMap<string, StepDays>;
  /** The day on which another key took over its aliases. */
  readonly replaced: string | undefined;
  readonly adoption: MapAdoption | undefined;
  /** The records of imports, of a key with imported material, by Region. */
  readonly material: ReadonlyMap<string, { readonly imported: string; readonly expires: string | undefined }>;
}

/** A custom key store that the map asks for. */
export interface MapKeyStore {
  readonly accountId: string;
  /** `aws_kms_custom_key_store.hsm_us-east-1` */
  readonly address: string;
  readonly region: string;
  /** What stands in front of the material, by Terraform argument; every other one is unset. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** What Terraform is to take over with a key. */
export interface MapAdoption {
  /** The key's id in AWS, which its replicas share. */
  readonly keyId: string;
  /** Regions. */
  readonly replicas: ReadonlySet<string>;
  /** With `alias/`. */
  readonly aliases: ReadonlySet<string>;
  /** AWS's ids, by Terraform id. */
  readonly grants: ReadonlyMap<string, string>;
}

/** A grant on a key of another account that the map asks for, whatever the day. */
export interface MapUserGrant {
  /** The account whose stack makes it. */
  readonly accountId: string;
  /** The resource's id. */
  readonly id: string;
  /** The ARN of that account's deploy role, which makes the grant and retires it. */
  readonly deployRole: string;
  readonly ownerAccountId: string;
  /** The id of the key's resource in the owner's stack: `payments_prod_us-east-1`. */
  readonly keyId: string;
  /** The key as `keyBehindAlias` writes it. */
  readonly keyArn: string;
  readonly dataClass: string;
  readonly grantee: string;
  readonly operations: readonly string[];
  readonly constraint: GrantConstraint | undefined;
}

/** What a data class of the map asks of its keys. */
export interface DataClassRules {
  readonly name: string;
  /** Whether the account's IAM policies may give the use of the key. */
  readonly rootAccess: "full" | "administration-only";
  /** Whether every grant has to have an encryption context constraint. */
  readonly grantsNeedConstraint: boolean;
  /** Whether every grant has to have a day on which it ends. */
  readonly grantsNeedExpiry: boolean;
}

/** What the map says: the side of a check that no stack can change. */
export interface CheckRules {
  readonly zones: ZoneBoundaries;
  readonly dataClasses: ReadonlyMap<string, DataClassRules>;
  /** Every key that the map asks for, by account id and resource id: `310000000001 payments_prod_us-east-1`. */
  readonly keys: ReadonlyMap<string, MapKey>;
  /** Every custom key store that the map asks Terraform to make. */
  readonly keyStores: readonly MapKeyStore[];
  /** Every grant on a key of another account that the map asks for, by account id and resource id. */
  readonly userGrants: ReadonlyMap<string, MapUserGrant>;
  readonly exceptions: readonly AcceptedException[];
  /** Where accounts are, by account id. */
  readonly places: ReadonlyMap<string, AccountPlace>;
  /** The day of the check, as in 2027-01-31; undefined when nothing that ends can be told to have ended. */
  readonly today: string | undefined;
}

/** What was synthesized, and what the map says about it. */
export interface CheckedOutput extends CheckRules {
  /** For `inKey` and `inStack` their own stack alone; for `inOutput` all stacks, without policies, grants and arguments of keys. */
  readonly index: AccessIndex;
}

/** One finding that somebody answers for: `config/exceptions.yaml`. */
export interface AcceptedException {
  readonly name: string;
  /** Of what the gate stops at, no check knows whether it is there. */
  readonly check: CheckId | GateId;
  /** A finding's `where`, word by word. */
  readonly subject: string;
  readonly owner: string;
  readonly reason: string;
  /** The day from which it no longer holds. */
  readonly expires: string;
  /** `exceptions.yaml NAME` */
  readonly source: string;
}

/** What the exceptions came to in one run. */
export interface ExceptionUse {
  /** Those whose finding there is, whether they still hold or not. */
  readonly matched: ReadonlySet<AcceptedException>;
  /** What was found and no exception accepts. */
  readonly open: readonly Finding[];
  /** The checks that looked: of all others nobody knows what they would find. */
  readonly ran: ReadonlySet<CheckId | GateId>;
}

/** Something that does not hold. */
export interface Violation {
  /** The stack it is in; undefined for what is wrong in the map alone. */
  readonly stack: SynthesizedStack | undefined;
  /** A Terraform address: `aws_kms_key.payments_prod_us-east-1`; undefined for the stack as a whole. */
  readonly address: string | undefined;
  /** What exactly, within that: `statement UsePaymentsApi`, `arn:aws:iam::…`. Exceptions repeat it word by word. */
  readonly detail: readonly string[];
  /** What is wrong, with the values found. */
  readonly why: string;
  /** In the synthesized JSON. */
  readonly place: Place | undefined;
  /** Places of the map. @default those behind the resource at `address` */
  readonly sources?: readonly string[];
  /** @default the check's */
  readonly fix?: string;
  /** @default the check's */
  readonly severity?: Severity;
}
