import { SID } from "./permission-policy";

const MARK = "# Made by orgkeys pipeline.";

/** The first line of every file but policies, which have no place for a comment. */
export function headerOf(command: string): string {
  return `${MARK} Change the map, and make it anew: npm run -s orgkeys -- ${command}`;
}

/** Whether a file on the disk is one that may be written over. */
export function isWrittenByOrgkeys(text: string): boolean {
  return text.startsWith(MARK) || hasOurStatements(text);
}

function hasOurStatements(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy !== "object" || policy === null || !("Statement" in policy)) return false;
    const { Statement: statements } = policy;
    return Array.isArray(statements) && statements.length > 0 && statements.every(isOurs);
  } catch {
    return false;
  }
}

function isOurs(statement: unknown): boolean {
  if (typeof statement !== "object" || statement === null || !("Sid" in statement)) return false;
  return typeof statement.Sid === "string" && statement.Sid.startsWith(SID);
}
