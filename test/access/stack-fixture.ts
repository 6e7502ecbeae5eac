import type { Json } from "./oracle/policy-cases";

export const ownerAccount = "310000000001";
export const userAccount = "310000000002";

export const rootStatement: Json = {
  Sid: "AccountRoot",
  Effect: "Allow",
  Principal: { AWS: [`arn:aws:iam::${ownerAccount}:root`] },
  Action: ["kms:*"],
  Resource: ["*"],
};
export const useStatement: Json = {
  Sid: "UsePayments",
  Effect: "Allow",
  Principal: { AWS: [`arn:aws:iam::${userAccount}:role/payments/payments-api`] },
  Action: ["kms:Decrypt", "kms:DescribeKey"],
  Resource: ["*"],
  Condition: { StringEquals: { "kms:EncryptionContext:app": ["pay$${$}ments"] } },
};
export const noDestruction: Json = {
  Sid: "OnlyBreakGlassDestroys",
  Effect: "Deny",
  Principal: { AWS: [`arn:aws:iam::${ownerAccount}:root`] },
  Action: ["kms:DisableKey", "kms:ScheduleKeyDeletion"],
  Resource: ["*"],
  Condition: { ArnNotEquals: { "aws:PrincipalArn": [`arn:aws:iam::${ownerAccount}:role/BreakGlass`] } },
};

type Fields = Record<string, unknown>;

/** A stack's JSON, to be changed by tests as a hand would. */
export interface StackJson {
  [part: string]: unknown;
  "//": { metadata: Fields; orgkeys: Fields };
  locals: Record<string, { Version: string; Statement: unknown }>;
  provider: { aws: Fields[] };
  resource: Record<string, Record<string, Fields>>;
  terraform: { backend: Record<string, Fields> };
}

function base(
  accountId: string,
  account: string,
  regions: readonly string[],
): Pick<StackJson, "//" | "provider" | "terraform"> {
  return {
    "//": {
      metadata: { stackName: `acme.pci.${account}` },
      orgkeys: { schema: "orgkeys/stack/v1", account, accountId, organization: "acme", ou: "PCI", zone: "pci" },
    },
    provider: {
      aws: regions.map((region) => ({
        alias: region,
        region,
        allowed_account_ids: [accountId],
        assume_role: [{ role_arn: `arn:aws:iam::${accountId}:role/Deploy`, session_name: "orgkeys" }],
      })),
    },
    terraform: { backend: { local: { path: `../../../state/${accountId}.tfstate` } } },
  };
}

/** A multi-Region key with a replica, an alias in both Regions, and a grant on each. */
export function ownerStack(): StackJson {
  const policy = (...statements: Json[]) => ({ Version: "2012-10-17", Statement: statements });
  const grant = (key: string, region: string): Fields => ({
    provider: `aws.${region}`,
    name: "orgkeys-batch",
    key_id: `\${${key}.key_id}`,
    grantee_principal: `arn:aws:iam::${userAccount}:role/payments-batch`,
    retiring_principal: `arn:aws:iam::${userAccount}:role/payments-operations`,
    operations: ["Decrypt", "GenerateDataKey"],
    constraints: [{ encryption_context_equals: { app: "payments" } }],
  });
  return {
    ...base(ownerAccount, "keys", ["us-east-1", "us-west-2"]),
    locals: {
      "payments_us-east-1-policy": policy(rootStatement, useStatement, noDestruction),
      "payments_us-west-2-policy": policy(rootStatement, useStatement, noDestruction),
    },
    resource: {
      aws_kms_key: {
        "payments_us-east-1": {
          provider: "aws.us-east-1",
          description: "100 $${literally}",
          policy: "${jsonencode(local.payments_us-east-1-policy)}",
          multi_region: true,
          enable_key_rotation: true,
          rotation_period_in_days: 365,
          deletion_window_in_days: 30,
          is_enabled: true,
          tags: { "orgkeys:zone": "pci" },
        },
      },
      aws_kms_replica_key: {
        "payments_us-west-2": {
          provider: "aws.us-west-2",
          policy: "${jsonencode(local.payments_us-west-2-policy)}",
          primary_key_arn: "${aws_kms_key.payments_us-east-1.arn}",
          enabled: true,
        },
      },
      aws_kms_alias: {
        "payments_us-east-1": {
          provider: "aws.us-east-1",
          name: "alias/payments",
          target_key_id: "${aws_kms_key.payments_us-east-1.key_id}",
        },
        "payments_us-west-2": {
          provider: "aws.us-west-2",
          name: "alias/payments",
          target_key_id: "${aws_kms_replica_key.payments_us-west-2.key_id}",
        },
      },
      aws_kms_grant: {
        east: grant("aws_kms_key.payments_us-east-1", "us-east-1"),
        west: grant("aws_kms_replica_key.payments_us-west-2", "us-west-2"),
      },
    },
  };
}

