import { all, type Truth } from "./truth";
import { type MatchOptions, matchPattern, type Pattern } from "./wildcard";

/**
 * Matches an ARN component by component: a wildcard never reaches over a colon, except in the last of the six components,
 * the resource, which may have colons of its own.
 *
 * @returns `unknown` where the pattern or the text is not an ARN
 */
export function matchArn(pattern: Pattern, arn: string, options: MatchOptions = {}): Truth {
  const [only, second] = pattern;
  if (only === arn && second === undefined && options.open !== true && isArn(arn)) return true;
  const expected = patternComponents(pattern);
  const actual = arn.split(":");
  if (expected === undefined || actual.length < 6 || actual[0] !== "arn") return "unknown";
  const components = [...actual.slice(0, 5), actual.slice(5).join(":")];
  return all(
    expected.map((component, index) =>
      matchPattern(component, components[index] ?? "", index === 5 ? options : { ...options, open: false }),
    ),
  );
}

const isArn = (text: string): boolean => /^arn:(?:[^:]*:){4}/.test(text);

/** A pattern split at its first five literal colons; undefined when it has fewer. */
function patternComponents(pattern: Pattern): Pattern[] | undefined {
  const components: (Pattern[number] | string)[][] = [[]];
  for (const part of pattern) {
    if (typeof part !== "string") {
      components.at(-1)?.push(part);
      continue;
    }
    const pieces = part.split(":");
    const splits = Math.min(pieces.length - 1, 6 - components.length);
    for (let index = 0; index < splits; index += 1) {
      components.at(-1)?.push(pieces[index] ?? "");
      components.push([]);
    }
    components.at(-1)?.push(pieces.slice(splits).join(":"));
  }
  if (components.length !== 6) return undefined;
  return components.map((component) => component.filter((part) => part !== ""));
}
