import {
  type CheckOutcome,
  commonFix,
  countOf,
  countsText,
  type FindingGroup,
  groupFindings,
  proofText,
} from "./check-outcome";
import { acceptedLines, findingLines } from "./finding-lines";
import type { LocatedException } from "./locate-findings";
import { oneLine } from "./one-line";
import { table } from "./table";

/** A person reads no more than this of one kind, and wants to see that there are others. */
const MOST_OF_A_GROUP = 20;

/**
 * Findings for people: most severe first, each requirement once, then where it does not hold, in which line of the output
 * and of the map, then what to do; the numbers stand last, where a terminal shows them.
 *
 * @param emphasize for the lines to find on a long page
 */
export function checkText(outcome: CheckOutcome, emphasize: (text: string) => string = (text) => text): string[] {
  const groups = groupFindings(outcome);
  const incomplete = incompleteText(outcome);
  return [
    ...groups.flatMap((group) => [...groupText(group, emphasize), ""]),
    ...acceptedText(outcome.accepted),
    ...(outcome.findings.length === 0 ? [...provedText(outcome), ""] : []),
    ...(incomplete.length === 0 ? [] : [...incomplete, ""]),
    emphasize(summaryText(outcome)),
  ];
}

/** One line: what was found, on what, and what is not shown. */
export function summaryText(outcome: CheckOutcome): string {
  const { findings, accepted, checks, stacks, keys, today, left } = outcome;
  const asides = [
    ...(accepted.length === 0 ? [] : [`${accepted.length} accepted`]),
    ...(left.belowSeverity === 0 ? [] : [`${left.belowSeverity} less severe not shown`]),
    ...(left.notSelected === 0 ? [] : [`${left.notSelected} outside of the selection not shown`]),
  ];
  return [
    `${capital(proofText(outcome))}.`,
    `${capital(countsText(findings))}${asides.map((aside) => `; ${aside}`).join("")}.`,
    `${countOf(checks.length, "check")} on ${countOf(stacks, "stack")} with ${countOf(keys, "key")} and replicas, ${today}.`,
  ].join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function groupText({ id, severity, check, findings }: FindingGroup, emphasize: (text: string) => string): string[] {
  const shown = findings.slice(0, MOST_OF_A_GROUP);
  const more = findings.length - shown.length;
  const fix = commonFix(check, shown);
  return [
    emphasize(`${severity}  ${id}  ${countOf(findings.length, "finding")}`),
    ...(check === undefined ? [] : [`  ${check.requirement}`]),
    ...shown.flatMap((finding) => ["", ...indent(findingLines(finding, fix))]),
    ...(more === 0 ? [] : ["", `  and ${more} more; --format json has all`]),
    ...(fix === undefined ? [] : ["", `  -> ${fix}`]),
  ];
}

function acceptedText(accepted: readonly LocatedException[]): string[] {
  if (accepted.length === 0) return [];
  const more = accepted.length - MOST_OF_A_GROUP;
  return [
    "accepted",
    ...accepted.slice(0, MOST_OF_A_GROUP).flatMap((each) => indent(acceptedLines(each))),
    ...(more > 0 ? [`  and ${more} more; --format json has all`] : []),
    "",
  ];
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** What an empty list of findings means, in the words of the checks that came to it. */
export function provedText(outcome: CheckOutcome): string[] {
  const { zones, checks, proof, left } = outcome;
  if (proof === "breached") {
    return [
      left.notSelected > 0
        ? "What breaches the zone proof is outside of the selection."
        : "What breaches the zone proof is less severe than what is shown.",
    ];
  }
  return [
    ...table([
      ["zone", "accounts", "keys and replicas"],
      ...zones.map(({ zone, accounts, keys }) => [zone, accounts, keys]),
    ]),
    "",
    `Proved for these keys and replicas${proof === "accepted" ? ", but for what is accepted above" : ""}:`,
    ...checks.filter(({ kind }) => kind === "proof").map(({ requirement }) => `  ${requirement}`),
  ];
}

/** What the map asks for and the output does not have was not looked at, whatever the findings say. */
export function incompleteText({ output, missingStacks, leftOverStacks }: CheckOutcome): string[] {
  const lines = [
    ...listText(missingStacks, `of the map's stacks are not in ${output}, and nothing of them was checked`),
    ...listText(leftOverStacks, `of the stacks in ${output} are no longer what the map asks for`),
  ];
  if (lines.length === 0) return [];
  return [...lines, "Run orgkeys synth; orgkeys synth --verify also compares what is in them."];
}

function listText(stacks: readonly string[], what: string): string[] {
  if (stacks.length === 0) return [];
  const named = stacks.slice(0, 3).join(", ");
  return [oneLine(`${stacks.length} ${what}: ${named}${stacks.length > 3 ? " …" : ""}`)];
}
