/** How long Terraform itself waits for a state that somebody else has locked. */
export const LOCK_TIMEOUT = "-lock-timeout=30s";
