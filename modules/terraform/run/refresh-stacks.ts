import { isDeepStrictEqual } from "node:util";
import { uniqueNames } from "../../aws/name-order";
import type { ResourceChange } from "../plan-json";
import { planStacks } from "./plan-stacks";
import type { RunSteps } from "./run-parts";
import type { RunState } from "./run-state";
import { removePlan } from "./saved-plan";

/** A resource that AWS has other than the state. */
export interface RefreshedResource {
  readonly address: string;
  /** Whether AWS has it no more. */
  readonly isGone: boolean;
  /** Names of arguments that differ, without their values. */
  readonly attributes: readonly string[];
}

export type RefreshEnd =
  | { readonly stack: string; readonly changes: readonly RefreshedResource[] }
  | { readonly stack: string; readonly failure: { readonly message: string; readonly whatToDo: string } };

/** The steps of a run that plans nothing, and of whose plans only what AWS has other than the state is kept. */
export class RefreshSteps {
  readonly #found = new Map<string, readonly RefreshedResource[]>();

  constructor(private readonly steps: RunSteps) {}

  get forRun(): RunSteps {
    const { steps } = this;
    return {
      ...steps,
      plan: (context) => steps.plan({ ...context, refreshOnly: true }),
      show: async (context) => {
        const end = await steps.show(context);
        if (!end.ok) return end;
        const { resource_drift: drift = [], ...plan } = end.plan;
        this.#found.set(context.stack, drift.flatMap(refreshedResource));
        return { ...end, plan: { ...plan, resource_changes: [], output_changes: {} } };
      },
    };
  }

  changesOf(stack: string): readonly RefreshedResource[] | undefined {
    return this.#found.get(stack);
  }
}

/** Refreshes stacks, several at once; one that fails keeps nothing back of the others. */
export async function refreshStacks(
  stacks: readonly string[],
  run: RunState,
  steps: RefreshSteps,
): Promise<RefreshEnd[]> {
  await planStacks(stacks, run);
  return stacks.map((stack) => {
    removePlan(stack, run);
    const { status, failure, note } = run.record.stack(stack);
    const changes = steps.changesOf(stack);
    if ((status === "planned" || status === "unchanged") && changes !== undefined) return { stack, changes };
    const { message = note ?? "it was not refreshed", whatToDo = "run the command again" } = failure ?? {};
    return { stack, failure: { message, whatToDo } };
  });
}

/**
 * What the provider counts, and nobody reviews: the state has the number from before the stack's own attachments were made, so that
 * an untouched policy would be drift after every first apply. Attachments are resources of their own.
 */
const counted: ReadonlySet<string> = new Set(["aws_iam_policy attachment_count"]);

/** Data sources are no part of AWS that anybody reviewed. */
function refreshedResource({ address, mode, type, change }: ResourceChange): RefreshedResource[] {
  const { before, after } = change;
  if (mode !== "managed" || change.actions.every((action) => action === "no-op")) return [];
  if (after === null) return [{ address, isGone: true, attributes: [] }];
  const names = uniqueNames([...Object.keys(before ?? {}), ...Object.keys(after)]);
  const attributes = names.filter(
    (name) => !counted.has(`${type} ${name}`) && !isDeepStrictEqual(before?.[name], after[name]),
  );
  return attributes.length === 0 ? [] : [{ address, isGone: false, attributes }];
}
