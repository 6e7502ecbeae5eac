import { nameOrder } from "../../aws/name-order";
import type { LiveGrant } from "../../live/live-account";
import type { ReviewedGrant } from "../reviewed/reviewed-key";
import { contentOf, contentOfLive, type GrantPart, grantParts } from "./grant-content";

/** Which grant in AWS is which reviewed one. */
export interface GrantMatches {
  readonly matched: readonly GrantPair[];
  readonly missing: readonly ReviewedGrant[];
  readonly unmanaged: readonly LiveGrant[];
}

export interface GrantPair {
  readonly reviewed: ReviewedGrant;
  readonly live: LiveGrant;
  /** What the grant in AWS says otherwise. */
  readonly different: readonly (GrantPart | "name")[];
}

/** Texts in which a reviewed grant and one in AWS have to agree; undefined for a grant that the rule does not know. */
interface Rule {
  readonly ofReviewed: (grant: ReviewedGrant) => string | undefined;
  readonly ofLive: (grant: LiveGrant) => string | undefined;
}

/**
 * A grant has no id before it is made. It is known by its name and what it says; then by its name alone, which AWS KMS gives twice to
 * grants that differ, then by what it says alone, and where it has no name by its grantee. Each is one grant's, the oldest first.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Name
 */
const rules: readonly Rule[] = [
  {
    ofReviewed: (grant) => `${grant.name}\n${said(contentOf(grant))}`,
    ofLive: (grant) => `${grant.name}\n${said(contentOfLive(grant))}`,
  },
  { ofReviewed: ({ name }) => given(name), ofLive: ({ name }) => given(name) },
  { ofReviewed: (grant) => said(contentOf(grant)), ofLive: (grant) => said(contentOfLive(grant)) },
  {
    ofReviewed: (grant) => (grant.name === "" ? contentOf(grant).grantee : undefined),
    ofLive: (grant) => (grant.name === "" ? contentOfLive(grant).grantee : undefined),
  },
];

/** @param live without those that AWS services made for themselves */
export function matchGrants(reviewed: readonly ReviewedGrant[], live: readonly LiveGrant[]): GrantMatches {
  const pairs = new Map<ReviewedGrant, LiveGrant>();
  const free = new Set(live.toSorted((a, b) => nameOrder(a.createdAt, b.createdAt) || nameOrder(a.id, b.id)));
  for (const { ofReviewed, ofLive } of rules) {
    const wanting = reviewed.filter((grant) => !pairs.has(grant));
    if (wanting.length === 0) break;
    const offered = new Map<string, LiveGrant[]>();
    for (const grant of free) {
      const text = ofLive(grant);
      if (text === undefined) continue;
      const others = offered.get(text);
      if (others === undefined) offered.set(text, [grant]);
      else others.push(grant);
    }
    for (const grant of wanting) {
      const found = offered.get(ofReviewed(grant) ?? "")?.shift();
      if (found === undefined) continue;
      pairs.set(grant, found);
      free.delete(found);
    }
  }
  return {
    matched: [...pairs].map(([grant, found]) => ({
      reviewed: grant,
      live: found,
      different: differences(grant, found),
    })),
    missing: reviewed.filter((grant) => !pairs.has(grant)),
    unmanaged: [...free],
  };
}

function differences(reviewed: ReviewedGrant, live: LiveGrant): GrantPair["different"] {
  const [wanted, found] = [contentOf(reviewed), contentOfLive(live)];
  return [
    ...(reviewed.name === "" || reviewed.name === live.name ? [] : ["name" as const]),
    ...grantParts.filter((part) => wanted[part] !== found[part]),
  ];
}

function said(content: ReturnType<typeof contentOf>): string {
  return JSON.stringify(grantParts.map((part) => content[part]));
}

function given(name: string): string | undefined {
  return name === "" ? undefined : name;
}
