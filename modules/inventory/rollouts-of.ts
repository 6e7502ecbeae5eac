import type { CloudFormationTemplate } from "../access/cloudformation-template";
import { instantiateTemplate } from "../access/instantiate-template";
import type { RolloutMetadata, SynthesizedStack } from "../access/synthesized-stack";
import { conditionsIn } from "../access/template-accounts";
import { uniqueNames } from "../aws/name-order";
import type { InventoryRollout } from "./inventory";

/** How many keys a template makes in one account and Region. */
interface Counted {
  readonly keys: number;
  readonly replicas: number;
  readonly rotating: number;
}

/**
 * The keys that StackSets and CloudFormation stacks of a stack make, in all accounts that they reach as of the map. Those without
 * a key are in no list, nor is one whose template nobody can read: `readable` reports it.
 *
 * @param isCounted which of the accounts count
 */
export function rolloutsOf(
  stack: SynthesizedStack,
  isCounted: (accountId: string) => boolean = () => true,
): InventoryRollout[] {
  const { metadata, partition, name, accountId } = stack;
  const of = (
    source: { readonly address: string; readonly name: string; readonly template: CloudFormationTemplate | undefined },
    record: RolloutMetadata | undefined,
    reached: readonly string[],
    regions: readonly string[],
    stackName: string | undefined,
  ): InventoryRollout[] => {
    const { template } = source;
    if (template === undefined) return [];
    const accountIds = uniqueNames(reached).filter(isCounted);
    const counted = countKeys(template, partition ?? "aws", accountIds, regions, stackName);
    if (counted.keys + counted.replicas === 0) return [];
    return [
      {
        stack: name,
        address: source.address,
        rollout: record?.rollout ?? source.name,
        organization: metadata.organization,
        partition,
        zone: metadata.zone,
        accountIds,
        regions,
        ...counted,
      },
    ];
  };
  return [
    ...stack.stackSets.flatMap((stackSet) => {
      const record = metadata.stackSets.get(idIn(stackSet.address));
      const accountIds =
        record === undefined || record.reaches.size === 0 ? stackSet.accountIds : [...record.reaches.keys()];
      return of(stackSet, record, accountIds, uniqueNames(stackSet.regions), undefined);
    }),
    ...stack.directStacks.flatMap((direct) => {
      const record = metadata.directStacks.get(idIn(direct.address));
      return of(direct, record, accountId === undefined ? [] : [accountId], [direct.region], direct.name);
    }),
  ];
}

/** Accounts that a template's conditions do not tell apart have the same keys. */
function countKeys(
  template: CloudFormationTemplate,
  partition: string,
  accountIds: readonly string[],
  regions: readonly string[],
  stackName: string | undefined,
): Counted {
  const sum = { keys: 0, replicas: 0, rotating: 0 };
  for (const region of regions) {
    const known = new Map<string, Counted>();
    for (const accountId of accountIds) {
      const place = { accountId, region, partition, stackName };
      const distinct = conditionsIn(template, place);
      const counted = known.get(distinct) ?? countOnce(template, place);
      known.set(distinct, counted);
      sum.keys += counted.keys;
      sum.replicas += counted.replicas;
      sum.rotating += counted.rotating;
    }
  }
  return sum;
}

/** A replica rotates with its primary, which another template has: whoever writes one without rotation has `check` against it. */
function countOnce(template: CloudFormationTemplate, place: Parameters<typeof instantiateTemplate>[1]): Counted {
  const { keys } = instantiateTemplate(template, place);
  const replicas = keys.filter(({ kind }) => kind === "replica").length;
  const rotate = keys.filter(({ kind, properties: { EnableKeyRotation: rotates } }) => {
    return kind === "replica" || rotates === true || rotates === "true";
  });
  return { keys: keys.length - replicas, replicas, rotating: rotate.length };
}

function idIn(address: string): string {
  return address.slice(address.indexOf(".") + 1);
}
