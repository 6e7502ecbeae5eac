import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOADED_FILE, namesIn, STACK_FILE } from "../graph/read-output";

/** What Terraform reads of a stack. */
export interface StackFiles {
  /** The bytes of `cdk.tf.json`; undefined when there are none. */
  readonly json: Buffer | undefined;
  /** Everything else that Terraform loads from the folder, by name: nothing of it comes from a synthesis. */
  readonly others: ReadonlyMap<string, Buffer>;
}

/** The stacks of one side of a comparison. */
export interface ComparedOutput {
  readonly stacks: readonly string[];
  filesOf(stack: string): StackFiles;
}

/** Source: https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files */
const VALUES_FILE = /(?:^terraform|\.auto)\.tfvars(?:\.json)?$/;
/** Written by `terraform init`, and kept under version control or not. */
export const LOCK_FILE = ".terraform.lock.hcl";

/**
 * An output folder, each file read when it is asked for: two of 1,000 accounts do not fit into memory at once.
 *
 * @param stacks as the folder's manifest has them
 */
export function comparedFolder(out: string, stacks: readonly string[]): ComparedOutput {
  return {
    stacks,
    filesOf: (stack) => {
      const folder = join(out, "stacks", stack);
      const names = existsSync(folder) ? namesIn(folder) : [];
      const read = (name: string): Buffer => readFileSync(join(folder, name));
      return {
        json: names.includes(STACK_FILE) ? read(STACK_FILE) : undefined,
        others: new Map(
          names.filter((name) => name !== STACK_FILE && isLoaded(name)).map((name) => [name, read(name)]),
        ),
      };
    },
  };
}

/** Configuration, overrides, values of variables, and the provider versions that were chosen. */
function isLoaded(name: string): boolean {
  return LOADED_FILE.test(name) || VALUES_FILE.test(name) || name === LOCK_FILE;
}
