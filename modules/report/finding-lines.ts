import type { Finding } from "../findings/finding";
import type { FilePlace, LocatedFinding, ReportedException } from "./locate-findings";
import { oneLine } from "./one-line";

/** A key that a hundred workloads share has as many places behind it. */
const MOST_MAP_PLACES = 5;

/**
 * One finding for people: what it is about, what is wrong, and the lines to look at, first in the output, then in the map.
 *
 * @param fix said already for all findings of its check, so that it is not said again
 */
export function findingLines(finding: LocatedFinding, fix?: string): string[] {
  const { where, why, whatToDo, output, map } = finding;
  const places = [...(output === undefined ? [] : [output]), ...map.slice(0, MOST_MAP_PLACES)];
  const more = map.length - MOST_MAP_PLACES;
  return [
    oneLine(where),
    `    ${oneLine(why)}`,
    ...places.map((place) => `    ${placeText(place)}`),
    ...(more > 0 ? [`    and ${more} more places in the map`] : []),
    ...(whatToDo === fix ? [] : [`    -> ${oneLine(whatToDo)}`]),
  ];
}

/** A finding, and who answers for it. */
interface AcceptedFinding {
  readonly finding: Finding;
  readonly exception: ReportedException;
}

/** What nobody has to mend before a day, and who said so. */
export function acceptedLines({ finding, exception }: AcceptedFinding): string[] {
  return [`${finding.severity}  ${finding.id}  ${oneLine(finding.where)}`, `    ${exceptionText(exception)}`];
}

export function exceptionText({ name, owner, reason, expires }: ReportedException): string {
  return oneLine(`${name}: ${owner} until ${expires}: ${reason}`);
}

/** `cdktf.out/stacks/acme.health.clinic/cdk.tf.json:12:7`: what editors and terminals make a link of. */
function placeText({ file, line, column }: FilePlace): string {
  return `${oneLine(file)}:${line}:${column}`;
}
