import type { StackKeyStore, SynthesizedStack } from "../access/synthesized-stack";
import { uniqueNames } from "../aws/name-order";
import { argumentPlace, textArgument } from "./evidence/key-argument";
import type { Check, CheckedOutput, Violation } from "./frame/check";

/**
 * Who holds the HSM, or answers for the proxy, holds the material of every key in the store. Secrets are no part of this: they
 * come in variables, and `readable` sees to that.
 */
export const check: Check = {
  id: "key-stores-as-mapped",
  kind: "proof",
  severity: "critical",
  requirement:
    "Every custom key store is one that the map asks for, in front of the cluster or the key manager that the map names.",
  reason: "A store in front of somebody else's key manager hands every key in it to whoever runs that one.",
  fix: "synthesize again; what should be different belongs into the map",
  inStack: (stack, output) => [
    ...stack.keyStores.flatMap((store) => differences(stack, store, output)),
    ...missing(stack, output),
  ],
};

/** What no material hangs on. */
const besides = new Set(["lifecycle", "depends_on"]);

function differences(stack: SynthesizedStack, store: StackKeyStore, { keyStores }: CheckedOutput): Violation[] {
  const mapped = keyStores.find(
    ({ accountId, address, region }) =>
      accountId === stack.accountId && address === store.address && region === store.region,
  );
  const violation = { stack, address: store.address };
  if (mapped === undefined) {
    const why = "is a custom key store that the map does not ask for in this account and Region";
    return [{ ...violation, detail: ["key store"], why, place: store }];
  }
  const names = uniqueNames([...Object.keys(store.arguments), ...Object.keys(mapped.arguments)]);
  return names.flatMap((name): Violation[] => {
    if (besides.has(name)) return [];
    const has = textArgument(store, name);
    const maps = mapped.arguments[name];
    const value = has.is === "set" ? has.value : has.is === "unset" ? undefined : "unclear";
    if (value === maps) return [];
    const why = `has ${name} ${JSON.stringify(value ?? "none")}, and the map says ${JSON.stringify(maps ?? "none")}`;
    return [{ ...violation, detail: [name], why, place: argumentPlace(store, name) }];
  });
}

/** Only in accounts whose stack there is. */
function missing(stack: SynthesizedStack, { keyStores }: CheckedOutput): Violation[] {
  if (stack.accountId === undefined || stack.metadata.kind !== "account") return [];
  const present = new Set(stack.keyStores.map(({ address }) => address));
  return keyStores
    .filter(({ accountId, address }) => accountId === stack.accountId && !present.has(address))
    .map(({ address }) => ({
      stack,
      address,
      detail: ["missing"],
      why: "is not in the stack, and the map asks for it",
      place: { document: stack.name, path: "/resource" },
    }));
}
