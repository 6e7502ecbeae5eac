import type { PartitionName } from "../aws/partition";
import type { Account, Zone } from "../organization/organization-map";

export const pipelineHosts = ["github", "gitlab", "codebuild"] as const;
export type PipelineHost = (typeof pipelineHosts)[number];

/** What every zone's pipeline does, and with which role. */
export interface PipelinePlan {
  /** By name; a zone whose accounts no stack works in has none. */
  readonly zones: readonly ZonePipeline[];
  /** In an order in which each comes after those that it waits for. */
  readonly stages: readonly ApplyStage[];
  /** Stacks that another zone's pipeline applies than the zone's that they are about, and which; by name. */
  readonly kept: Readonly<Record<string, string>>;
}

/** The jobs of one zone assume its roles alone, so that no job reaches two zones. */
export interface ZonePipeline {
  readonly zone: Zone;
  readonly partition: PartitionName;
  /** Where its sessions begin. */
  readonly region: string;
  readonly deploy: PipelineRole;
  readonly audit: PipelineRole;
  /** Globs that cover all stacks of this pipeline and no others. */
  readonly globs: readonly string[];
  /** The active accounts of the zone, by name. */
  readonly accounts: readonly Account[];
  readonly states: readonly PipelineState[];
}

/** A role of the map's `pipelines`, which a job becomes first; from there it assumes the roles of accounts. */
export interface PipelineRole {
  readonly duty: "deploy" | "audit";
  readonly arn: string;
  /** With its path: `pipelines/PciKeyPipeline`. */
  readonly name: string;
  readonly accountId: string;
  /** What it may assume, by name, in each account of the zone. */
  readonly assumes: string;
}

/** State that a zone's pipeline works with. */
export interface PipelineState {
  /** Whose bucket it is: the state of a zone's guardrails is with the zone's, whoever applies them. */
  readonly zone: Zone;
  /** Files' names without `.tfstate`, sorted. Those of accounts, which are in the zone's own bucket, are not listed. */
  readonly files: readonly string[];
  /** Whether the files of all accounts of the zone belong to it. */
  readonly accounts: boolean;
}

/** What one job applies: stacks of one pipeline, with one approval. */
export interface ApplyStage {
  /** `pci_prod`, `corporate__first`, `corporate__last`. */
  readonly id: string;
  /** The zone whose pipeline it is. */
  readonly zone: string;
  /** `prod`; `_first` and `_last` for what is about zones as a whole. */
  readonly wave: string;
  /** Which stacks, as globs. */
  readonly globs: readonly string[];
  /** The ids of those that it waits for. */
  readonly after: readonly string[];
  /** Whether somebody has to say yes before it begins, wherever that is not the host's own setting. */
  readonly approval: boolean;
}
