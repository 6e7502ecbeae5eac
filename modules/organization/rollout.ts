import type { Account, OrganizationalUnit } from "./organization-map";

/** Templates that come with orgkeys; every other name is a file of the map's own, `rollouts/NAME.yaml.hbs`. */
export const builtInTemplates = ["access-roles", "baseline-keys", "key-events"] as const;
export type BuiltInTemplate = (typeof builtInTemplates)[number];

/** One template for the accounts of one zone, those of tomorrow included. */
export interface Rollout {
  /** The zone and the template: `pci.access-roles`. */
  readonly name: string;
  /** The zone's name. */
  readonly zone: string;
  /** `access-roles`, or the name of one of the map's own. */
  readonly template: string;
  /** The map's own template; undefined for a built-in one. */
  readonly ownTemplate: RolloutTemplate | undefined;
  /** Where the StackSets are kept: the management account, or the organization's delegated administrator. */
  readonly administrator: Account;
  /** At least one, in their order: each begins when the one before is through. */
  readonly waves: readonly RolloutWave[];
  /** Whether the first of several waves goes account by account and takes no failure. @default true */
  readonly canary: boolean;
  /** Accounts of the zone that it leaves out, sorted by name. */
  readonly excluded: readonly Account[];
  /** In the order of the rollout. Of `baseline-keys` exactly one, where primaries are. */
  readonly regions: readonly string[];
  /** Of `baseline-keys`: where the keys get replicas, in a StackSet after the one of the primaries. */
  readonly replicas: readonly string[];
  /** How many accounts of a Region at a time. @default {count: 1} */
  readonly concurrency: RolloutQuantity;
  /** How many accounts of a Region may fail before the rest is given up. @default {count: 0} */
  readonly failureTolerance: RolloutQuantity;
  /** strict: slows down with every failure. soft: keeps its pace. @default "strict" */
  readonly concurrencyMode: "strict" | "soft";
  /** @default "sequential" */
  readonly regionConcurrency: "sequential" | "parallel";
  /** Whether an account that joins a target gets it by itself. @default true */
  readonly autoDeployment: boolean;
  /**
   * Whether what is in an account stays there when it leaves the targets.
   *
   * @default true for `baseline-keys`, always, and the map's own templates: keys and data are hard to lose. false for the
   * others: a zone's roles and rules must not stay in an account that left it
   */
  readonly retain: boolean;
  /** Of `key-events`: the account with the zone's bus. @default the zone's key management account */
  readonly busAccount: Account | undefined;
  /** Of `key-events`: how long the bus keeps events, in days. @default not at all */
  readonly archiveDays: number | undefined;
  /** Of one of the map's own templates. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `rollouts.yaml pci.templates.access-roles` */
  readonly source: string;
}

export interface RolloutWave {
  /** Undefined for the only one. */
  readonly name: string | undefined;
  /** The zone's OUs that it goes to, each with everything below; undefined for all that the zone has. */
  readonly ous: readonly OrganizationalUnit[] | undefined;
}

export type RolloutQuantity = { readonly count: number } | { readonly percentage: number };

/** A CloudFormation template of the map's own, as Handlebars text. */
export interface RolloutTemplate {
  readonly name: string;
  readonly text: string;
  /** `rollouts/backup-vault.yaml.hbs` */
  readonly path: string;
}
