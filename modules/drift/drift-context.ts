import type { ZoneBoundaries, ZoneBoundary } from "../access/zone-boundary";
import type { KeyBehindAlias } from "../aws/key-behind-alias";
import type { PartitionName } from "../aws/partition";

/** What every comparison of one account may need. */
export interface DriftContext {
  /** The account's name in the map. */
  readonly account: string;
  readonly accountId: string;
  readonly partition: PartitionName;
  readonly zone: ZoneBoundary;
  readonly zones: ZoneBoundaries;
  /** The day, as in 2027-01-31. */
  readonly today: string;
  /** The instant of the reading, ISO 8601. */
  readonly now: string;
  /** The ARN of the key that an alias of another account leads to, where this run has read that account. */
  readonly arnBehind: (alias: KeyBehindAlias) => string | undefined;
}
