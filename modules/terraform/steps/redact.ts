import type { Variables } from "./step";

/** Variables whose values never leave the process: of the stacks, of credentials, of registries and state encryption. */
const secretName = /^TF_VAR_|^TF_TOKEN_|^TF_ENCRYPTION$|SECRET|PASSWORD|TOKEN|PRIVATE_KEY|CREDENTIAL/i;

/** Shorter values are found in every other word. */
const MIN_SECRET_CHARACTERS = 4;

/**
 * Takes credentials and the values of variables out of a text that people will read.
 *
 * @param environment Of the process that wrote the text.
 */
export function redact(text: string, environment: Variables): string {
  const known = Object.entries(environment)
    .filter(([name, value]) => secretName.test(name) && value.length >= MIN_SECRET_CHARACTERS)
    // The longer first: one value may be part of another.
    .sort(([, a], [, b]) => b.length - a.length);
  let clean = text;
  for (const [name, value] of known) clean = clean.replaceAll(value, `[${name}]`);
  return (
    clean
      .replace(/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, "[redacted]")
      .replace(/\b(AKIA|ASIA)[A-Z0-9]{12,}/g, "$1[redacted]")
      .replace(/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"]+/gi, "$1[redacted]")
      // Session tokens, and the encoded messages of denied requests.
      .replace(/[A-Za-z0-9+/_=-]{120,}/g, "[redacted]")
      // A secret access key has 40 characters of base64; commit and file hashes, which have 40 or 64, are of hexadecimal digits.
      .replace(/(?<![A-Za-z0-9+/=])(?![0-9a-f]{40}(?![A-Za-z0-9+/]))[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g, hidden)
  );
}

/** Paths have slashes too; a secret has capitals, small letters and digits. */
function hidden(word: string): string {
  return /[A-Z]/.test(word) && /[a-z]/.test(word) && /[0-9]/.test(word) ? "[redacted]" : word;
}
