import { BlockList, isIPv6 } from "node:net";
import { nameOrder } from "../../aws/name-order";
import { viaServices, viaServiceWords } from "../../aws/via-services";
import { instantOf } from "../../findings/instant";
import type { MapPath } from "../map-file";
import { listNames, suggestName } from "../problem";
import type { UseFile } from "../schema/workloads-schema";
import type { Principal, Use } from "../workload";
import { checkUse } from "./check-kind";
import { checkAttach, consumedByOf } from "./link-consumer";
import { linkPrincipals, listAccounts } from "./link-principals";
import { checkPerService, type EnvironmentContext } from "./workload-context";
import { refuseManagers } from "./zone-duty";

/**
 * Resolves who may use a key, for what and how narrowed. An entry whose `via` names services with keys of their own is about
 * those keys: it becomes one use a key, each through its own services.
 */
export function linkUse(use: UseFile, at: MapPath, context: EnvironmentContext): Use[] {
  const principals = linkPrincipals(use.principal, use.status ?? "active", [...at, "principal"], context);
  for (const principal of principals ?? []) context.mention(at, principal);
  checkUse(use, at, context);
  refuseManagers(principals ?? [], [...at, "principal"], context);
  checkNarrowing(use, at, context);
  checkAttach(use.attach, principals ?? [], at, context);
  checkTime(use, at, context);
  const keys = keysOf(use, context.entry.perService ?? []);
  for (const { service } of keys) checkPerService(service, at, context);
  const organizationPath = linkOrganizationPath(use, at, principals ?? [], context);
  if (principals === undefined) return [];
  return keys.map(({ service, via }) => ({
    principals,
    operations: [...use.operations].sort(nameOrder),
    via: [...via].sort(nameOrder),
    encryptionContext: use.encryptionContext ?? {},
    sourceVpce: [...(use.sourceVpce ?? [])].sort(nameOrder),
    sourceIp: [...(use.sourceIp ?? [])].sort(nameOrder),
    organizationPath,
    from: use.from === undefined ? undefined : instantOf(use.from),
    until: use.until === undefined ? undefined : instantOf(use.until),
    by: consumedByOf(use.by, context),
    attach: use.attach ?? true,
    service,
    source: context.sourceAt(at),
  }));
}

/** Which keys an entry is about, by their perService; undefined is the general key. */
function keysOf(
  { service, via = [] }: UseFile,
  perService: readonly string[],
): { service: string | undefined; via: readonly string[] }[] {
  if (service !== undefined) return [{ service, via }];
  // ebs and ec2 are two words for one service.
  const keyOf = (word: string): string | undefined =>
    perService.find((each) => each === word || viaServices[each] === viaServices[word]);
  const services = [...new Set(via.flatMap((word) => keyOf(word) ?? []))];
  const own = services.map((each) => ({ service: each, via: via.filter((word) => keyOf(word) === each) }));
  const general = via.filter((word) => keyOf(word) === undefined);
  return general.length > 0 || own.length === 0 ? [{ service: undefined, via: general }, ...own] : own;
}

function checkNarrowing(use: UseFile, at: MapPath, context: EnvironmentContext): void {
  for (const [index, word] of (use.via ?? []).entries()) {
    if (viaServiceWords.includes(word)) continue;
    const fix = suggestName(word, viaServiceWords, `services are ${listNames(viaServiceWords, 60)}`);
    context.report([...at, "via", index], "is not a service that uses keys for its callers", fix);
  }
  if (use.via !== undefined) {
    for (const field of ["sourceVpce", "sourceIp"] as const) {
      if (use[field] === undefined) continue;
      const message = "cannot go with via: the request comes from the AWS service, not from the principal's network";
      context.report([...at, field], message, "make two entries, or drop one of the two", true);
    }
  }
  if (use.encryptionContext !== undefined && use.operations.includes("grant-to-aws-services")) {
    const message =
      "cannot go with grant-to-aws-services: the grants of AWS services have encryption contexts of their own";
    context.report([...at, "encryptionContext"], message, "make two entries", true);
  }
  for (const [index, address] of (use.sourceVpce === undefined ? (use.sourceIp ?? []) : []).entries()) {
    if (!isPrivateAddress(address)) continue;
    const message = "is a private address, which AWS never sees: requests from a VPC come through an endpoint";
    context.report([...at, "sourceIp", index], message, "name the endpoint in sourceVpce, or a public address");
  }
  if (use.encryptionContext !== undefined && use.operations.every((operation) => operation === "describe")) {
    const message = "cannot narrow describe: DescribeKey carries no encryption context";
    context.report([...at, "encryptionContext"], message, "leave it out", true);
  }
}

function checkTime({ from, until }: UseFile, at: MapPath, context: EnvironmentContext): void {
  const [start, end] = [from, until].map((text) => (text === undefined ? undefined : instantOf(text)));
  if (start === undefined || end === undefined || start < end) return;
  context.report([...at, "until"], `must be after from (${from})`, "until is the first instant without the use");
}

const privateAddresses = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
] as const) {
  privateAddresses.addSubnet(network, prefix, "ipv4");
}
privateAddresses.addSubnet("fc00::", 7, "ipv6");
privateAddresses.addSubnet("fe80::", 10, "ipv6");

/** An address or block of a network that is not on the internet (RFC 1918, 4193, 6598 and local ones). */
function isPrivateAddress(block: string): boolean {
  const [address = ""] = block.split("/");
  return privateAddresses.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function linkOrganizationPath(
  use: UseFile,
  at: MapPath,
  principals: readonly Principal[],
  context: EnvironmentContext,
): Use["organizationPath"] {
  const { organization } = context.account;
  const path =
    use.organizationPath ?? (use.principal.startsWith("ou:") ? use.principal.slice("ou:".length) : undefined);
  if (path === undefined) return undefined;
  const ou = organization.organizationalUnits.find((each) => each.path === path);
  if (ou === undefined) {
    if (use.organizationPath !== undefined && !context.known.accounts.mayHaveMore()) {
      const paths = organization.organizationalUnits.map((each) => each.path);
      const fix = suggestName(path, paths, `OU paths are ${listNames(paths)}`);
      context.report([...at, "organizationPath"], `is not an OU of organization ${organization.name}`, fix);
    }
    return undefined;
  }
  const outside = principals
    .map(({ account }) => account)
    .filter(({ ouPath }) => ouPath !== ou.path && !ouPath.startsWith(`${ou.path}/`));
  if (outside.length > 0) {
    const [one, are] = outside.length === 1 ? ["", "is"] : ["s", "are"];
    const places = listNames(outside.map(({ ouPath }) => ouPath || "no OU"));
    const message = `shuts its own principal${one} out: ${listAccounts(outside)} ${are} in ${places}`;
    context.report([...at, "organizationPath"], message, `name an OU above the account${one}, or leave it out`);
  }
  return { organizationId: organization.id, idPath: ou.idPath, everybody: use.principal === `ou:${ou.path}` };
}
