import type { Command } from "commander";
import type { Finish } from "./commands";
import type { ExitCode } from "./exit-code";
import { configOption, outOption } from "./options";
import type { Terminal } from "./terminal";

export interface RecoverFlags {
  readonly config: string;
  readonly out: string;
  readonly region?: string;
  readonly role?: string;
  readonly execute?: boolean;
  readonly yes?: boolean;
}

export function addRecover(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("recover")
    .summary("look at one key in AWS and walk through what brings it back")
    .description(
      [
        "KEY is an alias (alias/payments-prod or payments-prod), a key's id, an ARN of either, or a Terraform address (aws_kms_key.payments_prod_us-east-1). The key and its replicas are read in AWS and held against the reviewed JSON: state, days left, policy, material, key store, aliases. Each step comes with its commands.",
        "It reads alone. With --execute it does each step for which there is one call of AWS, after a yes at the terminal for each; with --yes it asks for none. It never disables, deletes or takes away anything.",
        "Credentials are found as every AWS SDK finds them, of the key's own account; --role assumes one there.",
        "Exit 0: there is nothing to do. Exit 2: there is. Exit 1: an error.",
      ].join("\n\n"),
    )
    .argument("<key>", "an alias, an id, an ARN or an address")
    .option("--region <region>", "only this Region; needed for an id, and for an alias that no stack has")
    .option("--role <arn>", "assume this role of the key's account, such as the break-glass role")
    .option("--execute", "do the steps, each after a yes")
    .option("--yes", "with --execute: do not ask")
    .addOption(configOption())
    .addOption(outOption())
    .action((key: string, flags: RecoverFlags) => finish(recover(key, flags, terminal)));
}

/** The AWS SDK is loaded for this command alone: the others should not wait for it. */
function recover(key: string, flags: RecoverFlags, terminal: Terminal): Promise<ExitCode> {
  const { recoverKey }: typeof import("./recover-at-aws") = require("./recover-at-aws");
  return recoverKey(key, flags, terminal);
}
