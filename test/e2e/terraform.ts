import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./emulator";
import { findProviderMirror } from "./provider-mirror";

export interface TerraformRun {
  /** What Terraform exited with; -1 when it ran out of time. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The parts of `terraform show -json` that tests look at. */
export interface TerraformPlan {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly change: {
    /** `["no-op"]`, `["create"]`, `["update"]`, `["delete"]`, `["forget"]`, or for a replacement `["delete", "create"]`. */
    readonly actions: readonly string[];
    readonly importing?: { readonly id: string };
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
  };
}

/** A Terraform command that did not end as it should; the message holds all that it printed. */
export class TerraformError extends Error {
  constructor(
    readonly directory: string,
    readonly args: readonly string[],
    readonly run: TerraformRun,
  ) {
    super(`terraform ${args.join(" ")} in ${directory} ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
  }
}

const TIMEOUT_MS = 600_000;
const KILL_AFTER_MS = 15_000;

/** Out of the way of any stack, and ignored by git. */
const PLUGIN_CACHE = join(__dirname, "../../runs/e2e/plugin-cache");

/**
 * How many Terraform runs to have at once on 2 cores. An apply mostly waits (10 s for each wave of new keys), and gains
 * from more; a plan is busy, and gains from no more than the cores. Each provider alias is a process that takes some
 * 600 MB and 2 s of CPU to start.
 */
export const TERRAFORM_AT_ONCE = 4;

/**
 * Writes a Terraform CLI configuration into `folder` that takes the AWS provider from the mirror on this machine, or
 * where there is none downloads it once into a cache under `runs/`, which the next run then finds as its mirror.
 *
 * @returns The variables to add to a run's environment.
 */
export function terraformVariables(folder: string): Environment {
  const mirror = findProviderMirror();
  const file = join(folder, "terraform.rc");
  const aws = JSON.stringify("registry.terraform.io/hashicorp/aws");
  const lines = ["disable_checkpoint = true"];
  if (mirror) {
    lines.push(
      "provider_installation {",
      `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror.root)}\n    include = [${aws}]\n  }`,
      `  direct {\n    exclude = [${aws}]\n  }`,
      "}",
    );
  }
  const variables = { TF_CLI_CONFIG_FILE: file, TF_IN_AUTOMATION: "1", TF_INPUT: "0", CHECKPOINT_DISABLE: "1" };
  writeFileSync(file, `${lines.join("\n")}\n`);
  if (mirror?.unpacked) return variables;
  mkdirSync(PLUGIN_CACHE, { recursive: true });
  // Stacks come without a lock file, and Terraform uses the cache for a provider that is not in one only when told to.
  return { ...variables, TF_PLUGIN_CACHE_DIR: PLUGIN_CACHE, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1" };
}

/**
 * Runs Terraform in a stack's folder, whatever it exits with.
 *
 * @param environment The whole environment: an emulator's, with `terraformVariables`.
 * @throws Error when there is no `terraform` on the PATH.
 */
export function terraform(directory: string, args: readonly string[], environment: Environment): Promise<TerraformRun> {
  return new Promise((resolve, reject) => {
    const child = spawn("terraform", args, { cwd: directory, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // An interrupt lets Terraform end its providers and write the state; the second one would not.
    let kill: NodeJS.Timeout | undefined;
    const interrupt = setTimeout(() => {
      child.kill("SIGINT");
      kill = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
    }, TIMEOUT_MS);
    const timedOut = () => kill !== undefined;
    child.once("error", (error) => {
      clearTimeout(interrupt);
      reject(error);
    });
    child.once("close", (code) => {
      clearTimeout(interrupt);
      clearTimeout(kill);
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString("utf8");
      resolve({ code: timedOut() ? -1 : (code ?? -1), stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

/** The first `init` into each plugin cache, which fills it: the cache is not made for two at once. */
const cacheFills = new Map<string, Promise<TerraformRun>>();

/**
 * `terraform init`. Free of downloads, and of copies of the provider, after the first one with the same variables.
 *
 * @param backendConfig What the stack's backend block leaves open.
 * @throws TerraformError
 */
export async function init(
  directory: string,
  environment: Environment,
  backendConfig: Readonly<Record<string, string>> = {},
): Promise<void> {
  const backend = Object.entries(backendConfig).map(([name, value]) => `-backend-config=${name}=${value}`);
  const args = ["init", "-no-color", "-input=false", ...backend];
  const cache = environment.TF_PLUGIN_CACHE_DIR;
  const filling = cache === undefined ? undefined : cacheFills.get(cache);
  // No `await` may come between looking for a first run and being it.
  const run = filling
    ? filling.then(() => terraform(directory, args, environment))
    : terraform(directory, args, environment);
  if (cache !== undefined && !filling) cacheFills.set(cache, run);
  succeeded(directory, args, await run);
}

/**
 * `terraform apply`, without asking.
 *
 * @returns What it printed.
 * @throws TerraformError
 */
export async function apply(directory: string, environment: Environment): Promise<string> {
  const args = ["apply", "-no-color", "-input=false", "-auto-approve"];
  return succeeded(directory, args, await terraform(directory, args, environment)).stdout;
}

/**
 * `terraform validate`, in a folder of which nothing needs to exist yet: no backend, no account.
 *
 * @throws TerraformError
 */
export async function validate(directory: string, environment: Environment): Promise<void> {
  for (const args of [
    ["init", "-no-color", "-input=false", "-backend=false"],
    ["validate", "-no-color"],
  ]) {
    succeeded(directory, args, await terraform(directory, args, environment));
  }
}

const PLAN = ["plan", "-no-color", "-input=false", "-detailed-exitcode"];

/**
 * @returns 0 when there is nothing to change, 2 when there is.
 * @throws TerraformError when planning fails.
 */
export async function planExitCode(directory: string, environment: Environment): Promise<0 | 2> {
  const run = await terraform(directory, PLAN, environment);
  if (run.code === 0 || run.code === 2) return run.code;
  throw new TerraformError(directory, PLAN, run);
}

/**
 * Fails with the plan's text when there is anything to change.
 *
 * @throws TerraformError
 */
export async function expectNoChanges(directory: string, environment: Environment): Promise<void> {
  succeeded(directory, PLAN, await terraform(directory, PLAN, environment));
}

/**
 * Plans and reads the plan.
 *
 * @throws TerraformError
 */
export async function showPlanJson(directory: string, environment: Environment): Promise<TerraformPlan> {
  const file = "e2e.tfplan";
  const plan = ["plan", "-no-color", "-input=false", `-out=${file}`];
  const show = ["show", "-json", file];
  try {
    succeeded(directory, plan, await terraform(directory, plan, environment));
    return JSON.parse(succeeded(directory, show, await terraform(directory, show, environment)).stdout);
  } finally {
    rmSync(join(directory, file), { force: true });
  }
}

/**
 * @param file of a saved plan of the directory
 * @throws TerraformError
 */
export async function showSavedPlan(directory: string, file: string, environment: Environment): Promise<TerraformPlan> {
  const show = ["show", "-json", file];
  return JSON.parse(succeeded(directory, show, await terraform(directory, show, environment)).stdout);
}

function succeeded(directory: string, args: readonly string[], run: TerraformRun): TerraformRun {
  if (run.code !== 0) throw new TerraformError(directory, args, run);
  return run;
}
