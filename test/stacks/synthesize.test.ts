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
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { App, TerraformStack } from "cdktf";
import type { AccountPlan } from "../../modules/keys/account-plan";
import { AccountStack } from "../../stacks/account-stack";
import { staleStacks, synthesize, writeStacks } from "../../stacks/synthesize";
import { planOf, smallSources } from "./small-organization";

const { accounts } = planOf(smallSources());
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

function account(index: number): AccountPlan {
  const found = accounts.at(index);
  if (found === undefined) throw new Error(`the small organization has no account ${index}`);
  return found;
}

const first = account(0);
const last = account(-1);
const inStack = (plan: AccountPlan, path: string): string => join(out, "stacks", plan.stack, path);

const owner = account(accounts.findIndex((plan) => plan.keys.length > 0));
/** CDKTF refuses two constructs with one name: this account fails while its stack is built. */
const failing: AccountPlan = { ...owner, keys: [...owner.keys, ...owner.keys] };

describe("the output", () => {
  test("is byte for byte what one CDKTF app with all stacks writes", () => {
    /** As CDKTF prepares a stack that has not said that there is nothing to prepare. */
    class PreparedStack extends AccountStack {
      override prepareStack(): void {
        TerraformStack.prototype.prepareStack.call(this);
      }
    }
    const single = join(folder, "single");
    const app = new App({ outdir: single });
    for (const plan of accounts) new PreparedStack(app, plan);
    app.synth();
    synthesize(accounts, out, all);
    expect(filesOf(out)).toEqual(filesOf(single));
  });

  test("for no accounts at all is what an empty CDKTF app writes", () => {
    const single = join(folder, "single");
    new App({ outdir: single }).synth();
    synthesize([], out, all);
    expect(filesOf(out)).toEqual(filesOf(single));
  });

  test("comes with a word about each stack as it is done", () => {
    const told: string[] = [];
    synthesize(accounts, out, { ...all, onStack: (name, done, total) => told.push(`${done}/${total} ${name}`) });
    expect(told).toEqual(accounts.map(({ stack }, index) => `${index + 1}/${accounts.length} ${stack}`));
  });

  test("leaves no token behind, or every stack would stay in memory through the tokens that refer to it", () => {
    const tokens = (): unknown => Reflect.get(Reflect.get(globalThis, "__cdktfTokenMap"), "stringTokenMap").size;
    const before = tokens();
    writeStacks(accounts, folder);
    expect(tokens()).toBe(before);
  });
});

