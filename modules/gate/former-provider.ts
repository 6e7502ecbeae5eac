import { fieldsOf } from "../access/json-parts";
import { type Fields, isFields } from "../access/stack-reading";
import { formerAddressOf, type PlannedStack } from "./former-arguments";
import { regionOfArn } from "./gated-stack";
import type { PlannedChange } from "./planned-change";
import { isKeyOrReplica } from "./resource-types";

/** The provider that a resource has had, and its Region: a plan names no provider of what is no longer in the JSON. */
export interface FormerProvider {
  /** `aws.us-east-1` */
  readonly reference: string;
  readonly region: string;
}

/** @returns undefined where nobody can tell */
export function formerProvider(change: PlannedChange, stack: PlannedStack): FormerProvider | undefined {
  const providers = providersOf(stack.json);
  const reviewed = fieldsOf(fieldsOf(fieldsOf(stack.json.resource)[change.type])[change.id]).provider;
  const own = providers.find(({ reference }) => reference === reviewed);
  if (own !== undefined) return own;
  const [first, second] = providers;
  if (second === undefined) return first;
  const region = regionOf(change, stack, providers);
  if (region !== undefined) return providers.find((provider) => provider.region === region);
  return worldwide.test(change.type) ? first : undefined;
}

/** IAM and AWS Organizations have no Regions: any provider of the account reaches them. */
const worldwide = /^aws_(?:iam|organizations)_/;

function providersOf(json: Fields): FormerProvider[] {
  const { aws } = fieldsOf(json.provider);
  const blocks: readonly unknown[] = Array.isArray(aws) ? aws : [aws];
  return blocks.filter(isFields).flatMap(({ alias, region }): FormerProvider[] => {
    if (typeof region !== "string") return [];
    return [{ reference: typeof alias === "string" ? `aws.${alias}` : "aws", region }];
  });
}

function regionOf(
  { type, id, before }: PlannedChange,
  { changes }: PlannedStack,
  providers: readonly FormerProvider[],
): string | undefined {
  // Since version 6 of the provider each resource has it.
  if (typeof before.region === "string") return before.region;
  const arn = [before.arn, before.id].find((text) => typeof text === "string" && text.startsWith("arn:"));
  const ofArn = typeof arn === "string" ? regionOfArn(arn) : "";
  if (ofArn !== "") return ofArn;
  if (type === "aws_kms_grant") {
    const keys = changes.filter((change) => isKeyOrReplica(change) && change.before.key_id === before.key_id);
    // A grant's id begins with that of its key, which ends with the Region where there are several.
    const key = keys.length === 1 ? keys[0] : keys.find((each) => id.startsWith(`${idOf(each)}_`));
    if (typeof key?.before.arn === "string") return regionOfArn(key.before.arn);
  }
  const named = providers.filter(({ region }) => id.endsWith(`_${region}`));
  return named.length === 1 ? named[0]?.region : undefined;
}

function idOf(change: PlannedChange): string {
  const address = formerAddressOf(change) ?? change.address;
  return address.slice(address.indexOf(".") + 1);
}
