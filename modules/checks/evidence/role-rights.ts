import { requesterContext } from "../../access/implied-context";
import { actionsAmong, actionsText, managingActions } from "../../access/key-actions";
import { unknownKeyActions } from "../../access/kms-patterns";
import type { Policy, Statement } from "../../access/policy-statement";
import { type ContextValue, newRequest, type Request } from "../../access/request";
import { parseRequester, type Requester } from "../../access/requester";
import { statementDetail } from "../../access/statement-detail";
import { matchStatement } from "../../access/statement-match";
import type { TemplateManagedPolicy, TemplateRole } from "../../access/template-instance";
import { possible } from "../../access/truth";
import { actionsOf } from "../../access/who-can";
import { iamPrincipalArn } from "../../aws/arn";
import { kmsActions } from "../../aws/kms-actions";
import { uniqueNames } from "../../aws/name-order";
import { viaServices } from "../../aws/via-services";
import type { Violation } from "../frame/check";
import { type RolloutInstance, resourceAddress } from "./rollout-instances";

/**
 * What a role of a template may do. No statement of its own gives it the use of a key, whatever a Deny or the boundary takes back;
 * it cannot make itself, or somebody else, more than it is; and the deploy and audit roles have a boundary that keeps all this from
 * whatever policy somebody attaches to them later.
 */
export function roleRights(rollout: RolloutInstance, role: TemplateRole): readonly Violation[] {
  const { zone, instance } = rollout;
  const rights = new RoleRights(rollout, role);
  const hasDuty = [zone.deployRole, zone.auditRole].includes(`role/${role.name}`);
  // A boundary from elsewhere gives nothing: all else is judged as if there were none.
  const madeHere = role.boundary !== undefined && instance.managedPolicies.some(({ arn }) => arn === role.boundary);
  return [
    ...rights.attachedFromElsewhere(),
    ...rights.onKeys(`role/${role.name}` === zone.deployRole),
    ...rights.escalation(),
    ...(`role/${role.name}` === zone.deployRole ? [] : rights.overZones()),
    ...(hasDuty || madeHere ? rights.boundary(instance.managedPolicies) : []),
  ];
}

/** What policies of a template give whomever they are attached to, later and by hand. */
export function offeredRights(rollout: RolloutInstance, offered: TemplateManagedPolicy): readonly Violation[] {
  const { roles } = rollout.instance;
  const isBoundary = roles.some(({ boundary }) => boundary !== undefined && boundary === offered.arn);
  const names = new Set(roles.flatMap(({ name }) => name ?? []));
  const address = resourceAddress(rollout, offered);
  const strangers = offered.roles.filter((name) => !names.has(name));
  return [
    ...strangers.map((name) => ({
      stack: rollout.stack,
      address,
      detail: [`role/${name}`],
      why: `is attached to role ${name}, which the template does not make`,
      place: offered,
    })),
    ...(isBoundary || offered.policy === undefined ? [] : useOfKeys(rollout, address, [offered.policy])),
  ];
}

/** IAM actions by which a principal becomes more than it is, or makes somebody else more. */
const ofRoles = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRolePermissionsBoundary",
  "iam:PassRole",
  "iam:PutRolePermissionsBoundary",
  "iam:PutRolePolicy",
  "iam:UpdateAssumeRolePolicy",
  "sts:AssumeRole",
];
const ofUsers = [
  "iam:AttachUserPolicy",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreateUser",
  "iam:DeleteUserPermissionsBoundary",
  "iam:PutUserPermissionsBoundary",
  "iam:PutUserPolicy",
  "iam:UpdateLoginProfile",
];
const ofGroups = ["iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:PutGroupPolicy"];
const ofPolicies = ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"];
/** A boundary whose policy is gone, or another, bounds nobody. */
const ofBoundaries = [...ofPolicies, "iam:DeletePolicy", "iam:DeletePolicyVersion"];

/**
 * Where StackSets are kept, these write into every account that they reach, with all rights there, and so into other zones.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
 */
const ofStackSets = [
  "cloudformation:CreateStackInstances",
  "cloudformation:CreateStackSet",
  "cloudformation:UpdateStackInstances",
  "cloudformation:UpdateStackSet",
];
/** In the management account these take guardrails away, or move an account out of its zone. */
const ofOrganizations = [
  "organizations:AttachPolicy",
  "organizations:DeletePolicy",
  "organizations:DetachPolicy",
  "organizations:DisablePolicyType",
  "organizations:MoveAccount",
  "organizations:RegisterDelegatedAdministrator",
  "organizations:UpdatePolicy",
];

