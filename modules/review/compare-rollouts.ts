import { isFields } from "../access/stack-reading";
import { changedEntries, entryText } from "../continuity/stack-json/changed-entries";
import type { Severity } from "../findings/finding";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { listedNames } from "./listed-names";
import type { JsonPlace } from "./review";
import { placeIn, type ReviewContext } from "./review-context";
import { type ReviewedRollout, rolloutsOf } from "./rollout-target";
import type { StackPair } from "./stack-pair";
import { keysLost, madeBy, makesAccess, templateChanges } from "./template-changes";

/** StackSets, CloudFormation stacks beside them, and the accounts that they reach. */
export const compareRollouts: Comparer = (pair, context) => {
  const [old, fresh] = [rolloutsOf(pair.before), rolloutsOf(pair.after)];
  const former = new Map(old.map((rollout) => [rollout.address, rollout]));
  const now = new Set(fresh.map(({ address }) => address));
  return [
    ...old.filter(({ address }) => !now.has(address)).map((was) => removed(was, pair, context)),
    ...fresh.flatMap((is) => {
      const was = former.get(is.address);
      if (was === undefined) return [added(is, pair, context)];
      return [
        ...templateParts(was, is, pair, context),
        ...settings(was, is, pair, context),
        ...accounts(was, is, pair, context),
      ];
    }),
  ];
};

function removed(was: ReviewedRollout, pair: StackPair, context: ReviewContext): ComparedChange {
  const lost = was.retains ? [] : keysLost(was.model.template?.body);
  const fate = was.retains
    ? "what it made stays there, and belongs to each account alone"
    : `what it made there is deleted${lost.length === 0 ? "" : `, with all data under ${listedNames(lost)}`}`;
  return {
    ...commonOf("rollout-removed", lost.length > 0 ? "critical" : "high", was, pair, context),
    what: `is gone from ${reachText(was)}: ${fate}`,
    whatToDo: "make sure that nothing in these accounts needs what it made, the deploy role among it",
    lines: placesOf("base", was, pair),
    explains: wholeOf(was),
  };
}

function added(is: ReviewedRollout, pair: StackPair, context: ReviewContext): ComparedChange {
  const body = is.model.template?.body;
  const made = madeBy(body);
  const what = body === undefined ? "what nobody can read" : made.length === 0 ? "nothing" : listedNames(made);
  const risk = body === undefined ? "critical" : makesAccess(body) ? "high" : "medium";
  return {
    ...commonOf("rollout-added", risk, is, pair, context),
    what: `is new and makes ${what} in ${reachText(is)}`,
    whatToDo: "make sure that what it makes is meant for each of these accounts, and for those that come later",
    lines: placesOf("head", is, pair),
    explains: wholeOf(is),
  };
}

function templateParts(
  was: ReviewedRollout,
  is: ReviewedRollout,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const changes = templateChanges(was.model.template?.body, is.model.template?.body);
  return changes.map(({ part, what, risk }) => ({
    ...commonOf("rollout-changed", risk, is, pair, context),
    detail: part,
    what: `${part} ${what}, in ${reachText(is)}`,
    whatToDo:
      risk === "critical" || risk === "high"
        ? "read the template: what it makes is the same in each of these accounts"
        : "",
    lines: [...placeAt("base", was.model.template?.path, pair), ...placeAt("head", is.model.template?.path, pair)],
    explains: [explained(is.address, "template_body")],
  }));
}

/** What has words of its own, and tags, which are summed up over all stacks. */
const toldElsewhere: ReadonlySet<string> = new Set(["tags", "template_body"]);

/**
 * Another value makes another StackSet or stack, and the former one goes with what it made.
 *
 * Source: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudformation_stack_set
 */
const replacingSettings: ReadonlySet<string> = new Set(["name", "permission_model", "provider"]);

/** Whose change may end what was made, or bring it where nobody expects it. */
const riskySettings: ReadonlySet<string> = new Set([
  "auto_deployment",
  "call_as",
  "deployment_targets",
  "accounts",
  "lifecycle",
  "parameters",
  "regions",
  "retain_stacks",
  "stack_set_name",
]);

const quietSettings: ReadonlySet<string> = new Set(["depends_on", "description", "operation_preferences", "timeouts"]);

/** Parameters, Regions, targets, waves and how CloudFormation goes about it. */
function settings(
  was: ReviewedRollout,
  is: ReviewedRollout,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const addresses = [...new Set([...was.arguments.keys(), ...is.arguments.keys()])];
  const changes = addresses.flatMap((address) => {
    const [old, fresh] = [was.arguments.get(address), is.arguments.get(address)];
    if (old === undefined || fresh === undefined) {
      const name = address.slice(address.indexOf(".") + 1);
      const what = `${old === undefined ? "has other targets besides, by" : "no longer has the targets of"} ${name}`;
      return [{ detail: address, what, risk: "high" as const, explains: explained(address) }];
    }
    return changedEntries(old, fresh)
      .filter(({ name }) => !toldElsewhere.has(name))
      .map((entry) => ({
        detail: address === is.address ? entry.name : `${address} ${entry.name}`,
        what: `has another ${wordsOf(entry.name)}: ${valuesText(entry.before, entry.after, entryText(entry))}${
          replacingSettings.has(entry.name) ? "; Terraform replaces it, and what it made goes first" : ""
        }`,
        risk: settingRisk(entry.name),
        explains: explained(address, entry.name),
      }));
  });
  const [oldWave, wave] = [was.metadata?.wave, is.metadata?.wave];
  const waves =
    oldWave === wave
      ? []
      : [
          {
            detail: "wave",
            what: `is in ${waveText(wave)} instead of ${waveText(oldWave)}`,
            risk: "medium" as const,
            explains: undefined,
          },
        ];
  return [...changes, ...waves].map(({ detail, what, risk, explains }) => ({
    ...commonOf("rollout-changed", risk, is, pair, context),
    detail,
    what,
    whatToDo: risk === "high" || risk === "critical" ? "make sure that every account keeps what it needs of it" : "",
    lines: [...placesOf("base", was, pair), ...placesOf("head", is, pair)],
    explains: explains === undefined ? [] : [explains],
  }));
}

