import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** A folder of Terraform providers, in the layout of `filesystem_mirror`. */
export interface ProviderMirror {
  /** The folder that holds `registry.terraform.io`. */
  readonly root: string;
  /** Unpacked providers are linked into a stack's folder; packed ones (zip files) are copied there, 600 MB each. */
  readonly unpacked: boolean;
}

/** Names a mirror's root, and so spares the search. */
export const MIRROR_VARIABLE = "ORGKEYS_E2E_PLUGIN_DIR";

const PROVIDER = "registry.terraform.io/hashicorp/aws";
const SEARCH_TIMEOUT_MS = 300_000;

/**
 * Finds a mirror with an AWS provider for this platform that the stacks accept (5.100 up to, not with, 7.0): the one that
 * `ORGKEYS_E2E_PLUGIN_DIR` names, Terraform's plugin cache, Terraform's usual plugin folders, then anywhere on the root
 * file system.
 *
 * @returns undefined when there is none; `terraform init` then has to download the provider.
 * @throws Error when `ORGKEYS_E2E_PLUGIN_DIR` is set and holds no such provider.
 */
export function findProviderMirror(environment: NodeJS.ProcessEnv = process.env): ProviderMirror | undefined {
  const named = environment[MIRROR_VARIABLE];
  if (named) {
    const mirror = mirrorAt(resolve(named));
    if (!mirror) throw new Error(`${MIRROR_VARIABLE}: ${named} holds no AWS provider 5.100 to 6.x for ${platform()}`);
    return mirror;
  }
  const usual = [
    environment.TF_PLUGIN_CACHE_DIR ?? "",
    join(homedir(), ".terraform.d/plugins"),
    join(homedir(), ".terraform.d/plugin-cache"),
    join(homedir(), ".local/share/terraform/plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
  ];
  const known = firstMirror(usual.filter(Boolean));
  if (known !== undefined) return known;
  // Where software is put by hand first: the whole file system takes long on a busy machine.
  for (const folder of ["/opt", "/srv", "/usr", "/var", "/"]) {
    const found = firstMirror(search(folder));
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstMirror(roots: readonly string[]): ProviderMirror | undefined {
  for (const root of roots) {
    const mirror = mirrorAt(root);
    if (mirror) return mirror;
  }
  return undefined;
}

function mirrorAt(root: string): ProviderMirror | undefined {
  const folder = join(root, PROVIDER);
  if (!existsSync(folder)) return undefined;
  const entries = readdirSync(folder);
  if (entries.some((version) => accepted(version) && existsSync(join(folder, version, platform())))) {
    return { root, unpacked: true };
  }
  const packed = new RegExp(`^terraform-provider-aws_(.+)_${platform()}\\.zip$`);
  if (entries.some((file) => accepted(packed.exec(file)?.[1] ?? ""))) return { root, unpacked: false };
  return undefined;
}

function accepted(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+$/.exec(version) ?? [];
  return major === "6" || (major === "5" && Number(minor) >= 100);
}

function platform(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  return `${system}_${process.arch === "x64" ? "amd64" : process.arch}`;
}

/** `.terraform` folders are left out: those are links of stacks, gone when the stack's folder is. */
function search(folder: string): string[] {
  const skipped = ["(", "-name", ".terraform", "-o", "-name", "node_modules", ")", "-prune"];
  const wanted = ["-type", "d", "-path", `*/${PROVIDER}`, "-print", "-prune"];
  const found = (() => {
    try {
      const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
      return execFileSync("find", [folder, "-xdev", ...skipped, "-o", ...wanted], {
        encoding: "utf8",
        stdio,
        timeout: SEARCH_TIMEOUT_MS,
      });
    } catch (error) {
      // `find` ends with 1 when a folder can't be read, and what it printed up to then counts all the same.
      return error instanceof Error && "stdout" in error ? String(error.stdout) : "";
    }
  })();
  return found
    .split("\n")
    .filter(Boolean)
    .map((path) => path.slice(0, -PROVIDER.length - 1))
    .sort();
}
