import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of a test's own: whoever makes it removes it. */
export interface MapFolder {
  readonly folder: string;
  /** A copy of a map, to be edited. */
  readonly config: string;
  /** Where its output goes; not there yet. */
  readonly out: string;
}

/** @param map the folder of the map that is copied; the small fixture unless it is given */
export function makeMapFolder(map: string = join(__dirname, "../fixtures/small")): MapFolder {
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-cli-"));
  const config = join(folder, "config");
  cpSync(map, config, { recursive: true });
  return { folder, config, out: join(folder, "cdktf.out") };
}
