import type { AccessChange } from "../access/access-change";
import type { DriftFinding } from "../drift/drift-finding";
import type { DriftReport, IgnoredFinding } from "../drift/drift-report";
import { isAbout, isExpired } from "../drift/ignore-drift";
import type { IgnoreRule } from "../findings/ignore-rule";
import type { UnreadOf } from "./drift-summary";
import { acceptedLines } from "./finding-lines";
import { oneLine } from "./one-line";

/** A policy opened to everybody who is named in it can give access to thousands. */
const MOST_ACCESS = 10;
/** Patterns such as `kms:*` stay one; an engine without patterns lists each action. */
const MOST_ACTIONS = 8;

/**
 * One finding for people: what it is about, what is not as reviewed and where that stands, who gains or loses what, and what to
 * do, with the commands to paste.
 *
 * @param isStepAbove whether the finding right above it ends with the same step (`isSameStep`)
 */
export function driftLines(finding: DriftFinding, isStepAbove = false): string[] {
  const { where, why, whatToDo, commands, access, place, terraform } = finding;
  const [step = "", ...rest] = whatToDo.split("\n");
  const toDo = isStepAbove
    ? ["-> as above: one step puts both right"]
    : [`-> ${step}`, ...[...rest, ...commands.flatMap((command) => command.split("\n"))].map((line) => `   ${line}`)];
  return [
    oneLine(where),
    ...[
      why,
      ...(place.stack === undefined ? [] : [[place.stack, place.address ?? ""].join(" ").trimEnd()]),
      ...accessLines(access),
      ...(terraform === undefined ? [] : [`Terraform: ${terraform}`]),
      ...toDo,
    ].map((line) => `    ${oneLine(line)}`),
  ];
}

/** A key policy has many statements, and one command puts all of them back. */
export function isSameStep(one: DriftFinding, other: DriftFinding | undefined): boolean {
  return (
    other !== undefined &&
    one.place.accountId === other.place.accountId &&
    one.commands.length > 0 &&
    one.whatToDo === other.whatToDo &&
    one.commands.join("\n") === other.commands.join("\n")
  );
}

/** Those from outside the zone first: they are what somebody has to see. */
function accessLines(access: readonly AccessChange[]): string[] {
  const ranked = [
    ...access.filter(({ outside }) => outside !== undefined),
    ...access.filter(({ outside }) => outside === undefined),
  ];
  const more = ranked.length - MOST_ACCESS;
  return [
    ...ranked.slice(0, MOST_ACCESS).map(accessLine),
    ...(more > 0 ? [`and ${more} more who gain or lose access`] : []),
  ];
}

function accessLine({ effect, who, actions, through, outside }: AccessChange): string {
  const more = actions.length - MOST_ACTIONS;
  const what = `${actions.slice(0, MOST_ACTIONS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const from = outside === undefined ? "" : `; OUTSIDE THE ZONE: ${outside}`;
  return `${effect}  ${who}  ${what}  by ${through}${from}`;
}

/** What somebody answers for. */
export function ignoredLines({ finding, rule }: IgnoredFinding): string[] {
  return acceptedLines({ finding, exception: rule });
}

/** A rule that can go, or that has to say more. */
export function idleLine(rule: IgnoreRule, { findings, today }: Pick<DriftReport, "findings" | "today">): string {
  const { name, owner, expires, drift } = rule;
  const why = isExpired(rule, today)
    ? `ended on ${expires}; ${drift} is reported again; ${owner} answered for it`
    : findings.some((finding) => isAbout(rule, finding))
      ? `what it matches is critical or unchecked, and ignored only by account and resource in full, with critical: true where its kind is milder; ${owner} answers for it`
      : `nothing matches it; ${owner} answers for it`;
  return oneLine(`${name}: ${why}`);
}

/** A part that nobody has checked, and why. */
export function unreadLines({ account, region, what, unread, whatToDo }: UnreadOf): string[] {
  const where = [account, ...(region === undefined ? [] : [region])].join(" ");
  return [oneLine(`${where}  ${what}`), `    ${oneLine(unread)}`, `    -> ${oneLine(whatToDo)}`];
}
