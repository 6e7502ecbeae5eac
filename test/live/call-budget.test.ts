import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { callBudget } from "../../modules/live/call-budget";
import { connections } from "../../modules/live/connections";
import { KmsCalls } from "../../modules/live/kms-calls";
import { type KmsStandIn, kmsError, startKmsStandIn } from "./kms-stand-in";

let aws: KmsStandIn;
beforeEach(async () => {
  aws = await startKmsStandIn();
});
afterEach(() => aws.stop());

const accounts = Array.from({ length: 12 }, (_, index) => String(310_000_000_000 + index));

test("no more calls are under way than a run may have, whatever account they go to", async () => {
  aws.delay = 5;
  const budget = callBudget(3);
  const clients = accounts.map((account) => new KmsCalls(aws.settings(account), budget));
  await Promise.all(clients.flatMap((client) => [client.keyIds(), client.aliases()]));
  expect(aws.mostAtOnce).toBe(3);
  expect(budget.calls).toBe(24);
});

test("every attempt counts, and a place is free while a client pauses", async () => {
  aws.answer = ({ accountId }, times) =>
    accountId === accounts[0] && times === 1 ? kmsError("ThrottlingException", "Rate exceeded") : undefined;
  const budget = callBudget(1);
  const order: string[] = [];
  const [slow, quick] = accounts.map((account) => new KmsCalls(aws.settings(account), budget));
  await Promise.all([slow?.keyIds().then(() => order.push("slow")), quick?.keyIds().then(() => order.push("quick"))]);
  expect(order).toEqual(["quick", "slow"]);
  expect(budget.calls).toBe(3);
});

test("a call is signed after it has waited, and so is never too old", async () => {
  aws.delay = 1100;
  const settings = aws.settings(accounts[0] ?? "");
  const requestHandler = { ...settings.requestHandler, requestTimeout: 5000, socketTimeout: 5000 };
  const client = new KmsCalls({ ...settings, requestHandler }, callBudget(1));
  await Promise.all([client.keyIds(), client.aliases()]);
  const [first, second] = aws.calls.map(({ signedAt }) => signedAt);
  expect(first).not.toBe(second);
});

test("a place is free again when a call fails", async () => {
  aws.answer = ({ action }) => (action === "ListKeys" ? kmsError("AccessDeniedException", "no") : undefined);
  const client = new KmsCalls(aws.settings(accounts[0] ?? ""), callBudget(1));
  await expect(client.keyIds()).rejects.toThrow("no");
  await expect(client.aliases()).resolves.toEqual([]);
});

test("a run that is stopped asks nothing more, also not what has been waiting", async () => {
  aws.delay = 20;
  const stop = new AbortController();
  const client = new KmsCalls(aws.settings(accounts[0] ?? ""), callBudget(1, stop.signal));
  const calls = [client.keyIds(), client.aliases(), client.keyStores()];
  setTimeout(() => stop.abort(), 5);
  const [first, ...others] = await Promise.allSettled(calls);
  expect(first?.status).toBe("fulfilled");
  const stopped = new Error("it was not asked any more: the command was stopped");
  expect(others).toEqual(Array(2).fill({ status: "rejected", reason: stopped }));
  await expect(client.keyIds()).rejects.toEqual(stopped);
  expect(aws.calls).toHaveLength(1);
});

test("clients share their connections, and one that ends leaves those of the others alone", async () => {
  aws.delay = 5;
  const budget = callBudget(2);
  const read = accounts.map(async (account) => {
    const settings = aws.settings(account);
    const requestHandler = { ...settings.requestHandler, ...connections };
    const client = new KmsCalls({ ...settings, requestHandler }, budget);
    await client.keyIds();
    client.close();
  });
  await Promise.all(read);
  expect(aws.calls).toHaveLength(accounts.length);
  expect(aws.connections).toBeLessThanOrEqual(2);
});
