import { existsSync } from "node:fs";
import { join } from "node:path";
import { STACK_FILE, stackFolders } from "../terraform/graph/read-output";
import { takeRunLock } from "../terraform/run/run-lock";
import { AUDIT_OVERRIDE_FILE } from "../terraform/steps/audit-override";
import { clearLeftOverride } from "../terraform/steps/left-override";
import { lockHeld } from "./lock-held";

/**
 * Takes away what a `plan --audit` that was killed has left in the output, before anything is read: Terraform would load it.
 *
 * @param run the id of the run that is about to begin
 * @returns what is in the way of it
 */
export function clearLeftOverrides(out: string, run: string): string[] {
  const folders = stackFolders(out).map((stack) => join(out, "stacks", stack));
  const left = folders.filter((folder) => existsSync(join(folder, AUDIT_OVERRIDE_FILE)));
  if (left.length === 0) return [];
  // Where a run is at work it is that run's.
  const lock = takeRunLock(out, run);
  if ("holder" in lock) return [lockHeld(out, lock)];
  try {
    return left.flatMap((folder) => {
      const file = clearLeftOverride(folder);
      return file === undefined
        ? []
        : [
            `${file}: Terraform would load it, and it is not what plan --audit writes for the ${STACK_FILE} beside it; look at it, then: rm ${file}`,
          ];
    });
  } finally {
    lock.release();
  }
}
