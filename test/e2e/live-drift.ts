import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DriftFinding } from "../../modules/drift/drift-finding";
import type { DriftReport } from "../../modules/drift/drift-report";
import type { Environment } from "./emulator";
import type { LiveOrganization } from "./organization";
import { startOrgkeys } from "./orgkeys-process";

/** What `orgkeys drift --format json` says, and its exit code. */
export interface DriftEnd {
  readonly code: number | undefined;
  readonly report: Pick<DriftReport, "accounts" | "findings">;
}

/**
 * The command, as users call it.
 *
 * @param words what is selected
 */
export async function orgkeysDrift(
  { out, environment }: LiveOrganization,
  config: string,
  words: readonly string[],
  as: Environment = environment,
): Promise<DriftEnd> {
  const all = ["drift", ...words, "--config", config, "--out", out, "--format", "json"];
  const { code, stdout, stderr } = await startOrgkeys(all, as).ended;
  if (!stdout.startsWith("{")) throw new Error(stderr + stdout);
  return { code, report: JSON.parse(stdout) };
}

/** `critical guardrail-missing org-management resource control policy orgkeys-pci`, in the order of the report. */
export function told({ report }: DriftEnd): string[] {
  return report.findings.map(({ severity, id, where }) => `${severity} ${id} ${where}`);
}

/** Runs the commands of a finding, as whoever may, at one go as people paste them. */
export async function paste(
  { folder }: LiveOrganization,
  { where, commands, place }: DriftFinding,
  as: Environment,
): Promise<void> {
  // The emulator has no CloudTrail; a comment is not run, and an apply has its own words.
  const pasted = commands.filter((command) => !/ cloudtrail |^#| orgkeys /.test(command));
  if (pasted.length === 0) throw new Error(`${where} has no command to run: ${commands.join("\n")}`);
  // People have a Region of the partition in their profile.
  const env = { ...as, AWS_DEFAULT_REGION: place.partition === "aws" ? "us-east-1" : "us-gov-west-1" };
  await promisify(execFile)("bash", ["-ec", pasted.join("\n")], { cwd: folder, env });
}
