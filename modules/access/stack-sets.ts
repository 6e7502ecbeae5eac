import { readTemplate } from "./cloudformation-template";
import { textsByName } from "./json-parts";
import { preventsDestroy } from "./prevents-destroy";
import { knownArguments } from "./resource-arguments";
import type { Fields, StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackInstances, StackStackSet } from "./synthesized-stack";

interface Targets {
  readonly ous: string[];
  readonly accountIds: string[];
  readonly regions: string[];
  readonly instances: StackInstances[];
}

const stackSetArguments = knownArguments("aws_cloudformation_stack_set");
const instancesArguments = knownArguments("aws_cloudformation_stack_instances");
const targetArguments = new Set(["organizational_unit_ids", "accounts", "account_filter_type", "accounts_url"]);
const autoDeploymentArguments = new Set(["enabled", "retain_stacks_on_account_removal"]);
const filters: ReadonlySet<unknown> = new Set(["NONE", "INTERSECTION", "DIFFERENCE", "UNION"]);

type StackSet = Omit<StackStackSet, keyof Targets>;

/** CloudFormation StackSets with their templates, and the OUs, accounts and Regions that their instances go to. */
export function readStackSets(reading: StackReading, resources: StackResources): StackStackSet[] {
  const stackSets = resources.of("aws_cloudformation_stack_set").map(([id, fields, path]) => ({
    id,
    stackSet: readStackSet(reading, id, fields, path),
    targets: { ous: [], accountIds: [], regions: [], instances: [] } satisfies Targets as Targets,
  }));
  const byId = new Map(stackSets.map((each) => [each.id, each]));
  for (const [id, fields, path] of resources.of("aws_cloudformation_stack_instances")) {
    const name = readStackSetName(reading, resources, fields, path);
    const known = name === undefined ? undefined : byId.get(name);
    if (known !== undefined) readInstances(reading, id, fields, path, known.stackSet, known.targets);
  }
  return stackSets.map(({ stackSet, targets }) => ({ ...stackSet, ...targets }));
}

function readStackSet(reading: StackReading, id: string, fields: Fields, path: string): StackSet {
  reading.onlyKnown(fields, stackSetArguments, path);
  return {
    document: reading.document,
    path,
    address: `aws_cloudformation_stack_set.${id}`,
    name: reading.text(fields, "name", path) ?? id,
    permissionModel: reading.optionalText(fields, "permission_model", path) ?? "SELF_MANAGED",
    autoDeployment: readAutoDeployment(reading, fields, path),
    preventsDestroy: preventsDestroy(fields),
    tags: textsByName(reading.literal(fields.tags ?? {}, `${path}/tags`)),
    template: readTemplate(reading, fields, path),
  };
}

function readAutoDeployment(reading: StackReading, fields: Fields, path: string): StackSet["autoDeployment"] {
  const at = `${path}/auto_deployment`;
  const block = reading.block(fields.auto_deployment, at);
  if (block === undefined) return undefined;
  const [inner, under] = block;
  reading.onlyKnown(inner, autoDeploymentArguments, under);
  return {
    enabled: inner.enabled !== false && inner.enabled !== "false",
    retains: isTrue(inner.retain_stacks_on_account_removal),
  };
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

function readInstances(
  reading: StackReading,
  id: string,
  fields: Fields,
  path: string,
  stackSet: StackSet,
  known: Targets,
): void {
  reading.onlyKnown(fields, instancesArguments, path);
  const overrides = fields.parameter_overrides;
  if (overrides !== undefined && Object.keys(Object(overrides)).length > 0) {
    reading.note(
      `${path}/parameter_overrides`,
      "parameters that some instances have to themselves are not understood here",
    );
  }
  // Whatever is left out, CloudFormation or the provider takes from wherever Terraform runs.
  known.regions.push(...reading.texts(fields, "regions", path));
  if (fields.accounts !== undefined) known.accountIds.push(...reading.texts(fields, "accounts", path));
  const block = reading.block(fields.deployment_targets, `${path}/deployment_targets`);
  if (block !== undefined) readDeploymentTargets(reading, ...block, stackSet, known);
  else if (fields.accounts === undefined) reading.note(path, "names neither accounts nor deployment_targets");
  known.instances.push({
    document: reading.document,
    path,
    address: `aws_cloudformation_stack_instances.${id}`,
    filter: block === undefined ? undefined : block[0].account_filter_type,
    byAccounts: fields.accounts !== undefined,
    retains: isTrue(fields.retain_stacks),
    preventsDestroy: preventsDestroy(fields),
  });
}

/**
 * OUs are targets as a whole under every filter but one: automatic deployment "does not consider account level targeting
 * filters", and only without it INTERSECTION goes to the listed accounts alone. Accounts come to the OUs unless the filter only
 * picks from them or leaves out: "UNION … is the default value if AccountFilterType is not provided".
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html and
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 */
function readDeploymentTargets(
  reading: StackReading,
  fields: Fields,
  path: string,
  { autoDeployment }: StackSet,
  known: Targets,
): void {
  reading.onlyKnown(fields, targetArguments, path);
  const { organizational_unit_ids: ous, accounts, account_filter_type: filter, accounts_url: url } = fields;
  if (url !== undefined) reading.note(`${path}/accounts_url`, "nobody knows here which accounts it names");
  if (ous === undefined && accounts === undefined) reading.note(path, "names neither OUs nor accounts");
  if (filter !== undefined && !filters.has(filter)) {
    reading.note(`${path}/account_filter_type`, `there is no filter ${JSON.stringify(filter)}`);
  }
  const listed = accounts === undefined ? undefined : reading.texts(fields, "accounts", path);
  const picked = filter === "INTERSECTION" && autoDeployment?.enabled === false && listed !== undefined;
  if (ous !== undefined) {
    const targeted = reading.texts(fields, "organizational_unit_ids", path);
    if (!picked) known.ous.push(...targeted);
  }
  const onlyNarrows = ous !== undefined && (filter === "INTERSECTION" || filter === "DIFFERENCE");
  if (picked || !onlyNarrows) known.accountIds.push(...(listed ?? []));
}

/** Terraform takes the text for the value. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
