/** How long Terraform itself waits for a state that somebody else has locked. */
export const LOCK_TIMEOUT = "-lock-timeout=30s";

/** Of a plan that only reads: it may see a state in the middle of an apply, and stands in nobody's way. */
export const NO_LOCK = "-lock=false";
