import { fieldsOf } from "../access/json-parts";
import { parseText } from "../access/policy-text";
import { readSynthesizedStack } from "../access/read-synthesized-stack";
import { writtenArguments } from "../access/resource-arguments";
import { type Fields, isFields } from "../access/stack-reading";
import { parseReference } from "../access/terraform-value";
import { sortedJson } from "../continuity/sorted-json";
import type { PlanJson } from "../terraform/plan-json";
import { arnsAfter, type FormerArgument, formerAddressOf, formerArgument, type PlannedStack } from "./former-arguments";
import { FormerJson } from "./former-json";
import { formerProvider } from "./former-provider";
import { formerRecord } from "./former-record";
import { partedChanges, type ReviewedPlan, reviewedArguments } from "./gated-stack";
import { goneKeys, madeAnew } from "./gone-keys";
import { notReviewed } from "./not-reviewed";
import { type PlanRemark, remark, unreadParts } from "./plan-remark";
import type { PlannedChange } from "./planned-change";
import { documents, isKeyOrReplica, keyTypes, rolloutTypes } from "./resource-types";

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
  const { managed, unreadable } = partedChanges(plan);
  const gone = goneKeys(plan);
  const changes = managed.map((change) => madeAnew(change, gone));
  const undoing = new Undoing(name, { json, changes, arnsAfter: arnsAfter(changes), gone });
  const reviewed: ReviewedPlan = { json, changes, stack: readSynthesizedStack(name, text) };
  for (const change of changes) {
    undoing.undo(change);
    undoing.compare(change, reviewed);
  }
  return {
    text: `${JSON.stringify(undoing.json(), null, 2)}\n`,
    remarks: [...unreadParts(name, plan, unreadable), ...undoing.remarks],
  };
}

class Undoing {
  readonly remarks: PlanRemark[] = [];
  readonly #former: FormerJson;

  constructor(
    readonly name: string,
    readonly stack: PlannedStack & { readonly gone: ReadonlyMap<string, Fields> },
  ) {
    this.#former = new FormerJson(stack.json);
    const planned = new Set(stack.changes.map(({ address }) => address));
    for (const address of this.#former.addresses()) {
      if (!planned.has(address))
        this.#tell("other-changed", address, "is in no plan: nobody can tell what becomes of it");
    }
  }

  undo(change: PlannedChange): void {
    const { address, action } = change;
    if (change.isDeposed) {
      this.#tellDeposed(change);
      return;
    }
    if (!isOfStack(change)) {
      this.#tellStranger(change);
      return;
    }
    this.#former.settle(address);
    switch (action) {
      case "create":
        this.#former.take(address);
        return;
      case "delete":
      case "forget":
        this.#put(change, this.#formerArguments(change));
        return;
      case "replace": {
        const former = this.#formerArguments(change);
        this.#put(change, { ...keptOf(this.#reviewed(change)), ...former });
        this.#tellReplacement(change, former);
        return;
      }
      case "unclear":
        this.#tell("other-changed", address, "is in the plan with an action that nobody understands");
        return;
      default:
        this.#changeBack(change);
    }
  }

  /** A plan of another JSON does what neither side of the review says. */
  compare(change: PlannedChange, reviewed: ReviewedPlan): void {
    if (change.isDeposed || (change.action === "none" && reviewedArguments(reviewed, change) === undefined)) return;
    for (const { why } of isOfStack(change) ? notReviewed(change, reviewed) : []) {
      this.#tell("stack-unreadable", change.address, `${why}: the plan is of another JSON`);
    }
    const { action, address } = change;
    if (action === "delete" && isKeyOrReplica(change) && reviewedArguments(reviewed, change) !== undefined) {
      this.#tell(removedId(change), address, "is deleted, though the reviewed JSON has it");
    }
  }

  json(): Fields {
    return this.#former.json(formerRecord(this.stack.json["//"], this.stack));
  }

