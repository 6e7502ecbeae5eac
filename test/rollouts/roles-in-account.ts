import { runSimulation, runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { resolveIntrinsics } from "../../modules/rollouts/resolve-intrinsics";
import type { TemplateDocument } from "../../modules/rollouts/template";
import type { Json } from "../checks/sample-output";

/** What a role of the template does, or is done to. */
export interface Request {
  readonly action: string;
  /** `*` for actions without a resource. */
  readonly resource?: string;
  /** Beside what principal and resource imply. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  readonly resourcePolicy?: Json;
  /** What a delegated administrator has in the management account is as if in its own. */
  readonly delegated?: boolean;
}

/** Who asks to assume a role: an account with its organization, and what it brings. */
export interface Caller {
  readonly arn: string;
  readonly organizationId: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** What the template makes in one account, asked by the simulator. */
export class RolesInAccount {
  readonly #resources: Json;
  readonly #accountId: string;

  constructor(document: TemplateDocument, accountId: string) {
    const conditions: Json = document.Conditions ?? {};
    const holds = (condition: Json): boolean => {
      if (condition["Fn::Or"] !== undefined) return condition["Fn::Or"].some(holds);
      const [reference, value] = condition["Fn::Equals"];
      if (reference.Ref !== "AWS::AccountId") throw new Error(`a condition on ${JSON.stringify(reference)}`);
      return value === accountId;
    };
    const present = Object.entries(document.Resources).filter(
      ([, { Condition }]) => Condition === undefined || holds(conditions[String(Condition)]),
    );
    this.#accountId = accountId;
    this.#resources = resolveIntrinsics(Object.fromEntries(present), {
      accountId,
      partition: "aws",
      decide: (name, yes, no) => (holds(conditions[name]) ? yes : no),
    });
  }

  /** Names of all policies that the role has. */
  policiesOf(role: "Deploy" | "Audit"): { name: string; policy: Json }[] {
    const inline: Json[] = this.#resources[role].Properties.Policies;
    const managed = Object.values<Json>(this.#resources).filter(
      ({ Type, Properties }) => Type === "AWS::IAM::ManagedPolicy" && Properties.Roles?.includes(role),
    );
    return [
      ...inline.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, policy: PolicyDocument })),
      ...managed.map(({ Properties }) => ({ name: Properties.ManagedPolicyName, policy: Properties.PolicyDocument })),
    ];
  }

  /** @param also attached by somebody who is an administrator of the account */
  async may(role: "Deploy" | "Audit", request: Request, also: readonly Json[] = []): Promise<string> {
    const name: string = this.#resources[role].Properties.RoleName;
    const policies = [...this.policiesOf(role), ...also.map((policy, index) => ({ name: `also-${index}`, policy }))];
    return this.#may(name, policies, this.#boundary("orgkeys-boundary"), request);
  }

  /** What any other role may that the deploy role makes: it can give it every policy and every boundary that it may hand out. */
  async madeRoleMay(name: string, boundaryName: string, request: Request): Promise<string> {
    return this.#may(name, [{ name: "everything", policy: allowing(["*"]) }], this.#boundary(boundaryName), request);
  }

  #boundary(name: string): Json {
    const found = Object.values<Json>(this.#resources).find(({ Properties }) => Properties.ManagedPolicyName === name);
    if (found === undefined) throw new Error(`there is no boundary ${name}`);
    return found.Properties.PolicyDocument;
  }

  async #may(
    name: string,
    identityPolicies: { name: string; policy: Json }[],
    boundary: Json,
    request: Request,
  ): Promise<string> {
    const { action, resource = "*", context = {}, resourcePolicy } = request;
    const named = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1];
    const owner = named === undefined || request.delegated === true ? this.#accountId : named;
    return decide({
      request: {
        principal: `arn:aws:sts::${this.#accountId}:assumed-role/${name}/orgkeys`,
        action,
        resource: { resource, accountId: owner },
        contextVariables: variables({
          "aws:PrincipalArn": `arn:aws:iam::${this.#accountId}:role/${name}`,
          "aws:PrincipalAccount": this.#accountId,
          ...(resource === "*" ? {} : { "aws:ResourceAccount": owner }),
          ...context,
        }),
      },
      identityPolicies,
      permissionBoundaryPolicies: [{ name: "boundary", policy: boundary }],
      resourcePolicy,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    });
  }

  /** The caller's own policies let it assume any role. */
  async mayBeAssumed(
    role: "Deploy" | "Audit",
    caller: Caller,
    action: "sts:AssumeRole" | "sts:SetSourceIdentity" | "sts:TagSession",
  ): Promise<string> {
    const { RoleName, AssumeRolePolicyDocument } = this.#resources[role].Properties;
    const [, account = "", name = ""] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(caller.arn) ?? [];
    return decide({
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/${name}/session`,
        action,
        resource: { resource: `arn:aws:iam::${this.#accountId}:role/${RoleName}`, accountId: this.#accountId },
        contextVariables: variables({
          "aws:PrincipalArn": caller.arn,
          "aws:PrincipalAccount": account,
          "aws:PrincipalOrgID": caller.organizationId,
          ...caller.context,
        }),
      },
      identityPolicies: [{ name: "any role", policy: allowing(["sts:*"]) }],
      resourcePolicy: AssumeRolePolicyDocument,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    });
  }
}

export function allowing(actions: readonly string[]): Json {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
}

async function decide(simulation: Parameters<typeof runSimulation>[0]): Promise<string> {
  // The checked entry point drops these: see `policies/simulate.ts`.
  if (Object.keys(simulation.request.contextVariables).some((name) => name.startsWith("kms:EncryptionContext:"))) {
    const resourcePolicy = {
      __validated: true,
      policyDocument: simulation.resourcePolicy,
      metadata: { name: "resource policy" },
      errors: [],
    };
    return runUnsafeSimulation({ ...simulation, resourcePolicy }, {}) === "Allowed" ? "allowed" : "denied";
  }
  const simulated = await runSimulation(simulation, {});
  if (simulated.resultType === "error") throw new Error(`the simulator refuses: ${JSON.stringify(simulated.errors)}`);
  return simulated.overallResult === "Allowed" ? "allowed" : "denied";
}

function variables(context: Readonly<Record<string, string | readonly string[]>>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}
