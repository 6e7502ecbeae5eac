import type { Finding } from "../findings/finding";
import { findingsText } from "./findings-text";
import { table } from "./table";

/** What the instances of StackSets are in AWS, against the map. */
export interface InstancesReport {
  /** In the order of the map's organizations. */
  readonly organizations: readonly OrganizationInstances[];
  /** Of the organizations that were read, most severe first. */
  readonly findings: readonly Finding[];
}

/** The StackSets that one account keeps. */
export interface OrganizationInstances {
  readonly organization: string;
  /** The account's name. */
  readonly account: string;
  readonly accountId: string;
  readonly zones: readonly string[];
  /** Of the map. */
  readonly stackSets: number;
  /** That there have to be. */
  readonly expected: number;
  /** Undefined where AWS was not asked, or has not answered. */
  readonly found: number | undefined;
  /** Undefined where it was read. */
  readonly unread: { readonly why: string; readonly whatToDo: string } | undefined;
}

export const INSTANCES_SCHEMA = "orgkeys/instances/v1";

export function instancesJson({ organizations, findings }: InstancesReport): string {
  return JSON.stringify({ schema: INSTANCES_SCHEMA, organizations, findings }, null, 2);
}

export function instancesText({ organizations, findings }: InstancesReport): string[] {
  return [
    ...table([
      ["organization", "kept in", "zones", "StackSets", "instances", "in AWS"],
      ...organizations.map(({ organization, account, zones, stackSets, expected, found }) => [
        organization,
        account,
        zones.join(", "),
        stackSets,
        expected,
        found ?? "not read",
      ]),
    ]),
    ...(findings.length === 0 ? [] : ["", ...findingsText(findings)]),
  ];
}

/** Why an organization was not read: nothing else can be said of it. */
export function unreadText({ organizations }: InstancesReport): string[] {
  return organizations.flatMap(({ organization, unread }) =>
    unread === undefined
      ? []
      : [`${organization}: nothing is known of its instances: ${unread.why}`, `    -> ${unread.whatToDo}`],
  );
}
