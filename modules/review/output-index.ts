import { fieldsOf } from "../access/json-parts";
import { keyResourceTypes } from "../access/key-resource-types";
import { readSynthesizedStack } from "../access/read-synthesized-stack";
import { metadataOfKey, readMetadata } from "../access/stack-metadata";
import type { Fields } from "../access/stack-reading";
import type { StackKey, SynthesizedStack } from "../access/synthesized-stack";
import { stackSubject } from "../continuity/stack-subject";
import { costOf, type InventoryCost } from "../inventory/cost";
import { inventoryOf } from "../inventory/inventory-of";
import { rolloutsOf } from "../inventory/rollouts-of";
import { keyIdentity } from "./key-identity";
import type { IndexedKey, SideIndex } from "./side-index";

/** What is kept of every stack of a side, whether it changes or not. */
export interface StackOutline {
  readonly name: string;
  /** What goes on with it has the same; undefined for a stack that does not say. */
  readonly subject: string | undefined;
  /** Of an account's stack, whether it has keys or not. */
  readonly accountId: string | undefined;
  readonly keys: readonly IndexedKey[];
  /** US dollars a month. */
  readonly cost: number;
}

/** The outline of a stack: of a text that nobody can read, its name alone. */
export function outlineOf(name: string, text: string | undefined): StackOutline {
  const json = parse(text);
  if (text === undefined || json === undefined)
    return { name, subject: undefined, accountId: undefined, keys: [], cost: 0 };
  const metadata = readMetadata(json["//"]);
  const stack = readSynthesizedStack(name, metadata.kind === "account" ? JSON.stringify(keysAlone(json)) : text);
  return {
    name,
    subject: stackSubject(json, metadata),
    accountId: metadata.kind === "account" ? (stack.accountId ?? metadata.accountId) : undefined,
    keys: stack.keys.map((key) => indexedKey(key, stack)),
    cost: monthlyCost(costOf(inventoryOf(stack), rolloutsOf(stack))),
  };
}

function parse(text: string | undefined): Fields | undefined {
  try {
    return text === undefined ? undefined : fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const outlined: ReadonlySet<string> = new Set([
  ...Object.keys(keyResourceTypes),
  "aws_kms_alias",
  "aws_kms_custom_key_store",
]);

/** A stack without its policies and grants: these of 1,000 accounts take seconds to read, and no outline needs them. */
function keysAlone({ "//": comment, provider, resource, terraform }: Fields): Fields {
  const keys = Object.entries(fieldsOf(resource))
    .filter(([type]) => outlined.has(type))
    .map(([type, resources]) => [
      type,
      Object.fromEntries(
        Object.entries(fieldsOf(resources)).map(([id, value]) => {
          const { policy: _, "//": _comment, ...fields } = fieldsOf(value);
          return [id, fields];
        }),
      ),
    ]);
  return { "//": comment, provider, terraform, resource: Object.fromEntries(keys) };
}

function indexedKey(key: StackKey, stack: SynthesizedStack): IndexedKey {
  const named = metadataOfKey(stack, key)?.alias;
  const aliases = stack.aliases
    .filter(({ target, region }) => target === key.address && region === key.region)
    .map((alias) => alias.name);
  return {
    kind: key.kind,
    stack: stack.name,
    address: key.address,
    accountId: stack.accountId ?? stack.metadata.accountId ?? "",
    region: key.region,
    aliases: [...aliases.filter((alias) => alias === named), ...aliases.filter((alias) => alias !== named)],
    primary: key.primary,
    identity: keyIdentity(key.address),
    zone: stack.metadata.zone,
  };
}

function monthlyCost({ now, requests }: InventoryCost): number {
  return now + requests;
}

/** Stacks that others ask for are few, and ask for them one after the other. */
const MOST_STACKS_KEPT = 8;

/** Finds keys of one side without holding its stacks. */
export class OutputIndex implements SideIndex {
  readonly #textOf: (stack: string) => string | undefined;
  readonly #names = new Set<string>();
  readonly #stacks = new Map<string, string[]>();
  readonly #byAlias = new Map<string, IndexedKey>();
  readonly #byAccount = new Map<string, IndexedKey[]>();
  readonly #byName = new Map<string, IndexedKey[]>();
  /** Last asked for is last. */
  readonly #kept = new Map<string, SynthesizedStack>();

  constructor(outlines: readonly StackOutline[], textOf: (stack: string) => string | undefined) {
    this.#textOf = textOf;
    for (const { name, accountId, keys } of outlines) {
      this.#names.add(name);
      if (accountId !== undefined) append(this.#stacks, accountId, name);
      for (const key of keys) {
        append(this.#byAccount, key.accountId, key);
        for (const called of [key.identity, ...key.aliases]) append(this.#byName, called, key);
        for (const alias of key.aliases) this.#byAlias.set(`${key.accountId} ${key.region} ${alias}`, key);
      }
    }
  }

  keyBehind({ accountId, region, alias }: Parameters<SideIndex["keyBehind"]>[0]): IndexedKey | undefined {
    return this.#byAlias.get(`${accountId} ${region} ${alias}`);
  }

  keysOf(accountId: string): readonly IndexedKey[] {
    return this.#byAccount.get(accountId) ?? [];
  }

  keysCalled(name: string): readonly IndexedKey[] {
    return this.#byName.get(name) ?? [];
  }

  stacksOf(accountId: string): readonly string[] {
    return this.#stacks.get(accountId) ?? [];
  }

  stack(name: string): SynthesizedStack | undefined {
    if (!this.#names.has(name)) return undefined;
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    const text = kept === undefined ? this.#textOf(name) : undefined;
    const stack = kept ?? (text === undefined ? undefined : readSynthesizedStack(name, text));
    if (stack === undefined) return undefined;
    this.#kept.set(name, stack);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_STACKS_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return stack;
  }
}

function append<Item>(map: Map<string, Item[]>, name: string, item: Item): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [item]);
  else list.push(item);
}
