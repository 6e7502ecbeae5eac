import type { PrincipalBounds } from "../access/principal-bounds";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { ousOf, type ZoneBoundaries, type ZoneBoundary } from "../access/zone-boundary";
import { isAccountId } from "../aws/account-id";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/**
 * Where guardrails go. What they say is the business of `guardrails-in-place`: a guardrail only ever denies, so on its own
 * zone it can let nobody in.
 */
export const check: Check = {
  id: "zone-guardrails",
  kind: "proof",
  severity: "critical",
  requirement: "Guardrails reach nothing but their own zone, from a stack of their own in the management account.",
  reason:
    "A guardrail on another zone takes that zone's keys away from its own people, and lets one zone's change decide over another.",
  fix: "attach the guardrail to the zone's own OUs and accounts; orgkeys synth writes the stack anew",
  inOutput: (output) => {
    const ous = organizationPaths(output);
    return output.index.stacks.flatMap((stack) => inStack(stack, output.zones, ous));
  },
};

function inStack(
  stack: SynthesizedStack,
  zones: ZoneBoundaries,
  ous: ReadonlyMap<string, string>,
): readonly Violation[] {
  const isGuardrailStack = stack.metadata.kind === "guardrails";
  if (!isGuardrailStack && stack.guardrails.length === 0) return [];
  const zone = guardedZone(stack, zones);
  if (zone === undefined) return [unknownZone(stack, isGuardrailStack)];
  return [
    ...wrongAccount(stack, zone),
    ...(isGuardrailStack ? strayResources(stack, zone) : []),
    ...strayTargets(stack, zone, zones, ous),
  ];
}

/** The zone that a guardrail stack names; that of the account for guardrails in any other stack. */
function guardedZone(stack: SynthesizedStack, zones: ZoneBoundaries): ZoneBoundary | undefined {
  return stack.metadata.kind === "guardrails"
    ? zones.named(stack.metadata.zone ?? "")
    : zones.ofAccount(stack.accountId ?? "");
}

function unknownZone(stack: SynthesizedStack, isGuardrailStack: boolean): Violation {
  const named = stack.metadata.zone;
  const why = !isGuardrailStack
    ? `holds guardrails, and its account ${stack.accountId ?? "(not known)"} is in no zone`
    : named === undefined
      ? "does not say which zone it guards"
      : `guards zone ${named}, which the map does not have`;
  return {
    stack,
    address: undefined,
    detail: ["zone", isGuardrailStack ? (named ?? "none") : "none"],
    why,
    place: { document: stack.name, path: isGuardrailStack ? "/~1~1" : "" },
    sources: [],
    fix: "delete the stack, or give the zone its name again, and synthesize",
  };
}

/** Only there can policies of the organization be managed as the zone's own. */
function wrongAccount(stack: SynthesizedStack, zone: ZoneBoundary): readonly Violation[] {
  if (stack.accountId === zone.managementAccountId && stack.partition === zone.partition) return [];
  return [
    {
      stack,
      address: undefined,
      detail: ["account", stack.accountId ?? "not known"],
      why: `manages guardrails of zone ${zone.name} from account ${stack.accountId ?? "(not known)"} of partition ${stack.partition ?? "(not known)"}; organization ${zone.organization} has its management account in ${zone.managementAccountId} of partition ${zone.partition}`,
      place: { document: stack.name, path: "/provider" },
      fix: `move the guardrails to a stack in management account ${zone.managementAccountId}`,
    },
  ];
}

/** Whoever applies guardrails needs no rights on keys, and whoever applies keys none on the organization. */
function strayResources(stack: SynthesizedStack, zone: ZoneBoundary): readonly Violation[] {
  return [...stack.keys, ...stack.aliases, ...stack.identityPolicies, ...stack.stackSets, ...stack.directStacks].map(
    (resource) => ({
      stack,
      address: resource.address,
      detail: [],
      why: `is in the stack with the guardrails of zone ${zone.name}, which holds nothing else`,
      place: { document: resource.document, path: resource.path },
      fix: "move it to the stack of its account",
    }),
  );
}

function strayTargets(
  stack: SynthesizedStack,
  zone: ZoneBoundary,
  zones: ZoneBoundaries,
  ous: ReadonlyMap<string, string>,
): readonly Violation[] {
  return stack.guardrails.flatMap(({ attachments, address: policy }) =>
    attachments.flatMap(({ address, target, document, path }) =>
      zones.outside(reachOf(target, ous), zone).map((outside) => ({
        stack,
        address,
        detail: [target],
        why: `attaches ${policy}, a guardrail of zone ${zone.name}, to ${outside}`,
        place: { document, path },
      })),
    ),
  );
}

/** Everybody below a root or OU inherits what is attached to it, today's accounts and tomorrow's. */
function reachOf(target: string, ous: ReadonlyMap<string, string>): PrincipalBounds {
  const nothing: PrincipalBounds = { accounts: new Set(), organizationPaths: new Set(), unbounded: [] };
  const idPath = ous.get(target);
  if (idPath !== undefined) return { ...nothing, organizationPaths: new Set([`${idPath}*`]) };
  if (isAccountId(target)) return { ...nothing, accounts: new Set([target]) };
  return { ...nothing, unbounded: [`${target}, which the map does not know`] };
}

/** The path of every root and OU that has accounts or bounds a zone, as `aws:PrincipalOrgPaths` has it, by id. */
function organizationPaths({ index, zones }: CheckedOutput): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const add = (ids: readonly string[]): void => {
    for (const [position, id] of ids.entries()) {
      if (position > 0) paths.set(id, `${ids.slice(0, position + 1).join("/")}/`);
    }
  };
  for (const zone of zones.all) for (const ou of ousOf(zone)) add(ou.idPath.split("/").slice(0, -1));
  for (const place of index.places.values()) add([place.organizationId, ...place.path]);
  return paths;
}
