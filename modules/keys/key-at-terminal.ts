import type { KeyAtTerminal } from "../aws/kms-commands";
import type { KeyCandidate } from "./key-identity";

/**
 * What commands call a key, or its replica: by an alias that AWS has before the apply as well, and that stays when Terraform
 * has let go of the key.
 */
export function atTerminal({ aliases, alias, lastingAliases, life }: KeyCandidate, region: string): KeyAtTerminal {
  const [lastingAlias] = lastingAliases;
  return { alias: aliases.includes(lastingAlias) ? lastingAlias : alias, keyId: life.adoptedId, region };
}
