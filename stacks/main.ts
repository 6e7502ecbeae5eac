/**
 * The CDKTF app: reads the map, makes the key plan, writes the stacks. `cdktf synth` runs it, and `orgkeys synth` gives
 * the same bytes.
 *
 * Environment: ORGKEYS_CONFIG, the configuration folder (default `config`); ORGKEYS_TODAY, the day on which to plan;
 * ORGKEYS_IGNORE_PREVIOUS, 1 where the output that is there was never applied; CDKTF_OUTDIR, set by the cdktf command (default
 * `cdktf.out`).
 */

import { refusalText } from "../modules/continuity/refusal";
import { isCalendarDay } from "../modules/findings/calendar-day";
import { formatProblem } from "../modules/organization/problem";
import { continuityRulesOf } from "./continuity-rules";
import { ignoresPrevious } from "./ignore-previous";
import { type LoadedPlan, loadPlan } from "./load-plan";
import { OutputRefused } from "./output-folder";
import { rulesOf } from "./rules";
import { synthesizeProved } from "./synthesize-proved";

const config = process.env.ORGKEYS_CONFIG || "config";
const out = process.env.CDKTF_OUTDIR || "cdktf.out";
// Pipelines set a variable to nothing where they mean to leave it out.
const today = process.env.ORGKEYS_TODAY || undefined;

const ignored = ignoresPrevious(process.env.ORGKEYS_IGNORE_PREVIOUS);

const notProved = "The zone proof does not hold: nothing was written.";
const keysLost =
  "Keys of the output that is there would be lost: nothing was written. Where it was never applied: ORGKEYS_IGNORE_PREVIOUS=1.";

function fail(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}

if (today !== undefined && !isCalendarDay(today)) {
  fail(`ORGKEYS_TODAY must be a day of the calendar, as in 2027-01-31, got ${today}`);
} else if (ignored === undefined) {
  fail(`ORGKEYS_IGNORE_PREVIOUS must be 1, 0 or nothing, got ${process.env.ORGKEYS_IGNORE_PREVIOUS}`);
} else {
  const loaded = loadPlan(config, { today });
  if ("problems" in loaded) fail(...loaded.problems.map(formatProblem));
  else writeProved(loaded);
}

function writeProved({ stacks, map }: LoadedPlan): void {
  try {
    const { proof, continuity } = synthesizeProved(stacks, out, rulesOf(map, today), {
      keepOthers: false,
      continuity: ignored === true ? undefined : continuityRulesOf(map),
    });
    if (proof.findings.length > 0)
      fail(...proof.findings.map(({ id, where, why }) => `${id}  ${where}: ${why}`), notProved);
    if (continuity.refusals.length > 0) fail(...continuity.refusals.flatMap(refusalText), keysLost);
  } catch (error) {
    if (!(error instanceof OutputRefused)) throw error;
    fail(error.message);
  }
}
