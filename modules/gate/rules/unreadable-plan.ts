import type { Danger, GateRule } from "../gate-rule";
import { type GatedStack, partedChanges } from "../gated-stack";
import type { PlannedChange } from "../planned-change";
import { knownTypes } from "../resource-types";

/** Source: https://developer.hashicorp.com/terraform/internals/json-format */
export const rule: GateRule = {
  id: "unreadable-plan",
  severity: "critical",
  requirement: "Every plan, and the JSON that it was made of, is understood in all that it does.",
  reason: "What cannot be read may be the very thing that must not happen.",
  fix: "plan again; a resource or a format that orgkeys does not know has to be taken out of the stack; nothing allows this",
  allowedBy: "nobody",
  inStack: (stack) => [
    ...ofPlan(stack).map((why): Danger => ({ address: undefined, why })),
    ...stack.changes.flatMap((change) => ofChange(change).map((why): Danger => ({ address: change.address, why }))),
  ],
};

/** What Terraform does or leaves beside changes of resources: actions of providers, which have no before and after. */
const notRead = ["action_invocations", "deferred_action_invocations", "deferred_changes"];

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function ofPlan({ plan, zone, stack, node }: GatedStack): string[] {
  return [
    ...(/^1\.\d+$/.test(plan.format_version) ? [] : [`its format is ${plan.format_version}, and 1 is understood`]),
    ...(partedChanges(plan).unreadable === 0 ? [] : ["a part of its changes has no form that is known here"]),
    ...(plan.errored === true ? ["Terraform ended with an error while it planned"] : []),
    ...notRead
      .filter((name) => isFilled(new Map(Object.entries(plan)).get(name)))
      .map((name) => `it has ${name}, which are not understood here`),
    ...(plan.complete === false ? ["Terraform left a part of it for another plan"] : []),
    ...(zone === undefined ? ["the map has no zone for the stack's account"] : []),
    ...(stack.accountId === node.accountId
      ? []
      : [`is to work in account ${node.accountId}, and its JSON does not say so for certain`]),
  ];
}

function ofChange({ address, type, action, id }: PlannedChange): string[] {
  if (action === "unclear") return ["does with it what nobody here understands"];
  if (address !== `${type}.${id}` || /[[\]]/.test(id)) return ["is in a module, or one of several of its name"];
  // A resource that nothing happens to is `readable`'s business.
  if (action !== "none" && !knownTypes.has(type)) return [`resources of type ${type} are not understood here`];
  return [];
}
