import { type Fields, isFields } from "../../access/stack-reading";
import { literalText, parseEncodedLocal } from "../../access/terraform-value";
import { canonicalPolicy, documentValue } from "./canonical-policy";
import { isSame } from "./changed-entries";

export type DocumentForm = "policy" | "text";

/** The argument of a type that holds a document. Of a policy, the provider compares the meaning; of all others, the text. */
const forms: Readonly<Record<string, Readonly<Record<string, DocumentForm>>>> = {
  aws_cloudformation_stack: { template_body: "text" },
  aws_cloudformation_stack_set: { template_body: "text" },
  aws_iam_policy: { policy: "policy" },
  aws_kms_external_key: { policy: "policy" },
  aws_kms_key: { policy: "policy" },
  aws_kms_replica_external_key: { policy: "policy" },
  aws_kms_replica_key: { policy: "policy" },
  aws_organizations_policy: { content: "text" },
};

/** A stack's JSON in which documents stand where they are used, and only the locals that something else may use are left. */
export interface StackDocuments {
  readonly json: Fields;
  /** Locals that nothing but documents uses; none of them when that cannot be told. */
  readonly claimed: ReadonlySet<string>;
}

/**
 * Puts documents into the arguments that refer to them, so that a local's name is nobody's difference.
 *
 * @param other the JSON that it is compared with: a document that is written there in the same way stays as it is written, because
 *   its form costs more than all the rest. @default nothing
 */
export function withDocuments(json: Fields, other: Fields = {}): StackDocuments {
  const locals = isFields(json.locals) ? json.locals : {};
  const claimed = new Set<string>();
  const others: unknown[] = [json.locals];
  const isWrittenThere = (local: unknown, type: string, id: string, argument: string): boolean => {
    const there = fieldOf(fieldOf(fieldOf(other.resource, type), id), argument);
    const name = typeof there === "string" ? parseEncodedLocal(there) : undefined;
    return name !== undefined && isSame(local, fieldOf(other.locals, name));
  };
  const resource = mapFields(json.resource, (resources, type) =>
    mapFields(resources, (fields, id) => {
      if (!isFields(fields)) {
        others.push(fields);
        return fields;
      }
      return mapFields(fields, (value, argument) => {
        const form = forms[type]?.[argument];
        const local = form !== undefined && typeof value === "string" ? parseEncodedLocal(value) : undefined;
        if (form !== undefined && local !== undefined && Object.hasOwn(locals, local)) {
          claimed.add(local);
          if (isWrittenThere(locals[local], type, id, argument)) return { document: locals[local] };
          const document = documentValue(locals[local], literalText);
          return { document: form === "policy" ? canonicalPolicy(document) : document };
        }
        others.push(value);
        return form === "policy" ? (policyText(value) ?? value) : value;
      });
    }),
  );
  for (const [name, value] of Object.entries(json)) {
    if (name !== "locals" && name !== "resource") others.push(value);
  }
  const isLoose = others.some(mayUseLocals);
  return { json: json.resource === undefined ? json : { ...json, resource }, claimed: isLoose ? new Set() : claimed };
}

/** Undefined for what is no text of a policy. */
function policyText(value: unknown): Fields | undefined {
  const text = typeof value === "string" ? literalText(value) : undefined;
  if (text === undefined) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    return isFields(document)
      ? { document: canonicalPolicy(documentValue(document, (literal) => literal)) }
      : undefined;
  } catch {
    return undefined;
  }
}

function mayUseLocals(value: unknown): boolean {
  if (typeof value === "string") return /[$%]\{/.test(value) && /\blocal\b/.test(value);
  if (Array.isArray(value)) return value.some(mayUseLocals);
  return isFields(value) && Object.entries(value).some(([name, inner]) => mayUseLocals(name) || mayUseLocals(inner));
}

function fieldOf(value: unknown, name: string): unknown {
  return isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function mapFields(value: unknown, change: (inner: unknown, name: string) => unknown): unknown {
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner, name)]));
}
