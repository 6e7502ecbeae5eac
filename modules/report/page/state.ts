/** What the page shows, as its address says: `#/keys?zone=pci&q=pay`. */
export interface PageState {
  readonly view: ViewName;
  /** What comes after the view, decoded: a zone, a key's id, a rollout. */
  readonly subject: string;
  readonly query: ReadonlyMap<string, string>;
}

export const viewNames = [
  "organization",
  "zones",
  "keys",
  "key",
  "access",
  "findings",
  "rollouts",
  "cost",
  "review",
  "drift",
] as const;
export type ViewName = (typeof viewNames)[number];

/** @returns The first view for an address that means nothing: links are typed by hand. */
export function parseHash(hash: string): PageState {
  const text = hash.replace(/^#?\/?/, "");
  const mark = text.indexOf("?");
  const [name = "", ...rest] = (mark < 0 ? text : text.slice(0, mark)).split("/");
  const view = viewNames.find((each) => each === name);
  const query = new Map([...new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1))].filter(([, value]) => value));
  return view ? { view, subject: rest.map(decoded).join("/"), query } : { view: "organization", subject: "", query };
}

/** The same state always has the same address: parameters are in order of their names. */
export function formatHash(view: ViewName, subject = "", query: Iterable<readonly [string, string]> = []): string {
  const path = subject === "" ? "" : `/${subject.split("/").map(encodeURIComponent).join("/")}`;
  const pairs = [...query].filter(([, value]) => value !== "").sort(([a], [b]) => (a < b ? -1 : 1));
  const search = pairs.length > 0 ? `?${new URLSearchParams(Object.fromEntries(pairs))}` : "";
  return `#/${view}${path}${search}`;
}

/** The address whatever is open beside the list: opening another one does not draw the list again. */
export function withoutOpen({ view, subject, query }: PageState): string {
  return formatHash(
    view,
    subject,
    [...query].filter(([name]) => name !== "open"),
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
