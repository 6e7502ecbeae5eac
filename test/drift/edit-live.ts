import type { LiveAlias, LiveKey, LiveRegion, UnreadKey } from "../../modules/live/live-account";

/** Somebody's change in AWS, past Terraform. */
export type LiveEdit = (regions: readonly LiveRegion[]) => LiveRegion[];

export function editRegion(region: string, change: (live: LiveRegion) => LiveRegion): LiveEdit {
  return (regions) => regions.map((each) => (each.region === region ? change(each) : each));
}

/** @param change gives the keys that are there in place of each one, none for one that is gone */
export function editKeys(region: string, change: (key: LiveKey) => readonly (LiveKey | UnreadKey)[]): LiveEdit {
  return editRegion(region, (live) => ({
    ...live,
    keys:
      "value" in live.keys
        ? { value: live.keys.value.flatMap((key) => ("unread" in key ? [key] : change(key))) }
        : live.keys,
  }));
}

/** Changes the one key with that description's first word, which fixtures give every key of a Region another. */
export function editKey(region: string, name: string, change: Partial<LiveKey>): LiveEdit {
  return editKeys(region, (key) => [key.description.startsWith(`${name} `) ? { ...key, ...change } : key]);
}

/** With the aliases that lead to it, which AWS deletes along. */
export function deleteKey(region: string, name: string): LiveEdit {
  return (regions) => {
    const ids = regions.flatMap((each) =>
      each.region === region && "value" in each.keys
        ? each.keys.value.flatMap((key) =>
            !("unread" in key) && key.description.startsWith(`${name} `) ? [key.keyId] : [],
          )
        : [],
    );
    return both(
      editKeys(region, (key) => (ids.includes(key.keyId) ? [] : [key])),
      editAliases(region, (aliases) => aliases.filter(({ keyId }) => keyId === undefined || !ids.includes(keyId))),
    )(regions);
  };
}

export function addKey(region: string, key: LiveKey): LiveEdit {
  return editRegion(region, (live) => ({
    ...live,
    keys: "value" in live.keys ? { value: [...live.keys.value, key] } : live.keys,
  }));
}

export function editAliases(region: string, change: (aliases: readonly LiveAlias[]) => readonly LiveAlias[]): LiveEdit {
  return editRegion(region, (live) => ({
    ...live,
    aliases: "value" in live.aliases ? { value: change(live.aliases.value) } : live.aliases,
  }));
}

export function pointAlias(region: string, name: string, keyId: string | undefined): LiveEdit {
  return editAliases(region, (aliases) => [...aliases.filter((alias) => alias.name !== name), { name, keyId }]);
}

export function dropAlias(region: string, name: string): LiveEdit {
  return editAliases(region, (aliases) => aliases.filter((alias) => alias.name !== name));
}

export function both(...edits: readonly LiveEdit[]): LiveEdit {
  return (regions) => edits.reduce<readonly LiveRegion[]>((edited, edit) => edit(edited), regions) as LiveRegion[];
}
