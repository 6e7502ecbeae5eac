import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import Ajv from "ajv/dist/2020";
import { affectedDocument } from "../../modules/report/affected-document";
import { gitEnvironment } from "./git-environment";
import { orgkeysLater, type Recorded } from "./recorded-terminal";

const root = join(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "orgkeys-git-"));
const repository = join(folder, "repository");
/** Where the command makes its temporary folders: nothing may be left in it. */
const temporary = join(folder, "temporary");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly printed: string;
  readonly noted: string;
}

const environment = {
  ...gitEnvironment,
  TMPDIR: temporary,
};

/** In this process, as if it had been started there: another one for each would take minutes. */
async function affectedIn(cwd: string, ...words: string[]): Promise<Recorded> {
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return await orgkeysLater("affected", ...words);
  } finally {
    process.chdir(before);
  }
}

const affected = (...words: string[]): Promise<Recorded> => affectedIn(repository, ...words);

function gitIn(cwd: string, ...words: string[]): string {
  const ended = spawnSync("git", words, { cwd, env: environment, encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`git ${words.join(" ")}: ${ended.stderr}`);
  return ended.stdout.trim();
}

const git = (...words: string[]): string => gitIn(repository, ...words);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}

function commit(message: string): string {
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", message);
  return git("rev-parse", "HEAD");
}

/** An output of stacks that each have one key with this description. */
function writeOutput(out: string, stacks: Readonly<Record<string, string>>): void {
  rmSync(join(repository, out), { recursive: true, force: true });
  const manifest: Record<string, unknown> = {};
  for (const [name, description] of Object.entries(stacks)) {
    manifest[name] = {
      name,
      workingDirectory: `stacks/${name}`,
      synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
    };
    write(`${out}/stacks/${name}/cdk.tf.json`, stackText(name, description));
  }
  write(`${out}/manifest.json`, JSON.stringify({ stacks: manifest }));
}

function stackText(name: string, description: string): string {
  const id = `1000000000${name.length}`.padEnd(12, "0");
  return JSON.stringify({
    "//": {
      orgkeys: { kind: "account", account: name, accountId: id, organization: "acme", ou: "Prod", zone: "corporate" },
    },
    terraform: {
      backend: { local: { path: `../../../state/${name}.tfstate` } },
      required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } },
      required_version: ">= 1.10.0",
    },
    provider: { aws: [{ alias: "us-east-1", region: "us-east-1", allowed_account_ids: [id] }] },
    resource: { aws_kms_key: { k: { description, provider: "aws.us-east-1" } } },
  });
}

/** An orgkeys that writes what its map says, of one commit: no packages, no time. */
const tinyCommand = `
const { mkdirSync, readFileSync, writeFileSync, existsSync } = require("node:fs");
const words = process.argv.slice(2);
const value = (name) => words[words.indexOf(name) + 1];
const map = JSON.parse(readFileSync(value("--config") + "/map.json", "utf8"));
if (map.fails) { process.stderr.write("config/map.json:1:1  is not right\\n"); process.exit(1); }
if (map.waits) { writeFileSync(map.waits, "begun"); setInterval(() => undefined, 1000); }
else {
  if (!existsSync("node_modules")) { process.stderr.write("has no packages\\n"); process.exit(1); }
  mkdirSync(value("--out"), { recursive: true });
  require("node:fs").cpSync(value("--config") + "/output", value("--out"), { recursive: true });
}
`;

beforeAll(() => {
  mkdirSync(repository, { recursive: true });
  mkdirSync(temporary);
  git("init", "--quiet", "--initial-branch", "main");
});

