import type { z } from "zod";
import { isFields } from "../access/stack-reading";
import { DRIFT_SCHEMA, driftDocument } from "./drift-document";
import { cut } from "./markdown-comment";
import { oneLine } from "./one-line";
import { REVIEW_SCHEMA, reviewDocument } from "./review-document";

/** What can be laid over the page, and which command writes it. */
const overlays = {
  review: { schema: REVIEW_SCHEMA, document: reviewDocument },
  drift: { schema: DRIFT_SCHEMA, document: driftDocument },
} as const satisfies Record<string, { readonly schema: string; readonly document: z.ZodType }>;
export type OverlayKind = keyof typeof overlays;

/** More say no more. */
const MOST_PROBLEMS = 5;

/**
 * A document that is laid over the page, as its command has written it. Of a broken one nothing is shown: what is missing would
 * look like what did not change.
 *
 * @returns the document, or what is wrong with it, each with what to do
 */
export function readOverlay(text: string, kind: OverlayKind): { overlay: unknown } | { problems: string[] } {
  const { schema, document } = overlays[kind];
  const again = `give --${kind} what orgkeys ${kind} --format json has written, unchanged`;
  let json: unknown;
  try {
    // Some editors and shells put a mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return { problems: [`is not JSON${text.trim() === "" ? ", but empty" : ""}; ${again}`] };
  }
  const found = isFields(json) && typeof json.schema === "string" ? json.schema : undefined;
  if (found !== schema) {
    const what = found === undefined ? "no report of orgkeys" : `a report of schema ${cut(oneLine(found), 80)}`;
    return { problems: [`is ${what}, and ${schema} is needed; ${again}`] };
  }
  const checked = document.safeParse(json);
  if (checked.success) return { overlay: checked.data };
  const { issues } = checked.error;
  const shown = issues
    .slice(0, MOST_PROBLEMS)
    .map((issue) => `${problemText(issue)}; ${again}, by this version of orgkeys`);
  const more = issues.length - shown.length;
  return { problems: [...shown, ...(more > 0 ? [`and ${more} more`] : [])] };
}

/** `findings[3].place.region: is missing, or not what it has to be` */
function problemText(issue: z.core.$ZodIssue): string {
  const path = issue.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
  const place = path === "" ? "" : `${cut(oneLine(path), 200)} `;
  if (issue.code !== "unrecognized_keys") return `${place}is missing, or not what it has to be`;
  return `${place}has ${cut(oneLine(issue.keys.join(", ")), 200)}, which is not known here`;
}
