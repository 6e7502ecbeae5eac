import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A folder beside the output, so that a rename puts it in place. */
export function makeStage(target: string): string {
  mkdirSync(dirname(target), { recursive: true });
  const stage = besideOf(target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage);
  return stage;
}

/**
 * Puts a finished folder in place, then brings over what has to survive. Until that is done the old one stays, beside it.
 *
 * @param fresh on the same disk as `target`
 * @param carryOver takes what survives out of the old folder
 */
export function replaceFolder(fresh: string, target: string, carryOver: (old: string) => void): void {
  if (!existsSync(target)) {
    renameSync(fresh, target);
    return;
  }
  const old = `${besideOf(target)}.old`;
  renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
  carryOver(old);
  rmSync(old, { recursive: true, force: true });
}

function besideOf(target: string): string {
  return join(dirname(target), `.${basename(target)}-${process.pid}`);
}
