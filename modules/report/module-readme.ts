import { compile } from "handlebars";
import { type Fields, isFields } from "../access/stack-reading";
import { inNameOrder, nameOrder, uniqueNames } from "../aws/name-order";
import { markdownText } from "./markdown-text";
import { oneLine } from "./one-line";

/** A module as it will be on disk, and what only the map knows of it. */
export interface DescribedModule {
  /** The account's name, which is the module's too. */
  readonly account: string;
  readonly accountId: string;
  readonly zone: string;
  readonly zoneOwner: string;
  /** `main.tf.json` */
  readonly text: string;
  readonly providers: readonly DescribedProvider[];
}

/** What the stack's own provider does, for the caller to do the same. */
export interface DescribedProvider {
  /** `aws.us-east-1`: what the module calls it. */
  readonly reference: string;
  readonly region: string;
  readonly accountId: string;
  readonly roleArn: string;
  /** As Terraform reads it, escapes and all. */
  readonly externalId: string | undefined;
  /** In the same way. */
  readonly sessionTags: Readonly<Record<string, string>>;
}

/**
 * The README of an account's module: what is in it and how to call it, read from the module's JSON.
 *
 * @param template the text of `templates/module-readme.md.hbs`
 */
export function moduleReadme(module: DescribedModule, template: string): string {
  const { account, accountId, zone, zoneOwner, text, providers } = module;
  const json = fieldsOf(JSON.parse(text));
  const orgkeys = fieldsOf(fieldsOf(json["//"]).orgkeys);
  const resources = resourcesOf(json);
  const keys = keysOf(json, resources);
  const [firstKey] = keys;
  const render = compile(template, { strict: true, noEscape: true });
  const rendered = render({
    account,
    accountId,
    zone,
    zoneOwner: markdownText(zoneOwner),
    fence: "```",
    keys: keys.map((key) => ({ ...key, regions: key.regions.join(", ") })),
    outputExample: firstKey && `${firstKey.id}["${firstKey.regions[0]}"]`,
    consumerPolicies: entriesOf(orgkeys.consumerPolicies)
      .map(([id]) => `\`${id}\``)
      .join(", "),
    resources: uniqueNames(resources.map(({ type }) => type))
      .map((type) => `${resources.filter((resource) => resource.type === type).length} \`${type}\``)
      .join(", "),
    providers: providers.map((provider) => ({
      ...provider,
      callerAlias: `${account}_${provider.region}`,
      externalId: provider.externalId === undefined ? undefined : JSON.stringify(provider.externalId),
      sessionTags: inNameOrder(provider.sessionTags)
        .map(([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`)
        .join(", "),
    })),
    inputs: entriesOf(json.variable).map(([name, variable]) => ({ name, default: oneLine(String(variable.default)) })),
    outputs: entriesOf(json.output).map(([name, output]) => ({
      name,
      description: markdownText(String(output.description).replace(/, by Region$/, "")),
    })),
    example: resources[0] === undefined ? undefined : `${resources[0].type}.${resources[0].name}`,
  });
  return `${rendered.trimEnd()}\n`;
}

interface DescribedKey {
  readonly id: string;
  readonly alias: string;
  readonly dataClass: string;
  readonly owner: string;
  /** Its own and its replicas', sorted. */
  readonly regions: readonly string[];
}

/** Texts are ready for Markdown. */
function keysOf(json: Fields, resources: readonly Resource[]): DescribedKey[] {
  return entriesOf(fieldsOf(fieldsOf(json["//"]).orgkeys).keys).map(([id, key]) => ({
    id,
    alias: markdownText(String(key.alias)),
    dataClass: markdownText(String(key.dataClass)),
    owner: markdownText(ownerOf(resources, id)),
    regions: Object.keys(fieldsOf(fieldsOf(fieldsOf(json.output)[id]).value)).sort(nameOrder),
  }));
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly fields: Fields;
}

/** Keys first: they are what a move must not lose. */
function resourcesOf(json: Fields): Resource[] {
  const resources = entriesOf(json.resource).flatMap(([type, ofType]) =>
    entriesOf(ofType).map(([name, fields]) => ({ type, name, fields })),
  );
  return [...resources.filter(isKey), ...resources.filter((resource) => !isKey(resource))];
}

function isKey({ type }: Resource): boolean {
  return type === "aws_kms_key";
}

/** Who answers for a key stands in its tag, whatever kind of key it is. */
function ownerOf(resources: readonly Resource[], id: string): string {
  const owner = resources.find(({ type, name }) => name === id && type !== "aws_kms_alias");
  return String(fieldsOf(owner?.fields.tags).Owner ?? "unknown");
}

function entriesOf(value: unknown): [string, Fields][] {
  return Object.entries(fieldsOf(value))
    .map(([name, inner]): [string, Fields] => [name, fieldsOf(inner)])
    .sort(([a], [b]) => nameOrder(a, b));
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}
