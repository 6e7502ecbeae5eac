import { type AccessChange, gainsFromOutside } from "../../access/access-change";
import { withArnsBehind } from "../../access/arns-behind";
import { holderChanges } from "../../access/holder-changes";
import { actionsText } from "../../access/key-actions";
import type { Policy } from "../../access/policy-statement";
import { isSamePolicy } from "../../access/same-policy";
import type { StackIdentityPolicy, SynthesizedStack } from "../../access/synthesized-stack";
import { iamPrincipalArn } from "../../aws/arn";
import type { Severity } from "../../findings/finding";
import type { LiveIdentityPolicy, Reading } from "../../live/live-account";
import type { Drift, DriftPlace } from "../drift";
import type { DriftContext } from "../drift-context";
import { placeIn } from "../place-in";
import { inStack } from "./in-stack";
import { readLivePolicy } from "./live-policy";
import { isOfferedTo } from "./offered-to";
import { unchecked } from "./unchecked";
import { withUnknownLookups } from "./unknown-lookups";

/** Consumer policies of an account, what is in them and to whom they are attached. */
export function compareConsumers(
  stack: SynthesizedStack,
  live: Reading<readonly LiveIdentityPolicy[]>,
  context: DriftContext,
): Drift[] {
  const placeOf = (name: string | undefined, address: string | undefined, resource: string): DriftPlace =>
    placeIn(context, { stack: name, address, region: undefined }, resource);
  if ("unread" in live) return [unchecked(placeOf(stack.name, undefined, "consumer policies"), [], live)];
  const reviewed = new Set(stack.identityPolicies.map(({ name }) => name));
  return [
    ...stack.identityPolicies.flatMap((policy) => {
      const { address, name } = policy;
      const found = live.value.find((each) => each.name === name);
      return comparePolicy(policy, found, placeOf(stack.name, address, `policy ${name}`), context);
    }),
    ...live.value
      .filter(({ name }) => !reviewed.has(name))
      .flatMap((policy) => unmanaged(policy, placeOf(undefined, undefined, `policy ${policy.name}`), context)),
  ];
}

function comparePolicy(
  reviewed: StackIdentityPolicy,
  live: LiveIdentityPolicy | undefined,
  place: DriftPlace,
  context: DriftContext,
): Drift[] {
  const before = reviewed.policy === undefined ? undefined : withArnsBehind(reviewed.policy, context.arnBehind);
  if (live === undefined) {
    const access = changes(before, givesNothing, reviewed.attachedTo, place, context);
    const why = `IAM has no such policy below /orgkeys/, so that ${among(reviewed.attachedTo)} cannot use the keys in it`;
    const goneAlong = inStack(place, reviewed.attachments);
    return [{ id: "consumer-policy-missing", place, detail: [], why, access, goneAlong }];
  }
  const subject = { policy: live };
  return [
    ...compareDocuments(before, live, place, context).map((drift) => ({ ...drift, subject })),
    ...compareAttachments(reviewed, before, live, place, context).map((drift) => ({
      ...drift,
      subject: { ...subject, ...drift.subject },
    })),
  ];
}

const givesNothing: Policy = { document: "nothing", path: "", statements: [], understood: true };

/** Everybody who has the policy gains and loses what changes in it; a policy that nobody has is judged by what it offers. */
function changes(
  before: Policy | undefined,
  after: Policy | undefined,
  holders: readonly string[],
  { resource }: DriftPlace,
  context: DriftContext,
): AccessChange[] {
  const { partition, accountId } = context;
  const who = holders.map((holder) => iamPrincipalArn(partition, accountId, holder));
  const offered = [`whoever ${resource} is attached to`];
  return holderChanges(before, after, who.length === 0 ? offered : who, { ...context, region: "" });
}

function among(holders: readonly string[]): string {
  return holders.length === 0 ? "nobody to whom it is attached" : holders.join(", ");
}

