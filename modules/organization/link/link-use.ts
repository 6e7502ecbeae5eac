import { nameOrder } from "../../aws/name-order";
import { viaServiceWords } from "../../aws/via-services";
import type { MapPath } from "../map-file";
import type { Principal, Use } from "../organization-map";
import { listNames, suggestName } from "../problem";
import type { UseFile } from "../schema/workloads-schema";
import { linkPrincipals } from "./link-principals";
import { checkPerService, type EnvironmentContext } from "./workload-context";

/** Resolves who may use a key, for what and how narrowed. */
export function linkUse(use: UseFile, at: MapPath, context: EnvironmentContext): Use | undefined {
  const principals = linkPrincipals(use.principal, use.status ?? "active", [...at, "principal"], context);
  for (const principal of principals ?? []) context.mention(at, principal);
  checkNarrowing(use, at, context);
  const ofVia = (use.via ?? []).find((word) => context.entry.perService?.includes(word));
  checkPerService(use.service ?? ofVia, at, context);
  const organizationPath = linkOrganizationPath(use, at, principals ?? [], context);
  if (principals === undefined) return undefined;
  return {
    principals,
    operations: [...use.operations].sort(nameOrder),
    via: [...(use.via ?? [])].sort(nameOrder),
    encryptionContext: use.encryptionContext ?? {},
    sourceVpce: [...(use.sourceVpce ?? [])].sort(nameOrder),
    sourceIp: [...(use.sourceIp ?? [])].sort(nameOrder),
    organizationPath,
    service: use.service ?? ofVia,
    source: context.sourceAt(at),
  };
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
  if (use.encryptionContext !== undefined && use.operations.every((operation) => operation === "describe")) {
    const message = "cannot narrow describe: DescribeKey carries no encryption context";
    context.report([...at, "encryptionContext"], message, "leave it out", true);
  }
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
  const outside = principals.find(
    ({ account }) => account.ouPath !== ou.path && !account.ouPath.startsWith(`${ou.path}/`),
  );
  if (outside !== undefined) {
    const { account } = outside;
    const message = `shuts its own principal out: account ${account.name} is in ${account.ouPath || "no OU"}`;
    context.report([...at, "organizationPath"], message, "name an OU above the account, or leave it out");
  }
  return { organizationId: organization.id, idPath: ou.idPath };
}
