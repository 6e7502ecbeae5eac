import type { AccessChange } from "../../access/access-change";
import { guardrailKinds } from "../../access/guardrail-kinds";
import { actionsText } from "../../access/key-actions";
import { type PolicyGap, policyGaps } from "../../access/policy-gaps";
import type { Policy } from "../../access/policy-statement";
import { isSamePolicy } from "../../access/same-policy";
import type { StackGuardrail, SynthesizedStack } from "../../access/synthesized-stack";
import type { ZoneBoundary } from "../../access/zone-boundary";
import type { Severity } from "../../findings/finding";
import type { LiveGuardrail, Reading } from "../../live/live-account";
import type { Drift, DriftPlace } from "../drift";
import type { DriftContext } from "../drift-context";
import { placeIn } from "../place-in";
import { inStack } from "./in-stack";
import { readLivePolicy } from "./live-policy";
import { unchecked } from "./unchecked";

/**
 * Guardrails of a zone, what is in them and what they are attached to. An organization's other policies, AWS's own among them, are
 * nobody's business here.
 */
export function compareGuardrails(
  stack: SynthesizedStack,
  live: Reading<readonly LiveGuardrail[]>,
  context: DriftContext,
): Drift[] {
  const zone = context.zones.named(stack.metadata.zone ?? "") ?? context.zone;
  return stack.guardrails.flatMap((reviewed): Drift[] => {
    const at = { stack: stack.name, address: reviewed.address, region: undefined };
    const place = placeIn({ ...context, zone }, at, `${guardrailKinds[reviewed.kind]} ${reviewed.name}`);
    if ("unread" in live) return [unchecked(place, [], live)];
    const found = live.value.find(({ kind, name }) => kind === reviewed.kind && name === reviewed.name);
    if (found === undefined) {
      const why = `AWS Organizations has no such policy, and nothing denies ${whatItIsFor[reviewed.kind](zone)}`;
      return [{ id: "guardrail-missing", place, detail: [], why, goneAlong: inStack(place, reviewed.attachments) }];
    }
    const subject = { guardrail: found };
    return [
      ...compareDocuments(reviewed, found, place, zone).map((drift) => ({ ...drift, subject })),
      ...compareTargets(reviewed, found, place, zone).map((drift) => ({
        ...drift,
        subject: { ...subject, ...drift.subject },
      })),
    ];
  });
}

/** A guardrail holds what key policies may err in. */
const whatItIsFor: Readonly<Record<StackGuardrail["kind"], (zone: ZoneBoundary) => string>> = {
  "resource-control": ({ name }) => `anybody outside zone ${name} what a key policy lets them do`,
  "service-control": ({ name }) => `principals of zone ${name} what their own policies let them do`,
};

function compareDocuments(
  reviewed: StackGuardrail,
  { document, kind }: LiveGuardrail,
  place: DriftPlace,
  zone: ZoneBoundary,
): Drift[] {
  if ("unread" in document) return [unchecked(place, ["policy"], document)];
  // A reviewed policy that cannot be read is held to nothing: whatever is there may deny less.
  const before: Policy = reviewed.policy ?? { ...reviewed, statements: [], understood: false };
  const after = readLivePolicy(document.value, place.resource, kind);
  const whole = after?.understood === true && after.statements.every(({ understood }) => understood);
  if (after !== undefined && isSamePolicy(before, after)) return [];
  const less = policyGaps("Deny", before, after, zone.partition);
  const more = after === undefined ? [] : policyGaps("Deny", after, before, zone.partition);
  const detail = [...new Set([...less, ...more].map(({ through }) => through))].sort();
  const changed = (why: string, severity: Severity): Drift[] => [
    {
      id: "guardrail-changed",
      place,
      detail: detail.length === 0 ? ["policy"] : detail,
      why,
      severity,
      access: [...accessOf("gains", less, kind, zone), ...accessOf("loses", more, kind, zone)],
    },
  ];
  if (!before.understood || !whole) return changed("nobody can read whether it denies what was reviewed", "critical");
  if (less.length > 0) return changed(`does not surely deny ${gapsText(less)} as reviewed any more`, "critical");
  if (more.length > 0) return changed(`denies more than reviewed: ${gapsText(more)}`, "high");
  return changed("says the same as reviewed in other statements", "information");
}

function gapsText(gaps: readonly PolicyGap[]): string {
  return gaps.map(({ through, actions }) => `${actionsText(actions)} (${through})`).join("; ");
}

/** A guardrail gives nothing: whoever is denied less can do what other policies let them. */
function accessOf(
  effect: AccessChange["effect"],
  gaps: readonly PolicyGap[],
  kind: LiveGuardrail["kind"],
  zone: ZoneBoundary,
): AccessChange[] {
  const outside = effect === "gains" && kind === "resource-control" ? `anybody outside zone ${zone.name}` : undefined;
  return gaps.map(({ through, actions }) => ({
    effect,
    who: "anybody",
    actions,
    through: effect === "gains" ? `${through}, which denies less` : through,
    outside,
  }));
}

function compareTargets(
  reviewed: StackGuardrail,
  { targets: found }: LiveGuardrail,
  place: DriftPlace,
  zone: ZoneBoundary,
): Drift[] {
  if ("unread" in found) return [unchecked(place, ["targets"], found)];
  const detached = reviewed.targets.filter((target) => !found.value.includes(target));
  const attached = found.value.filter((target) => !reviewed.targets.includes(target));
  return [
    ...detached.map((target): Drift => {
      const address = reviewed.attachments.find((each) => each.target === target)?.address ?? place.address;
      const why = `is not attached to ${targetName(target, zone)}: nothing there denies ${whatItIsFor[reviewed.kind](zone)}`;
      return { id: "guardrail-detached", place: { ...place, address }, detail: [target], why, subject: { target } };
    }),
    ...attached.map((target): Drift => {
      const why = `is attached to ${targetName(target, zone)} as well, where nobody reviewed what it denies`;
      return { id: "guardrail-attached", place, detail: [target], why, subject: { target } };
    }),
  ];
}

/** `ou-ab12-31000000 (Regulated/PCI)`, where the zone knows it. */
function targetName(target: string, zone: ZoneBoundary): string {
  const ou = [...zone.wholeOus, ...zone.ownOus].find(({ id }) => id === target);
  const name = ou?.path ?? zone.accounts.get(target);
  return name === undefined ? target : `${target} (${name})`;
}
