import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { allChecks } from "../../modules/checks/frame/all-checks";
import { checkDocument } from "../../modules/report/check-document";
import type { Json } from "../checks/sample-output";
import { makeMapFolder } from "./map-folder";
import { orgkeys, type Recorded } from "./recorded-terminal";

const clinic = "acme.health.clinic";
const keys = "acme.security.keys";
const foreign = "arn:aws:iam::210000000001:role/web";

let folder: string;
let config: string;
let fresh: string;
let out: string;
beforeAll(() => {
  ({ folder, config, out } = makeMapFolder());
  fresh = join(folder, "fresh");
  orgkeys("synth", "--config", config, "--out", fresh);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(out, { recursive: true, force: true });
  cpSync(fresh, out, { recursive: true });
});

function check(...words: string[]): Recorded {
  return orgkeys("check", "--config", config, "--out", out, "--today", "2026-06-01", ...words);
}

const file = (stack: string): string => join(out, "stacks", stack, "cdk.tf.json");

function edit(stack: string, change: (json: Json) => void): void {
  const json: Json = JSON.parse(readFileSync(file(stack), "utf8"));
  change(json);
  writeFileSync(file(stack), JSON.stringify(json, null, 2));
}

/** Lets a role of another zone into a policy of a stack. */
function breach(stack: string, policy: string): void {
  edit(stack, (json) => {
    json.locals[policy].Statement.push({
      Sid: "Extra",
      Effect: "Allow",
      Principal: { AWS: stack === clinic ? foreign : "arn:aws:iam::310000000001:role/records" },
      Action: "kms:Decrypt",
      Resource: "*",
    });
  });
}
const breachClinic = (): void => breach(clinic, "records_prod_us-east-1-policy");

function lineOf(path: string, text: string): number {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
}

describe("check", () => {
  test("a fresh output is clean, and the answer says what was proved", () => {
    const { code, printed } = check();
    expect(printed).toContain("zone       accounts  keys and replicas\ncorporate         5                  7");
    expect(printed).toContain("Proved for these keys and replicas:\n");
    for (const { kind, requirement } of allChecks) if (kind === "proof") expect(printed).toContain(requirement);
    expect(printed).toContain(`The zone proof holds. No findings. ${allChecks.length} check`);
    expect(code).toBe(0);
  });

  test("a breach is found, with its lines in the output and in the map, and what to do", () => {
    breachClinic();
    const { code, printed } = check();
    expect(code).toBe(2);
    expect(printed).toContain(
      [
        `  clinic aws_kms_key.records_prod_us-east-1 statement Extra ${foreign}`,
        "      lets account shop-prod (210000000001) of zone corporate do Decrypt with a key of zone health",
        `      ${file(clinic)}:${lineOf(file(clinic), '"Sid": "Extra"') - 1}:`,
      ].join("\n"),
    );
    expect(printed).toMatch(new RegExp(`      ${config}/workloads/clinic.yaml:\\d+:\\d+\n`));
    expect(printed).toContain("  -> take the principal out of the statement");
    expect(printed).toContain("The zone proof is breached.");
  });

  test("points at the line of the map that the finding's source names", () => {
    breachClinic();
    const document = JSON.parse(check("--format", "json").printed);
    const finding = document.findings.find((each: Json) => each.id === "zone-key-access");
    const [place] = finding.map;
    expect(place.path).toBe("records.environments.prod");
    const line = readFileSync(place.file, "utf8").split("\n")[place.line - 1];
    expect(line?.slice(place.column - 1)).toMatch(/^prod:/);
    const text = readFileSync(finding.output.file, "utf8").split("\n");
    expect(text[finding.output.line - 1]?.slice(finding.output.column - 1)).toBe("{");
    expect(text[finding.output.line]).toContain('"Sid": "Extra"');
  });

  test("JSON is a document of its schema, clean or not", () => {
    for (const change of [() => undefined, breachClinic]) {
      change();
      expect(checkDocument.safeParse(JSON.parse(check("--format", "json").printed)).error).toBeUndefined();
    }
  });

  test("files below the working directory are named without it", () => {
    breachClinic();
    const here = process.cwd();
    process.chdir(folder);
    try {
      const { printed } = orgkeys("check", "--config", "./config", "--out", `${folder}/cdktf.out`, "--format", "sarif");
      const [result] = JSON.parse(printed).runs[0].results;
      expect(result.locations[0].physicalLocation.artifactLocation).toEqual({
        uri: `cdktf.out/stacks/${clinic}/cdk.tf.json`,
        uriBaseId: "%SRCROOT%",
      });
      expect(result.relatedLocations[0].physicalLocation.artifactLocation.uri).toBe("config/workloads/clinic.yaml");
    } finally {
      process.chdir(here);
    }
  });

  test.each(["text", "json", "sarif", "junit", "markdown"])("--format %s prints the breach and exits 2", (format) => {
    breachClinic();
    const { code, printed, noted } = check("--format", format);
    expect(code).toBe(2);
    expect(printed).toContain("role/web");
    expect(noted).toBe("");
  });

  test.each([
    ["none/report.json", "its folder does not exist; make it first, or name another file"],
    [".", "is a folder; name a file in it"],
    ["zones.yaml/report.json", "is below something that is no folder; name another file"],
  ])("--output %s is an error that says what to do", (name, why) => {
    const path = join(config, name);
    for (const words of [[], ["--framework", "pci-dss-4.0"]]) {
      expect(check(...words, "--output", path)).toEqual({ code: 1, printed: "", noted: `--output ${path}: ${why}` });
    }
  });

  test("--output writes the report and notes its summary", () => {
    breachClinic();
    const path = join(folder, "report.json");
    const { code, printed, noted } = check("--format", "json", "--output", path);
    expect(code).toBe(2);
    expect(printed).toBe("");
    expect(noted).toContain("The zone proof is breached.");
    expect(noted).toContain(`Written to ${path}.`);
    expect(JSON.parse(readFileSync(path, "utf8")).schema).toBe("orgkeys/check/v1");
  });

  test("without --today it is the day it is", () => {
    const { printed } = orgkeys("check", "--config", config, "--out", out, "--format", "json");
    expect(JSON.parse(printed).today).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
  });

  test("reads JSON that a hand has formatted otherwise", () => {
    breachClinic();
    writeFileSync(file(clinic), JSON.stringify(JSON.parse(readFileSync(file(clinic), "utf8"))));
    const { printed } = check();
    expect(printed).toMatch(new RegExp(`${file(clinic)}:1:\\d{3,}\n`));
  });
});

