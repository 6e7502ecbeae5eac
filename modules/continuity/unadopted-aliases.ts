import { isLetGo } from "../aws/key-step";
import type { Finding } from "../findings/finding";
import { namesLine } from "./kept-alias";
import type { AliasRecord, StackRecord } from "./stack-record";

/**
 * Aliases of keys that Terraform let go and takes over again without them. They are most likely where they were, and the apply
 * would stop half-way: AWS KMS takes no second alias of one name in an account and Region. Only told, as somebody may have
 * deleted them meanwhile, and Terraform imports nothing that is not there.
 *
 * Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html (AlreadyExistsException)
 */
export function unadoptedAliases(before: StackRecord, after: StackRecord): Finding[] {
  const regions = new Map<string, string[]>();
  for (const alias of after.aliases) {
    if (after.imports.has(alias.address) || !wasLetGo(alias, before, after)) continue;
    regions.set(alias.name, [...(regions.get(alias.name) ?? []), alias.region]);
  }
  return [...regions].map(([name, made]) => ({
    id: "alias-not-adopted",
    severity: "high",
    where: `${before.account} ${name}`,
    why: `was let go with its key, and would be made in ${made.join(", ")} while the key is taken over: AWS refuses an alias that exists, and the apply stops there`,
    whatToDo: `name it in lifecycle.yaml beside the key's id, unless somebody has deleted it: ${namesLine("aliases", [name.replace(/^alias\//, "")])}`,
  }));
}

function wasLetGo({ name, region, target }: AliasRecord, before: StackRecord, after: StackRecord): boolean {
  const key = after.keys.get(target);
  const primary = after.keys.get(key?.primary ?? "") ?? key;
  const was = before.metadata.get(primary?.id ?? "");
  if (was === undefined || !was.aliases.includes(name)) return false;
  const step = primary?.region === region ? was.step : (was.replicaSteps.get(region) ?? "in-use");
  return step !== undefined && isLetGo(step) && step !== "gone";
}
