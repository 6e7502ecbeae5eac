import { execFileSync } from "node:child_process";
import { devNull } from "node:os";
import { findProviderMirror, MIRROR_VARIABLE } from "./provider-mirror";

/** The S3 backend's `use_lockfile` came with this one. */
const OLDEST_TERRAFORM = "1.10";
const REGISTRY = "https://registry.terraform.io/.well-known/terraform.json";
const REGISTRY_TIMEOUT_MS = 10_000;
const CHROMIUM_VARIABLE = "ORGKEYS_E2E_CHROMIUM";
const CHROMIUM_COMMANDS = ["chromium", "google-chrome"];
const EXIT_MISSING = 3;

/**
 * What the e2e tests need and this machine lacks.
 *
 * @returns One phrase for each missing thing, with how to get it; empty when the tests can run.
 */
export async function missingRequirements(): Promise<string[]> {
  const terraform = missingTerraform();
  return [terraform, terraform ? undefined : await missingProvider(), missingMoto()].filter(
    (phrase) => phrase !== undefined,
  );
}

/** Chromium, for what people look at. Variable ORGKEYS_E2E_CHROMIUM names one that is not on the PATH. */
export function chromiumPath(): string | undefined {
  const named = process.env[CHROMIUM_VARIABLE];
  return (named ? [named] : CHROMIUM_COMMANDS)
    .map((command) => output("sh", ["-c", 'command -v "$0"', command])?.trim())
    .find((path) => path);
}

/** As `missingRequirements`, of the tests of the report's page alone: they need neither Terraform nor AWS. */
export function missingBrowser(): string[] {
  return chromiumPath() === undefined
    ? [`Chromium (${CHROMIUM_COMMANDS.join(" or ")} on the PATH, or its path in ${CHROMIUM_VARIABLE})`]
    : [];
}

function missingTerraform(): string | undefined {
  const wanted = `Terraform ${OLDEST_TERRAFORM} or newer on the PATH`;
  const answer = output("terraform", ["version", "-json"]);
  if (answer === undefined) return wanted;
  const { terraform_version: version = "" } = JSON.parse(answer) as { terraform_version?: string };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 1 || (major === 1 && minor >= 10) ? undefined : `${wanted} (there is ${version})`;
}

async function missingProvider(): Promise<string | undefined> {
  try {
    if (findProviderMirror()) return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const reachable = await fetch(REGISTRY, { signal: AbortSignal.timeout(REGISTRY_TIMEOUT_MS) }).then(
    (response) => response.ok,
    () => false,
  );
  return reachable ? undefined : `the AWS provider (no registry in reach; name a mirror in ${MIRROR_VARIABLE})`;
}

function missingMoto(): string | undefined {
  return output("python3", ["-c", "import moto.server"]) === undefined
    ? "moto's server (pip install 'moto[server]')"
    : undefined;
}

function output(command: string, args: readonly string[]): string | undefined {
  try {
    // A CLI configuration that does not exist makes Terraform print warnings into its JSON.
    const env = { ...process.env, TF_CLI_CONFIG_FILE: devNull, CHECKPOINT_DISABLE: "1" };
    return execFileSync(command, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

/**
 * As a command: exits with 0 when all is there, else with 3 and one line for the reader of a CI log. `browser` asks for what the
 * page's tests need, nothing for what all others need.
 */
async function main(): Promise<void> {
  const missing = process.argv[2] === "browser" ? missingBrowser() : await missingRequirements();
  if (missing.length === 0) return;
  process.stdout.write(`tests can't run here, missing: ${missing.join("; ")}\n`);
  process.exitCode = EXIT_MISSING;
}

if (require.main === module) void main();
