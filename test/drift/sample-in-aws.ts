import type { Condition, Policy } from "../../modules/access/policy-statement";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import type { SynthesizedStack } from "../../modules/access/synthesized-stack";
import { type KeyBehindAlias, parseKeyBehindAlias } from "../../modules/aws/key-behind-alias";
import { regionalStack } from "../../modules/aws/regional-stack";
import type { DriftContext } from "../../modules/drift/drift-context";
import type { LiveGuardrail, LiveIdentityPolicy, LiveTemplate, Reading, Unread } from "../../modules/live/live-account";
import { type Json, type Output, outputOf } from "../checks/sample-output";

const sample = outputOf("config");

export function sampleStack(name: string, of: Output = sample): SynthesizedStack {
  return readSynthesizedStack(name, of.texts.get(name) ?? "");
}

/** What the comparisons of a stack's own account take. */
export function contextOf(
  stack: SynthesizedStack,
  arnBehind: DriftContext["arnBehind"] = keyArnBehind,
  of: Output = sample,
): DriftContext {
  const { zones } = of.rules;
  const { accountId = "", partition } = stack;
  const zone = zones.ofAccount(accountId);
  if (zone === undefined || partition === undefined) throw new Error(`${stack.name} has no account`);
  return {
    account: zone.accounts.get(accountId) ?? "",
    accountId,
    partition,
    zone,
    zones,
    today: "2026-11-22",
    now: "2026-11-22T03:00:00Z",
    arnBehind,
  };
}

/** An id that only its alias decides. */
export function keyArnBehind({ partition, region, accountId, alias }: KeyBehindAlias): string {
  return `arn:${partition}:kms:${region}:${accountId}:key/${alias.replaceAll(/\W/g, "-")}`;
}

export const denied: Unread = { unread: "AccessDenied: not you", whatToDo: "let the audit role do so" };

/** StackSets and stacks as they are when somebody has applied the stack, edited by their names. */
export function templatesOf(
  stack: SynthesizedStack,
  edits: Readonly<Record<string, (live: LiveTemplate, body: Json) => Reading<LiveTemplate | undefined>>> = {},
): Map<string, Reading<LiveTemplate | undefined>> {
  const each = [
    ...stack.stackSets.map((set) => [set.name, set, "ACTIVE", set.autoDeployment] as const),
    ...stack.directStacks.map(
      (direct) => [regionalStack(direct.region, direct.name), direct, "UPDATE_COMPLETE", undefined] as const,
    ),
  ];
  const names = each.map(([key]) => key);
  for (const name of Object.keys(edits)) if (!names.includes(name)) throw new Error(`there is no ${name}: ${names}`);
  return new Map(
    each.map(([key, { name, template }, status, autoDeployment]) => {
      const body: Json = structuredClone(template?.body);
      const { parameters = {} } = template ?? {};
      const live = { name, status, template: { value: JSON.stringify(body) }, parameters, autoDeployment };
      return [key, edits[key]?.(live, body) ?? { value: live }];
    }),
  );
}

export function guardrailsOf(stack: SynthesizedStack): LiveGuardrail[] {
  return stack.guardrails.map(({ name, kind, policy, targets }) => ({
    id: `p-${name}`,
    name,
    kind,
    document: { value: JSON.stringify(documentOf(policy)) },
    targets: { value: targets },
  }));
}

export function policiesOf(stack: SynthesizedStack): LiveIdentityPolicy[] {
  return stack.identityPolicies.map(({ name, policy, attachedTo }) => ({
    arn: `arn:${stack.partition}:iam::${stack.accountId}:policy/orgkeys/${name}`,
    name,
    path: "/orgkeys/",
    document: { value: JSON.stringify(documentOf(policy)) },
    attachedTo: { value: attachedTo },
  }));
}

/** With one of them edited: its document, or anything else. */
export function editing<Live extends { readonly name: string; readonly document: Reading<string> }>(
  all: readonly Live[],
  name: string,
  edit: (document: Json, live: Live) => Partial<Live> | undefined,
): Live[] {
  if (all.every((live) => live.name !== name)) throw new Error(`there is no ${name}: ${all.map((live) => live.name)}`);
  return all.map((live) => {
    if (live.name !== name || "unread" in live.document) return live;
    const document: Json = JSON.parse(live.document.value);
    const fields = edit(document, live);
    return { ...live, document: { value: JSON.stringify(document) }, ...fields };
  });
}

/** As AWS hands it out: lists where one value would do, and the ARNs of keys. */
function documentOf(policy: Policy | undefined): Json {
  return {
    Version: "2012-10-17",
    Statement: policy?.statements.map(({ sid, effect, principal, action, resource, conditions }) => ({
      ...(sid === undefined ? {} : { Sid: sid }),
      Effect: effect,
      ...(principal === undefined ? {} : { Principal: "*" }),
      [action.negated ? "NotAction" : "Action"]: action.patterns,
      [resource.negated ? "NotResource" : "Resource"]: resource.patterns.map((pattern) => {
        const behind = parseKeyBehindAlias(pattern);
        return behind === undefined ? pattern : keyArnBehind(behind);
      }),
      ...(conditions.length === 0 ? {} : { Condition: conditionBlock(conditions) }),
    })),
  };
}

function conditionBlock(conditions: readonly Condition[]): Json {
  const block: Json = {};
  for (const { operator, key, values } of conditions) block[operator] = { ...block[operator], [key]: values };
  return block;
}
