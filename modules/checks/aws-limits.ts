import type { KeyEntry } from "../access/access-index";
import type { Place, Policy } from "../access/policy-statement";
import type { StackGuardrail, SynthesizedStack } from "../access/synthesized-stack";
import { groupedBy } from "../aws/grouped-by";
import { iamLimits, kmsLimits } from "../aws/kms-limits";
import { kmsQuotas } from "../aws/kms-quotas";
import { nameOrder, uniqueNames } from "../aws/name-order";
import { organizationsLimits } from "../aws/organizations-limits";
import type { Check, CheckedOutput, Violation } from "./frame/check";

const { aliasesPerKey, grantsPerKey, keysPerRegion, keyStoresPerRegion } = kmsQuotas;
const { awsPoliciesPerTarget, policiesPerTarget, policyCharacters } = organizationsLimits;
const raise = "ask AWS for a higher quota in Service Quotas and add an exception, or";

/**
 * Sizes of policies are bytes of what reaches AWS: never less than the characters that IAM and AWS Organizations count.
 * A policy that could not be read has no size, and `readable` reports it.
 */
export const check: Check = {
  id: "aws-limits",
  kind: "hygiene",
  severity: "high",
  requirement: "Nothing is larger or more numerous than AWS takes.",
  reason: "An apply would stop halfway, with some keys and policies changed and others not.",
  fix: "make it smaller",
  inStack: (stack) => [
    ...keyViolations(stack),
    ...keyStoresOfRegions(stack),
    ...stack.identityPolicies.flatMap(({ address, policy }) =>
      tooLarge(
        stack,
        address,
        "policy",
        policy,
        iamLimits.managedPolicyCharacters,
        "AWS takes in a managed IAM policy",
      ),
    ),
    ...stack.guardrails.flatMap(({ address, policy }) =>
      tooLarge(stack, address, "content", policy, policyCharacters, "AWS Organizations takes in a policy"),
    ),
  ],
  inOutput: (output) => [...keysOfRegions(output), ...guardrailsOfTargets(output)],
};

function keyViolations(stack: SynthesizedStack): readonly Violation[] {
  const aliasesOf = groupedBy(stack.aliases, ({ target }) => target);
  return stack.keys.flatMap((key) => {
    const { address, policy, grants } = key;
    const aliases = aliasesOf.get(address) ?? [];
    return [
      ...tooLarge(stack, address, "policy", policy, kmsLimits.keyPolicyBytes, "AWS KMS takes in a key policy"),
      ...tooMany(aliases, aliasesPerKey).map((first) => ({
        stack,
        address,
        detail: ["aliases"],
        why: `has ${aliases.length} aliases, and AWS KMS takes ${aliasesPerKey} a key`,
        place: placeOf(first),
        fix: `${raise} take aliases away`,
      })),
      ...tooMany(grants, grantsPerKey).map((first) => ({
        stack,
        address,
        detail: ["grants"],
        why: `has ${grants.length} grants, and AWS KMS takes ${grantsPerKey} a key`,
        place: placeOf(first),
        fix: `${raise} name principals in the key policy instead`,
      })),
    ];
  });
}

/** Those that are not connected count too. An account has one stack. */
function keyStoresOfRegions(stack: SynthesizedStack): readonly Violation[] {
  return inOrder(groupedBy(stack.keyStores, ({ region }) => region)).flatMap((stores) =>
    tooMany(stores, keyStoresPerRegion).map((store) => ({
      stack,
      address: undefined,
      detail: ["key stores", store.region],
      why: `has ${stores.length} custom key stores in ${store.region}, and AWS KMS takes ${keyStoresPerRegion} an account and Region`,
      place: placeOf(store),
      fix: `${raise} spread the stores over more accounts`,
    })),
  );
}

function tooLarge(
  stack: SynthesizedStack,
  address: string,
  argument: string,
  policy: Policy | undefined,
  limit: number,
  whoTakes: string,
): readonly Violation[] {
  const bytes = policy?.bytes ?? 0;
  if (policy === undefined || bytes <= limit) return [];
  const why = `its ${argument} has ${bytes} bytes, more than the ${limit} that ${whoTakes}`;
  return [{ stack, address, detail: [argument], why, place: placeOf(policy) }];
}

/** Replicas and disabled keys count. Keys of an account that is not certain are counted with no others. */
function keysOfRegions({ index }: CheckedOutput): readonly Violation[] {
  const byRegion = groupedBy(index.keys, ({ accountId, key }) => `${accountId} ${key.region}`);
  return inOrder(byRegion).flatMap((entries) =>
    tooMany(entries, keysPerRegion).map(({ stack, key }: KeyEntry) => ({
      stack,
      address: undefined,
      detail: ["keys", key.region],
      why: `has ${entries.length} keys and replicas in ${key.region}, and AWS KMS takes ${keysPerRegion} an account and Region`,
      place: placeOf(key),
      fix: `${raise} spread the keys over more accounts`,
    })),
  );
}

/** AWS's own policy on every root, OU and account takes a place; what a target inherits takes none. */
function guardrailsOfTargets({ index }: CheckedOutput): readonly Violation[] {
  const attachments = index.stacks.flatMap((stack) =>
    stack.guardrails.flatMap((guardrail) =>
      uniqueNames(guardrail.targets).map((target) => ({ stack, guardrail, target })),
    ),
  );
  const byTarget = groupedBy(attachments, ({ guardrail, target }) => `${guardrail.kind} ${target}`);
  const free = policiesPerTarget - awsPoliciesPerTarget;
  return inOrder(byTarget).flatMap((those) =>
    tooMany(those, free).map(({ stack, guardrail, target }) => ({
      stack,
      address: guardrail.address,
      detail: [target],
      why: `is one of ${those.length} ${policyNames[guardrail.kind]} on ${target}, and AWS takes ${free} beside its own`,
      place: placeOf(guardrail),
      fix: `put several policies into one, or attach some to an OU above ${target}`,
    })),
  );
}

const policyNames: Readonly<Record<StackGuardrail["kind"], string>> = {
  "resource-control": "resource control policies",
  "service-control": "service control policies",
};

/** The first item that is one too many; nothing when there is room for all. */
function tooMany<Item>(items: readonly Item[], most: number): readonly Item[] {
  return items.slice(most, most + 1);
}

function inOrder<Item>(groups: ReadonlyMap<string, readonly Item[]>): readonly (readonly Item[])[] {
  return [...groups].sort(([a], [b]) => nameOrder(a, b)).map(([, items]) => items);
}

function placeOf({ document, path }: Place): Place {
  return { document, path };
}
