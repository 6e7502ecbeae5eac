import type { ConsumedBy, GrantRequest, Principal } from "../organization/workload";
import type { KeyUse } from "../policies/key-use";
import type { KeyCandidate, KeyMember } from "./key-identity";
import { usesOf } from "./key-users";
import { grantsOf } from "./plan-grants";
import type { PlanOptions } from "./plan-problem";

/** One principal that the map lets use a key, or grants it to. */
export interface KeyConsumer {
  readonly member: KeyMember;
  readonly principal: Principal;
  readonly by: ConsumedBy;
  readonly attach: boolean;
  /** Those of a grant; undefined for every Region of the key. */
  readonly regions: readonly string[] | undefined;
  readonly may: { readonly use: KeyUse } | { readonly grant: GrantRequest };
}

/** Whose own policy is to say that they use a key: AWS owns the policies of service-linked roles. */
export function consumersOf(candidate: KeyCandidate, options: PlanOptions): KeyConsumer[] {
  const consumers = [
    ...usesOf(candidate, []).flatMap(({ member, principals, declared: { by, attach }, use }) =>
      principals.map((principal): KeyConsumer => ({ member, principal, by, attach, regions: undefined, may: { use } })),
    ),
    ...grantsOf(candidate, options, []).map(({ member, grant }): KeyConsumer => {
      const { grantee: principal, by, attach, regions } = grant;
      return { member, principal, by, attach, regions, may: { grant } };
    }),
  ];
  return consumers.filter(({ principal }) => !principal.name.startsWith("role/aws-service-role/"));
}

/** Whether a consumer's policy has the key's ARN: in another account, where the key's Region is enabled, once both are there. */
export function looksUp({ principal, by, regions }: KeyConsumer, region: string, { owner }: KeyCandidate): boolean {
  const { account } = principal;
  return (
    by === "arn" &&
    account.id !== owner.id &&
    account.status === "active" &&
    owner.status === "active" &&
    account.regions.includes(region) &&
    (regions?.includes(region) ?? true)
  );
}