describe("check of a selection", () => {
  beforeEach(() => {
    breachClinic();
    breach(keys, "ledger_us-east-1-policy");
  });

  test.each([
    [["--zone", "health"], ["clinic"]],
    [["--zone", "corporate"], ["keys"]],
    [
      ["--account", "clinic", "keys"],
      ["clinic", "keys"],
    ],
    [["--ou", "Workloads"], []],
    [[], ["clinic", "keys"]],
  ])("%j reports what is about %j", (words, accounts) => {
    const { code, printed } = check(...words, "--format", "json");
    const document = JSON.parse(printed);
    const found = document.findings.filter((each: Json) => each.id === "zone-key-access");
    expect(found.map((each: Json) => each.where.split(" ")[0])).toEqual(accounts);
    expect(document.proof).toBe("breached");
    // Also with nothing to report of the selection: the wall is down.
    expect(code).toBe(2);
    expect(document.summary.notSelected > 0).toBe(accounts.length < 2);
  });

  test("says that there is more outside of it, and claims nothing", () => {
    const { printed } = check("--ou", "Workloads/Test");
    expect(printed).toContain("outside of the selection not shown");
    expect(printed).not.toContain("Proved");
  });

  test("a name that selects nothing is an error with a suggestion", () => {
    const { code, printed, noted } = check("--zone", "helth");
    expect(code).toBe(1);
    expect(printed).toBe("");
    expect(noted).toContain("did you mean health?");
  });
});

describe("check --severity", () => {
  test("leaves out what is less severe, and says how much that is", () => {
    breachClinic();
    edit(clinic, (json) => {
      json.resource.aws_kms_key["records_prod_us-east-1"].rotation_period_in_days = 700;
    });
    const all = JSON.parse(check("--format", "json").printed);
    const critical = JSON.parse(check("--format", "json", "--severity", "critical").printed);
    expect(critical.findings).toEqual(all.findings.filter((each: Json) => each.severity === "critical"));
    expect(critical.summary.belowSeverity).toBe(all.findings.length - critical.findings.length);
    expect(critical.findings.length).toBeGreaterThan(0);
  });

  test.each([
    ["critical", 2],
    ["information", 2],
  ])("%s with a critical finding exits %d", (severity, expected) => {
    breachClinic();
    expect(check("--severity", severity).code).toBe(expected);
  });

  test("an unknown level is an error", () => {
    expect(check("--severity", "bad").code).toBe(1);
  });
});

