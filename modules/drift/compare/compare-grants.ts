import { type AccessChange, gainsFromOutside } from "../../access/access-change";
import { grantChanges } from "../../access/grant-change";
import { isCalendarDay } from "../../findings/calendar-day";
import type { LiveGrant } from "../../live/live-account";
import type { Drift, DriftPlace } from "../drift";
import type { DriftContext } from "../drift-context";
import { contentOf, contentOfLive, isDeletedPrincipal, principalText } from "../match/grant-content";
import { type GrantPair, matchGrants } from "../match/match-grants";
import type { KeyPair } from "../match/match-keys";
import { isServiceGrant } from "../match/service-grant";
import { placeIn } from "../place-in";
import type { ReviewedGrant } from "../reviewed/reviewed-key";
import { changesOfGrant } from "./live-access";

/**
 * The grants of one key: those that are missing, more than reviewed, other than reviewed, or past their day. Grants that AWS does not
 * tell are compared with nothing.
 */
export function compareGrants(pair: KeyPair, context: DriftContext): Drift[] {
  const { reviewed, live, region } = pair;
  if ("unread" in live.grants) return [];
  const made = live.grants.value.filter((grant) => !isServiceGrant(grant, region, context.zone));
  const { matched, missing, unmanaged } = matchGrants(reviewed.grants, made);
  const isPast = ({ expires }: ReviewedGrant): boolean =>
    expires !== undefined && isCalendarDay(expires) && expires <= context.today;
  return [
    ...missing.filter((grant) => !isPast(grant)).map((grant) => missingGrant(grant, pair, context)),
    ...matched.filter((each) => each.different.length > 0).map((each) => changedGrant(each, pair, context)),
    ...matched.filter((each) => isPast(each.reviewed)).map((each) => expiredGrant(each, pair, context)),
    ...unmanaged.map((grant) => unmanagedGrant(grant, pair, context)),
  ];
}

function missingGrant(grant: ReviewedGrant, pair: KeyPair, context: DriftContext): Drift {
  const { grantee, operations } = grant;
  return {
    id: "grant-missing",
    place: placeOf(pair, context, grant),
    detail: [detailOf(grant)],
    why: `has no ${detailOf(grant)}, by which ${principalText(grantee)} may do ${operations.join(", ")}`,
    access: grantChanges(grant, undefined, { ...context, region: pair.region }),
    subject: subjectOf(pair),
  };
}

function changedGrant({ reviewed, live, different }: GrantPair, pair: KeyPair, context: DriftContext): Drift {
  const access = changesOfGrant(reviewed, live, { ...context, region: pair.region });
  const [wanted, found] = [contentOf(reviewed), contentOfLive(live)];
  const parts = different.map((part) => {
    const [is, was] = part === "name" ? [live.name, reviewed.name] : [found[part], wanted[part]];
    return `${part} ${said(is)} where ${said(was)} was reviewed`;
  });
  const gone = isDeletedPrincipal(live.grantee) ? ", which is nobody any more" : "";
  return {
    id: "grant-changed",
    place: placeOf(pair, context, reviewed),
    detail: [detailOf(reviewed), ...different],
    why: `has ${detailOf(reviewed)} with ${parts.join(", and ")}${gone}`,
    ...severityOf(access, different),
    access,
    subject: { ...subjectOf(pair), grant: live },
  };
}

function severityOf(access: readonly AccessChange[], different: GrantPair["different"]): Pick<Drift, "severity"> {
  if (gainsFromOutside(access)) return { severity: "critical" };
  if (access.some(({ effect }) => effect === "gains")) return {};
  return { severity: different.every((part) => part === "name") ? "low" : "medium" };
}

function expiredGrant({ reviewed, live }: GrantPair, pair: KeyPair, context: DriftContext): Drift {
  const { grantee, operations } = live;
  return {
    id: "grant-expired",
    place: placeOf(pair, context, reviewed),
    detail: [detailOf(reviewed)],
    why: `still has ${detailOf(reviewed)}, which ended on ${reviewed.expires}: ${principalText(grantee)} may do ${operations.join(", ")}`,
    subject: { ...subjectOf(pair), grant: live },
  };
}

function unmanagedGrant(grant: LiveGrant, pair: KeyPair, context: DriftContext): Drift {
  const access = changesOfGrant(undefined, grant, { ...context, region: pair.region });
  return {
    id: "grant-unmanaged",
    place: placeOf(pair, context),
    detail: [`grant ${grant.id}`],
    why: `has a grant that is in no reviewed JSON: ${grantText(grant)}`,
    ...(gainsFromOutside(access) ? { severity: "critical" } : access.length === 0 ? { severity: "low" } : {}),
    access,
    subject: { ...subjectOf(pair), grant },
  };
}

/** `nightly lets arn:… do Decrypt, with encryption context has "app"="x"; made by account 310000000001 on 2026-11-02`. */
function grantText(grant: LiveGrant): string {
  const { constraint } = contentOfLive(grant);
  const { name, grantee, operations, issuingAccount, createdAt } = grant;
  const who = isDeletedPrincipal(grantee) ? `${grantee}, which is nobody any more,` : principalText(grantee);
  const under = constraint === "" ? "" : ` where ${constraint}`;
  const by = issuingAccount === undefined ? "" : ` by ${principalText(issuingAccount)}`;
  return `${name === "" ? "it" : name} lets ${who} do ${operations.join(", ")}${under}, made${by} on ${createdAt.slice(0, 10)}`;
}

function said(text: string): string {
  return text === "" ? "none" : text;
}

/** By the name that AWS shows, or where it has none by Terraform's. */
function detailOf({ name, id }: ReviewedGrant): string {
  return `grant ${name === "" ? id : name}`;
}

function subjectOf({ reviewed, live }: KeyPair): NonNullable<Drift["subject"]> {
  return { reviewedKey: reviewed, key: live };
}

/** @param grant whose stack says so; none for what no stack has, which stands at the key */
function placeOf({ reviewed, live, region }: KeyPair, context: DriftContext, grant?: ReviewedGrant): DriftPlace {
  const { stack, address } = grant ?? reviewed;
  return placeIn(context, { stack, address, region }, reviewed.aliases[0]?.name ?? live.keyId);
}
