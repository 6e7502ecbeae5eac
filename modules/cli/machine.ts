import { availableParallelism, freemem } from "node:os";
import type { Machine } from "../terraform/run/concurrency";

/** What is free to this process: of its container where that has a limit. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  // 0, or more than any machine has, stands for no limit.
  const ofContainer = limit > 0 ? limit - process.memoryUsage.rss() : Number.POSITIVE_INFINITY;
  return { cores: availableParallelism(), memoryBytes: Math.max(0, Math.min(freemem(), ofContainer)) };
}
