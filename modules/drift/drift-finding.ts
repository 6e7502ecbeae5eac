import type { AccessChange } from "../access/access-change";
import type { DriftId } from "../findings/drift-ids";
import type { Finding } from "../findings/finding";
import type { DriftPlace, StackAddress } from "./drift";

/** A drift with everything that a person needs, and nothing that a report may not hold. */
export interface DriftFinding extends Finding {
  readonly id: DriftId;
  readonly place: DriftPlace;
  readonly detail: readonly string[];
  readonly access: readonly AccessChange[];
  /** Shell commands of the next step, one an entry, ready to be pasted; none where there is nothing to run. */
  readonly commands: readonly string[];
  /** The same for as long as the drift is the same, as hexadecimal text. */
  readonly fingerprint: string;
  /** What else of Terraform's goes where this is gone. @default none */
  readonly goneAlong?: readonly StackAddress[];
  /** What Terraform's own refresh said of the address; undefined where it was not asked, or said nothing. */
  readonly terraform: string | undefined;
}
