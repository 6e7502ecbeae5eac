import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { parse, stringify } from "yaml";
import { isRunId } from "../../modules/terraform/run/run-id";
import { planFile } from "../../modules/terraform/steps/private-files";
import { type LoadedPlan, loadPlan } from "../../stacks/load-plan";
import { orgkeys } from "../cli/recorded-terminal";
import { inParallel } from "./in-parallel";
import { createPrincipals, type LiveOrganization, startOrganization } from "./organization";
import { startOrgkeys } from "./orgkeys-process";
import { showSavedPlan, TERRAFORM_AT_ONCE, type TerraformPlan } from "./terraform";

/** A change of the map, in the folder that it is in. */
export type Edit = (config: string) => void;

/** A key or replica as it is in AWS, whether or not anything knows of it. */
export interface KeyInAws {
  readonly region: string;
  readonly keyId: string;
  readonly state: string;
  readonly aliases: readonly string[];
  /** AWS's ids of them. */
  readonly grants: readonly string[];
  readonly policy: string;
}

/** An organization whose map is edited again and again, and whose output and AWS follow. */
export interface LivingMap {
  readonly live: LiveOrganization;
  readonly config: string;
  /**
   * Edits the map, synthesizes over the output that is there, and plans and applies the stacks that it changes, as a user does.
   *
   * @returns what the plans said, as in `update aws_kms_key.orders_prod_us-east-1`, in order
   * @throws Error when synthesis refuses, a plan destroys anything but an alias, or the plan after it has anything to do
   */
  step(...edits: Edit[]): Promise<string[]>;
  /**
   * Edits the map, has synthesis refuse it, and puts the map back.
   *
   * @returns what it printed
   * @throws Error when it does not refuse, or touches the output
   */
  refused(edits: readonly Edit[], ...options: string[]): string;
  /** What the map gives. */
  load(): LoadedPlan;
  keysIn(accountId: string): Promise<KeyInAws[]>;
  /** Types the `aws kms` commands of one kind that a finding prints for a key, as the break-glass role of its account. */
  type(
    command: string,
    place: { readonly finding: string; readonly entry: string; readonly accountId: string },
  ): Promise<void>;
  stop(): Promise<void>;
}

/** Replaces a text in a file of the map. */
export function replace(file: string, from: string, to: string): Edit {
  return (config) => {
    const path = join(config, file);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, text.replaceAll(from, to));
  };
}

