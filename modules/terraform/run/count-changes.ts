import type { ChangeAction, PlanJson, ResourceChange } from "../plan-json";
import type { ChangeCounts } from "../steps/step";

/** How many of what a plan changes; looking something up is no change. */
export function countChanges({ resource_changes = [] }: PlanJson): ChangeCounts {
  const actions: Partial<Record<ChangeAction, number>> = {};
  const types: Record<string, Partial<Record<ChangeAction, number>>> = {};
  for (const resource of resource_changes) {
    for (const action of actionsOf(resource)) {
      actions[action] = (actions[action] ?? 0) + 1;
      const ofType = types[resource.type] ?? {};
      ofType[action] = (ofType[action] ?? 0) + 1;
      types[resource.type] = ofType;
    }
  }
  return { actions, types };
}

/** What is counted. An import that also changes the resource is both. */
export function actionsOf({ mode, change: { actions, importing } }: ResourceChange): ChangeAction[] {
  if (mode !== "managed") return [];
  const imported: ChangeAction[] = importing === undefined ? [] : ["import"];
  const [first, second] = actions;
  if (second !== undefined) return [...imported, "replace"];
  if (first === "create" || first === "update" || first === "delete" || first === "forget") return [...imported, first];
  return imported;
}

export function totalOf(counts: ChangeCounts | undefined): number {
  return Object.values(counts?.actions ?? {}).reduce((sum, count) => sum + count, 0);
}
