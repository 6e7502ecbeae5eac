import type { Requester } from "./requester";

/**
 * What a request says about one context key. A list with more than one value is a multivalued key. `absent` is known to
 * be missing from the request; `unknown` may be anything, missing included.
 */
export type ContextValue = readonly string[] | "absent" | "unknown";

/** By context key, in lower case: names of context keys are not case-sensitive. */
export type ContextLayer = ReadonlyMap<string, ContextValue>;

/** One request to AWS KMS, as the policies see it. */
export interface Request {
  readonly principal: Requester;
  /** `kms:Decrypt` */
  readonly action: string;
  readonly resource: RequestedResource;
  /** The first layer that has a context key says what it is. */
  readonly context: readonly ContextLayer[];
  /** What is true of all context keys that are not listed. */
  readonly unlisted: "absent" | "unknown";
  /** The pairs of the request, whose names are case-sensitive to grants. */
  readonly encryptionContext: Readonly<Record<string, string>> | "unknown";
}

export interface RequestedResource {
  readonly accountId: string;
  readonly arn: string;
  /** The ARN's end, a key's id, is known only to AWS: `arn` is just its beginning. */
  readonly open: boolean;
}

export interface RequestInput {
  readonly principal: Requester;
  readonly action: string;
  readonly resource: RequestedResource;
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** What holds where `context` says nothing. Many requests share these layers. */
  readonly implied?: readonly ContextLayer[];
  /** @default "unknown" */
  readonly unlisted?: "absent" | "unknown";
  /** @default "unknown" */
  readonly encryptionContext?: Readonly<Record<string, string>> | "unknown";
}

export function newRequest(input: RequestInput): Request {
  return {
    principal: input.principal,
    action: input.action,
    resource: input.resource,
    context: [...(input.context === undefined ? [] : [contextLayer(input.context)]), ...(input.implied ?? [])],
    unlisted: input.unlisted ?? "unknown",
    encryptionContext: input.encryptionContext ?? "unknown",
  };
}

/** The same key twice, in different case, is unknown: nobody knows which one AWS would take. */
export function contextLayer(context: Readonly<Record<string, ContextValue>>): ContextLayer {
  const layer = new Map<string, ContextValue>();
  for (const [key, value] of Object.entries(context)) {
    const name = key.toLowerCase();
    layer.set(name, layer.has(name) ? "unknown" : value);
  }
  return layer;
}

const pairPrefix = "kms:encryptioncontext:";

/**
 * What the request says about a context key; an empty list is the same as `absent`.
 *
 * Pairs of the encryption context are context keys too:
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
 */
export function contextValue(request: Request, key: string): ContextValue {
  const name = key.toLowerCase();
  const listed = request.context.find((layer) => layer.has(name))?.get(name);
  if (listed !== undefined) return typeof listed !== "string" && listed.length === 0 ? "absent" : listed;
  const isPair = name.startsWith(pairPrefix);
  if (!isPair && name !== "kms:encryptioncontextkeys") return request.unlisted;
  if (request.encryptionContext === "unknown") return "unknown";
  const pairs = Object.entries(request.encryptionContext);
  const values = isPair
    ? pairs.filter(([pair]) => pair.toLowerCase() === name.slice(pairPrefix.length)).map(([, value]) => value)
    : pairs.map(([pair]) => pair);
  return values.length === 0 ? "absent" : values;
}
