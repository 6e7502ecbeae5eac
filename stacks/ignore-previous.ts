/**
 * ORGKEYS_IGNORE_PREVIOUS. Pipelines set a variable to nothing where they mean to leave it out, and nobody means by `0` or `no`
 * that keys may be lost.
 *
 * @returns undefined for what is neither yes nor no
 */
export function ignoresPrevious(value: string | undefined): boolean | undefined {
  if (value === undefined || ["", "0", "false", "no"].includes(value)) return false;
  return ["1", "true", "yes"].includes(value) ? true : undefined;
}
