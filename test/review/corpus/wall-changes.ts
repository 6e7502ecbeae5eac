import type { Json } from "../../checks/sample-output";
import { onResource } from "../../checks/small-output";
import { type CorpusChange, inMap, inStack, keyStack } from "./change";

const guardrails = "commercial.guardrails.pci";
const rollouts = "commercial.rollouts.pci";

/** What keeps zones apart, and what reaches into every account. */
export const wallChanges: readonly CorpusChange[] = [
  {
    name: "guardrail-switched-off",
    edit: inMap([
      "zones.yaml",
      "  frameworks: [pci-dss-4.0]\n",
      "  frameworks: [pci-dss-4.0]\n  guardrails: {serviceControl: false}\n",
    ]),
  },
  {
    name: "guardrail-part-switched-off",
    edit: inMap([
      "zones.yaml",
      "  frameworks: [pci-dss-4.0]\n",
      "  frameworks: [pci-dss-4.0]\n  guardrails: {resourceControl: {services: false}}\n",
    ]),
  },
  { name: "guardrail-stack-gone-by-hand", edit: (output) => output.without(guardrails) },
  {
    name: "guardrail-on-fewer-targets-by-hand",
    edit: inStack("commercial.guardrails.corporate", (json) => {
      delete json.resource.aws_organizations_policy_attachment["corporate_resource-control_ou-ab12-20000000"];
    }),
  },
  {
    name: "guardrail-statement-gone-by-hand",
    edit: inStack(guardrails, (json) => {
      const [local] = Object.keys(json.locals).filter((name) => name.includes("service-control"));
      json.locals[local ?? ""].Statement.shift();
    }),
  },
  {
    name: "account-in-another-zone",
    edit: inMap(
      [
        "organizations/commercial.yaml",
        '              patient-portal-test: "322000000002"\n',
        '              patient-lab: "322000000009"\n',
      ],
      [
        "organizations/commercial.yaml",
        '          shop-test: "2',
        '          patient-portal-test: "322000000002"\n          shop-test: "2',
      ],
    ),
  },
  {
    name: "replica-outside-residency-by-hand",
    edit: inStack(keyStack, (json) => {
      json.provider.aws.push({ ...json.provider.aws[1], alias: "ap-south-1", region: "ap-south-1" });
      json.resource.aws_kms_replica_key["payments_prod_us-west-2"].provider = "aws.ap-south-1";
      json.resource.aws_kms_alias["payments-prod_us-west-2"].provider = "aws.ap-south-1";
    }),
  },
  {
    name: "region-added-to-a-zone",
    edit: inMap([
      "zones.yaml",
      "  regions: [us-east-1, us-west-2]\n  frameworks: [pci",
      "  regions: [us-east-1, us-west-2, eu-west-1]\n  frameworks: [pci",
    ]),
  },
  {
    name: "deploy-role-changed",
    edit: inMap(["organizations/commercial.yaml", "deploy: OrgKeysDeploy", "deploy: KeyDeploy"]),
  },
  {
    name: "pipeline-changed",
    edit: inMap(["zones.yaml", "pci-key-management:role/PciKeyPipeline", "payments-test:role/CardPipeline"]),
  },
  {
    name: "deploy-into-another-account-by-hand",
    edit: inStack(keyStack, (json) => {
      for (const provider of json.provider.aws)
        provider.assume_role[0].role_arn = "arn:aws:iam::210000000001:role/OrgKeysDeploy";
    }),
  },
  {
    name: "session-tags-changed",
    edit: inMap(["zones.yaml", "sessionTags: {Project: orgkeys-pci}", "sessionTags: {Project: cards}"]),
  },
  {
    name: "state-moved",
    edit: inMap([
      "zones.yaml",
      "  floor: {rotationDays: 365, deletionWindowDays: 30, key: customer-managed}\n  tags: {Compliance: PCI",
      "  state: {s3: {bucket: example-orgkeys-pci, region: us-east-1}}\n  floor: {rotationDays: 365, deletionWindowDays: 30, key: customer-managed}\n  tags: {Compliance: PCI",
    ]),
  },
  {
    name: "rollout-reaches-more",
    edit: inMap([
      "rollouts.yaml",
      "key-events: {ous: [Security, Infrastructure, Workloads]",
      "key-events: {ous: [Security, Infrastructure, Workloads, Sandbox]",
    ]),
  },
  {
    name: "rollout-reaches-fewer",
    edit: inMap([
      "rollouts.yaml",
      "{name: production, ous: [Workloads/Prod, Infrastructure, Security]}\n      regions",
      "{name: production, ous: [Workloads/Prod, Security]}\n      regions",
    ]),
  },
  {
    name: "rollout-removed",
    edit: inMap(["rollouts.yaml", "    access-roles: {}\n    baseline-keys: {}\n", "    access-roles: {}\n"]),
  },
  {
    name: "rollout-template-widened-by-hand",
    edit: inStack(rollouts, (json) => {
      const stackSet = json.resource.aws_cloudformation_stack_set["pci_access-roles"];
      const widened = (text: string): string => text.replace(/kms:DescribeKey/, "kms:*");
      const [local] = /local\.([\w-]+)/.exec(stackSet.template_body)?.slice(1) ?? [];
      if (local === undefined) stackSet.template_body = widened(stackSet.template_body);
      else json.locals[local] = JSON.parse(widened(JSON.stringify(json.locals[local])));
    }),
  },
  {
    name: "rollout-without-limits-by-hand",
    edit: onResource(rollouts, "aws_cloudformation_stack_instances", "pci_access-roles", (instances: Json) => {
      const preferences = instances.operation_preferences;
      preferences.failure_tolerance_percentage = 100;
      preferences.max_concurrent_percentage = 100;
      delete preferences.failure_tolerance_count;
      delete preferences.max_concurrent_count;
    }),
  },
  {
    name: "guardrail-lower-in-the-tree-by-hand",
    edit: onResource(
      guardrails,
      "aws_organizations_policy_attachment",
      "pci_service-control_ou-ab12-31000000",
      (attachment: Json) => {
        attachment.target_id = "ou-ab12-31200000";
      },
    ),
  },
];
