import { posix } from "node:path";
import type { StackBackend } from "../access/synthesized-stack";
import { nameOrder } from "../aws/name-order";
import { changeIn } from "./compared-change";
import type { ComparedChange } from "./comparer";
import type { ReviewContext } from "./review-context";
import type { StackPair } from "./stack-pair";
import { stackWords } from "./stack-words";
import { namesWords } from "./words";

/** Where a state is, however its place is written. */
export function statePlace(backend: StackBackend | undefined): string | undefined {
  if (backend === undefined) return undefined;
  return backend.kind === "local" ? `local ${posix.normalize(backend.file)}` : `s3 ${backend.bucket} ${backend.key}`;
}

/** Names of the stacks of one side, by the place of their state. */
export type StacksByState = ReadonlyMap<string, readonly string[]>;

export function stacksByState(
  outlines: readonly { readonly name: string; readonly state: string | undefined }[],
): StacksByState {
  const byState = new Map<string, string[]>();
  for (const { name, state } of outlines) {
    if (state !== undefined) byState.set(state, [...(byState.get(state) ?? []), name].sort(nameOrder));
  }
  return byState;
}

/** A stack that comes to the state of another: what the one makes, the other's next run destroys. */
export function sharedState(pair: StackPair, states: StacksByState, context: ReviewContext): ComparedChange[] {
  const { before, after } = pair;
  const state = statePlace(after?.backend);
  if (after === undefined || state === undefined || statePlace(before?.backend) === state) return [];
  const others = (states.get(state) ?? []).filter((name) => name !== after.name);
  if (others.length === 0) return [];
  return [
    changeIn(
      pair,
      {
        id: "state-moved",
        risk: "critical",
        detail: `with ${others.join(", ")}`,
        resource: stackWords(after),
        what: `keeps its state where ${namesWords(others)} ${others.length === 1 ? "has" : "have"} it: a run of either destroys what the other has made, keys among it`,
        whatToDo: "give every stack a state of its own",
        at: ["/terraform/backend"],
      },
      context,
    ),
  ];
}
