import { readMetadata } from "../../access/stack-metadata";
import { isFields } from "../../access/stack-reading";
import type { StackMetadata } from "../../access/synthesized-stack";
import { nameOrder, uniqueNames } from "../../aws/name-order";
import { readStackJson, type StackJson } from "../../continuity/stack-json/read-stack-json";
import { stackSubject } from "../../continuity/stack-subject";
import { STACK_FILE } from "../graph/read-output";
import { type AffectedReason, sortReasons, summarizeReasons } from "./affected-reason";
import { compareStacks } from "./compare-stacks";
import { type ComparedOutput, LOCK_FILE, type StackFiles } from "./stack-files";

/** A stack that a change touches, and how. */
export interface AffectedStack {
  /** Its name after the change; of a removed stack, the one that it had. */
  readonly stack: string;
  /** Undefined for a new stack. */
  readonly before: string | undefined;
  /** Undefined for a removed stack. */
  readonly after: string | undefined;
  /** What synthesis noted about it, of the side that it is still on. */
  readonly metadata: Pick<StackMetadata, "account" | "kind" | "organization" | "ou" | "zone">;
  /** At least one, most far-reaching first. */
  readonly reasons: readonly AffectedReason[];
  /** One line on all of them. */
  readonly summary: string;
}

interface Side {
  readonly name: string;
  readonly files: StackFiles;
  readonly read: StackJson;
  readonly metadata: StackMetadata;
  /** What goes on with it has the same. */
  readonly subject: string | undefined;
}

/**
 * The stacks of which Terraform may plan something else after a change, by name: also those that it removes. A stack goes on
 * with its state, whatever its name is.
 *
 * @param onStack called for each stack that is compared
 */
export function affectedStacks(
  before: ComparedOutput,
  after: ComparedOutput,
  onStack: (stack: string, done: number, total: number) => void = () => undefined,
): AffectedStack[] {
  const old = new Map<string, Side>();
  const fresh = new Map<string, Side>();
  const [inOld, inFresh] = [new Set(before.stacks), new Set(after.stacks)];
  const names = uniqueNames([...inOld, ...inFresh]);
  for (const [index, name] of names.entries()) {
    onStack(name, index + 1, names.length);
    const [was, is] = [
      inOld.has(name) ? before.filesOf(name) : undefined,
      inFresh.has(name) ? after.filesOf(name) : undefined,
    ];
    if (was !== undefined && is !== undefined && isSameFiles(was, is)) continue;
    if (was !== undefined) old.set(name, readSide(name, was));
    if (is !== undefined) fresh.set(name, readSide(name, is));
  }
  return pairSides(old, fresh)
    .flatMap(([was, is]) => affectedStack(was, is) ?? [])
    .sort((a, b) => nameOrder(a.stack, b.stack));
}

function isSameFiles(before: StackFiles, after: StackFiles): boolean {
  const isSameJson = before.json !== undefined && after.json !== undefined && before.json.equals(after.json);
  return isSameJson && changedFiles(before, after).length === 0;
}

function readSide(name: string, files: StackFiles): Side {
  const text = files.json?.toString("utf8");
  const read: StackJson =
    text === undefined ? { unreadable: `${STACK_FILE} is not there`, comment: undefined } : readStackJson(text);
  const metadata = readMetadata(read.comment);
  return { name, files, read, metadata, subject: "json" in read ? stackSubject(read.json, metadata) : undefined };
}

type Pair = readonly [Side | undefined, Side | undefined];

/** By what they are about, then by name. */
function pairSides(old: ReadonlyMap<string, Side>, fresh: ReadonlyMap<string, Side>): Pair[] {
  const bySubject = new Map<string, Side>();
  for (const side of fresh.values()) {
    if (side.subject !== undefined && !bySubject.has(side.subject)) bySubject.set(side.subject, side);
  }
  const taken = new Set<Side>();
  const take = (side: Side | undefined): Side | undefined => {
    if (side === undefined || taken.has(side)) return undefined;
    taken.add(side);
    return side;
  };
  const goingOn = new Map<Side, Side>();
  const match = (find: (side: Side) => Side | undefined): void => {
    for (const side of old.values()) {
      const found = goingOn.has(side) ? undefined : take(find(side));
      if (found !== undefined) goingOn.set(side, found);
    }
  };
  match(({ subject }) => (subject === undefined ? undefined : bySubject.get(subject)));
  match(({ name }) => fresh.get(name));
  return [
    ...[...old.values()].map((side): Pair => [side, goingOn.get(side)]),
    ...[...fresh.values()].filter((side) => !taken.has(side)).map((side): Pair => [undefined, side]),
  ];
}

function affectedStack(before: Side | undefined, after: Side | undefined): AffectedStack | undefined {
  const side = after ?? before;
  const reasons = sortReasons(reasonsOf(before, after));
  if (side === undefined || reasons.length === 0) return undefined;
  const { account, kind, organization, ou, zone } = side.metadata;
  return {
    stack: side.name,
    before: before?.name,
    after: after?.name,
    metadata: { account, kind, organization, ou, zone },
    reasons,
    summary: summarizeReasons(reasons),
  };
}

function reasonsOf(before: Side | undefined, after: Side | undefined): AffectedReason[] {
  if (before === undefined || after === undefined) {
    const [side, kind] =
      before === undefined ? ([after, "stack-added"] as const) : ([before, "stack-removed"] as const);
    return side === undefined ? [] : [{ kind, address: "", text: resourcesText(side) }, ...unreadable(side, "")];
  }
  const renamed: AffectedReason[] =
    before.name === after.name ? [] : [{ kind: "stack-renamed", address: "", text: `it was ${before.name}` }];
  const files = changedFiles(before.files, after.files);
  if ("json" in before.read && "json" in after.read) {
    return [...renamed, ...files, ...compareStacks(before.read.json, after.read.json)];
  }
  return [...renamed, ...files, ...unreadable(before, "before: "), ...unreadable(after, "")];
}

function unreadable({ read }: Side, prefix: string): AffectedReason[] {
  return "unreadable" in read ? [{ kind: "unreadable", address: "", text: `${prefix}${read.unreadable}` }] : [];
}

function resourcesText({ read }: Side): string {
  const types = "json" in read && isFields(read.json.resource) ? Object.values(read.json.resource) : [];
  const count = types.reduce<number>((sum, type) => sum + (isFields(type) ? Object.keys(type).length : 0), 0);
  return `${count} ${count === 1 ? "resource" : "resources"}`;
}

/** A lock file that one side has not is no difference: the other is a git ref where nobody ran `terraform init`. */
function changedFiles(before: StackFiles, after: StackFiles): AffectedReason[] {
  return uniqueNames([...before.others.keys(), ...after.others.keys()]).flatMap((name): AffectedReason[] => {
    const [old, fresh] = [before.others.get(name), after.others.get(name)];
    if (old === undefined || fresh === undefined) {
      if (name === LOCK_FILE) return [];
      return [{ kind: "file-changed", address: name, text: old === undefined ? "added" : "removed" }];
    }
    return old.equals(fresh) ? [] : [{ kind: "file-changed", address: name, text: "" }];
  });
}
