import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  ListAliasesCommand,
  PutKeyPolicyCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type LiveOrganization, startOrganization } from "./organization";
import { startOrgkeys } from "./orgkeys-process";

const CONFIG = join(__dirname, "../fixtures/small");
const STACK = "acme.health.clinic";
const CLINIC = { accountId: "310000000001", region: "us-east-1" };

let live: LiveOrganization;

beforeAll(async () => {
  live = await startOrganization("drift-terraform");
  await live.load(CONFIG);
  await live.apply([STACK]);
});
afterAll(() => live?.stop());

interface Reported {
  readonly engine: string;
  readonly findings: readonly {
    readonly id: string;
    readonly terraform?: string | null;
    readonly place: { readonly address?: string | null; readonly resource: string };
  }[];
}

async function drift(...words: string[]) {
  const places = ["--config", CONFIG, "--out", live.out, "--runs", join(live.folder, "runs"), "--format", "json"];
  const { code, stdout, stderr } = await startOrgkeys(["drift", STACK, ...places, ...words], live.environment).ended;
  const report: Reported | undefined = stdout === "" ? undefined : JSON.parse(stdout);
  return { code, report, noted: stderr };
}

test("as applied", async () => {
  const { code, report, noted } = await drift("--engine", "terraform");
  process.stderr.write(noted + JSON.stringify(report?.findings, null, 1));
  expect([code, report?.findings]).toEqual([0, []]);
});

test("with drift", async () => {
  const { kms } = await live.emulator.clientsFor(CLINIC);
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
  process.stderr.write(JSON.stringify(Aliases));
  const KeyId = Aliases.find(({ AliasName }) => AliasName?.includes("records"))?.TargetKeyId ?? "";
  await kms.send(new DisableKeyCommand({ KeyId }));
  await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "Owner", TagValue: "mallory" }] }));
  await kms.send(new CreateKeyCommand({ Description: "by hand" }));
  const { code, report, noted } = await drift("--engine", "terraform");
  process.stderr.write(noted + JSON.stringify(report?.findings, null, 1));
  expect(code).toBe(2);
});
