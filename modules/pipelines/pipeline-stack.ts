/** One stack of the map's, as far as pipelines go. */
export interface PipelineStack {
  /** `commercial.workloads.prod.shop-prod` */
  readonly name: string;
  readonly kind: "account" | "guardrails" | "rollouts" | "direct-rollouts";
  /** Whose keys it is about. */
  readonly zone: string;
  /** The account that Terraform works in, by name: the pipeline of that account's zone applies the stack. */
  readonly account: string;
  /** Its state file's name without `.tfstate`. */
  readonly state: string;
  /** Accounts whose keys Terraform looks up while it plans, by name: they have to be applied before. */
  readonly looksUp: readonly string[];
  /** Of guardrails: whether they come before the zone's rollouts, and not last. */
  readonly before: boolean;
}
