import type { BootstrapStep } from "../rollouts/bootstrap/bootstrap-step";
import type { Bootstrap } from "../rollouts/bootstrap/bootstrap-steps";
import { oneLine } from "./one-line";

/** What to run, in order, organization by organization. */
export function bootstrapText(bootstraps: readonly Bootstrap[]): string[] {
  return bootstraps.flatMap((bootstrap, index) => [...(index === 0 ? [] : [""]), ...ofOrganization(bootstrap)]);
}

function ofOrganization({ organization, steps, newAccount, undo, missing }: Bootstrap): string[] {
  return [
    `organization ${organization}`,
    ...(steps.length === 0 ? ["", "  has no rollouts: there is nothing to begin with"] : numbered(steps)),
    ...(missing.length === 0 ? [] : ["", "what no rollout makes", ...missing.map((line) => `  ${oneLine(line)}`)]),
    ...section("when an account is new and not reached yet", newAccount),
    ...section("to undo it", undo),
  ];
}

function section(title: string, steps: readonly BootstrapStep[]): string[] {
  return steps.length === 0 ? [] : ["", title, ...numbered(steps)];
}

function numbered(steps: readonly BootstrapStep[]): string[] {
  return steps.flatMap(({ title, as, why, commands }, index) => [
    "",
    `${String(index + 1).padStart(2)}. ${oneLine(title)}`,
    `    as ${oneLine(as)}`,
    `    ${oneLine(why)}`,
    ...commands.map((command) => `      ${oneLine(command)}`),
  ]);
}
