import type { AccessIndex, KeyEntry } from "../../access/access-index";
import { hasOwnContextKeys, impliedContext } from "../../access/implied-context";
import { actionsAmong } from "../../access/key-actions";
import type { Statement } from "../../access/policy-statement";
import { matchPrincipal } from "../../access/principal-match";
import { type ContextLayer, type ContextValue, contextLayer, newRequest, type Request } from "../../access/request";
import { parseRequester, type Requester } from "../../access/requester";
import { matchStatement } from "../../access/statement-match";
import { possible, type Truth } from "../../access/truth";
import { actionsOf } from "../../access/who-can";

/** What one Allow statement may let one principal do. Whatever is in doubt is in it. */
export interface StatementReach {
  /** The statement means the principal itself. */
  readonly named: readonly string[];
  /** The statement means its account, whose IAM policies then decide. */
  readonly delegated: readonly string[];
}

const nothing: StatementReach = { named: [], delegated: [] };

/**
 * What an Allow statement of a key policy may let a principal do, less what a Deny of the same policy surely denies.
 *
 * @param principal an ARN, or an AWS service's name
 * @param actions those that matter
 */
export function reachOfStatement(
  statement: Statement,
  principal: string,
  key: KeyEntry,
  index: AccessIndex,
  actions: readonly string[],
): StatementReach {
  const wanted = actionsAmong(actionsOf(statement.action), actions);
  const [sample] = wanted;
  if (sample === undefined) return nothing;
  const requester = parseRequester(principal);
  if (requester === undefined) return { named: wanted, delegated: [] };
  if (!mayMean(statement, requestOf(requester, key, index, sample))) return nothing;
  const denies = key.key.policy?.statements.filter(({ effect }) => effect === "Deny") ?? [];
  const named: string[] = [];
  const delegated: string[] = [];
  for (const alike of alikeToConditions(wanted)) {
    const request = requestOf(requester, key, index, alike[0]);
    const match = matchStatement(statement, request);
    if (!possible(match.applies)) continue;
    const left = denies.reduce<readonly string[]>((rest, deny) => withoutDenied(rest, deny, request, certain), alike);
    (possible(match.named) ? named : delegated).push(...left);
  }
  return { named, delegated };
}

/**
 * What the key policy surely lets a principal do: an Allow that names it has no condition, and no Deny may apply.
 *
 * @param principal an ARN
 */
export function surelyAllowed(
  principal: string,
  key: KeyEntry,
  index: AccessIndex,
  actions: readonly string[],
): readonly string[] {
  const requester = parseRequester(principal);
  if (requester === undefined) return [];
  const statements = key.key.policy?.statements ?? [];
  const anyRequest = requestOf(requester, key, index, "");
  const meaning = statements.filter((statement) => mayMean(statement, anyRequest));
  const allowed = meaning.flatMap((statement) => {
    if (statement.effect === "Deny" || statement.conditions.length > 0) return [];
    const given = actionsAmong(actionsOf(statement.action), actions);
    // Without a condition the rest of the statement holds for each of its actions or for none.
    const [sample] = given;
    if (sample === undefined) return [];
    return matchStatement(statement, requestOf(requester, key, index, sample)).named === true ? given : [];
  });
  const denies = meaning.filter(({ effect }) => effect === "Deny");
  return alikeToConditions(actionsAmong(actions, allowed)).flatMap((alike) => {
    const request = requestOf(requester, key, index, alike[0]);
    return denies.reduce<readonly string[]>((rest, deny) => withoutDenied(rest, deny, request, possible), alike);
  });
}

/**
 * A request of which nothing is known but who makes it, and for which key. Aliases and tags of the key count as unknown:
 * AWS KMS knows them in IAM policies only, and a key policy that names them says nothing for certain.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
 *
 * @param known what else the request says, by context key
 */
export function requestOf(
  requester: Requester,
  key: KeyEntry,
  index: AccessIndex,
  action: string,
  known: Readonly<Record<string, ContextValue>> = {},
): Request {
  return newRequest({
    principal: requester,
    action,
    resource: key.resource,
    context: known,
    implied: [unknownToKeyPolicies(key), ...impliedContext(requester, key, action, index.places)],
  });
}

const unknownLayers = new WeakMap<KeyEntry, ContextLayer>();
function unknownToKeyPolicies(key: KeyEntry): ContextLayer {
  const { tags } = key.key.arguments;
  const names = typeof tags === "object" && tags !== null ? Object.keys(tags) : [];
  const layer =
    unknownLayers.get(key) ??
    contextLayer(
      Object.fromEntries(
        ["kms:ResourceAliases", ...names.map((name) => `aws:ResourceTag/${name}`)].map((name) => [name, "unknown"]),
      ),
    );
  unknownLayers.set(key, layer);
  return layer;
}

/** Most statements name somebody else: no need to look at their conditions. */
function mayMean({ principal }: Statement, request: Request): boolean {
  if (principal === undefined) return true;
  const { named, account } = matchPrincipal(principal, request);
  return possible(named) || possible(account);
}

/** Actions whose requests have the same context keys share an answer; each of the others has its own. */
function alikeToConditions(actions: readonly string[]): (readonly [string, ...string[]])[] {
  const own = actions.filter(hasOwnContextKeys);
  const [first, ...rest] = actions.filter((action) => !hasOwnContextKeys(action));
  return [...(first === undefined ? [] : [[first, ...rest] as const]), ...own.map((action) => [action] as const)];
}

function withoutDenied(
  actions: readonly string[],
  deny: Statement,
  request: Request,
  counts: (truth: Truth) => boolean,
): readonly string[] {
  const touched = actionsAmong(actions, actionsOf(deny.action));
  const [sample] = touched;
  if (sample === undefined || !counts(matchStatement(deny, { ...request, action: sample }).applies)) return actions;
  return actions.filter((action) => !touched.includes(action));
}

function certain(truth: Truth): boolean {
  return truth === true;
}
