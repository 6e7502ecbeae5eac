/** Access that somebody has gained or lost, from one policy, or one set of grants, to another. */
export interface AccessChange {
  readonly effect: "gains" | "loses";
  /** An ARN, `account 310000000001`, a service's name, `anybody`. */
  readonly who: string;
  /** `kms:Decrypt`, in name order; a pattern where no action is known that it means. */
  readonly actions: readonly string[];
  /** `statement UsePaymentsApi`, `grant …`, `statement DenyOutside, which is gone`. */
  readonly through: string;
  /** Those of them who are, or may be, outside the key's zone, in words; undefined when nobody is. */
  readonly outside: string | undefined;
}
