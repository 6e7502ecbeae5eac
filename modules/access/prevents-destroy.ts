import { type Fields, isFields } from "./stack-reading";

/** Whether Terraform refuses to destroy a resource. A lifecycle that is no block is noted with its other arguments. */
export function preventsDestroy({ lifecycle }: Fields): boolean {
  const block: unknown = Array.isArray(lifecycle) ? lifecycle[0] : lifecycle;
  return isFields(block) && (block.prevent_destroy === true || block.prevent_destroy === "true");
}
