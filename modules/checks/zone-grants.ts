import type { KeyEntry } from "../access/access-index";
import type { Grant, GrantConstraint } from "../access/grant-match";
import { outsidersOf } from "../access/outsiders";
import { boundsOfPrincipal } from "../access/principal-bounds";
import { parseRequester } from "../access/requester";
import type { StackUserGrant, SynthesizedStack } from "../access/synthesized-stack";
import { whoName } from "../access/who";
import type { ZoneBoundary } from "../access/zone-boundary";
import { parseKeyBehindAlias } from "../aws/key-behind-alias";
import { mapKeyName } from "./evidence/map-keys";
import { zoneOfStack } from "./evidence/stack-zone";
import { throughDetail } from "./evidence/through";
import type { Check, CheckedKey, CheckedOutput, MapUserGrant, Violation } from "./frame/check";

/**
 * Grants are a way to the key beside its policy, and the key policy does not show them. An AWS service is always outside:
 * AWS binds it by a `SourceArn` constraint, which the Terraform provider does not have.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/grants.html and
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
 */
export const check: Check = {
  id: "zone-grants",
  kind: "proof",
  severity: "critical",
  requirement:
    "No grant on a key lets anybody outside the key's zone use the key, end the grant, or be granted the key in turn.",
  reason:
    "A grant needs no line in the key policy, so that a reviewer of the policy never sees who came in through one.",
  fix: "grant the key to a principal of the zone, or take the grant out",
  inKey: (key, output) => [
    ...key.entry.key.grants.flatMap((grant) => [
      ...strangers(grant, { ...key.entry, zone: key.zone }, output),
      ...(handsOn(grant) ? [whoeverIsNext(grant, key.entry.stack, key.zone)] : []),
    ]),
    ...promised(key, output),
  ],
  inStack: (stack, output) => {
    // A stack without a zone is `zone-membership`'s finding.
    const found = zoneOfStack(stack, output.zones);
    if (found === undefined) return [];
    const { zone, accountId } = found;
    return stack.userGrants.flatMap((grant) => [
      ...onAnotherKey(grant, stack, zone, output),
      ...strangers(grant, { stack, zone, partition: zone.partition }, output),
      ...(handsOn(grant) ? [whoeverIsNext(grant, stack, zone)] : []),
      ...unmapped(grant, stack, output.userGrants.get(mapKeyName(accountId, grant.id))),
    ]);
  },
};

/** Whose key it is, its alias says for certain. */
function onAnotherKey(
  grant: StackUserGrant,
  stack: SynthesizedStack,
  zone: ZoneBoundary,
  { zones }: CheckedOutput,
): Violation[] {
  const { accountId = "", region = "", partition } = parseKeyBehindAlias(grant.keyArn) ?? {};
  const isOfZone = zone.accounts.has(accountId) && partition === zone.partition && zone.regions.includes(region);
  if (isOfZone) return [];
  return [
    {
      stack,
      address: `aws_kms_grant.${grant.id}`,
      detail: [grant.keyArn],
      why: `is a grant on a key of ${zones.describe(accountId)} in ${region}, and the stack is of zone ${zone.name}`,
      place: { document: grant.document, path: `${grant.path}/key_id` },
      fix: "grant keys of the zone alone",
    },
  ];
}

/** The owner's key policy lets the stack's deploy role make what the map says: whatever else is here would be somebody's edit. */
function unmapped(grant: StackUserGrant, stack: SynthesizedStack, mapped: MapUserGrant | undefined): Violation[] {
  const differences =
    mapped === undefined
      ? ["grant"]
      : [
          ...(grant.keyArn === mapped.keyArn ? [] : ["key"]),
          ...(grant.grantee === mapped.grantee ? [] : ["grantee"]),
          ...(grant.retiring === mapped.deployRole ? [] : ["retiring principal"]),
          ...(grant.operations.every((operation) => mapped.operations.includes(operation)) ? [] : ["operations"]),
          ...(sameConstraint(grant.constraint, mapped.constraint) ? [] : ["constraint"]),
        ];
  return differences.map((what) => ({
    stack,
    address: `aws_kms_grant.${grant.id}`,
    detail: [`unmapped ${what}`],
    why:
      mapped === undefined
        ? "is a grant on a key of another account that the map does not ask for"
        : `has another ${what} than the map gives it`,
    place: grant,
    fix: "synthesize again; what should be different belongs into the map",
    severity: "high",
  }));
}

