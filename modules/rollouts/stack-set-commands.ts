import { inNameOrder } from "../aws/name-order";
import { organizationsRegion } from "../aws/organizations";
import type { PartitionName } from "../aws/partition";
import { shellWord } from "../findings/shell-word";
import type { Organization } from "../organization/organization-map";
import type { PlannedStackSet, RolloutPlan, StackSetTargets } from "./rollout-plan";

/**
 * What people run at a terminal, because Terraform cannot, or is not there yet.
 *
 * Source: https://docs.aws.amazon.com/cli/latest/reference/cloudformation/
 */

/** A StackSet as the command line names it. */
export interface StackSetAtTerminal {
  readonly name: string;
  readonly callAs: RolloutPlan["callAs"];
  readonly region: string;
}

/** It is kept in the organization's home Region. */
export function stackSetAtTerminal(
  { name }: PlannedStackSet,
  callAs: RolloutPlan["callAs"],
  { homeRegion }: Organization,
): StackSetAtTerminal {
  return { name, callAs, region: homeRegion };
}

/**
 * Terraform has no resource for it, and `organizations enable-aws-service-access` does less.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
 */
export function activateOrganizationsAccess(region: string): string {
  return `aws cloudformation activate-organizations-access --region ${region}`;
}

export function deactivateOrganizationsAccess(region: string): string {
  return `aws cloudformation deactivate-organizations-access --region ${region}`;
}

/** Says ENABLED. */
export function describeOrganizationsAccess(region: string): string {
  return `aws cloudformation describe-organizations-access --region ${region} --query Status --output text`;
}

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-cloudformation.html */
const STACK_SETS_SERVICE = "member.org.stacksets.cloudformation.amazonaws.com";

export function registerDelegatedAdministrator(accountId: string, partition: PartitionName): string {
  return `aws organizations register-delegated-administrator --service-principal ${STACK_SETS_SERVICE} --account-id ${accountId} ${inOrganizations(partition)}`;
}

export function deregisterDelegatedAdministrator(accountId: string, partition: PartitionName): string {
  return `aws organizations deregister-delegated-administrator --service-principal ${STACK_SETS_SERVICE} --account-id ${accountId} ${inOrganizations(partition)}`;
}

export function listDelegatedAdministrators(partition: PartitionName): string {
  return `aws organizations list-delegated-administrators --service-principal ${STACK_SETS_SERVICE} ${inOrganizations(partition)} --query 'DelegatedAdministrators[].Id' --output text`;
}

/** The same again changes nothing. */
export function deployStack(stack: {
  readonly name: string;
  readonly templateFile: string;
  readonly region: string;
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}): string {
  const tags = inNameOrder(stack.tags).map(([name, value]) => shellWord(`${name}=${value}`));
  return [
    `aws cloudformation deploy --stack-name ${stack.name} --region ${stack.region} --no-fail-on-empty-changeset`,
    `--template-file ${shellWord(stack.templateFile)}`,
    ...(stack.capabilities.length === 0 ? [] : [`--capabilities ${stack.capabilities.join(" ")}`]),
    ...(tags.length === 0 ? [] : [`--tags ${tags.join(" ")}`]),
  ].join(" ");
}

export function deleteStack(name: string, region: string): string {
  return `aws cloudformation delete-stack --stack-name ${name} --region ${region}`;
}

export function listStackInstances(set: StackSetAtTerminal, accountId: string): string {
  return `aws cloudformation list-stack-instances ${setWords(set)} --stack-instance-account ${accountId} --query 'Summaries[].[Region,Status,StackInstanceStatus.DetailedStatus,StatusReason]' --output text`;
}

/** For one account of the targets, whatever filter the StackSet has. */
export function createStackInstances(
  set: StackSetAtTerminal,
  ous: readonly string[],
  regions: readonly string[],
): string {
  const targets = targetWords({ ous, filter: "INTERSECTION", accounts: ["ACCOUNT_ID"] });
  return `aws cloudformation create-stack-instances ${setWords(set)} ${targets} --regions ${regions.join(" ")}`;
}

export function deleteStackInstances(
  set: StackSetAtTerminal,
  targets: StackSetTargets,
  regions: readonly string[],
  retain: boolean,
): string {
  const kept = retain ? "--retain-stacks" : "--no-retain-stacks";
  return `aws cloudformation delete-stack-instances ${setWords(set)} ${targetWords(targets)} --regions ${regions.join(" ")} ${kept}`;
}

/** Only when the instances are gone: the command before does not wait for that. */
export function deleteStackSet(set: StackSetAtTerminal): string {
  return `aws cloudformation delete-stack-set ${setWords(set)}`;
}

/** They stay as they are in AWS. */
export function forgetResources(folder: string, addresses: readonly string[]): string {
  return `terraform ${shellWord(`-chdir=${folder}`)} state rm ${addresses.map(shellWord).join(" ")}`;
}

export function listStateBucket(bucket: string, region: string): string {
  return `aws s3api get-bucket-versioning --bucket ${bucket} --region ${region} --query Status --output text`;
}

function inOrganizations(partition: PartitionName): string {
  return `--region ${organizationsRegion(partition)}`;
}

function setWords({ name, callAs, region }: StackSetAtTerminal): string {
  return `--stack-set-name ${name} --region ${region}${callAs === "SELF" ? "" : ` --call-as ${callAs}`}`;
}

function targetWords({ ous, filter, accounts }: StackSetTargets): string {
  const words = [
    `OrganizationalUnitIds=${ous.join(",")}`,
    ...(accounts.length === 0 ? [] : [`Accounts=${accounts.join(",")}`]),
    ...(filter === "NONE" ? [] : [`AccountFilterType=${filter}`]),
  ];
  return `--deployment-targets ${words.join(",")}`;
}
