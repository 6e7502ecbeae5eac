import { checkFiles } from "./check-files";
import { linkMap } from "./link/link-map";
import type { SourceFile } from "./map-file";
import type { OrganizationMap } from "./organization-map";
import { type FilePlace, type Problem, sortProblems } from "./problem";
import { soundPart } from "./sound-part";

export interface ReadMap {
  readonly map: OrganizationMap;
  /** A problem that shows later, at a place as `WorkloadEnvironment.source` writes it, or at one in a text. */
  problemAt(source: string, message: string, fix: string, place?: FilePlace): Problem;
}

/**
 * Reads the whole map: every file is parsed and held against its schema, and every reference between files is resolved.
 * What is wrong in one place does not keep the rest from being read, and nothing that only follows from it is reported.
 *
 * @param directory the configuration folder's name, for problems about files that are not there
 * @returns the map, or every problem of every file, with what is left of the map without the entries that have one: for
 * finding what else is wrong, and for nothing else
 */
export function readOrganizationMap(
  sources: readonly SourceFile[],
  directory: string,
): ReadMap | { problems: Problem[]; sound: ReadMap } {
  const { files, problems } = checkFiles(sources, directory);
  const linked = linkMap(files, problems);
  problems.push(...withoutFollowUps(linked.problems, problems, files.mended));
  const problemAt: ReadMap["problemAt"] = (source, message, fix, place) => {
    if (place !== undefined) {
      const name = sources.find((each) => each.path === place.file)?.name;
      return { ...place, file: name ?? place.file, message, fix };
    }
    const [path = "", at = ""] = source.split(" ");
    const file = files.byPath.get(path);
    if (file === undefined) return { file: path, line: 1, column: 1, path: at, message, fix };
    return file.problem(at.split("."), message, { fix, atKey: true });
  };
  if (problems.length === 0) return { map: linked.map, problemAt };
  const sound = { map: soundPart(linked.map, files.byPath, problems), problemAt };
  return { problems: sortProblems(problems), sound };
}

/** What is said about a place that has something wrong already, or that was mended, only follows from that. */
function withoutFollowUps(
  linkProblems: readonly Problem[],
  problems: readonly Problem[],
  mended: ReadonlySet<string>,
): Problem[] {
  const wrong = new Set(problems.filter(({ path }) => path !== "").map(({ file, path }) => `${file} ${path}`));
  return linkProblems.filter(({ file, path }) => {
    const parts = path.split(".");
    const places = parts.map((_, index) => `${file} ${parts.slice(0, index + 1).join(".")}`);
    return !places.some((place) => wrong.has(place) || mended.has(place));
  });
}
