import { decodeUtf8, notUtf8 } from "./decode-utf8";
import type { MapFile, SourceFile } from "./map-file";
import type { Problem } from "./problem";
import { builtInTemplates, type RolloutTemplate } from "./rollout";

const ENDING = ".yaml.hbs";

/** The map's own templates, as far as they can be read. */
export interface ReadTemplates {
  readonly templates: readonly RolloutTemplate[];
  /** For later problems: a path `12:5` is the place itself, because Handlebars has no names in it. */
  readonly files: readonly MapFile[];
  readonly problems: readonly Problem[];
}

/** Reads the map's own templates as text. What the text is worth shows when it is rendered. */
export function readRolloutTemplates(sources: readonly SourceFile[]): ReadTemplates {
  const templates: RolloutTemplate[] = [];
  const files: MapFile[] = [];
  const problems: Problem[] = [];
  for (const source of sources) {
    const file = templateFile(source);
    const name = templateNameOf(source.path);
    files.push(file);
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
      const fix = "rename the file: lower-case letters, digits and hyphens, first a letter";
      problems.push(file.problem([], `gives template ${name} a name that rollouts.yaml cannot use`, { fix }));
    }
    if (builtInTemplates.some((builtIn) => builtIn === name)) {
      const message = `has the name of a template that comes with orgkeys (${builtInTemplates.join(", ")})`;
      problems.push(file.problem([], message, { fix: "rename the file, and its entry in rollouts.yaml" }));
    }
    const decoded = decodeUtf8(source.bytes);
    if (!("text" in decoded)) problems.push(notUtf8(source.name, decoded));
    else if (decoded.text.trim() === "") {
      problems.push(file.problem([], "is empty", { fix: "fill it in or delete the file" }));
    } else templates.push({ name, text: decoded.text, path: source.path });
  }
  return { templates, files, problems };
}

/** `backup-vault` for `rollouts/backup-vault.yaml.hbs`. */
export function templateNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -ENDING.length);
}

function templateFile({ name, path }: SourceFile): MapFile {
  return {
    name,
    path,
    value: undefined,
    problem: ([at], message, { fix } = {}) => {
      const [, line = 1, column = 1] = /^(\d+):(\d+)$/.exec(String(at)) ?? [];
      const place = { file: name, line: Number(line), column: Number(column), path: "" };
      return { ...place, message, ...(fix === undefined ? {} : { fix }) };
    },
  };
}
