import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TemplateTexts } from "../modules/rollouts/plan-rollouts";

const FOLDER = join(__dirname, "..", "modules", "rollouts", "templates");
const ENDING = ".yaml.hbs";

/** The built-in templates, by their names. */
export function builtInTemplateTexts(): TemplateTexts {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(ENDING));
  return new Map(files.map((name) => [name.slice(0, -ENDING.length), readFileSync(join(FOLDER, name), "utf8")]));
}
