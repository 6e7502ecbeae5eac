import { at, linkName, type Model, zoneName, zoneOfPrincipal } from "./model";
import type { PageState } from "./state";
import { searchWords } from "./words";

/** Indexes of the rows of access that the address asks for, in their order. */
export function accessFound(model: Model, { query }: PageState): number[] {
  const { data } = model;
  const words = searchWords(query.get("q") ?? "");
  // A word may be found in the principal or in the key: each is searched once and not once a row.
  const inPrincipal = words.length === 0 ? [] : model.principalTexts.map((text) => foundWords(text, words));
  const inKey = words.length === 0 ? [] : model.keyTexts.map((text) => foundWords(text, words));
  const all = 2 ** words.length - 1;
  const action = query.get("action")?.toLowerCase();
  const actionSets = data.actionSets.map(
    ({ names, uses, manages }) =>
      (action === undefined || names.some((name) => name.toLowerCase() === action)) &&
      doesFits(query.get("does"), uses, manages),
  );
  const principals = data.principals.map(
    (principal) => (query.get("principal") ?? linkName(principal)) === linkName(principal),
  );
  const keys = data.keys.map(
    (key) =>
      (query.get("key") ?? key.id) === key.id &&
      (query.get("zone") ?? zoneName(data, key.zone)) === zoneName(data, key.zone),
  );
  const account = query.get("account");
  const accounts = data.accounts.map(({ name, id }) => account === undefined || name === account || id === account);
  const from = query.get("from");
  const rows: number[] = [];
  data.access.forEach(([principal, key, actions], index) => {
    if (!actionSets[actions] || !principals[principal] || !keys[key]) return;
    if (((inPrincipal[principal] ?? 0) | (inKey[key] ?? 0)) !== all) return;
    if (
      account !== undefined &&
      !accounts[at(data.keys, key).account] &&
      !accounts[at(data.principals, principal).account ?? -1]
    )
      return;
    if (from !== undefined && (from === "other zones") !== comesFromElsewhere(model, principal, key)) return;
    rows.push(index);
  });
  return rows;
}

/** A service is let in by a zone's own statement and comes from nowhere. */
export function comesFromElsewhere({ data }: Model, principal: number, key: number): boolean {
  const who = at(data.principals, principal);
  return who.kind !== "service" && zoneOfPrincipal(data, who) !== at(data.keys, key).zone;
}

function doesFits(wanted: string | undefined, uses: boolean, manages: boolean): boolean {
  if (wanted === "uses") return uses;
  if (wanted === "manages") return manages;
  return wanted === undefined || (uses && manages);
}

function foundWords(text: string, words: readonly string[]): number {
  return words.reduce((found, word, index) => (text.includes(word) ? found + 2 ** index : found), 0);
}
