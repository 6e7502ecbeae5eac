import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountPlan } from "../../modules/keys/account-plan";
import { dutyRoles } from "../../stacks/duty-roles";
import type { LoadedPlan } from "../../stacks/load-plan";
import { type PlainModule, plainModule } from "../../stacks/plain-module";
import { writeStacks, writtenStacks } from "../../stacks/synthesize";

export interface AccountModule {
  readonly plan: AccountPlan;
  /** The text of the stack that the module is made of. */
  readonly stack: string;
  readonly module: PlainModule;
}

/** The module of every account of a plan, by account name. */
export function accountModules({ accounts, stacks }: LoadedPlan): Map<string, AccountModule> {
  const folder = mkdtempSync(join(tmpdir(), "orgkeys-account-modules-"));
  try {
    writeStacks(stacks, folder);
    const texts = new Map([...writtenStacks(stacks, folder)].map(({ name, text }) => [name, text]));
    return new Map(
      accounts.map((plan) => {
        const stack = texts.get(plan.stack) ?? "";
        const module = plainModule(stack, dutyRoles(plan));
        if ("refused" in module) throw new Error(module.refused);
        return [plan.account.name, { plan, stack, module }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
