import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DriftDocument } from "../../modules/report/drift-document";
import type { LoadedPlan } from "../../stacks/load-plan";
import { readOrganization } from "./applied-organization";
import type { DriftChange, DriftingAccount, ExpectedDrift } from "./drift-changes";
import type { Environment } from "./emulator";
import { inParallel } from "./in-parallel";
import { ended, type LiveRuns } from "./live-runs";

type Finding = DriftDocument["findings"][0];

/** An applied organization that people change by hand, and that they put right by what `orgkeys drift` prints. */
export interface Drifting {
  make(change: DriftChange): Promise<void>;
  /**
   * What a run over everything tells.
   *
   * @throws Error when its exit code is another one than its findings ask for
   */
  drift(): Promise<Finding[]>;
  /** Pastes the commands of findings as they are healed, and then has one apply of all stacks that they name. */
  heal(healedBy: ReadonlyMap<Finding, DriftChange["healedBy"]>): Promise<void>;
}

const APPLY = /^(?:# )?npm run -s orgkeys -- apply (\S+)/;
export function startDrifting({ live, orgkeys, config, ...runs }: LiveRuns, loaded: LoadedPlan): Drifting {
  const { emulator } = live;
  const folder = join(live.folder, "pasted");
  mkdirSync(folder, { recursive: true });
  const environments = new Map<string, Promise<Environment>>();
  const environmentOf = (account: string): Promise<Environment> => {
    const accountId = loaded.map.accounts.find(({ name }) => name === account)?.id ?? "";
    const environment =
      environments.get(account) ?? emulator.environmentAs({ accountId, region: "us-east-1", role: "KeyBreakGlass" });
    environments.set(account, environment);
    return environment;
  };
  const paste = async (account: string, lines: readonly string[]): Promise<void> => {
    if (lines.length === 0) return;
    // Organizations and IAM are in no Region, and yet the AWS CLI wants one.
    await bash(lines.join("\n"), folder, { ...(await environmentOf(account)), AWS_DEFAULT_REGION: "us-east-1" });
  };
  return {
    make: async ({ account, commands, days }) => {
      await paste(account, commands(await readOrganization(emulator, loaded)));
      if (days === "pass") await emulator.endWaitingPeriods();
    },
    drift: async () => {
      const { code, stdout, stderr } = await orgkeys("drift", "--format", "json");
      if (code !== 0 && code !== 2) throw new Error(`ended with ${code}\n${stderr}${stdout}`);
      const { findings }: DriftDocument = JSON.parse(stdout);
      if (code !== (findings.length > 0 ? 2 : 0)) throw new Error(`ended with ${code}\n${stdout}`);
      return findings;
    },
    heal: async (healedBy) => {
      const byAccount = new Map<string, string[]>();
      const stacks = new Set<string>();
      for (const [{ commands, place }, by] of healedBy) {
        const lines = byAccount.get(place.account) ?? [];
        byAccount.set(place.account, lines);
        // CloudTrail is not in the emulator.
        const own = commands.filter((line) => !APPLY.test(line) && !line.includes("cloudtrail"));
        lines.push(...own.map((line) => (by === "ending" ? line.replace(/^# (?=aws |\[ )/, "") : line)));
        for (const line of by === "apply" || by === "ending" ? commands : []) stacks.add(APPLY.exec(line)?.[1] ?? "");
      }
      stacks.delete("");
      await inParallel([...byAccount], 2, ([account, lines]) => paste(account, lines));
      await emulator.endWaitingPeriods();
      if (stacks.size > 0) await ended(0, runs.start(["apply", ...stacks, "--auto-approve"]));
    },
  };
}

/** Whether a finding is the expected one, in everything that can be told before. */
export function isExpected(finding: Finding, account: DriftingAccount, expected: ExpectedDrift): boolean {
  const { id, severity, place, why, whatToDo, commands } = finding;
  return (
    id === expected.id &&
    severity === expected.severity &&
    place.account === account &&
    place.region === (expected.region ?? null) &&
    (expected.address === undefined
      ? place.resource.includes(expected.resource ?? "")
      : place.address === expected.address) &&
    why.includes(expected.says) &&
    [whatToDo, ...commands].join("\n").includes(expected.next)
  );
}

/** On a line, for whoever reads why a test fails. */
export function findingLine({ id, severity, place, why, commands }: Finding): string {
  const { account, region, address, resource } = place;
  const next = commands.map((command) => command.slice(0, 100)).join(" / ");
  return `${severity} ${id} ${account} ${region} ${address ?? resource}: ${why} -> ${next}`;
}

function bash(script: string, cwd: string, env: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-e", "-o", "pipefail", "-c", script], { cwd, env });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (printed += chunk));
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${script}\nended with ${code}\n${printed}`)),
    );
  });
}