/** Consumer policies for the key of `ownerStack`, one attached and one only offered. */
export function userStack(): StackJson {
  const statement = (region: string, alias: string): Json => ({
    Sid: `Use${region.replaceAll("-", "")}`,
    Effect: "Allow",
    Action: ["kms:Decrypt", "kms:DescribeKey"],
    Resource: [`arn:aws:kms:${region}:${ownerAccount}:key/*`],
    Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": [alias] } },
  });
  return {
    ...base(userAccount, "payments", ["us-east-1"]),
    locals: {
      "consumer_payments-api-policy": {
        Version: "2012-10-17",
        Statement: [statement("us-east-1", "alias/payments"), statement("us-east-1", "alias/other")],
      },
      "consumer_offered-policy": { Version: "2012-10-17", Statement: [statement("us-west-2", "alias/payments")] },
    },
    resource: {
      aws_iam_policy: {
        "payments-api": {
          provider: "aws.us-east-1",
          name: "orgkeys-payments-api",
          policy: "${jsonencode(local.consumer_payments-api-policy)}",
        },
        offered: {
          provider: "aws.us-east-1",
          name: "orgkeys-offered",
          policy: "${jsonencode(local.consumer_offered-policy)}",
        },
      },
      aws_iam_role_policy_attachment: {
        "payments-api": {
          provider: "aws.us-east-1",
          role: "payments-api",
          policy_arn: "${aws_iam_policy.payments-api.arn}",
        },
      },
    },
  };
}

/** An RCP and an SCP on the zone's OU, in the management account. */
export function guardrailStack(): StackJson {
  return {
    ...base("310000000009", "management", ["us-east-1"]),
    locals: {
      "rcp-policy": {
        Version: "2012-10-17",
        Statement: {
          Sid: "OnlyTheZone",
          Effect: "Deny",
          Principal: "*",
          Action: "kms:*",
          Resource: "*",
          Condition: {
            "ForAllValues:StringNotLike": { "aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"] },
            BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
          },
        },
      },
      "scp-policy": {
        Version: "2012-10-17",
        Statement: { Sid: "NoDestruction", Effect: "Deny", Action: "kms:ScheduleKeyDeletion", Resource: "*" },
      },
    },
    resource: {
      aws_organizations_policy: {
        rcp: {
          provider: "aws.us-east-1",
          name: "orgkeys-pci",
          type: "RESOURCE_CONTROL_POLICY",
          content: "${jsonencode(local.rcp-policy)}",
        },
        scp: {
          provider: "aws.us-east-1",
          name: "orgkeys-pci",
          type: "SERVICE_CONTROL_POLICY",
          content: "${jsonencode(local.scp-policy)}",
        },
      },
      aws_organizations_policy_attachment: {
        rcp: {
          provider: "aws.us-east-1",
          policy_id: "${aws_organizations_policy.rcp.id}",
          target_id: "ou-ab12-11111111",
        },
        scp: {
          provider: "aws.us-east-1",
          policy_id: "${aws_organizations_policy.scp.id}",
          target_id: "ou-ab12-11111111",
        },
      },
    },
  };
}

export function textOf(stack: StackJson): string {
  return JSON.stringify(stack, null, 2);
}
