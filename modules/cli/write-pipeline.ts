import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { OutputRefused } from "../../stacks/output-folder";
import type { PipelineFile } from "../pipelines/render-pipeline";
import { isWrittenByOrgkeys } from "../pipelines/written-by-orgkeys";

/** A file on the disk that is not what would be written. */
interface StaleFile {
  readonly path: string;
  readonly state: "missing" | "stale";
}

export function staleFiles(files: readonly PipelineFile[], folder: string): StaleFile[] {
  return files.flatMap(({ path, text }): StaleFile[] => {
    const target = join(folder, path);
    if (!existsSync(target)) return [{ path, state: "missing" }];
    return isFile(target) && readFileSync(target, "utf8") === text ? [] : [{ path, state: "stale" }];
  });
}

/** Files that are there and that orgkeys has not written. */
export function foreignFiles(files: readonly PipelineFile[], folder: string): string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => {
      const target = join(folder, path);
      return existsSync(target) && !(isFile(target) && isWrittenByOrgkeys(readFileSync(target, "utf8")));
    });
}

/**
 * Writes all files or none: each is written beside its place, and only then moved there.
 *
 * @throws OutputRefused for a link or a folder where a file goes
 */
export function writeFiles(files: readonly PipelineFile[], folder: string): void {
  const places = files.map(({ path, text }) => {
    const target = resolve(folder, path);
    if (existsSync(target) && !isFile(target)) {
      throw new OutputRefused(`${path}: is there, and is no file; nothing was written. Move it away`);
    }
    return { text, target, stage: `${target}.orgkeys-${process.pid}` };
  });
  try {
    for (const { stage, text } of places) {
      mkdirSync(dirname(stage), { recursive: true });
      writeFileSync(stage, text);
    }
    for (const { stage, target } of places) renameSync(stage, target);
  } finally {
    for (const { stage } of places) rmSync(stage, { force: true });
  }
}

/** A link would be followed out of the folder. */
function isFile(path: string): boolean {
  return lstatSync(path).isFile();
}
