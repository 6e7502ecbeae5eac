/** Terraform's `-detailed-exitcode`, for every command. */
export const exitCode = {
  clean: 0,
  error: 1,
  /** There is something: changes, findings, drift. */
  something: 2,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
