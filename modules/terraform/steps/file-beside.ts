import { loadedBeside, STACK_FILE } from "../graph/read-output";
import type { StepContext } from "./step";

/** A file that Terraform would load, and that nobody has allowed. */
export class FileBesideError extends Error {}

/**
 * Terraform loads every configuration file of a folder: one that was put there after the zone proof would be planned with it, and
 * what it says of a provider or a backend counts for `init` and `import` too.
 *
 * @throws FileBesideError, or the disk's error
 */
export function assertNothingBeside({ directory, beside = [] }: Pick<StepContext, "directory" | "beside">): void {
  const others = loadedBeside(directory).filter((name) => !beside.includes(name));
  if (others.length === 0) return;
  throw new FileBesideError(
    `Terraform would also load ${others.join(", ")} beside ${STACK_FILE}, which came after the zone proof`,
  );
}
