import { loadPlan } from "../../stacks/load-plan";
import { rulesOf } from "../../stacks/rules";
import { type AccountPlace, indexStacks, type KeyEntry } from "../access/access-index";
import { explainDecision } from "../access/explain-decision";
import { parseRequester } from "../access/requester";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { allKeyActions } from "../aws/kms-actions";
import { uniqueNames } from "../aws/name-order";
import { viaServiceEndpoint, viaServiceWords } from "../aws/via-services";
import { listNames, suggestName } from "../organization/problem";
import { decisionText } from "../report/decision-text";
import { readOutput } from "../terraform/graph/read-output";
import { type ExitCode, exitCode } from "./exit-code";
import type { Terminal } from "./terminal";

export interface AccessFlags {
  /** The map's folder: only it knows in which OU an account is, and so which guardrails reach it. */
  readonly config: string;
  readonly out: string;
  readonly action: string;
  readonly key: string;
  readonly via?: string;
  readonly encryptionContext?: Readonly<Record<string, string>>;
  readonly format: "text" | "json";
}

/** May this principal do this with this key? The chain of evaluation over the synthesized stacks, up to what decided. */
export function explainAccess(subject: string, flags: AccessFlags, terminal: Terminal): ExitCode {
  const stacks = readOutput(flags.out);
  const { places, assumption } = placesOf(flags.config, stacks);
  const index = indexStacks(stacks, places);
  const problems: string[] = [];
  if (stacks.length === 0)
    problems.push(`${flags.out} has no stacks: run orgkeys synth first, or name the folder with --out`);
  const alias = flags.key.startsWith("alias/") ? flags.key : `alias/${flags.key}`;
  const keys = index.keysByAlias(alias);
  const aliases = uniqueNames(index.keys.flatMap((key) => key.aliases));
  if (stacks.length > 0 && keys.length === 0) {
    problems.push(
      `--key ${flags.key}: no stack has ${alias}; ${suggestName(alias, aliases, `there are ${listNames(aliases)}`)}`,
    );
  }
  if (!allKeyActions.includes(flags.action)) {
    const withService = flags.action.includes(":") ? flags.action : `kms:${flags.action}`;
    problems.push(
      `--action ${flags.action}: not an action on KMS keys; ${suggestName(withService, allKeyActions, `there are ${listNames(allKeyActions, 60)}`)}`,
    );
  }
  if (flags.via !== undefined && !viaServiceWords.includes(flags.via)) {
    problems.push(
      `--via ${flags.via}: not a service; ${suggestName(flags.via, viaServiceWords, `there are ${listNames(viaServiceWords, 60)}`)}`,
    );
  }
  const named = principalsNamed(subject, stacks);
  const [principal, second] = named;
  const requester = parseRequester(principal ?? subject);
  if (second !== undefined) problems.push(`${subject} is in several accounts: name one of ${named.join(", ")}`);
  else if (requester === undefined) problems.push(`${subject} is not known to any stack: give its ARN`);
  if (problems.length > 0 || requester === undefined) {
    terminal.note(...problems);
    return exitCode.error;
  }
  const explanations = keys.map((key) => {
    const explanation = explainDecision(index, {
      principal: requester,
      action: flags.action,
      key,
      context: viaContext(flags.via, key),
      ...(flags.encryptionContext === undefined ? {} : { encryptionContext: flags.encryptionContext }),
    });
    return {
      key: `${alias} in ${key.accountId} ${key.key.region}`,
      ...explanation,
      assumptions: [...explanation.assumptions, assumption],
    };
  });
  if (flags.format === "json") {
    terminal.print(JSON.stringify({ schema: "orgkeys/explain-access/v1", explanations }, replaceMaps, 2));
  } else {
    terminal.print(
      ...explanations.flatMap((explanation) => [explanation.key, ...decisionText(explanation), ""]).slice(0, -1),
    );
  }
  return exitCode.clean;
}

/**
 * Where accounts are. The question is about the stacks, so that a map with mistakes, another one or none at all is no
 * error: the answer then counts no guardrail, which can only make it say more than AWS would allow.
 */
function placesOf(
  config: string,
  stacks: readonly SynthesizedStack[],
): { readonly places: ReadonlyMap<string, AccountPlace>; readonly assumption: string } {
  const without = (why: string) => ({
    places: new Map<string, AccountPlace>(),
    assumption: `no guardrail takes anything away: ${why}, so that nobody knows which of them reach whom`,
  });
  const loaded = loadPlan(config);
  if ("problems" in loaded) return without(`${config} cannot be read (orgkeys validate says why)`);
  const known = new Map(loaded.map.accounts.map(({ id, name }) => [id, name]));
  const stranger = stacks.find(({ accountId, metadata }) => known.get(accountId ?? "") !== metadata.account);
  if (stranger !== undefined) return without(`${config} is not the map of ${stranger.name}`);
  return { places: rulesOf(loaded.map).places, assumption: `accounts are in the OUs that ${config} says` };
}

/** An ARN as it is, or every principal of the stacks that a short name can mean. */
function principalsNamed(subject: string, stacks: readonly SynthesizedStack[]): string[] {
  if (subject.startsWith("arn:") || parseRequester(subject) !== undefined) return [subject];
  const arns = JSON.stringify(stacks).match(/arn:[a-z-]+:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+/g) ?? [];
  return uniqueNames(arns.filter((arn) => arn.endsWith(`:${subject}`)));
}

function viaContext(via: string | undefined, key: KeyEntry): Record<string, readonly string[]> {
  const endpoint = via === undefined ? undefined : viaServiceEndpoint(via, key.key.region ?? "");
  return endpoint === undefined ? {} : { "kms:ViaService": [endpoint] };
}

function replaceMaps(_: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
