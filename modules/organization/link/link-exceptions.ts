import type { CheckedEntries } from "../check-files";
import type { Exception } from "../organization-map";
import type { Problem } from "../problem";
import type { ExceptionFile } from "../schema/exceptions-schema";

/**
 * Names the exceptions' places, and refuses two for one finding: the one that ends later would make the other's end mean
 * nothing.
 *
 * @param checked undefined when there is no file of exceptions, or none that could be read
 */
export function linkExceptions(checked: CheckedEntries<ExceptionFile> | undefined): {
  exceptions: Exception[];
  problems: Problem[];
} {
  const exceptions: Exception[] = [];
  const problems: Problem[] = [];
  const byFinding = new Map<string, string>();
  for (const [name, { value, file }] of checked?.entries ?? []) {
    // Ids of checks have no blanks.
    const finding = `${value.check} ${value.subject}`;
    const other = byFinding.get(finding);
    if (other === undefined) byFinding.set(finding, name);
    else {
      const message = `is already accepted by ${other}, for the same check`;
      problems.push(file.problem([name, "subject"], message, { fix: "keep one of the two" }));
    }
    exceptions.push({ name, ...value, source: `${file.path} ${name}` });
  }
  return { exceptions, problems };
}
