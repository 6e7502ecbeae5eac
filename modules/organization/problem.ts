import { nameOrder } from "../aws/name-order";

export { likelyNames, listNames, nearestName, suggestName } from "../findings/suggest-name";

/** Something wrong with the map, at its place. Data, not prose: the command line and the reports format it. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The path inside the file, `payments.environments.prod`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, and what is allowed. */
  readonly message: string;
  /** The value as the file has it, where showing it helps. */
  readonly value?: string;
  /** How to fix it, as an instruction. */
  readonly fix?: string;
}

/** A place in a file of the map that is read as text. */
export interface FilePlace {
  /** Below the configuration folder: `rollouts/backup-vault.yaml.hbs`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** As in `Problem`. */
  readonly path: string;
}

/** `file:line:col  path: what is wrong and allowed, got VALUE; how to fix`. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === "" ? "" : `${problem.path}: `;
  const value = problem.value === undefined ? "" : `, got ${problem.value}`;
  const fix = problem.fix === undefined ? "" : `; ${problem.fix}`;
  return `${place}  ${path}${problem.message}${value}${fix}`;
}

/** By place, so that the same map gives the same list in whatever order its files were read. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) => nameOrder(a.file, b.file) || a.line - b.line || a.column - b.column || nameOrder(a.message, b.message),
  );
}
