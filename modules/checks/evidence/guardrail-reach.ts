import type { AccessIndex, AccountPlace } from "../../access/access-index";
import type { Policy } from "../../access/policy-statement";
import type { StackGuardrail, SynthesizedStack } from "../../access/synthesized-stack";
import { matchWildcards } from "../../access/wildcard";
import type { ZoneBoundary } from "../../access/zone-boundary";
import type { ControlPolicyKind } from "../../aws/organizations";

/** A guardrail together with the stack it is in. */
export interface PlacedGuardrail {
  readonly stack: SynthesizedStack;
  readonly guardrail: StackGuardrail;
}

/** By the id of the root, OU or account that they are attached to. */
export type AttachedGuardrails = ReadonlyMap<string, readonly PlacedGuardrail[]>;

/** Where a zone's guardrails have to be attached, so that they reach all of it and nothing else. */
export interface GuardrailTarget {
  /** `OU Regulated/PCI (ou-ab12-31000000)`, `account payments-prod (310000000002)` */
  readonly name: string;
  /** Ids from the organization's root down to itself: what is attached to any of them reaches it. */
  readonly path: readonly string[];
}

/** A part of a zone with the very same guardrails throughout. */
export interface GuardedPart {
  /** In the order in which stacks have them; none where nothing is attached. */
  readonly guardrails: readonly PlacedGuardrail[];
  readonly targets: readonly GuardrailTarget[];
  /** Ids of active accounts. */
  readonly accounts: readonly string[];
}

export function attachedGuardrails(stacks: readonly SynthesizedStack[]): AttachedGuardrails {
  const attached = new Map<string, PlacedGuardrail[]>();
  for (const stack of stacks) {
    for (const guardrail of stack.guardrails) {
      for (const target of guardrail.targets) {
        const placed = attached.get(target);
        if (placed === undefined) attached.set(target, [{ stack, guardrail }]);
        else placed.push({ stack, guardrail });
      }
    }
  }
  return attached;
}

/**
 * Takes a zone apart by the guardrails of one kind that reach its OUs and accounts, from whichever stack. Guardrails reach
 * no management account, and an account that is pending or suspended has nothing to guard.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function guardedParts(
  zone: ZoneBoundary,
  kind: ControlPolicyKind,
  attached: AttachedGuardrails,
  { places }: Pick<AccessIndex, "places">,
): readonly GuardedPart[] {
  const parts = new Map<string, { guardrails: PlacedGuardrail[]; targets: GuardrailTarget[]; accounts: string[] }>();
  const partAt = (path: readonly string[]): { targets: GuardrailTarget[]; accounts: string[] } => {
    const guardrails = path.flatMap((id) => attached.get(id) ?? []).filter(({ guardrail }) => guardrail.kind === kind);
    const name = guardrails.map(({ stack, guardrail }) => `${stack.name} ${guardrail.address}`).join(" ");
    const part = parts.get(name) ?? { guardrails, targets: [], accounts: [] };
    parts.set(name, part);
    return part;
  };
  for (const { id, path: ouPath, idPath } of zone.wholeOus) {
    const path = idPath.split("/").slice(1, -1);
    partAt(path).targets.push({ name: `OU ${ouPath} (${id})`, path });
  }
  const whole = new Set(zone.wholeOus.map(({ id }) => id));
  for (const [id, account] of zone.accounts) {
    if (id === zone.managementAccountId || zone.inactiveAccounts.has(id)) continue;
    const path = [...(places.get(id)?.path ?? []), id];
    const part = partAt(path);
    part.accounts.push(id);
    if (!path.some((level) => whole.has(level))) part.targets.push({ name: `account ${account} (${id})`, path });
  }
  return [...parts.values()];
}

/**
 * Accounts that stand for all: one for each OU, and each that a condition of these policies can mean by its id.
 *
 * @param accountIds in any order; the first of an OU stands for it
 */
export function representativeAccounts(
  accountIds: readonly string[],
  places: ReadonlyMap<string, AccountPlace>,
  policies: readonly Policy[],
): readonly string[] {
  const values = policies.flatMap(({ statements }) =>
    statements.flatMap(({ conditions }) => conditions.flatMap((condition) => condition.values)),
  );
  const patterns = [...new Set(values.flatMap((value) => value.split(":")))].filter((part) =>
    /^[\d?*]*[\d?][\d?*]*$/.test(part),
  );
  const seen = new Set<string | undefined>();
  return accountIds.filter((id) => {
    const ou = places.get(id)?.path.join("/");
    const first = !seen.has(ou);
    seen.add(ou);
    return first || patterns.some((pattern) => matchWildcards(pattern, id) === true);
  });
}
