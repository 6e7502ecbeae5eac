import { spawnSync } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { pipelineStacks } from "../../modules/cli/pipeline-stacks";
import { planPipeline } from "../../modules/pipelines/plan-pipeline";
import { checkedWord, expressionText, json, plain, yamlText } from "../../modules/pipelines/template-helpers";
import { githubProblems } from "./github-schema";
import { documentsOf, everyForm, loadedOf, planOf, sampleSources, scriptsOf } from "./rendered";

const loaded = loadedOf(sampleSources());
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const awkward = fc.string({
  unit: fc.constantFrom(..."aZ0 /.'\"$`\\*?[]{}()<>|&;!#%:,=~^\t\n-", "${{", "}}", "$(id)", "é", "\u2028", "\u0000"),
  minLength: 1,
  maxLength: 20,
});

/** A map with other names for everything that a file of a pipeline names. */
function renamed(zoneNames: ReadonlyMap<string, string>, environments: ReadonlyMap<string, string>, ou: string) {
  const zoneOf = (zone: string): string => zoneNames.get(zone) ?? zone;
  const accounts = loaded.map.accounts.map((account) => ({
    ...account,
    zone: zoneOf(account.zone),
    ouPath: `${ou}/${account.ouPath}`,
    environment: account.environment === undefined ? undefined : environments.get(account.environment),
  }));
  const zones = loaded.map.zones.map((zone) => ({ ...zone, name: zoneOf(zone.name) }));
  const stacks = pipelineStacks(loaded).map((stack) => ({ ...stack, zone: zoneOf(stack.zone) }));
  return planPipeline({ accounts, zones }, stacks);
}

describe("names that are awkward", () => {
  test("make files that their readers take, or none", () => {
    const zoneNames = loaded.map.zones.map((zone) => zone.name);
    const names = fc.uniqueArray(name, { minLength: zoneNames.length, maxLength: zoneNames.length });
    const environments = fc.uniqueArray(name, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(names, environments, awkward, (zones, [dev = "", testing = "", prod = ""], ou) => {
        const planned = renamed(
          new Map(zoneNames.map((zone, index) => [zone, zones[index] ?? zone])),
          new Map([
            ["dev", dev],
            ["test", testing],
            ["prod", prod],
          ]),
          ou,
        );
        if ("problems" in planned) throw new Error(planned.problems.join("\n"));
        const ids = planned.plan.stages.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { form, files } of everyForm(planned.plan)) {
          expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
          const documents = documentsOf(files);
          if (form.startsWith("github")) {
            expect(documents.flatMap(({ path, document }) => githubProblems(document, undefined, path))).toEqual([]);
          }
          expect(scriptsOf(files).filter(({ script }) => script.includes("${{"))).toEqual([]);
        }
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test("are one word to a shell, whatever is in them, or refused", () => {
    const words: string[] = [];
    fc.assert(
      fc.property(awkward, (text) => {
        const word = orRefused(() => checkedWord(text));
        if (word !== undefined) words.push(text);
      }),
      { numRuns: 300 },
    );
    const script = `printf '%s\\0' ${words.map(checkedWord).join(" ")}`;
    const { stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8", cwd: __dirname });
    expect(words.length).toBeGreaterThan(50);
    expect(stdout.split("\0").slice(0, -1)).toEqual(words);
  });

  test("are one text to YAML, or refused", () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const written = orRefused(() => yamlText(text));
        if (written !== undefined) expect(parse(`key: ${written}\n`)).toEqual({ key: text });
      }),
    );
  });

  test.each(["${{ secrets.KEY }}", "a\nb", "a\u0000", "a\u2028b", "\u202e"])("%j is refused everywhere", (text) => {
    for (const write of [plain, yamlText, checkedWord, expressionText]) {
      expect(() => write(text)).toThrow(/cannot stand|plain word/);
    }
  });
});

test("an expression in JSON is refused too", () => {
  expect(() => json(["${{ secrets.KEY }}"])).toThrow(/cannot stand/);
});

test("64 zones have 64 roles, and no two jobs share a name", () => {
  const pci = loaded.map.zones.find((zone) => zone.name === "pci");
  const account = loaded.map.accounts.find((each) => each.name === "payments-prod");
  const [stack] = pipelineStacks(loaded).filter((each) => each.account === "payments-prod" && each.kind === "account");
  if (pci?.state.kind !== "s3" || account === undefined || stack === undefined)
    throw new Error("the sample is another");
  const { state } = pci;
  const numbers = Array.from({ length: 64 }, (_, number) => number);
  const id = (number: number): string => String(500_000_000_000 + number);
  const map = {
    accounts: numbers.map((number) => ({ ...account, name: `a${number}`, id: id(number), zone: `z${number}` })),
    zones: numbers.map((number) => ({
      ...pci,
      name: `z${number}`,
      state: { ...state, bucket: `bucket-${number}` },
      pipelines: pci.pipelines && {
        ...pci.pipelines,
        deploy: pci.pipelines.deploy.map((each) => ({ ...each, arn: `arn:aws:iam::${id(number)}:role/Pipeline` })),
      },
    })),
  };
  const planned = planPipeline(
    map,
    numbers.map((number) => ({ ...stack, name: `o.u${number}.a${number}`, account: `a${number}`, zone: `z${number}` })),
  );
  if ("problems" in planned) throw new Error(planned.problems.join("\n"));
  expect(new Set(planned.plan.zones.map(({ deploy }) => deploy.arn)).size).toBe(64);
  expect(new Set(planned.plan.stages.map((stage) => stage.id)).size).toBe(64);
  for (const { files } of everyForm(planned.plan)) documentsOf(files);
  expect(planOf(loaded).stages.length).toBe(12);
});

function orRefused(write: () => string): string | undefined {
  try {
    return write();
  } catch {
    return undefined;
  }
}
