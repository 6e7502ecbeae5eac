import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { MODULE_FILE } from "./module-file";

/** The folder beside the modules with the last ones of accounts that have none for now. No account can be called that. */
const RESTING_MODULES = "modules.resting";

/** Their folders: by account id, as another account may have got the name meanwhile. */
export function restingModules(directory: string): string[] {
  return restingIn(directory).map((accountId) => join(RESTING_MODULES, accountId));
}

/**
 * Keeps the last module of an account that has none for now: no `source` finds it, and its keys are still held against it.
 *
 * @param from the folder whose place `to` has taken
 * @param names of modules in `from`, by account id
 */
export function layModulesToRest(
  from: string,
  to: string,
  names: ReadonlyMap<string, string>,
  rests: (accountId: string) => boolean,
): void {
  for (const [accountId, name] of names) {
    const last = join(from, name, MODULE_FILE);
    if (!rests(accountId) || !existsSync(last)) continue;
    const folder = join(to, RESTING_MODULES, accountId);
    mkdirSync(folder, { recursive: true });
    renameSync(last, join(folder, MODULE_FILE));
  }
}

/** Ends the rest of accounts that have a module again, and were held against the last one. */
export function wakeModules(directory: string, accountIds: ReadonlySet<string>): void {
  for (const accountId of restingIn(directory).filter((each) => accountIds.has(each)))
    rmSync(join(directory, RESTING_MODULES, accountId), { recursive: true });
  const folder = join(directory, RESTING_MODULES);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

function restingIn(directory: string): string[] {
  const folder = join(directory, RESTING_MODULES);
  return existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, MODULE_FILE))) : [];
}
