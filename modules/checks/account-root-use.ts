import { actionsAmong, actionsText, usingActions } from "../access/key-actions";
import { permissionSetPatterns } from "../access/permission-set-bound";
import { metadataOfKey } from "../access/stack-metadata";
import type { Who } from "../access/who";
import { whoName } from "../access/who";
import type { Access } from "../access/who-can";
import { isUniqueId } from "../aws/unique-id";
import { throughDetail, throughPlace } from "./evidence/through";
import { unreadPolicy } from "./evidence/unread-policy";
import type { Check, CheckedKey, Violation } from "./frame/check";

/**
 * The data class decides, and it stands in the stack's metadata, beside the key and in one of its tags: whoever lowers it by
 * hand has to do so twice.
 */
export const check: Check = {
  id: "account-root-use",
  kind: "hygiene",
  severity: "high",
  requirement:
    "With rootAccess: administration-only, the use of a key goes to principals by name and never to a whole account.",
  reason: "What an account may do is handed on by its IAM: anybody who writes IAM policies there could read the data.",
  fix: "name the roles that use the key, and leave administration alone to the account",
  inKey: (key) => {
    const { dataClass } = key;
    if (dataClass === undefined) return [dataClassViolation(key, unknownClass(key))];
    const tag = tagOf(key);
    if (tag !== undefined && tag !== dataClass.name) {
      const why = `the stack's metadata say data class ${dataClass.name}, and the key's tag DataClass says ${tag}`;
      return [dataClassViolation(key, why)];
    }
    if (dataClass.rootAccess === "full") return [];
    return [...unreadPolicy(key, "whether a whole account may use the key"), ...wholeAccounts(key)];
  },
};

function wholeAccounts({ entry, access, dataClass }: CheckedKey): Violation[] {
  return access.access.flatMap((row): Violation[] => {
    const allowed = actionsAmong(row.actions, usingActions);
    if (allowed.length === 0 || isNamed(row.who) || isPermissionSet(row)) return [];
    return [
      {
        stack: entry.stack,
        address: entry.key.address,
        detail: [...throughDetail(row), whoName(row.who)],
        why: `lets ${whoName(row.who)} use the key (${actionsText(allowed)}), and its data class ${dataClass?.name} is administration-only`,
        place: throughPlace(row),
      },
    ];
  });
}

/** One principal or AWS service; the id of a deleted one is nobody's any more. */
function isNamed(who: Who): boolean {
  if (who.kind === "unknown") return isUniqueId(who.name);
  return who.kind === "principal" || who.kind === "service";
}

/** The account stands for a permission set, whose role no policy can name: its conditions leave nobody else. */
function isPermissionSet({ who, conditions, through }: Access): boolean {
  return (
    who.kind === "account" &&
    through.kind === "key-policy" &&
    through.statement.understood &&
    permissionSetPatterns(conditions) !== undefined
  );
}

function unknownClass({ entry }: CheckedKey): string {
  const name = metadataOfKey(entry.stack, entry.key)?.dataClass;
  const found = name === undefined ? "no data class" : `data class ${name}, which the map does not have`;
  return `the stack's metadata name ${found}, so that nobody can tell whether a whole account may use the key`;
}

function dataClassViolation({ entry }: CheckedKey, why: string): Violation {
  const { stack, key } = entry;
  return {
    stack,
    address: key.address,
    detail: ["data class"],
    why,
    place: key,
    fix: "synthesize the stack again from the map",
  };
}

function tagOf({ entry }: CheckedKey): string | undefined {
  const { tags } = entry.key.arguments;
  if (typeof tags !== "object" || tags === null) return undefined;
  const tag = Object.entries(tags).find(([name]) => name === "DataClass")?.[1];
  return typeof tag === "string" ? tag : undefined;
}
