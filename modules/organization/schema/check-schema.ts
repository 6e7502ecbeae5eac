import type { z } from "zod";
import type { MapFile, MapPath } from "../map-file";
import type { Problem } from "../problem";
import { fileWithout, isBelow, originalPath, type Removal, removalAround, withoutParts } from "./mend-value";
import { fileAsWritten, type MisspelledField, misspelledFields, withFieldsRenamed } from "./misspelled-fields";
import { problemsOfIssue } from "./schema-problem";

export interface CheckedValue<Value> {
  readonly problems: readonly Problem[];
  /**
   * What can still be held against the rest of the map, with the file for its paths: everything when there are no
   * problems, and otherwise what is left without the mistakes.
   */
  readonly sound: { readonly value: Value; readonly file: MapFile } | undefined;
  /** Where the mistakes were taken out: what is said about these places later only follows from that. */
  readonly mended: readonly MapPath[];
}

/** Some mistakes only show when others are gone: a list is compared with itself once its entries are right. */
const MOST_ROUNDS = 4;

/** Holds a value of a file, whose paths start at the file's top, against a schema. */
export function checkSchema<Schema extends z.ZodType>(
  schema: Schema,
  file: MapFile,
  value: unknown,
): CheckedValue<z.output<Schema>> {
  const problems: Problem[] = [];
  let removals: readonly Removal[] = [];
  let mended = value;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const result = schema.safeParse(mended, { error: () => "" });
    if (result.success) {
      const mendedPaths = removals.map(({ path }) => path);
      return { problems, sound: { value: result.data, file: fileWithout(file, removals) }, mended: mendedPaths };
    }
    const misspelled = round === 0 ? misspelledFields(result.error.issues, schema, value) : [];
    if (misspelled.length > 0) return checkAsMeant(misspelled, schema, file, value);
    const gone = removals;
    const issues = result.error.issues.flatMap(innermostIssues).map((issue) => {
      return { ...issue, path: [...originalPath(pathOf(issue), gone)] };
    });
    for (const issue of issues) {
      // "Must have at least one entry" of a list that has lost its entries here is no news.
      if (gone.some((removal) => isBelow(removal.path, issue.path))) continue;
      problems.push(...problemsOfIssue(issue, schema, file, value));
    }
    const found = issues.map((issue) => removalsFor(issue, schema, value));
    if (found.some((each) => each === undefined)) return { problems, sound: undefined, mended: [] };
    removals = outermost([...removals, ...found.flatMap((each) => each ?? [])]);
    mended = withoutParts(value, removals);
  }
  return { problems, sound: undefined, mended: [] };
}

/** Goes on with a misspelled field as the one that was meant, so that this one is not called missing as well. */
function checkAsMeant<Schema extends z.ZodType>(
  misspelled: readonly MisspelledField[],
  schema: Schema,
  file: MapFile,
  value: unknown,
): CheckedValue<z.output<Schema>> {
  const corrected = checkSchema(schema, fileAsWritten(file, misspelled), withFieldsRenamed(value, misspelled));
  const problems = misspelled.map(({ at, written, meant }) =>
    file.problem([...at, written], "is not a known field", { atKey: true, fix: `did you mean ${meant}?` }),
  );
  return { ...corrected, problems: [...problems, ...corrected.problems] };
}

/** An issue with its path in the file. */
type LocatedIssue = z.core.$ZodIssue & { path: (string | number)[] };

function removalsFor(issue: LocatedIssue, schema: z.ZodType, value: unknown): Removal[] | undefined {
  if (issue.code !== "unrecognized_keys") {
    const removal = removalAround(schema, value, issue.path);
    return removal === undefined ? undefined : [removal];
  }
  return issue.keys.map((key) => ({ path: [...issue.path, key], standIn: undefined, isListItem: false }));
}

/** A union's issues are those of the one alternative that was most likely meant, or its own when none stands out. */
function innermostIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const [first, second] = issue.errors
    .filter((issues) => !issues.some(isOfAnotherKind))
    .sort((a, b) => a.length - b.length);
  if (first === undefined || first.length === second?.length) return [issue];
  return first.flatMap((nested) => innermostIssues({ ...nested, path: [...issue.path, ...nested.path] }));
}

/** An issue that says "this alternative is for another kind of value altogether". */
function isOfAnotherKind(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

function pathOf(issue: z.core.$ZodIssue): MapPath {
  return issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
}

/** Without the parts that go with a larger part anyway, and none twice. */
function outermost(removals: readonly Removal[]): Removal[] {
  const byPath = new Map(removals.map((removal) => [JSON.stringify(removal.path), removal]));
  return [...byPath.values()].filter(
    ({ path }) => !path.some((_, length) => byPath.has(JSON.stringify(path.slice(0, length)))),
  );
}
