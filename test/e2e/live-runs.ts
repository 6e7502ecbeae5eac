import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeKeyCommand, ListAliasesCommand, ListKeysCommand, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import type { RunReport, StackReport } from "../../modules/terraform/run/run-report";
import type { LoadedPlan } from "../../stacks/load-plan";
import type { Environment } from "./emulator";
import { type ApiCall, type FaultyProxy, startFaultyProxy } from "./faulty-proxy";
import type { Edit } from "./living-map";
import { type LiveOrganization, startOrganization } from "./organization";
import { makeOrganizations } from "./organization-in-aws";
import { type OrgkeysEnd, type OrgkeysProcess, startOrgkeys } from "./orgkeys-process";

/** A small organization on an emulator, with `orgkeys plan` and `orgkeys apply` on it, and a proxy in between that lets calls fail. */
export interface LiveRuns {
  readonly live: LiveOrganization;
  readonly proxy: FaultyProxy;
  readonly config: string;
  /** Where runs keep their plans, logs and reports. */
  readonly runs: string;
  /** Through the proxy. Its secrets are `SECRETS`. */
  readonly environment: Environment;
  /** Edits the map, synthesizes it and makes the principals that it names. */
  edit(...edits: Edit[]): Promise<LoadedPlan>;
  /** Starts a command of runs: the map, the output and the folder of runs go before its words. */
  start(words: readonly string[], options?: StartOptions): OrgkeysProcess;
  /** The same to its end. */
  orgkeys(...words: string[]): Promise<OrgkeysEnd>;
  /** Of the run that began last. */
  report(): RunReport;
  /** Ids of the runs so far, oldest first. */
  ids(): string[];
  keysIn(accountId: string): Promise<KeyInAccount[]>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** @default `LiveRuns.environment` */
  readonly environment?: Environment;
  /** See `startOrgkeys`. */
  readonly shell?: string;
}

export interface KeyInAccount {
  readonly keyId: string;
  readonly region: string;
  readonly state: string;
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** In the environment of every command; none of them may be printed or written. */
export const SECRETS = {
  AWS_SECRET_ACCESS_KEY: "e2e-secret-access-key-9d1c",
  AWS_SESSION_TOKEN: "e2e-session-token-77ab",
  TF_VAR_marker: "e2e-variable-value-51fe",
} as const;

export interface RunsOptions {
  /** Whether accounts are members of their organization, so that StackSets reach them, which bring their roles. @default false */
  readonly stackSets?: boolean;
}

/** @param name of the emulator's log */
export async function startRuns(
  name: string,
  fixture: string,
  { stackSets = false }: RunsOptions = {},
): Promise<LiveRuns> {
  const live = await startOrganization(name, { rolesAreThere: !stackSets });
  const proxy = await startFaultyProxy(live.emulator.endpoint);
  const [config, runs] = [join(live.folder, "config"), join(live.folder, "runs")];
  await makeOrganizations(live.emulator, fixture, config, { accounts: stackSets });
  const environment = { ...live.environment, ...SECRETS, AWS_ENDPOINT_URL: proxy.endpoint };
  const start = ([command = "", ...words]: readonly string[], options: StartOptions = {}): OrgkeysProcess =>
    startOrgkeys(
      [command, "--config", config, "--out", live.out, "--runs", runs, ...words],
      options.environment ?? environment,
      options.shell,
    );
  const ids = (): string[] =>
    existsSync(runs)
      ? readdirSync(runs)
          .filter((id) => existsSync(join(runs, id, "report.json")))
          .sort()
      : [];
  return {
    live,
    proxy,
    config,
    runs,
    environment,
    start,
    ids,
    edit: async (...edits) => {
      for (const edit of edits) edit(config);
      return await live.load(config);
    },
    orgkeys: (...words) => start(words).ended,
    report: () => JSON.parse(readFileSync(join(runs, ids().at(-1) ?? "", "report.json"), "utf8")),
    keysIn: async (accountId) => {
      const found = await Promise.all(["us-east-1", "us-west-2"].map((region) => keysOf(live, accountId, region)));
      return found.flat();
    },
    stop: async () => {
      await proxy.stop();
      await live.stop();
    },
  };
}

async function keysOf({ emulator }: LiveOrganization, accountId: string, region: string): Promise<KeyInAccount[]> {
  const { kms } = await emulator.clientsFor({ accountId, region });
  const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }));
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ Limit: 1000 }));
  return Promise.all(
    Keys.map(async ({ KeyId = "" }) => {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
      return {
        keyId: KeyId,
        region,
        state: KeyMetadata?.KeyState ?? "",
        aliases: Aliases.filter(({ TargetKeyId }) => TargetKeyId === KeyId).map(({ AliasName = "" }) => AliasName),
        tags: Object.fromEntries(Tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue])),
      };
    }),
  );
}

/** By name and Region, what is not there exactly once with an alias. */
export async function keysNotOnce(runs: LiveRuns, accountId: string): Promise<string[]> {
  const found = await runs.keysIn(accountId);
  const names = found.map(({ tags, region }) => `${tags.Name ?? JSON.stringify(tags)} ${region}`);
  return names.filter((name, index) => names.indexOf(name) !== index || found[index]?.aliases.length !== 1);
}

/** Waits for its end. @throws Error with all that it printed, when it ends with another code */
export async function ended(code: number, process: OrgkeysProcess): Promise<OrgkeysEnd & { readonly printed: string }> {
  const end = await process.ended;
  const printed = end.stdout + end.stderr;
  if (end.code !== code) throw new Error(`ended with ${end.code}, not ${code}\n${printed}`);
  return { ...end, printed };
}

/** By stack, without the organization's name: `{"workloads.prod.shop-prod": "applied"}`. */
export function statuses({ stacks }: RunReport): Record<string, StackReport["status"]> {
  return Object.fromEntries(stacks.map(({ stack, status }) => [stack.slice(stack.indexOf(".") + 1), status]));
}

/** What changes something in AWS; everything else reads. */
export function isChange({ service, action }: Pick<ApiCall, "service" | "action">): boolean {
  return service !== "sts" && !/^(Describe|Get|List|Lookup)/.test(action);
}

export interface ProcessBelow {
  readonly pid: number;
  readonly command: string;
}

/** Every process below that one, whoever started it. */
export function processesBelow(root: number): ProcessBelow[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const found: ProcessBelow[] = [];
  for (let parents = new Set([root]); parents.size > 0; ) {
    const below = all.filter(({ parent }) => parents.has(parent));
    found.push(...below);
    parents = new Set(below.map(({ pid }) => pid));
  }
  return found;
}

/** Resolves when it holds. @throws Error when it does not in time */
export async function eventually(what: string, holds: () => boolean, timeoutMs = 300_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    if (holds()) return;
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
}
