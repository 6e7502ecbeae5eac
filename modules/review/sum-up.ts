import { nameOrder } from "../aws/name-order";
import type { ReviewChange, ReviewPlace } from "./review";
import { countWords } from "./words";

/** A reviewer looks at one or two; the difference has all. */
const MOST_LINES = 5;

interface Sum {
  readonly change: ReviewChange;
  readonly whats: Map<string, number>;
  readonly stacks: Set<string>;
  count: number;
}

/**
 * Changes of which thousands may be alike, told once over all stacks: tags, and what stacks share such as the versions of providers.
 * What is summed up is not kept.
 */
export class SumUp {
  readonly #sums = new Map<string, Sum>();

  add(change: ReviewChange): void {
    const name = sumName(change);
    const sum = this.#sums.get(name) ?? { change, whats: new Map(), stacks: new Set(), count: 0 };
    sum.count += 1;
    sum.stacks.add(change.place.stack);
    if (sum.whats.size <= 1 || sum.whats.has(change.what)) {
      sum.whats.set(change.what, (sum.whats.get(change.what) ?? 0) + 1);
    }
    this.#sums.set(name, {
      ...sum,
      change: {
        ...sum.change,
        place: samePlace(sum.change.place, change.place),
        lines: sum.count === 1 ? change.lines : [...sum.change.lines, ...change.lines].slice(0, MOST_LINES),
      },
    });
  }

  changes(): ReviewChange[] {
    return [...this.#sums.values()].map(({ change, whats, stacks, count }) => {
      const [what = ""] = [...whats.keys()].sort(nameOrder);
      const where = stacks.size === 1 ? "" : ` in ${countWords(stacks.size, "stack")}`;
      const on = count === 1 ? "" : ` on ${countWords(count, "resource")}${where}`;
      if (change.id === "tags-changed") {
        return { ...change, what: whats.size === 1 ? `${what}${on}` : `is another, in more than one way,${on}` };
      }
      if (stacks.size === 1) return { ...change, what };
      return { ...change, what, place: { ...change.place, resource: countWords(stacks.size, "stack") } };
    });
  }
}

/** The same for all changes that are told as one. */
export function sumName({ id, risk, detail, what }: ReviewChange): string {
  return [id, risk, detail, id === "tags-changed" ? "" : what].join("\n");
}

/** What two places share; the stack and the address are those of the first. */
function samePlace(place: ReviewPlace, other: ReviewPlace): ReviewPlace {
  const same = <Value>(a: Value, b: Value): Value | undefined => (a === b ? a : undefined);
  return {
    ...place,
    organization: same(place.organization, other.organization),
    account: same(place.account, other.account),
    accountId: same(place.accountId, other.accountId),
    partition: same(place.partition, other.partition),
    zone: same(place.zone, other.zone),
  };
}
