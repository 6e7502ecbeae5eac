/** One side of a review: the output folder, or that of a commit. */
export interface ReviewOutput {
  /** As the user wrote it: a folder, or git's name of a commit. */
  readonly name: string;
  readonly commit: string | undefined;
  /** Names of its stacks. */
  readonly stacks: readonly string[];
  /** A stack's `cdk.tf.json`; undefined when it cannot be read. */
  textOf(stack: string): string | undefined;
  /** Other files of a stack that Terraform loads, with what tells their contents apart, such as SHA-256. @default none */
  besideOf?(stack: string): ReadonlyMap<string, string>;
}
