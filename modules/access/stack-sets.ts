import type { StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackStackSet } from "./synthesized-stack";

interface Targets {
  readonly ous: string[];
  readonly accountIds: string[];
  readonly regions: string[];
}

const targetArguments = new Set(["organizational_unit_ids", "accounts", "account_filter_type", "accounts_url"]);

/** CloudFormation StackSets with the OUs, accounts and Regions that their instances go to. */
export function readStackSets(reading: StackReading, resources: StackResources): StackStackSet[] {
  const targets = new Map<string, Targets>();
  const of = (name: string): Targets => {
    const known = targets.get(name) ?? { ous: [], accountIds: [], regions: [] };
    targets.set(name, known);
    return known;
  };
  for (const [, fields, path] of resources.of("aws_cloudformation_stack_instances")) {
    const stackSet = reading.reference(
      fields,
      "stack_set_name",
      path,
      ["aws_cloudformation_stack_set"],
      ["name", "id"],
    );
    if (stackSet === undefined) continue;
    if (!resources.has("aws_cloudformation_stack_set", stackSet.name)) {
      reading.note(`${path}/stack_set_name`, `there is no aws_cloudformation_stack_set.${stackSet.name}`);
    }
    const known = of(stackSet.name);
    if (fields.regions !== undefined) known.regions.push(...reading.texts(fields, "regions", path));
    if (fields.accounts !== undefined) known.accountIds.push(...reading.texts(fields, "accounts", path));
    const block = reading.block(fields.deployment_targets, `${path}/deployment_targets`);
    if (block === undefined) continue;
    const [deployment, at] = block;
    reading.onlyKnown(deployment, targetArguments, at);
    if (deployment.accounts_url !== undefined)
      reading.note(`${at}/accounts_url`, "nobody knows here which accounts it names");
    if (deployment.organizational_unit_ids !== undefined) {
      known.ous.push(...reading.texts(deployment, "organizational_unit_ids", at));
    }
    // Accounts only narrow or add to OUs: with UNION they are targets of their own, otherwise within these OUs.
    if (deployment.accounts !== undefined && deployment.account_filter_type === "UNION") {
      known.accountIds.push(...reading.texts(deployment, "accounts", at));
    }
  }
  return resources.of("aws_cloudformation_stack_set").map(([id, fields, path]) => ({
    document: reading.document,
    path,
    address: `aws_cloudformation_stack_set.${id}`,
    name: reading.text(fields, "name", path) ?? id,
    ...of(id),
  }));
}
