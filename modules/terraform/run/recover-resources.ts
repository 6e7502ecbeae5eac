import { isFields } from "../../access/stack-reading";
import type { ResourceChange } from "../plan-json";
import { begunAddresses } from "../steps/begun-addresses";
import { differencesOf, importIdOf, isImportable } from "../steps/import-ids";
import type { StepFailure } from "../steps/step";
import type { StackPlan } from "./run-parts";
import { failureOf, type RunState, stepContext } from "./run-state";

/**
 * Takes into the state what a cut apply has made besides keys: AWS refuses to make it once more, so that no later apply would end
 * well. Only what that apply had begun, and what a plan of things as they are would still make, is tried. Whose it is tells
 * `assertOurs`, by the plan after it.
 *
 * @param planned what is planned for the stack as things are, with keys recovered
 * @returns whether anything was imported: the stack has to be planned anew
 */
export async function recoverResources(
  planned: StackPlan,
  run: RunState,
): Promise<{ readonly imported: boolean } | { readonly failure: StepFailure }> {
  const { parts, record } = run;
  const { name, accountId } = planned.node;
  const context = stepContext(run, name);
  const begun = begunAddresses(context);
  const partition = partitionOf(planned.text);
  let imported = false;
  for (const resource of planned.plan.resource_changes ?? []) {
    const { address, change } = resource;
    const id = partition === undefined ? undefined : importIdOf(resource, { partition, accountId });
    if (id === undefined || !begun.has(address) || !isCreation(change)) continue;
    const others = record.stack(name).imported.filter((each) => each !== address);
    // On record first: if this process is killed now, the next one looks whether what is in the state is ours.
    record.changeStack(name, { imported: [...others, address] }, "now");
    const end = await parts.steps.importResource(context, address, id);
    if (end.ok) {
      imported = true;
      continue;
    }
    if (end.failure.cause !== "not-there") return { failure: end.failure };
    record.changeStack(name, { imported: others }, "now");
  }
  return { imported };
}

/**
 * Holds what was imported against the plan after it. What is not exactly as planned is somebody else's, and leaves the state again.
 *
 * @param planned a plan after the imports
 */
export async function assertOurs(planned: StackPlan, run: RunState): Promise<StepFailure | undefined> {
  const { parts, record } = run;
  const { name } = planned.node;
  const imported = new Set(record.stack(name).imported);
  const strange = (planned.plan.resource_changes ?? [])
    .filter((resource) => imported.has(resource.address) && isImportable(resource.type) && !isCreation(resource.change))
    .map((resource) => ({ address: resource.address, differences: differencesOf(resource) }))
    .filter(({ differences }) => differences.length > 0);
  for (const { address } of strange) {
    const end = await parts.steps.forgetResource(stepContext(run, name), address);
    if (!end.ok) return end.failure;
    record.changeStack(name, { imported: record.stack(name).imported.filter((each) => each !== address) }, "now");
  }
  if (strange.length === 0) return undefined;
  return failureOf(
    "import",
    "not-ours",
    strange
      .map(({ address, differences }) => `${address}: AWS has one of this name, and not as planned: ${differences}`)
      .join("\n"),
    "find out who made it, and let it go or have another name; then resume the run. Nothing of it was changed, and the state does not have it",
  );
}

function isCreation({ actions }: ResourceChange["change"]): boolean {
  return actions.length === 1 && actions[0] === "create";
}

/** Of the roles that the stack's providers assume: all of one account. */
function partitionOf(text: string): string | undefined {
  const json: unknown = JSON.parse(text);
  const provider = isFields(json) && isFields(json.provider) ? json.provider.aws : undefined;
  const partitions = new Set(
    [...JSON.stringify(provider ?? null).matchAll(/"arn:(aws[a-z-]*):iam::\d{12}:role\//g)].map(([, found]) => found),
  );
  return partitions.size === 1 ? [...partitions][0] : undefined;
}
