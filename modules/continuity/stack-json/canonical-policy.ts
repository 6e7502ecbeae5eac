import { isFields } from "../../access/stack-reading";
import { nameOrder } from "../../aws/name-order";
import { sortedJson } from "../sorted-json";

/** Lists in which IAM takes a single text for a list of one. */
const lists: ReadonlySet<string> = new Set(["Action", "NotAction", "Resource", "NotResource"]);

/**
 * An IAM policy in one form for one meaning: lists sorted wherever neither IAM nor the provider's plan looks at their order.
 *
 * Source: https://github.com/hashicorp/awspolicyequivalence
 */
export function canonicalPolicy(document: unknown): unknown {
  if (!isFields(document) || document.Statement === undefined) return document;
  const { Statement: statement } = document;
  const statements: readonly unknown[] = Array.isArray(statement) ? statement : [statement];
  return {
    ...document,
    Statement: statements
      .map(canonicalStatement)
      .map((inner) => ({ inner, text: sortedJson(inner) }))
      .sort((a, b) => nameOrder(a.text, b.text))
      .map(({ inner }) => inner),
  };
}

function canonicalStatement(statement: unknown): unknown {
  if (!isFields(statement)) return statement;
  return Object.fromEntries(
    Object.entries(statement).map(([name, value]) => {
      if (lists.has(name)) return [name, list(value)];
      if (name === "Principal" || name === "NotPrincipal") return [name, mapped(value, list)];
      if (name === "Condition") return [name, mapped(value, (keys) => mapped(keys, list))];
      return [name, value];
    }),
  );
}

function mapped(value: unknown, change: (inner: unknown) => unknown): unknown {
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]));
}

function list(value: unknown): unknown {
  if (typeof value === "string") return [value];
  const isTexts = Array.isArray(value) && value.every((item) => typeof item === "string");
  return isTexts ? [...value].sort(nameOrder) : value;
}

/**
 * A document with Terraform's escapes undone, as `jsonencode` writes it. Expressions begin with a NUL, and are no text's equal.
 *
 * @param literal what a text stands for; undefined for an expression
 */
export function documentValue(value: unknown, literal: (text: string) => string | undefined): unknown {
  if (typeof value === "string") return textValue(value, literal);
  if (Array.isArray(value)) return value.map((inner) => documentValue(inner, literal));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [textValue(name, literal), documentValue(inner, literal)]),
  );
}

function textValue(text: string, literal: (text: string) => string | undefined): string {
  const read = literal(text);
  if (read === undefined) return `\0$${text}`;
  return read.startsWith("\0") ? `\0${read}` : read;
}