function compareDocuments(
  before: Policy | undefined,
  { document, attachedTo }: LiveIdentityPolicy,
  place: DriftPlace,
  context: DriftContext,
): Drift[] {
  if ("unread" in document) return [unchecked(place, ["policy"], document)];
  const found = readLivePolicy(document.value, place.resource, "identity");
  if (before !== undefined && found !== undefined && isSamePolicy(before, found)) return [];
  const after = found === undefined || before === undefined ? found : withUnknownLookups(found, before);
  const holders = "value" in attachedTo ? attachedTo.value : [];
  const access = changes(before, after, holders, place, context);
  const isRead = after?.understood === true && after.statements.every(({ understood }) => understood);
  const gained = access.filter(({ effect }) => effect === "gains");
  const lost = access.filter(({ effect }) => effect === "loses");
  const severity: Severity =
    gainsFromOutside(access) || !isRead
      ? "critical"
      : gained.length > 0
        ? "high"
        : lost.length > 0
          ? "medium"
          : "information";
  const parts = [
    ...(isRead ? [] : ["nobody can read all that it gives"]),
    ...(gained.length === 0 ? [] : [`gives more than reviewed: ${accessText(gained)}`]),
    ...(lost.length === 0 ? [] : [`gives less than reviewed: ${accessText(lost)}`]),
  ];
  const why = parts.length === 0 ? "gives the same as reviewed in other statements" : parts.join("; ");
  const detail = [...new Set(access.map(({ through }) => through))].sort();
  return [
    {
      id: "consumer-policy-changed",
      place,
      detail: detail.length === 0 ? ["policy"] : detail,
      why,
      severity,
      access,
    },
  ];
}

/** Each way once, however many have the policy. */
function accessText(access: readonly AccessChange[]): string {
  return [...new Set(access.map(({ actions, through }) => `${actionsText(actions)} (${through})`))].join("; ");
}

function compareAttachments(
  { attachedTo: reviewed, attachments, name }: StackIdentityPolicy,
  before: Policy | undefined,
  live: LiveIdentityPolicy,
  place: DriftPlace,
  context: DriftContext,
): Drift[] {
  const { attachedTo: found, document } = live;
  if ("unread" in found) return [unchecked(place, ["attachments"], found)];
  const detached = reviewed.filter((holder) => !found.value.includes(holder));
  const attached = found.value.filter(
    (holder) => !reviewed.includes(holder) && !(reviewed.length === 0 && isOfferedTo(name, holder)),
  );
  const given = "unread" in document ? before : readLivePolicy(document.value, place.resource, "identity");
  return [
    ...detached.map((target): Drift => {
      const access = changes(before, givesNothing, [target], place, context);
      const address = attachments.find((each) => each.target === target)?.address ?? place.address;
      const why = `is not attached to ${target}, which cannot use the keys in it`;
      return {
        id: "consumer-policy-detached",
        place: { ...place, address },
        detail: [target],
        why,
        access,
        subject: { target },
      };
    }),
    ...attached.map((target): Drift => {
      const access = changes(undefined, given, [target], place, context);
      const why = `is attached to ${target}, for which nobody reviewed it`;
      const drift: Drift = {
        id: "consumer-policy-attached",
        place,
        detail: [target],
        why,
        access,
        subject: { target },
      };
      return gainsFromOutside(access) ? { ...drift, severity: "critical" } : drift;
    }),
  ];
}

/** Under a name that is kept for consumer policies: whoever finds it there takes it for reviewed. */
function unmanaged(live: LiveIdentityPolicy, place: DriftPlace, context: DriftContext): Drift[] {
  const { attachedTo: found, document } = live;
  const holders = "value" in found ? found.value : [];
  const given = "unread" in document ? undefined : readLivePolicy(document.value, place.resource, "identity");
  const access = "unread" in document ? [] : changes(undefined, given, holders, place, context);
  const attached = holders.length === 0 ? "" : `, and ${holders.join(", ")} can do what it gives`;
  const drift: Drift = {
    id: "consumer-policy-unmanaged",
    place,
    detail: [],
    why: `no reviewed JSON has it${attached}`,
    access,
    subject: { policy: live },
  };
  // As much as one that was reviewed, attached to somebody for whom it was not.
  const gives: Drift = access.length > 0 && holders.length > 0 ? { ...drift, severity: "high" } : drift;
  return [
    gainsFromOutside(access) ? { ...drift, severity: "critical" } : gives,
    ...("unread" in document ? [unchecked(place, ["policy"], document)] : []),
    ...("unread" in found ? [unchecked(place, ["attachments"], found)] : []),
  ];
}
