import type { Coverage } from "../drift/coverage";
import type { DriftPlace } from "../drift/drift";
import type { DriftFinding } from "../drift/drift-finding";
import type { AccountDrift, DriftReport } from "../drift/drift-report";
import { isExpired } from "../drift/ignore-drift";
import type { IgnoreRule } from "../findings/ignore-rule";
import { countBySeverity } from "./check-outcome";
import { DRIFT_SCHEMA, type DriftDocument } from "./drift-document";
import { coverageOfAll, statusCounts } from "./drift-summary";

/** Everything, for programs and for the next `--since`: `orgkeys/drift/v1`. */
export function driftJson(report: DriftReport): string {
  return JSON.stringify(documentOf(report), null, 2);
}

function documentOf(report: DriftReport): DriftDocument {
  const { output, today, startedAt, engine, accounts, findings, known, ignored, idleRules, left, calls } = report;
  return {
    schema: DRIFT_SCHEMA,
    output,
    today,
    startedAt,
    engine,
    summary: {
      findings: findings.length,
      bySeverity: countBySeverity(findings),
      ignored: ignored.length,
      belowSeverity: left.belowSeverity,
      known: left.known,
      gone: left.gone,
      accounts: statusCounts(accounts),
      coverage: coverageOf(coverageOfAll(accounts)),
      calls,
    },
    findings: findings.map(findingOf),
    known: known.map(knownOf),
    ignored: ignored.map(({ finding, rule }) => ({ finding: findingOf(finding), rule: ruleOf(rule) })),
    idleRules: idleRules.map((rule) => ({ ...ruleOf(rule), expired: isExpired(rule, today) })),
    accounts: accounts.map(accountOf),
  };
}

/** Field by field, here and below, so that the order is the document's and nothing else gets into it. */
function findingOf(finding: DriftFinding): DriftDocument["findings"][0] {
  const { id, severity, where, why, whatToDo, commands, place, detail, access, fingerprint, terraform } = finding;
  return {
    id,
    severity,
    where,
    why,
    whatToDo,
    commands: [...commands],
    place: placeOf(place),
    detail: [...detail],
    access: access.map(({ effect, who, actions, through, outside }) => {
      return { effect, who, actions: [...actions], through, outside: outside ?? null };
    }),
    fingerprint,
    terraform: terraform ?? null,
  };
}

function placeOf(place: DriftPlace): DriftDocument["findings"][0]["place"] {
  const { account, accountId, partition, zone, region = null, stack = null, address = null, resource } = place;
  return { account, accountId, partition, zone, region, stack, address, resource };
}

function knownOf({ id, severity, where, place, fingerprint }: DriftFinding): DriftDocument["known"][0] {
  const { account, accountId, region = null, stack = null } = place;
  return { id, severity, where, account, accountId, region, stack, fingerprint };
}

function ruleOf({ name, drift, owner, reason, expires }: IgnoreRule): DriftDocument["ignored"][0]["rule"] {
  return { name, drift, owner, reason, expires };
}

function accountOf(drift: AccountDrift): DriftDocument["accounts"][0] {
  const { account, accountId, organization, zone, stacks, regions, status, unread, coverage } = drift;
  return {
    account,
    accountId,
    organization,
    zone,
    stacks: [...stacks],
    regions: [...regions],
    status,
    unread: unread.map(({ what, region = null, unread: why, whatToDo }) => ({ what, region, unread: why, whatToDo })),
    coverage: coverageOf(coverage),
  };
}

function coverageOf({ keys, aliases, grants, serviceGrants }: Coverage): DriftDocument["summary"]["coverage"] {
  const covered = ({ managed, total }: Coverage["keys"]) => ({ managed, total });
  return { keys: covered(keys), aliases: covered(aliases), grants: covered(grants), serviceGrants };
}