describe("check with exceptions", () => {
  const path = (): string => join(config, "exceptions.yaml");
  afterAll(() => rmSync(path(), { force: true }));

  function accept(expires: string): void {
    const { findings } = JSON.parse(check("--format", "json").printed);
    const exceptions = findings.map(({ id, where }: Json, index: number) => [
      `known-${index}`,
      { check: id, subject: where, owner: "clinic-platform", reason: "agreed with the auditor", expires },
    ]);
    writeFileSync(path(), JSON.stringify(Object.fromEntries(exceptions)));
  }

  test("accepted findings exit 0, and the proof is not claimed as a whole", () => {
    breachClinic();
    accept("2027-01-31");
    const { code, printed } = check();
    expect(printed).toContain("known-0: clinic-platform until 2027-01-31: agreed with the auditor");
    expect(printed).toContain("The zone proof holds, but for what is accepted. No findings");
    expect(code).toBe(0);
    rmSync(path());
  });

  test("they are findings again from the last day on", () => {
    breachClinic();
    accept("2027-01-31");
    expect(check("--today", "2027-01-31").code).toBe(2);
    rmSync(path());
  });
});

describe("check of what is no whole output", () => {
  test.each<[string, () => void, RegExp]>([
    [
      "a missing folder",
      () => rmSync(out, { recursive: true }),
      /cdktf\.out:1:1 {2}is not there; run orgkeys synth first/,
    ],
    [
      "a file instead of a folder",
      () => {
        rmSync(out, { recursive: true });
        writeFileSync(out, "");
      },
      /is not a folder/,
    ],
    ["no manifest", () => rmSync(join(out, "manifest.json")), /has no manifest\.json/],
    ["a manifest that is no JSON", () => writeFileSync(join(out, "manifest.json"), "{"), /is not a manifest of CDKTF/],
    ["a manifest that is a list", () => writeFileSync(join(out, "manifest.json"), "[]"), /is not a manifest of CDKTF/],
    [
      "an empty output",
      () => {
        rmSync(join(out, "stacks"), { recursive: true });
        writeFileSync(join(out, "manifest.json"), '{"stacks":{},"version":"0.21.0"}');
      },
      /has no stacks/,
    ],
    [
      "no stacks folder",
      () => rmSync(join(out, "stacks"), { recursive: true }),
      /names stack acme\.health\.clinic, which/,
    ],
    [
      "a stack without its file",
      () => rmSync(file(clinic)),
      /stacks\/acme\.health\.clinic:1:1 {2}has no cdk\.tf\.json; delete the folder, or synthesize again/,
    ],
    [
      "a folder instead of a stack's file",
      () => {
        rmSync(file(clinic));
        mkdirSync(file(clinic));
      },
      /cdk\.tf\.json:1:1 {2}is not a file/,
    ],
    [
      "a stack of the manifest that is gone",
      () => rmSync(join(out, "stacks", clinic), { recursive: true }),
      /manifest\.json:1:1 {2}names stack acme\.health\.clinic, which is not there/,
    ],
    [
      "a stack that the manifest does not have",
      () => cpSync(join(out, "stacks", clinic), join(out, "stacks/acme.extra"), { recursive: true }),
      /stacks\/acme\.extra:1:1 {2}is not in manifest\.json/,
    ],
    [
      "a manifest that deploys another folder",
      () => {
        const path = join(out, "manifest.json");
        const text = readFileSync(path, "utf8");
        writeFileSync(path, text.replaceAll(`"stacks/${clinic}`, '"elsewhere'));
      },
      /puts stack acme\.health\.clinic into elsewhere/,
    ],
    [
      "a manifest whose places disagree",
      () => {
        const path = join(out, "manifest.json");
        const text = readFileSync(path, "utf8");
        writeFileSync(path, text.replace(`"stacks/${clinic}/cdk.tf.json"`, '"elsewhere/cdk.tf.json"'));
      },
      /puts stack acme\.health\.clinic into different folders/,
    ],
  ])("%s is an error that says what to do", (_, change, message) => {
    change();
    const { code, printed, noted } = check();
    expect(noted).toMatch(message);
    expect(noted).toContain("Nothing was checked.");
    expect([code, printed]).toEqual([1, ""]);
  });

  test("every problem of the map and of the output comes at once, as JSON too", () => {
    rmSync(file(clinic));
    const broken = join(folder, "broken");
    cpSync(config, broken, { recursive: true });
    writeFileSync(join(broken, "data-classes.yaml"), "[]\n");
    const { code, printed } = orgkeys("check", "--config", broken, "--out", out, "--format", "json");
    const { schema, problems } = JSON.parse(printed);
    expect([code, schema]).toEqual([1, "orgkeys/check/v1"]);
    expect(problems.some((each: Json) => each.file.endsWith("data-classes.yaml"))).toBe(true);
    expect(problems.some((each: Json) => each.file.endsWith(clinic))).toBe(true);
  });

  test.each([
    ["no JSON", "{"],
    ["an empty file", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["bytes", "\u0000\ufffd"],
  ])("a stack's file with %s is a finding at its first line", (_, text) => {
    writeFileSync(file(clinic), text);
    const { code, printed } = check();
    expect(printed).toContain(`${file(clinic)}:1:1`);
    expect(code).toBe(2);
  });

  test("a stack's file that breaks off is one finding, before what follows from it", () => {
    writeFileSync(file(clinic), readFileSync(file(clinic), "utf8").slice(0, 2000));
    const { findings } = JSON.parse(check("--format", "json").printed);
    const subjects = findings.map(({ id, where }: Json) => `${id} ${where}`);
    expect(subjects.filter((subject: string) => subject.startsWith("readable"))).toEqual([`readable ${clinic} file`]);
    expect(subjects[0]).toBe(`readable ${clinic} file`);
    expect(findings[0].why).toContain("is not JSON");
  });

  test.each(["override.tf", "main_override.tf.json", "extra.tofu"])(
    "a file %s that Terraform loads beside a stack's own is a finding",
    (name) => {
      writeFileSync(join(out, "stacks", clinic, name), "{}");
      const { code, printed } = check();
      expect(printed).toContain(`Terraform also loads ${name} beside cdk.tf.json, and it is not read here`);
      expect(code).toBe(2);
    },
  );

  test("what Terraform leaves in a stack's folder is none", () => {
    mkdirSync(join(out, "stacks", clinic, ".terraform"));
    writeFileSync(join(out, "stacks", clinic, ".terraform.lock.hcl"), "");
    writeFileSync(join(out, "stacks", clinic, "clinic.tfplan"), "");
    expect(check().code).toBe(0);
  });

  test("stacks that the map asks for and the output does not have are named", () => {
    orgkeys("synth", "--config", config, "--out", join(folder, "part"), "--zone", "health");
    const { printed } = orgkeys("check", "--config", config, "--out", join(folder, "part"), "--today", "2026-06-01");
    expect(printed).toMatch(/\d of the map's stacks are not in .*part, and nothing of them was checked: acme\./);
    expect(printed).toContain("for the stacks that are there");
  });
});

describe("check --list", () => {
  test("prints every check with what it requires, without an output", () => {
    const { code, printed } = orgkeys("check", "--list", "--out", join(folder, "none"));
    expect(code).toBe(0);
    for (const { id, requirement } of allChecks) {
      expect(printed.split("\n").some((line) => line.startsWith(id) && line.endsWith(requirement))).toBe(true);
    }
  });

  test.each([
    [["--zone", "health"], "--zone"],
    [["--severity", "high", "--account", "clinic"], "--account, --severity"],
    [["--framework", "pci-dss-4.0"], "--framework"],
    [["--output", "checks.txt"], "--output"],
  ])("refuses %j, which would change nothing", (words, named) => {
    const { code, printed, noted } = orgkeys("check", "--list", ...words);
    expect([code, printed]).toEqual([1, ""]);
    expect(noted).toBe(`--list checks nothing and prints every check: drop ${named}`);
  });

  test("also as JSON, and in no other format", () => {
    const { checks } = JSON.parse(orgkeys("check", "--list", "--format", "json").printed);
    expect(checks.map(({ id }: Json) => id)).toEqual(allChecks.map(({ id }) => id));
    expect(orgkeys("check", "--list", "--format", "sarif").code).toBe(1);
  });
});

describe("check --framework", () => {
  test("says for each control what its checks found", () => {
    breachClinic();
    const { code, printed } = check("--framework", "security-hub");
    expect(code).toBe(2);
    expect(printed).toMatch(/^findings +KMS\.5 /m);
    expect(printed).toContain(`zone-key-access: clinic aws_kms_key.records_prod_us-east-1 statement Extra ${foreign}`);
  });

  test("as JSON it holds every control", () => {
    breachClinic();
    const document = JSON.parse(check("--framework", "security-hub", "--format", "json").printed);
    expect(document).toMatchObject({ schema: "orgkeys/framework/v1", framework: { id: "security-hub" } });
    const control = document.controls.find((each: Json) => each.id === "KMS.5");
    expect(control).toMatchObject({ state: "findings", findings: [{ id: "zone-key-access", severity: "critical" }] });
  });

  test("as Markdown it is a table", () => {
    expect(check("--framework", "hipaa", "--format", "markdown").printed).toContain("| control | asks that | state |");
  });

  test.each([
    [["--format", "sarif"], "comes as text, json or markdown"],
    [["--severity", "high"], "--severity and --framework do not go together"],
  ])("with %j it is an error", (words, message) => {
    const { code, noted } = check("--framework", "hipaa", ...words);
    expect(code).toBe(1);
    expect(noted).toContain(message);
  });

  test("an unknown framework is an error that names those there are", () => {
    const { code, noted } = check("--framework", "pci");
    expect(code).toBe(1);
    expect(noted).toContain("pci-dss-4.0");
  });
});
