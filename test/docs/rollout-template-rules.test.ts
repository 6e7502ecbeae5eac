import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { inNameOrder } from "../../modules/aws/name-order";
import { nameProperties } from "../../modules/rollouts/created-names";
import { templateRules } from "../../modules/rollouts/template-rules";
import { holdGeneratedPart } from "./generated-part";

const path = join(__dirname, "../../docs/rollout-template-rules.md");

/** What Markdown would take for its own. */
const escaped = (text: string): string => text.replaceAll("<", "&lt;").replaceAll("*", "\\*");

const tables: Readonly<Record<string, readonly string[]>> = {
  rules: [
    "| rule | a template keeps to it when | because |",
    "|---|---|---|",
    ...templateRules.map(
      ({ id, rule, because, source }) => `| \`${id}\` | ${escaped(rule)} | [${escaped(because)}](${source}) |`,
    ),
  ],
  names: [
    "| resource | name | once in each |",
    "|---|---|---|",
    ...inNameOrder(nameProperties).map(
      ([type, { property, per }]) =>
        `| \`${type}\` | \`${property}\` | ${per === "region" ? "Region of an account" : per} |`,
    ),
  ],
};

test.each(Object.entries(tables))(
  "the page on rollouts' templates has the %s as the code has them; UPDATE_DOCS=1 writes them anew",
  (name, lines) => {
    holdGeneratedPart(path, name, lines);
  },
);

test("every rule has a name of its own, a reason and a page of AWS that says so", () => {
  const ids = templateRules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(templateRules.filter(({ because }) => because.length < 20).map(({ id }) => id)).toEqual([]);
  expect(
    templateRules
      .filter(({ source }) => !/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/.test(source))
      .map(({ id }) => id),
  ).toEqual([]);
});
