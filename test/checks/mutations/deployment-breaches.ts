import { type Breach, hipaa, inPciStack, inProvider, pci } from "./mutation";

const foreignDeploy = `arn:aws:iam::${hipaa.account}:role/OrgKeysDeploy`;

/** Whose account it is, and who deploys it. */
export const deploymentBreaches: readonly Breach[] = [
  inProvider("a foreign deploy role", "zone-deploy-role", (aws) => {
    aws.assume_role[0].role_arn = foreignDeploy;
  }),
  inProvider("another role of the own account", "zone-deploy-role", (aws) => {
    aws.assume_role[0].role_arn = `arn:aws:iam::${pci.account}:role/Admin`;
  }),
  inProvider("a deploy role with a path", "zone-deploy-role", (aws) => {
    aws.assume_role[0].role_arn = `arn:aws:iam::${pci.account}:role/teams/OrgKeysDeploy`;
  }),
  inProvider("a deploy role in other letters", "zone-deploy-role", (aws) => {
    aws.assume_role[0].role_arn = `arn:aws:iam::${pci.account}:role/orgkeysdeploy`;
  }),
  inProvider("a user for the deploy role", "zone-deploy-role", (aws) => {
    aws.assume_role[0].role_arn = `arn:aws:iam::${pci.account}:user/OrgKeysDeploy`;
  }),
  inProvider("a deploy role that an expression names", "readable", (aws) => {
    aws.assume_role[0].role_arn = "${local.role}";
  }),
  inProvider("no deploy role", "zone-deploy-role", (aws) => {
    aws.assume_role = undefined;
  }),
  inProvider("two deploy roles, one after another", "readable", (aws) => {
    aws.assume_role.push({ role_arn: foreignDeploy });
  }),
  inProvider("no allowed account", "readable", (aws) => {
    aws.allowed_account_ids = undefined;
  }),
  inProvider("two allowed accounts", "readable", (aws) => {
    aws.allowed_account_ids.push(hipaa.account);
  }),
  inProvider("another allowed account", "readable", (aws) => {
    aws.allowed_account_ids = [hipaa.account];
  }),
  inProvider("credentials of its own", "readable", (aws) => {
    aws.profile = "hipaa";
  }),
  inProvider("an endpoint of somebody else", "readable", (aws) => {
    aws.endpoints = [{ kms: "https://kms.example.com" }];
  }),
  inPciStack("one more provider, for another account", "zone-deploy-role", (json) => {
    json.provider.aws.push({
      ...structuredClone(json.provider.aws[0]),
      alias: "other",
      allowed_account_ids: [hipaa.account],
      assume_role: [{ role_arn: foreignDeploy }],
    });
  }),
  inPciStack("one more provider, that assumes another role of the account", "zone-deploy-role", (json) => {
    json.provider.aws.push({
      ...structuredClone(json.provider.aws[0]),
      alias: "other",
      assume_role: [{ role_arn: `arn:aws:iam::${pci.account}:role/Admin` }],
    });
  }),
  inPciStack("one more provider of another make", "readable", (json) => {
    json.provider.null = [{}];
  }),
  inPciStack("the AWS provider from another publisher", "readable", (json) => {
    json.terraform.required_providers.aws.source = "example/aws";
  }),
  inPciStack("one more provider that is only required", "readable", (json) => {
    json.terraform.required_providers.shell = { source: "example/shell" };
  }),
  inPciStack(
    "a stack that moves to another account as a whole",
    "zone-state",
    (json) => {
      json["//"].orgkeys.accountId = hipaa.account;
      for (const aws of json.provider.aws) {
        aws.allowed_account_ids = [hipaa.account];
        aws.assume_role[0].role_arn = foreignDeploy;
      }
    },
    "patient-portal-prod",
  ),
].map((breach) => ({ ...breach, within: [...breach.within, "patient-portal-prod"] }));
