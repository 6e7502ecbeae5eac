import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { root, withState } from "../pipelines/rendered";
import { makeMapFolder } from "./map-folder";
import { orgkeys } from "./recorded-terminal";

let folder: string;
let config: string;
let into: string;
beforeEach(() => {
  ({ folder, config } = makeMapFolder(join(root, "config")));
  into = join(folder, "repository");
  const zones = join(config, "zones.yaml");
  writeFileSync(zones, withState(readFileSync(zones, "utf8")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The map's folder is given from where the command runs, as in a repository. */
function pipeline(host: string, ...words: string[]): ReturnType<typeof orgkeys> {
  const here = process.cwd();
  process.chdir(folder);
  try {
    return orgkeys("pipeline", host, "--repository", "acme/orgkeys", "--into", into, ...words);
  } finally {
    process.chdir(here);
  }
}

const workflow = (name: string): string => join(into, ".github/workflows", `orgkeys-${name}.yml`);

describe("orgkeys pipeline", () => {
  test("writes every file, and says which commands make the roles", () => {
    const { code, printed } = pipeline("github");
    expect(code).toBe(0);
    expect(readdirSync(join(into, ".github/workflows")).sort()).toEqual([
      "orgkeys-apply.yml",
      "orgkeys-drift.yml",
      "orgkeys-pull-request.yml",
      "orgkeys-stage.yml",
    ]);
    expect(printed).toContain("  pci-key-management (310000000001), zone pci");
    expect(printed).toContain("aws iam create-role --role-name PciKeyPipeline --max-session-duration 14400");
  });

  test("writes the same bytes over its own files", () => {
    pipeline("github");
    const before = readFileSync(workflow("apply"), "utf8");
    expect(pipeline("github").code).toBe(0);
    expect(readFileSync(workflow("apply"), "utf8")).toBe(before);
  });

  test("verifies: 0 for what it has written, 2 and the names for anything else", () => {
    pipeline("github");
    expect(pipeline("github", "--verify")).toMatchObject({ code: 0 });
    writeFileSync(workflow("apply"), "# by hand\n");
    rmSync(workflow("drift"));
    const { code, printed } = pipeline("github", "--verify");
    expect(code).toBe(2);
    expect(printed).toBe("stale  .github/workflows/orgkeys-apply.yml\nmissing  .github/workflows/orgkeys-drift.yml");
    expect(existsSync(workflow("drift"))).toBe(false);
  });

  test("verifies what the map says of it: another role makes the files stale", () => {
    pipeline("github");
    const zones = join(config, "zones.yaml");
    writeFileSync(zones, readFileSync(zones, "utf8").replace("PciKeyPipeline", "PciPipeline"));
    expect(pipeline("github", "--verify").printed).toContain("stale  .github/workflows/orgkeys-apply.yml");
  });

  test("writes over nobody else's file, and then nothing at all", () => {
    mkdirSync(join(into, ".github/workflows"), { recursive: true });
    writeFileSync(workflow("stage"), "name: mine\n");
    const { code, noted } = pipeline("github");
    expect(code).toBe(1);
    expect(noted).toContain(".github/workflows/orgkeys-stage.yml: is there, and orgkeys has not written it");
    expect(readdirSync(join(into, ".github/workflows"))).toEqual(["orgkeys-stage.yml"]);
    expect(readFileSync(workflow("stage"), "utf8")).toBe("name: mine\n");
  });

  test("writes over it with --force", () => {
    mkdirSync(join(into, ".github/workflows"), { recursive: true });
    writeFileSync(workflow("stage"), "name: mine\n");
    expect(pipeline("github", "--force").code).toBe(0);
    expect(readFileSync(workflow("stage"), "utf8")).toContain("name: orgkeys stage");
  });

  test("follows no link, not even with --force", () => {
    mkdirSync(join(into, ".github/workflows"), { recursive: true });
    const elsewhere = join(folder, "elsewhere");
    writeFileSync(elsewhere, "theirs");
    symlinkSync(elsewhere, workflow("stage"));
    expect(pipeline("github", "--force").code).toBe(1);
    expect(readFileSync(elsewhere, "utf8")).toBe("theirs");
    expect(readdirSync(join(into, ".github/workflows"))).toEqual(["orgkeys-stage.yml"]);
  });

  test("gives files, stages and commands as JSON", () => {
    const { code, printed } = pipeline("codebuild", "--format", "json");
    expect(code).toBe(0);
    const answer = JSON.parse(printed);
    expect(answer.schema).toBe("orgkeys/pipeline/v1");
    expect(answer.files).toContain("pipelines/codebuild/pci.apply-prod.buildspec.yml");
    expect(answer.stages.map(({ id }: { id: string }) => id)).toContain("pci_prod");
  });

  test("says every problem at once, and writes nothing", () => {
    const zones = join(config, "zones.yaml");
    writeFileSync(zones, readFileSync(zones, "utf8").replace(/ {2}state: .*\n/g, ""));
    const { code, noted } = pipeline(
      "github",
      "--branch",
      "release/*",
      "--role",
      "arn:aws:iam::310000000001:role/Nobody",
    );
    expect(code).toBe(1);
    expect(noted).toContain("--branch release/*: must be one branch of letters");
    expect(noted).toContain("is in no zone's pipelines");
    expect(noted.match(/\.state: is local/g)).toHaveLength(4);
    expect(existsSync(into)).toBe(false);
  });

  test("writes nothing that GitHub would not run: a job with too long a name", () => {
    for (const path of readdirSync(config, { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".yaml")) continue;
      const text = readFileSync(join(config, path), "utf8")
        .replaceAll(/(?<![\w-])pci(?![\w-])/g, "p".repeat(60))
        .replaceAll(/(?<![\w-])test(?![\w-])/g, "t".repeat(50));
      writeFileSync(join(config, path), text);
    }
    const { code, noted } = pipeline("github");
    expect(code).toBe(1);
    expect(noted).toMatch(
      /^zone p{60}, environment t{50}: the job p{60}_t{50} would have 111 characters, .*\n\nNothing was written\.$/,
    );
    expect(existsSync(into)).toBe(false);
  });

  test.each([
    ["acme/*", "is no owner and name"],
    ["acme", "is no owner and name"],
    ["acme/a/b", "is no owner and name"],
    ["acme/orgkeys:ref", "is no owner and name"],
  ])("refuses the repository %s, which would trust others", (repository, message) => {
    const { code, noted } = orgkeys(
      "pipeline",
      "github",
      "--repository",
      repository,
      "--config",
      config,
      "--into",
      into,
    );
    expect(code).toBe(1);
    expect(noted).toContain(message);
  });

  test("asks for the repository where tokens name one", () => {
    const { code, noted } = orgkeys("pipeline", "gitlab", "--config", config, "--into", into);
    expect(code).toBe(1);
    expect(noted).toContain("--repository: is missing, and roles would trust every repository");
  });

  test("knows three hosts", () => {
    expect(orgkeys("pipeline", "jenkins").noted).toContain("Allowed choices are github, gitlab, codebuild");
  });
});
