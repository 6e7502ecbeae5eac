import { distance } from "fastest-levenshtein";
import { nameOrder, uniqueNames } from "../../aws/name-order";

/**
 * How many subjects on either side of its own place in the order one is compared with, where a great many differ in the
 * same word: 1,000 exceptions among 10,000 findings would otherwise take many seconds.
 */
const NEIGHBOURS = 100;

/**
 * Finds the subject that somebody most likely meant, among those that differ in one word, which may be another one,
 * missing or too much.
 */
export class NearestSubjects {
  /** By all words, and by all but one. */
  readonly #candidates = new Map<string, string[]>();

  constructor(subjects: Iterable<string>) {
    for (const subject of uniqueNames(subjects)) {
      for (const words of nearlyAllWords(subject)) {
        const others = this.#candidates.get(words);
        if (others === undefined) this.#candidates.set(words, [subject]);
        else others.push(subject);
      }
    }
  }

  /** Undefined when none is near: not more than a fifth of the text is another one. */
  of(subject: string): string | undefined {
    const candidates = nearlyAllWords(subject).flatMap((words) => neighbours(this.#candidates.get(words), subject));
    const wanted = subject.toLowerCase();
    let nearest: string | undefined;
    let least = Math.max(2, Math.floor(subject.length / 5)) + 1;
    for (const candidate of candidates) {
      const far = distance(wanted, candidate.toLowerCase());
      if (far >= least) continue;
      nearest = candidate;
      least = far;
    }
    return nearest;
  }
}

/** Of sorted subjects: what begins alike is near. */
function neighbours(sorted: readonly string[] = [], subject: string): readonly string[] {
  if (sorted.length <= 2 * NEIGHBOURS) return sorted;
  const place = sorted.findIndex((each) => nameOrder(each, subject) >= 0);
  const middle = place < 0 ? sorted.length : place;
  return sorted.slice(Math.max(0, middle - NEIGHBOURS), middle + NEIGHBOURS);
}

function nearlyAllWords(subject: string): string[] {
  const words = subject.toLowerCase().split(/\s+/);
  return [words.join(" "), ...words.map((_, left) => words.filter((__, index) => index !== left).join(" "))];
}
