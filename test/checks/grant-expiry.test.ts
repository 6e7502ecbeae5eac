import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/grant-expiry";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const key = "payments_prod_us-east-1";
const replica = "payments_prod_us-west-2";
const batch = `${key}_payments-batch`;
const grant = `pci-key-management aws_kms_grant.${batch}`;
const place = { document: stack, path: `/resource/aws_kms_grant/${batch}` };
const sources = ["workloads/payments.yaml payments.environments.prod"];
const classless = "never ends, and nobody knows whether it may: the key's data class is none of the map";

type Edit = (metadata: Json, json: Json) => void;

function edited(change: Edit, today?: string) {
  return sample.edit(stack, (json) => change(json["//"].orgkeys.keys[key], json)).check([check], today);
}

describe("grant-expiry", () => {
  test.each(["config", "test/fixtures/small"])("%s is clean, as long as nothing has ended", (config) => {
    expect(outputOf(config).check([check])).toEqual([]);
    expect(outputOf(config).check([check], "2027-01-30")).toEqual([]);
  });

  test.each<[string, Edit]>([
    ["no end", (metadata) => delete metadata.grants[batch].expires],
    ["an end that is nothing", (metadata) => (metadata.grants[batch].expires = null)],
    ["an end that is a number", (metadata) => (metadata.grants[batch].expires = 20270131)],
    ["no metadata of the grant", (metadata) => delete metadata.grants[batch]],
    ["no metadata of any grant", (metadata) => delete metadata.grants],
    ["metadata of grants that are a list", (metadata) => (metadata.grants = [batch])],
    [
      "metadata under the grant's name in AWS",
      (metadata) => {
        metadata.grants[`orgkeys-${batch}`] = metadata.grants[batch];
        delete metadata.grants[batch];
      },
    ],
  ])("finds %s", (_, change) => {
    const found = edited(change).filter(({ where }) => where.includes(batch));
    expect(found).toMatchObject([
      {
        where: `${grant} without an end`,
        why: "never ends, and data class regulated asks for a last day",
        severity: "high",
        place,
        sources,
      },
    ]);
  });

  test("finds a grant that is added by hand", () => {
    const found = edited((_, json) => {
      json.resource.aws_kms_grant.extra = { ...json.resource.aws_kms_grant[batch], name: "extra" };
    });
    expect(found).toMatchObject([{ where: "pci-key-management aws_kms_grant.extra without an end", sources }]);
  });

  test("finds a grant that is moved to another key, whose metadata do not know it", () => {
    const found = edited((_, json) => {
      json.resource.aws_kms_grant[batch].key_id = "${aws_kms_key.cardholder-vault_prod_us-east-1.key_id}";
    });
    expect(found).toMatchObject([{ where: `${grant} without an end` }]);
  });

  test("finds the grant of a replica, whose end stands with its primary", () => {
    const found = edited((metadata) => delete metadata.grants[`${replica}_payments-batch`].expires);
    expect(found).toMatchObject([
      { where: `pci-key-management aws_kms_grant.${replica}_payments-batch without an end`, sources },
    ]);
  });

  test.each(["never", "2027-02-30", "2027-1-31", "31.01.2027", "2027-01-31T00:00:00Z", "", "9999"])(
    "finds an end that is no day, whatever the data class asks: %j",
    (expires) => {
      for (const dataClass of ["regulated", "confidential", "none of the map"]) {
        const found = edited((metadata) => {
          metadata.dataClass = dataClass;
          metadata.grants[batch].expires = expires;
        });
        expect(found).toMatchObject([
          { where: `${grant} without an end`, why: `ends on "${expires}", which is no day of the calendar` },
        ]);
      }
    },
  );

  test.each<[string, Edit]>([
    ["that the map does not have", (metadata) => (metadata.dataClass = "regulatd")],
    ["with keys of AWS's own", (metadata) => (metadata.dataClass = "internal")],
    ["that is missing", (metadata) => delete metadata.dataClass],
  ])("holds a key of a data class %s to all that a data class can ask for", (_, change) => {
    const found = edited((metadata) => {
      delete metadata.grants[batch].expires;
      change(metadata, undefined);
    });
    expect(found).toMatchObject([{ where: `${grant} without an end`, why: classless }]);
  });

  test("finds every grant when a stack has no metadata", () => {
    const found = edited((_, json) => delete json["//"]);
    expect(found.map(({ why }) => why)).toEqual([classless, classless]);
  });

  test("finds what is past its last day and still there, whatever the data class asks", () => {
    for (const dataClass of ["regulated", "confidential", "none of the map"]) {
      const today = (day: string) => {
        const found = edited((metadata) => (metadata.dataClass = dataClass), day);
        return found.filter(({ where }) => where.startsWith(grant));
      };
      expect(today("2027-01-30")).toEqual([]);
      for (const day of ["2027-01-31", "2027-02-01", "2031-01-01"]) {
        expect(today(day)).toMatchObject([
          {
            where: `${grant} past its end`,
            why: "ended on 2027-01-31, and is still there",
            whatToDo: `synthesize with --today ${day} and apply, which revokes it, or set a later day in the map`,
          },
        ]);
      }
    }
  });

  test.each<[string, Edit]>([
    ["a grant that is gone", (_, json) => delete json.resource.aws_kms_grant[batch]],
    ["a later day", (metadata) => (metadata.grants[batch].expires = "2029-02-28")],
    ["a leap day", (metadata) => (metadata.grants[batch].expires = "2028-02-29")],
    ["a data class that nobody knows, with an end", (metadata) => delete metadata.dataClass],
    [
      "a data class that leaves it open",
      (metadata) => {
        metadata.dataClass = "confidential";
        delete metadata.grants[batch].expires;
      },
    ],
    [
      "an unknown grant of a data class that leaves it open",
      (metadata) => {
        metadata.dataClass = "confidential";
        delete metadata.grants;
      },
    ],
  ])("is content with %s", (_, change) => {
    expect(edited(change)).toEqual([]);
  });
});