describe("a failure in the middle", () => {
  const plans = [...accounts.filter((plan) => plan !== owner), failing];

  test("leaves the output before it as it was, and nothing beside it", () => {
    synthesize(accounts, out, all);
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
    synthesize(accounts, out, all);
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

describe("an account that moved to another OU", () => {
  const moved: AccountPlan = { ...first, stack: `acme.elsewhere.${first.account.name}` };

  test("leaves no second stack with its state behind when it is selected", () => {
    synthesize(accounts, out, all);
    synthesize([moved], out, selection);
    const stacks = readdirSync(join(out, "stacks"));
    expect(stacks).toContain(moved.stack);
    expect(stacks).not.toContain(first.stack);
    expect(stacks).toHaveLength(accounts.length);
    expect(Object.keys(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")).stacks).sort()).toEqual(
      stacks.sort(),
    );
  });

  test("has its old stack reported as left over when it is compared", () => {
    synthesize(accounts, out, all);
    expect(staleStacks([moved], out, selection)).toEqual([
      { stack: moved.stack, state: "missing" },
      { stack: first.stack, state: "left over" },
    ]);
  });
});

describe("what is in a stack's folder", () => {
  test("stays there, except for the HCL JSON, which is written anew", () => {
    synthesize(accounts, out, all);
    const kept = {
      ".terraform.lock.hcl": "versions",
      ".terraform/providers/registry": "installed",
      "plan.bin": "a saved plan",
      "terraform.tfvars": "a person's file",
    };
    for (const [path, content] of Object.entries(kept)) put(inStack(first, path), content);
    const fresh = readFileSync(inStack(first, "cdk.tf.json"), "utf8");
    writeFileSync(inStack(first, "cdk.tf.json"), "{}");
    synthesize(accounts, out, all);
    expect(filesOf(join(out, "stacks", first.stack))).toEqual({ ...kept, "cdk.tf.json": fresh });
    expect(readdirSync(folder)).toEqual(["cdktf.out"]);
  });

  test("goes with a stack that is no more, except for what nothing can make anew", () => {
    synthesize(accounts, out, all);
    put(inStack(first, ".terraform/providers"), "installed");
    put(inStack(first, ".terraform.lock.hcl"), "versions");
    put(inStack(last, ".terraform/providers"), "installed");
    put(inStack(last, "terraform.tfstate"), "the only copy");
    const rest = accounts.filter((plan) => plan !== first && plan !== last);
    synthesize(rest, out, all);
    expect(existsSync(join(out, "stacks", first.stack))).toBe(false);
    expect(filesOf(join(out, "stacks", last.stack))).toEqual({ "terraform.tfstate": "the only copy" });
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as { stacks: object };
    expect(Object.keys(manifest.stacks)).toEqual(rest.map((plan) => plan.stack));
  });
});

describe("a selection", () => {
  test("replaces its own stacks and leaves the others, and the manifest, as they were", () => {
    synthesize(accounts, out, all);
    const whole = filesOf(out);
    writeFileSync(inStack(first, "cdk.tf.json"), "stale, and selected");
    writeFileSync(inStack(last, "cdk.tf.json"), "stale, and not selected");
    put(inStack(last, ".terraform/providers"), "installed");
    synthesize([first], out, selection);
    expect(filesOf(out)).toEqual({
      ...whole,
      [`stacks/${last.stack}/cdk.tf.json`]: "stale, and not selected",
      [`stacks/${last.stack}/.terraform/providers`]: "installed",
    });
  });

  test("writes its own stacks alone where there was no output", () => {
    synthesize([first], out, selection);
    expect(Object.keys(filesOf(out))).toEqual(["manifest.json", `stacks/${first.stack}/cdk.tf.json`]);
  });
});

describe("stale stacks", () => {
  test("are none right after a synthesis", () => {
    synthesize(accounts, out, all);
    expect(staleStacks(accounts, out, all)).toEqual([]);
  });

  test("are all of them where nothing was synthesized, and nothing is written to find that out", () => {
    expect(staleStacks(accounts, out, all)).toEqual(accounts.map(({ stack }) => ({ stack, state: "missing" })));
    expect(readdirSync(folder)).toEqual([]);
  });

  test("are those that are missing, changed or left over, and finding them changes nothing", () => {
    synthesize(accounts, out, all);
    const [, second, third] = accounts;
    if (second === undefined || third === undefined) throw new Error("the small organization has too few accounts");
    rmSync(inStack(first, "cdk.tf.json"));
    writeFileSync(inStack(second, "cdk.tf.json"), `${readFileSync(inStack(second, "cdk.tf.json"), "utf8")}\n`);
    const before = filesOf(folder);
    const wanted = accounts.filter((plan) => plan !== third);
    expect(staleStacks(wanted, out, all)).toEqual([
      { stack: first.stack, state: "missing" },
      { stack: second.stack, state: "changed" },
      { stack: third.stack, state: "left over" },
    ]);
    expect(filesOf(folder)).toEqual(before);
  });

  test("of a selection say nothing about the stacks that were not selected", () => {
    synthesize(accounts, out, all);
    writeFileSync(inStack(last, "cdk.tf.json"), "stale");
    expect(staleStacks([first], out, selection)).toEqual([]);
  });

  test("are not what a dropped stack's state file leaves behind", () => {
    synthesize(accounts, out, all);
    put(inStack(last, "terraform.tfstate"), "the only copy");
    const rest = accounts.filter((plan) => plan !== last);
    synthesize(rest, out, all);
    expect(staleStacks(rest, out, all)).toEqual([]);
  });
});
