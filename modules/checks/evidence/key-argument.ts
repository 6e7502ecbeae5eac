import type { Place } from "../../access/policy-statement";

/** A key, a replica or a custom key store. */
export interface ResourceArguments extends Place {
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a key's Terraform argument says: nothing, a value, or something that nobody can tell from the JSON alone. */
export type Argument<Value> =
  | { readonly is: "unset" }
  | { readonly is: "set"; readonly value: Value }
  | { readonly is: "unclear" };

/**
 * `true` and `false`, also as texts: Terraform converts them.
 *
 * Source: https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion
 */
export function booleanArgument(key: ResourceArguments, name: string): Argument<boolean> {
  return read(key.arguments, name, asBoolean);
}

/** A whole number, also as a text. */
export function wholeNumberArgument(key: ResourceArguments, name: string): Argument<number> {
  return read(key.arguments, name, (value) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
  });
}

/** The provider takes an empty text for none. */
export function textArgument(key: ResourceArguments, name: string): Argument<string> {
  const text = read(key.arguments, name, (value) => (typeof value === "string" ? value : undefined));
  return text.is === "set" && text.value === "" ? { is: "unset" } : text;
}

/** Where the argument stands, or the key itself when it has none of that name. */
export function argumentPlace({ document, path, arguments: all }: ResourceArguments, name: string): Place {
  return { document, path: Object.hasOwn(all, name) ? `${path}/${name}` : path };
}

export function asBoolean(value: unknown): boolean | undefined {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : undefined;
}

/** `null` is Terraform's way to say that an argument is not set; an expression has been read as undefined. */
function read<Value>(
  all: ResourceArguments["arguments"],
  name: string,
  convert: (value: unknown) => Value | undefined,
): Argument<Value> {
  if (!Object.hasOwn(all, name) || all[name] === null) return { is: "unset" };
  const value = convert(all[name]);
  return value === undefined ? { is: "unclear" } : { is: "set", value };
}
