import { type Fields, isFields } from "./stack-reading";
import type { TemplatePlace } from "./template-values";

/**
 * What a resource of a template gives to `Ref` and `Fn::GetAtt`, where its own name says it.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html, "Return values"
 *
 * @param attribute undefined for `Ref`
 * @param work gives a value of the template
 * @returns undefined for what only AWS knows
 */
export function resourceAttribute(
  resource: unknown,
  attribute: string | undefined,
  place: TemplatePlace,
  work: (value: unknown) => unknown,
): string | undefined {
  if (!isFields(resource)) return undefined;
  const properties: Fields = isFields(resource.Properties) ? resource.Properties : {};
  const text = (property: string): string | undefined => {
    const value = properties[property] === undefined ? undefined : work(properties[property]);
    return typeof value === "string" ? value : undefined;
  };
  const arn = (service: string, region: string, ending: string | undefined): string | undefined =>
    ending === undefined ? undefined : `arn:${place.partition}:${service}:${region}:${place.accountId}:${ending}`;
  const inIam = (kind: string, nameProperty: string): string | undefined => {
    const name = text(nameProperty);
    const path = properties.Path === undefined ? "/" : text("Path");
    return name === undefined || path === undefined ? undefined : arn("iam", "", `${kind}${path}${name}`);
  };
  switch (resource.Type) {
    case "AWS::IAM::Role":
      if (attribute === undefined) return text("RoleName");
      return attribute === "Arn" ? inIam("role", "RoleName") : undefined;
    case "AWS::IAM::ManagedPolicy":
      return attribute === undefined || attribute === "PolicyArn" ? inIam("policy", "ManagedPolicyName") : undefined;
    case "AWS::Events::EventBus": {
      const name = text("Name");
      if (attribute === undefined || attribute === "Name") return name;
      return attribute === "Arn" ? arn("events", place.region, name && `event-bus/${name}`) : undefined;
    }
    default:
      return undefined;
  }
}
