import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The golden file's text; `UPDATE_GOLDEN=1` writes it anew, for a reviewer to read the difference. */
export function golden(name: string, value: unknown): string {
  const path = join(__dirname, "golden", name);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, asGolden(value));
  return readFileSync(path, "utf8");
}

export function asGolden(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
