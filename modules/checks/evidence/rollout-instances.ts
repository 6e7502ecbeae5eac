import { indexStacks } from "../../access/access-index";
import { instantiateTemplate } from "../../access/instantiate-template";
import type { StackDirectStack, StackKey, StackStackSet, SynthesizedStack } from "../../access/synthesized-stack";
import { conditionsIn, namedAccounts, unnamedAccount } from "../../access/template-accounts";
import type { TemplateInstance, TemplateKey, TemplateResource } from "../../access/template-instance";
import { whoCan } from "../../access/who-can";
import type { ZoneBoundary } from "../../access/zone-boundary";
import type { CheckedKey, CheckedOutput, Violation } from "../frame/check";
import { asBoolean } from "./key-argument";
import { zoneOfStack } from "./stack-zone";

/** What a StackSet or a direct stack makes in one account and Region. */
export interface RolloutInstance {
  readonly source: StackStackSet | StackDirectStack;
  readonly instance: TemplateInstance;
  /** Its account is in it, as it will be when the instance is there. */
  readonly zone: ZoneBoundary;
  /** With that zone. */
  readonly output: CheckedOutput;
  readonly stack: SynthesizedStack;
}

const known = new WeakMap<
  SynthesizedStack,
  { readonly output: CheckedOutput; readonly instances: readonly RolloutInstance[] }
>();

/**
 * Every distinct instance of the templates of a stack whose zone the map knows: one for all accounts that a template does not
 * name, those of tomorrow included, and one for each that it names and that its conditions tell apart.
 */
export function rolloutInstances(stack: SynthesizedStack, output: CheckedOutput): readonly RolloutInstance[] {
  const before = known.get(stack);
  if (before?.output === output) return before.instances;
  const zone = zoneOfStack(stack, output.zones)?.zone;
  const instances =
    zone === undefined
      ? []
      : [
          ...stack.stackSets.flatMap((stackSet) => ofStackSet(stackSet, stack, zone, output)),
          ...stack.directStacks.flatMap((direct) => ofDirectStack(direct, stack, zone, output)),
        ];
  known.set(stack, { output, instances });
  return instances;
}

function ofStackSet(
  source: StackStackSet,
  stack: SynthesizedStack,
  zone: ZoneBoundary,
  output: CheckedOutput,
): RolloutInstance[] {
  const { template } = source;
  if (template === undefined) return [];
  // Instances that somebody makes later, by hand, are in no review any more.
  const regions = source.instances.length === 0 ? zone.regions : source.regions;
  return [...new Set(regions)].flatMap((region) => {
    const seen = new Set<string>();
    const inRegion = { region, partition: zone.partition, stackName: undefined };
    const named = namedAccounts(template, inRegion);
    const tomorrows = unnamedAccount(named, (id) => output.zones.ofAccount(id) !== undefined);
    // StackSets never reach the management account.
    const accounts = [tomorrows, ...named.filter((id) => id !== zone.managementAccountId)];
    return accounts.flatMap((accountId): RolloutInstance[] => {
      const place = { ...inRegion, accountId };
      // Who is outside of a zone differs from one account of another zone to the next.
      const ofTheZone = accountId === tomorrows || zone.accounts.has(accountId);
      const distinct = `${conditionsIn(template, place)} ${ofTheZone ? "" : accountId}`;
      if (seen.has(distinct)) return [];
      seen.add(distinct);
      return [{ source, stack, instance: instantiateTemplate(template, place), ...within(accountId, zone, output) }];
    });
  });
}

function ofDirectStack(
  source: StackDirectStack,
  stack: SynthesizedStack,
  zone: ZoneBoundary,
  output: CheckedOutput,
): RolloutInstance[] {
  const { template, region, name } = source;
  const { accountId } = stack;
  if (template === undefined || accountId === undefined) return [];
  const place = { accountId, region, partition: zone.partition, stackName: name };
  return [{ source, stack, instance: instantiateTemplate(template, place), ...within(accountId, zone, output) }];
}

function within(
  accountId: string,
  zone: ZoneBoundary,
  output: CheckedOutput,
): Pick<RolloutInstance, "zone" | "output"> {
  if (zone.accounts.has(accountId)) return { zone, output };
  const grown = output.zones.withAccount(zone, accountId, "one that is reached tomorrow");
  return { zone: grown.zone, output: { ...output, zones: grown.zones } };
}

/** The address of a resource in a template, as findings name it. */
export function resourceAddress(
  { source }: RolloutInstance,
  { logicalId }: Pick<TemplateResource, "logicalId">,
): string {
  return `${source.address} Resources.${logicalId}`;
}

/** The keys and replicas of an instance, as those of a stack of that account. */
export function instanceKeys(rollout: RolloutInstance): readonly (CheckedKey & { readonly resource: TemplateKey })[] {
  const { instance, stack, zone, output } = rollout;
  const keys = instance.keys.map((resource) => ({ resource, key: stackKey(rollout, resource) }));
  const index = indexStacks(
    [
      {
        ...stack,
        accountId: instance.accountId,
        partition: zone.partition,
        keys: keys.map(({ key }) => key),
        aliases: [],
        userGrants: [],
        identityPolicies: [],
      },
    ],
    output.places,
  );
  return index.keys.flatMap((entry) => {
    const resource = keys.find(({ key }) => key === entry.key)?.resource;
    return resource === undefined
      ? []
      : [{ entry, zone, access: whoCan(index, entry), dataClass: undefined, resource }];
  });
}

/** In the words of Terraform, which checks of keys know. */
function stackKey(rollout: RolloutInstance, resource: TemplateKey): StackKey {
  const { properties, kind, policy, document, path } = resource;
  const { MultiRegion: multiRegion, Tags: tags } = properties;
  return {
    document,
    path,
    kind,
    imported: properties.Origin === "EXTERNAL",
    address: resourceAddress(rollout, resource),
    region: rollout.instance.region,
    // What is not plainly false may be one.
    multiRegion: kind === "replica" || (multiRegion !== undefined && asBoolean(multiRegion) !== false),
    primary: undefined,
    keyStore: undefined,
    policy,
    grants: [],
    arguments: { multi_region: multiRegion ?? false, tags: tagsOf(tags) },
  };
}

function tagsOf(tags: unknown): Readonly<Record<string, unknown>> {
  const list: readonly unknown[] = Array.isArray(tags) ? tags : [];
  return Object.fromEntries(
    list.flatMap((tag): [string, unknown][] => {
      const { Key: key, Value: value } = Object(tag) as { Key?: unknown; Value?: unknown };
      return typeof key === "string" ? [[key, value]] : [];
    }),
  );
}

/** What is found of several instances alike is found once; what is found of keys as of a stack's stands in the rollout's stack. */
export function foundOnce(stack: SynthesizedStack, violations: readonly Violation[]): readonly Violation[] {
  const found = new Map<string, Violation>();
  for (const violation of violations) {
    const subject = [violation.address, ...violation.detail].join(" ");
    if (!found.has(subject)) found.set(subject, { ...violation, stack });
  }
  return [...found.values()];
}
