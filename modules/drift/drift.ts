import type { AccessChange } from "../access/access-change";
import type { PartitionName } from "../aws/partition";
import type { DriftId } from "../findings/drift-ids";
import type { Severity } from "../findings/finding";
import type {
  LiveAlias,
  LiveGrant,
  LiveGuardrail,
  LiveIdentityPolicy,
  LiveKey,
  LiveTemplate,
} from "../live/live-account";
import type { ReviewedKey } from "./reviewed/reviewed-key";

/** Where in AWS something is not as it was reviewed. */
export interface DriftPlace {
  /** The account's name in the map. */
  readonly account: string;
  readonly accountId: string;
  readonly partition: PartitionName;
  readonly zone: string;
  /** Undefined for what is in no Region. */
  readonly region: string | undefined;
  /** The synthesized stack that says what it has to be; undefined for what no stack has. */
  readonly stack: string | undefined;
  /** The Terraform address there: `aws_kms_key.payments_prod_us-east-1`. */
  readonly address: string | undefined;
  /** What it is to people: `alias/payments-prod`, a key's id, `policy orgkeys-payments-api`. */
  readonly resource: string;
}

/** One difference between AWS and the reviewed JSON, as a comparison finds it. */
export interface Drift {
  readonly id: DriftId;
  readonly place: DriftPlace;
  /** What exactly, within the resource: `statement UsePaymentsApi`, `tag Owner`. Together with the place it is one of a kind. */
  readonly detail: readonly string[];
  /** What is and what was reviewed, with the values; one sentence without its full stop. */
  readonly why: string;
  /** By what it means here. @default the kind's */
  readonly severity?: Severity;
  /** Who gains or loses what. @default none */
  readonly access?: readonly AccessChange[];
  /** What the next step is made of. @default none */
  readonly subject?: DriftSubject;
  /** What else of Terraform's goes where this is gone, and is no drift of its own. @default none */
  readonly goneAlong?: readonly StackAddress[];
  /** Where the comparison itself knows the next step. @default that of the kind */
  readonly whatToDo?: string;
}

/** A resource of a synthesized stack. */
export interface StackAddress {
  readonly stack: string;
  readonly address: string;
}

/** What of both sides the next step and the fingerprint ask for. */
export interface DriftSubject {
  readonly reviewedKey?: ReviewedKey;
  readonly key?: LiveKey;
  readonly alias?: LiveAlias;
  /** The alias as reviewed, with `alias/`. */
  readonly aliasName?: string;
  readonly grant?: LiveGrant;
  readonly policy?: LiveIdentityPolicy;
  /** `role/payments-api`, or the id of a root, an OU or an account. */
  readonly target?: string;
  readonly guardrail?: LiveGuardrail;
  /** Of a StackSet or a CloudFormation stack. */
  readonly template?: LiveTemplate;
  readonly instance?: InstanceSubject;
  /** One that the map does not have. */
  readonly stackSet?: StackSetSubject;
  /** `cks-…` */
  readonly keyStoreId?: string;
}

/** A StackSet, as the command line names it. */
export interface StackSetSubject {
  readonly stackSet: string;
  /** As whom the StackSet is kept. */
  readonly callAs: "SELF" | "DELEGATED_ADMIN";
  /** Where the StackSet is kept. */
  readonly homeRegion: string;
}

/** An instance of one. */
export interface InstanceSubject extends StackSetSubject {
  /** Ids of the OUs that the StackSet goes to, or of the one that the instance was made for. */
  readonly ous: readonly string[];
  readonly accountId: string;
  readonly region: string;
}
