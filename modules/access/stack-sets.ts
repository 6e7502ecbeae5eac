import type { Fields, StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackStackSet } from "./synthesized-stack";

interface Targets {
  readonly ous: string[];
  readonly accountIds: string[];
  readonly regions: string[];
}

const stackSetArguments = new Set([
  "administration_role_arn",
  "auto_deployment",
  "call_as",
  "capabilities",
  "description",
  "execution_role_name",
  "lifecycle",
  "managed_execution",
  "name",
  "operation_preferences",
  "parameters",
  "permission_model",
  "provider",
  "tags",
  "template_body",
  "template_url",
  "timeouts",
]);
const instancesArguments = new Set([
  "accounts",
  "call_as",
  "deployment_targets",
  "lifecycle",
  "operation_preferences",
  "parameter_overrides",
  "provider",
  "regions",
  "retain_stacks",
  "stack_set_name",
  "timeouts",
]);
const targetArguments = new Set(["organizational_unit_ids", "accounts", "account_filter_type", "accounts_url"]);
const filters: ReadonlySet<unknown> = new Set(["NONE", "INTERSECTION", "DIFFERENCE", "UNION"]);

/** CloudFormation StackSets with the OUs, accounts and Regions that their instances go to. */
export function readStackSets(reading: StackReading, resources: StackResources): StackStackSet[] {
  const targets = new Map<string, Targets>();
  for (const [, fields, path] of resources.of("aws_cloudformation_stack_instances")) {
    const stackSet = readStackSetName(reading, resources, fields, path);
    if (stackSet === undefined) continue;
    const known = targets.get(stackSet) ?? { ous: [], accountIds: [], regions: [] };
    targets.set(stackSet, known);
    readInstances(reading, fields, path, known);
  }
  return resources.of("aws_cloudformation_stack_set").map(([id, fields, path]) => {
    reading.onlyKnown(fields, stackSetArguments, path);
    for (const template of ["template_body", "template_url"]) {
      // It can hold keys with policies of their own.
      if (fields[template] !== undefined) reading.note(`${path}/${template}`, "templates are not understood here");
    }
    return {
      document: reading.document,
      path,
      address: `aws_cloudformation_stack_set.${id}`,
      name: reading.text(fields, "name", path) ?? id,
      ...(targets.get(id) ?? { ous: [], accountIds: [], regions: [] }),
    };
  });
}

function readStackSetName(
  reading: StackReading,
  resources: StackResources,
  fields: Fields,
  path: string,
): string | undefined {
  const type = "aws_cloudformation_stack_set";
  const stackSet = reading.reference(fields, "stack_set_name", path, [type], ["name", "id"]);
  if (stackSet === undefined) return undefined;
  if (!resources.has(type, stackSet.name))
    reading.note(`${path}/stack_set_name`, `there is no ${type}.${stackSet.name}`);
  return stackSet.name;
}

function readInstances(reading: StackReading, fields: Fields, path: string, known: Targets): void {
  reading.onlyKnown(fields, instancesArguments, path);
  // Whatever is left out, CloudFormation or the provider takes from wherever Terraform runs.
  known.regions.push(...reading.texts(fields, "regions", path));
  if (fields.accounts !== undefined) known.accountIds.push(...reading.texts(fields, "accounts", path));
  const block = reading.block(fields.deployment_targets, `${path}/deployment_targets`);
  if (block !== undefined) readDeploymentTargets(reading, ...block, known);
  else if (fields.accounts === undefined) reading.note(path, "names neither accounts nor deployment_targets");
}

/**
 * OUs are targets under every filter, since nobody knows here what automatic deployment makes of it. Accounts come to them
 * unless the filter only picks from the OUs or leaves out: "UNION … is the default value if AccountFilterType is not
 * provided".
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html
 */
function readDeploymentTargets(reading: StackReading, fields: Fields, path: string, known: Targets): void {
  reading.onlyKnown(fields, targetArguments, path);
  const { organizational_unit_ids: ous, accounts, account_filter_type: filter, accounts_url: url } = fields;
  if (url !== undefined) reading.note(`${path}/accounts_url`, "nobody knows here which accounts it names");
  if (ous === undefined && accounts === undefined) reading.note(path, "names neither OUs nor accounts");
  if (filter !== undefined && !filters.has(filter)) {
    reading.note(`${path}/account_filter_type`, `there is no filter ${JSON.stringify(filter)}`);
  }
  if (ous !== undefined) known.ous.push(...reading.texts(fields, "organizational_unit_ids", path));
  if (accounts === undefined) return;
  const listed = reading.texts(fields, "accounts", path);
  const onlyNarrows = ous !== undefined && (filter === "INTERSECTION" || filter === "DIFFERENCE");
  if (!onlyNarrows) known.accountIds.push(...listed);
}
