import type { KeyAtTerminal } from "../../aws/kms-commands";
import { orgkeysCommand } from "../../findings/orgkeys-command";
import { shellWord } from "../../findings/shell-word";
import type { Drift, DriftPlace } from "../drift";
import type { CommandSettings, NextStep } from "../next-step";

/** Makes the next step of the kinds of one subject. */
export type StepOf = (drift: Drift, settings: CommandSettings) => NextStep;

/** Every word quoted where it has to be: names come from AWS, and from whoever made what is there. */
export function awsCommand(...words: readonly string[]): string {
  return ["aws", ...words].map(shellWord).join(" ");
}

/** A command that names nothing of the account by its ARN does nothing with the credentials of another one. */
export function inAccount({ accountId }: Pick<DriftPlace, "accountId">, command: string): string {
  return `[ "$(aws sts get-caller-identity --query Account --output text)" = ${shellWord(accountId)} ] && ${command}`;
}

/** On one line: a name with a line break in it would end the comment. */
export function comment(line: string): string {
  return `# ${line.replaceAll(/[\r\n]+/g, " ")}`;
}

/** The key in AWS by its ARN: with the credentials of another account, or in another Region, a command finds nothing. */
export function keyAt({ subject, place }: Drift): KeyAtTerminal | undefined {
  const { key } = subject ?? {};
  if (key === undefined || place.region === undefined) return undefined;
  return { region: shellWord(place.region), alias: "", keyId: shellWord(key.arn) };
}

export function keyArn({ partition, accountId, region }: DriftPlace, keyId: string): string {
  return `arn:${partition}:kms:${region ?? ""}:${accountId}:key/${keyId}`;
}

/** Whether a plan of the stack would show it: what a StackSet made in an account, and what no stack has, none does. */
export function isTerraforms({ subject, place }: Drift): boolean {
  return place.stack !== undefined && subject?.reviewedKey?.by !== "cloudformation";
}

export function applyOf({ place }: Drift, settings: CommandSettings, ...options: readonly string[]): string[] {
  return place.stack === undefined ? [] : [orgkeysCommand(["apply", place.stack, ...options], settings)];
}

/** What an apply puts right, and whoever may manage the key as well. */
export function healed(
  drift: Drift,
  settings: CommandSettings,
  what: string,
  byHand: readonly string[],
  who = "an administrator of the key",
): NextStep {
  if (!isTerraforms(drift)) {
    const whatToDo = `${what} as ${who}: what CloudFormation made is not put back by an apply, nor by an update of the StackSet with the same template`;
    return { whatToDo, commands: byHand };
  }
  return {
    whatToDo: `apply ${drift.place.stack}, which puts it right, or ${what} as ${who}`,
    commands: [
      ...applyOf(drift, settings),
      ...(byHand.length === 0 ? [] : [comment(`or by hand, as ${who}:`), ...byHand]),
    ],
  };
}

export function applied(drift: Drift, settings: CommandSettings, whatToDo: string): NextStep {
  return { whatToDo, commands: applyOf(drift, settings) };
}

export const applyStack: StepOf = (drift, settings) =>
  applied(drift, settings, `apply ${drift.place.stack ?? "its stack"}`);

/** Who did what with it, as far back as CloudTrail's own 90 days go. */
export function lookUp(place: DriftPlace, attribute: "EventName" | "ResourceName", value: string): string {
  return inAccount(
    place,
    awsCommand(
      "cloudtrail",
      "lookup-events",
      "--lookup-attributes",
      `AttributeKey=${attribute},AttributeValue=${value}`,
      "--query",
      "Events[].[EventTime,EventName,Username]",
      "--output",
      "text",
      ...regionWords(place),
    ),
  );
}

export function regionWords({ region }: DriftPlace): readonly string[] {
  return region === undefined ? [] : ["--region", region];
}

/** An entry of config/lifecycle.yaml that takes a key over; what only people know is in capitals. */
export function adoptLines(drift: Drift, keyId: string, aliases: readonly string[]): string[] {
  const { place, subject } = drift;
  const identity = /\.(.+)_[a-z0-9-]+$/.exec(subject?.reviewedKey?.address ?? "")?.[1] ?? "WORKLOAD_ENVIRONMENT";
  const names = aliases.map((alias) => alias.replace(/^alias\//, ""));
  const named = names.length === 0 ? "" : `, aliases: [${names.join(", ")}]`;
  return [
    "in config/lifecycle.yaml, once its workload is in the map (docs/lifecycle.md#take-over):",
    `found-${keyId.slice(-8)}:`,
    `  account: ${place.account}`,
    `  key: ${identity}`,
    "  owner: TEAM",
    "  reason: WHY",
    `  adopt: {keyId: ${keyId}${named}}`,
  ].map(comment);
}
