import type { PlanJson } from "../plan-json";
import { explainError, explainFailure, interrupted } from "./explain-failure";
import { assertNothingBeside } from "./file-beside";
import { LogReading } from "./log-reading";
import { PlanError } from "./plan-error";
import { assertPlan, planFile, sha256OfPlan } from "./private-files";
import type { ShowEnd, StepContext, StepFailure } from "./step";
import { runTool } from "./tool-process";

/** A text in Node has less than 512 MiB, and what is parsed of it takes several times that. */
export const MAX_PLAN_BYTES = 384 * 1024 * 1024;

const KEPT_ERROR_BYTES = 64 * 1024;

/** The major version of the format that is read here. Source: https://developer.hashicorp.com/terraform/internals/json-format */
const FORMAT = /^1\./;

/**
 * Reads the saved plan as JSON. It has the values of everything, so it comes by a pipe and is kept in memory alone.
 *
 * @param maxBytes Of its JSON. @default MAX_PLAN_BYTES
 */
export async function showPlan(context: StepContext, maxBytes = MAX_PLAN_BYTES): Promise<ShowEnd> {
  const began = context.clock.now();
  const ended = (): { durationMs: number; attempts: number } => ({
    durationMs: context.clock.now() - began,
    attempts: 1,
  });
  const failed = (failure: StepFailure): ShowEnd => ({ ok: false, ...ended(), failure });
  if (context.stop.level > 0) return failed(interrupted("show"));
  try {
    // What came while it was planned may be in the plan.
    assertNothingBeside(context);
    const file = planFile(context);
    const planSha256 = sha256OfPlan(file);
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    let bytes = 0;
    let errorBytes = 0;
    let kill = (): void => {};
    const exit = await runTool(context, ["show", "-json", "-no-color", file], {
      stdout: (chunk) => {
        bytes += chunk.length;
        if (bytes > maxBytes) kill();
        else chunks.push(chunk);
      },
      stderr: (chunk) => {
        errorBytes += chunk.length;
        if (errorBytes <= KEPT_ERROR_BYTES) errors.push(chunk);
      },
      interruptAt: 1,
      onStart: (pid, killTool) => {
        kill = killTool;
        context.onEvent({ kind: "started", step: "show", attempt: 1, pid });
      },
    });
    if (bytes > maxBytes) {
      throw new PlanError("plan-unreadable", `the plan's JSON has more than ${Math.floor(maxBytes / 1024 / 1024)} MiB`);
    }
    if (exit.code !== 0) {
      const reading = new LogReading("show");
      for (const line of Buffer.concat(errors).toString("utf8").split("\n")) reading.add(line);
      return failed(explainFailure({ step: "show", exit, reading, diskFull: false }, context));
    }
    assertPlan(file, planSha256);
    return { ok: true, ...ended(), plan: readPlan(Buffer.concat(chunks)), planSha256 };
  } catch (error) {
    return failed(explainError("show", error, context));
  }
}

/** @throws PlanError, without a word of what it read */
function readPlan(bytes: Buffer): PlanJson {
  const start = bytes[0] === 0x7b ? 0 : bytes.indexOf("\n{") + 1;
  const plan = ((): unknown => {
    try {
      return JSON.parse(bytes.toString("utf8", start));
    } catch {
      throw new PlanError("plan-unreadable", "what it prints of the plan is not JSON");
    }
  })();
  const version = plan instanceof Object && "format_version" in plan ? plan.format_version : undefined;
  if (typeof version !== "string" || !FORMAT.test(version)) {
    throw new PlanError(
      "plan-unreadable",
      `the plan's JSON is of format ${JSON.stringify(version)}; only 1.x is understood`,
    );
  }
  return plan as PlanJson;
}
