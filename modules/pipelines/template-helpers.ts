import { shellWord } from "../findings/shell-word";

/** What no pipeline file may hold: hosts would take it for an expression, shells and YAML for something of their own. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\$\{\{/u;

function checked(value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number") throw new Error(`${String(value)} is no text`);
  const text = String(value);
  if (unsafe.test(text)) throw new Error(`${JSON.stringify(text)} cannot stand in a pipeline's file`);
  return text;
}

/** Written as it is, where it can be nothing but a word. */
export function plain(value: unknown): string {
  const text = checked(value);
  if (/^[A-Za-z0-9_][A-Za-z0-9_./:@-]*$/.test(text)) return text;
  throw new Error(`${JSON.stringify(text)} is no plain word`);
}

/** A YAML text in quotes, which JSON's are. */
export function yamlText(value: unknown): string {
  return JSON.stringify(checked(value));
}

/** One word of a shell. */
export function checkedWord(value: unknown): string {
  return shellWord(checked(value));
}

/** A text in an expression of GitHub. */
export function expressionText(value: unknown): string {
  return `'${checked(value).replaceAll("'", "''")}'`;
}

/** JSON on one line, in which nothing is an expression. */
export function json(value: unknown): string {
  return checked(JSON.stringify(value));
}