  #reviewed({ type, id }: PlannedChange): Fields {
    return fieldsOf(fieldsOf(fieldsOf(this.stack.json.resource)[type])[id]);
  }

  #changeBack(change: PlannedChange): void {
    const { address, action, before, after } = change;
    const reviewed = this.#reviewed(change);
    const known = writtenArguments(change.type) ?? Object.keys(before);
    const region = formerProvider(change, this.stack)?.region;
    const fields: Record<string, unknown> = { ...reviewed };
    const told = new Set<string>();
    for (const argument of known) {
      if (!change.isUnknown(argument) && isSame(before[argument], after[argument])) continue;
      told.add(argument);
      this.#set(fields, argument, change, region);
    }
    if (formerAddressOf(change) !== address) this.#former.take(address);
    this.#put(change, fields);
    if (action !== "update") return;
    const others = Object.keys({ ...before, ...after }).filter(
      (name) =>
        !known.includes(name) && !filledIn.has(name) && !change.isUnknown(name) && !isSame(before[name], after[name]),
    );
    if (others.length > 0) this.#tell("other-changed", address, `has another ${others.sort().join(", ")}`);
    else if (told.size === 0) this.#tell("other-changed", address, "is updated, and none of its arguments is another");
    else if (this.#readsTheSame(change, fields, [...told])) {
      this.#tell("other-changed", address, `is updated, and its ${[...told].sort().join(", ")} read as before`);
    }
  }

  /** All arguments as they were. */
  #formerArguments(change: PlannedChange): Fields {
    const { address, type, before } = change;
    const provider = formerProvider(change, this.stack);
    if (provider === undefined)
      this.#tell("other-changed", address, "has been in a Region that the plan does not name");
    const fields: Record<string, unknown> = provider === undefined ? {} : { provider: provider.reference };
    for (const argument of writtenArguments(type) ?? Object.keys(before)) {
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
      fields[argument] = this.#former.encode(former.document, this.#reviewed(change)[argument], id);
    } else fields[argument] = value;
  }

  #tellDeposed(change: PlannedChange): void {
    const { address, action, before } = change;
    if (action === "none") return;
    const what = `has one left behind by a replacement (${String(before.key_id ?? before.id)}), which goes`;
    this.#tell(replacedId(change), address, `${what}${isKeyOrReplica(change) ? " with all data under it" : ""}`);
  }

  /** A taint, or somebody's word, replaces what has the same arguments before and after. */
  #tellReplacement(change: PlannedChange, former: Fields): void {
    const { address, type, replacedFor } = change;
    if (this.stack.gone.has(address)) {
      const what = "is no longer in AWS, or about to go, and is made anew: the new one decrypts nothing of the old one";
      this.#tell(replacedId(change), address, what);
      return;
    }
    const reviewed = this.#reviewed(change);
    const known = writtenArguments(type) ?? [];
    const names = replacedFor.map((path) => path.split(".")[0] ?? "").filter((name) => known.includes(name));
    if (names.some((name) => !isSame(former[name], reviewed[name]))) return;
    const follows = !isKeyOrReplica(change) && !rolloutTypes.has(type);
    if (follows && names.some((name) => this.#isReplaced(reviewed[name]))) return;
    const why =
      replacedFor.length === 0 ? "though none of its arguments asks for it" : `for its ${replacedFor.join(", ")}`;
    this.#tell(
      replacedId(change),
      address,
      `is replaced, ${why}: what is there goes${isKeyOrReplica(change) ? " with all data under it" : ""}`,
    );
  }

  /** What the plan does to something that is not of the stack itself, but of a module of it, or one of several. */
  #tellStranger(change: PlannedChange): void {
    const { address, action } = change;
    if (action === "none") return;
    const stranger = "is nothing of the stack's JSON, and is";
    if (action === "delete") this.#tell(removedId(change), address, `${stranger} deleted`);
    else if (action === "replace") this.#tell(replacedId(change), address, `${stranger} replaced`);
    else this.#tell("other-changed", address, `${stranger} changed`);
  }

  /** Whether a review sees nothing of an update; an alias goes along with the key that is replaced. */
  #readsTheSame(change: PlannedChange, fields: Fields, told: readonly string[]): boolean {
    const reviewed = this.#reviewed(change);
    return told.every((name) => {
      if (change.isSecret(name)) return false;
      const former = this.#former.documentOf(fields[name]);
      const isSameDocument =
        former === undefined || isSame(former.document, fieldsOf(this.stack.json.locals)[former.name]);
      return isSame(fields[name], reviewed[name]) && isSameDocument && !this.#isReplaced(reviewed[name]);
    });
  }

  #isReplaced(value: unknown): boolean {
    const reference = typeof value === "string" ? parseReference(value) : undefined;
    const address = reference && `${reference.type}.${reference.name}`;
    return this.stack.changes.some((change) => change.address === address && change.action === "replace");
  }

  #put(change: PlannedChange, fields: Fields): void {
    this.#former.put(formerAddressOf(change) ?? change.address, fields);
  }

  #tell(id: PlanRemark["id"], address: string, what: string): void {
    this.remarks.push(remark(id, this.name, address, what));
  }
}

/** Neither of a module, nor one of several. */
function isOfStack({ address }: PlannedChange): boolean {
  return /^[a-z_0-9]+\.[A-Za-z_][\w-]*$/.test(address);
}

function removedId(change: PlannedChange): PlanRemark["id"] {
  if (!isKeyOrReplica(change)) return "other-changed";
  return keyTypes.has(change.type) ? "key-removed" : "replica-removed";
}

function replacedId(change: PlannedChange): PlanRemark["id"] {
  if (!isKeyOrReplica(change)) return "other-changed";
  return keyTypes.has(change.type) ? "key-replaced" : "replica-replaced";
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
