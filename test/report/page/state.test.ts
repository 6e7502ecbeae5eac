import { describe, expect, test } from "@jest/globals";
import { formatHash, parseHash, withoutOpen } from "../../../modules/report/page/state";

describe("the address of a view", () => {
  test.each([
    ["#/organization", "organization", "", {}],
    ["#/zones/pci", "zones", "pci", {}],
    ["#/keys?q=pay&zone=pci", "keys", "", { q: "pay", zone: "pci" }],
    ["#/key/310000000001/payments_prod_us-east-1", "key", "310000000001/payments_prod_us-east-1", {}],
    ["#/rollouts/pci.access-roles", "rollouts", "pci.access-roles", {}],
  ] as const)("%s means the same there and back", (hash, view, subject, query) => {
    const state = parseHash(hash);
    expect({ ...state, query: Object.fromEntries(state.query) }).toEqual({ view, subject, query });
    expect(formatHash(state.view, state.subject, state.query)).toBe(hash);
  });

  test("keeps whatever a name holds", () => {
    const name = `a?b#c&d=e%2F</script> "é"`;
    const state = parseHash(formatHash("keys", name, [["owner", name]]));
    expect([state.subject, state.query.get("owner")]).toEqual([name, name]);
  });

  test("has its parameters in one order, and none that is empty", () => {
    expect(
      formatHash(
        "keys",
        "",
        new Map([
          ["zone", "pci"],
          ["q", ""],
          ["owner", "fraud"],
        ]),
      ),
    ).toBe("#/keys?owner=fraud&zone=pci");
  });

  test.each(["", "#", "#/", "#/nonsense", "#/%E0%A4%A"])(
    "leads to the first view where it means nothing: %j",
    (hash) => {
      expect(parseHash(hash)).toEqual({ view: "organization", subject: "", query: new Map() });
    },
  );

  test("is the same of a list whatever of it is open, and of nothing else", () => {
    const addresses = ["open=3&q=pay", "open=4&q=pay", "q=pay", "open=3&q=pays"].map((query) =>
      withoutOpen(parseHash(`#/review?${query}`)),
    );
    expect(addresses).toEqual([...Array(3).fill("#/review?q=pay"), "#/review?q=pays"]);
  });

  test("takes a broken escape for what it is", () => {
    expect(parseHash("#/zones/%E0%A4%A").subject).toBe("%E0%A4%A");
  });
});
