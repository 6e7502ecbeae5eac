/** An expression such as `${aws_kms_key.payments_prod_us-east-1.key_id}`. */
export interface Reference {
  /** `aws_kms_key` */
  readonly type: string;
  readonly name: string;
  readonly attribute: string;
}

/**
 * A text of Terraform's JSON syntax, as Terraform reads it: `$${` and `%%{` stand for `${` and `%{`.
 *
 * Source: https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 *
 * @returns undefined when the text holds an expression
 */
export function literalText(text: string): string | undefined {
  if (!text.includes("{")) return text;
  const withoutEscapes = text.replaceAll("$${", "").replaceAll("%%{", "");
  if (withoutEscapes.includes("${") || withoutEscapes.includes("%{")) return undefined;
  return text.replaceAll("$${", () => "${").replaceAll("%%{", () => "%{");
}

/** Reads one reference and nothing else; undefined for any other text or expression. */
export function parseReference(text: string): Reference | undefined {
  const match = /^\$\{\s*([a-z_][a-z0-9_]*)\.([A-Za-z_][\w-]*)\.([a-z_]+)\s*\}$/.exec(text);
  if (match === null) return undefined;
  const [, type = "", name = "", attribute = ""] = match;
  return ["local", "var", "data", "module", "each", "count", "self", "path", "terraform"].includes(type)
    ? undefined
    : { type, name, attribute };
}

/** `${jsonencode(local.NAME)}`: the local's name, or undefined for every other text. */
export function parseEncodedLocal(text: string): string | undefined {
  return /^\$\{\s*jsonencode\(\s*local\.([A-Za-z_][\w-]*)\s*\)\s*\}$/.exec(text)?.[1];
}

/** `${data.TYPE.NAME.ATTRIBUTE}` and nothing else. */
export function parseDataReference(text: string): Reference | undefined {
  const match = /^\$\{\s*data\.([a-z_][a-z0-9_]*)\.([A-Za-z_][\w-]*)\.([a-z_]+)\s*\}$/.exec(text);
  if (match === null) return undefined;
  const [, type = "", name = "", attribute = ""] = match;
  return { type, name, attribute };
}
