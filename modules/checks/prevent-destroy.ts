import { type Fields, isFields } from "../access/stack-reading";
import type { StackKey, StackKeyStore, SynthesizedStack } from "../access/synthesized-stack";
import { uniqueNames } from "../aws/name-order";
import { argumentPlace, asBoolean } from "./evidence/key-argument";
import type { Check, Violation } from "./frame/check";

/** What nobody's access and no key's life hangs on. */
const harmlessChanges = ["description", "tags", "tags_all"];

/** The day on which imported material expires comes with the material, past Terraform. */
const changedByImport = ["valid_to"];

/** AWS CloudHSM changes kmsuser's password, and a connected store takes no other credential. */
const secretsOfStores = ["key_store_password", "xks_proxy_authentication_credential"];

/**
 * A setting that Terraform ignores is one that the reviewed JSON claims and AWS need not have: somebody changes it by
 * hand, and no plan shows it.
 *
 * Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
 */
export const check: Check = {
  id: "prevent-destroy",
  kind: "hygiene",
  severity: "high",
  requirement:
    "Terraform refuses to destroy any key, replica or custom key store, and ignores no change to what protects it.",
  reason:
    "One deleted line, or one argument that forces a replacement, would schedule a key and its data for deletion.",
  fix: "set lifecycle.prevent_destroy to true",
  inStack: (stack) => [
    ...stack.keys.flatMap((key) => violationsOf(stack, key, "the key", key.imported ? changedByImport : [])),
    ...stack.keyStores.flatMap((store) => violationsOf(stack, store, "the store", secretsOfStores)),
  ],
};

function violationsOf(
  stack: SynthesizedStack,
  key: StackKey | StackKeyStore,
  what: string,
  mayIgnore: readonly string[],
): readonly Violation[] {
  const violation = (argument: string, why: string): Violation => ({
    stack,
    address: key.address,
    detail: [`lifecycle.${argument}`],
    why,
    place: argumentPlace(key, "lifecycle"),
  });
  const lifecycle = lifecycleOf(key);
  if (lifecycle === undefined) return [violation("prevent_destroy", "its lifecycle is not one plain block")];
  const destroyable = whyDestroyable(lifecycle);
  return [
    ...(destroyable === undefined ? [] : [violation("prevent_destroy", destroyable)]),
    ...ignoredChanges(lifecycle, new Set([...harmlessChanges, ...mayIgnore])).map((name) => ({
      ...violation(
        `ignore_changes ${name}`,
        `no plan would show that somebody changed ${name === "all" ? what : `its ${name}`} by hand`,
      ),
      fix: `take ${name} out of lifecycle.ignore_changes`,
    })),
  ];
}

function whyDestroyable(lifecycle: Fields): string | undefined {
  const prevents = asBoolean(lifecycle.prevent_destroy);
  if (prevents === true) return undefined;
  if (prevents === false) return "prevent_destroy is false";
  return Object.hasOwn(lifecycle, "prevent_destroy")
    ? "prevent_destroy is not a plain true"
    : "has no lifecycle.prevent_destroy";
}

/** The block, written as an object or as a list of one; without any it is empty. */
function lifecycleOf({ arguments: all }: StackKey | StackKeyStore): Fields | undefined {
  const { lifecycle } = all;
  if (!Object.hasOwn(all, "lifecycle") || lifecycle === null) return {};
  const [block, ...more] = Array.isArray(lifecycle) ? lifecycle : [lifecycle];
  return isFields(block) && more.length === 0 ? block : undefined;
}

/** The arguments behind `["policy", "tags[\"Team\"]"]`, without the harmless ones; what is not clear counts as all. */
function ignoredChanges(lifecycle: Fields, harmless: ReadonlySet<string>): readonly string[] {
  const ignored = lifecycle.ignore_changes;
  if (!Object.hasOwn(lifecycle, "ignore_changes") || ignored === null) return [];
  const entries: readonly unknown[] = Array.isArray(ignored) ? ignored : [undefined];
  const names = entries.map((entry) =>
    typeof entry === "string" ? (/^[a-z_]+(?=$|[.[])/.exec(entry)?.[0] ?? "all") : "all",
  );
  return uniqueNames(names.filter((name) => !harmless.has(name)));
}
