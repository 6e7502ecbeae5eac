import { nameOrder } from "../../aws/name-order";
import type { TerraformTool, ToolProblem } from "./step";

/** A stack's `terraform.required_version`. */
export interface WantedVersion {
  readonly stack: string;
  /** `>= 1.10.0`, several with commas; undefined when the stack takes every version. */
  readonly requiredVersion: string | undefined;
}

type Version = readonly [number, number, number];

const holds: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
};

/**
 * Holds the tool against what the stacks want, so that it is told once instead of by each stack's `init`. Terraform reads the
 * constraint too: this need not know all of its syntax, and refuses what it does not know (`~>`, which npm's `semver` reads in
 * another way than Terraform).
 *
 * Source: https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 *
 * @returns One problem for each constraint that is not met or not understood, in name order; empty when all are met.
 */
export function checkVersion(tool: TerraformTool, wanted: readonly WantedVersion[]): ToolProblem[] {
  const stacksOf = new Map<string, string[]>();
  for (const { stack, requiredVersion } of wanted) {
    if (requiredVersion === undefined) continue;
    stacksOf.set(requiredVersion, [...(stacksOf.get(requiredVersion) ?? []), stack]);
  }
  return [...stacksOf]
    .sort(([a], [b]) => nameOrder(a, b))
    .flatMap(([constraint, stacks]) => problemOf(tool, constraint, stacks) ?? []);
}

function problemOf(tool: TerraformTool, constraint: string, stacks: readonly string[]): ToolProblem | undefined {
  const meets = isMet(tool.version, constraint);
  if (meets === true) return undefined;
  const who = `${stacks[0]}${stacks.length > 1 ? ` and ${stacks.length - 1} more` : ""}`;
  if (meets === false) {
    return {
      cause: "version",
      message: `${tool.program} is ${tool.name} ${tool.version}, and ${who} wants ${constraint}`,
      whatToDo: "install a version that fits, or name another program with --terraform",
    };
  }
  return {
    cause: "version",
    message: `${who}: required_version ${JSON.stringify(constraint)} and ${tool.name} ${tool.version} cannot be compared`,
    whatToDo:
      "write it with =, !=, >, >=, < or <= and whole versions as in 1.10.0, several with commas, and use a released version of the tool",
  };
}

/** @returns undefined when either is not understood. */
function isMet(version: string, constraint: string): boolean | undefined {
  const own = versionOf(version);
  if (!own) return undefined;
  const results = constraint.split(",").map((part) => {
    const { operator = "=", text = "" } = /^\s*(?<operator>[=!<>]=?)?\s*(?<text>\S+)\s*$/.exec(part)?.groups ?? {};
    const other = versionOf(text);
    return other && holds[operator]?.(order(own, other));
  });
  return results.includes(undefined) ? undefined : results.every(Boolean);
}

/** Without pre-releases: which constraints those meet is a matter of its own. */
function versionOf(text: string): Version | undefined {
  const [, major, minor, patch] = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(text) ?? [];
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function order(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
