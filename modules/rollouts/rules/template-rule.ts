import type { MapPath } from "../../organization/map-file";
import type { TemplateDocument, TemplateFlaw } from "../template";

/** A template as the rules see it. */
export interface LintedTemplate {
  readonly document: TemplateDocument;
  /** Values that it is given. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The same with its own defaults. */
  readonly values: Readonly<Record<string, string>>;
  /** Names, with `*` for anything, that this template must leave alone; empty for one that comes with orgkeys. */
  readonly keptNames: readonly string[];
}

export interface RuleFlaw {
  readonly path: MapPath;
  readonly message: string;
  readonly fix: string;
  readonly given?: TemplateFlaw["given"];
}

/** What a template has to keep to. */
export interface TemplateRule {
  readonly id: string;
  /** What is asked. */
  readonly rule: string;
  readonly because: string;
  readonly source: string;
  flaws(template: LintedTemplate): RuleFlaw[];
}
