import type { MapPath } from "../map-file";
import type { RequestsFile } from "../schema/workloads-schema";
import type { RequestEstimate } from "../workload";
import { checkPerService, type EnvironmentContext } from "./workload-context";

/** The longest month. */
const secondsInMonth = 31 * 24 * 60 * 60;

/** Resolves an estimate of requests. */
export function linkRequests(requests: RequestsFile, at: MapPath, context: EnvironmentContext): RequestEstimate {
  const { perMonth, peakPerSecond, service } = requests;
  const average = Math.ceil(perMonth / secondsInMonth);
  if (peakPerSecond !== undefined && peakPerSecond < average) {
    const message = `must be at least the average of ${perMonth} requests a month, which is ${average} a second`;
    context.report([...at, "peakPerSecond"], message, "raise it, lower perMonth, or leave it out");
  }
  checkPerService(service, at, context);
  return { perMonth, peakPerSecond, service };
}
