/** What is wrong with a key policy, and how to mend it. */
export interface PolicyFlaw {
  readonly message: string;
  readonly fix: string;
}
