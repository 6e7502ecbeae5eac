import { type Document, isScalar, LineCounter, parseDocument } from "yaml";
import { decodeUtf8, notUtf8 } from "../decode-utf8";
import { type MapFile, type MapPath, mapFile, type SourceFile, type SyntaxTree } from "../map-file";
import type { Problem } from "../problem";
import { refuseYaml } from "./refuse-yaml";
import { yamlSyntaxProblem } from "./yaml-syntax";

/**
 * Parses YAML 1.2 strictly: UTF-8 only, one document, no key twice, no merge keys, no tags of its own.
 *
 * @param mayBeEmpty a file with nothing but comments is no problem
 * @returns the file with whatever else is wrong with it; no file when there is no value to go on with
 */
export function parseMapFile(
  source: SourceFile,
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): { file?: MapFile; problems: Problem[] } {
  const at = (line: number, column: number, message: string, fix: string, path = ""): Problem => ({
    file: source.name,
    line: Math.max(line, 1),
    column: Math.max(column, 1),
    path,
    message,
    fix,
  });
  const decoded = decodeUtf8(source.bytes);
  if (!("text" in decoded)) return { problems: [notUtf8(source.name, decoded)] };
  const tree = syntaxTree(decoded.text);
  const { document, lines } = tree;
  const atOffset = (found: { offset: number; message: string; fix: string; path?: MapPath }): Problem => {
    const { line, col } = lines.linePos(found.offset);
    return at(line, col, found.message, found.fix, found.path?.join("."));
  };

  // What follows a syntax error is read in its light, so that only the first one can be trusted.
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) return { problems: [atOffset(yamlSyntaxProblem(syntaxError, document, tree.text))] };
  if (document.directives?.yaml.version !== "1.2") {
    const fix = "delete the %YAML line: files are read as YAML 1.2";
    return { problems: [at(1, 1, "asks for another version of YAML, which reads values differently", fix)] };
  }
  if (mayBeEmpty && hasNoValue(document)) return { problems: [] };
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return { problems: [at(1, 1, "is empty", "fill it in or delete the file")] };
  }
  const refused = refuseYaml(document);
  const problems = [
    ...document.warnings.map((warning) => atOffset(yamlSyntaxProblem(warning, document, tree.text))),
    ...refused.map(atOffset),
  ];
  if (refused.some((each) => each.fatal)) return { problems };
  try {
    // Aliases have been counted, so that YAML's own counter has nothing to do.
    const value: unknown = document.toJS({ maxAliasCount: -1 });
    return { file: mapFile(source, value, parsedAgain(decoded.text)), problems };
  } catch (error) {
    // Only a merge key can still fail here, and it has been refused already.
    if (refused.length > 0) return { problems };
    throw error;
  }
}

/** Not even a null that somebody has written out. */
function hasNoValue({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.source === "");
}

/** `merge` only keeps the fields behind a refused merge key from being reported as missing. */
function syntaxTree(text: string): SyntaxTree {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    strict: true,
    uniqueKeys: false,
    merge: true,
  });
  return { text, document, lines };
}

/** A function of its own: in the one above, what it closes over would keep the first tree in memory. */
function parsedAgain(text: string): () => SyntaxTree {
  return () => syntaxTree(text);
}
