import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { parseRequester } from "../../modules/access/requester";
import type { Json, Output } from "../checks/sample-output";

/** A key of one output as AWS would have it, for an evaluation that shares no code with this project. */
export interface SimulatedKey {
  readonly arn: string;
  readonly accountId: string;
  readonly aliases: readonly string[];
  /** Its policy and, as statements of it, its grants. */
  readonly policy: Json;
}

export interface SimulatedRequest {
  readonly principal: string;
  readonly action: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

const whole = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
const open = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
};

const unlimited = [
  {
    orgIdentifier: "r-ab12",
    policies: [
      {
        name: "FullAWSAccess",
        policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] },
      },
    ],
  },
];

/** Which half of access is asked about: the other one lets everything through. */
export function isAllowed(
  half: "key" | "identity",
  key: SimulatedKey,
  identity: readonly Json[],
  { principal, action, context }: SimulatedRequest,
): boolean {
  const answer = runUnsafeSimulation(
    {
      request: {
        principal: principal.replace(
          /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/,
          "arn:aws:sts::$1:assumed-role/$2/session",
        ),
        action,
        resource: { resource: key.arn, accountId: key.accountId },
        contextVariables: {
          ...(Object.fromEntries(Object.entries(context)) as Record<string, string | string[]>),
          "kms:ResourceAliases": [...key.aliases],
          ...callerContext(principal),
        },
      },
      identityPolicies: (half === "key" ? [whole] : identity).map((policy, index) => ({
        name: `policy${index}`,
        policy: policy as typeof whole,
      })),
      resourcePolicy: {
        __validated: true,
        policyDocument: half === "key" ? key.policy : open,
        metadata: { name: "key policy" },
        errors: [],
      },
      serviceControlPolicies: unlimited,
      resourceControlPolicies: unlimited,
    },
    {},
  );
  return answer === "Allowed";
}

function callerContext(principal: string): Record<string, string> {
  const requester = parseRequester(principal);
  if (requester === undefined || requester.kind === "service") return { "aws:PrincipalIsAWSService": "true" };
  return {
    "aws:PrincipalIsAWSService": "false",
    "aws:PrincipalArn": principal,
    "aws:PrincipalAccount": requester.accountId,
    "kms:CallerAccount": requester.accountId,
  };
}

/** Every key and replica of an output, by stack and address. */
export function simulatedKeys(output: Output): ReadonlyMap<string, SimulatedKey> {
  const keys = new Map<string, SimulatedKey>();
  for (const [stack, text] of output.texts) {
    const json: Json = JSON.parse(text);
    for (const type of ["aws_kms_key", "aws_kms_replica_key"]) {
      for (const [id, resource] of Object.entries<Json>(json.resource?.[type] ?? {})) {
        const region = String(resource.provider).replace("aws.", "");
        const accountId = json["//"].orgkeys.accountId;
        const aliases = Object.values<Json>(json.resource.aws_kms_alias ?? {})
          .filter(({ target_key_id }) => target_key_id === `\${${type}.${id}.key_id}`)
          .map(({ name }) => name as string);
        const grants = Object.values<Json>(json.resource.aws_kms_grant ?? {})
          .filter(({ key_id }) => key_id === `\${${type}.${id}.key_id}`)
          .map(asStatement);
        const policy = unescaped(json.locals[`${id}-policy`]);
        keys.set(`${stack} ${type}.${id}`, {
          arn: keyArn(region, accountId, aliases[0] ?? id),
          accountId,
          aliases,
          policy: { ...policy, Statement: [...policy.Statement, ...grants] },
        });
      }
    }
  }
  return keys;
}

/** AWS keeps grants apart from the policy, and a Deny of it stands above them all the same. */
function asStatement({ grantee_principal: AWS, operations, constraints }: Json): Json {
  const [constraint] = constraints ?? [];
  const pairs = Object.entries<string>(
    constraint?.encryption_context_equals ?? constraint?.encryption_context_subset ?? {},
  );
  const StringEquals = Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value]));
  const exactly =
    constraint?.encryption_context_equals === undefined
      ? {}
      : { "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": pairs.map(([name]) => name) } };
  return {
    Effect: "Allow",
    Principal: { AWS },
    Action: operations.map((operation: string) => `kms:${operation}`),
    Resource: "*",
    ...(pairs.length === 0 ? {} : { Condition: { StringEquals, ...exactly } }),
  };
}

