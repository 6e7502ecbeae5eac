import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseIamPrincipalArn } from "../../aws/arn";
import { STACK_FILE } from "../graph/read-output";
import { AUDIT_OVERRIDE_FILE, auditOverride, type StackProviders } from "./audit-override";

/**
 * Takes away the override that a killed run has left in a stack's folder. Only while nobody else can work on the output, and only what
 * `plan --audit` would write for this very stack, or the empty file of a process that was killed while it wrote: whoever has put
 * anything else there meant something by it.
 *
 * @param directory the stack's folder
 * @returns the file that stays, for people to look at
 * @throws the disk's error
 */
export function clearLeftOverride(directory: string): string | undefined {
  const file = join(directory, AUDIT_OVERRIDE_FILE);
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  if (text !== "" && !isOurs(text, directory)) return file;
  rmSync(file, { force: true });
  return undefined;
}

/** Whichever role it names: the map may name another one by now. */
function isOurs(text: string, directory: string): boolean {
  try {
    const stack: StackProviders = JSON.parse(readFileSync(join(directory, STACK_FILE), "utf8"));
    const left: StackProviders = JSON.parse(text);
    const role = parseIamPrincipalArn(left.provider?.aws?.[0]?.assume_role?.[0]?.role_arn ?? "")?.resource;
    const override = role === undefined ? undefined : auditOverride(stack, role);
    return override !== undefined && JSON.stringify(override) === text;
  } catch {
    return false;
  }
}
