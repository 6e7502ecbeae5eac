import type { Truth } from "../truth";
import { type Pattern, patternText } from "../wildcard";
import { type Operator, withNegation } from "./operator";

/**
 * Addresses and ranges in CIDR form, IPv4 and IPv6; without a prefix length one address is meant.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
export const ipAddressOperators: readonly [string, Operator][] = withNegation(
  "IpAddress",
  "NotIpAddress",
  false,
  (expected: Pattern, actual: string): Truth => {
    const range = parseRange(patternText(expected));
    const address = parseAddress(actual);
    if (range === undefined || address === undefined) return "unknown";
    if (range.address.bits !== address.bits) return false;
    const rest = BigInt(address.bits - range.prefixBits);
    return range.address.value >> rest === address.value >> rest;
  },
);

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function parseRange(text: string): { readonly address: Address; readonly prefixBits: number } | undefined {
  const [addressText = "", prefix, more] = text.split("/");
  const address = parseAddress(addressText);
  if (address === undefined || more !== undefined) return undefined;
  if (prefix === undefined) return { address, prefixBits: address.bits };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > address.bits) return undefined;
  return { address, prefixBits: Number(prefix) };
}

function parseAddress(text: string): Address | undefined {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Address | undefined {
  const octets = text.split(".");
  if (octets.length !== 4 || octets.some((octet) => !/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255)) {
    return undefined;
  }
  return { bits: 32, value: octets.reduce((value, octet) => value * 256n + BigInt(octet), 0n) };
}

/** Without the form that ends in an IPv4 address. */
function parseIpv6(text: string): Address | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [before = [], after = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...before, ...Array<string>(missing).fill("0"), ...after];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { bits: 128, value: groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n) };
}
