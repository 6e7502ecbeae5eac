/**
 * Makes changes by hand in an applied organization on the emulator, each on a key or policy of its own, and records what
 * `orgkeys drift`, `terraform plan -refresh-only` and `terraform plan` say of each: the table of docs/drift-and-terraform.md.
 *
 *     npm run record:terraform-word                prints the table
 *     npm run record:terraform-word -- --write     puts it into the document
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { stringify } from "yaml";
import { type LiveOrganization, startOrganization } from "../e2e/organization";
import { startOrgkeys } from "../e2e/orgkeys-process";
import { terraform } from "../e2e/terraform";
import { aliasOf, type HandMadeChange, handMadeChanges } from "./hand-made-changes";

const root = join(__dirname, "../..");
const DOCUMENT = join(root, "docs/drift-and-terraform.md");
const OWNER = "acme.workloads.test.shop-test";
const USER = "acme.workloads.prod.shop-prod";
const [OWNER_ID, USER_ID, STRANGER_ID] = ["220000000001", "210000000001", "310000000001"];
const BEGIN = "<!-- generated: what Terraform says -->";
const END = "<!-- end of generated: what Terraform says -->";

/** A workload for each change, with one key, in one account; roles of another account use one of them. */
function writeConfig(folder: string): string {
  const config = join(folder, "config");
  cpSync(join(root, "test/fixtures/small"), config, { recursive: true });
  const zones = join(config, "zones.yaml");
  writeFileSync(zones, readFileSync(zones, "utf8").replace(/^ {2}state: .*\n/m, ""));
  const organization = join(config, "organizations/acme.yaml");
  const text = readFileSync(organization, "utf8");
  writeFileSync(
    organization,
    text.replace("regions: [us-east-1, us-west-2]", "regions: [us-east-1, us-east-2, us-west-2]"),
  );
  for (const file of readdirSync(join(config, "workloads"))) rmSync(join(config, "workloads", file));
  const roles = handMadeChanges.flatMap(({ about }) => ("role" in about ? [about.role] : []));
  const workloads = handMadeChanges.flatMap(({ about, replicated }) => {
    if (!("workload" in about)) return [];
    const test = {
      account: "shop-test",
      ...(replicated === true ? { replicas: ["us-west-2"] } : {}),
      use: [{ principal: "role/user", operations: ["encrypt", "decrypt"] }],
      grants: [{ grantee: "role/batch", operations: ["Decrypt"] }],
    };
    return [[about.workload, { owner: "bench", dataClass: "regulated", environments: { test } }]];
  });
  const use = roles.map((role) => ({ principal: `shop-prod:role/${role}`, operations: ["decrypt"] }));
  const common = { owner: "bench", dataClass: "regulated", environments: { test: { account: "shop-test", use } } };
  writeFileSync(join(config, "workloads/changed.yaml"), stringify({ ...Object.fromEntries(workloads), common }));
  return config;
}

interface Change {
  readonly address: string;
  readonly mode: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
  };
}

interface PlanJson {
  /** First lines of what it failed with. */
  readonly errors: readonly string[];
  readonly resource_drift?: readonly Change[];
  readonly resource_changes?: readonly Change[];
}

/** A plan that fails is saved all the same, as far as it got. */
async function plan(
  live: LiveOrganization,
  stack: string,
  file: string,
  ...words: readonly string[]
): Promise<PlanJson> {
  const directory = live.stackFolder(stack);
  const run = (...args: readonly string[]) => terraform(directory, args, live.environment);
  const planned = await run("plan", "-no-color", "-input=false", "-lock=false", `-out=${file}`, ...words);
  const shown = await run("show", "-json", file);
  if (shown.code !== 0) throw new Error(`${stack}: ${planned.stdout}\n${planned.stderr}\n${shown.stderr}`);
  const errors = planned.stderr.match(/^Error: .*$/gm) ?? [];
  return { ...(JSON.parse(shown.stdout) as PlanJson), errors };
}

interface Reported {
  readonly findings: readonly {
    readonly id: string;
    readonly severity: string;
    readonly where: string;
    readonly why: string;
    readonly place: { readonly address: string | null };
  }[];
}

async function drift(live: LiveOrganization, config: string): Promise<Reported> {
  const places = ["--config", config, "--out", live.out, "--format", "json"];
  const { code, stdout, stderr } = await startOrgkeys(["drift", OWNER, USER, ...places], live.environment).ended;
  if (code !== 2) throw new Error(`orgkeys drift ended with ${code}\n${stderr}`);
  return JSON.parse(stdout) as Reported;
}

