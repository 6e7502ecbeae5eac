import type { KeyAtTerminal } from "../aws/kms-commands";
import type { KeyCandidate } from "./key-identity";

/** What commands call a key, or its replica. */
export function atTerminal({ alias, life }: KeyCandidate, region: string): KeyAtTerminal {
  return { alias, keyId: life.adoptedId, region };
}
