import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Command } from "commander";
import { everyForm, root, scriptsOf } from "./rendered";

const scripts = everyForm().flatMap(({ form, files }) =>
  scriptsOf(files).map(({ place, script }) => ({ place: `${form}: ${place}`, script })),
);

/** Each different script once: zones differ in names alone, and starting bash takes longer than reading. */
function distinct(): { place: string; script: string }[] {
  const shapes = new Map(
    scripts.map((each) => [each.script.replaceAll(/'[^']*\*'|arn:\S+|\b(corporate|pci|hipaa|govcloud)\b/g, ""), each]),
  );
  return [...shapes.values()];
}

describe("scripts of pipelines", () => {
  test("are what bash reads", () => {
    const wrong = distinct().flatMap(({ place, script }) => {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
      return status === 0 ? [] : [`${place}: ${stderr}`];
    });
    expect(distinct().length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  const shellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
  (shellcheck ? test : test.skip)("are good ones, says shellcheck", () => {
    const wrong = distinct().flatMap(({ place, script }) => {
      const options = ["--shell=bash", "--severity=info", "--exclude=SC2153,SC2154,SC2155", "-"];
      const { status, stdout } = spawnSync("shellcheck", options, { input: script, encoding: "utf8" });
      return status === 0 ? [] : [`${place}: ${stdout}`];
    });
    expect(wrong).toEqual([]);
  });

  test("never put AWS credentials of their own anywhere", () => {
    const secrets = /AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|secrets\./;
    expect(everyForm().flatMap(({ files }) => files.filter(({ text }) => secrets.test(text)))).toEqual([]);
  });
});

/** Words of one `orgkeys` command, as far as a shell is not needed to know them. */
function commandLines(): string[][] {
  const lines = scripts.flatMap(({ script }) => script.split("\n"));
  const commands = lines.flatMap((line) => {
    const [, words] = /npm run -s (?:--prefix \S+ )?orgkeys -- (.*?)(?: \|\| .*| > .*)?$/.exec(line) ?? [];
    return words === undefined ? [] : [words];
  });
  return [...new Set(commands)].map((words) =>
    [...words.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? ""),
  );
}

/** The command as the program has it, without what it does. */
function commandOf(name: string): Command {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const file = join(root, "modules/cli", `${name}.ts`);
  const made: Record<string, unknown> = require(file);
  const add = made[`add${name.slice(0, 1).toUpperCase()}${name.slice(1)}`];
  if (typeof add !== "function") throw new Error(`${file} has no add${name}`);
  add(program, {}, () => undefined);
  for (const command of program.commands) command.exitOverride().action(() => undefined);
  return program;
}

describe("every orgkeys command of a pipeline", () => {
  const lines = commandLines();

  test("is one that pipelines are known to run", () => {
    expect([...new Set(lines.map(([name]) => name))].sort()).toEqual([
      "affected",
      "apply",
      "check",
      "drift",
      "pipeline",
      "plan",
      "review",
      "synth",
      "validate",
    ]);
  });

  test.each(lines.map((words) => [words.join(" "), words] as const))(
    "orgkeys %s is taken by the program",
    (_, words) => {
      expect(() => commandOf(words[0] ?? "").parse([...words], { from: "user" })).not.toThrow();
    },
  );

  test("would be refused with an option that there is not", () => {
    const parse = (): unknown => commandOf("synth").parse(["synth", "--plan-files"], { from: "user" });
    expect(parse).toThrow(/unknown option/);
  });
});
