/**
 * The CDKTF app: reads the map, makes the key plan, writes the stacks. `cdktf synth` runs it, and `orgkeys synth` gives
 * the same bytes.
 *
 * Environment: ORGKEYS_CONFIG, the configuration folder (default `config`); ORGKEYS_TODAY, the day on which to plan;
 * CDKTF_OUTDIR, set by the cdktf command (default `cdktf.out`).
 */

import { isCalendarDay } from "../modules/findings/calendar-day";
import { formatProblem } from "../modules/organization/problem";
import { type LoadedPlan, loadPlan } from "./load-plan";
import { OutputRefused } from "./output-folder";
import { rulesOf } from "./rules";
import { synthesizeProved } from "./synthesize-proved";

const config = process.env.ORGKEYS_CONFIG || "config";
const out = process.env.CDKTF_OUTDIR || "cdktf.out";
// Pipelines set a variable to nothing where they mean to leave it out.
const today = process.env.ORGKEYS_TODAY || undefined;

const notProved = "The zone proof does not hold: nothing was written.";

function fail(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

if (today !== undefined && !isCalendarDay(today)) {
  fail(`ORGKEYS_TODAY must be a day of the calendar, as in 2027-01-31, got ${today}`);
} else {
  const loaded = loadPlan(config, { today });
  if ("problems" in loaded) fail(...loaded.problems.map(formatProblem));
  else writeProved(loaded);
}

function writeProved({ stacks, map }: LoadedPlan): void {
  try {
    const { findings } = synthesizeProved(stacks, out, rulesOf(map, today), { keepOthers: false });
    if (findings.length > 0) fail(...findings.map(({ id, where, why }) => `${id}  ${where}: ${why}`), notProved);
  } catch (error) {
    if (!(error instanceof OutputRefused)) throw error;
    fail(error.message);
  }
}