describe("an output that is under version control", () => {
  let first = "";

  beforeAll(() => {
    writeOutput("out", { "acme.prod.a": "1", "acme.prod.bb": "1" });
    write("config/readme", "x");
    first = commit("first");
    git("branch", "topic");
    writeOutput("out", { "acme.prod.a": "2", "acme.prod.bb": "1" });
    commit("on main");
    git("checkout", "--quiet", "topic");
    writeOutput("out", { "acme.prod.a": "1", "acme.prod.bb": "2", "acme.prod.ccc": "1" });
    commit("on topic");
  });

  test("is read from the commit, and the work tree stays as it is", async () => {
    const { code, printed } = await affected("main", "--out", "out");
    expect(code).toBe(2);
    expect(printed).toContain("acme.prod.a  only descriptions");
    expect(printed).toContain("acme.prod.bb  only descriptions");
    expect(printed).toContain("acme.prod.ccc  stack added");
    expect(git("status", "--porcelain")).toBe("");
    expect(git("worktree", "list").split("\n")).toHaveLength(1);
  });

  test("is compared with where both parted, for BASE...", async () => {
    const { printed } = await affected("main...", "--out", "out");
    expect(printed).not.toContain("acme.prod.a  ");
    expect(printed).toContain(`between main... (merge base ${first.slice(0, 12)}, committed) and out.`);
  });

  test("is compared with another commit", async () => {
    const { code, printed } = await affected("topic~1", "topic", "--out", "out", "--format", "json");
    expect(code).toBe(2);
    const document = affectedDocument.parse(JSON.parse(printed));
    expect(document.base).toEqual({ name: "topic~1", commit: first, isMergeBase: false, from: "committed" });
    expect(document.affected.map(({ stack, summary }) => `${stack} ${summary}`)).toEqual([
      "acme.prod.bb only descriptions",
      "acme.prod.ccc stack added",
    ]);
    const schema = JSON.parse(readFileSync(join(root, "docs/schemas/affected.schema.json"), "utf8"));
    expect(new Ajv({ strict: false }).validate(schema, JSON.parse(printed))).toBe(true);
  });

  test("is the same as itself", async () => {
    expect(await affected("HEAD", "--out", "out")).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^0 of 3 stacks/),
    });
    expect((await affected("HEAD", "--out", "out", "--matrix", "github")).printed).toBe('{"include":[]}');
  });

  test("is compared as it is on disk, without a commit", async () => {
    write("out/stacks/acme.prod.a/override.tf", "");
    try {
      const onDisk = await affected("HEAD", "--out", "out");
      expect(onDisk.printed).toContain("acme.prod.a  another file changed");
      expect(onDisk.noted).not.toContain("not committed");
      expect(await affected("HEAD", "HEAD", "--out", "out")).toMatchObject({
        code: 0,
        noted: expect.stringContaining("what is not committed yet is not compared"),
      });
    } finally {
      rmSync(join(repository, "out/stacks/acme.prod.a/override.tf"));
    }
  });

  test("is found from a folder below the root", async () => {
    mkdirSync(join(repository, "below"), { recursive: true });
    const { code, printed } = await affectedIn(join(repository, "below"), "main", "--out", "../out");
    expect(code).toBe(2);
    expect(printed).toContain("committed) and ../out.");
  });

  test("is shared out", async () => {
    const stacks: string[][] = [];
    for (const shard of ["1/2", "2/2"]) {
      const { printed } = await affected("main", "--out", "out", "--format", "json", "--shard", shard);
      stacks.push(affectedDocument.parse(JSON.parse(printed)).affected.map(({ stack }) => stack));
    }
    expect(stacks.flat().sort()).toEqual(["acme.prod.a", "acme.prod.bb", "acme.prod.ccc"]);
    expect(stacks.every(({ length }) => length > 0)).toBe(true);
  });

  test("gives the jobs of a pipeline", async () => {
    const { code, printed, noted } = await affected("topic", "main", "--out", "out", "--matrix", "github");
    expect(code).toBe(2);
    expect(JSON.parse(printed).include).toEqual([
      expect.objectContaining({ name: "acme/Prod", zone: "corporate", stacks: "acme.prod.a acme.prod.bb" }),
    ]);
    expect(noted).toContain("In no job, since they are no longer there: acme.prod.ccc.");
  });

  test("is not taken for a branch of the same name", async () => {
    git("branch", "out");
    try {
      expect(await affected("out", "--out", "out")).toMatchObject({
        code: 0,
        noted: "out is a folder and a commit: the folder is compared; refs/heads/out is the branch.",
      });
      expect((await affected("refs/heads/out", "--out", "out")).printed).toContain("committed");
    } finally {
      git("branch", "-D", "out");
    }
  });

  test("writes no link that a commit has", async () => {
    git("checkout", "--quiet", "-b", "links", "topic");
    rmSync(join(repository, "out/stacks/acme.prod.a/cdk.tf.json"));
    symlinkSync("/etc/hostname", join(repository, "out/stacks/acme.prod.a/cdk.tf.json"));
    commit("a link");
    git("checkout", "--quiet", "topic");
    expect((await affected("topic", "links", "--out", "out")).printed).toContain("acme.prod.a  unreadable");
  });
});

