import { usingActions } from "../access/key-actions";
import { groupedBy } from "../aws/grouped-by";
import type { ReviewChange, ReviewedAccess } from "../review/review";
import { resourceWords } from "../review/words";

/** The words on a change name no more of its access than this. */
const MOST_NAMED_ROWS = 20;

/** Changes that a reader has to look at once. */
export interface AlikeChanges {
  readonly first: ReviewChange;
  /** What differs, of the others: other keys that change as the first does, or other principals at its place. */
  readonly others: readonly string[];
}

/**
 * Changes that say the same of many keys, and those that say the same of many principals at one place, each in the order of their
 * first: three hundred keys that gain one statement are one thing to look at.
 */
export function alikeChanges(changes: readonly ReviewChange[]): AlikeChanges[] {
  const byKey = gather(changes, (change) => patternOf(change, namesOf(change)));
  const lone = byKey.flatMap(([first, ...others]) => (others.length === 0 ? [first] : []));
  const byPrincipal = gather(lone, (change) => {
    // Without anybody in it, a place has but one change of a kind that reads like this one.
    if (change.access.length === 0) return JSON.stringify([change.id, change.place, change.detail]);
    return JSON.stringify([
      change.place,
      patternOf(change, [change.detail], ({ whom, who, until = "" }) => [whom, who, until]),
    ]);
  });
  const groups = new Map<ReviewChange, AlikeChanges>();
  for (const [first, ...others] of byKey) {
    if (others.length > 0) groups.set(first, { first, others: others.map(({ place }) => placeText(place)) });
  }
  for (const [first, ...others] of byPrincipal) {
    const whoms = others.flatMap(({ access }) => access.map(({ whom }) => whom));
    groups.set(first, { first, others: [...new Set(whoms)] });
  }
  return changes.flatMap((change) => groups.get(change) ?? []);
}

/** `alias/payments-prod in pci-key-management (pci)` */
export function placeText({ resource, account, zone, stack }: ReviewChange["place"]): string {
  const where = resourceWords(resource, account ?? stack);
  return zone === undefined ? where : `${where} (${zone})`;
}

/** Access that reads the same but for the key, or but for the principal. */
export interface AlikeAccess {
  readonly first: ReviewedAccess;
  readonly whoms: readonly string[];
  readonly keys: readonly string[];
  readonly throughs: readonly string[];
}

/** Those from outside the zone first, then who can use the key: administrators are the same for every key of a zone. */
export function alikeAccess(access: readonly ReviewedAccess[]): AlikeAccess[] {
  const uses = ({ actions }: ReviewedAccess): boolean => actions.some((action) => usingActions.includes(action));
  const rankOf = (row: ReviewedAccess): number => (row.outside !== undefined ? 0 : uses(row) ? 1 : 2);
  const ranked = [...access].sort((a, b) => rankOf(a) - rankOf(b));
  const common = ({ effect, actions, outside, half, until, conditions }: ReviewedAccess): unknown[] => {
    return [effect, actions, outside, half, until, conditions];
  };
  const byPrincipal = gather(ranked, (row) => JSON.stringify([row.who, ...common(row)]));
  const lone = byPrincipal.flatMap(([first, ...others]) => (others.length === 0 ? [first] : []));
  const byKey = gather(lone, (row) => JSON.stringify([row.key, row.zone, ...common(row)]));
  const groups = new Map<ReviewedAccess, readonly ReviewedAccess[]>();
  for (const rows of [...byPrincipal.filter(({ length }) => length > 1), ...byKey]) groups.set(rows[0], rows);
  const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
  return ranked.flatMap((first) => {
    const rows = groups.get(first);
    if (rows === undefined) return [];
    return {
      first,
      whoms: unique(rows.map(({ whom }) => whom)),
      keys: unique(rows.map(({ key, zone }) => (zone === undefined ? key : `${key} (${zone})`))),
      throughs: unique(rows.map(({ through }) => through)),
    };
  });
}

/** The names of the place of a change: another change that differs in nothing else is the same to a reader. */
function namesOf({ place }: ReviewChange): string[] {
  const { resource, account = "", accountId = "", stack, address = "", zone = "" } = place;
  return [resource, account, accountId, stack, address, zone];
}

/**
 * A change without names.
 *
 * @param named of the change as a whole
 * @param namedIn of a row of its access, besides its key and its statement
 */
function patternOf(
  { id, risk, what, whatToDo, access }: ReviewChange,
  named: readonly string[],
  namedIn: (row: ReviewedAccess) => readonly string[] = () => [],
): string {
  const ofRows = access.slice(0, MOST_NAMED_ROWS).flatMap((row) => [row.key, row.through, ...namedIn(row)]);
  const whole = nameless([...named, ...ofRows]);
  return JSON.stringify([
    id,
    risk,
    whole(what),
    whole(whatToDo),
    access.map((row) => {
      const { effect, whom, actions, outside, half, until, conditions } = row;
      const own = nameless([...named, ...namedIn(row)]);
      return [
        effect,
        own(whom),
        actions,
        outside === undefined ? null : own(outside),
        half,
        own(until ?? ""),
        conditions,
      ];
    }),
  ]);
}

function nameless(names: readonly string[]): (text: string) => string {
  const longestFirst = [...new Set(names)].filter((name) => name !== "").sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((left, name) => left.replaceAll(name, "\u0000"), text);
}

function gather<Item>(items: readonly Item[], patternOfItem: (item: Item) => string): (readonly [Item, ...Item[]])[] {
  return [...groupedBy(items, patternOfItem).values()];
}
