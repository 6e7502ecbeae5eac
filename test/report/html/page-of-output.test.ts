import { describe, expect, test } from "@jest/globals";
import type { AcceptedException } from "../../../modules/checks/frame/check";
import type { PageData } from "../../../modules/report/page-data";
import { breached, exception, sample } from "../../checks/legacy-reports";
import { ledger, records, shared, small } from "../../checks/small-output";
import { golden } from "../golden";
import { accessLines, pageOf } from "./sample-page";

const smallConfig = "test/fixtures/small";
const page = pageOf(small, smallConfig);
const keyId = (place: { readonly account: string; readonly key: string }): string => `${place.account}/${place.key}`;

function names(data: PageData, accounts: readonly number[]): (string | undefined)[] {
  return accounts.map((account) => data.accounts[account]?.name);
}

describe("the data of a page", () => {
  test("are all of the small organization", () => {
    const readable = { ...page, access: page.keys.map(({ id }) => ({ key: id, rows: accessLines(page, id) })) };
    const text = JSON.stringify(readable, null, 1);
    expect(text).toBe(golden("page-small.json", text));
  });

  test("have every key, alias and account of the sample once, at its place", () => {
    const data = pageOf(sample, "config");
    expect(data.keys).toHaveLength(31);
    expect(new Set(data.keys.map(({ id }) => id)).size).toBe(31);
    for (const key of data.keys) {
      expect(key.id.startsWith(`${data.accounts[key.account]?.id}/`)).toBe(true);
      expect(data.accounts[key.account]?.zone).toBe(key.zone);
      expect(key.step).toBe("in-use");
    }
    expect(data.proof).toBe("holds");
    expect(data.notices).toEqual([]);
  });

  test("point into their lists alone", () => {
    const { access, principals, keys, actionSets, through, conditions, regionLists } = pageOf(sample, "config");
    const lists = [principals, keys, actionSets, through, conditions, undefined, regionLists];
    for (const row of access) {
      row.forEach((index, field) => {
        const list = lists[field];
        if (list !== undefined) expect(index).toBeLessThan(list.length);
      });
    }
  });
});

describe("access", () => {
  test("has both halves of whoever uses a key from another account", () => {
    const lines = accessLines(page, `${ledger.account}/${ledger.key}`).filter((line) =>
      line.startsWith("role/ledger "),
    );
    expect(lines.some((line) => line.includes("| key |"))).toBe(true);
    expect(lines.some((line) => line.includes("| consumer |"))).toBe(true);
  });

  test("tells a row of all Regions once, and a grant with its day", () => {
    const lines = accessLines(page, `${ledger.account}/${shared.key}`).filter((line) => line.includes("| grant "));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("{region}");
    expect(lines[0]?.endsWith("| key | ")).toBe(true);
  });

  test("tells the one Region of what a replica alone lets in", () => {
    const edited = small.edit(ledger.stack, (json) => {
      json.locals[`${ledger.replica}-policy`].Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: records.user },
        Action: "kms:Decrypt",
        Resource: "*",
      });
    });
    const lines = accessLines(pageOf(edited, smallConfig), `${ledger.account}/${ledger.key}`);
    expect(lines.filter((line) => line.includes("statement Extra"))).toEqual([
      "role/records in clinic | Decrypt | statement Extra |  | key | us-west-2",
    ]);
  });

  test.each([
    ["another role", [records.user], { uses: false, manages: true }],
    ["itself", ["itself"], { uses: true, manages: false }],
    ["itself and another role", ["itself", records.user], { uses: true, manages: false }],
    ["its whole account", [`arn:aws:iam::${records.account}:root`], { uses: true, manages: false }],
    ["any role", ["arn:aws:iam::*:role/*"], { uses: true, manages: false }],
  ])("takes grants to %s for what they are", (_, grantees, expected) => {
    const maker = `arn:aws:iam::${records.account}:role/maker`;
    const edited = small.edit(records.stack, (json) => {
      json.locals[`${records.key}-policy`].Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: maker },
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: {
          ArnEquals: { "kms:GranteePrincipal": grantees.map((name) => (name === "itself" ? maker : name)) },
        },
      });
    });
    const data = pageOf(edited, smallConfig);
    const through = data.through.indexOf("statement Extra");
    const sets = data.access.filter((row) => row[3] === through).map((row) => data.actionSets[row[2]]);
    expect(sets).toEqual([{ names: ["CreateGrant"], ...expected }]);
  });

  test("keeps whom no account of the map has", () => {
    const edited = small.edit(records.stack, (json) => {
      json.locals[`${records.key}-policy`].Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::999999999999:role/stranger", "999999999999"] },
        Action: "kms:Decrypt",
        Resource: "*",
      });
    });
    const lines = accessLines(pageOf(edited, smallConfig), keyId(records));
    expect(lines).toContain("role/stranger | Decrypt | statement Extra |  | key | ");
    expect(lines).toContain("account 999999999999 | Decrypt | statement Extra |  | key | ");
  });
});

