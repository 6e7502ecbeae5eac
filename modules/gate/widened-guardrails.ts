import { actionsText } from "../access/key-actions";
import type { Policy } from "../access/policy-statement";
import { readPolicyText } from "../access/policy-text";
import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import type { ControlPolicyKind } from "../aws/organizations";
import { holesOf } from "../checks/evidence/deny-holes";
import { type WantedDenial, wantedDenials } from "../checks/evidence/guardrail-denials";
import type { Danger } from "./gate-rule";
import type { GatedStack } from "./gated-stack";
import { isChange, type PlannedChange, stays } from "./planned-change";
import { guardrailType } from "./resource-types";

const kinds: ReadonlyMap<string, ControlPolicyKind> = new Map([
  ["RESOURCE_CONTROL_POLICY", "resource-control"],
  ["SERVICE_CONTROL_POLICY", "service-control"],
]);

/**
 * What the guardrails of a stack deny before and no longer after, of all that guardrails are for, whether the map asks for it
 * any more or not. All of one kind are taken together: a statement may go from one to another.
 */
export function widenedGuardrails({ changes, zones }: GatedStack, zone: ZoneBoundary): Danger[] {
  const policies = changes.filter(({ type }) => type === guardrailType);
  return [...kinds].flatMap(([type, kind]) => {
    const ofKind = policies.filter(({ before, after }) => [before.type, after.type].includes(type));
    const changed = ofKind.find((change) => change.action === "update" || change.action === "import");
    if (changed === undefined || !ofKind.some(isChange)) return [];
    const before = ofKind.flatMap((change) => read(change, "before", kind));
    // What is deleted is `guardrail-removed`, and is not said twice.
    const after = ofKind.flatMap((change) => read(change, stays(change) ? "after" : "before", kind));
    return newGaps(before, after, { ...zone, guardrails: everything }, kind, zones).map((gap) => ({
      address: changed.address,
      ...gap,
    }));
  });
}

const everything: ZoneBoundary["guardrails"] = {
  resourceControl: { principals: true, services: true },
  serviceControl: { ownKeys: true, destruction: true, policies: true, regions: true },
};

function read(change: PlannedChange, when: "before" | "after", kind: ControlPolicyKind): Policy[] {
  const policy = readPolicyText(change[when].content, change.address, kind);
  return policy?.understood === true ? [policy] : [];
}

function newGaps(
  before: readonly Policy[],
  after: readonly Policy[],
  zone: ZoneBoundary,
  kind: ControlPolicyKind,
  zones: ZoneBoundaries,
): { readonly detail: readonly string[]; readonly why: string }[] {
  return wantedDenials(zone, kind, zones).flatMap((wanted) => {
    const byHole = new Map<string, string[]>();
    for (const action of wanted.actions) {
      const former = holesIn(before, action, wanted);
      for (const hole of holesIn(after, action, wanted)) {
        // Without a statement about it everybody got through before, by whatever hole.
        if (former.includes(hole) || former.includes(nothing)) continue;
        byHole.set(hole, [...(byHole.get(hole) ?? []), action]);
      }
    }
    return [...byHole].map(([hole, actions]) => {
      const whom = hole === nothing ? wanted.everybody : hole;
      return {
        detail: [...wanted.subject, ...(hole === nothing ? [] : [hole])],
        why: `would no longer surely deny ${actionsText(actions)} ${wanted.to(whom)}`,
      };
    });
  });
}

const nothing = "";

/** Ways past the statement that comes closest. */
function holesIn(policies: readonly Policy[], action: string, wanted: WantedDenial): readonly string[] {
  let closest: readonly string[] | undefined;
  for (const statement of policies.flatMap(({ statements }) => statements)) {
    const holes = holesOf(statement, action, wanted)?.map(({ detail, whom }) => whom ?? detail);
    if (holes !== undefined && holes.length < (closest?.length ?? Number.POSITIVE_INFINITY)) closest = holes;
  }
  return closest ?? [nothing];
}