describe("what cannot be compared", () => {
  test.each([
    ["a name of nothing", ["nonsense"], "nonsense: is neither a folder nor a commit that git knows here"],
    ["a path of nothing", ["./not/there"], "./not/there: is neither a folder nor a commit"],
    ["two commits in one word", ["main..topic"], "give BASE and HEAD as two words"],
    ["an option of git's", ["--", "--all"], "--all: is no name of a commit"],
    ["a folder that is no output", ["config"], "config: has no manifest.json: it is not a synthesized output"],
    ["a map that the commit does not have", ["HEAD", "--out", "new", "--config", "nomap"], "has no folder nomap"],
    ["a map outside", ["HEAD", "--out", "new", "--config", "../elsewhere"], "is outside of the repository"],
    ["a format beside a matrix", ["HEAD", "--matrix", "github", "--format", "json"], "leave --format out"],
    ["jobs without a matrix", ["HEAD", "--by", "ou"], "add --matrix github or --matrix gitlab"],
    ["no share", ["HEAD", "--shard", "3/2"], "It must be as in 1/4"],
  ])("%s is an error that says what to do", async (_, words, expected) => {
    const { code, printed, noted } = await affected(...words);
    expect({ code, printed }).toEqual({ code: 1, printed: "" });
    expect(noted).toContain(expected);
  });

  test("a branch that only the remote has is named", async () => {
    git("update-ref", "refs/remotes/origin/release", "HEAD");
    expect((await affected("release")).noted).toContain("there is origin/release: write that");
  });

  test("a shallow clone is told", async () => {
    const shallow = join(folder, "shallow");
    gitIn(folder, "clone", "--quiet", "--depth", "1", `file://${repository}`, shallow);
    expect((await affectedIn(shallow, "main")).noted).toContain("this clone is shallow");
  });

  test("a folder outside of any repository is told", async () => {
    expect((await affectedIn(temporary, "main")).noted).toContain("not a git repository");
  });

  test("histories with nothing in common have no place where they parted", async () => {
    git("checkout", "--quiet", "--orphan", "alone");
    commit("alone");
    expect((await affected("main...")).noted).toContain("main and HEAD have no commit in common");
    git("checkout", "--quiet", "topic");
  });
});

describe("a commit without an output", () => {
  beforeAll(() => {
    git("checkout", "--quiet", "-b", "tool", "topic");
    write(".gitignore", "out/\nnode_modules\n");
    git("rm", "--quiet", "-r", "--cached", "out");
    write("config/map.json", "{}");
    cpSync(join(repository, "out"), join(repository, "config/output"), { recursive: true });
    commit("a map");
  });

  test("is synthesized with this orgkeys, where it has none of its own", async () => {
    const { code, noted } = await affected("HEAD", "--out", "out");
    expect(code).toBe(1);
    expect(noted).toContain("which has no orgkeys of its own, with this one");
    expect(noted).toContain("config/map.json");
    expect(noted).toContain("mend it, or name an output folder instead");
  }, 60_000);
});