function sameConstraint(a: GrantConstraint | undefined, b: GrantConstraint | undefined): boolean {
  const text = (constraint: GrantConstraint | undefined): string =>
    JSON.stringify([constraint?.kind, Object.entries(constraint?.pairs ?? {}).sort()]);
  return text(a) === text(b);
}

/** What a policy says of the grants that somebody makes, by condition key. */
const promises = {
  "kms:granteeprincipal": { detail: "grants to", may: "grant", to: "to", fix: "take the grantee out of the condition" },
  "kms:retiringprincipal": {
    detail: "grants retired by",
    may: "make grants on",
    to: "that can be ended by",
    fix: "take the retiring principal out of the condition",
  },
} as const;

/** A key policy that lets somebody of the zone make a grant for somebody outside has let that one in. */
function promised({ entry, zone, access }: CheckedKey, { zones }: CheckedOutput): Violation[] {
  return access.access.flatMap((row): Violation[] => {
    if (row.through.kind !== "key-policy" || !row.actions.includes("kms:CreateGrant")) return [];
    const written = row.conditions.flatMap(({ key, operator, values, path }) => {
      const promise = Object.entries(promises).find(([name]) => name === key.toLowerCase())?.[1];
      const lets = promise !== undefined && !/Not(Equals|Like)/.test(operator) && operator !== "Null";
      return lets ? values.map((principal) => ({ promise, principal, path })) : [];
    });
    return written.flatMap(({ promise, principal, path }): Violation[] => {
      // AWS services take grants for the resources of whoever asks them, which other conditions bound.
      if (parseRequester(principal)?.kind === "service") return [];
      const outsiders = outsidersOf(boundsOfPrincipal(principal, entry.partition), zone, zones);
      if (outsiders === undefined) return [];
      const { detail, may, to, fix } = promise;
      return [
        {
          stack: entry.stack,
          address: entry.key.address,
          detail: [...throughDetail(row), whoName(row.who), detail, principal],
          why: `lets ${whoName(row.who)} ${may} a key of zone ${zone.name} ${to} ${outsiders.whom}${outsiders.because}`,
          place: { document: entry.stack.name, path },
          fix,
        },
      ];
    });
  });
}

/** Whoever holds the grant, whatever its operations: one that cannot be read may be any. */
function strangers(
  grant: Grant,
  { stack, zone, partition }: Pick<KeyEntry, "stack" | "partition"> & { readonly zone: ZoneBoundary },
  { zones }: CheckedOutput,
): Violation[] {
  const use = grant.operations.join(", ") || "nobody knows what";
  const holders = [
    { duty: "grantee", name: grant.grantee, may: `do ${use} with`, place: "grantee_principal" },
    { duty: "retiring principal", name: grant.retiring, may: "end a grant on", place: "retiring_principal" },
  ];
  return holders.flatMap(({ duty, name, may, place }): Violation[] => {
    if (name === undefined) return [];
    const outsiders = outsidersOf(boundsOfPrincipal(name, partition), zone, zones);
    if (outsiders === undefined) return [];
    return [
      {
        stack,
        address: `aws_kms_grant.${grant.id}`,
        detail: [duty, name],
        why: `lets ${outsiders.whom} ${may} a key of zone ${zone.name}${outsiders.because}`,
        place: { document: grant.document, path: `${grant.path}/${place}` },
      },
    ];
  });
}

/**
 * With `CreateGrant` the grantee chooses the next one, in any account: the new grant has to be as narrow as its own, and may
 * be anybody's. Only AWS itself can act as a service-linked role, which is what Auto Scaling needs.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/create-grant-overview.html#grant-creategrant
 */
function handsOn({ operations, grantee }: Grant): boolean {
  const requester = parseRequester(grantee);
  const byAws = requester !== undefined && requester.kind !== "service" && requester.serviceLinked;
  return operations.includes("CreateGrant") && !byAws;
}

function whoeverIsNext(grant: Grant, stack: SynthesizedStack, zone: ZoneBoundary): Violation {
  return {
    stack,
    address: `aws_kms_grant.${grant.id}`,
    detail: ["operation CreateGrant"],
    why: `lets ${grant.grantee} grant a key of zone ${zone.name} to anybody in any account`,
    place: { document: grant.document, path: `${grant.path}/operations` },
    fix: "take CreateGrant out of the operations, and make a grant of its own for whoever needs the key",
    severity: "high",
  };
}
