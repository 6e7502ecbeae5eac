import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { type KeyKind, keyOrigins, keySpecs } from "../../modules/aws/key-kind";
import { actionsOf, grantOperationsOf, keyOperations, operationsOf } from "../../modules/aws/key-operations";
import {
  brokenRules,
  canBeMultiRegion,
  canRotateAutomatically,
  canRotateOnDemand,
  isInKeyStore,
  keyRules,
} from "../../modules/aws/key-rules";
import { originSources, specFacts } from "../../modules/aws/key-specs";
import { uniqueNames } from "../../modules/aws/name-order";
import { serviceProfiles } from "../../modules/aws/service-profiles";
import { holdGeneratedPart } from "./generated-part";

const path = join(__dirname, "../../docs/key-kinds.md");

/** Kinds that are alike in everything, as one: HMAC_224 to HMAC_512. */
interface Alike {
  readonly specs: readonly string[];
  readonly kind: KeyKind;
}

function kindsThatAre(): Alike[] {
  const groups = new Map<string, { specs: string[]; kind: KeyKind }>();
  for (const spec of keySpecs) {
    for (const usage of specFacts[spec].usages) {
      for (const origin of keyOrigins) {
        const kind = { spec, usage, origin };
        const asked = {
          ...kind,
          multiRegion: false,
          rotatesAutomatically: false,
          inKeyStore: isInKeyStore(kind),
          partition: undefined,
        };
        if (brokenRules(asked).length > 0) continue;
        const name = [specFacts[spec].title, usage, origin].join(" ");
        const group = groups.get(name) ?? { specs: [], kind };
        group.specs.push(spec);
        groups.set(name, group);
      }
    }
  }
  return [...groups.values()];
}

const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");
const yes = (is: boolean): string => (is ? "yes" : "no");

const tables: Readonly<Record<string, readonly string[]>> = {
  kinds: [
    "| `spec` | `usage` | `origin` | partitions | multi-Region | rotates by itself | rotates on demand | `operations` | of grants | sources |",
    "|---|---|---|---|---|---|---|---|---|---|",
    ...kindsThatAre().map(({ specs, kind }) => {
      const { partitions, source } = specFacts[kind.spec];
      const cells = [
        code(specs),
        `\`${kind.usage}\``,
        `\`${kind.origin}\``,
        partitions.join(", "),
        yes(canBeMultiRegion(kind)),
        yes(canRotateAutomatically(kind)),
        yes(canRotateOnDemand(kind)),
        code(operationsOf(kind)),
        code(grantOperationsOf(kind)),
        `[spec](${source}), [origin](${originSources[kind.origin]})`,
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ],
  rules: [
    "| rule | about | because | source |",
    "|---|---|---|---|",
    ...keyRules.map(({ id, field, rule, source }) => `| ${id} | \`${field}\` | ${rule} | [source](${source}) |`),
  ],
  operations: [
    "| operation | KMS actions | on keys for |",
    "|---|---|---|",
    ...keyOperations.map((word) => {
      const kinds = kindsThatAre().map(({ kind }) => kind);
      const on = kinds.filter((kind) => operationsOf(kind).includes(word));
      const actions = uniqueNames(on.flatMap((kind) => actionsOf(word, kind))).map((action) => action.slice(4));
      const where =
        word === "grant-to-aws-services"
          ? "`ENCRYPT_DECRYPT`, symmetric"
          : code(uniqueNames(on.map(({ usage }) => usage)));
      return `| \`${word}\` | ${actions.length === 0 ? "none of its own" : code(actions)} | ${where} |`;
    }),
  ],
  services: [
    "| profile | key | Region |",
    "|---|---|---|",
    ...serviceProfiles.flatMap(({ name, key }) =>
      key === undefined ? [] : [`| \`${name}\` | \`${key.spec}\` for \`${key.usage}\` | \`${key.region}\` |`],
    ),
  ],
};

test.each(Object.entries(tables))(
  "the page on kinds of keys has the %s as the code has them; UPDATE_DOCS=1 writes them anew",
  (name, lines) => {
    holdGeneratedPart(path, name, lines);
  },
);

test("the page on kinds of keys says who says so: every link leads to AWS, the provider's registry or another page", () => {
  const links = [...readFileSync(path, "utf8").matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
  expect(links.length).toBeGreaterThan(20);
  expect(
    links.filter(
      (link) => !/^(https:\/\/(docs\.aws\.amazon\.com|registry\.terraform\.io)\/|[a-z-]+\.md|decisions\/|#)/.test(link),
    ),
  ).toEqual([]);
});
