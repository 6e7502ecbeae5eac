import type { CloudFormationTemplate } from "../../access/cloudformation-template";
import { instantiateTemplate } from "../../access/instantiate-template";
import { fieldsOf } from "../../access/json-parts";
import type { StackDirectStack, StackStackSet, SynthesizedStack } from "../../access/synthesized-stack";
import type { TemplateInstance, TemplateKey } from "../../access/template-instance";
import { KnownToAws } from "../../access/template-values";
import { symmetricKind } from "../../aws/key-kind";
import { isFalse, isTrue, textOf, wholeNumber } from "./argument-values";
import type { ReviewedKey, ReviewedRotation } from "./reviewed-key";

/** What one template makes in the account, in one Region. */
interface Instance {
  readonly stack: string;
  readonly source: StackStackSet | StackDirectStack;
  readonly template: CloudFormationTemplate;
  readonly made: TemplateInstance;
  readonly sources: readonly string[];
}

/** The keys that StackSets and CloudFormation stacks of Terraform's own bring to an account. */
export function templateKeys(rollouts: readonly SynthesizedStack[], accountId: string): ReviewedKey[] {
  const instances = rollouts.flatMap((stack) => instancesIn(stack, accountId));
  const primaries = primariesBehind(instances);
  return instances.flatMap((instance) => instance.made.keys.map((key) => reviewedKey(instance, key, primaries)));
}

function instancesIn(stack: SynthesizedStack, accountId: string): Instance[] {
  const { name, partition, metadata } = stack;
  if (partition === undefined) return [];
  const make = (source: Instance["source"], region: string, stackName: string | undefined): Instance[] => {
    const { template } = source;
    if (template === undefined || !hasKeys(template)) return [];
    const { sources = [] } =
      (stackName === undefined ? metadata.stackSets : metadata.directStacks).get(idOf(source)) ?? {};
    const made = instantiateTemplate(template, { accountId, region, partition, stackName });
    return [{ stack: name, source, template, made, sources }];
  };
  return [
    ...stack.stackSets
      .filter((source) => metadata.stackSets.get(idOf(source))?.reaches.has(accountId) === true)
      .flatMap((source) => [...new Set(source.regions)].flatMap((region) => make(source, region, undefined))),
    ...(stack.accountId === accountId ? stack.directStacks : []).flatMap((source) =>
      make(source, source.region, source.name),
    ),
  ];
}

/** Working out a template for nothing is what thousands of accounts would pay for. */
function hasKeys({ body }: CloudFormationTemplate): boolean {
  return Object.values(fieldsOf(body.Resources)).some((resource) => {
    const { Type: type } = fieldsOf(resource);
    return type === "AWS::KMS::Key" || type === "AWS::KMS::ReplicaKey";
  });
}

function idOf({ address }: Instance["source"]): string {
  return address.slice(address.indexOf(".") + 1);
}

function addressOf({ source }: Instance, logicalId: string): string {
  return `${source.address} Resources.${logicalId}`;
}

function reviewedKey(instance: Instance, key: TemplateKey, primaries: ReadonlyMap<string, string>): ReviewedKey {
  const { stack, source, made, sources } = instance;
  const { kind, policy, properties, logicalId } = key;
  const isReplica = kind === "replica";
  const tags = { ...source.tags, ...tagsOf(properties.Tags) };
  return {
    by: "cloudformation",
    stack,
    address: addressOf(instance, logicalId),
    kind,
    primary: key.primary === undefined ? undefined : primaries.get(key.primary),
    region: made.region,
    multiRegion: isReplica || isTrue(properties.MultiRegion),
    policy,
    aliases: made.aliases.flatMap((alias) => {
      const { AliasName: name, TargetKeyId: target } = alias.properties;
      if (typeof name !== "string" || !(target instanceof KnownToAws) || target.logicalId !== logicalId) return [];
      return [{ name, address: addressOf(instance, alias.logicalId) }];
    }),
    // There is no AWS::KMS::Grant.
    grants: [],
    tags,
    description: textOf(properties.Description) ?? "",
    enabled: !isFalse(properties.Enabled),
    rotation: rotationOf(key),
    spec: isReplica ? undefined : (textOf(properties.KeySpec) ?? symmetricKind.spec),
    usage: isReplica ? undefined : (textOf(properties.KeyUsage) ?? symmetricKind.usage),
    imported: properties.Origin === "EXTERNAL",
    keyStore: undefined,
    step: "in-use",
    deletionWindowDays: wholeNumber(properties.PendingWindowInDays),
    importId: undefined,
    dataClass: tags.DataClass,
    sources,
  };
}

function rotationOf({ kind, properties }: TemplateKey): ReviewedRotation | undefined {
  const { KeySpec: spec = symmetricKind.spec, Origin: origin = symmetricKind.origin } = properties;
  if (kind === "replica" || spec !== symmetricKind.spec || origin !== symmetricKind.origin) return undefined;
  return { enabled: isTrue(properties.EnableKeyRotation), periodDays: wholeNumber(properties.RotationPeriodInDays) };
}

/**
 * The addresses of primaries, by the dynamic reference with which a replica of another stack gets their ARNs: out of a secret that
 * the primaries' stack writes, `{"confidential":"${KeyConfidential.Arn}"}`.
 */
function primariesBehind(instances: readonly Instance[]): ReadonlyMap<string, string> {
  const primaries = new Map<string, string>();
  for (const instance of instances) {
    for (const { logicalId, properties } of instance.made.secrets) {
      const { Properties: written } = fieldsOf(fieldsOf(instance.template.body.Resources)[logicalId]);
      const { "Fn::Sub": text } = fieldsOf(fieldsOf(written).SecretString);
      if (typeof properties.Name !== "string" || typeof text !== "string") continue;
      for (const [name, value] of Object.entries(fieldsOf(jsonOf(text)))) {
        const primary = typeof value === "string" ? /^\$\{(\w+)\.Arn\}$/.exec(value)?.[1] : undefined;
        if (primary === undefined) continue;
        const reference = `{{resolve:secretsmanager:${properties.Name}:SecretString:${name}}}`;
        primaries.set(reference, addressOf(instance, primary));
      }
    }
  }
  return primaries;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A resource's own tags: those of its stack come to it as well, and lose against them. Of CloudFormation's own `aws:` tags a key gets none.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html and TagHelper in
 * https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-kms
 */
function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  const list: readonly unknown[] = Array.isArray(tags) ? tags : [];
  return Object.fromEntries(
    list.flatMap((tag): [string, string][] => {
      const { Key: key, Value: value } = fieldsOf(tag);
      return typeof key === "string" && typeof value === "string" ? [[key, value]] : [];
    }),
  );
}
