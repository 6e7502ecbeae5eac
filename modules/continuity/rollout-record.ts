import type { RolloutMetadata } from "../access/synthesized-stack";

/** What a rollout stack, or a direct one, has that can be lost: what its templates keep in accounts. */
export interface RolloutRecord {
  /** By address. */
  readonly templates: ReadonlyMap<string, TemplateRecord>;
}

/** A StackSet with its instances, or a CloudFormation stack beside them. */
export interface TemplateRecord {
  readonly kind: "StackSet" | "stack";
  /** `aws_cloudformation_stack_set.pci_baseline-keys` */
  readonly address: string;
  readonly id: string;
  /** In CloudFormation. */
  readonly name: string;
  /** The Region that it is kept in, whatever Regions it goes to. */
  readonly home: string;
  /** As whom CloudFormation is asked. @default "SELF" */
  readonly callAs: string;
  /** Undefined for a StackSet that goes nowhere, and for a stack. */
  readonly targets: RolloutTargets | undefined;
  /** Whether what it made stays in an account that it no longer goes to. */
  readonly retained: boolean;
  /** Logical ids of all that it makes. */
  readonly resources: ReadonlySet<string>;
  /** By logical id. */
  readonly keys: ReadonlyMap<string, TemplateKey>;
  /** Ids of accounts where the template makes nothing. */
  readonly excluded: ReadonlySet<string>;
  readonly metadata: RolloutMetadata | undefined;
}

export interface RolloutTargets {
  /** Sorted. */
  readonly ous: readonly string[];
  /** Sorted; with the filter INTERSECTION alone. */
  readonly accounts: readonly string[];
  readonly filter: string;
  /** Sorted. */
  readonly regions: readonly string[];
}

/** A key, replica or alias of a template. */
export interface TemplateKey {
  readonly kind: "key" | "replica" | "alias";
  readonly logicalId: string;
  /** `AWS::KMS::Key` */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Whether it stays when it leaves its stack, and when its stack is deleted. */
  readonly retained: boolean;
  /** When it is made, as sorted JSON, accounts that are left out aside; undefined for always. */
  readonly condition: string | undefined;
}
