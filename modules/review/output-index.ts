import { blocksOf, fieldsOf } from "../access/json-parts";
import { readSynthesizedStack } from "../access/read-synthesized-stack";
import { readMetadata } from "../access/stack-metadata";
import type { Fields } from "../access/stack-reading";
import type { SynthesizedStack } from "../access/synthesized-stack";
import { literalText, parseReference } from "../access/terraform-value";
import { stackSubject } from "../continuity/stack-subject";
import { keyIdentity } from "./key-identity";
import type { IndexedKey, SideIndex } from "./side-index";

/** What is kept of every stack of a side, whether it changes or not. */
export interface StackOutline {
  readonly name: string;
  /** What goes on with it has the same; undefined for a stack that does not say. */
  readonly subject: string | undefined;
  readonly keys: readonly IndexedKey[];
  /** US dollars a month. */
  readonly cost: number;
}

const kinds: Readonly<Record<string, IndexedKey["kind"]>> = {
  aws_kms_key: "key",
  aws_kms_external_key: "key",
  aws_kms_replica_key: "replica",
  aws_kms_replica_external_key: "replica",
};

/** The outline of a stack: of a text that nobody can read, its name alone. */
export function outlineOf(name: string, text: string | undefined): StackOutline {
  const json = parse(text);
  if (json === undefined) return { name, subject: undefined, keys: [], cost: 0 };
  const metadata = readMetadata(json["//"]);
  const resources = fieldsOf(json.resource);
  const regions = new Map(
    blocksOf(fieldsOf(json.provider).aws).map(({ alias, region }) => [
      alias === undefined ? "aws" : `aws.${String(alias)}`,
      region,
    ]),
  );
  const regionOf = ({ provider = "aws" }: Fields): string => String(regions.get(String(provider)));
  const aliases = new Map<string, string[]>();
  for (const fields of Object.values(fieldsOf(resources.aws_kms_alias)).map(fieldsOf)) {
    const alias = typeof fields.name === "string" ? literalText(fields.name) : undefined;
    const target = referenced(fields.target_key_id);
    if (alias !== undefined && target !== undefined) aliases.set(target, [...(aliases.get(target) ?? []), alias]);
  }
  const keys = Object.entries(kinds).flatMap(([type, kind]) =>
    Object.entries(fieldsOf(resources[type])).map(([id, value]): IndexedKey => {
      const fields = fieldsOf(value);
      const address = `${type}.${id}`;
      const primary = kind === "replica" ? referenced(fields.primary_key_arn) : undefined;
      const named = metadata.keys.get((primary ?? address).slice((primary ?? address).indexOf(".") + 1))?.alias;
      const own = aliases.get(address) ?? [];
      return {
        kind,
        stack: name,
        address,
        accountId: metadata.accountId ?? "",
        region: regionOf(fields),
        aliases:
          named === undefined
            ? own
            : [...own.filter((each) => each === named), ...own.filter((each) => each !== named)],
        primary,
        identity: keyIdentity(address),
        zone: metadata.zone,
      };
    }),
  );
  return { name, subject: stackSubject(json, metadata), keys, cost: 0 };
}

function parse(text: string | undefined): Fields | undefined {
  try {
    return text === undefined ? undefined : fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The address behind `${aws_kms_key.payments_prod_us-east-1.arn}`. */
function referenced(value: unknown): string | undefined {
  const reference = typeof value === "string" ? parseReference(value) : undefined;
  return reference === undefined ? undefined : `${reference.type}.${reference.name}`;
}

/** Stacks that others ask for are few, and ask for them one after the other. */
const MOST_STACKS_KEPT = 8;

/** Finds keys of one side without holding its stacks. */
export class OutputIndex implements SideIndex {
  readonly #textOf: (stack: string) => string | undefined;
  readonly #names = new Set<string>();
  readonly #byAlias = new Map<string, IndexedKey>();
  readonly #byAccount = new Map<string, IndexedKey[]>();
  readonly #byName = new Map<string, IndexedKey[]>();
  /** Last asked for is last. */
  readonly #kept = new Map<string, SynthesizedStack>();

  constructor(outlines: readonly StackOutline[], textOf: (stack: string) => string | undefined) {
    this.#textOf = textOf;
    for (const { name, keys } of outlines) {
      this.#names.add(name);
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
    return [...new Set(this.keysOf(accountId).map(({ stack }) => stack))];
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

function append(map: Map<string, IndexedKey[]>, name: string, key: IndexedKey): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [key]);
  else list.push(key);
}
