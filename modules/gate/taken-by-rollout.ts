import { fieldsOf, textsOf } from "../access/json-parts";
import { parseText } from "../access/policy-text";
import { templateLosses } from "../continuity/lost-template-keys";
import { sortedJson } from "../continuity/sorted-json";
import { conditionText, readTemplateKeys } from "../continuity/template-keys";
import type { Danger } from "./gate-rule";
import type { PlannedChange } from "./planned-change";
import { documents } from "./resource-types";

type Values = PlannedChange["before"];

/** What an update takes away from the accounts that a StackSet, or a CloudFormation stack, reaches. */
export function takenByRollout(change: PlannedChange): Danger[] {
  if (change.action !== "update") return [];
  return change.type === "aws_cloudformation_stack_instances" ? takenTargets(change) : takenResources(change);
}

/** What is known after the apply alone, `policy-unknown` says. */
function takenResources({ type, address, before, after, isUnknown }: PlannedChange): Danger[] {
  const attribute = documents.get(type)?.attribute;
  if (attribute === undefined || isUnknown(attribute) || before[attribute] === after[attribute]) return [];
  const [was, is] = [before[attribute], after[attribute]].map((text) => parseText(text)?.value);
  const [hadKeys, hasKeys] = [readTemplateKeys(was), readTemplateKeys(is)];
  for (const read of [hadKeys, hasKeys]) {
    if ("unreadable" in read)
      return [{ address, detail: [attribute], why: `what it would take away cannot be told: ${read.unreadable}` }];
  }
  if ("unreadable" in hadKeys || "unreadable" in hasKeys) return [];
  const losses = templateLosses(hadKeys, hasKeys);
  const others = [...hadKeys.resources].filter((id) => !hadKeys.keys.has(id));
  return [
    ...losses.map(({ logicalId, why }) => ({ address, detail: [logicalId], why })),
    ...others.flatMap((id) => fateOf(id, was, is).map((why) => ({ address, detail: [id], why }))),
    ...[...hasKeys.excluded]
      .filter((accountId) => !hadKeys.excluded.has(accountId))
      .map((accountId) => ({
        address,
        detail: [accountId],
        why: `would take all that it has made from account ${accountId}`,
      })),
  ];
}

/** Of another one in its place an account has lost the former all the same: a role is assumed by its name. */
const lastingProperties = ["Path", "RoleName"];

function fateOf(logicalId: string, was: unknown, is: unknown): string[] {
  const [old, next] = [resourceOf(was, logicalId), resourceOf(is, logicalId)];
  const what = `${String(old.Type)} ${logicalId}`;
  if (next.Type === undefined)
    return [`the template no longer has its ${what}, which would be deleted in each account`];
  const [oldProperties, nextProperties] = [fieldsOf(old.Properties), fieldsOf(next.Properties)];
  const changed = [
    ...(old.Type === next.Type ? [] : ["Type"]),
    ...(whenMade(old, was) === whenMade(next, is) ? [] : ["Condition"]),
    ...lastingProperties.filter(
      (name) => old.Type === "AWS::IAM::Role" && textOf(oldProperties[name]) !== textOf(nextProperties[name]),
    ),
  ];
  return changed.length === 0
    ? []
    : [`its ${what} would be another one, or none, in each account: ${changed.join(", ")}`];
}

function whenMade({ Condition: condition }: Values, template: unknown): string | undefined {
  return conditionText(condition, fieldsOf(fieldsOf(template).Conditions));
}

/** Whatever no longer goes to an OU, an account or a Region is deleted there, or left to nobody. */
function takenTargets({ address, before, after, isUnknown }: PlannedChange): Danger[] {
  const [was, is] = [targetsOf(before), targetsOf(after)];
  const gone = (what: string, names: readonly string[]): Danger[] =>
    names.map((name) => ({ address, detail: [name], why: `would no longer be in ${what} ${name}` }));
  // Of DIFFERENCE the accounts are those that it does not go to.
  const [fewer, more] = was.filter === "DIFFERENCE" ? [is.accounts, was.accounts] : [was.accounts, is.accounts];
  return [
    ...["deployment_targets", "regions"]
      .filter(isUnknown)
      .map((name) => ({ address, detail: [name], why: `its ${name} are known after the apply alone` })),
    ...gone("OU", isUnknown("deployment_targets") ? [] : without(was.ous, is.ous)),
    ...gone("account", isUnknown("deployment_targets") ? [] : without(fewer, more)),
    ...gone("account", isUnknown("accounts") ? [] : without(textsOf(before.accounts), textsOf(after.accounts))),
    ...gone("Region", isUnknown("regions") ? [] : without(textsOf(before.regions), textsOf(after.regions))),
    ...(was.filter === is.filter || isUnknown("deployment_targets")
      ? []
      : [
          {
            address,
            detail: ["account_filter_type"],
            why: `would choose accounts by ${is.filter} instead of ${was.filter}`,
          },
        ]),
  ];
}

interface Targets {
  readonly ous: readonly string[];
  readonly accounts: readonly string[];
  readonly filter: string;
}

/** A block is a list of one in a plan. */
function targetsOf({ deployment_targets: block }: Values): Targets {
  const fields = fieldsOf(Array.isArray(block) ? block[0] : block);
  const { account_filter_type: filter } = fields;
  return {
    ous: textsOf(fields.organizational_unit_ids),
    accounts: textsOf(fields.accounts),
    filter: typeof filter === "string" && filter !== "" ? filter : "NONE",
  };
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name)).sort();
}

function resourceOf(template: unknown, logicalId: string): Values {
  return fieldsOf(fieldsOf(fieldsOf(template).Resources)[logicalId]);
}

function textOf(value: unknown): string {
  return value === undefined ? "" : sortedJson(value);
}
