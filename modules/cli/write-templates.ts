import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { OutputRefused } from "../../stacks/output-folder";
import { makeStage, replaceFolder } from "../../stacks/staged-folder";
import type { BootstrapTemplate } from "../rollouts/bootstrap/hand-made-stacks";

/** Tells a folder of templates from any other: it is replaced as a whole. */
const INDEX_FILE = "orgkeys-templates.json";

/**
 * Writes each template as JSON and as YAML, all or nothing.
 *
 * @throws OutputRefused for a folder that has anything else in it
 */
export function writeTemplates(templates: readonly BootstrapTemplate[], directory: string): void {
  refuseOtherFolders(directory);
  const files = templates.flatMap(({ name, json, yaml }) => [
    [`${name}.json`, json] as const,
    [`${name}.yaml`, yaml] as const,
  ]);
  const index = { schema: "orgkeys/templates/v1", files: files.map(([name]) => name) };
  const target = resolve(directory);
  const stage = makeStage(target);
  try {
    for (const [name, text] of files) writeFileSync(join(stage, name), text);
    writeFileSync(join(stage, INDEX_FILE), `${JSON.stringify(index, null, 2)}\n`);
    replaceFolder(stage, target, () => undefined);
  } catch (error) {
    rmSync(stage, { recursive: true, force: true });
    throw error;
  }
}

function refuseOtherFolders(directory: string): void {
  if (!existsSync(directory)) return;
  const refuse = (why: string): never => {
    throw new OutputRefused(
      `--templates ${directory}: ${why}; nothing was written. Name a new folder, or one that --templates wrote`,
    );
  };
  if (!statSync(directory).isDirectory()) refuse("is no folder");
  const entries = readdirSync(directory);
  const written = new Set([INDEX_FILE, ...filesOf(directory)]);
  const [other] = entries.filter((name) => !written.has(name)).sort();
  if (entries.length > 0 && !entries.includes(INDEX_FILE)) refuse(`has other files, and no ${INDEX_FILE}`);
  else if (other !== undefined) refuse(`${other} is not of --templates`);
}

/** None where the index is missing or says something else. */
function filesOf(directory: string): string[] {
  try {
    const index: unknown = JSON.parse(readFileSync(join(directory, INDEX_FILE), "utf8"));
    if (typeof index !== "object" || index === null || !("files" in index) || !Array.isArray(index.files)) return [];
    return index.files.map(String);
  } catch {
    return [];
  }
}
