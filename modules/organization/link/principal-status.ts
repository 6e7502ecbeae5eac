import type { MapFile, MapPath } from "../map-file";
import type { Problem } from "../problem";
import type { Principal } from "../workload";

/** A principal at its place in a workload. */
export interface PrincipalMention {
  readonly principal: Principal;
  readonly file: MapFile;
  /** The entry with the principal: a use, a grant or a statement. */
  readonly path: MapPath;
}

/**
 * A principal exists or it does not: pending in one entry and active in another would put it into a key policy that AWS
 * then refuses, or keep it out of one that it needs.
 *
 * @returns a problem for each entry that says pending, naming one that does not
 */
export function checkPrincipalStatus(mentions: readonly PrincipalMention[]): Problem[] {
  const active = new Map<string, PrincipalMention>();
  for (const mention of mentions) {
    const identity = identityOf(mention);
    if (mention.principal.status === "active" && !active.has(identity)) active.set(identity, mention);
  }
  const problems = new Map<string, Problem>();
  for (const mention of mentions) {
    const { principal, file, path } = mention;
    const other = active.get(identityOf(mention));
    const place = `${file.path} ${path.join(".")}`;
    if (principal.status === "active" || other === undefined || problems.has(place)) continue;
    const who = `${principal.name} of account ${principal.account.name}`;
    const message = `says that ${who} does not exist yet, and ${other.file.name} ${other.path.join(".")} that it does`;
    const fix = "drop the status if it exists, or make it pending there too";
    problems.set(place, file.problem([...path, "status"], message, { fix }));
  }
  return [...problems.values()];
}

/** A permission set's role has no ARN that is known. */
function identityOf({ principal }: PrincipalMention): string {
  return `${principal.account.id} ${principal.name}`;
}
