import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A comment with the licence of every package of which there is code among these files: each asks for its notice wherever its code is,
 * and a page is sent on without the packages. A text that several have is there once.
 *
 * @param files what a script was bundled of
 * @returns undefined where all of it is our own
 * @throws for a package without a licence: nobody may send its code on
 */
export function pageNotices(files: readonly string[]): string | undefined {
  const packagesOf = new Map<string, string[]>();
  for (const folder of packageFolders(files)) {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      readonly name: string;
      readonly version: string;
    };
    const text = licenceIn(folder);
    if (text === undefined)
      throw new Error(`${name} ${version} has no licence in it, and the page would carry its code`);
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), `${name} ${version}`]);
  }
  if (packagesOf.size === 0) return undefined;
  const parts = [...packagesOf].map(([text, packages]) => `${packages.join(", ")}\n\n${text}`);
  return `/*!\nThis script has code of these packages.\n\n${parts.join("\n\n")}\n*/`.replaceAll(/\*\/(?!$)/g, "* /");
}

/** In the order of their names. */
function packageFolders(files: readonly string[]): string[] {
  const folders = files.flatMap((file) => {
    const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file) ?? [];
    return folder === undefined ? [] : [folder];
  });
  return [...new Set(folders)].sort();
}

function licenceIn(folder: string): string | undefined {
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^licen[cs]e(?:\.|$)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim();
}
