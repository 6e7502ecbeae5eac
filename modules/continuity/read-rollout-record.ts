import { fieldsOf } from "../access/json-parts";
import type { Fields } from "../access/stack-reading";
import type { RolloutMetadata, StackMetadata } from "../access/synthesized-stack";
import { literalText, parseEncodedLocal, parseReference } from "../access/terraform-value";
import { nameOrder } from "../aws/name-order";
import type { RolloutRecord, RolloutTargets, TemplateRecord } from "./rollout-record";
import { readTemplateKeys } from "./template-keys";

const STACK_SETS = "aws_cloudformation_stack_set";
const INSTANCES = "aws_cloudformation_stack_instances";
const STACKS = "aws_cloudformation_stack";

export const rolloutTypes = [STACK_SETS, INSTANCES, STACKS];

/**
 * Reads what a stack's templates have that can be lost.
 *
 * @param regionOf the Region of a resource's provider
 * @returns every reason when nobody can tell; undefined for a stack without templates
 */
export function readRolloutRecord(
  { resource, locals }: Fields,
  metadata: StackMetadata,
  regionOf: (fields: Fields) => string | undefined,
): RolloutRecord | undefined | { unreadable: string[] } {
  const resources = fieldsOf(resource);
  const named = (type: string): [string, unknown][] => Object.entries(fieldsOf(resources[type]));
  if (rolloutTypes.every((type) => named(type).length === 0)) return undefined;
  const unreadable: string[] = [];
  const templates = new Map<string, TemplateRecord>();
  const instances = new Map<string, Fields>();
  for (const [id, value] of named(INSTANCES)) {
    const fields = fieldsOf(value);
    const of = typeof fields.stack_set_name === "string" ? parseReference(fields.stack_set_name) : undefined;
    if (of === undefined || of.type !== STACK_SETS || fieldsOf(resources[STACK_SETS])[of.name] === undefined)
      unreadable.push(`${INSTANCES}.${id} names no StackSet of the stack`);
    else if (instances.has(of.name)) unreadable.push(`${STACK_SETS}.${of.name} has its instances twice`);
    else instances.set(of.name, fields);
  }
  const add = (type: string, id: string, value: unknown, rolledOut: RolloutMetadata | undefined): void => {
    const fields = fieldsOf(value);
    const address = `${type}.${id}`;
    const name = typeof fields.name === "string" ? literalText(fields.name) : undefined;
    const home = regionOf(fields);
    if (name === undefined || home === undefined) unreadable.push(`${address} has no name or Region that can be read`);
    const template = readTemplateKeys(documentOf(fields, fieldsOf(locals)));
    const targets = type === STACK_SETS ? readTargets(instances.get(id)) : undefined;
    if ("unreadable" in template) unreadable.push(`of ${address}: ${template.unreadable}`);
    else if (targets === "unreadable") unreadable.push(`the targets or Regions of ${address} are no lists of texts`);
    else
      templates.set(address, {
        kind: type === STACK_SETS ? "StackSet" : "stack",
        address,
        id,
        name: name ?? "",
        home: home ?? "",
        callAs: String(fields.call_as ?? "SELF"),
        targets,
        retained: isRetained(fields, instances.get(id)),
        ...template,
        metadata: rolledOut,
      });
  };
  for (const [id, value] of named(STACK_SETS)) add(STACK_SETS, id, value, metadata.stackSets.get(id));
  for (const [id, value] of named(STACKS)) add(STACKS, id, value, metadata.directStacks.get(id));
  return unreadable.length > 0 ? { unreadable } : { templates };
}

/** A template as a structured local, or as JSON text; nothing for any other, which `readTemplateKeys` then says. */
function documentOf({ template_body: body }: Fields, locals: Fields): unknown {
  if (typeof body !== "string") return undefined;
  const local = parseEncodedLocal(body);
  if (local !== undefined) return locals[local];
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readTargets(instances: Fields | undefined): RolloutTargets | undefined | "unreadable" {
  if (instances === undefined) return undefined;
  const block = blockOf(instances.deployment_targets);
  const ous = textsOf(block.organizational_unit_ids);
  const accounts = textsOf(block.accounts ?? instances.accounts);
  const regions = textsOf(instances.regions);
  if (ous === undefined || accounts === undefined || regions === undefined || regions.length === 0) return "unreadable";
  return { ous, accounts, filter: String(block.account_filter_type ?? "NONE"), regions };
}

/** Without automatic deployment nothing leaves by itself. */
function isRetained({ auto_deployment: automatic }: Fields, instances: Fields | undefined): boolean {
  const { enabled, retain_stacks_on_account_removal: retained } = blockOf(automatic);
  return isTrue(instances?.retain_stacks) && (!isTrue(enabled) || isTrue(retained));
}

function textsOf(value: unknown): string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const texts = list.filter((item) => typeof item === "string");
  return texts.length === list.length ? texts.sort(nameOrder) : undefined;
}

/** Terraform takes the text for the value. */
function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** A block, or a list of one. */
function blockOf(value: unknown): Fields {
  return fieldsOf(Array.isArray(value) ? value[0] : value);
}
