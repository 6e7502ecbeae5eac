import type { KeySituation, RecoveryStep } from "../drift/plan-recovery";
import { whoRewrites } from "../drift/steps/who-rewrites";
import { messageOf } from "../live/aws-error";
import type { KeyRecovery } from "../live/recover-key";
import type { Terminal } from "./terminal";

/** @returns whether a person, or `--yes`, has agreed */
export type Confirm = (question: string) => Promise<boolean>;

/** Only `yes` is a yes. */
export function confirmAt(terminal: Terminal, yes: boolean): Confirm | undefined {
  if (yes) return () => Promise.resolve(true);
  const { ask } = terminal;
  if (ask === undefined) return undefined;
  return async (question) =>
    (await ask(`${question} Only yes is a yes: `, new AbortController().signal)).trim() === "yes";
}

/**
 * Does the steps of one key in their order, and ends at the first that fails, is refused or is for people alone: what follows needs it.
 *
 * @returns whether nothing failed
 */
export async function performRecovery(
  aws: KeyRecovery,
  { live, place }: KeySituation,
  steps: readonly RecoveryStep[],
  confirm: Confirm,
  terminal: Terminal,
): Promise<boolean> {
  if (live === undefined) return true;
  for (const { what, act } of steps) {
    if (act === undefined) {
      terminal.note(`${place.region}: ${what}: no call of AWS does it; the steps after it are left`);
      return true;
    }
    if (!(await confirm(`${place.region}: ${what} (${live.arn})?`))) {
      terminal.note(`${place.region}: ${what}: left, and the steps after it as well`);
      return true;
    }
    try {
      await aws.perform(act, live.arn);
      terminal.note(`${place.region}: ${what}: done`);
    } catch (error) {
      terminal.note(`${place.region}: ${what}: failed: ${messageOf(error)}`);
      if (isDenied(error)) terminal.note(`Its policy can be changed by ${whoRewrites(live)}`);
      return false;
    }
  }
  return true;
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && error.name === "AccessDeniedException";
}
