import { distance } from "fastest-levenshtein";
import { nameOrder } from "../aws/name-order";

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

/** The known name that somebody most likely meant, or undefined when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const most = Math.max(2, Math.floor(name.length / 3));
  let nearest: { name: string; distance: number } | undefined;
  for (const candidate of [...known].sort(nameOrder)) {
    const far = distance(name.toLowerCase(), candidate.toLowerCase());
    if (far <= most && (nearest === undefined || far < nearest.distance)) nearest = { name: candidate, distance: far };
  }
  return nearest?.name;
}

/** `did you mean payments-prod?`, or the names that there are. */
export function suggestName(name: string, known: Iterable<string>, otherwise: string): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? otherwise : `did you mean ${nearest}?`;
}

/** A few of many names, for a message. */
export function listNames(names: Iterable<string>, most = 12): string {
  const sorted = [...new Set(names)].sort(nameOrder);
  if (sorted.length === 0) return "none";
  const more = sorted.length - most;
  return sorted.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
