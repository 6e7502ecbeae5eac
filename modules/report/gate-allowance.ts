import { shellWord } from "../findings/shell-word";
import { allRules } from "../gate/all-rules";
import type { GateEntry } from "../terraform/run/run-report";

/** Who may let a finding of the gate through; nobody, where the gate has no rule of that name. */
function allowedBy({ id }: GateEntry): "command line" | "exception" | "nobody" {
  return allRules.find((rule) => rule.id === id)?.allowedBy ?? "nobody";
}

/**
 * `--allow` with the words that mean this finding and no other; undefined where the command line cannot allow it.
 *
 * @param reason to be filled in unless it is given
 */
export function allowOption(entry: GateEntry, reason = "WHY IT IS MEANT"): string | undefined {
  if (allowedBy(entry) !== "command line") return undefined;
  const subject = [entry.id, entry.stack, entry.address ?? "run"].filter((part) => part !== "").join(" ");
  return `--allow ${shellWord(`${subject}=${reason}`)}`;
}

/** How somebody answers for a finding; nothing where nobody can. */
export function allowanceLines(entry: GateEntry): string[] {
  const option = allowOption(entry);
  if (option !== undefined) return [`if it is meant: ${option}`];
  if (allowedBy(entry) === "nobody") return [];
  return [`if it is meant: an exception in exceptions.yaml, with check: ${entry.id} and subject: ${entry.where}`];
}
