import { execFile } from "node:child_process";
import type { TerraformTool, ToolProblem, Variables } from "./step";

export type FoundTool = { readonly tool: TerraformTool } | { readonly problem: ToolProblem };

type Answer =
  | { readonly kind: "absent" | "unusable"; readonly why: string }
  | { readonly kind: "version"; readonly tool: TerraformTool };

const ANSWER_TIMEOUT_MS = 60_000;
const INSTALL =
  "install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install), or name the program with --terraform";

/**
 * Looks for Terraform and asks it for its version: the program that is named, or else `terraform`, or else `tofu` on the PATH.
 *
 * @param environment The whole environment of the process, in whose PATH it is looked for.
 * @param named A path, or a name on the PATH.
 */
export async function findTool(environment: Variables, named?: string): Promise<FoundTool> {
  const programs = named === undefined ? ["terraform", "tofu"] : [named];
  for (const program of programs) {
    const answer = await ask(program, environment);
    if (answer.kind === "version") return { tool: answer.tool };
    // A Terraform that is there and does not work is for people to mend: the other tool is not what they expect to run.
    if (answer.kind === "unusable") return { problem: unusable(program, answer.why) };
  }
  const message = named === undefined ? "neither terraform nor tofu is on the PATH" : `there is no program ${named}`;
  return { problem: { cause: "no-terraform", message, whatToDo: INSTALL } };
}

function unusable(program: string, why: string): ToolProblem {
  return {
    cause: "terraform-unusable",
    message: `${program} does not tell its version: ${why}`,
    whatToDo: `run \`${program} version\` and mend what it says, or name another program with --terraform`,
  };
}

function ask(program: string, environment: Variables): Promise<Answer> {
  const options = { env: environment, timeout: ANSWER_TIMEOUT_MS, encoding: "utf8" } as const;
  return new Promise((resolve) => {
    execFile(program, ["version", "-json"], options, (error, stdout, stderr) => {
      if (error) resolve(failed(error, stderr));
      else resolve(read(program, stdout));
    });
  });
}

function failed(error: Error & { code?: unknown; killed?: boolean }, stderr: string): Answer {
  if (error.code === "ENOENT") return { kind: "absent", why: "" };
  if (error.code === "EACCES") return { kind: "unusable", why: "it may not be executed" };
  if (error.killed) return { kind: "unusable", why: `no answer in ${ANSWER_TIMEOUT_MS / 1000} seconds` };
  return { kind: "unusable", why: firstLine(stderr) ?? firstLine(error.message) ?? "it failed" };
}

/** OpenTofu answers with `terraform_version` as well, and its name is in neither: it is in the text of `version`, and in the program's. */
function read(program: string, stdout: string): Answer {
  try {
    // A CLI configuration that has something wrong with it is told before the JSON.
    const answer: unknown = JSON.parse(stdout.slice(Math.max(0, stdout.search(/^\{/m))));
    const version = answer instanceof Object && "terraform_version" in answer ? answer.terraform_version : undefined;
    if (typeof version !== "string") return { kind: "unusable", why: "its JSON has no terraform_version" };
    return { kind: "version", tool: { name: nameOf(program), program, version } };
  } catch {
    return { kind: "unusable", why: "what it prints is not JSON" };
  }
}

function nameOf(program: string): TerraformTool["name"] {
  return /(^|[/\\])(open)?tofu[^/\\]*$/i.test(program) ? "tofu" : "terraform";
}

function firstLine(text: string): string | undefined {
  return text
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trim();
}
