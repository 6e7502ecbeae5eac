import { describe, expect, test } from "@jest/globals";
import { affectedDocument } from "../../modules/report/affected-document";
import { affectedJson } from "../../modules/report/affected-json";
import { affectedMarkdown } from "../../modules/report/affected-markdown";
import { affectedText } from "../../modules/report/affected-text";
import { summarizeReasons } from "../../modules/terraform/affected/affected-reason";
import type { AffectedReport } from "../../modules/terraform/affected/affected-report";
import type { AffectedStack } from "../../modules/terraform/affected/affected-stacks";
import { golden, template } from "./golden";
import { hostileTexts } from "./outcome";

const metadata = { account: "a", kind: "account", organization: "acme", ou: "Prod", zone: "corporate" };

function stack(name: string, reasons: AffectedStack["reasons"], more: Partial<AffectedStack> = {}): AffectedStack {
  return { stack: name, before: name, after: name, metadata, reasons, summary: summarizeReasons(reasons), ...more };
}

const policy = {
  kind: "key-policy-changed",
  address: "aws_kms_key.k_us-east-1",
  text: "1 statement added (Users)",
} as const;
const tags = { kind: "tags-changed", address: "aws_kms_key.k_us-east-1", text: "Owner" } as const;

const report: AffectedReport = {
  before: {
    name: "main...",
    commit: "0123456789abcdef0123456789abcdef01234567",
    isMergeBase: true,
    from: "synthesized",
  },
  after: { name: "cdktf.out", commit: undefined, isMergeBase: false, from: "folder" },
  stacks: 28,
  affected: [
    stack("acme.prod.a", [policy, tags]),
    stack("acme.prod.b", [tags]),
    stack("acme.prod.gone", [{ kind: "stack-removed", address: "", text: "4 resources" }], { after: undefined }),
  ],
  dependents: [
    {
      stack: "acme.guardrails.corporate",
      needs: ["a", "b", "c", "d"].map((name) => ({
        from: "acme.guardrails.corporate",
        to: `acme.prod.${name}`,
        hard: false,
        why: "guardrails come after all of their zone",
      })),
    },
  ],
  graph: undefined,
  shard: undefined,
};
const nothing: AffectedReport = { ...report, affected: [], dependents: [] };
const markdown = (each: AffectedReport): string => affectedMarkdown(each, template("affected-markdown.md.hbs"));
const many: AffectedReport = {
  ...report,
  affected: Array.from({ length: 2000 }, (_, index) =>
    stack(
      `acme.prod.account-${index}`,
      Array.from({ length: 30 }, () => policy),
    ),
  ),
};
const hostile = (text: string): AffectedReport => ({
  ...report,
  affected: [stack(text, [{ kind: "other", address: text, text }])],
});

describe("affected stacks", () => {
  test("as text read as their golden file", () => {
    const text = [...affectedText(report), "", ...affectedText(nothing)].join("\n");
    expect(text).toBe(golden("affected.txt", text));
  });

  test("as Markdown read as their golden file", () => {
    const text = markdown(report);
    expect(text).toBe(golden("affected.md", text));
  });

  test.each([
    ["some", report],
    ["none", nothing],
    ["many", many],
    ["unknown dependents", { ...report, dependents: undefined }],
    ...hostileTexts.map((text) => [JSON.stringify(text), hostile(text)] as const),
  ])("as JSON are a document of the schema: %s", (_, each) => {
    expect(affectedDocument.safeParse(JSON.parse(affectedJson(each))).error).toBeUndefined();
  });

  test("fit into a comment, however many there are", () => {
    const text = markdown(many);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toContain("2000 stacks affected");
  });

  test.each(hostileTexts.map((text) => [JSON.stringify(text), text] as const))("forge no line with %s", (_, text) => {
    const lines = affectedText(hostile(text));
    expect(lines.join("\n").split("\n")).toHaveLength(
      affectedText({ ...report, affected: [stack("a", [tags])] }).length,
    );
    expect(lines.join("")).not.toContain("\u001b");
    const table = markdown(hostile(text)).split("<details>")[0] ?? "";
    expect(table).not.toMatch(/<[a-z]|@[a-z]/i);
  });
});
