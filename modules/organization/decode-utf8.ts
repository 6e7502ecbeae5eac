import type { Problem } from "./problem";

/** Where bytes are no text, from 1. */
interface Damage {
  readonly line: number;
  readonly column: number;
}

/** The text of a file, without its byte order mark; or where the first bytes stand that are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): { text: string } | Damage {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const readable = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return placeOfDamage(bytes, readable);
  }
}

/** The first bytes that are no UTF-8. A replacement character may also be in the file itself, so each is compared. */
function placeOfDamage(bytes: Uint8Array, readable: string): Damage {
  const again = new TextEncoder().encode(readable);
  const damaged = again.findIndex((byte, index) => byte !== bytes[index]);
  const before = new TextDecoder("utf-8").decode(bytes.subarray(0, Math.max(damaged, 0))).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

export function notUtf8(file: string, { line, column }: Damage): Problem {
  return { file, line, column, path: "", message: "is not UTF-8 text from here on", fix: "save the file as UTF-8" };
}
