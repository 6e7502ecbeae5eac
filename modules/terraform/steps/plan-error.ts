/** A saved plan that is not what it should be. */
export class PlanError extends Error {
  constructor(
    readonly code: "no-plan" | "plan-changed" | "plan-unreadable",
    message: string,
  ) {
    super(message);
  }
}