const cryptographic: readonly string[] = kmsActions.cryptographic;
/** With CreateGrant: a grant to oneself is decrypt. */
const beyondReading: readonly string[] = [...kmsActions.delegating, ...managingActions];
const leftToOthers: readonly string[] = [...kmsActions.destroying, ...kmsActions.importing, "kms:UpdatePrimaryRegion"];

class RoleRights {
  readonly #rollout: RolloutInstance;
  readonly #role: TemplateRole;
  readonly #address: string;
  readonly #policies: readonly Policy[];
  readonly #boundary: Policy | undefined;
  readonly #requester: Requester | undefined;

  constructor(rollout: RolloutInstance, role: TemplateRole) {
    this.#rollout = rollout;
    this.#role = role;
    this.#address = resourceAddress(rollout, role);
    const { managedPolicies, accountId } = rollout.instance;
    const managed = managedPolicies.filter(
      ({ arn, roles }) =>
        (arn !== undefined && role.attached.includes(arn)) || (role.name !== undefined && roles.includes(role.name)),
    );
    this.#policies = [...role.policies, ...managed.flatMap(({ policy }) => policy ?? [])];
    this.#boundary = managedPolicies.find(({ arn }) => arn !== undefined && arn === role.boundary)?.policy;
    const path = typeof role.properties.Path === "string" ? role.properties.Path : "/";
    const named = `role${path}${role.name ?? role.logicalId}`;
    this.#requester = parseRequester(iamPrincipalArn(rollout.zone.partition, accountId, named));
  }

