import type { KeyCost } from "../aws/key-cost";
import { kmsLimits } from "../aws/kms-limits";
import type {
  BlastRadius,
  ComparedStrategy,
  ComparedZone,
  Strategy,
  StrategyComparison,
} from "../keys/compare-strategies";
import { amount } from "./cost-lines";
import { oneLine } from "./one-line";
import { table } from "./table";

const titles: Readonly<Record<Strategy, string>> = {
  map: "as the map is",
  environment: "per environment",
  workload: "per workload",
  "workload-environment": "per workload-environment",
  service: "per service",
};

const mostProblems = 3;

/** How many keys each strategy would need, for people. */
export function strategyText(
  { zones, total }: StrategyComparison,
  emphasize = (text: string): string => text,
): string[] {
  return [
    ...zones.flatMap((zone) => [...zoneText(zone, emphasize), ""]),
    emphasize("all zones"),
    ...table([
      ["  strategy", "keys", "replicas", "now", "later"],
      ...total.map(({ strategy, keys, replicas, cost }) => [
        `  ${titles[strategy]}`,
        ...(keys === undefined
          ? ["not possible in every zone"]
          : [amount(keys), amount(replicas ?? 0), ...dollars(cost)]),
      ]),
    ]),
    "",
    "now, later: US dollars a month, and once two rotations have been. loses: workloads / environments / principals / accounts that one key takes",
    "with it, at worst and typically. policy: the largest, of what AWS KMS takes. replaced: keys of the map that would not be there any more.",
    "A change of per makes other keys. Whatever is encrypted stays under the old ones: synth refuses it while the last output has them",
    "(vanished keys), until each is decommissioned in its steps and its data is encrypted again. Rules and caveats: docs/cost.md.",
  ];
}

function zoneText(
  { zone, strategies, recommendation, sharedRate }: ComparedZone,
  emphasize: (text: string) => string,
): string[] {
  const possible = strategies.filter(({ measured }) => measured !== undefined);
  return [
    emphasize(`zone ${oneLine(zone)}`),
    ...table([
      ["  strategy", "keys", "replicas", "now", "later", "loses at worst", "typically", "policy", "replaced"],
      ...possible.map(strategyCells),
    ]),
    ...strategies.flatMap(problemLines),
    ...(sharedRate === undefined ? [] : [`  ${oneLine(rateText(sharedRate))}`]),
    `  recommended: ${recommendation.strategy === undefined ? "none" : titles[recommendation.strategy]}: ${recommendation.why}`,
  ];
}

function strategyCells({ strategy, measured }: ComparedStrategy): string[] {
  if (measured === undefined) return [];
  const { keys, replicas, cost, worst, typical, largestPolicyBytes, replaced } = measured;
  return [
    `  ${titles[strategy]}`,
    amount(keys),
    amount(replicas),
    ...dollars(cost),
    radius(worst),
    radius(typical),
    `${Math.ceil((100 * largestPolicyBytes) / kmsLimits.keyPolicyBytes)} %`,
    amount(replaced),
  ];
}

function problemLines({ strategy, problems }: ComparedStrategy): string[] {
  if (problems.length === 0) return [];
  const rest = problems.length - mostProblems;
  return [
    `  ${titles[strategy]} is not possible:`,
    ...problems.slice(0, mostProblems).map(({ source, message }) => oneLine(`    ${source}: ${message}`)),
    ...(rest > 0 ? [`    … and ${rest} more: --format json has all of them`] : []),
  ];
}

function rateText({ account, region, workloads, share }: NonNullable<ComparedZone["sharedRate"]>): string {
  const used =
    share === undefined
      ? "the map gives no rates"
      : `${share < 0.01 ? "under 1" : Math.ceil(share * 100)} % used by the map's rates`;
  return `requests: ${workloads} ${workloads === 1 ? "workload has" : "workloads share"} the quota of ${account} in ${region}, whatever the strategy; ${used}`;
}

function radius({ workloads, environments, principals, accounts }: BlastRadius): string {
  return [workloads, environments, principals, accounts].join(" / ");
}

function dollars(cost: KeyCost | undefined): string[] {
  if (cost === undefined) return [];
  const sum = (known: number): string => {
    if (cost.unpriced === 0) return amount(known);
    return known === 0 ? "?" : `${amount(known)} + ?`;
  };
  return [sum(cost.now), sum(cost.later)];
}
