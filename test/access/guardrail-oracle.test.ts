import { describe, expect, test } from "@jest/globals";
import type { Condition } from "../../modules/access/policy-statement";
import { type Json, outputOf } from "../checks/sample-output";
import { type Guard, GuardedOutput, type GuardedRequest, guards } from "./guarded-requests";

const sample = outputOf("config");
const key = "pci-key-management payments_prod_us-east-1";
const hipaaRole = "arn:aws:iam::320000000002:role/patient-portal";
const pciRole = "arn:aws:iam::310000000002:role/ledger";

/** The sample with statements added to the policy of a PCI key and its Deny statements taken out, as a hand would. */
function opened(statement: Json, output = sample): GuardedOutput {
  const edited = output.edit("commercial.regulated.pci.pci-key-management", (json) => {
    const policy = json.locals["payments_prod_us-east-1-policy"];
    policy.Statement = [
      ...policy.Statement.filter((statement: Json) => statement.Effect === "Allow"),
      { Effect: "Allow", Resource: "*", ...statement },
    ];
  });
  return new GuardedOutput(edited);
}

/** What engine and oracle say to one request under each set of guardrails; they have to agree. */
function outcomes(output: GuardedOutput, request: GuardedRequest): Readonly<Record<Guard, string>> {
  const asked = guards.map((guard) => {
    const [engine, oracle] = [output.askEngine(request, guard), output.askOracle(request, guard)];
    return [guard, engine === oracle ? engine : `engine: ${engine}, oracle: ${oracle}`] as const;
  });
  return Object.fromEntries(asked) as Record<Guard, string>;
}

const by = (none: string, rcp: string, scp: string): Readonly<Record<Guard, string>> => ({
  none,
  "resource-control": rcp,
  "service-control": scp,
  both: [rcp, scp].includes("denied") ? "denied" : "allowed",
});
const stopped = by("allowed", "denied", "denied");
/** By the guardrail on the key's side alone: those of the caller are of somebody else, or there are none. */
const stoppedByOwner = by("allowed", "denied", "allowed");
const stoppedByUser = by("allowed", "allowed", "denied");
const goesOn = by("allowed", "allowed", "allowed");

interface Row extends Partial<GuardedRequest> {
  readonly name: string;
  readonly statement: Json;
  readonly expected: Readonly<Record<Guard, string>>;
}

const decrypt = (principal: Json, condition?: Json): Json => ({
  ...principal,
  Action: "kms:Decrypt",
  ...(condition === undefined ? {} : { Condition: condition }),
});
const everybody = decrypt({ Principal: "*" });
const organization = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };
const logs = "logs.us-east-1.amazonaws.com";
const forLogs = decrypt({ Principal: { Service: logs } });

