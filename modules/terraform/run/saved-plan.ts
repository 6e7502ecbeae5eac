import { existsSync, rmSync } from "node:fs";
import { planFile } from "../steps/private-files";
import type { RunState } from "./run-state";

export function hasPlan(name: string, { record }: Pick<RunState, "record">): boolean {
  return existsSync(planFile({ folder: record.folderOf(name) }));
}

/** A plan holds what the state holds: it goes as soon as nothing is to be applied from it. */
export function removePlan(name: string, { record }: Pick<RunState, "record">): void {
  rmSync(planFile({ folder: record.folderOf(name) }), { force: true });
}
