/** AWS's own words, of whatever was thrown. */
export function describeError(error: unknown): { readonly name: string; readonly text: string } {
  if (!(error instanceof Error)) return { name: "Error", text: String(error) };
  // What several addresses of one name answer comes as one error without words.
  const inner = error instanceof AggregateError && error.message === "" ? error.errors[0] : undefined;
  const text = inner instanceof Error ? inner.message : error.message;
  return { name: error.name, text: text.replace(hintForProgrammers, "").replaceAll(/\s+/g, " ").trim() };
}

/** The SDK puts it behind the error of an answer that it cannot read. */
const hintForProgrammers = /\s*Deserialization error: to see the raw response.*$/s;

/** The SDK's errors say what they are by their name. */
export function messageOf(error: unknown): string {
  const { name, text } = describeError(error);
  return name === "Error" || text.startsWith(name) ? text : `${name}: ${text}`;
}

/** Whether nobody answered, as opposed to whoever said no. The SDK has its name for it, or leaves that of Node.js. */
export function isSilence(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  if ("isSilence" in error) return error.isSilence === true;
  const code = "code" in error ? String(error.code) : "";
  return ("name" in error && error.name === "TimeoutError") || silences.has(code);
}

const silences: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);