/** The consumer policies of each role and user of an output, by ARN. */
export function simulatedIdentities(output: Output): ReadonlyMap<string, readonly Json[]> {
  const policies = new Map<string, Json[]>();
  for (const text of output.texts.values()) {
    const json: Json = JSON.parse(text);
    for (const [type, kind] of [
      ["aws_iam_role_policy_attachment", "role"],
      ["aws_iam_user_policy_attachment", "user"],
    ] as const) {
      for (const attachment of Object.values<Json>(json.resource?.[type] ?? {})) {
        const arn = `arn:aws:iam::${json["//"].orgkeys.accountId}:${kind}/${attachment[kind]}`;
        const policy = /^\$\{aws_iam_policy\.(.*)\.arn\}$/.exec(attachment.policy_arn)?.[1] ?? "";
        const local = /local\.([^)]*)\)/.exec(json.resource.aws_iam_policy[policy].policy)?.[1] ?? "";
        policies.set(arn, [...(policies.get(arn) ?? []), withKeyArns(unescaped(json.locals[local]), json)]);
      }
    }
  }
  return policies;
}

/** Terraform puts the ARN of the key behind an alias there. */
function withKeyArns(policy: Json, json: Json): Json {
  const text = JSON.stringify(policy).replaceAll(/\$\{data\.aws_kms_key\.([^}]*)\.arn\}/g, (_, name: string) => {
    const [, , , region = "", account = "", alias = ""] = json.data.aws_kms_key[name].key_id.split(":");
    return keyArn(region, account, alias);
  });
  return JSON.parse(text);
}

function keyArn(region: string, accountId: string, alias: string): string {
  return `arn:aws:kms:${region}:${accountId}:key/mrk-${Buffer.from(alias).toString("hex").padEnd(32, "0").slice(0, 32)}`;
}

/** Terraform reads `$${` as `${`. IAM's own escape of a dollar, `${$}`, the oracle does not know. */
function unescaped(policy: Json): Json {
  return JSON.parse(JSON.stringify(policy).replaceAll("$${", "${").replaceAll("${$}", "dollar"));
}

/** Contexts that fulfil the conditions of some statements, each as a whole, without one of them, and none at all. */
export function contextsOf(statements: readonly Json[]): SimulatedRequest["context"][] {
  const contexts = new Map<string, SimulatedRequest["context"]>([["{}", {}]]);
  const add = (context: SimulatedRequest["context"]) => contexts.set(JSON.stringify(context), context);
  for (const { Condition } of statements) {
    const parts = Object.entries<Json>(Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries<Json>(keys).map(([key, values]) => ({ operator, key, values: [values].flat() as string[] })),
    );
    const most = Math.max(0, ...parts.map(({ values }) => values.length));
    for (let at = 0; at < Math.min(most, 4); at += 1) {
      const pairs = parts.map(({ operator, key, values }) => {
        const written = (values[at % values.length] ?? "").replaceAll("*", "x");
        // The first address of a block stands for it.
        const value = operator.includes("IpAddress") ? written.replace(/\/\d+$/, "") : written;
        const fitting = operator.includes("Not") ? "else" : value;
        return [key, /^ForA/.test(operator) ? [fitting] : fitting] as const;
      });
      const named = pairs.filter(([key]) => /^kms:EncryptionContext:/i.test(key));
      const keys = named.map(([key]) => key.slice("kms:EncryptionContext:".length));
      const extra = keys.length === 0 ? {} : { "kms:EncryptionContextKeys": keys };
      add({ ...Object.fromEntries(pairs), ...extra });
      add({
        ...Object.fromEntries(pairs),
        "kms:EncryptionContextKeys": [...keys, "more"],
        "kms:EncryptionContext:more": "1",
      });
      for (const left of pairs) add({ ...Object.fromEntries(pairs.filter((pair) => pair !== left)), ...extra });
    }
  }
  return [...contexts.values()];
}
