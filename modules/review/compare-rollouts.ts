import { isFields } from "../access/stack-reading";
import { entryText } from "../continuity/stack-json/changed-entries";
import type { Severity } from "../findings/finding";
import { changeIn, pointerTo, type ToldChange } from "./compared-change";
import { type ComparedChange, type Comparer, explained } from "./comparer";
import { listedNames } from "./listed-names";
import type { ReviewContext } from "./review-context";
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
  return changeIn(
    pair,
    {
      id: "rollout-removed",
      ...subjectOf(was),
      ...(lost.length > 0 ? { risk: "critical" } : {}),
      what: `is gone from ${reachText(was)}: ${fate}`,
      whatToDo: checkLosses,
      at: [was.model.path],
      explains: was.addresses.map((address) => explained(address)),
    },
    context,
  );
}

const checkLosses = "make sure that nothing in these accounts needs what it made, the deploy role among it";

function added(is: ReviewedRollout, pair: StackPair, context: ReviewContext): ComparedChange {
  const body = is.model.template?.body;
  const made = listedNames(madeBy(body));
  return changeIn(
    pair,
    {
      id: "rollout-added",
      ...subjectOf(is),
      risk: body === undefined ? "critical" : makesAccess(body) ? "high" : "medium",
      what: `is new and makes ${body === undefined ? "what nobody can read" : made || "nothing"} in ${reachText(is)}`,
      whatToDo: "make sure that what it makes is meant for each of these accounts, and for those that come later",
      at: [is.model.path],
      explains: is.addresses.map((address) => explained(address)),
    },
    context,
  );
}

function templateParts(
  was: ReviewedRollout,
  is: ReviewedRollout,
  pair: StackPair,
  context: ReviewContext,
): ComparedChange[] {
  return templateChanges(was.model.template?.body, is.model.template?.body).map(({ part, what, risk }) =>
    changeIn(
      pair,
      {
        id: "rollout-changed",
        ...subjectOf(is),
        risk,
        detail: part,
        what: `${part} ${what}, in ${reachText(is)}`,
        whatToDo: isGrave(risk) ? "read the template: what it makes is the same in each of these accounts" : "",
        at: [pointerTo(is.address, "template_body")],
        explains: [explained(is.address, "template_body")],
      },
      context,
    ),
  );
}

function isGrave(risk: Severity): boolean {
  return risk === "critical" || risk === "high";
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
  const addresses = new Set([...was.addresses, ...is.addresses]);
  const told = (what: string, more: Partial<ToldChange>): ComparedChange => {
    const grave = more.risk === undefined || isGrave(more.risk);
    const whatToDo = grave ? "make sure that every account keeps what it needs of it" : "";
    return changeIn(pair, { id: "rollout-changed", ...subjectOf(is), what, whatToDo, ...more }, context);
  };
  const changes = pair.differences.flatMap((difference): ComparedChange[] => {
    const { address, argument, before, after } = difference;
    if (!addresses.has(address) || (argument !== undefined && toldElsewhere.has(argument))) return [];
    const [at, explains] = [[pointerTo(address, argument)], [explained(address, argument)]];
    if (argument === undefined) {
      const name = address.slice(address.indexOf(".") + 1);
      const what =
        before === undefined ? `has other targets besides, by ${name}` : `no longer has the targets of ${name}`;
      return [told(what, { detail: address, at, explains })];
    }
    const values = valuesText(before, after);
    const text =
      values === undefined ? entryText({ name: argument, before, after }) : `${wordsOf(argument)}: ${values}`;
    const fate = replacingSettings.has(argument) ? "; Terraform replaces it, and what it made goes first" : "";
    return [
      told(`${text}${fate}`, {
        risk: settingRisk(argument),
        detail: address === is.address ? argument : `${address} ${argument}`,
        at,
        explains,
      }),
    ];
  });
  const [oldWave, wave] = [was.metadata?.wave, is.metadata?.wave];
  if (oldWave === wave) return changes;
  const what = `is in ${waveText(wave)} instead of ${waveText(oldWave)}`;
  return [...changes, told(what, { risk: "medium", detail: "wave", at: [is.model.path] })];
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

/** Of lists and blocks, what comes and goes; undefined where nothing does, and of all else. */
function valuesText(before: unknown, after: unknown): string | undefined {
  const [old, fresh] = [textsIn(before), textsIn(after)];
  if (isScalar(before) || isScalar(after)) return undefined;
  const [gone, come] = [old.filter((text) => !fresh.includes(text)), fresh.filter((text) => !old.includes(text))];
  const parts = [
    ...(come.length === 0 ? [] : [`${listedNames(come)} added`]),
    ...(gone.length === 0 ? [] : [`${listedNames(gone)} removed`]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
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
  const body = is.model.template?.body;
  const lost = was.retains ? [] : keysLost(was.model.template?.body);
  const fate = was.retains ? "what it made there stays, and belongs to them alone" : "what it made there is deleted";
  const common = { ...subjectOf(is), at: [is.model.path] };
  return [
    ...(come.length === 0
      ? []
      : [
          changeIn(
            pair,
            {
              id: "rollout-accounts-added",
              ...common,
              ...(makesAccess(body) ? { risk: "high" } : {}),
              what: `goes to ${countText(come)} more: ${listedNames(come)}; it makes ${listedNames(madeBy(body))} there`,
              whatToDo: "make sure that what it makes is meant for them",
            },
            context,
          ),
        ]),
    ...(gone.length === 0
      ? []
      : [
          changeIn(
            pair,
            {
              id: "rollout-accounts-removed",
              ...common,
              ...(lost.length > 0 ? { risk: "critical" } : {}),
              what: `no longer goes to ${countText(gone)}: ${listedNames(gone)}; ${fate}`,
              whatToDo: checkLosses,
            },
            context,
          ),
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

function subjectOf({ address, resource }: ReviewedRollout): Pick<ToldChange, "address" | "resource"> {
  return { address, resource };
}