describe("a checkout of orgkeys", () => {
  const checkout = join(folder, "checkout");
  const run = (...words: string[]): Ended => {
    const ended = spawnSync(process.execPath, ["modules/cli/orgkeys.cjs", "affected", ...words], {
      cwd: checkout,
      env: environment,
      encoding: "utf8",
    });
    expect(readdirSync(temporary).filter((name) => name.startsWith("orgkeys"))).toEqual([]);
    return { code: ended.status, printed: ended.stdout.trimEnd(), noted: ended.stderr.trimEnd() };
  };
  const inCheckout = (...words: string[]): string => gitIn(checkout, ...words);
  const config = join(checkout, "config");

  beforeAll(() => {
    mkdirSync(checkout);
    for (const name of ["modules", "stacks", "package.json", "package-lock.json", "tsconfig.json"]) {
      cpSync(join(root, name), join(checkout, name), { recursive: true });
    }
    cpSync(join(root, "test/fixtures/small"), config, { recursive: true });
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    writeFileSync(join(checkout, ".gitignore"), "node_modules\ncdktf.out/\nstate/\nruns/\n");
    inCheckout("init", "--quiet", "--initial-branch", "main");
    inCheckout("add", "--all");
    inCheckout("commit", "--quiet", "--message", "the real one");
    // Its own code of the next commit, which needs nothing and takes no time.
    inCheckout("checkout", "--quiet", "-b", "tiny");
    writeFileSync(join(checkout, "modules/cli/orgkeys.cjs"), tinyCommand);
    writeFileSync(join(config, "map.json"), "{}");
    cpSync(join(repository, "out"), join(config, "output"), { recursive: true });
    inCheckout("add", "--all");
    inCheckout("commit", "--quiet", "--message", "tiny");
    writeFileSync(join(config, "map.json"), '{"fails": true}');
    inCheckout("commit", "--quiet", "--all", "--message", "fails");
    inCheckout("tag", "fails");
    writeFileSync(join(config, "map.json"), JSON.stringify({ waits: join(folder, "begun") }));
    inCheckout("commit", "--quiet", "--all", "--message", "waits");
    inCheckout("tag", "waits");
    writeFileSync(join(config, "map.json"), "{}");
    writeFileSync(
      join(checkout, "package.json"),
      '{"name": "other", "version": "1.0.0", "dependencies": {"gone": "file:gone.tgz"}}',
    );
    writeFileSync(
      join(checkout, "package-lock.json"),
      '{"name": "other", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"dependencies": {"gone": "file:gone.tgz"}}, "node_modules/gone": {"version": "1.0.0", "resolved": "file:gone.tgz"}}}',
    );
    inCheckout("commit", "--quiet", "--all", "--message", "other packages");
    inCheckout("tag", "packages");
    inCheckout("checkout", "--quiet", "main");
  });

  test("synthesizes a commit by the commit's own code and map, and leaves nothing behind", () => {
    const shop = join(config, "workloads/shop.yaml");
    writeFileSync(shop, readFileSync(shop, "utf8").replace("owner: finance", "owner: accounting"));
    const synth = spawnSync(process.execPath, ["modules/cli/orgkeys.cjs", "synth"], {
      cwd: checkout,
      env: environment,
      encoding: "utf8",
    });
    expect(synth.stderr).toBe("");
    const { code, printed, noted } = run("main");
    expect(noted).toMatch(/^main: synthesizing commit [0-9a-f]{12}$/);
    expect(printed).toContain("acme.security.keys  only tags");
    expect(printed).toMatch(/\n1 of 6 stacks affected, between main \([0-9a-f]{12}, synthesized\) and cdktf\.out\./);
    expect(code).toBe(2);
    expect(inCheckout("status", "--porcelain")).toBe("M config/workloads/shop.yaml");
    expect(inCheckout("worktree", "list").split("\n")).toHaveLength(1);
  }, 60_000);

  test("runs the code of the commit, not its own", () => {
    expect(run("tiny~3", "tiny~3").printed).toContain("0 of 3 stacks affected");
  }, 60_000);

  test("says what the synthesis of a commit said", () => {
    const { code, noted } = run("fails");
    expect(code).toBe(1);
    expect(noted).toContain("config/map.json:1:1  is not right");
  }, 60_000);

  test("says that packages of a commit cannot be installed", () => {
    const { code, noted } = run("packages");
    expect(code).toBe(1);
    expect(noted).toContain("its package-lock.json is another; installing its packages with npm ci");
    expect(noted).toContain("cannot be installed; synthesize it in a checkout of its own");
  }, 60_000);

  test.each(["SIGINT", "SIGTERM"] as const)(
    "cleans up when it is stopped by %s",
    async (signal) => {
      rmSync(join(folder, "begun"), { force: true });
      const child = spawn(process.execPath, ["modules/cli/orgkeys.cjs", "affected", "waits"], {
        cwd: checkout,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let noted = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        noted += text;
      });
      const ended = new Promise<number | null>((done) => child.on("close", done));
      while (!existsSync(join(folder, "begun"))) await new Promise((done) => setTimeout(done, 50));
      child.kill(signal);
      expect(await ended).toBe(1);
      expect(noted).toContain("waits: stopped; nothing was compared");
      expect(readdirSync(temporary).filter((name) => name.startsWith("orgkeys"))).toEqual([]);
    },
    60_000,
  );
});
