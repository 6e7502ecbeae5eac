import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { readSynthesizedStack } from "../../modules/access/read-synthesized-stack";
import { run } from "../../modules/cli/main";
import type { ReviewedKey } from "../../modules/drift/reviewed/reviewed-key";
import { reviewedKeys } from "../../modules/drift/reviewed/reviewed-keys";
import type { Json } from "../checks/sample-output";
import { ledger, records, shared } from "../checks/small-output";
import { keyPolicy } from "../drift/live-key";
import { type KeyOfAccount, KmsOfAccount } from "./kms-of-account";
import { makeMapFolder } from "./map-folder";
import { orgkeys, orgkeysLater, type Recorded } from "./recorded-terminal";

jest.setTimeout(60_000);

const environment = { ...process.env };
const id = "mrk-0123456789abcdef0123456789abcdef";
const other = "99999999-0000-4000-8000-000000000000";
const east = "us-east-1";
const west = "us-west-2";

let folder: string;
let out: string;
let aws: KmsOfAccount;
let primary: KeyOfAccount;
let replica: KeyOfAccount;

beforeAll(() => {
  const made = makeMapFolder();
  ({ folder, out } = made);
  orgkeys("synth", "--config", made.config, "--out", out);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function reviewed(stack: string, address: string): ReviewedKey {
  const text = readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8");
  const found = reviewedKeys(readSynthesizedStack(stack, text), []).find((key) => key.address === address);
  if (found === undefined) throw new Error(`${stack} has no ${address}`);
  return found;
}

const ofLedger = (): ReviewedKey => reviewed(ledger.stack, `aws_kms_key.${ledger.key}`);
const alias = (): string => ofLedger().aliases[0]?.name ?? "";

beforeEach(async () => {
  aws = new KmsOfAccount(ledger.account);
  process.env = { ...environment, ...(await aws.start()) };
  primary = aws.make(id, ofLedger());
  replica = aws.make(id, reviewed(ledger.stack, `aws_kms_replica_key.${ledger.replica}`));
});
afterEach(async () => {
  process.env = environment;
  await aws.stop();
});

const recover = (...words: string[]): Promise<Recorded> => orgkeysLater("recover", ...words, "--out", out);

/** The numbered steps of the first look. */
function stepsOf({ printed }: Recorded): string[] {
  return [...printed.matchAll(/^ {2}\d+\. (.+)$/gm)].map((match) => match[1] ?? "");
}

describe("recover", () => {
  test("of a key that is as reviewed has nothing to do, however it is named", async () => {
    const names = [
      alias(),
      alias().replace("alias/", ""),
      `aws_kms_key.${ledger.key}`,
      `arn:aws:kms:${east}:${ledger.account}:${alias()}`,
      aws.arn(east, id),
    ];
    for (const name of names) {
      const told = await recover(name);
      expect([name, told.code, told.noted, stepsOf(told)]).toEqual([name, 0, "", []]);
      expect(told.printed).toContain(`key    ${id}, aws_kms_key.${ledger.key} of ${ledger.stack}`);
    }
    expect((await recover(alias())).printed).toContain(
      `grants and its rotation are not looked at here. Whether they are as reviewed:\n    npm run -s orgkeys -- drift --account keys --out ${out}`,
    );
    const byId = await recover(id, "--region", west);
    expect([byId.code, byId.printed]).toEqual([0, expect.stringContaining(`aws_kms_replica_key.${ledger.replica}`)]);
    expect(aws.changes).toEqual([]);
  });

  test("says how many days are left, and changes nothing unless it is told", async () => {
    primary.state = "PendingDeletion";
    primary.deletedAt = Math.floor(Date.now() / 1000) + 9 * 86_400 + 3600;
    const told = await recover(alias());
    expect(told.code).toBe(2);
    expect(told.printed).toMatch(
      /state {2}PendingDeletion: AWS deletes it on \S+ \(9 days left\), and all data under it is lost for good/,
    );
    expect(stepsOf(told)).toEqual(["cancel its deletion", "enable it"]);
    expect(told.printed).toContain(`aws kms cancel-key-deletion --key-id ${aws.arn(east, id)} --region ${east}`);
    expect(aws.changes).toEqual([]);
  });

  test("with --execute brings a key and its replica back, step by step", async () => {
    primary.state = "PendingDeletion";
    primary.policy = keyPolicy({ Principal: { AWS: ledger.account }, Action: "kms:PutKeyPolicy" });
    replica.state = "Disabled";
    aws.in(east).aliases.set(alias(), other);
    aws.in(east).keys.set(other, { ...primary, id: other, state: "Enabled", description: "another", tags: {} });
    aws.in(west).aliases.delete(alias());
    const told = await recover(alias(), "--execute", "--yes");
    const arn = aws.arn(east, id);
    expect(aws.changes).toEqual([
      `${east} CancelKeyDeletion ${arn}`,
      `${east} PutKeyPolicy ${arn}`,
      `${east} EnableKey ${arn}`,
      `${east} UpdateAlias ${alias()}`,
      `${west} EnableKey ${aws.arn(west, id)}`,
      `${west} CreateAlias ${alias()}`,
    ]);
    expect(told.code).toBe(0);
    expect([primary.state, replica.state]).toEqual(["Enabled", "Enabled"]);
    expect([aws.in(east).aliases.get(alias()), aws.in(west).aliases.get(alias())]).toEqual([id, id]);
    expect((await recover(alias())).code).toBe(0);
  });

  test("with --execute asks for each step, and leaves the rest of a key where the answer is not yes", async () => {
    primary.state = "PendingDeletion";
    const asked: string[] = [];
    const noted: string[] = [];
    const code = await run(["recover", alias(), "--execute", "--region", east, "--out", out], {
      print: () => undefined,
      note: (...lines) => noted.push(...lines),
      progress: () => undefined,
      emphasize: (text) => text,
      ask: (question) => {
        asked.push(question);
        return Promise.resolve(asked.length === 1 ? "yes" : "y");
      },
    });
    expect(asked).toEqual([
      `${east}: cancel its deletion (${aws.arn(east, id)})? Only yes is a yes: `,
      `${east}: enable it (${aws.arn(east, id)})? Only yes is a yes: `,
    ]);
    expect([code, primary.state]).toEqual([2, "Disabled"]);
    expect(noted).toContain(`${east}: enable it: left, and the steps after it as well`);
  });

  test("with --execute ends at what AWS denies, and says who may", async () => {
    primary.state = "Disabled";
    const owner = `arn:aws:iam::${ledger.account}:role/Owner`;
    primary.policy = keyPolicy({ Principal: { AWS: owner }, Action: "kms:PutKeyPolicy" });
    aws.denied.add("PutKeyPolicy");
    const { code, noted } = await recover(alias(), "--execute", "--yes", "--region", east);
    expect([code, primary.state, aws.changes]).toEqual([1, "Disabled", []]);
    expect(noted).toMatch(
      /put the reviewed policy back: failed: AccessDeniedException: nobody may PutKeyPolicy\n.*can be changed by only .*role\/Owner/,
    );
  });

  test("never offers to put a policy where nobody may: the way out is AWS Support", async () => {
    primary.state = "Disabled";
    primary.policy = keyPolicy();
    const { code, noted, printed } = await recover(alias(), "--execute", "--yes", "--region", east);
    expect([code, primary.state, aws.changes.join()]).toEqual([
      2,
      "Enabled",
      expect.not.stringContaining("PutKeyPolicy"),
    ]);
    expect(noted).toContain("have AWS Support let the account in again: no call of AWS does it");
    expect(printed).toContain("open a case with AWS Support");
    expect(printed).not.toMatch(/^ +(aws kms put-key-policy|cat > )/m);
  });

  test("leads no alias back that has moved again while somebody was asked", async () => {
    aws.in(east).keys.set(other, { ...primary, id: other, description: "another", tags: {} });
    aws.in(east).aliases.set(alias(), other);
    const noted: string[] = [];
    const third = "88888888-0000-4000-8000-000000000000";
    const code = await run(["recover", id, "--execute", "--region", east, "--out", out], {
      print: () => undefined,
      note: (...lines) => noted.push(...lines),
      progress: () => undefined,
      emphasize: (text) => text,
      ask: () => {
        aws.in(east).keys.set(third, { ...primary, id: third, description: "a third", tags: {} });
        aws.in(east).aliases.set(alias(), third);
        return Promise.resolve("yes");
      },
    });
    expect([code, aws.changes]).toEqual([1, []]);
    expect(noted.join("\n")).toContain(`leads to ${third} by now, and not to ${other}`);
  });

  test("does the rest where the policy cannot be read, and says so", async () => {
    primary.state = "Disabled";
    aws.denied.add("GetKeyPolicy");
    const told = await recover(alias(), "--execute", "--yes", "--region", east);
    expect([told.code, primary.state]).toEqual([2, "Enabled"]);
    expect(told.printed).toMatch(/put the reviewed policy back\n.*it was not read: AccessDeniedException/);
  });

  test("leaves a key that the map ends, and says where the way back is", async () => {
    primary.state = "PendingDeletion";
    const name = alias();
    const file = join(out, "stacks", ledger.stack, "cdk.tf.json");
    const text = readFileSync(file, "utf8");
    const json: Json = JSON.parse(text);
    json["//"].orgkeys.keys[ledger.key].step = "scheduled";
    delete json.resource.aws_kms_key[ledger.key];
    writeFileSync(file, JSON.stringify(json));
    try {
      for (const named of [
        [name, "--region", east],
        [id, "--region", east],
      ]) {
        const told = await recover(...named, "--execute", "--yes");
        expect([told.code, aws.changes]).toEqual([0, []]);
        expect(told.printed).toMatch(
          /PendingDeletion: .*the map has it as scheduled: docs\/lifecycle\.md#cancel has the way back/,
        );
      }
    } finally {
      writeFileSync(file, text);
    }
  });

  test("without a terminal does nothing unless --yes is said", async () => {
    primary.state = "Disabled";
    expect(await recover(alias(), "--execute")).toMatchObject({
      code: 1,
      noted: expect.stringMatching(/there is none: say --yes/),
    });
    expect(await recover(alias(), "--yes")).toMatchObject({
      code: 1,
      noted: expect.stringMatching(/--yes goes with --execute/),
    });
    expect(aws.changes).toEqual([]);
  });

  test("finds a key whose alias is gone by its tags and description", async () => {
    aws.in(east).aliases.clear();
    const told = await recover(alias(), "--region", east);
    expect([told.code, stepsOf(told)]).toEqual([2, [`make ${alias()}`]]);
    expect(told.printed).toContain(`key    ${id},`);
  });

  test("takes no other key for the one that is gone, though it has the alias", async () => {
    const { key } = shared;
    aws.in(east).keys.clear();
    aws.make(other, { ...reviewed(shared.stack, `aws_kms_key.${key}`), aliases: ofLedger().aliases });
    const told = await recover(alias(), "--region", east, "--execute", "--yes");
    expect(told.code).toBe(2);
    expect(stepsOf(told)[0]).toBe("find out what became of it");
    expect(told.printed).toMatch(/lost for good/);
    expect(aws.changes).toEqual([]);
  });

  test("does not choose among several keys that could be meant", async () => {
    aws.in(east).aliases.clear();
    aws.in(east).keys.set(other, { ...primary, id: other });
    expect(await recover(alias(), "--region", east)).toMatchObject({
      code: 1,
      noted: expect.stringMatching(new RegExp(`can be each of ${id}, ${other}: name one by its id`)),
    });
  });

  test("connects the key store of a key that is unavailable", async () => {
    aws.in(east).keys.set(id, { ...primary, state: "Unavailable", keyStore: "cks-0123456789abcdef0" });
    aws.in(east).keyStores.set("cks-0123456789abcdef0", "DISCONNECTED");
    const told = await recover(alias(), "--region", east, "--execute", "--yes");
    expect([told.code, aws.changes]).toEqual([0, [`${east} ConnectCustomKeyStore cks-0123456789abcdef0`]]);
    expect(told.printed).toMatch(/Unavailable: its key store hsm is DISCONNECTED/);
  });

  test("leaves material to people, with the commands and what is lost", async () => {
    primary.state = "PendingImport";
    primary.origin = "EXTERNAL";
    const told = await recover(alias(), "--region", east, "--execute", "--yes");
    expect([told.code, aws.changes, stepsOf(told)[0]]).toEqual([2, [], "import its material"]);
    expect(told.printed).toMatch(/without the very same material its data is lost for good/);
    expect(told.printed).toContain("aws kms import-key-material");
  });

  test("assumes a role of the key's account, with what its stack asks of a session", async () => {
    const role = `arn:aws:iam::${ledger.account}:role/KeyBreakGlass`;
    expect((await recover(alias(), "--role", role)).code).toBe(0);
    expect(aws.sessions).toEqual([`${role} orgkeys-acme`]);
  });

  test.each<[string, () => string[], RegExp]>([
    ["no key", () => ["a key"], /a key: is no key/],
    [
      "a role that is none",
      () => [alias(), "--role", "KeyBreakGlass"],
      /--role KeyBreakGlass: must be the ARN of a role/,
    ],
    ["an alias that no stack has", () => [`${alias()}x`], /no stack has it; did you mean alias\/ledger/],
    ["an id without a Region", () => [id], /say in which --region/],
    [
      "a key of another account",
      () => [reviewed(records.stack, `aws_kms_key.${records.key}`).aliases[0]?.name ?? ""],
      /it is a key of clinic \(310000000001\), and these credentials are of 100000000001/,
    ],
    [
      "a role of another account than the key's",
      () => [alias(), "--role", "arn:aws:iam::310000000001:role/KeyBreakGlass"],
      /it is a key of .* \(100000000001\), and --role is of 310000000001: name a role of the key's account/,
    ],
    [
      "an ARN of another account",
      () => [`arn:aws:kms:us-east-1:310000000001:key/${id}`],
      /nobody of another account manages a key/,
    ],
    [
      "a Region that the key is not in",
      () => [alias(), "--region", "eu-west-1"],
      /--region eu-west-1: the key is in us-east-1, us-west-2/,
    ],
    ["a key that is not in AWS", () => [other, "--region", east], /AWS has no such key in us-east-1/],
  ])("refuses %s", async (_, words, why) => {
    const { code, noted, printed } = await recover(...words());
    expect([code, printed]).toEqual([1, ""]);
    expect(noted).toMatch(why);
    expect(aws.changes).toEqual([]);
  });

  test.each<[string, () => string[], string]>([
    ["the key's account", () => [alias()], `sign in as somebody of account keys (${ledger.account})`],
    ["the account of an id", () => [id, "--region", east], "sign in as somebody of the key's account"],
    [
      "a role",
      () => [alias(), "--role", `arn:aws:iam::${ledger.account}:role/KeyBreakGlass`],
      `sign in as somebody who may assume arn:aws:iam::${ledger.account}:role/KeyBreakGlass`,
    ],
  ])("without credentials says to sign in for %s", async (_, words, whoToBe) => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const { code, noted } = await recover(...words());
    expect(code).toBe(1);
    expect(noted).toContain(`there are no credentials of AWS: ${whoToBe}, or set AWS_PROFILE: `);
  });

  test("needs an output that is whole", async () => {
    expect(await orgkeysLater("recover", alias(), "--out", join(folder, "nowhere"))).toMatchObject({
      code: 1,
      noted: expect.stringMatching(/run orgkeys synth first/),
    });
  });
});
