/** @throws Error for a document of AWS that is no JSON */
export function jsonText(text: string, what: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new Error(`AWS answered with ${what} that is no JSON`);
  }
}
