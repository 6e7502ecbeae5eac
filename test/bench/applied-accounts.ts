import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { LoadedPlan } from "../../stacks/load-plan";

const STACKS = 20;
const root = join(__dirname, "../..");

/**
 * The sample with three accounts more: its stacks of accounts are 17.
 *
 * @returns the folder of the configuration, which is in the given one
 */
export function writeAppliedAccounts(folder: string): string {
  const config = join(folder, "config");
  cpSync(join(root, "config"), config, { recursive: true });
  const names = ["bench-1", "bench-2", "bench-3"];
  const file = join(config, "organizations/commercial.yaml");
  const line = '          shop-test: "220000000001"\n';
  const more = names.map((name, index) => `          ${name}: "22900000000${index}"\n`).join("");
  writeFileSync(file, readFileSync(file, "utf8").replace(line, line + more));
  const environments = (account: string) => ({ test: { account, replicas: ["us-west-2"] } });
  const workloads = names.map((name) => [
    name,
    { owner: "bench", dataClass: "heavy", perService: ["s3"], environments: environments(name) },
  ]);
  writeFileSync(join(config, "workloads/bench.yaml"), stringify(Object.fromEntries(workloads)));
  return config;
}

/** Names of the stacks of its 20 accounts. */
export function appliedStacks({ accounts }: LoadedPlan): string[] {
  const names = accounts.map(({ stack }) => stack);
  if (names.length !== STACKS) throw new Error(`the sample has ${names.length} stacks of accounts, not ${STACKS}`);
  return names;
}
