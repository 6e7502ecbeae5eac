import { fieldsOf } from "../access/json-parts";
import { parseText } from "../access/policy-text";
import { type Fields, isFields } from "../access/stack-reading";
import { parseEncodedLocal } from "../access/terraform-value";
import { sortedJson } from "../continuity/sorted-json";
import type { PlanJson } from "../terraform/plan-json";
import { type FormerArgument, formerAddressOf, formerArgument, type PlannedStack } from "./former-arguments";
import { formerProvider } from "./former-provider";
import { formerRecord } from "./former-record";
import { partedChanges } from "./gated-stack";
import type { PlannedChange } from "./planned-change";
import { argumentsOf } from "./resource-arguments";
import { documents, isKeyOrReplica, keyTypes } from "./resource-types";

/** What a plan does, or may do, that a stack's JSON before and after it cannot say. */
export interface PlanRemark {
  readonly id: "key-replaced" | "replica-replaced" | "stack-unreadable" | "other-changed";
  readonly stack: string;
  readonly address: string | undefined;
  /** A clause on the resource, or the stack. */
  readonly what: string;
  readonly whatToDo: string;
}

export interface UndonePlan {
  /** A cdk.tf.json of what AWS and the state have before the plan. */
  readonly text: string;
  readonly remarks: readonly PlanRemark[];
}

/**
 * The JSON that a stack would have if AWS were as reviewed: the reviewed one with everything undone that its plan does. What is made
 * is taken out, what is deleted or let go is put in, and what is changed has the values that it had.
 *
 * @param text the stack's cdk.tf.json, as it was planned
 */
export function undoPlan(input: { readonly name: string; readonly text: string; readonly plan: PlanJson }): UndonePlan {
  const { name, text, plan } = input;
  const json = parseText(text)?.value;
  if (!isFields(json)) {
    return { text, remarks: [remark("stack-unreadable", name, undefined, "is no JSON that can be read")] };
  }
  const { managed: changes, unreadable } = partedChanges(plan);
  const undoing = new Undoing(name, { json, changes });
  for (const change of changes) undoing.undo(change);
  return {
    text: `${JSON.stringify(undoing.json(), null, 2)}\n`,
    remarks: [...unreadParts(name, plan, unreadable), ...undoing.remarks],
  };
}

function unreadParts(stack: string, { errored, complete }: PlanJson, unreadable: number): PlanRemark[] {
  const parts = [
    ...(unreadable > 0 ? [`has a plan with ${unreadable} entries that nobody can read`] : []),
    ...(errored === true ? ["has a plan that ended with an error: it does not say everything"] : []),
    ...(complete === false ? ["has a plan that leaves something for a later one"] : []),
  ];
  return parts.map((what) => remark("stack-unreadable", stack, undefined, what));
}

function remark(id: PlanRemark["id"], stack: string, address: string | undefined, what: string): PlanRemark {
  const whatToDo =
    id === "stack-unreadable"
      ? "plan it again, and review that plan"
      : "read it in the plan itself: terraform show of the stack's plan.tfplan";
  return { id, stack, address, what, whatToDo };
}

/** Arguments of resources by type and id, as they are being taken back. */
type Resources = Map<string, Map<string, Fields>>;

class Undoing {
  readonly remarks: PlanRemark[] = [];
  readonly #resources: Resources;
  readonly #locals: Map<string, unknown>;
  /** How often the reviewed JSON uses each local as a document. */
  readonly #uses: ReadonlyMap<string, number>;
  /** Addresses whose blocks of import, moved or removed are about what the plan does. */
  readonly #settled = new Set<string>();

