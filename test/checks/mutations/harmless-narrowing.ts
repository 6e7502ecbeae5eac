import type { Json } from "../sample-output";
import {
  addedToBoth,
  allow,
  type Harmless,
  harmlessChange,
  hipaa,
  onKey,
  onPci,
  onReplica,
  onStack,
  pci,
  resourceOf,
  statementOf,
  withStatement,
} from "./mutation";

function deny(more: Json): Json {
  return { ...allow("*", more), Sid: "ExtraDeny", Effect: "Deny" };
}

const consumer = `arn:aws:iam::${pci.consumerAccount}:role/payments-api`;

/** Less than before, or as much for the same zone. */
export const narrowing: readonly Harmless[] = [
  harmlessChange(
    "a Deny for everybody outside the zone",
    addedToBoth(
      deny({
        Action: "kms:*",
        Condition: {
          StringNotEqualsIfExists: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
          BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
        },
      }),
    ),
  ),
  harmlessChange("a Deny for a foreign role", addedToBoth(deny({ Principal: { AWS: hipaa.role }, Action: "kms:*" }))),
  harmlessChange(
    "a Deny without encryption in transit",
    addedToBoth(
      deny({ Action: ["kms:Decrypt", "kms:Encrypt"], Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ),
  ),
  harmlessChange(
    "a Deny of signing with NotPrincipal",
    addedToBoth({
      Sid: "NobodySigns",
      Effect: "Deny",
      NotPrincipal: { AWS: [`arn:aws:iam::${pci.account}:root`, consumer] },
      Action: "kms:Sign",
      Resource: "*",
    }),
  ),
  harmlessChange(
    "one more condition on a use",
    onPci((json) => {
      statementOf(json, pci.key, "UsePaymentsProdPaymentsApi").Condition.Bool = { "aws:SecureTransport": "true" };
      statementOf(json, pci.replica, "UsePaymentsProdPaymentsApi").Condition.Bool = { "aws:SecureTransport": "true" };
    }),
  ),
  harmlessChange(
    "the caller's account on a use",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) {
        statementOf(json, key, "UsePaymentsProdPaymentsApi").Condition.StringEquals["kms:CallerAccount"] =
          pci.consumerAccount;
      }
    }),
  ),
  harmlessChange(
    "one action less for a user",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) {
        const use = statementOf(json, key, "UsePaymentsProdPaymentsApi");
        use.Action = use.Action.filter((action: string) => action !== "kms:Encrypt");
      }
    }),
  ),
  harmlessChange(
    "one action less for the account's IAM",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) {
        const root = statementOf(json, key, "AccountRootAdministration");
        root.Action = root.Action.filter((action: string) => action !== "kms:RetireGrant");
      }
    }),
  ),
  harmlessChange("one more role of the zone, with its consumer policy", (sample) =>
    sample
      .edit(pci.stack, (json) => {
        for (const key of [pci.key, pci.replica]) {
          const use = structuredClone(statementOf(json, key, "UsePaymentsProdPaymentsApi"));
          use.Sid = "UsePaymentsProdPaymentsReport";
          use.Principal.AWS = [`arn:aws:iam::${pci.consumerAccount}:role/payments-report`];
          withStatement(json, key, use);
        }
      })
      .edit(pci.consumerStack, (json) => {
        const policy = structuredClone(resourceOf(json, "aws_iam_policy", "role_payments-api"));
        const attachment = structuredClone(resourceOf(json, "aws_iam_role_policy_attachment", "role_payments-api"));
        json.locals["consumer_role_payments-report-policy"] = structuredClone(
          json.locals["consumer_role_payments-api-policy"],
        );
        json.resource.aws_iam_policy["role_payments-report"] = {
          ...policy,
          name: `${policy.name}-report`,
          policy: "${jsonencode(local.consumer_role_payments-report-policy)}",
        };
        json.resource.aws_iam_role_policy_attachment["role_payments-report"] = {
          ...attachment,
          policy_arn: "${aws_iam_policy.role_payments-report.arn}",
          role: "payments-report",
        };
        json["//"].orgkeys.consumerPolicies["role_payments-report"] =
          json["//"].orgkeys.consumerPolicies["role_payments-api"];
      }),
  ),
  harmlessChange(
    "one more user of the key's own account, whom the account's IAM cannot make its manager",
    onStack(hipaa.stack, (json) => {
      for (const key of [hipaa.key, "patient-portal_prod_us-west-2"]) {
        const report = `arn:aws:iam::${hipaa.account}:role/portal-report`;
        statementOf(json, key, "UsersNeverManage").Condition.ArnEquals["aws:PrincipalArn"].push(report);
        withStatement(json, key, allow({ AWS: report }, { Action: ["kms:Decrypt", "kms:DescribeKey"] }));
      }
    }),
  ),
  harmlessChange(
    "one more guardrail on the zone, that denies more",
    onStack("commercial.guardrails.pci", (json) => {
      json.locals["pci_service-control-policy"].Statement.push({
        Sid: "NoImports",
        Effect: "Deny",
        Action: "kms:ImportKeyMaterial",
        Resource: "*",
      });
    }),
  ),
  harmlessChange(
    "a service for a source in the zone",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) {
        withStatement(
          json,
          key,
          allow(
            { Service: "sns.amazonaws.com" },
            {
              Action: ["kms:Decrypt", "kms:GenerateDataKey"],
              Condition: { StringEquals: { "aws:SourceAccount": pci.consumerAccount } },
            },
          ),
        );
      }
    }),
  ),
  harmlessChange(
    "more often rotated",
    onKey((key) => {
      key.rotation_period_in_days = 90;
    }),
  ),
  harmlessChange(
    "a grant with less operations",
    onPci((json) => {
      for (const key of [pci.key, pci.replica])
        resourceOf(json, "aws_kms_grant", `${key}_payments-batch`).operations = ["Decrypt"];
    }),
  ),
  harmlessChange(
    "a grant without a retiring principal",
    onPci((json) => {
      resourceOf(json, "aws_kms_grant", `${pci.key}_payments-batch`).retiring_principal = undefined;
    }),
  ),
  harmlessChange(
    "a grant that ends earlier",
    onPci((json) => {
      json["//"].orgkeys.keys[pci.key].grants[`${pci.key}_payments-batch`].expires = "2026-12-31";
    }),
  ),
  harmlessChange(
    "no grants",
    onPci((json) => {
      json.resource.aws_kms_grant = undefined;
    }),
  ),
  harmlessChange(
    "protected from destruction and made before it is destroyed",
    onReplica((replica) => {
      replica.lifecycle.create_before_destroy = false;
    }),
  ),
  harmlessChange(
    "the Deny of destruction with one more action",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) {
        statementOf(json, key, "OnlyBreakGlassDestroys").Action.push("kms:UpdatePrimaryRegion");
      }
    }),
  ),
  harmlessChange(
    "the Deny of destruction for everybody",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) statementOf(json, key, "OnlyBreakGlassDestroys").Principal = "*";
    }),
  ),
  harmlessChange(
    "the Deny of destruction by patterns without wildcards",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) {
        const statement = statementOf(json, key, "OnlyBreakGlassDestroys");
        statement.Condition = { ArnNotLike: statement.Condition.ArnNotEquals };
      }
    }),
  ),
  harmlessChange(
    "the Deny of destruction by texts",
    onPci((json) => {
      for (const key of [pci.key, pci.replica]) {
        const statement = statementOf(json, key, "OnlyBreakGlassDestroys");
        statement.Condition = { StringNotEquals: statement.Condition.ArnNotEquals };
      }
    }),
  ),
  harmlessChange(
    "a consumer policy with one statement less",
    onStack(pci.consumerStack, (json) => {
      json.locals["consumer_role_payments-api-policy"].Statement.pop();
    }),
  ),
  harmlessChange(
    "a consumer policy with one more condition",
    onStack(pci.consumerStack, (json) => {
      for (const statement of json.locals["consumer_role_payments-api-policy"].Statement) {
        statement.Condition.Bool = { "aws:SecureTransport": "true" };
      }
    }),
  ),
  harmlessChange(
    "a consumer policy with a Deny of everything elsewhere",
    onStack(pci.consumerStack, (json) => {
      json.locals["consumer_role_payments-api-policy"].Statement.push({
        Sid: "NothingElse",
        Effect: "Deny",
        Action: "kms:*",
        NotResource: `arn:aws:kms:*:${pci.account}:key/*`,
      });
    }),
  ),
  harmlessChange("one stack alone", (sample) => sample.without("commercial.workloads.dev.customer-data-dev")),
];
