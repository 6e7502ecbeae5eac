import { describe, expect, test } from "@jest/globals";
import type { AcceptedException } from "../../modules/checks/frame/check";
import type { GateRules } from "../../modules/gate/gate-finding";
import { parseAllowance } from "../../modules/gate/parse-allowance";
import { adding, both, type Edit, ledger, onResource, records } from "../checks/small-output";
import { allowance, gateEdit } from "./gated";

const address = `aws_kms_key.${records.key}`;
const shorter = onResource(records.stack, "aws_kms_key", records.key, (key) => {
  key.deletion_window_in_days = 7;
});
const unprotected = onResource(records.stack, "aws_kms_key", records.key, (key) => {
  key.lifecycle = {};
});
const widened = adding(ledger, { Principal: { AWS: "arn:aws:iam::310000000001:role/reader" } });
const shorterElsewhere = onResource(ledger.stack, "aws_kms_key", ledger.key, (key) => {
  key.deletion_window_in_days = 7;
});

async function outcome(edit: Edit, rules: Partial<GateRules>) {
  const { open, mistakes, findings, unused } = await gateEdit(edit, rules);
  return {
    open,
    mistakes,
    unused: unused.map(({ subject }) => subject),
    allowed: findings.map((each) => each.allowed?.by),
  };
}

function exception(change: Partial<AcceptedException>): AcceptedException {
  return {
    name: "window",
    check: "deletion-window-shortened",
    subject: records.at,
    owner: "clinic",
    reason: "Agreed with the clinic",
    expires: "2027-01-01",
    source: "exceptions.yaml window",
    ...change,
  };
}

describe("--allow", () => {
  test.each([
    address,
    `clinic ${address}`,
    `${records.stack} ${address}`,
    `deletion-window-shortened ${address}`,
    `deletion-window-shortened clinic ${address}`,
  ])("allows by %s", async (subject) => {
    const found = await outcome(shorter, { allowances: [allowance(subject)] });
    expect(found).toEqual({ open: 0, mistakes: [], unused: [], allowed: ["command line"] });
  });

  test("allows nothing but what it names", async () => {
    const both2 = both(shorter, shorterElsewhere);
    const found = await outcome(both2, { allowances: [allowance(address)] });
    expect(found).toMatchObject({ open: 1, mistakes: [] });
  });

  test("is a mistake where it allows nothing", async () => {
    const subject = `corporate ${address}`;
    const wrong = {
      open: 1,
      unused: [subject],
      mistakes: [`--allow ${subject} allows nothing: the gate finds nothing there`],
    };
    expect(await outcome(shorter, { allowances: [allowance(subject)] })).toMatchObject(wrong);
    const later = await outcome(shorter, { allowances: [allowance(subject)], moreToCome: true });
    expect(later).toMatchObject({ open: 1, unused: [subject], mistakes: [] });
  });

  test("is a mistake where it can mean two things", async () => {
    const two = both(shorter, unprotected);
    expect(await outcome(two, { allowances: [allowance(address)] })).toMatchObject({
      open: 2,
      mistakes: [
        `--allow ${address} can mean more than one thing: write deletion-window-shortened ${records.stack} ${address}, or prevent-destroy-dropped ${records.stack} ${address}`,
      ],
    });
    const each = ["deletion-window-shortened", "prevent-destroy-dropped"].map((id) => allowance(`${id} ${address}`));
    expect(await outcome(two, { allowances: each })).toMatchObject({ open: 0, mistakes: [] });
  });

  test("never stands for a wider policy", async () => {
    const subject = `aws_kms_key.${ledger.key}`;
    expect(await outcome(widened, { allowances: [allowance(subject)] })).toMatchObject({
      open: 1,
      mistakes: [expect.stringContaining(`--allow ${subject} cannot stand for policy-widened: write an exception`)],
    });
  });

  test("allows more changes than the run may make", async () => {
    const rules = { maxChanges: 0, allowances: [allowance("run")] };
    const edit = onResource(records.stack, "aws_kms_key", records.key, (key) => {
      key.tags.Team = "clinic";
    });
    expect(await outcome(edit, { maxChanges: 0 })).toMatchObject({ open: 1 });
    expect(await outcome(edit, rules)).toMatchObject({ open: 0, mistakes: [] });
    expect(await outcome(edit, { maxChanges: 1 })).toMatchObject({ open: 0 });
    expect(await outcome(edit, { maxChanges: 1, changesBefore: 1 })).toMatchObject({ open: 1 });
  });

  test.each([
    ["aws_kms_key.x=agreed with finance", { subject: "aws_kms_key.x", reason: "agreed with finance" }],
    ["  clinic   aws_kms_key.x = a=b c", { subject: "clinic aws_kms_key.x", reason: "a=b c" }],
    ["aws_kms_key.x=", undefined],
    ["aws_kms_key.x=yes", undefined],
    ["=agreed with finance", undefined],
    ["aws_kms_key.x", undefined],
  ])("is read: %s", (text, read) => {
    expect(parseAllowance(text)).toEqual(read);
  });
});

describe("exceptions.yaml", () => {
  test("allows its finding until its day, and not from then on", async () => {
    const exceptions = [exception({})];
    expect(await outcome(shorter, { exceptions })).toMatchObject({ open: 0, allowed: ["exception"] });
    expect(await outcome(shorter, { exceptions, today: "2027-01-01" })).toMatchObject({ open: 1 });
  });

  test.each([
    ["another check", { check: "key-destroyed" as const }],
    ["another subject", { subject: `${records.at} extra` }],
  ])("allows nothing of %s", async (_, change) => {
    expect(await outcome(shorter, { exceptions: [exception(change)] })).toMatchObject({ open: 1 });
  });

  test("allows a wider policy, for the very principal and statement", async () => {
    const subject = `${ledger.at} statement Extra arn:aws:iam::310000000001:role/reader`;
    const exceptions = [exception({ check: "policy-widened", subject })];
    expect(await outcome(widened, { exceptions })).toMatchObject({ open: 0, mistakes: [] });
  });

  test("never allows what nobody has reviewed", async () => {
    const edit = onResource(records.stack, "aws_kms_key", records.key, (key) => {
      key.is_enabled = false;
    });
    const exceptions = [exception({ check: "plan-not-reviewed", subject: `${records.at} step` })];
    expect(await outcome(edit, { exceptions })).toMatchObject({ open: 1 });
  });
});
