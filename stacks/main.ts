/**
 * The CDKTF app: reads the map, makes the key plan, writes the stacks. `cdktf synth` runs it, and `orgkeys synth` gives
 * the same bytes.
 *
 * Environment: ORGKEYS_CONFIG, the configuration folder (default `config`); ORGKEYS_TODAY, the day on which to plan;
 * CDKTF_OUTDIR, set by the cdktf command (default `cdktf.out`).
 */
import { formatProblem } from "../modules/organization/problem";
import { loadPlan } from "./load-plan";
import { synthesize } from "./synthesize";

const loaded = loadPlan(process.env.ORGKEYS_CONFIG ?? "config", { today: process.env.ORGKEYS_TODAY });
if ("problems" in loaded) {
  for (const problem of loaded.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  process.exitCode = 1;
} else {
  synthesize(loaded.accounts, process.env.CDKTF_OUTDIR ?? "cdktf.out", { keepOthers: false });
}
