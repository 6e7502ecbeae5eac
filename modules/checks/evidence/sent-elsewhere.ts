import { isFields } from "../../access/stack-reading";
import type { TemplateKey, TemplateResource } from "../../access/template-instance";
import { KnownToAws } from "../../access/template-values";
import type { Violation } from "../frame/check";
import { type RolloutInstance, resourceAddress } from "./rollout-instances";

/** What a template sends, copies or takes from outside of its zone: events, pointers to keys, key material. */
export function sentElsewhere(rollout: RolloutInstance): readonly Violation[] {
  const { rules, secrets, keys } = rollout.instance;
  return [
    ...rules.flatMap((rule) => eventTargets(rollout, rule)),
    ...secrets.flatMap((secret) => copies(rollout, secret)),
    ...keys.filter(({ kind }) => kind === "replica").flatMap((replica) => strangePrimary(rollout, replica)),
  ];
}

/** Events about keys tell who uses them, and who may silence them. */
function eventTargets(rollout: RolloutInstance, rule: TemplateResource): Violation[] {
  const { zone, output } = rollout;
  const targets: readonly unknown[] = Array.isArray(rule.properties.Targets)
    ? rule.properties.Targets
    : [rule.properties.Targets];
  return targets.flatMap((target, index): Violation[] => {
    if (target === undefined) return [];
    const found = isFields(target) ? target.Arn : undefined;
    // A resource of the same template is in the same account.
    if (found instanceof KnownToAws) return [];
    const name = typeof found === "string" ? found : `target number ${index + 1}`;
    const [, partition, , region = "", accountId = ""] = name.split(":");
    const at = (why: string): Violation[] => [violation(rollout, rule, name, why)];
    if (typeof found !== "string" || partition !== zone.partition)
      return at("sends events to what nobody can tell here");
    if (!zone.accounts.has(accountId)) return at(`sends events to ${output.zones.describe(accountId)}`);
    return zone.regions.includes(region) ? [] : at(`sends events to ${region}, which is none of the zone's Regions`);
  });
}

function copies(rollout: RolloutInstance, secret: TemplateResource): Violation[] {
  const { ReplicaRegions: found = [] } = secret.properties;
  const regions = (Array.isArray(found) ? found : [found]).map((each: unknown) =>
    isFields(each) && Object.keys(each).length === 1 ? each.Region : undefined,
  );
  return regions
    .filter((region) => typeof region !== "string" || !rollout.zone.regions.includes(region))
    .map((region) =>
      violation(rollout, secret, `Region ${String(region)}`, "is copied to what is none of the zone's Regions"),
    );
}

/**
 * The account's own pointer to its primaries, which has a name and no ARN of an account: the keys of others cannot be meant.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
const ownPointer = /^\{\{resolve:secretsmanager:[\w/+=.@-]+:SecretString:[\w.-]+\}\}$/;

function strangePrimary(rollout: RolloutInstance, replica: TemplateKey): Violation[] {
  if (replica.primary !== undefined && ownPointer.test(replica.primary)) return [];
  const why = `is a replica of ${replica.primary ?? "what nobody can tell here"}, and not of a key that its own account points to`;
  return [violation(rollout, replica, "PrimaryKeyArn", why)];
}

function violation(rollout: RolloutInstance, resource: TemplateResource, detail: string, why: string): Violation {
  return {
    stack: rollout.stack,
    address: resourceAddress(rollout, resource),
    detail: [detail],
    why,
    place: { document: resource.document, path: resource.path },
    fix: "name an account and a Region of the zone",
  };
}
