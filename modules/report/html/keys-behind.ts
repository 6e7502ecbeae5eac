import type { SynthesizedStack } from "../../access/synthesized-stack";
import type { PlacedFinding } from "../locate-findings";

/** The keys that resources of the output belong to, as `PageKey.id`: a key, its replicas, their aliases and their grants. */
export class KeysBehind {
  readonly #ids = new Map<string, string>();

  add({ name, accountId, keys, aliases }: SynthesizedStack): void {
    const addresses = new Set(keys.map(({ address }) => address));
    const set = (address: string, id: string): void => void this.#ids.set(`${name} ${address}`, id);
    for (const { address, primary, grants } of keys) {
      const own = primary !== undefined && addresses.has(primary) ? primary : address;
      const id = `${accountId ?? name}/${idIn(own)}`;
      set(address, id);
      for (const grant of grants) set(`aws_kms_grant.${grant.id}`, id);
    }
    for (const { address, target } of aliases) {
      const id = this.#ids.get(`${name} ${target}`);
      if (id !== undefined) set(address, id);
    }
  }

  /** @returns undefined for a finding about no one key */
  of({ where, place }: PlacedFinding): string | undefined {
    if (place === undefined) return undefined;
    const [, root, type, name] = place.path.split("/");
    const pointed = root === "resource" && name !== undefined ? [`${type}.${name}`] : [];
    return [...where.split(" "), ...pointed]
      .map((address) => this.#ids.get(`${place.document} ${address}`))
      .find((id) => id !== undefined);
  }
}

function idIn(address: string): string {
  return address.slice(address.indexOf(".") + 1);
}
