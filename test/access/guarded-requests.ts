import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { type AccessIndex, indexStacks, type KeyEntry } from "../../modules/access/access-index";
import { evaluatePolicies } from "../../modules/access/evaluate-policies";
import { readPolicy } from "../../modules/access/read-policy";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { newRequest } from "../../modules/access/request";
import { parseRequester } from "../../modules/access/requester";
import type { Json, Output } from "../checks/sample-output";

/** Which guardrails count. */
export type Guard = "none" | "resource-control" | "service-control" | "both";
export const guards: readonly Guard[] = ["none", "resource-control", "service-control", "both"];

export interface GuardedRequest {
  /** A role's ARN, which then calls through a session of it, or an AWS service's name. */
  readonly principal: string;
  readonly action: string;
  /** `pci-key-management payments_prod_us-east-1` */
  readonly key: string;
  /** Beside what principal and key imply; undefined takes a key out. */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const everything: Json = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

/**
 * The stacks of an output, asked twice: by this project's engine, which reads them as `check` and `explain` do, and by the
 * simulator, from the same files but read here by hand. The caller's own IAM policies allow everything.
 */
export class GuardedOutput {
  readonly #stacks: ReadonlyMap<string, Json>;
  readonly index: AccessIndex;

  constructor({ texts, rules }: Output) {
    this.#stacks = new Map([...texts].map(([name, text]) => [name, JSON.parse(text)]));
    const stacks = [...texts].map(([name, text]) => readSynthesizedStack(name, text));
    this.index = indexStacks(stacks, rules.places);
  }

  askEngine(request: GuardedRequest, guard: Guard): string {
    const { principal: name, action, context } = this.#asked(request);
    const principal = parseRequester(name);
    if (principal === undefined) throw new Error(`${name} is not a principal`);
    const key = this.#keyOf(request);
    const isService = principal.kind === "service";
    const levels = (kind: "resource-control" | "service-control", accountId: string) =>
      guard === kind || guard === "both" ? this.index.guardrailsOf(accountId, kind) : { levels: [] };
    const { policy: identity } = readPolicy(everything, { document: "IAM", path: "" }, "identity");
    const { policy } = key.key;
    if (policy === undefined) throw new Error(`${request.key} has no policy`);
    return evaluatePolicies(
      newRequest({
        principal,
        action,
        resource: { ...key.resource, arn: `${key.resource.arn}1234abcd`, open: false },
        context: Object.fromEntries(
          Object.entries(context).map(([key, value]) => [key, typeof value === "string" ? [value] : value]),
        ),
        unlisted: "absent",
        encryptionContext: {},
      }),
      {
        keyPolicy: policy,
        grants: key.key.grants,
        identity: { policies: isService ? [] : [identity], complete: true },
        serviceControl: isService ? { levels: [] } : levels("service-control", principal.accountId),
        resourceControl: levels("resource-control", key.accountId),
      },
    ).outcome;
  }

  askOracle(request: GuardedRequest, guard: Guard): string {
    const { principal, action, context } = this.#asked(request);
    const key = this.#keyOf(request);
    const stack = this.#stacks.get(key.stack.name);
    const keyPolicy = unescaped(stack.locals[`${key.key.address.split(".")[1]}-policy`]);
    const isService = !principal.startsWith("arn:");
    const levels = (kind: "resource-control" | "service-control", accountId: string) =>
      (this.index.places.get(accountId)?.isManagementAccount
        ? []
        : [...(this.index.places.get(accountId)?.path ?? []), accountId]
      ).map((target) => ({
        orgIdentifier: target,
        policies: [
          fullAccess,
          ...(guard === kind || guard === "both" ? this.#attached(target, kind) : []).map((policy: Json) => ({
            name: "guardrail",
            policy,
          })),
        ],
      }));
    const verdict = runUnsafeSimulation(
      {
        request: {
          principal,
          action,
          resource: { resource: `${key.resource.arn}1234abcd`, accountId: key.accountId },
          contextVariables: context,
        },
        identityPolicies: isService ? [] : [{ name: "everything", policy: everything }],
        // As already validated: the unchecked entry point gives a bare resource policy no name, and then fails on it.
        resourcePolicy: {
          __validated: true,
          policyDocument: keyPolicy,
          metadata: { name: "key policy" },
          errors: [],
        },
        serviceControlPolicies: isService ? [] : levels("service-control", principal.split(":")[4] ?? ""),
        resourceControlPolicies: levels("resource-control", key.accountId),
      },
      {},
    );
    return verdict === "Allowed" ? "allowed" : "denied";
  }

  /** The session that a role calls through, and all that its request says. */
  #asked({ principal, action, key, context }: GuardedRequest): {
    readonly principal: string;
    readonly action: string;
    readonly context: Record<string, string | string[]>;
  } {
    const owner = this.#keyOf({ key }).accountId;
    const [, partition, account = "", role] =
      /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
    const caller =
      role === undefined
        ? { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal }
        : {
            "aws:PrincipalIsAWSService": "false",
            "aws:PrincipalArn": principal,
            "aws:PrincipalAccount": account,
            "kms:CallerAccount": account,
            "aws:PrincipalType": "AssumedRole",
            ...this.#placed("aws:Principal", account),
          };
    const source = context?.["aws:SourceAccount"];
    const all = {
      ...caller,
      ...(typeof source === "string" ? this.#placed("aws:Source", source) : {}),
      "aws:ResourceAccount": owner,
      ...this.#placed("aws:Resource", owner),
      "aws:RequestedRegion": this.#keyOf({ key }).key.region,
      ...context,
    };
    return {
      principal: role === undefined ? principal : `arn:${partition}:sts::${account}:assumed-role/${role}/session`,
      action,
      context: Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, typeof value === "string" ? value : [...value]]],
        ),
      ),
    };
  }

  #placed(prefix: string, accountId: string): Record<string, string | string[]> {
    const place = this.index.places.get(accountId);
    if (place === undefined) return {};
    return {
      [`${prefix}OrgID`]: place.organizationId,
      [`${prefix}OrgPaths`]: [`${[place.organizationId, ...place.path].join("/")}/`],
    };
  }

  #keyOf({ key }: Pick<GuardedRequest, "key">): KeyEntry {
    const [account = "", id = ""] = key.split(" ");
    const found = this.index.keys.find(
      (entry) => entry.stack.metadata.account === account && entry.key.address.endsWith(`.${id}`),
    );
    if (found === undefined) throw new Error(`there is no key ${key}`);
    return found;
  }

  #attached(target: string, kind: "resource-control" | "service-control"): Json[] {
    return [...this.#stacks.values()].flatMap(({ locals, resource }) =>
      Object.values<Json>(resource.aws_organizations_policy_attachment ?? {})
        .filter((attachment) => attachment.target_id === target)
        .map((attachment) => /policy\.([\w-]+)\.id/.exec(attachment.policy_id)?.[1] ?? "")
        .filter((id) => resource.aws_organizations_policy[id].type === `${kind.replace("-", "_").toUpperCase()}_POLICY`)
        .map((id) => unescaped(locals[`${id}-policy`])),
    );
  }
}

const fullAccess = {
  name: "FullAWSAccess",
  policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] },
};

function unescaped(policy: Json): Json {
  return JSON.parse(JSON.stringify(policy).replaceAll("$${", "${"));
}
