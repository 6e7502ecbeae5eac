import { actionsText } from "../access/key-actions";
import type { ReviewChange, ReviewedAccess } from "../review/review";
import { oneLine } from "./one-line";
import { type AlikeAccess, type AlikeChanges, alikeAccess, placeText } from "./review-groups";
import type { ReviewReport } from "./review-report";

/** A policy opened to everybody who is named in it can give access to thousands. */
const MOST_ACCESS = 10;
/** Where a whole key or replica comes or goes, those who use it stand first, and everybody else is the same for every key of the zone. */
const MOST_ACCESS_OF_A_KEY = 4;
/** Of what is alike, these are named. */
const MOST_NAMES = 5;
const MOST_LINES = 3;

/** What is alike, for people: where it is, what it means, who gains or loses what by it, where it stands, and what to make sure of. */
export function reviewLines({ first, others }: AlikeChanges, report: ReviewReport): string[] {
  const { place, what, whatToDo } = first;
  const regions = place.regions.length === 0 ? "" : `  ${place.regions.join(", ")}`;
  return [
    oneLine(`${placeText(place)}${regions}`),
    ...[
      what,
      ...accessLines(first),
      ...(others.length === 0 ? [] : [`and ${others.length} more alike: ${someOf(others)}`]),
      ...fileLines(first, report),
      ...(whatToDo === "" ? [] : [`-> ${whatToDo}`]),
    ].map((line) => `    ${oneLine(line)}`),
  ];
}

/** What the words of the change have said already is not said again; somebody from outside is never left out. */
function accessLines({ id, what, access }: ReviewChange): string[] {
  if (access.some(({ whom }) => what.includes(whom))) {
    return [...new Set(access.flatMap(outsideLine))].filter((line) => !what.includes(line)).map(loudly);
  }
  const groups = alikeAccess(access);
  const most = /^(key|replica)-/.test(id) ? MOST_ACCESS_OF_A_KEY : MOST_ACCESS;
  const more = groups.slice(most).reduce((count, { whoms, keys }) => count + whoms.length * keys.length, 0);
  return [
    ...groups.slice(0, most).flatMap((alike) => [accessLine(alike), ...outsideLine(alike.first).map(loudly)]),
    ...(more > 0 ? [`and ${more} more who gain or lose access`] : []),
  ];
}

function outsideLine({ effect, outside }: ReviewedAccess): string[] {
  return outside === undefined || effect === "loses" ? [] : [outside];
}

function loudly(outside: string): string {
  return `OUTSIDE THE ZONE: ${outside}`;
}

function accessLine({ first, whoms, keys, throughs }: AlikeAccess): string {
  const { effect, actions, until, conditions, half } = first;
  const through = throughs.length > MOST_LINES ? `${throughs.length} statements` : throughs.join(" and ");
  const asides = [
    ...(until === undefined ? [] : [`until ${until}`]),
    ...conditions,
    ...(half === "identity" ? ["as far as the key lets it"] : []),
  ];
  return [
    effect,
    someOf(whoms),
    actionsText(actions),
    `on ${someOf(keys)}`,
    `through ${through}${asides.map((aside) => `, ${aside}`).join("")}`,
  ].join("  ");
}

/** On the side after the change, or, for what is gone, before it. */
function fileLines({ lines }: ReviewChange, report: ReviewReport): string[] {
  const after = lines.filter(({ side }) => side === "head");
  const found = (after.length === 0 ? lines : after).flatMap((place) => report.lineOf(place) ?? []);
  return [...new Set(found.map(({ file, line, column }) => `${file}:${line}:${column}`))].slice(0, MOST_LINES);
}

/** The first names, and how many more there are. */
export function someOf(names: readonly string[], most = MOST_NAMES): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(", ")} and ${more} more` : names.join(", ");
}
