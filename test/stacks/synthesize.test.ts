import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { App, TerraformStack } from "cdktf";
import { AccountStack } from "../../stacks/account-stack";
import { GuardrailStack } from "../../stacks/guardrail-stack";
import { OutputRefused } from "../../stacks/output-folder";
import { type PlannedStack, plannedStacks } from "../../stacks/planned-stack";
import { staleStacks, synthesize, writeStacks } from "../../stacks/synthesize";
import { planOf, smallSources } from "./small-organization";

const { accounts, guardrails, stacks } = planOf(smallSources());
const all = { keepOthers: false };
const selection = { keepOthers: true };

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "orgkeys-synthesize-"));
  out = join(folder, "cdktf.out");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Every file below a folder, with its content. */
function filesOf(below: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(below, { recursive: true, encoding: "utf8" })
      .filter((path) => !statSync(join(below, path)).isDirectory())
      .sort()
      .map((path) => [path, readFileSync(join(below, path), "utf8")]),
  );
}

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function stackAt(index: number): PlannedStack {
  const found = stacks.at(index);
  if (found === undefined) throw new Error(`the small organization has no stack ${index}`);
  return found;
}

const first = stackAt(0);
const last = stackAt(-1);
const inStack = (stack: PlannedStack, path: string): string => join(out, "stacks", stack.name, path);
const names = (some: readonly PlannedStack[]): string[] => some.map(({ name }) => name);

/** CDKTF refuses two constructs with one name: this account fails while its stack is built. */
const failing: readonly PlannedStack[] = plannedStacks(
  accounts.map((plan) => ({ ...plan, keys: [...plan.keys, ...plan.keys] })),
  [],
);

describe("the output", () => {
  test("is byte for byte what one CDKTF app with all stacks writes", () => {
    const single = join(folder, "single");
    const app = new App({ outdir: single });
    const prepared = [
      ...guardrails.map((plan) => new GuardrailStack(app, plan)),
      ...accounts.map((plan) => new AccountStack(app, plan)),
    ];
    // As CDKTF prepares a stack that has not said that there is nothing to prepare.
    for (const stack of prepared) stack.prepareStack = TerraformStack.prototype.prepareStack;
    app.synth();
    synthesize(stacks, out, all);
    expect(filesOf(out)).toEqual(filesOf(single));
  });

  test("for no stacks at all is what an empty CDKTF app writes", () => {
    const single = join(folder, "single");
    new App({ outdir: single }).synth();
    synthesize([], out, all);
    expect(filesOf(out)).toEqual(filesOf(single));
  });

  test("comes with a word about each stack as it is done", () => {
    const told: string[] = [];
    synthesize(stacks, out, { ...all, onStack: (name, done, total) => told.push(`${done}/${total} ${name}`) });
    expect(told).toEqual(stacks.map(({ name }, index) => `${index + 1}/${stacks.length} ${name}`));
  });

  test("leaves no token behind, or every stack would stay in memory through the tokens that refer to it", () => {
    const tokens = (): unknown => Reflect.get(Reflect.get(globalThis, "__cdktfTokenMap"), "stringTokenMap").size;
    const before = tokens();
    writeStacks(stacks, folder);
    expect(tokens()).toBe(before);
  });
});

describe("a folder that is no output", () => {
  test.each([
    ["with files of somebody's", { "notes.txt": "mine" }],
    ["with a folder called stacks alone", { "stacks/mine/main.tf": "" }],
    ["with another tool's manifest", { "manifest.json": '{"name": "web app"}' }],
    ["with a manifest that is no JSON", { "manifest.json": "{" }],
  ])("is refused and left alone: %s", (_name, files) => {
    for (const [path, content] of Object.entries(files)) put(join(out, path), content);
    expect(() => synthesize(stacks, out, all)).toThrow(OutputRefused);
    expect(Object.keys(filesOf(out)).sort()).toEqual(Object.keys(files).sort());
    expect(readdirSync(folder)).toEqual([basename(out)]);
  });

  test("is refused: a file", () => {
    put(out, "mine");
    expect(() => synthesize(stacks, out, all)).toThrow("is no folder");
    expect(readFileSync(out, "utf8")).toBe("mine");
  });

  test("is taken when it is empty", () => {
    mkdirSync(out);
    synthesize(stacks, out, all);
    expect(existsSync(inStack(first, "cdk.tf.json"))).toBe(true);
  });

  test("and what somebody put beside the stacks of an output stays there", () => {
    synthesize(stacks, out, all);
    put(join(out, ".gitignore"), ".terraform");
    put(join(out, "notes/today.txt"), "mine");
    synthesize(stacks, out, all);
    expect(readFileSync(join(out, ".gitignore"), "utf8")).toBe(".terraform");
    expect(readFileSync(join(out, "notes/today.txt"), "utf8")).toBe("mine");
  });
});

