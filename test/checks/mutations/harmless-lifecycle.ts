import { type Harmless, harmlessChange, onPci, pci } from "./mutation";

/** Other ways to write what is taken over and let go, of an organization with both. */
export const otherLifecycle: readonly Harmless[] = [
  harmlessChange(
    "imports in another order",
    onPci((json) => {
      json.import.reverse();
    }),
  ),
  harmlessChange(
    "removed blocks in another order",
    onPci((json) => {
      json.removed.reverse();
    }),
  ),
  harmlessChange(
    "a lifecycle in a list",
    onPci((json) => {
      for (const block of json.removed) block.lifecycle = [block.lifecycle];
    }),
  ),
  harmlessChange(
    "notes in blocks",
    onPci((json) => {
      for (const block of [...json.import, ...json.removed]) block["//"] = "reviewed";
    }),
  ),
  harmlessChange(
    "no grant of a key that is taken over",
    onPci((json) => {
      const grant = `${pci.key}_payments-batch`;
      delete json.resource.aws_kms_grant[grant];
      json.import = json.import.filter(({ to }: { to: string }) => to !== `aws_kms_grant.${grant}`);
    }),
  ),
];