function settingRisk(name: string): Severity {
  if (replacingSettings.has(name)) return "critical";
  if (riskySettings.has(name)) return "high";
  return quietSettings.has(name) ? "low" : "medium";
}

function wordsOf(argument: string): string {
  return (
    { auto_deployment: "automatic deployment", deployment_targets: "choice of targets" }[argument] ??
    argument.replaceAll("_", " ")
  );
}

/** Of lists of texts, what comes and goes; of all else, as `entryText` has it. */
function valuesText(before: unknown, after: unknown, otherwise: string): string {
  const [old, fresh] = [textsIn(before), textsIn(after)];
  if (old.length + fresh.length === 0 || isScalar(before) || isScalar(after)) return otherwise;
  const [gone, come] = [old.filter((text) => !fresh.includes(text)), fresh.filter((text) => !old.includes(text))];
  const parts = [
    ...(come.length === 0 ? [] : [`${listedNames(come)} come`]),
    ...(gone.length === 0 ? [] : [`${listedNames(gone)} go`]),
  ];
  return parts.length === 0 ? otherwise : parts.join(", ");
}

function isScalar(value: unknown): boolean {
  return value !== undefined && typeof value !== "object";
}

/** Each text of a value with the name that it has: `max_concurrent_count 1`. */
function textsIn(value: unknown, name?: string): string[] {
  if (Array.isArray(value)) return value.flatMap((inner) => textsIn(inner));
  if (isFields(value)) return Object.entries(value).flatMap(([inner, each]) => textsIn(each, inner));
  if (value === undefined || value === null) return [];
  return [name === undefined ? String(value) : `${name} ${value}`];
}

function waveText(wave: string | undefined): string {
  return wave === undefined ? "no wave" : `wave ${wave}`;
}

/** By name, as the map has them; who comes to an OU later is in no map yet. */
function accounts(
  was: ReviewedRollout,
  is: ReviewedRollout,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  const [old, fresh] = [was.reaches, is.reaches];
  if (old === undefined || fresh === undefined) return [];
  const come = [...fresh].filter(([id]) => !old.has(id)).map(([, name]) => name);
  const gone = [...old].filter(([id]) => !fresh.has(id)).map(([, name]) => name);
  const lost = was.retains ? [] : keysLost(was.model.template?.body);
  const lines = [...placesOf("base", was, pair), ...placesOf("head", is, pair)];
  const access = makesAccess(is.model.template?.body);
  return [
    ...(come.length === 0
      ? []
      : [
          {
            ...commonOf("rollout-accounts-added", access ? "high" : "medium", is, pair, context),
            what: `goes to ${countText(come)} more: ${listedNames(come)}; it makes ${listedNames(madeBy(is.model.template?.body))} there`,
            whatToDo: "make sure that what it makes is meant for them",
            lines,
            explains: [],
          },
        ]),
    ...(gone.length === 0
      ? []
      : [
          {
            ...commonOf("rollout-accounts-removed", lost.length > 0 ? "critical" : "high", is, pair, context),
            what: `no longer goes to ${countText(gone)}: ${listedNames(gone)}; ${
              was.retains ? "what it made there stays, and belongs to them alone" : "what it made there is deleted"
            }`,
            whatToDo: "make sure that nothing in these accounts needs what it made, the deploy role among it",
            lines,
            explains: [],
          },
        ]),
  ];
}

function countText(names: readonly string[]): string {
  return `${names.length} account${names.length === 1 ? "" : "s"}`;
}

/** `3 accounts (payments-prod, payments-test and pci-key-management) in us-east-1` */
function reachText({ reaches, targets, regions }: ReviewedRollout): string {
  const names = [...(reaches?.values() ?? [])];
  const where =
    names.length > 0
      ? `${countText(names)} (${listedNames(names)})`
      : targets.length > 0
        ? `whatever is in ${listedNames(targets)}`
        : "no account";
  return regions.length === 0 ? where : `${where} in ${listedNames(regions)}`;
}

function commonOf(
  id: ComparedChange["id"],
  risk: Severity,
  { address, resource }: ReviewedRollout,
  pair: StackPair,
  context: ReviewContext,
): Pick<ComparedChange, "id" | "risk" | "place" | "detail" | "access"> {
  return { id, risk, place: placeIn(pair, { address, resource }, context), detail: "", access: [] };
}

function wholeOf(rollout: ReviewedRollout): string[] {
  return [...rollout.arguments.keys()].map((address) => explained(address));
}

function placesOf(side: JsonPlace["side"], { model }: ReviewedRollout, pair: StackPair): JsonPlace[] {
  return placeAt(side, model.path, pair);
}

function placeAt(side: JsonPlace["side"], path: string | undefined, pair: StackPair): JsonPlace[] {
  const stack = side === "base" ? pair.before : pair.after;
  return stack === undefined || path === undefined ? [] : [{ side, stack: stack.name, path }];
}