const rows: readonly Row[] = [
  { name: "a role of zone hipaa, by name", statement: decrypt({ Principal: { AWS: hipaaRole } }), expected: stopped },
  { name: "its account", statement: decrypt({ Principal: { AWS: "320000000002" } }), expected: stopped },
  {
    name: "its account's root ARN, and any action",
    statement: { Principal: { AWS: ["arn:aws:iam::320000000002:root"] }, Action: ["kms:*"] },
    expected: stopped,
  },
  { name: "everybody", statement: everybody, expected: stopped },
  { name: "every principal", statement: decrypt({ Principal: { AWS: "*" } }), expected: stopped },
  { name: "everybody of the organization", statement: decrypt({ Principal: "*" }, organization), expected: stopped },
  {
    name: "everybody below the OU above both zones",
    statement: decrypt(
      { Principal: { AWS: "*" } },
      {
        ...organization,
        "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-30000000/*" },
      },
    ),
    expected: stopped,
  },
  {
    name: "everybody but somebody else",
    statement: decrypt({
      NotPrincipal: { AWS: ["arn:aws:iam::320000000001:root", "arn:aws:iam::320000000001:role/x"] },
    }),
    expected: stopped,
  },
  {
    name: "a role of zone corporate",
    statement: everybody,
    principal: "arn:aws:iam::210000000001:role/web",
    expected: stopped,
  },
  {
    name: "an account at the organization's root, which no SCP reaches",
    statement: everybody,
    principal: "arn:aws:iam::100000000001:role/admin",
    expected: stoppedByOwner,
  },
  {
    name: "an account of another organization",
    statement: everybody,
    principal: "arn:aws:iam::999999999999:role/vendor",
    context: {
      "aws:PrincipalOrgID": "o-zzzzzzzzzz",
      "aws:PrincipalOrgPaths": ["o-zzzzzzzzzz/r-ab12/ou-ab12-30000000/ou-ab12-31000000/"],
    },
    expected: stoppedByOwner,
  },
  {
    name: "an account of no organization",
    statement: everybody,
    principal: "arn:aws:iam::999999999999:role/vendor",
    expected: stoppedByOwner,
  },
  {
    name: "a role of zone hipaa that creates a grant",
    statement: { Principal: { AWS: hipaaRole }, Action: "kms:CreateGrant" },
    action: "kms:CreateGrant",
    expected: stopped,
  },
  {
    name: "a role of zone hipaa that only looks, which its SCP leaves to the owner",
    statement: { Principal: { AWS: hipaaRole }, Action: "kms:DescribeKey" },
    action: "kms:DescribeKey",
    expected: stoppedByOwner,
  },
  {
    name: "an AWS service for an account of another zone",
    statement: forLogs,
    principal: logs,
    context: { "aws:SourceAccount": "320000000002" },
    expected: stoppedByOwner,
  },
  {
    name: "an AWS service for an account of no organization",
    statement: forLogs,
    principal: logs,
    context: { "aws:SourceAccount": "999999999999" },
    expected: stoppedByOwner,
  },
  {
    name: "an AWS service for an account of the zone",
    statement: forLogs,
    principal: logs,
    context: { "aws:SourceAccount": "312000000002" },
    expected: goesOn,
  },
  { name: "an AWS service that does not say for whom", statement: forLogs, principal: logs, expected: goesOn },
  {
    name: "a role of the zone, in the OU itself",
    statement: decrypt({ Principal: { AWS: pciRole } }),
    principal: pciRole,
    expected: goesOn,
  },
  {
    name: "a role of the zone, in an OU below",
    statement: everybody,
    principal: "arn:aws:iam::312000000002:role/ledger",
    expected: goesOn,
  },
  {
    name: "an administrator that schedules deletion",
    statement: {
      Principal: { AWS: "arn:aws:iam::310000000001:role/PciKeyAdministrator" },
      Action: "kms:ScheduleKeyDeletion",
    },
    principal: "arn:aws:iam::310000000001:role/PciKeyAdministrator",
    action: "kms:ScheduleKeyDeletion",
    expected: stoppedByUser,
  },
  {
    name: "the break-glass role that schedules deletion",
    statement: everybody,
    principal: "arn:aws:iam::310000000001:role/PciKeyBreakGlass",
    action: "kms:ScheduleKeyDeletion",
    expected: goesOn,
  },
  {
    name: "an administrator that changes the key policy",
    statement: everybody,
    principal: "arn:aws:iam::310000000001:role/PciKeyAdministrator",
    action: "kms:PutKeyPolicy",
    expected: stoppedByUser,
  },
  {
    name: "the deploy role that changes the key policy",
    statement: everybody,
    principal: "arn:aws:iam::310000000001:role/OrgKeysDeploy",
    action: "kms:PutKeyPolicy",
    expected: goesOn,
  },
  {
    name: "the deploy role that replicates into a Region of the zone",
    statement: everybody,
    principal: "arn:aws:iam::310000000001:role/OrgKeysDeploy",
    action: "kms:ReplicateKey",
    context: { "kms:ReplicaRegion": "us-west-2" },
    expected: goesOn,
  },
  {
    name: "the deploy role that replicates into another Region",
    statement: { Principal: { AWS: "arn:aws:iam::310000000001:role/OrgKeysDeploy" }, Action: "kms:ReplicateKey" },
    principal: "arn:aws:iam::310000000001:role/OrgKeysDeploy",
    action: "kms:ReplicateKey",
    context: { "kms:ReplicaRegion": "eu-west-1" },
    expected: stoppedByUser,
  },
];
describe("with a key policy of zone pci that a hand has opened, engine and simulator say the same of", () => {
  test.each(rows)("$name", ({ statement, expected, name: _, ...request }) => {
    const asked = { principal: hipaaRole, action: "kms:Decrypt", key, ...request };
    expect(outcomes(opened(statement), asked)).toEqual(expected);
  });
});

