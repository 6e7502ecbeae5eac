import type { AccessChange } from "../access/access-change";
import type { PartitionName } from "../aws/partition";
import type { Severity } from "../findings/finding";
import type { ReviewId } from "./review-ids";

/** What a change of the synthesized JSON means, in the order in which a reviewer should look. */
export interface Review {
  readonly base: ReviewedSide;
  readonly head: ReviewedSide;
  /** Most risky first, then by id and place. */
  readonly changes: readonly ReviewChange[];
  /** Stacks whose JSON differs in bytes and in nothing that it means. */
  readonly sameMeaning: readonly string[];
  /** Zones in which anything means something else, by name, and what. */
  readonly zones: readonly TouchedZone[];
  /** US dollars a month, without requests unless the map gives rates. */
  readonly cost: {
    readonly before: number;
    readonly after: number;
    /** Keys and replicas whose price nobody knows here, as in GovCloud: they are in neither sum. */
    readonly unpriced: { readonly before: number; readonly after: number };
  };
}

export interface ReviewedSide {
  /** As the user wrote it: a folder, or git's name of a commit. */
  readonly name: string;
  /** The commit's hash; undefined for a folder. */
  readonly commit: string | undefined;
  readonly stacks: number;
  /** Keys, without replicas. */
  readonly keys: number;
  readonly replicas: number;
}

export interface TouchedZone {
  readonly zone: string;
  readonly stacks: number;
  readonly changes: number;
  /** Whether what keeps the zone apart is another: who from outside gains, guardrails, accounts, Regions, the deploy role. */
  readonly wall: boolean;
}

/** One thing that a change means. */
export interface ReviewChange {
  readonly id: ReviewId;
  readonly risk: Severity;
  readonly place: ReviewPlace;
  /** Tells apart changes of one id at one place: a statement, a grant's name, an alias. */
  readonly detail: string;
  /** A clause on the place, as in `is deleted with all data under it`. */
  readonly what: string;
  /** What a reviewer should make sure of before it is merged; empty where nothing is asked. */
  readonly whatToDo: string;
  /** Of `access-*`, and of everything else that gives or takes access. */
  readonly access: readonly ReviewedAccess[];
  /** Where it stands in the JSON, as far as it stands there. */
  readonly lines: readonly JsonPlace[];
}

export interface ReviewPlace {
  /** Names in the map, of the side that it is still on. */
  readonly organization: string | undefined;
  readonly account: string | undefined;
  readonly accountId: string | undefined;
  readonly partition: PartitionName | undefined;
  readonly zone: string | undefined;
  /** In name order: a key with replicas has the same change in each of its Regions. */
  readonly regions: readonly string[];
  readonly stack: string;
  /** Terraform's, of the first Region; undefined for the stack as a whole. */
  readonly address: string | undefined;
  /** What people call it: `alias/payments-prod`, `StackSet orgkeys-pci-access-roles`, `guardrail orgkeys-pci`. */
  readonly resource: string;
}

/** Who gains or loses what on which key. */
export interface ReviewedAccess extends AccessChange {
  /** `role/payments-batch in payments-prod`; an ARN of an account that the map does not know stays one. */
  readonly whom: string;
  /** `alias/payments-prod`; of a policy that names keys by a pattern, the pattern. */
  readonly key: string;
  /** The key's zone; undefined where nobody can tell. */
  readonly zone: string | undefined;
  readonly regions: readonly string[];
  /** Which half of access across accounts this is; the other half may be missing, or be there for long. */
  readonly half: "key" | "identity";
  /** The day on which a grant is left out. */
  readonly until: string | undefined;
  /** What has to hold besides, in words, as in `only through s3`; empty for nothing. */
  readonly conditions: readonly string[];
}

/** Where something stands in a stack's cdk.tf.json. */
export interface JsonPlace {
  readonly side: "base" | "head";
  readonly stack: string;
  /** A JSON pointer: `/locals/payments_prod_us-east-1-policy/Statement/3`. */
  readonly path: string;
}
