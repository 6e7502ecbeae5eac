import { readSynthesizedStack } from "../access/read-synthesized-stack";
import type { ZoneBoundaries } from "../access/zone-boundary";
import type { PlanRemark } from "../gate/plan-remark";
import type { ReviewChange, ReviewPlace } from "../review/review";
import { kindOf } from "../review/review-kinds";
import type { ReviewOutput } from "../review/review-outputs";

/** What Terraform's plans say and no JSON could, as changes of a review. */
export function remarkChanges(
  remarks: readonly PlanRemark[],
  { textOf }: Pick<ReviewOutput, "textOf">,
  zones: ZoneBoundaries,
): ReviewChange[] {
  return remarks.map(({ id, stack, address, what, whatToDo }) => ({
    id,
    risk: kindOf(id).risk,
    place: placeOf(stack, address, textOf(stack), zones),
    detail: "",
    what,
    whatToDo,
    access: [],
    lines: address === undefined ? [] : [{ side: "head", stack, path: `/resource/${address.replace(".", "/")}` }],
  }));
}

function placeOf(
  stack: string,
  address: string | undefined,
  text: string | undefined,
  zones: ZoneBoundaries,
): ReviewPlace {
  const read = text === undefined ? undefined : readSynthesizedStack(stack, text);
  const { accountId = read?.metadata.accountId, metadata, partition } = read ?? {};
  const zone = accountId === undefined ? undefined : zones.ofAccount(accountId);
  return {
    organization: metadata?.organization,
    account: metadata?.account,
    accountId,
    partition,
    zone: metadata?.kind === "account" ? zone?.name : metadata?.zone,
    regions: [],
    stack,
    address,
    resource: address ?? `stack ${stack}`,
  };
}