describe("a failure in the middle", () => {
  const plans = [first, ...failing];

  test("leaves the output before it as it was, and nothing beside it", () => {
    synthesize(stacks, out, all);
    put(inStack(first, ".terraform/providers"), "installed");
    const before = filesOf(folder);
    expect(() => synthesize(plans, out, all)).toThrow("There is already a Construct with name");
    expect(filesOf(folder)).toEqual(before);
    expect(readdirSync(folder)).toEqual(["cdktf.out"]);
  });

  test("leaves no output where there was none", () => {
    expect(() => synthesize(plans, out, all)).toThrow("There is already a Construct with name");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("of a comparison leaves nothing either", () => {
    expect(() => staleStacks(plans, out, all)).toThrow("There is already a Construct with name");
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("an output that cannot take its place", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test("leaves the output before it in place, and nothing beside it", () => {
    synthesize(stacks, out, all);
    const before = filesOf(folder);
    const rename = fs.renameSync;
    jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
      // The old output is out of the way already: only now the disk refuses.
      if (to === out && !String(from).endsWith(".old")) throw new Error("the disk refuses");
      rename(from, to);
    });
    expect(() => synthesize([last], out, all)).toThrow("the disk refuses");
    expect(filesOf(folder)).toEqual(before);
  });
});

describe.each(accounts.map((plan) => [`${plan.account.name}, with ${plan.zone.state.kind} state`, plan] as const))(
  "a stack whose account moved to another OU: %s",
  (_, plan) => {
    const [moved = first] = plannedStacks([{ ...plan, stack: "acme.elsewhere.moved" }], []);

    test("leaves no second stack with its state behind when it is selected", () => {
      synthesize(stacks, out, all);
      synthesize([moved], out, selection);
      const written = readdirSync(join(out, "stacks"));
      expect(written).toContain(moved.name);
      expect(written).not.toContain(plan.stack);
      expect(written).toHaveLength(stacks.length);
      expect(Object.keys(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")).stacks).sort()).toEqual(
        written.sort(),
      );
    });

    test("has its old stack reported as left over when it is compared", () => {
      synthesize(stacks, out, all);
      expect(staleStacks([moved], out, selection)).toEqual([
        { stack: moved.name, state: "missing" },
        { stack: plan.stack, state: "left over" },
      ]);
    });
  },
);

describe("a stack's state", () => {
  const stateFiles = (stack: PlannedStack): string[] => {
    const { terraform } = JSON.parse(readFileSync(inStack(stack, "cdk.tf.json"), "utf8"));
    return Object.values<{ path?: string; key?: string }>(terraform.backend).map(({ path, key }) => path ?? key ?? "");
  };

  test("is the one that its plan says, and nobody else's in the same place", () => {
    synthesize(stacks, out, all);
    const states = stacks.map((stack) => ({ ...stack, files: stateFiles(stack) }));
    for (const { state, files } of states) expect(files.map((file) => basename(file))).toEqual([`${state}.tfstate`]);
    expect(new Set(states.map(({ state }) => state)).size).toBe(stacks.length);
    expect(states.filter(({ kind }) => kind === "guardrails").map(({ state }) => state)).toEqual([
      "000000000001-guardrails-corporate",
      "000000000001-guardrails-health",
    ]);
  });

  test.each<[string, string]>([
    ["that mentions the state file elsewhere", '{"locals": {"path": "210000000001.tfstate"}}'],
    ["that somebody has broken", '{"terraform": {"backend": {"s3": {"key": "210000000001.tfstate"'],
    ["whose state is somebody else's", '{"terraform": {"backend": {"s3": {"key": "990000000001.tfstate"}}}}'],
  ])("is not taken for that of a stack %s", (_, text) => {
    synthesize(stacks, out, all);
    const manifest = join(out, "manifest.json");
    const listed = JSON.parse(readFileSync(manifest, "utf8"));
    listed.stacks["acme.by.hand"] = listed.stacks[first.name];
    writeFileSync(manifest, JSON.stringify(listed));
    put(join(out, "stacks/acme.by.hand/cdk.tf.json"), text);
    synthesize(
      stacks.filter(({ state }) => state === "210000000001"),
      out,
      selection,
    );
    expect(readFileSync(join(out, "stacks/acme.by.hand/cdk.tf.json"), "utf8")).toBe(text);
  });
});

describe("what is in a stack's folder", () => {
  test("stays there, except for the HCL JSON, which is written anew", () => {
    synthesize(stacks, out, all);
    const kept = {
      ".terraform.lock.hcl": "versions",
      ".terraform/providers/registry": "installed",
      "plan.bin": "a saved plan",
      "terraform.tfvars": "a person's file",
    };
    for (const [path, content] of Object.entries(kept)) put(inStack(first, path), content);
    const fresh = readFileSync(inStack(first, "cdk.tf.json"), "utf8");
    writeFileSync(inStack(first, "cdk.tf.json"), "{}");
    synthesize(stacks, out, all);
    expect(filesOf(join(out, "stacks", first.name))).toEqual({ ...kept, "cdk.tf.json": fresh });
    expect(readdirSync(folder)).toEqual(["cdktf.out"]);
  });

  test("goes with a stack that is no more, except for what nothing can make anew", () => {
    synthesize(stacks, out, all);
    put(inStack(first, ".terraform/providers"), "installed");
    put(inStack(first, ".terraform.lock.hcl"), "versions");
    put(inStack(last, ".terraform/providers"), "installed");
    put(inStack(last, "terraform.tfstate"), "the only copy");
    const rest = stacks.filter((plan) => plan !== first && plan !== last);
    synthesize(rest, out, all);
    expect(existsSync(join(out, "stacks", first.name))).toBe(false);
    expect(filesOf(join(out, "stacks", last.name))).toEqual({ "terraform.tfstate": "the only copy" });
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as { stacks: object };
    expect(Object.keys(manifest.stacks)).toEqual(names(rest));
  });
});

describe("a selection", () => {
  test("replaces its own stacks and leaves the others, and the manifest, as they were", () => {
    synthesize(stacks, out, all);
    const whole = filesOf(out);
    writeFileSync(inStack(first, "cdk.tf.json"), "stale, and selected");
    writeFileSync(inStack(last, "cdk.tf.json"), "stale, and not selected");
    put(inStack(last, ".terraform/providers"), "installed");
    synthesize([first], out, selection);
    expect(filesOf(out)).toEqual({
      ...whole,
      [`stacks/${last.name}/cdk.tf.json`]: "stale, and not selected",
      [`stacks/${last.name}/.terraform/providers`]: "installed",
    });
  });

  test("writes its own stacks alone where there was no output", () => {
    synthesize([first], out, selection);
    expect(Object.keys(filesOf(out))).toEqual(["manifest.json", `stacks/${first.name}/cdk.tf.json`]);
  });
});

describe("stale stacks", () => {
  test("are none right after a synthesis", () => {
    synthesize(stacks, out, all);
    expect(staleStacks(stacks, out, all)).toEqual([]);
  });

  test("are all of them where nothing was synthesized, and nothing is written to find that out", () => {
    expect(staleStacks(stacks, out, all)).toEqual(stacks.map(({ name }) => ({ stack: name, state: "missing" })));
    expect(readdirSync(folder)).toEqual([]);
  });

  test("are those that are missing, changed or left over, and finding them changes nothing", () => {
    synthesize(stacks, out, all);
    const [, second, third] = stacks;
    if (second === undefined || third === undefined) throw new Error("the small organization has too few stacks");
    rmSync(inStack(first, "cdk.tf.json"));
    writeFileSync(inStack(second, "cdk.tf.json"), `${readFileSync(inStack(second, "cdk.tf.json"), "utf8")}\n`);
    const before = filesOf(folder);
    const wanted = stacks.filter((plan) => plan !== third);
    expect(staleStacks(wanted, out, all)).toEqual([
      { stack: first.name, state: "missing" },
      { stack: second.name, state: "changed" },
      { stack: third.name, state: "left over" },
    ]);
    expect(filesOf(folder)).toEqual(before);
  });

  test("of a selection say nothing about the stacks that were not selected", () => {
    synthesize(stacks, out, all);
    writeFileSync(inStack(last, "cdk.tf.json"), "stale");
    expect(staleStacks([first], out, selection)).toEqual([]);
  });

  test("are not what a dropped stack's state file leaves behind", () => {
    synthesize(stacks, out, all);
    put(inStack(last, "terraform.tfstate"), "the only copy");
    const rest = stacks.filter((plan) => plan !== last);
    synthesize(rest, out, all);
    expect(staleStacks(rest, out, all)).toEqual([]);
  });
});