test("an SCP on the organization's root stops everybody below it, and not the management account", () => {
  const onRoot = sample.edit("commercial.guardrails.hipaa", (json) => {
    const attachments: Json[] = Object.values(json.resource.aws_organizations_policy_attachment);
    for (const attachment of attachments) {
      if (attachment.policy_id.includes("service-control")) attachment.target_id = "r-ab12";
    }
  });
  const output = opened(everybody, onRoot);
  const decrypt = { action: "kms:Decrypt", key };
  expect(outcomes(output, { ...decrypt, principal: pciRole })).toEqual(stoppedByUser);
  expect(outcomes(output, { ...decrypt, principal: "arn:aws:iam::100000000001:role/admin" })).toEqual(stoppedByOwner);
});

describe("beyond what the simulator knows", () => {
  test("a grant by hand gives a role of zone hipaa nothing", () => {
    const edited = sample.edit("commercial.regulated.pci.pci-key-management", (json) => {
      const [grant] = Object.values<Json>(json.resource.aws_kms_grant);
      const { constraints: _, retiring_principal: __, ...rest } = grant;
      json.resource.aws_kms_grant.by_hand = {
        ...rest,
        name: "by-hand",
        key_id: "${aws_kms_key.payments_prod_us-east-1.key_id}",
        grantee_principal: hipaaRole,
        operations: ["Decrypt"],
      };
    });
    const output = new GuardedOutput(edited);
    const request = { principal: hipaaRole, action: "kms:Decrypt", key };
    const asked = guards.map((guard) => [guard, output.askEngine(request, guard)]);
    expect(Object.fromEntries(asked)).toEqual(stopped);
    expect(output.askOracle(request, "none")).toBe("denied");
  });

  test("no guardrail reaches a service-linked role, as AWS says", () => {
    const linked =
      "arn:aws:iam::320000000002:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
    const output = opened({ Principal: { AWS: linked }, Action: "kms:Decrypt" });
    const asked = guards.map((guard) => [
      guard,
      output.askEngine({ principal: linked, action: "kms:Decrypt", key }, guard),
    ]);
    expect(Object.fromEntries(asked)).toEqual(goesOn);
  });
});

describe("guardrails take from nobody what a key policy of the sample gives", () => {
  const output = new GuardedOutput(sample);
  const calls = output.index.keys.flatMap((entry) => {
    const { account } = entry.stack.metadata;
    const name = `${account} ${entry.key.address.split(".")[1]}`;
    return (entry.key.policy?.statements ?? [])
      .filter((statement) => statement.effect === "Allow")
      .flatMap((statement) => {
        const context = meeting(statement.conditions);
        const principals = (statement.principal?.names ?? []).filter(({ value }) => !value.endsWith(":root"));
        return principals.flatMap(({ value: principal }) =>
          statement.action.patterns.map((action): GuardedRequest => ({ principal, action, key: name, context })),
        );
      });
  });

  test("but the change of policies, which is for the deploy and break-glass roles alone", () => {
    const lost = new Set<string>();
    let allowed = 0;
    for (const call of calls) {
      // Another statement of the key's policy may deny it.
      if (output.askEngine(call, "none") !== "allowed") continue;
      allowed += 1;
      if (output.askEngine(call, "both") === "allowed") continue;
      lost.add(`${call.action} of ${call.principal.split("/").at(-1)}`);
    }
    expect(allowed).toBeGreaterThan(3000);
    expect(allowed).toBeGreaterThan(0.99 * calls.length);
    expect([...lost].sort()).toEqual([
      "kms:PutKeyPolicy of CorporateKeyAdministrator",
      "kms:PutKeyPolicy of GovKeyAdministrator",
      "kms:PutKeyPolicy of HipaaKeyAdministrator",
      "kms:PutKeyPolicy of PciKeyAdministrator",
    ]);
  });

  test("and the simulator says the same of one action of each statement", () => {
    const sampled = new Map(
      calls.map((call) => [`${call.key} ${call.principal} ${JSON.stringify(call.context)}`, call]),
    );
    expect(sampled.size).toBeGreaterThan(200);
    for (const call of sampled.values()) {
      const found = outcomes(output, call);
      expect([call, found]).toEqual([call, found.none === "allowed" ? goesOn : by("denied", "denied", "denied")]);
    }
  });
});

/** A context in which all of these conditions hold. */
function meeting(conditions: readonly Condition[]): Readonly<Record<string, string | readonly string[]>> {
  return Object.fromEntries(
    conditions.map(({ operator, key: name, values }) => {
      const [value = ""] = values;
      if (operator.startsWith("ForAllValues:")) return [name, values];
      const literal = value.replace(/\/\d+$/, "").replaceAll("*", "any");
      return [name, operator.startsWith("ForAnyValue:") ? [literal] : literal];
    }),
  );
}