describe("zones", () => {
  const legacy = (exceptions: readonly AcceptedException[]): PageData =>
    pageOf(breached.withRules({ exceptions }), "config");
  const proofs = ({ zones }: PageData): Record<string, string> =>
    Object.fromEntries(zones.map(({ name, proof }) => [name, proof]));

  test("have a breach as what crosses their wall, from the zone it comes from", () => {
    const data = legacy([]);
    expect(data.findings.map(({ key }) => (key === null ? null : data.keys[key]?.alias))).toContain(
      "alias/payments-prod",
    );
    expect(data.proof).toBe("breached");
    expect(proofs(data)).toMatchObject({ pci: "breached", corporate: "holds" });
    expect(data.crossings).not.toEqual([]);
    for (const { of, from, exception: accepted } of data.crossings) {
      expect([data.zones[of]?.name, data.zones[from ?? -1]?.name, accepted]).toEqual(["pci", "corporate", null]);
    }
  });

  test("say who accepts what crosses, and count what an exception accepts", () => {
    const data = legacy([exception]);
    expect(data.proof).toBe("accepted");
    expect(proofs(data)).toMatchObject({ pci: "accepted", corporate: "holds" });
    expect(data.exceptions).toMatchObject([{ name: "legacy-reports", owner: "pci-compliance", accepts: 1 }]);
    const [finding] = data.findings.filter(({ isProof }) => isProof);
    expect(data.crossings).toEqual([
      expect.objectContaining({ exception: 0, what: expect.stringContaining(exception.subject) }),
    ]);
    expect(finding?.exception).toBe(0);
  });

  test("are all breached by what nobody can place", () => {
    const data = pageOf(small.withText(records.stack, "{"), smallConfig);
    expect(new Set(Object.values(proofs(data)))).toEqual(new Set(["breached"]));
  });

  test("name the OUs that their guardrails are on", () => {
    const { zones } = pageOf(sample, "config");
    const pci = zones.find(({ name }) => name === "pci");
    expect(pci?.guardrails.map(({ kind, targets }) => [kind, targets])).toEqual([
      ["resource-control", ["Regulated/PCI"]],
      ["service-control", ["Regulated/PCI"]],
    ]);
  });
});

describe("rollouts", () => {
  test("name the accounts they reach, and who is out and why", () => {
    const data = pageOf(sample, "config");
    const rollout = data.rollouts.find(({ name }) => name === "pci.access-roles");
    expect(rollout?.stackSets.flatMap(({ accounts }) => names(data, accounts)).sort()).toEqual([
      "payments-prod",
      "payments-test",
      "pci-key-management",
    ]);
    const out = data.rollouts.flatMap((each) => each.out.map(([account, why]) => [data.accounts[account]?.name, why]));
    expect(out).toContainEqual(["telehealth-prod", expect.stringContaining("pending")]);
  });

  test("tell an account that the map means and the output leaves out", () => {
    const edited = sample.edit("commercial.rollouts.pci", (json) => {
      delete json["//"].orgkeys.stackSets["pci_access-roles"].reaches["310000000002"];
    });
    const data = pageOf(edited, "config");
    const rollout = data.rollouts.find(({ name }) => name === "pci.access-roles");
    expect(rollout?.out.map(([account, why]) => [data.accounts[account]?.name, why])).toContainEqual([
      "payments-prod",
      "the map means it, and the output does not bring it",
    ]);
  });
});

describe("what a page cannot tell", () => {
  test("is a stack that cannot be read", () => {
    const { notices } = pageOf(small.withText(records.stack, "{"), smallConfig);
    expect(notices.map(({ where }) => where)).toContain(records.stack);
  });

  test("is a key policy of which a part cannot be read", () => {
    const edited = small.edit(records.stack, (json) => {
      json.locals[`${records.key}-policy`].Statement[0].Unheard = true;
    });
    expect(pageOf(edited, smallConfig).notices.map(({ where }) => where)).toContain(
      `${records.stack} aws_kms_key.${records.key}`,
    );
  });

  test("are stacks that are missing or left over", () => {
    const { notices } = pageOf(small.without(records.stack), smallConfig, { leftOverStacks: ["acme.old"] });
    expect(notices.map(({ where }) => where)).toEqual(expect.arrayContaining([records.stack, "acme.old"]));
  });

  test("is no reason to leave out an account that the map does not know", () => {
    const text = small.texts.get(records.stack)?.replaceAll(records.account, "999999999999") ?? "";
    const data = pageOf(small.withText(records.stack, text), smallConfig);
    const key = data.keys.find(({ id }) => id === `999999999999/${records.key}`);
    expect(key?.zone).toBeNull();
    expect(data.accounts[key?.account ?? -1]).toMatchObject({ id: "999999999999", status: "unknown", zone: null });
    expect(accessLines(data, `999999999999/${records.key}`)).not.toEqual([]);
  });
});
