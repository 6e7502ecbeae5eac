import { kmsLimits } from "../aws/kms-limits";
import { kmsQuotas } from "../aws/kms-quotas";
import { nameOrder, uniqueNames } from "../aws/name-order";
import { aliasId } from "./alias-id";
import type { KeyCandidate } from "./key-identity";
import type { PlanProblem } from "./plan-problem";

/** Aliases that are too long once they are filled in, or that two keys of one account and Region would share. */
export function aliasProblems(candidates: readonly KeyCandidate[]): PlanProblem[] {
  const problems = new Map<string, PlanProblem>();
  const taken = new Map<string, { readonly alias: string; readonly candidate: KeyCandidate }>();
  const inOrder = [...candidates].sort(
    (a, b) => nameOrder(a.owner.name, b.owner.name) || nameOrder(a.id, b.id) || nameOrder(a.region, b.region),
  );
  for (const candidate of inOrder) {
    const { owner, members } = candidate;
    const replicas = members.flatMap(({ environment }) => environment.replicas);
    for (const problem of [...tooMany(candidate), ...droppedAndPlanned(candidate)]) {
      problems.set(`${problem.source} ${problem.message}`, problem);
    }
    for (const alias of candidate.aliases) {
      if (alias.length > kmsLimits.aliasLength) {
        const message = `alias ${alias} has ${alias.length} characters, and AWS KMS takes at most ${kmsLimits.aliasLength}`;
        const source = placeOf(candidate);
        // The keys for single services have the same pattern, and the same mistake.
        if (!problems.has(source)) problems.set(source, { source, message, fix: "shorten the alias pattern" });
        continue;
      }
      for (const region of uniqueNames([candidate.region, ...replicas])) {
        const place = `${owner.id} ${region} ${aliasId(alias)}`;
        const other = taken.get(place);
        if (other === undefined) {
          taken.set(place, { alias, candidate });
          continue;
        }
        const otherIsOdd = setsItsAlias(other.candidate) && !setsItsAlias(candidate);
        const [blamed, holder] = otherIsOdd ? [other.candidate, candidate] : [candidate, other.candidate];
        const source = placeOf(blamed);
        const held = holder.members[0]?.environment.source;
        // One problem for two environments, however many keys and Regions they have in common.
        if (problems.has(`${source} ${held}`)) continue;
        problems.set(`${source} ${held}`, {
          source,
          message: `alias ${alias} in account ${owner.name}, ${region}, ${heldBy(alias, other.alias, holder.id, held)}`,
          fix: "give one of the two another alias, in its workload or its data class",
        });
      }
    }
  }
  return [...problems.values()];
}

function heldBy(alias: string, other: string, key: string, source: string | undefined): string {
  return alias === other
    ? `belongs to key ${key} (${source}) already`
    : `would have the Terraform address of ${other} of key ${key} (${source})`;
}

function setsItsAlias({ members }: KeyCandidate): boolean {
  return members[0]?.workload.alias !== undefined;
}

function tooMany(candidate: KeyCandidate): PlanProblem[] {
  const { aliases, alias } = candidate;
  if (aliases.length <= kmsQuotas.aliasesPerKey) return [];
  const message = `key ${alias} has ${aliases.length} aliases, and AWS KMS takes ${kmsQuotas.aliasesPerKey} a key`;
  return [{ source: placeOf(candidate), message, fix: "drop patterns from aliases, or former names (dropAliases)" }];
}

/** Two fields of the map that contradict each other: one makes the alias, the other lets it go. */
function droppedAndPlanned({ aliases, droppedAliases, dataClass, members }: KeyCandidate): PlanProblem[] {
  const [first] = members;
  const source =
    dataClass.per === "environment"
      ? `data-classes.yaml ${dataClass.name}`
      : `${first?.environment.source.split(" ")[0] ?? ""} ${first?.workload.name ?? ""}`;
  return droppedAliases.flatMap((alias, index) =>
    aliases.includes(alias)
      ? [
          {
            source: `${source}.dropAliases.${index}`,
            message: `is an alias that the map still makes: ${alias}`,
            fix: "change its pattern first (alias, aliases), or keep it",
          },
        ]
      : [],
  );
}

/** Where a key's alias comes from. */
function placeOf({ members, dataClass, life: { lifecycle } }: KeyCandidate): string {
  if (lifecycle?.replaced !== undefined) return `${lifecycle.source}.replaced`;
  const [first] = members;
  const source = first?.environment.source ?? "";
  if (first?.workload.alias !== undefined) return `${source.split(" ")[0]} ${first.workload.name}.alias`;
  return dataClass.alias === undefined ? source : `data-classes.yaml ${dataClass.name}.alias`;
}
