import { templateSections } from "../aws/template-sections";
import type { CloudFormationTemplate } from "./cloudformation-template";
import { escapePointer } from "./json-pointer";
import type { Policy } from "./policy-statement";
import { type PolicyKind, readPolicy } from "./read-policy";
import { type Fields, isFields } from "./stack-reading";
import { resourceAttribute } from "./template-attributes";
import type {
  TemplateBusPolicy,
  TemplateInstance,
  TemplateKey,
  TemplateManagedPolicy,
  TemplateResource,
  TemplateRole,
  UnknownResource,
} from "./template-instance";
import { isKnownType, type KnownResourceType, templateResourceTypes } from "./template-resource-types";
import { type TemplatePlace, TemplateValues } from "./template-values";

const sections = new Set(templateSections);
const attributes = new Set([
  "Condition",
  "DeletionPolicy",
  "DependsOn",
  "Metadata",
  "Properties",
  "Type",
  "UpdateReplacePolicy",
]);

/** What a template makes in one account and Region: the documents that AWS is given there, and where each stands. */
export function instantiateTemplate(template: CloudFormationTemplate, place: TemplatePlace): TemplateInstance {
  return new Instantiation(template, place).instance();
}

class Instantiation {
  readonly #template: CloudFormationTemplate;
  readonly #place: TemplatePlace;
  readonly #values: TemplateValues;