  constructor(
    readonly name: string,
    readonly stack: PlannedStack,
  ) {
    const { json, changes } = stack;
    this.#locals = new Map(Object.entries(fieldsOf(json.locals)));
    this.#uses = encodedLocals(json.resource);
    this.#resources = new Map(
      Object.entries(fieldsOf(json.resource)).map(([type, resources]) => [
        type,
        new Map(Object.entries(fieldsOf(resources)).map(([id, fields]) => [id, fieldsOf(fields)])),
      ]),
    );
    const planned = new Set(changes.map(({ address }) => address));
    for (const [type, resources] of this.#resources) {
      for (const id of resources.keys()) {
        if (!planned.has(`${type}.${id}`))
          this.#tell("other-changed", `${type}.${id}`, "is in no plan: nobody can tell what becomes of it");
      }
    }
  }

  undo(change: PlannedChange): void {
    const { address, action } = change;
    if (change.isDeposed) {
      this.#tellDeposed(change);
      return;
    }
    if (!/^[a-z_0-9]+\.[A-Za-z_][\w-]*$/.test(address)) {
      if (action !== "none") this.#tell("other-changed", address, "is nothing of the stack's JSON, and is changed");
      return;
    }
    this.#settled.add(address);
    switch (action) {
      case "create":
        this.#take(address);
        return;
      case "delete":
      case "forget":
        this.#put(change, this.#former(change));
        return;
      case "replace":
        this.#put(change, { ...keptOf(this.#reviewed(change)), ...this.#former(change) });
        this.#tellReplacement(change);
        return;
      case "unclear":
        this.#tell("other-changed", address, "is in the plan with an action that nobody understands");
        return;
      default:
        this.#changeBack(change);
    }
  }

  json(): Fields {
    const { json } = this.stack;
    const resource = Object.fromEntries(
      [...this.#resources]
        .filter(([, ofType]) => ofType.size > 0)
        .map(([type, ofType]) => [type, Object.fromEntries(ofType)]),
    );
    const used = encodedLocals(resource);
    return {
      ...json,
      "//": formerRecord(json["//"], this.stack),
      ...this.#blocks("import", "to"),
      ...this.#blocks("moved", "to"),
      ...this.#blocks("removed", "from"),
      locals: Object.fromEntries([...this.#locals].filter(([name]) => !this.#uses.has(name) || used.has(name))),
      resource,
    };
  }

  #blocks(part: string, subject: string): Fields {
    const { [part]: blocks } = this.stack.json;
    if (blocks === undefined) return {};
    const list: readonly unknown[] = Array.isArray(blocks) ? blocks : [blocks];
    return { [part]: list.filter((block) => !this.#settled.has(String(fieldsOf(block)[subject]))) };
  }

  #reviewed({ type, id }: PlannedChange): Fields {
    return fieldsOf(fieldsOf(fieldsOf(this.stack.json.resource)[type])[id]);
  }

  #changeBack(change: PlannedChange): void {
    const { address, action, before, after } = change;
    const reviewed = this.#reviewed(change);
    const known = argumentsOf(change.type) ?? Object.keys(before);
    const region = formerProvider(change, this.stack)?.region;
    const fields: Record<string, unknown> = { ...reviewed };
    const told = new Set<string>();
    for (const argument of known) {
      if (!change.isUnknown(argument) && isSame(before[argument], after[argument])) continue;
      told.add(argument);
      this.#set(fields, argument, change, region);
    }
    if (formerAddressOf(change) !== address) this.#take(address);
    this.#put(change, fields);
    if (action !== "update") return;
    const others = Object.keys({ ...before, ...after }).filter(
      (name) =>
        !known.includes(name) && !filledIn.has(name) && !change.isUnknown(name) && !isSame(before[name], after[name]),
    );
    if (others.length > 0) this.#tell("other-changed", address, `has another ${others.sort().join(", ")}`);
    else if (told.size === 0) this.#tell("other-changed", address, "is updated, and none of its arguments is another");
  }

  /** All arguments as they were. */
  #former(change: PlannedChange): Fields {
    const { address, type, before } = change;
    const provider = formerProvider(change, this.stack);
    if (provider === undefined)
      this.#tell("other-changed", address, "has been in a Region that the plan does not name");
    const fields: Record<string, unknown> = provider === undefined ? {} : { provider: provider.reference };
    for (const argument of argumentsOf(type) ?? Object.keys(before)) {
      if (before[argument] !== undefined) this.#set(fields, argument, change, provider?.region);
    }
    return fields;
  }

  #set(fields: Record<string, unknown>, argument: string, change: PlannedChange, region: string | undefined): void {
    const { address, type, id } = change;
    if (change.isSecret(argument)) {
      if (change.action === "update")
        this.#tell("other-changed", address, `has another ${argument}, which is a secret`);
      return;
    }
    const former: FormerArgument = formerArgument(change, argument, region, this.stack);
    if ("left" in former) this.#tell("other-changed", address, former.left);
    const { value } = former;
    if (value === undefined) delete fields[argument];
    else if ("document" in former && documents.get(type)?.attribute === argument) {
      const reviewed = parseEncodedLocal(String(this.#reviewed(change)[argument]));
      const isOnly = reviewed !== undefined && this.#uses.get(reviewed) === 1;
      const local = isOnly ? reviewed : this.#freeLocal(`${id}-former`);
      this.#locals.set(local, former.document);
      fields[argument] = `\${jsonencode(local.${local})}`;
    } else fields[argument] = value;
  }

  #freeLocal(name: string): string {
    return this.#locals.has(name) ? this.#freeLocal(`${name}-1`) : name;
  }

  #tellDeposed(change: PlannedChange): void {
    const { address, action, before } = change;
    if (action === "none") return;
    const what = `has one left behind by a replacement (${String(before.key_id ?? before.id)}), which goes`;
    this.#tell(replacedId(change), address, `${what}${isKeyOrReplica(change) ? " with all data under it" : ""}`);
  }

  /** A taint, or somebody's word, replaces what has the same arguments before and after. */
  #tellReplacement(change: PlannedChange): void {
    const { address, type, replacedFor } = change;
    const known = argumentsOf(type) ?? [];
    if (replacedFor.some((path) => known.includes(path.split(".")[0] ?? ""))) return;
    const why =
      replacedFor.length === 0 ? "though none of its arguments asks for it" : `for its ${replacedFor.join(", ")}`;
    this.#tell(
      replacedId(change),
      address,
      `is replaced, ${why}: what is there goes${isKeyOrReplica(change) ? " with all data under it" : ""}`,
    );
  }

  #put(change: PlannedChange, fields: Fields): void {
    const former = formerAddressOf(change) ?? change.address;
    const [type = "", id = ""] = [former.slice(0, former.indexOf(".")), former.slice(former.indexOf(".") + 1)];
    const ofType = this.#resources.get(type) ?? new Map<string, Fields>();
    ofType.set(id, fields);
    this.#resources.set(type, ofType);
  }

  #take(address: string): void {
    this.#resources.get(address.slice(0, address.indexOf(".")))?.delete(address.slice(address.indexOf(".") + 1));
  }

  #tell(id: PlanRemark["id"], address: string, what: string): void {
    this.remarks.push(remark(id, this.name, address, what));
  }
}

