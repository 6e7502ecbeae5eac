/**
 * How long a job that applies may be the pipeline's role: StackSets take hours, and credentials that end in the middle of an
 * apply are an apply that is cut. The role's own maximum has to be as long.
 */
export const APPLY_SECONDS = 14_400;
