/** What a served page is told by its server, as JSON. There are types here and nothing else: Node writes it and the page reads it. */
export interface LiveState {
  /** Which page there is: one that shows another loads anew. */
  readonly page: string;
  /** Whether what was saved last is still being read. */
  readonly reading: boolean;
  /** What is wrong with what was saved last; the page is then of the last map that was right. */
  readonly problems: readonly LiveProblem[];
}

export interface LiveProblem {
  /** `config/workloads/shop.yaml:14:20`; empty where it has none. */
  readonly place: string;
  /** The line there, as it was saved; empty where there is none. */
  readonly line: string;
  readonly what: string;
  /** An instruction; empty where nobody knows one. */
  readonly fix: string;
}
