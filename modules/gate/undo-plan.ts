import { fieldsOf } from "../access/json-parts";
import { parseText } from "../access/policy-text";
import { readSynthesizedStack } from "../access/read-synthesized-stack";
import { type Fields, isFields } from "../access/stack-reading";
import { parseEncodedLocal, parseReference } from "../access/terraform-value";
import { sortedJson } from "../continuity/sorted-json";
import type { PlanJson } from "../terraform/plan-json";
import { arnsAfter, type FormerArgument, formerAddressOf, formerArgument, type PlannedStack } from "./former-arguments";
import { formerProvider } from "./former-provider";
import { formerRecord } from "./former-record";
import { partedChanges, type ReviewedPlan, reviewedArguments } from "./gated-stack";
import { notReviewed } from "./not-reviewed";
import { type PlanRemark, remark, unreadParts } from "./plan-remark";
import { isResourceChange, type PlannedChange } from "./planned-change";
import { argumentsOf } from "./resource-arguments";
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

/** Keys and replicas that the state has and AWS no longer, by address: for the provider, one whose deletion is scheduled is gone. */
function goneKeys({ resource_drift: drift }: PlanJson): ReadonlyMap<string, Fields> {
  const list: readonly unknown[] = Array.isArray(drift) ? drift : [];
  return new Map(
    list
      .filter(isResourceChange)
      .filter((each) => isKeyOrReplica(each) && each.deposed === undefined && each.change.actions.join() === "delete")
      .map(({ address, change }) => [address, fieldsOf(change.before)]),
  );
}

/** A key that is made where one is gone is a replacement. */
function madeAnew(change: PlannedChange, gone: ReadonlyMap<string, Fields>): PlannedChange {
  const before = change.isDeposed || change.action !== "create" ? undefined : gone.get(change.address);
  return before === undefined ? change : { ...change, before, action: "replace" };
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
    readonly stack: PlannedStack & { readonly gone: ReadonlyMap<string, Fields> },
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
    if (!isOfStack(change)) {
      this.#tellStranger(change);
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
      case "replace": {
        const former = this.#former(change);
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
    else if (this.#readsTheSame(change, fields, [...told])) {
      this.#tell("other-changed", address, `is updated, and its ${[...told].sort().join(", ")} read as before`);
    }
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
  #tellReplacement(change: PlannedChange, former: Fields): void {
    const { address, type, replacedFor } = change;
    if (this.stack.gone.has(address)) {
      const what = "is no longer in AWS, or about to go, and is made anew: the new one decrypts nothing of the old one";
      this.#tell(replacedId(change), address, what);
      return;
    }
    const reviewed = this.#reviewed(change);
    const known = argumentsOf(type) ?? [];
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
      const local = parseEncodedLocal(String(fields[name]));
      const isSameDocument =
        local === undefined || isSame(this.#locals.get(local), fieldsOf(this.stack.json.locals)[local]);
      return isSame(fields[name], reviewed[name]) && isSameDocument && !this.#isReplaced(reviewed[name]);
    });
  }

  #isReplaced(value: unknown): boolean {
    const reference = typeof value === "string" ? parseReference(value) : undefined;
    const address = reference && `${reference.type}.${reference.name}`;
    return this.stack.changes.some((change) => change.address === address && change.action === "replace");
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
