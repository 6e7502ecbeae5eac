import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The golden file's text; `UPDATE_GOLDEN=1` writes it anew, for a reviewer to read the difference. */
export function golden(name: string, text: string): string {
  const path = join(__dirname, "golden", name);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, `${text}\n`);
  return readFileSync(path, "utf8").replace(/\n$/, "");
}

/** A template of modules/report, as the command line reads it. */
export function template(name: string): string {
  return readFileSync(join(__dirname, "../../modules/report/templates", name), "utf8");
}
