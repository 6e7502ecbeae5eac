import type { Unread } from "../../live/live-account";
import type { Drift, DriftPlace } from "../drift";

/** What AWS did not tell, at its own place: it is neither as reviewed nor otherwise. */
export function unchecked(place: DriftPlace, detail: readonly string[], { unread, whatToDo }: Unread): Drift {
  return { id: "unchecked", place, detail, why: unread, whatToDo };
}