/** Of a change's own key or policy: Terraform's addresses, and how reports name it. */
function isAbout({ about }: HandMadeChange, made: readonly string[]): (text: string) => boolean {
  const own = "role" in about ? new RegExp(`role_${about.role}$`) : new RegExp(`\\.${about.workload}[_-]test[_-]`);
  const names = [...made, ...("role" in about ? [] : [aliasOf(about.workload)])];
  return (text) => own.test(text) || names.some((name) => text.includes(name));
}

function wordsOf({ address, change: { actions, before, after } }: Change): string {
  const resource = `\`${address.slice(0, address.indexOf("."))}\``;
  if (actions.includes("delete") && actions.includes("create")) return `${resource} replaced`;
  if (after === null) return `${resource} gone`;
  if (before === null) return `${resource} created`;
  const names = Object.keys(after).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  // What only an apply will know is in none of both.
  if (names.length === 0) return `${resource} changed`;
  return `${resource} ${names.filter((name) => name !== "tags_all").join(", ")}`;
}

function told(changes: readonly Change[] | undefined, is: (text: string) => boolean): string {
  const words = (changes ?? [])
    .filter(({ mode, address, change }) => mode === "managed" && is(address) && !change.actions.includes("no-op"))
    .map(wordsOf);
  return words.length === 0 ? "nothing" : [...new Set(words)].sort().join("; ");
}

async function record(live: LiveOrganization): Promise<string[]> {
  const config = writeConfig(live.folder);
  await live.load(config);
  const arns = [`${OWNER_ID}:role/batch`, `${USER_ID}:role/bystander`, `${STRANGER_ID}:role/stranger`];
  await live.emulator.createRoles(arns.map((rest) => `arn:aws:iam::${rest}`));
  for (const stack of [OWNER, USER]) await live.apply([stack]);
  const [east, west, user] = await Promise.all([
    live.emulator.clientsFor({ accountId: OWNER_ID ?? "", region: "us-east-1" }),
    live.emulator.clientsFor({ accountId: OWNER_ID ?? "", region: "us-west-2" }),
    live.emulator.clientsFor({ accountId: USER_ID ?? "", region: "us-east-1" }),
  ]);
  const ids = { ownerId: OWNER_ID ?? "", userId: USER_ID ?? "", strangerId: STRANGER_ID ?? "" };
  const at = { east: east.kms, west: west.kms, iam: user.iam, ...ids };
  const made = new Map<HandMadeChange, readonly string[]>();
  for (const change of handMadeChanges) {
    const { about } = change;
    made.set(change, await change.make(at, "role" in about ? about.role : about.workload));
  }
  const { findings } = await drift(live, config);
  const stacks = [OWNER, USER];
  const [refreshes, plans] = await Promise.all([
    Promise.all(stacks.map((stack) => plan(live, stack, "refresh.tfplan", "-refresh-only"))),
    Promise.all(stacks.map((stack) => plan(live, stack, "plan.tfplan"))),
  ]);
  for (const { errors } of plans) for (const error of errors) process.stderr.write(`terraform plan: ${error}\n`);
  const refreshed = refreshes.flatMap(({ resource_drift: changes = [] }) => changes);
  const planned = plans.flatMap(({ resource_changes: changes = [] }) => changes);
  const seen = JSON.stringify({ findings, refreshes, plans, made: [...made.values()] });
  writeFileSync(join(root, "runs/terraform-word.json"), seen);
  const rows = handMadeChanges.map((change) => {
    const is = isAbout(change, made.get(change) ?? []);
    const found = findings.filter(({ where, why, place }) => is(place.address ?? "") || is(where) || is(why));
    const kinds = found.map(({ id, severity }) => `\`${id}\` (${severity})`);
    return [
      change.name,
      kinds.length === 0 ? "nothing" : [...new Set(kinds)].sort().join(", "),
      told(refreshed, is),
      told(planned, is),
    ];
  });
  const head = ["by hand", "`orgkeys drift`", "`terraform plan -refresh-only`", "`terraform plan`"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const live = await startOrganization("terraform-word");
  try {
    const table = (await record(live)).join("\n");
    process.stdout.write(`${table}\n`);
    if (!values.write) return;
    const text = readFileSync(DOCUMENT, "utf8");
    const [before, after] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
    writeFileSync(DOCUMENT, `${before}${BEGIN}\n${table}\n${after}`);
  } finally {
    await live.stop();
  }
}

void main();
