import type { StackAlias, StackKey } from "../access/synthesized-stack";
import { uniqueNames } from "../aws/name-order";
import { explained } from "./comparer";
import { resourceIdOf } from "./key-identity";
import type { PairedStack } from "./stack-pair";

/** A key with everything that comes and goes with it. */
export interface KeyFamily {
  readonly key: StackKey;
  readonly replicas: readonly StackKey[];
  readonly aliases: readonly StackAlias[];
  /** Its Region and those of its replicas. */
  readonly regions: readonly string[];
}

/** The family of a key in one version of its stack. A replica's is itself, with its aliases. */
export function familyOf(key: StackKey, stack: PairedStack): KeyFamily {
  const replicas = stack.keys.filter(({ kind, primary }) => kind === "replica" && primary === key.address);
  const addresses = new Set([key, ...replicas].map(({ address }) => address));
  return {
    key,
    replicas,
    aliases: stack.aliases.filter(({ target }) => addresses.has(target)),
    regions: uniqueNames([key, ...replicas].map(({ region }) => region)),
  };
}

/** Names of the differences that a family as a whole tells when it comes or goes. */
export function explainedFamily({ key, replicas, aliases }: KeyFamily): string[] {
  const keys = [key, ...replicas];
  const resources = [
    ...keys.map(({ address }) => address),
    ...keys.flatMap(({ grants }) => grants.map(({ path }) => addressAt(path))),
    ...aliases.map(({ address }) => address),
  ];
  return [
    ...resources.flatMap((address) => [
      explained(address),
      explained(`import.${address}`),
      explained(`removed.${address}`),
    ]),
    ...(key.kind === "key" ? [explained(`output.${resourceIdOf(key.address)}`)] : []),
  ];
}

/** What of others refers to a key: of a key that is another one in its place, it refers to that. */
export function explainedTies({ key, aliases }: KeyFamily): string[] {
  return [
    ...key.grants.map(({ path }) => explained(addressAt(path), "key_id")),
    ...aliases.filter(({ target }) => target === key.address).map(({ address }) => explained(address, "target_key_id")),
    explained(`output.${resourceIdOf(key.address)}`),
  ];
}

/** `aws_kms_grant.batch` of `/resource/aws_kms_grant/batch` */
function addressAt(path: string): string {
  return path.split("/").slice(2, 4).join(".");
}
