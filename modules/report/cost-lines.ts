import type { CostGrouping } from "../inventory/cost";
import { NEAR_QUOTA } from "../inventory/quota-use";
import type { CostDocument } from "./cost-document";

type Row = CostDocument["rows"][number];
type Total = CostDocument["total"];
type Quota = CostDocument["quotas"][number];

/** More uses of quotas than this are summed up. */
const MOST_QUOTAS = 20;

export const costHeader = (by: CostGrouping): readonly string[] => [by, "keys", "replicas", "now", "later", "requests"];

/** Where nobody knows what some of it costs, the sum says so: `14 + ?`. */
export function costCells(name: string, cost: Total): readonly string[] {
  const { keys, replicas, now, later, requests, unpriced, unpricedRequests } = cost;
  const sum = (known: number, unknown: number): string => {
    if (unknown === 0) return amount(known);
    return known === 0 ? "?" : `${amount(known)} + ?`;
  };
  return [
    name,
    amount(keys),
    amount(replicas),
    sum(now, unpriced),
    sum(later, unpriced),
    sum(requests, unpricedRequests),
  ];
}

export function rowName({ name, isRollout }: Row, by: CostGrouping): string {
  if (isRollout) return `rollout ${name}`;
  if (name !== null) return name === "" && by === "ou" ? "(the root)" : name;
  return "(not said)";
}

/** What the numbers are, and what they leave out. */
export function costNotes({ prices, quotas, total, rows, unreadable }: CostDocument): string[] {
  const { unpriced, unpricedRequests } = total;
  const isAverage = quotas.some((quota) => quota.isAverage);
  return [
    `US dollars a month by ${prices.source}, read ${prices.read}: now, and later, once two rotations have been of every key that rotates.`,
    total.requests + unpricedRequests > 0
      ? "Requests are those that the map gives rates for; AWS bills them to the account that makes them."
      : "The map gives no rates of requests: they come on top (docs/cost.md).",
    ...(rows.some(({ isRollout }) => isRollout)
      ? ["A rollout's keys are in a row of their own: they are in every account that it reaches as of the map."]
      : []),
    ...(unpriced === 0
      ? []
      : [
          `In no sum: ${unpriced === 1 ? "1 key or replica" : `${unpriced} keys and replicas`} in partitions other than aws, whose prices are not known here.`,
        ]),
    ...(unpricedRequests === 0 ? [] : [`In no sum: ${counted(unpricedRequests, "request")} a month there.`]),
    ...(isAverage ? ["* the average over a month, since the map gives no peak: at its busiest it is more."] : []),
    ...unreadable.map(
      (stack) => `Not whole: ${stack} has something that cannot be understood; orgkeys check says what.`,
    ),
  ];
}

export const quotaHeader: readonly string[] = ["quota", "account", "Region", "used", "of", ""];

export function quotaRows({ quotas }: CostDocument): readonly (readonly string[])[] {
  return quotas.slice(0, MOST_QUOTAS).map(quotaCells);
}

/** How many uses of quotas the rows leave out, and what to do about those that are near. */
export function quotaNotes({ quotas, quotasOf }: CostDocument): string[] {
  const near = quotas.filter(({ isNear }) => isNear).length;
  const rest = quotas.length - MOST_QUOTAS;
  return [
    ...(rest > 0 ? [`… and ${rest} more that are used less: --format json has all of them.`] : []),
    near === 0
      ? `Nothing comes within ${Math.round((1 - NEAR_QUOTA) * 100)} % of a quota as AWS gives it by default (${quotasOf.source}, read ${quotasOf.read}).`
      : `${near} near or over a quota as AWS gives it by default: ask for more in Service Quotas before they are needed; nobody raises the bytes of a key policy or the requests of a CloudHSM key store (${quotasOf.source}, read ${quotasOf.read}).`,
  ];
}

function quotaCells({ quota, account, accountId, region, subject, used, limit, isAverage, isNear }: Quota): string[] {
  const share = `${percent(used / limit)}${isAverage ? "*" : ""}`;
  const name = subject === null ? words(quota) : `${words(quota)} ${subject}`;
  return [name, account ?? accountId, region, amount(used), amount(limit), isNear ? `${share} near` : share];
}

function words(quota: Quota["quota"]): string {
  return quota.endsWith("-requests") ? `${quota.slice(0, -"-requests".length)} requests/s` : quota.replaceAll("-", " ");
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? "under 1 %" : `${Math.floor(share * 100)} %`;
}

/** `1 key`, `12,000 keys` */
export function counted(count: number, thing: string): string {
  return `${amount(count)} ${count === 1 ? thing : `${thing}s`}`;
}

/** `12,000,000` */
export function amount(value: number): string {
  const [whole = "", part] = String(value).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}
