import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import Ajv from "ajv/dist/2020";
import { parseAllowance } from "../../modules/gate/parse-allowance";
import { allowOption } from "../../modules/report/gate-allowance";
import { runDocument, runJsonSchema } from "../../modules/report/run-document";
import { runJson } from "../../modules/report/run-json";
import { runMarkdown } from "../../modules/report/run-markdown";
import { runText } from "../../modules/report/run-text";
import type { GateEntry } from "../../modules/terraform/run/run-report";
import { golden } from "./golden";
import { hostileTexts } from "./outcome";
import {
  allowedAlias,
  changing,
  cut,
  failed,
  flooded,
  folder,
  held,
  hostile,
  lostKey,
  reports,
  runReport,
  stackReport,
  waiting,
} from "./run-reports";

const schemaPath = join(__dirname, "../../docs/schemas/run.schema.json");
const all = Object.entries(reports);

describe("a run as JSON", () => {
  test.each([...all, ["flooded", flooded()] as const])("%s is a document of the schema", (_, report) => {
    const document: unknown = JSON.parse(runJson(report));
    expect(runDocument.safeParse(document).error).toBeUndefined();
    const validate = new Ajv().compile(JSON.parse(runJsonSchema()));
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(document).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test("has its schema in the documentation; UPDATE_DOCS=1 writes it anew", () => {
    if (process.env.UPDATE_DOCS === "1") writeFileSync(schemaPath, runJsonSchema());
    else expect(readFileSync(schemaPath, "utf8")).toBe(runJsonSchema());
    expect(runDocument.safeParse({ ...runReport(), plan: "secret" }).success).toBe(false);
  });
});

describe("a run as text", () => {
  test.each(all)("%s reads as its golden file", (name, report) => {
    const text = runText(report, folder).join("\n");
    expect(text).toBe(golden(`run-${name}.txt`, text));
  });

  test("says who may allow each finding of the gate, and how", () => {
    const says = (entry: Partial<GateEntry>): string | undefined => {
      const lines = runText({ ...held, gate: { findings: [{ ...lostKey, ...entry }], open: 1, mistakes: [] } }, folder);
      return lines[lines.findIndex((line) => line.includes("-> end the key")) + 1]?.trim();
    };
    expect(says({})).toBe(
      "if it is meant: --allow 'key-destroyed acme.workloads.prod.shop-prod aws_kms_key.shop_prod_us-east-1=WHY IT IS MEANT'",
    );
    expect(says({ id: "too-many-changes", stack: "", address: undefined, where: "run" })).toBe(
      "if it is meant: --allow 'too-many-changes run=WHY IT IS MEANT'",
    );
    expect(says({ id: "policy-widened" })).toBe(
      `if it is meant: an exception in exceptions.yaml, with check: policy-widened and subject: ${lostKey.where}`,
    );
    expect(says({ id: "unreadable-plan" })).toBe("");
    const hopeless = { ...held, gate: { findings: [{ ...lostKey, id: "unreadable-plan" }], open: 1, mistakes: [] } };
    expect(runText(hopeless, folder).join("\n")).not.toContain("--allow");
  });

  test("allows what it says, in the gate's own reading", () => {
    const word = allowOption(lostKey)?.replace(/^--allow '(.*)'$/, "$1");
    expect(parseAllowance(word ?? "")).toEqual({
      subject: "key-destroyed acme.workloads.prod.shop-prod aws_kms_key.shop_prod_us-east-1",
      reason: "WHY IT IS MEANT",
    });
  });

  test("says once more what the command line has allowed, so that its next step can be pasted", () => {
    const next = (entries: readonly GateEntry[], stacks = held.stacks): string | undefined =>
      runText({ ...changing, stacks, gate: { findings: entries, open: 0, mistakes: [] } }, folder).at(-1);
    const resume = `    npm run -s orgkeys -- apply --resume ${folder}`;
    const option =
      "--allow 'alias-retargeted acme.workloads.test.shop-test aws_kms_alias.shop_test_us-east-1=it'\\''s a test account'";
    expect(next([allowedAlias])).toBe(`${resume} ${option}`);
    expect(next([{ ...allowedAlias, allowed: { by: "exception", reason: "it is a test" } }])).toBe(resume);
    const applied = held.stacks.map((stack) => ({ ...stack, status: "applied" as const }));
    expect(next([allowedAlias], applied)).toBe(resume);
  });

  test("asks for no allowance of the run as a whole: without --max-changes it is no finding", () => {
    const many: GateEntry = { ...lostKey, id: "too-many-changes", stack: "", where: "run", address: undefined };
    const report = { ...held, gate: { findings: [many], open: 1, mistakes: [] } };
    expect(runText(report, folder).at(-1)).toBe(`    npm run -s orgkeys -- apply --resume ${folder}`);
  });

  test("tells to resume wherever something is left, and never to begin anew after a cut apply", () => {
    for (const report of [held, failed, waiting, cut]) {
      expect(runText(report, folder).join("\n")).toContain(`    npm run -s orgkeys -- apply --resume ${folder}`);
    }
    for (const report of [failed, cut]) expect(runText(report, folder).join("\n")).toContain("do not begin another");
    expect(runText(held, folder).join("\n")).not.toContain("do not begin another");
  });

  test("names run, map and output word by word, quoted where a shell would read it", () => {
    const report = { ...changing, out: "it's out", config: "the map" };
    expect(runText(report, folder)).toContain(
      `    npm run -s orgkeys -- apply --resume ${folder} --config 'the map' --out 'it'\\''s out'`,
    );
  });

  test("emphasizes for a terminal, and lets nothing else steer it", () => {
    const report = { ...changing, id: "\u001b[2Jrun" };
    const text = runText(report, folder, (line) => `\u001b[1m${line}\u001b[22m`);
    expect(text).toContain("\u001b[1mchanges\u001b[22m");
    expect(text.join("\n")).toContain("\u001b[1mplan \\u{1b}[2Jrun: ");
  });

  test("never offers plans of the audit role to be applied", () => {
    const gate = { findings: [lostKey], open: 1, mistakes: [] };
    for (const report of [
      { ...changing, audit: true as const },
      { ...changing, audit: true as const, gate },
    ]) {
      for (const text of [runText(report, folder).join("\n"), runMarkdown(report, folder)]) {
        expect(text).toContain("planned with the audit role: these plans cannot be applied");
        expect(text).toContain("orgkeys -- apply --ou Workloads");
        expect(text).not.toContain("--resume");
      }
    }
  });

  test("tells what is wrong with allowances", () => {
    const report = {
      ...changing,
      status: "held" as const,
      gate: { findings: [], open: 0, mistakes: ["--allow x: there is nothing"] },
    };
    const text = runText(report, folder).join("\n");
    expect(text).toContain("1 mistake in what is allowed");
    expect(text).toContain("    --allow x: there is nothing");
  });

  test("stays short, whatever the run", () => {
    expect(runText(flooded(), folder).length).toBeLessThan(700);
  });

  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))(
    "shows %s and does not obey it",
    (_, text) => {
      for (const line of runText(hostile(text), folder)) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
    },
  );
});

