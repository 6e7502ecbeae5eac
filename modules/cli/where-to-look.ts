import type { KeyName } from "../aws/key-name";
import { partitionOfRegion } from "../aws/partition";
import type { ReviewedKey } from "../drift/reviewed/reviewed-key";
import { suggestName } from "../organization/problem";
import { familyOf, namedAmong, type ReviewedAccount, type ReviewedOutput } from "./find-reviewed-key";

/** Nothing was done, for a reason that whoever typed the command can mend. */
export class Refused extends Error {}

/** One key to look at, in one Region of the caller's account. */
export type Look = {
  readonly account: ReviewedAccount;
  readonly region: string;
} & (
  | { readonly reviewed: ReviewedKey }
  /** A key that is known by its name alone; what was reviewed in the account is held against it. */
  | { readonly named: NamedInAws; readonly among: readonly ReviewedKey[] }
);

export type NamedInAws = Exclude<KeyName, { kind: "address" }>;

/**
 * @param wanted the only Region that is asked for; undefined for all that the key is in
 * @throws Refused
 */
export function whereToLook(
  name: KeyName,
  output: ReviewedOutput,
  accountId: string,
  wanted: string | undefined,
): Look[] {
  const own = output.accounts.find((account) => account.accountId === accountId);
  const keys = [...(own?.keys ?? []), ...output.keysOfTemplates(accountId)];
  const family = familyOf(keys, name);
  const account = own ?? strangerIn(accountId, wanted ?? family[0]?.region);
  const ended = namedAmong(account.letGo, name);
  const looks = [
    ...family.map((reviewed): Look => ({ account, region: reviewed.region, reviewed })),
    ...(name.kind === "address"
      ? []
      : ended.map(({ region }): Look => ({ account, region, named: name, among: keys }))),
  ];
  const asked = looks.filter(({ region }) => wanted === undefined || region === wanted);
  if (asked.length > 0) return asked;
  if (looks.length > 0) {
    const regions = [...new Set(looks.map(({ region }) => region))].join(", ");
    throw new Refused(`--region ${wanted}: the key is in ${regions}`);
  }
  const elsewhere = output.accounts.filter((other) => other !== own && regionsOf([other], name).length > 0);
  if (elsewhere.length > 0) {
    throw new Refused(
      ofOthers(elsewhere, `these credentials are of ${accountId}: sign in there, or name a role of it by --role`),
    );
  }
  if (name.kind === "address" || wanted === undefined) throw new Refused(noRegion(name, output.aliases));
  return [{ account, region: wanted, named: name, among: keys }];
}

/** Of the keys that have the name, the primary's first. */
export function regionsOf(accounts: readonly ReviewedAccount[], name: KeyName): string[] {
  return accounts.flatMap(({ keys, letGo }) =>
    [...familyOf(keys, name), ...namedAmong(letGo, name)].map(({ region }) => region),
  );
}

export function ofOthers(owners: readonly ReviewedAccount[], why: string): string {
  return `it is a key of ${owners.map((each) => `${each.name} (${each.accountId})`).join(", ")}, and ${why}`;
}

export function noRegion(name: KeyName, aliases: ReadonlySet<string>): string {
  switch (name.kind) {
    case "id":
      return `${name.id}: say in which --region; ids are in no reviewed JSON`;
    case "address":
      return `${name.address}: no stack has it; name the key by its alias, its id or its ARN`;
    case "alias": {
      const hint = suggestName(name.alias, aliases, "for a key that is in AWS alone say in which --region");
      return `${name.alias}: no stack has it; ${hint}`;
    }
  }
}

/** An account without a stack. */
function strangerIn(accountId: string, region: string | undefined): ReviewedAccount {
  const partition = partitionOfRegion(region ?? "") ?? "aws";
  return { accountId, name: accountId, partition, zone: "", keys: [], letGo: [] };
}