/** Writes a whole file of the map; without a text, deletes it. */
export function write(file: string, text?: string): Edit {
  return (config) => {
    const path = join(config, file);
    if (text === undefined) return rmSync(path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
}

/** Writes an entry of `lifecycle.yaml`; without fields, deletes it. */
export function record(entry: string, fields?: Readonly<Record<string, unknown>>): Edit {
  return (config) => {
    const path = join(config, "lifecycle.yaml");
    const entries: Record<string, unknown> = existsSync(path) ? (parse(readFileSync(path, "utf8")) ?? {}) : {};
    const { [entry]: _, ...others } = entries;
    const common = { owner: "platform", reason: "The life of a key" };
    writeFileSync(path, stringify(fields === undefined ? others : { ...others, [entry]: { ...fields, ...common } }));
  };
}

export async function startLivingMap(fixture: string): Promise<LivingMap> {
  const live = await startOrganization("living");
  const config = join(live.folder, "config");
  cpSync(fixture, config, { recursive: true });
  const runs = join(live.folder, "runs");
  const applied = new Map<string, string>();

  const synth = (...options: string[]) => orgkeys("synth", "--config", config, "--out", live.out, ...options);
  const load = (): LoadedPlan => {
    const loaded = loadPlan(config);
    if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
    return loaded;
  };

  return {
    live,
    config,
    load,
    step: async (...edits) => {
      for (const edit of edits) edit(config);
      await createPrincipals(live.emulator, load());
      const { code, noted } = synth();
      if (code !== 0) throw new Error(noted);
      const stacks = [...accountStacks(live.out)].filter(([stack, text]) => applied.get(stack) !== text);
      if (stacks.length === 0) return [];
      const names = stacks.map(([stack]) => stack);
      const run = (command: string, ...words: string[]) =>
        startOrgkeys([command, "--config", config, "--out", live.out, "--runs", runs, ...words], live.environment)
          .ended;
      const planned = await run("plan", ...names);
      if (planned.code !== 0 && planned.code !== 2) throw new Error(planned.stdout + planned.stderr);
      const id = readdirSync(runs).filter(isRunId).sort().at(-1) ?? "";
      const plans = await inParallel(names, TERRAFORM_AT_ONCE, async (stack): Promise<TerraformPlan> => {
        const saved = planFile({ folder: join(runs, id, "stacks", stack) });
        return existsSync(saved) ? await showSavedPlan(live.stackFolder(stack), saved, live.environment) : {};
      });
      const done = await run("apply", "--resume", id, "--auto-approve");
      if (done.code !== 0) throw new Error(done.stdout + done.stderr);
      const again = await run("plan", ...names);
      if (again.code !== 0) throw new Error(again.stdout + again.stderr);
      for (const [stack, text] of stacks) applied.set(stack, text);
      const changes = plans
        .flatMap(({ resource_changes = [] }) => resource_changes)
        .flatMap(({ address, change: { actions, importing } }) => [
          ...(importing === undefined ? [] : [`import ${address}`]),
          ...(actions.join() === "no-op" ? [] : [`${actions.join("+")} ${address}`]),
        ])
        .sort();
      const destroyed = changes.filter((change) => /delete/.test(change) && !/^delete aws_kms_alias\./.test(change));
      if (destroyed.length > 0) throw new Error(destroyed.join("\n"));
      return changes;
    },
    refused: (edits, ...options) => {
      const [kept, before] = [`${config}.kept`, [...accountStacks(live.out)]];
      cpSync(config, kept, { recursive: true });
      try {
        for (const edit of edits) edit(config);
        const { code, noted } = synth(...options);
        if (code !== 1) throw new Error(`synth ended with ${code}`);
        if (JSON.stringify([...accountStacks(live.out)]) !== JSON.stringify(before)) throw new Error("synth wrote");
        return noted;
      } finally {
        rmSync(config, { recursive: true });
        cpSync(kept, config, { recursive: true });
        rmSync(kept, { recursive: true });
      }
    },
    keysIn: async (accountId) => {
      const keys = await inParallel(["us-east-1", "us-west-2"], 2, (region) => keysOf(live, accountId, region));
      return keys.flat();
    },
    type: async (command, { finding, entry, accountId }) => {
      const found = load().plan.findings.filter(
        ({ id, where }) => id === finding && where.startsWith(`lifecycle.yaml ${entry}`),
      );
      const lines = found.flatMap(({ whatToDo }) => whatToDo.split("\n"));
      const commands = lines.filter((line) => line.startsWith(`aws kms ${command} `));
      if (commands.length === 0) throw new Error(`no aws kms ${command} in ${JSON.stringify(found)}`);
      for (const line of commands) await typeOne(live, accountId, line);
    },
    stop: () => live.stop(),
  };
}

/** Guardrails are not what this is about. */
function* accountStacks(out: string): Generator<[stack: string, text: string]> {
  for (const stack of readdirSync(join(out, "stacks")).sort()) {
    if (stack.includes(".guardrails.")) continue;
    yield [stack, readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8")];
  }
}

async function keysOf({ emulator }: LiveOrganization, accountId: string, region: string): Promise<KeyInAws[]> {
  const { kms } = await emulator.clientsFor({ accountId, region });
  const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }));
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 1000 }));
  const keys = Keys.map(async ({ KeyId = "" }): Promise<KeyInAws> => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId }));
    const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
    return {
      region,
      keyId: KeyId,
      state: KeyMetadata?.KeyState ?? "",
      aliases: Aliases.filter((alias) => alias.TargetKeyId === KeyId)
        .map(({ AliasName = "" }) => AliasName)
        .sort(),
      grants: Grants.map(({ GrantId = "" }) => GrantId).sort(),
      policy: Policy,
    };
  });
  return (await Promise.all(keys)).sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

/** By the AWS CLI where there is one, exactly as it is printed; otherwise by its API, word by word. */
async function typeOne({ emulator, environment }: LiveOrganization, accountId: string, line: string): Promise<void> {
  const region = / --region (\S+)$/.exec(line)?.[1] ?? "";
  const { kms } = await emulator.clientsFor({ accountId, region, role: "KeyBreakGlass" });
  const { accessKeyId, secretAccessKey, sessionToken = "" } = await kms.config.credentials();
  const env = {
    ...environment,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  if (spawnSync("aws", ["--version"], { env }).status === 0) {
    const { status, stdout, stderr } = spawnSync("bash", ["-ec", line], { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${line}\nended with ${status}\n${stdout}\n${stderr}`);
    return;
  }
  const [, command = "", id, alias] =
    /^aws kms (\S+) --key-id (?:([\w-]+)|"\$\(aws kms describe-key --key-id (\S+) )/.exec(line) ?? [];
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id ?? alias }));
  const KeyId = KeyMetadata?.KeyId;
  const PendingWindowInDays = Number(/ --pending-window-in-days (\d+)/.exec(line)?.[1]);
  if (command === "disable-key") await kms.send(new DisableKeyCommand({ KeyId }));
  else if (command === "schedule-key-deletion")
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  else if (command === "cancel-key-deletion") await kms.send(new CancelKeyDeletionCommand({ KeyId }));
  else throw new Error(`cannot type ${line}`);
}