  attachedFromElsewhere(): Violation[] {
    const own = new Set(this.#rollout.instance.managedPolicies.map(({ arn }) => arn));
    return this.#role.attached
      .filter((arn) => !own.has(arn))
      .map((arn) => this.#violation([arn], `has policy ${arn}, and nobody sees here what that allows`));
  }

  onKeys(deploys: boolean): Violation[] {
    const statements = this.#policies.flatMap((policy) => policy.statements);
    const forbidden = deploys ? leftToOthers : beyondReading;
    return [
      ...useOfKeys(this.#rollout, this.#address, this.#policies),
      ...statements.flatMap((statement): Violation[] => {
        const managed = statement.effect === "Allow" ? actionsAmong(actionsOf(statement.action), forbidden) : [];
        if (managed.length === 0) return [];
        const why = deploys
          ? `lets the deploy role do ${actionsText(managed)}, which is for others`
          : `lets a role do ${actionsText(managed)}, which is for the deploy role`;
        return [{ ...this.#violation([statementDetail(statement, statements), "management"], why), place: statement }];
      }),
    ];
  }

  /** Counts what the boundary takes back: IAM cannot be written without statements that only it narrows. */
  escalation(): Violation[] {
    const { zone, instance } = this.#rollout;
    const arn = (resource: string): string => iamPrincipalArn(zone.partition, instance.accountId, resource);
    const own = this.#requester === undefined || this.#requester.kind === "service" ? [] : [this.#requester.arn];
    const boundaries = instance.managedPolicies.flatMap((policy) => policy.arn ?? []);
    const probes: readonly (readonly [actions: readonly string[], resources: readonly string[]])[] = [
      [ofRoles, [...own, arn("role/Administrator")]],
      [ofUsers, [arn("user/Administrator")]],
      [ofGroups, [arn("group/Administrators")]],
      [ofPolicies, [arn("policy/Administrators")]],
      [ofBoundaries, boundaries],
    ];
    const found = probes.flatMap(([actions, resources]) =>
      actions.filter((action) => resources.some((resource) => this.#mayDo(this.#request(action, resource)))),
    );
    return uniqueNames(found).map((action) =>
      this.#violation([action], `lets a role ${action} where that makes it, or somebody else, more than it is`),
    );
  }

  /** The deploy role deploys guardrails and rollouts; nobody else does. */
  overZones(): Violation[] {
    const { zone, instance } = this.#rollout;
    const { accountId, region } = instance;
    const stackSets = `arn:${zone.partition}:cloudformation:${region}:${accountId}:stackset/`;
    const organization = ["account/", "ou/", "policy/", "root/"].map(
      (type) => `arn:${zone.partition}:organizations::${accountId}:${type}`,
    );
    const found = [
      ...ofStackSets.filter((action) => this.#mayDo(this.#request(action, stackSets))),
      ...ofOrganizations.filter((action) =>
        organization.some((resource) => this.#mayDo(this.#request(action, resource))),
      ),
    ];
    return found.map((action) =>
      this.#violation(
        [action],
        `lets a role ${action}, which reaches beyond the zone where StackSets or guardrails are kept`,
      ),
    );
  }

  boundary(made: readonly TemplateManagedPolicy[]): Violation[] {
    const { boundary } = this.#role;
    if (boundary === undefined) {
      return [this.#violation(["boundary"], "has no permissions boundary, and can be given everything")];
    }
    if (!made.some(({ arn }) => arn === boundary) || this.#boundary === undefined) {
      return [this.#violation(["boundary"], `has boundary ${boundary}, which its template does not make`)];
    }
    const used = cryptographic.filter((action) => this.#boundaryAllows(action));
    if (used.length === 0) return [];
    return [
      this.#violation(
        ["boundary"],
        `has a boundary under which it can be given the use of keys (${actionsText(used)})`,
      ),
    ];
  }

  /**
   * AWS Secrets Manager is spared: it encrypts the pointer that replicas go by, with the rights of whoever makes it, and there is
   * nothing secret in it.
   */
  #boundaryAllows(action: string): boolean {
    const { zone, instance } = this.#rollout;
    const key = `arn:${zone.partition}:kms:${instance.region}:${instance.accountId}:key/`;
    const services = uniqueNames(Object.values(viaServices)).filter((service) => service !== "secretsmanager");
    const ways: readonly ContextValue[] = [
      "absent",
      ...services.map((service) => [`${service}.${instance.region}.amazonaws.com`]),
    ];
    return ways.some((via) => {
      const request = this.#request(action, key, { "kms:ViaService": via });
      return request !== undefined && allows([this.#boundary], request);
    });
  }

  #mayDo(request: Request | undefined): boolean {
    if (request === undefined) return true;
    return allows(this.#policies, request) && (this.#boundary === undefined || allows([this.#boundary], request));
  }

  #request(action: string, arn: string, known: Readonly<Record<string, ContextValue>> = {}): Request | undefined {
    if (this.#requester === undefined) return undefined;
    const { instance, output, zone } = this.#rollout;
    return newRequest({
      principal: this.#requester,
      action,
      resource: { accountId: instance.accountId, arn, open: arn.endsWith("/") },
      context: {
        "iam:PermissionsBoundary": "absent",
        "iam:PolicyARN": [`arn:${zone.partition}:iam::aws:policy/AdministratorAccess`],
        ...known,
      },
      implied: [requesterContext(this.#requester, output.places)],
    });
  }

  #violation(detail: readonly string[], why: string): Violation {
    return { stack: this.#rollout.stack, address: this.#address, detail, why, place: this.#role };
  }
}

function useOfKeys(rollout: RolloutInstance, address: string, policies: readonly Policy[]): Violation[] {
  const statements = policies.flatMap((policy) => policy.statements);
  return statements.flatMap((statement): Violation[] => {
    if (statement.effect === "Deny") return [];
    const used = [...actionsAmong(actionsOf(statement.action), cryptographic), ...unknownKeyActions(statement.action)];
    if (used.length === 0) return [];
    const detail = [statementDetail(statement, statements), "use"];
    return [
      { stack: rollout.stack, address, detail, why: `gives the use of keys (${actionsText(used)})`, place: statement },
    ];
  });
}

/** Whether something may be allowed, and nothing of the same surely denies it. */
function allows(policies: readonly (Policy | undefined)[], request: Request): boolean {
  const known = policies.filter((policy) => policy !== undefined);
  return (
    statementsOf(known, "Allow").some((statement) => possible(matchStatement(statement, request).applies)) &&
    !denies(known, request)
  );
}

function denies(policies: readonly Policy[], request: Request): boolean {
  return statementsOf(policies, "Deny").some((statement) => matchStatement(statement, request).applies === true);
}

function statementsOf(policies: readonly Policy[], effect: Statement["effect"]): readonly Statement[] {
  return policies.flatMap(({ statements }) => statements.filter((statement) => statement.effect === effect));
}
