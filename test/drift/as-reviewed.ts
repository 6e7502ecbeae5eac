import { createHash } from "node:crypto";
import type { Policy, PrincipalElement } from "../../modules/access/policy-statement";
import { nameOrder, uniqueNames } from "../../modules/aws/name-order";
import type { ReviewedGrant, ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import type { LiveAlias, LiveGrant, LiveKey, LiveKeyStore, LiveRegion } from "../../modules/live/live-account";

const accountId = "310000000001";

/** What AWS has beside the keys. */
export interface AlsoThere {
  /** Regions that are read although no key is in them. @default none */
  readonly regions?: readonly string[];
  /** By Region. @default nobody asked for any */
  readonly keyStores?: Readonly<Record<string, readonly LiveKeyStore[]>>;
}

/**
 * What AWS would have if it had exactly these keys, whichever way they are made: the Regions in name order, the keys in the order
 * given. A key that is named by an import has that id; all others have one that comes from their address.
 */
export function asReviewed(
  reviewed: readonly ReviewedKey[],
  { regions = [], keyStores }: AlsoThere = {},
): LiveRegion[] {
  return uniqueNames([...regions, ...reviewed.map(({ region }) => region), ...Object.keys(keyStores ?? {})]).map(
    (region) => {
      const here = reviewed.filter((key) => key.region === region);
      return {
        region,
        keys: { value: here.map((key) => liveKeyOf(key, reviewed)) },
        aliases: {
          value: here.flatMap((key) =>
            key.aliases.map(({ name }): LiveAlias => ({ name, keyId: keyIdOf(key, reviewed) })),
          ),
        },
        keyStores: keyStores === undefined ? undefined : { value: keyStores[region] ?? [] },
      };
    },
  );
}

/** @param all the reviewed keys, with the key's primary and its replicas among them */
export function liveKeyOf(key: ReviewedKey, all: readonly ReviewedKey[]): LiveKey {
  const primary = primaryOf(key, all);
  const keyId = keyIdOf(key, all);
  const replicas = all.filter((each) => each.kind === "replica" && primaryOf(each, all) === primary);
  const isReplica = key.kind === "replica";
  const { rotation } = primary;
  return {
    keyId,
    arn: `arn:aws:kms:${key.region}:${accountId}:key/${keyId}`,
    state: key.enabled ? "Enabled" : "Disabled",
    createdAt: "2026-01-01T00:00:00.000Z",
    deletedAt: undefined,
    description: key.description,
    spec: primary.spec ?? "SYMMETRIC_DEFAULT",
    usage: primary.usage ?? "ENCRYPT_DECRYPT",
    origin: originOf(key),
    multiRegion: key.multiRegion
      ? {
          kind: isReplica ? "replica" : "primary",
          primaryRegion: isReplica && primary === key ? "eu-central-1" : primary.region,
          replicas: uniqueNames(replicas.map(({ region }) => region)),
        }
      : undefined,
    keyStoreId: key.keyStore,
    materialExpiresAt: undefined,
    policy: { value: policyText(key.policy) },
    rotation: {
      value:
        rotation === undefined
          ? undefined
          : { enabled: rotation.enabled, periodDays: rotation.enabled ? (rotation.periodDays ?? 365) : undefined },
    },
    tags: { value: key.tags },
    grants: { value: key.grants.map(liveGrantOf) },
  };
}

export function keyIdOf(key: ReviewedKey, all: readonly ReviewedKey[]): string {
  if (key.importId !== undefined) return key.importId;
  const primary = primaryOf(key, all);
  if (primary !== key) return keyIdOf(primary, all);
  const digits = hexadecimal(`${key.stack} ${key.address} ${key.region}`);
  return key.multiRegion
    ? `mrk-${digits}`
    : digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, (_, ...parts: string[]) => parts.slice(0, 5).join("-"));
}

/** The key itself where its primary is not among them. */
function primaryOf(key: ReviewedKey, all: readonly ReviewedKey[]): ReviewedKey {
  return all.find((each) => each.stack === key.stack && each.address === key.primary) ?? key;
}

/** Of a key in a custom key store: that in front of an external key manager is nobody's in these tests. */
function originOf({ imported, keyStore }: ReviewedKey): string {
  if (imported) return "EXTERNAL";
  return keyStore === undefined ? "AWS_KMS" : "AWS_CLOUDHSM";
}

function liveGrantOf(grant: ReviewedGrant): LiveGrant {
  const pairs = grant.constraint?.pairs;
  return {
    id: hexadecimal(`${grant.stack} ${grant.address}`),
    name: grant.name,
    grantee: grant.grantee,
    retiring: grant.retiring,
    namesService: false,
    sourceArn: undefined,
    issuingAccount: `arn:aws:iam::${accountId}:root`,
    operations: grant.operations,
    equals: grant.constraint?.kind === "equals" ? pairs : undefined,
    subset: grant.constraint?.kind === "subset" ? pairs : undefined,
    createdAt: "2026-01-01T00:00:00.000Z",
  };
}

/** The document that reads as this policy; one that nobody can read is no JSON. */
export function policyText(policy: Policy | undefined): string {
  if (policy === undefined) return "";
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: policy.statements.map(({ sid, effect, principal, action, resource, conditions }) => ({
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: effect,
      ...(principal === undefined
        ? {}
        : { [principal.negated ? "NotPrincipal" : "Principal"]: principalElement(principal) }),
      [action.negated ? "NotAction" : "Action"]: action.patterns,
      [resource.negated ? "NotResource" : "Resource"]: resource.patterns,
      ...(conditions.length === 0
        ? {}
        : {
            Condition: Object.fromEntries(
              uniqueNames(conditions.map(({ operator }) => operator)).map((operator) => [
                operator,
                Object.fromEntries(
                  conditions
                    .filter((each) => each.operator === operator)
                    .sort((a, b) => nameOrder(a.key, b.key))
                    .map(({ key, values }) => [key, values]),
                ),
              ]),
            ),
          }),
    })),
  });
}

function principalElement({ names }: PrincipalElement): unknown {
  if (names.some(({ type }) => type === "Any")) return "*";
  return Object.fromEntries(
    uniqueNames(names.map(({ type }) => type)).map((type) => [
      type,
      names.filter((name) => name.type === type).map(({ value }) => value),
    ]),
  );
}

function hexadecimal(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
