import type { LockHolder } from "../terraform/run/run-lock";

/** Who works on an output, and what to do about it. */
export function lockHeld(
  out: string,
  { holder, file }: { readonly holder: LockHolder; readonly file: string },
): string {
  const { pid, host, run } = holder;
  return `${out} has a run already: process ${pid} on ${host}, run ${run}; wait for its end. When that machine is gone for good, delete ${file}`;
}
