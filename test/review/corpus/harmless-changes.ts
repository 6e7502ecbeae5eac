import { onPolicy } from "../../checks/small-output";
import { type CorpusChange, inEveryStack, inMap, inStack, keyStack, moreInMap, payments } from "./change";

/** What happens every week, and nobody should be stopped by. */
export const harmlessChanges: readonly CorpusChange[] = [
  { name: "tag-changed", edit: inMap(["workloads/payments.yaml", 'CostCenter: "3200"', 'CostCenter: "3210"']) },
  {
    name: "tag-of-the-organization-added",
    edit: inMap(["organizations/commercial.yaml", "tags: {Company", "tags: {Cloud: aws, Company"]),
  },
  {
    name: "description-changed",
    edit: inMap(["workloads/payments.yaml", "Authorizes, captures and settles", "Authorizes and settles"]),
  },
  { name: "owner-renamed", edit: inMap(["workloads/payments.yaml", "owner: payments-platform", "owner: cards"]) },
  {
    name: "lists-reordered",
    edit: inMap(
      ["workloads/payments.yaml", "perService: [s3, ebs]", "perService: [ebs, s3]"],
      ["workloads/pci-compliance.yaml", "via: [backup, ebs, rds]", "via: [rds, ebs, backup]"],
      ["zones.yaml", "frameworks: [cis, security-hub]", "frameworks: [security-hub, cis]"],
    ),
  },
  {
    name: "json-reformatted",
    edit: (output) =>
      [...output.texts].reduce(
        (edited, [stack, text]) => edited.withText(stack, JSON.stringify(JSON.parse(text))),
        output,
      ),
  },
  { name: "statements-reordered-by-hand", edit: onPolicy(payments, ({ Statement }) => Statement.reverse()) },
  {
    name: "statement-split-by-hand",
    edit: onPolicy(payments, ({ Statement }) => {
      const use = Statement.find(({ Sid }: { Sid: string }) => Sid === "UsePaymentsProdPaymentsApi");
      const Action = use.Action.splice(0, 2);
      Statement.push({ ...use, Sid: "UseRest", Action });
    }),
  },
  {
    name: "metadata-edited-by-hand",
    edit: inStack(keyStack, (json) => {
      json["//"].metadata.version = "9.9.9";
      for (const key of Object.values<{ "//": object }>(json.resource.aws_kms_key)) key["//"] = {};
    }),
  },
  {
    name: "request-rate-changed",
    edit: inMap(["workloads/commerce.yaml", "perMonth: 12000000", "perMonth: 15000000"]),
  },
  {
    name: "organizational-unit-renamed",
    edit: inMap(
      ["organizations/commercial.yaml", "HIPAA:", "Health:"],
      ["zones.yaml", "ous: [Regulated/HIPAA]", "ous: [Regulated/Health]"],
    ),
  },
  {
    name: "account-renamed",
    edit: inMap(
      ["organizations/commercial.yaml", "hipaa-log-archive:", "health-log-archive:"],
      ["zones.yaml", "hipaa-log-archive:role/HipaaKeyPipeline", "health-log-archive:role/HipaaKeyPipeline"],
      ["zones.yaml", "hipaa-log-archive:role/HipaaDriftReader", "health-log-archive:role/HipaaDriftReader"],
      ["workloads/health-compliance.yaml", "account: hipaa-log-archive", "account: health-log-archive"],
    ),
  },
  {
    name: "account-moved-inside-its-zone",
    edit: inMap(
      ["organizations/commercial.yaml", '      shared-services: "110000000001"\n', '      network: "110000000009"\n'],
      [
        "organizations/commercial.yaml",
        '      log-archive: "1',
        '      shared-services: "110000000001"\n      log-archive: "1',
      ],
    ),
  },
  {
    name: "account-added",
    edit: inMap([
      "organizations/commercial.yaml",
      '          shop-dev: "2',
      '          shop-lab: "230000000009"\n          shop-dev: "2',
    ]),
  },
  { name: "rotation-more-often", edit: inMap(["data-classes.yaml", "rotationDays: 180", "rotationDays: 90"]) },
  {
    name: "replica-added",
    edit: inMap([
      "workloads/customer-data.yaml",
      '  perService: [s3]\n  tags: {CostCenter: "2300"}\n  environments:\n    prod:\n      account: customer-data-prod',
      '  perService: [s3]\n  tags: {CostCenter: "2300"}\n  environments:\n    prod:\n      account: customer-data-prod\n      replicas: [us-west-2]',
    ]),
  },
  {
    name: "workload-added",
    edit: moreInMap(
      "workloads/fraud.yaml",
      `chargebacks:
  owner: fraud
  description: Disputes of card payments
  dataClass: regulated
  environments:
    prod:
      account: payments-prod
      use:
        - {principal: role/chargebacks, operations: [encrypt, decrypt], via: [s3]}`,
    ),
  },
  {
    name: "workload-renamed-with-formerly",
    edit: inMap(["workloads/fraud.yaml", "fraud-scoring:\n", "scoring:\n  formerly: fraud-scoring\n"]),
  },
  {
    name: "alias-added",
    edit: inMap([
      "workloads/fraud.yaml",
      "  dataClass: restricted\n",
      "  dataClass: restricted\n  aliases: [scores]\n",
    ]),
  },
  {
    name: "versions-of-terraform",
    edit: inEveryStack((json) => {
      json.terraform.required_version = ">= 1.11.0";
    }),
  },
];
