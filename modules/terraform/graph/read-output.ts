import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { posix } from "node:path";
import { readSynthesizedStack } from "../../access/read-synthesized-stack";
import type { SynthesizedStack } from "../../access/synthesized-stack";
import { nameOrder } from "../../aws/name-order";

/** What CDKTF writes a stack into. */
export const STACK_FILE = "cdk.tf.json";

/**
 * What Terraform and OpenTofu load from a stack's folder, overrides included.
 *
 * Source: https://developer.hashicorp.com/terraform/language/files and https://opentofu.org/docs/language/files/
 */
export const LOADED_FILE = /\.(?:tf|tofu)(?:\.json)?$/;

/** The stacks of an output folder, in name order: the very JSON that people review and Terraform applies. */
export function readOutput(out: string): SynthesizedStack[] {
  return stackFolders(out)
    .filter((stack) => existsSync(stackPath(out, stack)))
    .map((stack) => readStack(out, stack));
}

/** As the user wrote the folder's name, with `/`. */
export function stackPath(out: string, stack: string): string {
  return posix.join(out.replaceAll("\\", "/"), "stacks", stack, STACK_FILE);
}

/**
 * A stack's cdk.tf.json.
 *
 * @throws the disk's error when the file cannot be read
 */
export function stackText(out: string, stack: string): string {
  return readFileSync(stackPath(out, stack), "utf8");
}

/**
 * One stack of an output. Files that somebody has put beside it are Terraform's too, and count as what cannot be read.
 *
 * @param text its cdk.tf.json, where it has been read already
 * @throws the disk's error when the file cannot be read
 */
export function readStack(out: string, stack: string, text: string = stackText(out, stack)): SynthesizedStack {
  const read = readSynthesizedStack(stack, text);
  const others = loadedBeside(posix.dirname(stackPath(out, stack)));
  if (others.length === 0) return read;
  const notes = others.map((name) => ({
    path: "",
    why: `Terraform also loads ${name} beside ${STACK_FILE}, and it is not read here`,
  }));
  return { ...read, unreadable: [...read.unreadable, ...notes] };
}

/**
 * What Terraform loads from a stack's folder besides the stack's own JSON.
 *
 * @returns names, in name order
 * @throws the disk's error
 */
export function loadedBeside(directory: string): string[] {
  return namesIn(directory).filter((name) => name !== STACK_FILE && LOADED_FILE.test(name));
}

/** Names of what is no folder, in order: Terraform passes those by, whatever they are called. */
export function namesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort(nameOrder);
}

/** Names of the folders that stacks are in. */
export function stackFolders(out: string): string[] {
  const folder = posix.join(out.replaceAll("\\", "/"), "stacks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => isFolder(posix.join(folder, name)))
    .sort(nameOrder);
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}