  constructor(template: CloudFormationTemplate, place: TemplatePlace) {
    this.#template = template;
    this.#place = place;
    const { body, parameters } = template;
    this.#values = new TemplateValues(body, parameters, place, (logicalId, attribute) => {
      const resource = isFields(body.Resources) ? body.Resources[logicalId] : undefined;
      return resourceAttribute(resource, attribute, place, (value) => this.#values.value(value, ""));
    });
  }

  instance(): TemplateInstance {
    const { accountId, region } = this.#place;
    this.#checkSections();
    const resources = this.#resources();
    const of = (type: KnownResourceType): TemplateResource[] => resources.known.filter((each) => each.type === type);
    return {
      accountId,
      region,
      keys: [
        ...of("AWS::KMS::Key").map((each) => this.#key(each, "key")),
        ...of("AWS::KMS::ReplicaKey").map((each) => this.#key(each, "replica")),
      ],
      aliases: of("AWS::KMS::Alias"),
      roles: of("AWS::IAM::Role").map((each) => this.#role(each)),
      managedPolicies: of("AWS::IAM::ManagedPolicy").map((each) => this.#managedPolicy(each)),
      busPolicies: of("AWS::Events::EventBusPolicy").map((each) => this.#busPolicy(each)),
      rules: of("AWS::Events::Rule"),
      secrets: of("AWS::SecretsManager::Secret"),
      unknown: resources.unknown,
      unreadable: this.#values.unreadable.map(({ path, why }) => ({ path: this.#at(path), why })),
    };
  }

  #checkSections(): void {
    const { body } = this.#template;
    for (const name of Object.keys(body)) {
      if (!sections.has(name)) this.#values.note(`/${escapePointer(name)}`, `${name} is not understood here`);
    }
    if (!isFields(body.Resources)) this.#values.note("", "a template has to have Resources");
    this.#noteIncluded(body, "");
  }

  /**
   * What comes from elsewhere when CloudFormation takes the template is in nobody's review.
   *
   * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
   */
  #noteIncluded(value: unknown, path: string): void {
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      const at = `${path}/${escapePointer(name)}`;
      if (name === "Fn::Transform") this.#values.note(at, "brings in what nobody has reviewed");
      this.#noteIncluded(inner, at);
    }
  }

  #resources(): { readonly known: TemplateResource[]; readonly unknown: UnknownResource[] } {
    const known: TemplateResource[] = [];
    const unknown: UnknownResource[] = [];
    const { Resources: resources } = this.#template.body;
    for (const [logicalId, resource] of Object.entries(isFields(resources) ? resources : {})) {
      const path = `/Resources/${escapePointer(logicalId)}`;
      if (!isFields(resource)) {
        this.#values.note(path, "a resource has to be an object");
        continue;
      }
      // What cannot be decided may be there.
      const { Condition: condition, Type: type } = resource;
      if (typeof condition === "string" && this.#values.conditions.holds(condition, `${path}/Condition`) === false)
        continue;
      if (condition !== undefined && typeof condition !== "string") {
        this.#values.note(`${path}/Condition`, "has to be the name of a condition");
      }
      if (isKnownType(type)) known.push(this.#resource(logicalId, type, resource, path));
      else unknown.push({ document: this.#template.document, path: this.#at(path), logicalId, type: String(type) });
    }
    return { known, unknown };
  }

  #resource(logicalId: string, type: KnownResourceType, resource: Fields, path: string): TemplateResource {
    for (const name of Object.keys(resource)) {
      if (!attributes.has(name)) this.#values.note(`${path}/${escapePointer(name)}`, `${name} is not understood here`);
    }
    const at = `${path}/Properties`;
    const { primary, others } = withoutPrimary(type, resource.Properties ?? {});
    const properties = this.#values.value(others, at);
    if (!isFields(properties)) this.#values.note(at, "has to be an object");
    const found = isFields(properties) ? { ...properties, ...primary } : {};
    const known: ReadonlySet<string> = templateResourceTypes[type].properties;
    for (const name of Object.keys(found)) {
      if (!known.has(name)) this.#values.note(`${at}/${escapePointer(name)}`, `unknown property ${name}`);
    }
    return {
      document: this.#template.document,
      path: this.#at(path),
      logicalId,
      type,
      properties: found,
      deletionPolicy: resource.DeletionPolicy ?? "Delete",
      updateReplacePolicy: resource.UpdateReplacePolicy ?? "Delete",
    };
  }

  #key(resource: TemplateResource, kind: TemplateKey["kind"]): TemplateKey {
    const policy = this.#policy(resource, "KeyPolicy", "key");
    return { ...resource, kind, policy, primary: textOf(resource.properties.PrimaryKeyArn) };
  }

  #role(resource: TemplateResource): TemplateRole {
    const { properties } = resource;
    const path = `${pathOf(resource)}/Policies`;
    const inline: readonly unknown[] = Array.isArray(properties.Policies) ? properties.Policies : [];
    if (properties.Policies !== undefined && !Array.isArray(properties.Policies))
      this.#values.note(path, "has to be a list");
    return {
      ...resource,
      name: textOf(properties.RoleName),
      trust: this.#policy(resource, "AssumeRolePolicyDocument", "trust"),
      policies: inline.map((each, index) =>
        this.#document(isFields(each) ? each.PolicyDocument : undefined, `${path}/${index}`, "identity"),
      ),
      attached: this.#texts(resource, "ManagedPolicyArns"),
      boundary: this.#optionalText(resource, "PermissionsBoundary"),
    };
  }

  #managedPolicy(resource: TemplateResource): TemplateManagedPolicy {
    for (const name of ["Groups", "Users"]) {
      if (resource.properties[name] === undefined) continue;
      this.#values.note(`${pathOf(resource)}/${name}`, "attaches the policy to what no template makes");
    }
    return {
      ...resource,
      arn: this.#arnOf(resource),
      policy: this.#policy(resource, "PolicyDocument", "identity"),
      roles: this.#texts(resource, "Roles"),
    };
  }

  #arnOf({ logicalId }: TemplateResource): string | undefined {
    return textOf(this.#values.value({ Ref: logicalId }, ""));
  }

  /** One statement of the bus's policy. */
  #busPolicy(resource: TemplateResource): TemplateBusPolicy {
    const path = `${pathOf(resource)}/Statement`;
    const statement = resource.properties.Statement;
    if (statement === undefined) {
      this.#values.note(pathOf(resource), "has no Statement that can be read");
      return { ...resource, policy: undefined };
    }
    const policy = this.#document({ Version: "2012-10-17", Statement: statement }, path, "bus");
    const at = this.#at(path);
    return {
      ...resource,
      policy: { ...policy, path: at, statements: policy.statements.map((each) => ({ ...each, path: at })) },
    };
  }

  #policy(resource: TemplateResource, property: string, kind: PolicyKind): Policy | undefined {
    const path = pathOf(resource);
    const value = resource.properties[property];
    if (value !== undefined) return this.#document(value, `${path}/${property}`, kind);
    this.#values.note(path, `has no ${property} that can be read`);
    return undefined;
  }

  #document(value: unknown, path: string, kind: PolicyKind): Policy {
    const { policy, unreadable } = readPolicy(value, { document: this.#template.document, path }, kind);
    const origin = (pointer: string): string => this.#values.originOf(value, path, pointer.slice(path.length));
    for (const { path: pointer, why } of unreadable) this.#values.note(origin(pointer), why);
    return {
      ...policy,
      path: this.#at(path),
      statements: policy.statements.map((statement) => ({ ...statement, path: this.#at(origin(statement.path)) })),
    };
  }

  #texts(resource: TemplateResource, property: string): string[] {
    const value = resource.properties[property] ?? [];
    const texts = Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
    if (!Array.isArray(value) || texts.length !== value.length) {
      this.#values.note(`${pathOf(resource)}/${property}`, `${property} has to be a list of texts that are known here`);
    }
    return texts;
  }

  #optionalText(resource: TemplateResource, property: string): string | undefined {
    const value = resource.properties[property];
    if (value !== undefined && typeof value !== "string") {
      this.#values.note(`${pathOf(resource)}/${property}`, `${property} has to be a text that is known here`);
    }
    return textOf(value);
  }

  #at(path: string): string {
    return this.#template.isText ? this.#template.path : `${this.#template.path}${path}`;
  }
}

/**
 * A replica in another stack can learn its primary's ARN by a dynamic reference alone: what it refers to is looked at, and not what
 * it gives.
 */
function withoutPrimary(type: KnownResourceType, properties: unknown): { primary: Fields; others: unknown } {
  if (type !== "AWS::KMS::ReplicaKey" || !isFields(properties) || typeof properties.PrimaryKeyArn !== "string") {
    return { primary: {}, others: properties };
  }
  const { PrimaryKeyArn, ...others } = properties;
  return { primary: { PrimaryKeyArn }, others };
}

/** Within the template. */
function pathOf({ logicalId }: TemplateResource): string {
  return `/Resources/${escapePointer(logicalId)}/Properties`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
