import { describe, expect, test } from "@jest/globals";
import { renderPage } from "../../modules/report/html/render-page";
import { packPage } from "../../modules/report/pack-page";
import type { PageAccess, PageData, PagePrincipal } from "../../modules/report/page-data";
import { unpackPage } from "../../modules/report/unpack-page";
import { sample } from "../checks/legacy-reports";
import { small } from "../checks/small-output";
import { pageOf, parts } from "./html/sample-page";

const megabytes = 1_000_000;
const page = pageOf(small, "test/fixtures/small");

/** Accounts with eight keys each, whose names have nothing in common but their form. */
function largePage(accounts: number): PageData {
  const [account, key, zone] = [page.accounts[0], page.keys[0], page.zones[0]];
  if (account === undefined || key === undefined || zone === undefined) throw new Error("the fixture is empty");
  const principals: PagePrincipal[] = [];
  const access: PageAccess[] = [];
  const through: string[] = [];
  const keys = Array.from({ length: accounts * 8 }, (_, index) => {
    const owner = Math.floor(index / 8);
    const name = `orders-and-returns-${String(owner).padStart(4, "0")}-prod-${["s3", "ebs", "rds", "sqs"][index % 4]}-${index % 8}`;
    const accountId = String(300_000_000_000 + owner);
    if (index % 8 === 0) {
      for (let role = 0; role < 14; role++) {
        principals.push({
          name: `role/application-${role}`,
          kind: "role",
          account: owner,
          arn: `arn:aws:iam::${accountId}:role/application-${role}`,
        });
      }
    }
    for (let row = 0; row < 14; row++) {
      const common = index === 0 || row >= 6 ? undefined : row;
      const own = common ?? through.push(`statement UseOrdersAndReturns${index}ProdApplication${row}`) - 1;
      access.push([owner * 14 + row, index, row % page.actionSets.length, own, row % page.conditions.length, 0, 0]);
    }
    return {
      ...key,
      id: `${accountId}/${name}_us-east-1`,
      alias: `alias/${name}`,
      aliases: [`alias/${name}`],
      account: owner,
      zone: 0,
      owner: `team-${owner}`,
      workload: `orders-and-returns-${index}`,
      environment: "prod",
      stack: `acme.workloads.prod.orders-and-returns-${owner}`,
      address: `aws_kms_key.${name}_us-east-1`,
      sources: [`workloads/orders-and-returns-${owner}.yaml orders-and-returns.environments.prod`],
    };
  });
  return {
    ...page,
    accounts: Array.from({ length: accounts }, (_, index) => {
      return { ...account, name: `orders-and-returns-${index}-prod`, id: String(300_000_000_000 + index) };
    }),
    keys,
    principals,
    through,
    access,
  };
}

describe("a packed page", () => {
  test.each([
    ["the small organization", page],
    ["the sample", pageOf(sample, "config")],
    ["nothing", { ...page, keys: [], accounts: [], access: [], principals: [], through: [], findings: [] }],
    ["one account", { ...page, access: [], principals: [], through: [], accounts: page.accounts.slice(0, 1) }],
  ])("is unpacked as it was: %s", (_, data) => {
    const text = JSON.stringify(packPage(data));
    expect(unpackPage(JSON.parse(text))).toEqual(data);
  });

  test("of 1,000 accounts with 8,000 keys stays below 5 MB, as a whole file with its script", () => {
    const large = largePage(1_000);
    const html = renderPage(large, { ...parts, script: "x".repeat(0.5 * megabytes) });
    expect(Buffer.byteLength(html)).toBeLessThan(5 * megabytes);
    expect(Buffer.byteLength(html)).toBeLessThan(JSON.stringify(large).length / 2);
    expect(unpackPage(JSON.parse(JSON.stringify(packPage(large)))).access).toEqual(large.access);
  });

  test("is refused where access names somebody who is not there", () => {
    expect(() => packPage({ ...page, principals: [] })).toThrow(RangeError);
  });
});
