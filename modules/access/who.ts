import type { PrincipalElement } from "./policy-statement";
import { parseRequester, type Requester } from "./requester";

/** As the statement or grant names them. */
export type Who =
  | { readonly kind: "principal"; readonly arn: string; readonly accountId: string }
  /** Every principal whom the account's IAM allows it. */
  | { readonly kind: "account"; readonly accountId: string }
  | { readonly kind: "service"; readonly name: string }
  | { readonly kind: "everybody"; readonly except: readonly string[] }
  /** A name that says nothing here: an `AROA…` id, a federated provider, an ARN with a wildcard. */
  | { readonly kind: "unknown"; readonly name: string };

/** One name of a Principal element, and the element reduced to it. */
export interface Meant {
  readonly who: Who;
  readonly element: PrincipalElement | undefined;
}

/** Everybody whom a Principal element names, one by one. NotPrincipal names everybody at once. */
export function whoIsMeant(element: PrincipalElement | undefined): Meant[] {
  if (element === undefined) return [{ who: { kind: "everybody", except: [] }, element }];
  if (element.negated) {
    return [{ who: { kind: "everybody", except: element.names.map((name) => name.value) }, element }];
  }
  return element.names.map((name): Meant => {
    const single = { negated: false, names: [name] };
    if (name.type === "Service") return { who: { kind: "service", name: name.value }, element: single };
    if (name.type === "Any" || (name.type === "AWS" && name.value === "*")) {
      return { who: { kind: "everybody", except: [] }, element: single };
    }
    const who: Who =
      name.type === "AWS" ? whoByName(name.value) : { kind: "unknown", name: `${name.type} ${name.value}` };
    return { who, element: single };
  });
}

export function whoByName(name: string): Who {
  if (/^\d{12}$/.test(name)) return { kind: "account", accountId: name };
  const requester = parseRequester(name);
  if (requester === undefined) return { kind: "unknown", name };
  if (requester.kind === "service") return { kind: "service", name: requester.name };
  return requester.kind === "root"
    ? { kind: "account", accountId: requester.accountId }
    : { kind: "principal", arn: name, accountId: requester.accountId };
}

/** The single principal that is meant; undefined for accounts, everybody and names that say nothing. */
export function requesterOf(who: Who): Requester | undefined {
  if (who.kind === "principal") return parseRequester(who.arn);
  return who.kind === "service" ? parseRequester(who.name) : undefined;
}

/** As the statement or grant names it. */
export function whoName(who: Who): string {
  switch (who.kind) {
    case "principal":
      return who.arn;
    case "account":
      return `account ${who.accountId}`;
    case "service":
    case "unknown":
      return who.name;
    case "everybody":
      return who.except.length === 0 ? "everybody" : `everybody but ${who.except.join(", ")}`;
  }
}
