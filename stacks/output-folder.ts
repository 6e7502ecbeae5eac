import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** An output is replaced as a whole, so that nothing else may be taken for one. */
export class OutputRefused extends Error {}

/**
 * @param out as the user wrote it
 * @throws OutputRefused for anything but a folder that is missing, empty, or has the manifest of a synthesis
 */
export function refuseOtherFolders(out: string): void {
  if (!existsSync(out)) return;
  const refuse = (why: string): never => {
    throw new OutputRefused(
      `--out ${out}: ${why}; nothing was written. Name a new folder, or one that synthesis wrote`,
    );
  };
  if (!statSync(out).isDirectory()) refuse("is no folder");
  else if (readdirSync(out).length > 0 && !hasManifest(out)) refuse("has other files, and is no output of a synthesis");
}

function hasManifest(out: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
    return typeof manifest === "object" && manifest !== null && "stacks" in manifest && "version" in manifest;
  } catch {
    return false;
  }
}
