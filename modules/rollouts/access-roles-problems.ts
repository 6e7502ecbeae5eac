import { consumerPolicyNames } from "../keys/consumer-policy-names";
import type { PlanProblem } from "../keys/plan-problem";
import type { OrganizationMap, Zone } from "../organization/organization-map";
import type { Rollout } from "../organization/rollout";
import { rolesBoundary } from "../policies/roles-boundary";
import { type IamPolicySize, iamPolicySizes } from "./iam-policy-sizes";
import { keyEventsBoundaryName } from "./key-events";
import type { TemplateDocument } from "./template";

/**
 * Why a zone cannot have these roles.
 *
 * @param document the rendered template, once there is one: what is larger than IAM takes
 */
export function accessRolesProblems(
  rollout: Rollout,
  zone: Zone,
  map: OrganizationMap,
  document?: TemplateDocument,
): PlanProblem[] {
  const found = [
    ...pipelineProblems(zone),
    ...nameProblems(zone, map),
    ...(document === undefined ? [] : iamPolicySizes(document).filter(({ characters, most }) => characters > most)).map(
      tooLarge,
    ),
  ];
  return found.map((problem) => ({ source: rollout.source, ...problem }));
}

type Found = Omit<PlanProblem, "source">;

function pipelineProblems({ name, pipelines }: Zone): Found[] {
  const fix = `say in zones.yaml ${name}.pipelines which roles run Terraform and drift detection`;
  if (pipelines === undefined) return [{ message: `zone ${name} does not say who may assume these roles`, fix }];
  return (["deploy", "audit"] as const).flatMap((duty) => {
    const others = pipelines[duty].filter(({ kind }) => kind !== "role");
    if (pipelines[duty].length === 0) return [{ message: `zone ${name} has nobody in pipelines.${duty}`, fix }];
    return others.map((principal) => ({
      message: `${principal.arn} in pipelines.${duty} of zone ${name} is no role`,
      fix: "name a role: whole accounts, users and permission sets change by other hands",
    }));
  });
}

/**
 * IAM has each name once an account, whatever the path and whatever the case of its letters.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function nameProblems(zone: Zone, map: OrganizationMap): Found[] {
  const { deploy, audit } = zone.organization.roles;
  const same =
    deploy.toLowerCase() === audit.toLowerCase()
      ? [
          {
            message: `the deploy and the audit role of organization ${zone.organization.name} are one, ${deploy}`,
            fix: "give each a name of its own: who reads must not write",
          },
        ]
      : [];
  const users = map.workloads.flatMap(({ environments }) =>
    environments.flatMap(({ use, grants }) => [
      ...use.flatMap(({ principals, attach }) => principals.map((principal) => ({ principal, attach }))),
      ...grants.map(({ grantee, attach }) => ({ principal: grantee, attach })),
    ]),
  );
  const taken = new Map(
    users
      .filter(({ principal }) => principal.account.zone === zone.name)
      .map(
        ({ principal, attach }) => [principal.arn, consumerPolicyNames(principal, attach).name.toLowerCase()] as const,
      )
      .filter(([, name]) => name === rolesBoundary || name === keyEventsBoundaryName),
  );
  return [
    ...same,
    ...[...taken].map(([arn, name]) => ({
      message: `the consumer policy of ${arn} would have the name of the roles' permissions boundary, ${name}`,
      fix: "give that role another name",
    })),
  ];
}

const ways: Readonly<Record<IamPolicySize["what"], string>> = {
  "managed policy": "shorten the names of roles",
  "inline policies": "cover the zone by fewer OUs, each with everything below, and fewer single accounts",
  "trust policy": "name fewer roles in pipelines, in fewer accounts, or fewer session tags",
};

function tooLarge({ resource, what, characters, most }: IamPolicySize): Found {
  const message = `the ${what} of ${resource} ${what === "inline policies" ? "have" : "has"} ${characters} characters, and IAM takes at most ${most}`;
  return { message, fix: ways[what] };
}
