import { existsSync } from "node:fs";
import { LogFollower } from "./follow-log";
import { LogReading } from "./log-reading";
import { logFile } from "./private-files";
import type { StepContext } from "./step";

/**
 * What the applies of a stack in this run have begun to change, ended or not: a remote state is written every 20 seconds, so that
 * one of a Terraform that was killed may be without what it told to be done.
 *
 * Source: https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/local/hook_state.go
 *
 * @throws the disk's error
 */
export function begunAddresses(context: Pick<StepContext, "folder">): ReadonlySet<string> {
  const log = logFile(context, "apply");
  if (!existsSync(log)) return new Set();
  const reading = new LogReading("apply");
  new LogFollower(log, 0, (line) => void reading.add(line)).end();
  return new Set(reading.changed);
}
