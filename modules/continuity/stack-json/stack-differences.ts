import { fieldsOf } from "../../access/json-parts";
import { escapePointer } from "../../access/json-pointer";
import { type Fields, isFields } from "../../access/stack-reading";
import { nameOrder } from "../../aws/name-order";
import { sortedJson } from "../sorted-json";
import { type ChangedEntry, changedEntries, isSame } from "./changed-entries";
import { withDocuments } from "./stack-documents";

/** One thing in which two versions of a stack's JSON are not the same to Terraform. */
export interface StackDifference {
  /** `aws_kms_key.x`, `data.aws_kms_key.x`, `provider.aws.us-east-1`, `terraform.backend`, `import.aws_kms_key.x`, `local.x`. */
  readonly address: string;
  /** Undefined for the whole: it is on one side alone, or its shape is none that has arguments. */
  readonly argument: string | undefined;
  /** Undefined where it is not there. A document that a local holds stands in its place, as `{document}`. */
  readonly before: unknown;
  readonly after: unknown;
  /** JSON pointers, each where it is there. */
  readonly beforePath: string | undefined;
  readonly afterPath: string | undefined;
}

/**
 * Everything in which two versions of one stack's JSON are not the same to Terraform, down to the arguments of resources and
 * providers. A part of a shape that nobody here writes is one difference as a whole, so that nothing is passed over.
 *
 * @param before without comments, as `readStackJson` gives it
 */
export function stackDifferences(before: Fields, after: Fields): StackDifference[] {
  const [old, fresh] = [withDocuments(before, after), withDocuments(after, before)];
  return changedEntries(old.json, fresh.json).flatMap((part): StackDifference[] => {
    if (part.name === "locals") {
      return named("local.", part).filter(({ before: was, after: is, address }) => {
        const name = address.slice("local.".length);
        return !(was === undefined || old.claimed.has(name)) || !(is === undefined || fresh.claimed.has(name));
      });
    }
    const found = partDifferences(part);
    return found.length > 0 || isSameBlocks(part) ? found : [whole(part.name, part, `/${part.name}`)];
  });
}

function partDifferences(part: ChangedEntry): StackDifference[] {
  switch (part.name) {
    case "data":
      return typed("data.", part);
    case "import":
      return blocks(part, "to");
    case "moved":
    case "removed":
      return blocks(part, "from");
    case "output":
      return named("output.", part);
    case "provider":
      return providers(part);
    case "resource":
      return typed("", part);
    case "terraform":
      return named("terraform.", part);
    case "variable":
      return named("var.", part);
    default:
      return [];
  }
}

function whole(address: string, { before, after }: ChangedEntry, path: string, afterPath = path): StackDifference {
  return {
    address,
    argument: undefined,
    before,
    after,
    beforePath: before === undefined ? undefined : path,
    afterPath: after === undefined ? undefined : afterPath,
  };
}

function named(prefix: string, part: ChangedEntry): StackDifference[] {
  return isPart(part)
    ? changedEntries(part.before, part.after).map((entry) =>
        whole(`${prefix}${entry.name}`, entry, `/${part.name}/${escapePointer(entry.name)}`),
      )
    : [];
}

/** Resources and data sources: each argument by itself. */
function typed(prefix: string, part: ChangedEntry): StackDifference[] {
  if (!isPart(part)) return [];
  return changedEntries(part.before, part.after).flatMap((type): StackDifference[] => {
    const path = `/${part.name}/${escapePointer(type.name)}`;
    if (!isPart(type)) return [whole(`${part.name}.${type.name}`, type, path)];
    return changedEntries(type.before, type.after).flatMap((entry) =>
      ofBlock(`${prefix}${type.name}.${entry.name}`, entry, `${path}/${escapePointer(entry.name)}`),
    );
  });
}

function ofBlock(address: string, entry: ChangedEntry, path: string, afterPath = path): StackDifference[] {
  const { before, after } = entry;
  if (!isFields(before) || !isFields(after)) return [whole(address, entry, path, afterPath)];
  return changedEntries(before, after).map((argument) => {
    const name = escapePointer(argument.name);
    return { ...whole(address, argument, `${path}/${name}`, `${afterPath}/${name}`), argument: argument.name };
  });
}

function providers(part: ChangedEntry): StackDifference[] {
  if (!isPart(part)) return [];
  return changedEntries(part.before, part.after).flatMap((provider) => {
    const [old, fresh] = [provider.before, provider.after].map((value) =>
      byAlias(value, `/${part.name}/${escapePointer(provider.name)}`),
    );
    const names = [...new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])].sort(nameOrder);
    return names.flatMap((name) => {
      const [was, is] = [old?.get(name), fresh?.get(name)];
      if (isSame(was?.value, is?.value)) return [];
      const address = `provider.${provider.name}${name === "" ? "" : `.${name}`}`;
      return ofBlock(address, { name, before: was?.value, after: is?.value }, was?.path ?? "", is?.path ?? "");
    });
  });
}

interface Block {
  readonly value: unknown;
  readonly path: string;
}

function byAlias(value: unknown, path: string): Map<string, Block> {
  const byName = new Map<string, Block>();
  for (const block of blocksIn(value, path)) {
    const alias = isFields(block.value) && typeof block.value.alias === "string" ? block.value.alias : "";
    byName.set(byName.has(alias) ? sortedJson(block.value) : alias, block);
  }
  return byName;
}

/** Blocks without a name: those that are on one side alone. */
function blocks(part: ChangedEntry, subject: string): StackDifference[] {
  const path = `/${part.name}`;
  const [old, fresh] = [blocksIn(part.before, path), blocksIn(part.after, path)];
  const address = ({ value }: Block): string => `${part.name}.${String(fieldsOf(value)[subject])}`;
  return [
    ...withoutThese(old, fresh).map((block) =>
      whole(address(block), { name: "", before: block.value, after: undefined }, block.path),
    ),
    ...withoutThese(fresh, old).map((block) =>
      whole(address(block), { name: "", before: undefined, after: block.value }, block.path),
    ),
  ];
}

/** What is left of a list when each of others has taken one that is the same. */
function withoutThese(list: readonly Block[], others: readonly Block[]): Block[] {
  const counts = new Map<string, number>();
  for (const { value } of others) counts.set(sortedJson(value), (counts.get(sortedJson(value)) ?? 0) + 1);
  return list.filter(({ value }) => {
    const text = sortedJson(value);
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

function blocksIn(value: unknown, path: string): Block[] {
  if (value === undefined) return [];
  return Array.isArray(value)
    ? value.map((inner: unknown, index) => ({ value: inner, path: `${path}/${index}` }))
    : [{ value, path }];
}

/** Of these lists Terraform takes no order from, and one of them needs no list. */
function isSameBlocks({ name, before, after }: ChangedEntry): boolean {
  if (!["import", "moved", "provider", "removed"].includes(name)) return false;
  const normal = (value: unknown): unknown =>
    name === "provider" && isFields(value)
      ? Object.fromEntries(Object.entries(value).map(([provider, list]) => [provider, sorted(list)]))
      : sorted(value);
  return isSame(normal(before), normal(after));
}

function sorted(value: unknown): string[] {
  return blocksIn(value, "")
    .map((block) => sortedJson(block.value))
    .sort(nameOrder);
}

/** Whether both sides, where they are there, have named entries. */
function isPart({ before, after }: ChangedEntry): boolean {
  return [before, after].every((value) => value === undefined || isFields(value));
}
