import { shellWord } from "./shell-word";

/** Where commands look for the map and the output unless they are told. */
export const DEFAULT_CONFIG = "config";
export const DEFAULT_OUT = "cdktf.out";

/** As the user wrote them. */
export interface CommandPlaces {
  /** The folder of the map. @default DEFAULT_CONFIG */
  readonly config?: string | undefined;
  /** The output folder. @default DEFAULT_OUT */
  readonly out?: string | undefined;
}

/** A command line to paste in a checkout. Folders that are the default ones go without saying. */
export function orgkeysCommand(
  words: readonly string[],
  { config = DEFAULT_CONFIG, out = DEFAULT_OUT }: CommandPlaces = {},
): string {
  const places = [
    ...(config === DEFAULT_CONFIG ? [] : ["--config", config]),
    ...(out === DEFAULT_OUT ? [] : ["--out", out]),
  ];
  return ["npm run -s orgkeys --", ...[...words, ...places].map(shellWord)].join(" ");
}
