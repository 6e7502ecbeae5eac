import { z } from "zod";
import type { FormerDrift } from "../drift/since";
import { severities } from "../findings/finding";
import { DRIFT_SCHEMA } from "./drift-document";
import { cut } from "./markdown-comment";
import { oneLine } from "./one-line";

/** What `--since` needs of a report; a later version may have written more, and other kinds of drift. */
const identified = {
  id: z.string(),
  severity: z.enum(severities),
  fingerprint: z.string().regex(/^[0-9a-f]{32}$/),
};
const formerDocument = z.object({
  findings: z.array(
    z.object({
      ...identified,
      place: z.object({ accountId: z.string(), region: z.string().nullable(), stack: z.string().nullable() }),
    }),
  ),
  known: z.array(
    z.object({ ...identified, accountId: z.string(), region: z.string().nullable(), stack: z.string().nullable() }),
  ),
});

/** More say no more. */
const MOST_PROBLEMS = 5;
const again = "give --since what orgkeys drift --format json has written, unchanged";

/**
 * A former report of `orgkeys drift`, as `--format json` writes it. One that is broken is no report: with a part of it everything
 * might seem new, or known.
 *
 * @returns the report, or what is wrong with it, each with what to do
 */
export function readFormerDrift(text: string): { former: FormerDrift } | { problems: string[] } {
  const json = parse(text);
  if (json === undefined) return { problems: [`is not JSON${text.trim() === "" ? ", but empty" : ""}; ${again}`] };
  const schema = schemaOf(json);
  if (schema !== DRIFT_SCHEMA) {
    const what = schema === undefined ? "no report of orgkeys" : `a report of schema ${cut(oneLine(schema), 80)}`;
    return { problems: [`is ${what}, and ${DRIFT_SCHEMA} is needed; ${again}`] };
  }
  const checked = formerDocument.safeParse(json);
  if (!checked.success) {
    const { issues } = checked.error;
    const more = issues.length - MOST_PROBLEMS;
    return {
      problems: [
        ...issues
          .slice(0, MOST_PROBLEMS)
          .map(({ path }) => `${placeText(path)} is missing, or not what it has to be; ${again}`),
        ...(more > 0 ? [`and ${more} more`] : []),
      ],
    };
  }
  const { findings, known } = checked.data;
  const flat = [...findings.map(({ place, ...finding }) => ({ ...finding, ...place })), ...known];
  return {
    former: {
      findings: flat.map(({ id, severity, fingerprint, accountId, region, stack }) => {
        return { id, severity, fingerprint, accountId, region: region ?? undefined, stack: stack ?? undefined };
      }),
    },
  };
}

function parse(text: string): unknown {
  try {
    // Some editors and shells put a mark in front.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

function schemaOf(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null || !("schema" in json)) return undefined;
  return typeof json.schema === "string" ? json.schema : undefined;
}

/** `findings[3].place.region` */
function placeText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