describe("a run as Markdown", () => {
  test.each(all)("%s reads as its golden file", (name, report) => {
    const text = runMarkdown(report, folder);
    expect(text).toBe(golden(`run-${name}.md`, text));
  });

  test("says what matters in its first line", () => {
    const first = (report: Parameters<typeof runMarkdown>[0]): string =>
      runMarkdown(report, folder).split("\n")[0] ?? "";
    expect(first(reports.clean ?? held)).toBe("### orgkeys plan: no changes in 1 stack");
    expect(first(changing)).toBe(
      "### orgkeys plan: 1 of 3 stacks changes: 1 to update, 4 to create; 1 stack not planned",
    );
    expect(first(held)).toBe("### orgkeys apply: the gate stops 1 change; 0 of 2 stacks applied");
    expect(first(failed)).toBe("### orgkeys apply: 1 of 4 stacks failed; 1 of 4 stacks applied");
  });

  test("never says that nothing changes of a stack that was not planned", () => {
    const stacks = [stackReport("acme.a.b"), stackReport("acme.a.c", { status: "deferred", changes: undefined })];
    expect(runMarkdown(runReport({ stacks }), folder)).toContain("no changes in 1 stack; 1 stack not planned");
    expect(runMarkdown(runReport({ stacks, command: "apply" }), folder)).toContain("1 stack not planned");
  });

  test("has the gate above everything else", () => {
    const text = runMarkdown(flooded(), folder);
    expect(text.indexOf("key-destroyed")).toBeLessThan(text.indexOf("| OU |"));
  });

  test("fits into a comment with a thousand stacks, and says what is left out", () => {
    const text = runMarkdown(flooded(), folder);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\| \d+ more OUs \| /);
    expect(text).toMatch(/and \d+ more; report.json has all/);
    expect(text).toContain("| all of them | 1000 |");
    const many = runReport({
      stacks: Array.from({ length: 3000 }, (_, index) => stackReport(`acme.${"long-".repeat(20)}${index}.a`)),
    });
    expect(runMarkdown(many, folder).length).toBeLessThan(65_536);
  });

  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))("keeps %s text", (_, text) => {
    const markdown = runMarkdown(hostile(text), folder);
    const outside = markdown.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
    expect(outside).not.toMatch(/<(?!\/?(details|summary|br)\b|!-- -->)/);
    expect(outside).not.toContain("](");
    expect(outside).not.toMatch(/@\w/);
  });
});
