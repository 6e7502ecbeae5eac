import { escapePointer } from "./json-pointer";
import { type Fields, isFields, type StackReading } from "./stack-reading";
import type { StackResources } from "./stack-resources";
import type { StackImport, StackRemoval } from "./synthesized-stack";

/**
 * What Terraform takes over. An import of somebody else's key makes Terraform write that key's policy: nothing about the block
 * may be left to an expression.
 *
 * Source: https://developer.hashicorp.com/terraform/language/import
 */
export function readImports(reading: StackReading, json: unknown, resources: StackResources): StackImport[] {
  return blocks(reading, json, "/import").flatMap(([fields, path]): StackImport[] => {
    onlyThese(reading, fields, ["to", "id"], path);
    const address = readAddress(reading, fields, "to", path);
    const id = reading.text(fields, "id", path);
    if (address === undefined || id === undefined) return [];
    if (!isIn(resources, address)) reading.note(`${path}/to`, `there is no ${address}`);
    return [{ document: reading.document, path, address, id }];
  });
}

/**
 * What Terraform lets go of. Whatever is not literally `destroy = false` destroys, which is also the default.
 *
 * Source: https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
 */
export function readRemovals(reading: StackReading, json: unknown, resources: StackResources): StackRemoval[] {
  return blocks(reading, json, "/removed").flatMap(([fields, path]): StackRemoval[] => {
    onlyThese(reading, fields, ["from", "lifecycle"], path);
    const address = readAddress(reading, fields, "from", path);
    const lifecycle = reading.block(fields.lifecycle, `${path}/lifecycle`);
    if (lifecycle !== undefined) onlyThese(reading, lifecycle[0], ["destroy"], lifecycle[1]);
    if (lifecycle?.[0].destroy !== false) {
      reading.note(`${path}/lifecycle`, "destroy has to be false: Terraform would destroy what it lets go of");
      return [];
    }
    if (address === undefined) return [];
    if (isIn(resources, address)) reading.note(`${path}/from`, `${address} is still there`);
    return [{ document: reading.document, path, address }];
  });
}

/** Blocks of one kind: a list, or an object where there is one. */
function blocks(reading: StackReading, json: unknown, path: string): [Fields, string][] {
  if (json === undefined) return [];
  const list: [unknown, string][] = Array.isArray(json)
    ? json.map((block, index) => [block, `${path}/${index}`])
    : [[json, path]];
  return list.flatMap(([block, at]): [Fields, string][] => {
    if (isFields(block)) return [[block, at]];
    reading.note(at, "has to be an object");
    return [];
  });
}

/** Resources may have more, a provisioner or `depends_on`: these blocks may not. */
function onlyThese(reading: StackReading, fields: Fields, known: readonly string[], path: string): void {
  for (const name of Object.keys(fields)) {
    if (name !== "//" && !known.includes(name)) {
      reading.note(`${path}/${escapePointer(name)}`, `unknown argument ${name}`);
    }
  }
}

/** A resource of this stack itself: no module, no instance of many. */
function readAddress(reading: StackReading, fields: Fields, name: string, path: string): string | undefined {
  const address = reading.text(fields, name, path);
  if (address === undefined || /^(?!data\.|module\.)[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*$/.test(address)) return address;
  reading.note(`${path}/${name}`, `${name} has to be the address of one resource, found ${address}`);
  return undefined;
}

function isIn(resources: StackResources, address: string): boolean {
  const dot = address.indexOf(".");
  return resources.has(address.slice(0, dot), address.slice(dot + 1));
}
