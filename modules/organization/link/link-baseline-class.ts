import { aliasPatternFlaws, defaultAliasPattern } from "../alias-pattern";
import type { MapPath } from "../map-file";
import type { BaselineDataClass } from "../organization-map";
import type { CustomerManagedFile } from "../schema/data-classes-schema";

type Report = (path: MapPath, message: string, fix: string, atKey?: boolean) => void;

/** What a class of customer managed keys can say, but not of the key that each account has by itself; with the reason. */
const refused: Readonly<
  Record<
    Exclude<
      keyof CustomerManagedFile,
      "key" | "per" | "deliver" | "alias" | "rotationDays" | "deletionWindowDays" | "multiRegion"
    >,
    string
  >
> = {
  aliases: "such a key has one alias",
  dropAliases: "an alias that a rollout has made stays where it is",
  formerly: "its key goes by the class's own name in the rollout's template",
  spec: "such keys are for encryption, which is all that AWS services take",
  usage: "such keys are for encryption, which is all that AWS services take",
  origin: "nobody can bring material into accounts that do not exist yet",
  keyStore: "accounts that do not exist yet have no key store",
  rotation: "a key that nobody looks after by name has to rotate by itself",
  rootAccess: "no role of an account that does not exist yet can be named: the account's IAM says who uses the key",
  grants: "the map makes no grants on such a key",
};

/** @returns the class with its defaults; undefined where half of it says something else, and nobody knows what was meant */
export function linkBaselineClass(
  name: string,
  entry: CustomerManagedFile,
  report: Report,
): BaselineDataClass | undefined {
  if (entry.per !== "account") {
    const message = `cannot go with per: ${entry.per}: a rollout brings a key to each account, and to nothing smaller`;
    report(["deliver"], message, "write per: account, or leave deliver out");
    return undefined;
  }
  if (entry.deliver === undefined) {
    const message = "needs deliver: rollout: only a rollout reaches accounts that do not exist yet";
    report(["per"], message, "add deliver: rollout, or use another scope");
    return undefined;
  }
  for (const [field, why] of Object.entries(refused)) {
    if (entry[field as keyof typeof refused] === undefined) continue;
    report([field], `cannot be set with per: account: ${why}`, "leave it out, or use a class with another scope", true);
  }
  const { alias = defaultAliasPattern.account } = entry;
  for (const { message, fix } of aliasPatternFlaws(alias, "account", false)) report(["alias"], message, fix);
  return {
    name,
    key: "baseline",
    alias,
    rotationDays: entry.rotationDays ?? 365,
    deletionWindowDays: entry.deletionWindowDays ?? 30,
    multiRegion: entry.multiRegion ?? true,
  };
}
