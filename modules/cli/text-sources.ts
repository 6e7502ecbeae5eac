import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import type { ReadMap } from "../organization/read-organization-map";
import type { TextSources } from "../report/locate-findings";
import { stackPath } from "../terraform/graph/read-output";

/** Where reports find the lines behind findings: in the output folder and in the files of the map. */
export function textSources(out: string, problemAt: ReadMap["problemAt"]): TextSources {
  return {
    stackText: (stack) => {
      const path = stackPath(out, stack);
      return existsSync(path) ? { file: fileName(path), text: readFileSync(path, "utf8") } : undefined;
    },
    mapPlace: (source) => {
      const { file, line, column, path } = problemAt(source, "", "");
      return { file: fileName(file), line, column, path };
    },
  };
}

/** Below the working directory without it, as code scanning wants it; a file elsewhere by its whole path. */
function fileName(path: string): string {
  const whole = resolve(path);
  const below = relative(process.cwd(), whole);
  // Another drive on Windows has no relative path.
  const isBelow = !below.startsWith("..") && !isAbsolute(below);
  return (isBelow ? below : whole).replaceAll("\\", "/");
}
