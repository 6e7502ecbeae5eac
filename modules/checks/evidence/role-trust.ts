import { outsidersOf } from "../../access/outsiders";
import type { Condition, Statement } from "../../access/policy-statement";
import { boundsOfStatement } from "../../access/principal-bounds";
import { statementDetail } from "../../access/statement-detail";
import { matchAction } from "../../access/statement-match";
import type { TemplateRole } from "../../access/template-instance";
import { possible } from "../../access/truth";
import { type Meant, whoIsMeant, whoName } from "../../access/who";
import type { ZoneBoundary } from "../../access/zone-boundary";
import type { Violation } from "../frame/check";
import { type RolloutInstance, resourceAddress } from "./rollout-instances";

/**
 * Who may assume a role of a template. The deploy and audit roles are for the zone's pipelines, each with all that the map asks of
 * a session; every other role is for principals of the zone, or for an AWS service that acts for them.
 */
export function roleTrust(rollout: RolloutInstance, role: TemplateRole): readonly Violation[] {
  const statements = role.trust?.statements ?? [];
  const demands = demandsOn(role, rollout.zone);
  return statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap((statement) => {
      const at: At = (detail, why, { severity, fix } = {}) => ({
        stack: rollout.stack,
        address: resourceAddress(rollout, role),
        detail: [statementDetail(statement, statements), detail],
        why,
        place: statement,
        fix: demands === undefined ? (fix ?? "trust accounts of the zone alone, by their roots") : onlyPipelines,
        ...(severity === undefined ? {} : { severity }),
      });
      return [
        ...whoIsMeant(statement.principal).flatMap((meant) => [
          ...outside(statement, meant, rollout, demands !== undefined, at),
          ...byName(meant, at),
          ...(demands === undefined || onlyNamesItself(statement) ? [] : noPipeline(statement, meant, demands, at)),
        ]),
        ...(demands === undefined ? [] : missing(statement, demands, rollout.zone, at)),
      ];
    });
}

type At = (detail: string, why: string, more?: Partial<Pick<Violation, "severity" | "fix">>) => Violation;

const onlyPipelines =
  "trust the zone's accounts, bound by ArnEquals aws:PrincipalArn to the pipelines, with the organization, the external id and the session tags that the map asks for";

/**
 * Services that run somebody's code with a role that is passed to them. "You can only use the PassRole permission to pass an IAM
 * role to a service that shares the same AWS account".
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const runners: readonly string[] = [
  "ec2.amazonaws.com",
  "ec2.amazonaws.com.cn",
  "ecs-tasks.amazonaws.com",
  "lambda.amazonaws.com",
];

/** What the map asks of whoever assumes the role. */
interface Demands {
  readonly duty: string;
  readonly pipelines: readonly string[];
  readonly sessionTags: Readonly<Record<string, string>>;
}

/** Undefined for a role without a duty. */
function demandsOn({ name }: TemplateRole, { deployRole, auditRole, pipelines }: ZoneBoundary): Demands | undefined {
  const sessionTags = pipelines?.sessionTags ?? {};
  if (`role/${name}` === deployRole) return { duty: "deploy role", pipelines: pipelines?.deploy ?? [], sessionTags };
  if (`role/${name}` === auditRole) return { duty: "audit role", pipelines: pipelines?.audit ?? [], sessionTags };
  return undefined;
}

/** Whoever is named counts as named: a condition that spares the zone is one edit away from sparing nobody. */
function outside(
  statement: Statement,
  { who, element }: Meant,
  { zone, output }: RolloutInstance,
  hasDuty: boolean,
  at: At,
): Violation[] {
  const isNamed = who.kind === "account" || who.kind === "principal";
  const conditions = isNamed ? [] : statement.conditions;
  const bounds = boundsOfStatement({ ...statement, conditions, principal: element }, zone.partition);
  const outsiders = outsidersOf(bounds, zone, output.zones);
  if (outsiders === undefined) return [];
  if (!hasDuty && bounds.unbounded.length > 0 && who.kind === "service" && runners.includes(who.name)) {
    const why = `lets whatever code ${who.name} runs assume a role in accounts of zone ${zone.name}: whoever may pass it there (iam:PassRole) chooses which`;
    const fix = "keep it out of rollouts, or add an exception that says who may pass it";
    return [at(whoName(who), why, { severity: "high", fix })];
  }
  const why = `lets ${outsiders.whom} assume a role in accounts of zone ${zone.name}${outsiders.because}`;
  const fix =
    "say for which account the service acts, by StringEquals aws:SourceAccount with Ref AWS::AccountId; for a service that does not send it, add an exception";
  return [at(whoName(who), why, who.kind === "service" ? { fix } : {})];
}

/**
 * IAM refuses a role that does not exist, and puts an id in the place of one that is made anew.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
function byName({ who }: Meant, at: At): Violation[] {
  if (who.kind !== "principal") return [];
  const why = `names ${who.arn} as Principal, and the stack fails in every account while that does not exist`;
  return [at(`Principal ${who.arn}`, why, { severity: "high" })];
}

function noPipeline(statement: Statement, { who }: Meant, { duty, pipelines }: Demands, at: At): Violation[] {
  if (who.kind === "principal" && pipelines.includes(who.arn)) return [];
  const bound = statement.conditions.some(
    (condition) =>
      isAsked(condition, "aws:PrincipalArn", ["ArnEquals", "ArnLike", "StringEquals"]) && within(condition, pipelines),
  );
  if (bound && (who.kind === "account" || who.kind === "principal")) return [];
  return [
    at(`${whoName(who)} is no pipeline`, `lets ${whoName(who)} assume the ${duty}, and not just the zone's pipelines`),
  ];
}

const allowedActions = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

/** A source identity lets nobody in: it is written down by whoever may assume the role by another statement. */
function onlyNamesItself({ action }: Statement): boolean {
  return ["sts:AssumeRole", "sts:TagSession"].every((each) => !possible(matchAction(action, each)));
}

function missing(statement: Statement, { sessionTags }: Demands, zone: ZoneBoundary, at: At): Violation[] {
  const { action, conditions } = statement;
  const others = action.negated
    ? ["everything but what it names"]
    : action.patterns.filter((pattern) => !allowedActions.some((each) => each.toLowerCase() === pattern.toLowerCase()));
  const assumes = possible(matchAction(action, "sts:AssumeRole"));
  const asked: readonly (readonly [key: string, value: string])[] = [
    ["aws:PrincipalOrgID", zone.organizationId],
    ...(onlyNamesItself(statement)
      ? []
      : Object.entries(sessionTags).map(([name, value]) => [`aws:RequestTag/${name}`, value] as const)),
    ...(assumes && zone.externalId !== undefined ? [["sts:ExternalId", zone.externalId] as const] : []),
  ];
  return [
    ...(others.length === 0 ? [] : [at("actions", `allows ${others.join(", ")}, which nobody needs to assume a role`)]),
    ...asked
      .filter(
        ([key, value]) => !conditions.some((each) => isAsked(each, key, ["StringEquals"]) && within(each, [value])),
      )
      .map(([key, value]) => at(key, `does not ask for StringEquals ${key} ${value}`)),
  ];
}

/** A condition that no request without the key meets. */
function isAsked({ operator, key }: Condition, wanted: string, operators: readonly string[]): boolean {
  return key.toLowerCase() === wanted.toLowerCase() && operators.includes(operator);
}

function within({ values }: Condition, allowed: readonly string[]): boolean {
  return values.length > 0 && values.every((value) => allowed.includes(value));
}
