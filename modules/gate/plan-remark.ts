import type { PlanJson } from "../terraform/plan-json";

/** What a plan does, or may do, that a stack's JSON before and after it cannot say. */
export interface PlanRemark {
  readonly id:
    | "key-removed"
    | "key-replaced"
    | "other-changed"
    | "replica-removed"
    | "replica-replaced"
    | "stack-unreadable";
  readonly stack: string;
  readonly address: string | undefined;
  /** A clause on the resource, or the stack. */
  readonly what: string;
  readonly whatToDo: string;
}

export function remark(id: PlanRemark["id"], stack: string, address: string | undefined, what: string): PlanRemark {
  const whatToDo =
    id === "stack-unreadable"
      ? "plan it again, and review that plan"
      : "read it in the plan itself: terraform show of the stack's plan.tfplan";
  return { id, stack, address, what, whatToDo };
}

/** @param unreadable how many entries of the plan have no form that is known */
export function unreadParts(stack: string, plan: PlanJson, unreadable: number): PlanRemark[] {
  const { errored, complete, deferred_changes: deferred = [], output_changes: outputs = {} } = plan;
  const invoked = [...(plan.action_invocations ?? []), ...(plan.deferred_action_invocations ?? [])];
  const changed = Object.keys(outputs).filter((name) => outputs[name]?.actions.join() !== "no-op");
  const parts = [
    ...(unreadable > 0 ? [`has a plan with ${unreadable} entries that nobody can read`] : []),
    ...(errored === true ? ["has a plan that ended with an error: it does not say everything"] : []),
    ...(complete === false || deferred.length > 0 ? ["has a plan that leaves something for a later one"] : []),
    ...(invoked.length > 0 ? ["has a plan that has actions run, which are in no JSON"] : []),
  ];
  return [
    ...parts.map((what) => remark("stack-unreadable", stack, undefined, what)),
    ...changed.map((name) => remark("other-changed", stack, `output.${name}`, "is another output")),
  ];
}
