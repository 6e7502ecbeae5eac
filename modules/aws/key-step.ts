/**
 * Where a key is in its life. in-use and disabled keys are in the stack; of the others Terraform lets go without touching them,
 * and AWS, or somebody else, does the rest.
 */
export const keySteps = ["in-use", "disabled", "scheduled", "gone", "handed-over"] as const;
export type KeyStep = (typeof keySteps)[number];

/** The day on which each step was taken that was, as people record it. */
export type StepDays = ReadonlyMap<KeyStep, string>;

/** Of keys and replicas at these steps Terraform lets go. */
export function isLetGo(step: KeyStep): boolean {
  return step !== "in-use" && step !== "disabled";
}
