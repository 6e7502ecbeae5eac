import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { checkVersion } from "../../../modules/terraform/steps/check-version";
import { findTool } from "../../../modules/terraform/steps/find-tool";
import { redact } from "../../../modules/terraform/steps/redact";
import { runEnvironment } from "../../../modules/terraform/steps/run-environment";

describe("the tool", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "orgkeys-tool-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name: string, body: string, mode = 0o755): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, mode);
    return path;
  };
  const answer = (version: string): string => `echo '{"terraform_version":"${version}"}'`;
  const find = (named?: string) => findTool({ PATH: folder }, named);

  test("is terraform before tofu", async () => {
    put("terraform", answer("1.11.4"));
    put("tofu", answer("1.10.0"));
    expect(await find()).toEqual({ tool: { name: "terraform", program: "terraform", version: "1.11.4" } });
  });

  test("is tofu where there is no terraform", async () => {
    put("tofu", answer("1.10.0"));
    expect(await find()).toEqual({ tool: { name: "tofu", program: "tofu", version: "1.10.0" } });
  });

  test("is the one that is named", async () => {
    put("terraform", answer("1.11.4"));
    const program = put("tofu-1.10", answer("1.10.0"));
    expect(await find(program)).toEqual({ tool: { name: "tofu", program, version: "1.10.0" } });
  });

  test("may say something of its configuration first", async () => {
    put("terraform", `echo "Warning: {odd}"; ${answer("1.11.4")}`);
    expect(await find()).toMatchObject({ tool: { version: "1.11.4" } });
  });

  test("that is nowhere is told with where to get it", async () => {
    expect(await find()).toMatchObject({
      problem: { cause: "no-terraform", message: "neither terraform nor tofu is on the PATH" },
    });
    expect(await find("/gone/terraform")).toMatchObject({
      problem: { message: "there is no program /gone/terraform" },
    });
  });

  test.each([
    ["may not be executed", "", 0o644, "it may not be executed"],
    ["fails", "echo 'no version is set' >&2; exit 3", 0o755, "no version is set"],
    ["prints something else", "echo hello", 0o755, "what it prints is not JSON"],
    ["prints other JSON", "echo '{}'", 0o755, "its JSON has no terraform_version"],
  ])("that %s is never passed over for the other", async (_, body, mode, why) => {
    const program = put("terraform", body, mode);
    put("tofu", answer("1.10.0"));
    const found = await find(mode === 0o644 ? program : undefined);
    expect(found).toMatchObject({ problem: { cause: "terraform-unusable" } });
    expect(JSON.stringify(found)).toContain(why);
  });
});

describe("a version", () => {
  const check = (version: string, requiredVersion: string | undefined) =>
    checkVersion({ name: "terraform", program: "terraform", version }, [{ stack: "a", requiredVersion }]);

  test.each([
    ["1.11.4", undefined],
    ["1.11.4", ">= 1.10.0"],
    ["1.10.0", ">=1.10.0"],
    ["1.11.4", "1.11.4"],
    ["1.11.4", "= 1.11.4"],
    ["1.11.4", ">= 1.10.0, < 2.0.0, != 1.11.3"],
    ["1.9.10", "> 1.9.9"],
  ])("%s fits %s", (version, constraint) => {
    expect(check(version, constraint)).toEqual([]);
  });

  test.each([
    ["1.9.8", ">= 1.10.0"],
    ["1.11.4", "> 1.11.4"],
    ["2.0.0", ">= 1.10.0, < 2.0.0"],
    ["1.11.4", "!= 1.11.4"],
  ])("%s does not fit %s", (version, constraint) => {
    expect(check(version, constraint)).toMatchObject([{ cause: "version" }]);
    expect(check(version, constraint)[0]?.message).toContain(`a wants ${constraint}`);
  });

  test.each([
    ["1.11.4", "~> 1.11"],
    ["1.11.4", ">= 1.10"],
    ["1.11.4", ""],
    ["1.11.4", ">= 1.10.0,"],
    ["1.12.0-beta1", ">= 1.10.0"],
  ])("%s and %s are not guessed at", (version, constraint) => {
    expect(check(version, constraint)[0]?.message).toContain("cannot be compared");
  });

  test("is told once for all stacks that want the same", () => {
    const wanted = ["a", "b", "c"].map((stack) => ({ stack, requiredVersion: ">= 2.0.0" }));
    const problems = checkVersion({ name: "tofu", program: "tofu", version: "1.10.0" }, wanted);
    expect(problems.map(({ message }) => message)).toEqual(["tofu is tofu 1.10.0, and a and 2 more wants >= 2.0.0"]);
  });
});

describe("the environment of a run", () => {
  test("is the user's own, and what keeps Terraform to the run", () => {
    const { environment, problems } = runEnvironment({ AWS_PROFILE: "ci", GONE: undefined }, { pluginCache: "/cache" });
    expect(problems).toEqual([]);
    expect(environment).toEqual({
      AWS_PROFILE: "ci",
      CHECKPOINT_DISABLE: "1",
      TF_INPUT: "0",
      TF_IN_AUTOMATION: "1",
      TF_PLUGIN_CACHE_DIR: "/cache",
      TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
      TF_WORKSPACE: "default",
    });
  });

  test("keeps a plugin cache of the user's own", () => {
    const { environment } = runEnvironment({ TF_PLUGIN_CACHE_DIR: "/own" }, { pluginCache: "/cache" });
    expect(environment.TF_PLUGIN_CACHE_DIR).toBe("/own");
  });

  test("refuses at once every variable that changes what is planned or which state is read", () => {
    const refused = ["TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_DATA_DIR", "TF_REATTACH_PROVIDERS", "TF_WORKSPACE"];
    const set = Object.fromEntries(refused.toReversed().map((name) => [name, "x"]));
    const { problems } = runEnvironment({ ...set, TF_CLI_ARGS_apply: "" }, { pluginCache: "/cache" });
    expect(problems.map(({ whatToDo }) => whatToDo)).toEqual(refused.map((name) => `unset ${name}`));
  });
});

describe("what people read has no", () => {
  const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  const token = `IQoJb3JpZ2luX2Vj${"abcDEF012/".repeat(20)}==`;

  test.each([
    ["value of a variable", "it is hunter22!", { TF_VAR_material: "hunter22" }, "it is [TF_VAR_material]!"],
    ["registry token", "with t0k3n", { TF_TOKEN_app_terraform_io: "t0k3n" }, "with [TF_TOKEN_app_terraform_io]"],
    ["value that is part of another", "abcdefgh", { TF_VAR_a: "abcd", TF_VAR_b: "abcdefgh" }, "[TF_VAR_b]"],
    ["access key id", "key AKIAIOSFODNN7EXAMPLE is", {}, "key AKIA[redacted] is"],
    ["secret access key", `secret ${secret}.`, {}, "secret [redacted]."],
    ["session token", `token "${token}"`, {}, 'token "[redacted]"'],
    ["signature", "https://s3/?X-Amz-Signature=abc123&x=1", {}, "https://s3/?X-Amz-Signature=[redacted]&x=1"],
    ["private key", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----.", {}, "[redacted]."],
  ])("%s", (_, text, environment, clean) => {
    expect(redact(text, environment)).toBe(clean);
  });

  test("ground to be unreadable: ARNs, ids, hashes and short values stay", () => {
    const text =
      "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab 1 0123456789abcdef0123456789abcdef01234567";
    expect(redact(text, { TF_VAR_flag: "1" })).toBe(text);
  });
});
