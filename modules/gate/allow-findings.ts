import { hasEnded } from "../checks/frame/accept-findings";
import { type GateId, gateIds } from "../findings/gate-ids";
import type { GateEntry } from "../terraform/run/run-report";
import { allRules } from "./all-rules";
import type { Allowance, GateRules } from "./gate-finding";

export type GateFinding = GateEntry & { readonly id: GateId };

/** Findings with who allows them, and what is wrong with the allowances. */
export interface Allowed {
  readonly findings: readonly GateFinding[];
  readonly mistakes: readonly string[];
  readonly unused: readonly Allowance[];
  readonly meant: ReadonlyMap<Allowance, string>;
}

/** What the subject of findings about the run as a whole is. */
export const WHOLE_RUN = "run";

/**
 * Finds who answers for each finding. An exception is for one finding, word by word; an allowance of the command line for all of one
 * kind at one address, because whoever types it has just read them.
 */
export function allowFindings(
  findings: readonly GateFinding[],
  {
    allowances,
    exceptions,
    today,
    moreToCome = false,
  }: Pick<GateRules, "allowances" | "exceptions" | "today" | "moreToCome">,
): Allowed {
  const byAllowance = new Map<GateFinding, Allowance>();
  const mistakes: string[] = [];
  const unused: Allowance[] = [];
  const meantBy = new Map<Allowance, string>();
  for (const allowance of allowances) {
    const meant = findings.filter((finding) => isMeant(allowance.subject, finding));
    const [first, ...others] = meant.filter(({ id }) => allowedBy(id) === "command line");
    if (first === undefined) {
      unused.push(allowance);
      const why = whyUseless(allowance, meant);
      if (meant.length > 0 || !moreToCome) mistakes.push(why);
      continue;
    }
    const other = others.find(({ id, stack }) => id !== first.id || stack !== first.stack);
    if (other !== undefined) {
      const what = `${nameOf(first)}, or ${nameOf(other)}`;
      mistakes.push(`--allow ${allowance.subject} can mean more than one thing: write ${what}`);
      continue;
    }
    meantBy.set(allowance, nameOf(first));
    for (const finding of [first, ...others]) byAllowance.set(finding, allowance);
  }
  return {
    findings: findings.map((finding) => ({ ...finding, allowed: whoAllows(finding, byAllowance.get(finding)) })),
    mistakes,
    unused,
    meant: meantBy,
  };

  function whoAllows(finding: GateFinding, allowance: Allowance | undefined): GateEntry["allowed"] {
    if (allowance !== undefined) return { by: "command line", reason: allowance.reason };
    if (allowedBy(finding.id) === "nobody") return undefined;
    const exception = exceptions.find(
      (each) => each.check === finding.id && each.subject === finding.where && !hasEnded(each, today),
    );
    return exception === undefined ? undefined : { by: "exception", reason: exception.reason };
  }
}

/** The shortest subject that means this finding alone. */
function nameOf({ id, stack, address }: GateFinding): string {
  return [id, stack, address ?? WHOLE_RUN].filter((part) => part !== "").join(" ");
}

function allowedBy(id: GateId): "command line" | "exception" | "nobody" {
  return allRules.find((rule) => rule.id === id)?.allowedBy ?? "nobody";
}

/** The last word is an address, or the run; those before it narrow which. */
function isMeant(subject: string, { id, stack, address, where }: GateFinding): boolean {
  const words = subject.split(" ");
  const last = words.pop();
  if (last !== (address ?? WHOLE_RUN)) return false;
  const names = new Set<string>([id, stack, where.split(" ")[0] ?? ""]);
  return words.every((word) => names.has(word));
}

function whyUseless({ subject }: Allowance, meant: readonly GateFinding[]): string {
  const [finding] = meant;
  if (finding === undefined) {
    const ids: readonly string[] = gateIds;
    const hint = ids.includes(subject) ? "; it takes the address that the finding names" : "";
    return `--allow ${subject} allows nothing: the gate finds nothing there${hint}`;
  }
  return allowedBy(finding.id) === "exception"
    ? `--allow ${subject} cannot stand for ${finding.id}: write an exception into exceptions.yaml, with check: ${finding.id} and subject: ${finding.where}`
    : `--allow ${subject} cannot stand for ${finding.id}: nothing does`;
}
