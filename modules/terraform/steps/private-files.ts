import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { PlanError } from "./plan-error";
import type { StepContext, StepName } from "./step";

/** Plans and logs hold what a state holds: they are their owner's alone. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** The saved plan of a stack. */
export function planFile(context: Pick<StepContext, "folder">): string {
  return join(context.folder, "plan.tfplan");
}

export function logFile(context: Pick<StepContext, "folder">, step: StepName): string {
  return join(context.folder, `${step}.log`);
}

export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  chmodSync(folder, FOLDER_MODE);
}

/** @returns A file descriptor. Every write goes to the end, whoever writes. */
export function openPrivateLog(path: string): number {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  return madePrivate(openSync(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, FILE_MODE));
}

/**
 * Makes the file that Terraform then writes its plan into. Terraform makes a new file readable for everybody, and keeps the mode of
 * one that is there: so there is no moment at which others could read it.
 */
export function makePrivateFile(path: string): void {
  rmSync(path, { force: true });
  const { O_CREAT, O_EXCL, O_WRONLY } = constants;
  closeSync(madePrivate(openSync(path, O_WRONLY | O_CREAT | O_EXCL, FILE_MODE)));
}

function madePrivate(descriptor: number): number {
  // The mode that a file is opened with counts for new files alone.
  fchmodSync(descriptor, FILE_MODE);
  return descriptor;
}

/**
 * @returns SHA-256 as hexadecimal text.
 * @throws PlanError when there is no plan, or others than its owner can read or change it.
 */
export function sha256OfPlan(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size === 0) throw new PlanError("no-plan", `there is no saved plan at ${path}`);
  if ((stat.mode & 0o077) !== 0) {
    throw new PlanError(
      "plan-changed",
      `others than its owner may read or change ${path}: it is not as it was written`,
    );
  }
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** @throws PlanError when the saved plan is not there, or not the one with this SHA-256. */
export function assertPlan(path: string, planSha256: string | undefined): void {
  const actual = sha256OfPlan(path);
  if (planSha256 !== undefined && actual !== planSha256) {
    throw new PlanError("plan-changed", `${path} is not the plan that was read before`);
  }
}