function replacedId(change: PlannedChange): PlanRemark["id"] {
  if (!isKeyOrReplica(change)) return "other-changed";
  return keyTypes.has(change.type) ? "key-replaced" : "replica-replaced";
}

/** Locals that arguments of resources are documents of, and in how many. */
function encodedLocals(resource: unknown): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const fields of Object.values(fieldsOf(resource)).flatMap((ofType) => Object.values(fieldsOf(ofType)))) {
    for (const value of Object.values(fieldsOf(fields))) {
      const local = typeof value === "string" ? parseEncodedLocal(value) : undefined;
      if (local !== undefined) uses.set(local, (uses.get(local) ?? 0) + 1);
    }
  }
  return uses;
}

/** The provider fills these in, and they follow from the arguments. */
const filledIn: ReadonlySet<string> = new Set([
  "attachment_count",
  "outputs",
  "policy_id",
  "stack_instance_summaries",
  "tags_all",
  "target_key_arn",
]);

/** Of Terraform's own, which no plan names. */
function keptOf({ lifecycle, depends_on: needs, provider }: Fields): Fields {
  return {
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(needs === undefined ? {} : { depends_on: needs }),
    ...(provider === undefined ? {} : { provider }),
  };
}

function isSame(before: unknown, after: unknown): boolean {
  return sortedJson(before ?? null) === sortedJson(after ?? null);
}
