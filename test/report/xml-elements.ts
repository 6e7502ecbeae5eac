import { SaxesParser } from "saxes";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Every element of an XML 1.0 document; throws where it is not well-formed. */
export function elementsOf(document: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, text: "" };
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on("closetag", () => open.pop());
  parser.write(document).close();
  return elements;
}

export const named = (elements: readonly Element[], name: string): Element[] =>
  elements.filter((element) => element.name === name);

/** What the attributes of the root and of the suites count, and what there is to count. */
export function countedAndThere(document: string): [counted: number[], there: number[]][] {
  const elements = elementsOf(document);
  const [root] = named(elements, "testsuites");
  return (
    [
      ["tests", "testcase"],
      ["failures", "failure"],
      ["errors", "error"],
      ["skipped", "skipped"],
    ] as const
  ).map(([field, name]) => {
    const ofSuites = named(elements, "testsuite").reduce((all, { attributes }) => all + Number(attributes[field]), 0);
    const there = named(elements, name).length;
    return [
      [Number(root?.attributes[field]), ofSuites],
      [there, there],
    ];
  });
}
