import type { StackOutline } from "./output-index";

/** A stack of base and the one that goes on with it; one of the two is there. */
export type OutlinePair = readonly [before: StackOutline | undefined, after: StackOutline | undefined];

/** By what they are about, then by name: a stack's name changes with its account's OU. */
export function pairOutlines(base: readonly StackOutline[], head: readonly StackOutline[]): OutlinePair[] {
  const bySubject = new Map<string, StackOutline>();
  for (const outline of head) {
    if (outline.subject !== undefined && !bySubject.has(outline.subject)) bySubject.set(outline.subject, outline);
  }
  const byName = new Map(head.map((outline) => [outline.name, outline]));
  const taken = new Set<StackOutline>();
  const goingOn = new Map<StackOutline, StackOutline>();
  const match = (find: (outline: StackOutline) => StackOutline | undefined): void => {
    for (const outline of base) {
      const found = goingOn.has(outline) ? undefined : find(outline);
      if (found === undefined || taken.has(found)) continue;
      taken.add(found);
      goingOn.set(outline, found);
    }
  };
  match(({ subject }) => (subject === undefined ? undefined : bySubject.get(subject)));
  match(({ name }) => byName.get(name));
  return [
    ...base.map((outline): OutlinePair => [outline, goingOn.get(outline)]),
    ...head.filter((outline) => !taken.has(outline)).map((outline): OutlinePair => [undefined, outline]),
  ];
}
