import { groupedBy } from "../../aws/grouped-by";
import { severities } from "../../findings/finding";
import { countBySeverity } from "../check-outcome";
import type { PageCostRow, PageData, PageKey } from "../page-data";

/** More would make the page of a large organization twice as large, for readers whose browser runs no scripts. */
const MOST_KEYS = 1_000;
const MOST_FINDINGS = 500;

/** What stands in the page without scripts: the whole in short, every number and the text of what matters. */
export function pageSummary(page: PageData) {
  const { zones, keys, findings, exceptions, accounts, rollouts, notices, cost, crossings } = page;
  const open = findings.filter(({ exception }) => exception === null);
  const accountsOf = countBy(accounts.map(({ zone }) => zone));
  const keysOf = groupedBy(keys, ({ zone }) => zone);
  const perZone = Math.floor(MOST_KEYS / Math.max(1, keysOf.size));
  return {
    names: page.organizations.map(({ name }) => name).join(", "),
    output: page.output,
    today: page.today,
    proof: proofWords[page.proof],
    counts: countsOf(page),
    notices,
    zones: zones.map((zone, index) => ({
      ...zone,
      proof: proofWords[zone.proof],
      accounts: accountsOf.get(index) ?? 0,
      keys: keysOf.get(index)?.length ?? 0,
      keyManagementAccount:
        zone.keyManagementAccount === null ? "each account" : nameAt(accounts, zone.keyManagementAccount),
      regions: zone.regions.join(", "),
      frameworks: zone.frameworks.join(", "),
      guardrails: zone.guardrails.map(({ name }) => name).join(", "),
    })),
    crossings: crossings.map(({ of, from, exception, what }) => ({
      of: nameAt(zones, of),
      from: from === null ? "outside of every zone" : nameAt(zones, from),
      exception: exception === null ? "nobody accepts it" : nameAt(exceptions, exception),
      what,
    })),
    keys: [...keysOf].map(([zone, group]) => ({
      zone: zone === null ? "no zone of the map" : nameAt(zones, zone),
      keys: group.slice(0, perZone).map((key) => keyRow(page, key)),
      more: Math.max(0, group.length - perZone),
    })),
    findings: findings.slice(0, MOST_FINDINGS).map((finding) => ({
      ...finding,
      exception: finding.exception === null ? "" : nameAt(exceptions, finding.exception),
    })),
    moreFindings: Math.max(0, findings.length - MOST_FINDINGS),
    severities: severities
      .map((severity) => ({ severity, count: countBySeverity(severityOf(open))[severity] }))
      .filter(({ count }) => count > 0),
    exceptions,
    rollouts: rollouts.map(({ name, template, stackSets, out }) => ({
      name,
      template,
      reaches: new Set(stackSets.flatMap((stackSet) => stackSet.accounts)).size,
      out: out.map(([account, why]) => ({ account: nameAt(accounts, account), why })),
    })),
    cost: { ...cost, total: costRow(cost.total), byZone: cost.byZone.map(costRow) },
    laid: [...(page.review === null ? [] : ["A review"]), ...(page.drift === null ? [] : ["A report of drift"])],
  };
}

const proofWords = {
  holds: "the zone proof holds",
  accepted: "the zone proof holds, but for what is accepted",
  breached: "the zone proof is breached",
} as const;

function countsOf({ organizations, accounts, zones, keys, findings }: PageData) {
  const replicas = keys.reduce((sum, key) => sum + key.replicas.length, 0);
  const open = findings.filter(({ exception }) => exception === null).length;
  return [
    { what: "organizations", count: organizations.length },
    { what: "accounts", count: accounts.length },
    { what: "zones", count: zones.length },
    { what: "keys", count: keys.length },
    { what: "replicas", count: replicas },
    { what: "findings", count: open },
    { what: "accepted findings", count: findings.length - open },
  ];
}

function severityOf(findings: PageData["findings"]) {
  return findings.flatMap(({ severity }) => {
    const known = severities.find((each) => each === severity);
    return known === undefined ? [] : [{ severity: known }];
  });
}

function keyRow({ accounts }: PageData, key: PageKey) {
  const { alias, id, account, region, replicas, owner, workload, environment, dataClass, rotationDays, step } = key;
  return {
    alias: alias === "" ? id : alias,
    account: nameAt(accounts, account),
    regions: [region, ...replicas].join(", "),
    owner,
    workload,
    environment,
    dataClass,
    rotation: rotationDays === null ? "none" : `${rotationDays} days`,
    step,
  };
}

/** `14`, or `14 + ?` where nobody knows the price of a part. */
function costRow(row: PageCostRow) {
  const unknown = row.unpriced > 0 ? " + ?" : "";
  return {
    ...row,
    now: `${row.now}${unknown}`,
    later: `${row.later}${unknown}`,
    requests: `${row.requests.toFixed(2)}${row.unpricedRequests > 0 ? " + ?" : ""}`,
  };
}

function nameAt(items: readonly { readonly name: string }[], index: number | null): string {
  return index === null ? "" : (items[index]?.name ?? "");
}

function countBy<Item>(items: readonly Item[]): ReadonlyMap<Item, number> {
  const counts = new Map<Item, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
