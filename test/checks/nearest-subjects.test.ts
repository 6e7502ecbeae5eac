import { describe, expect, test } from "@jest/globals";
import { NearestSubjects } from "../../modules/checks/frame/nearest-subjects";

const web = "shop-prod aws_kms_key.shop_prod_us-east-1 statement UseWeb arn:aws:iam::210000000001:role/web";
const api = "shop-prod aws_kms_key.shop_prod_us-east-1 statement UseApi arn:aws:iam::210000000001:role/api";
const subjects = [web, api, "shop-prod aws_kms_key.shop_prod_us-east-1", "shop-test", "payments-prod readable"];
const nearest = new NearestSubjects(subjects);

describe("the nearest subject", () => {
  test.each([
    ["a misspelled account", web.replace("shop-prod", "shop-prd"), web],
    ["a misspelled address", web.replace("aws_kms_key.shop_prod", "aws_kms_key.shop-prod"), web],
    ["a misspelled statement", web.replace("UseWeb", "UseWebb"), web],
    ["a misspelled role", web.replace("role/web", "role/weeb"), web],
    ["other letter cases everywhere", web.toUpperCase(), web],
    ["blanks too many", web.replaceAll(" ", "  "), web],
    ["a word too few", web.replace("shop-prod ", ""), web],
    ["a word too many", `${web} now`, web],
    ["the other of two that are near", api.replace("UseApi", "UsesApi"), api],
    ["a single word", "shop-tset", "shop-test"],
  ])("is found for %s", (_, subject, meant) => {
    expect(nearest.of(subject)).toBe(meant);
  });

  test.each([
    ["another finding altogether", "pci-key-management aws_kms_alias.other"],
    ["a text that shares one word of two", "payments-prod aws_kms_key.payments_prod_us-east-1"],
    ["an account alone", "finance-prod"],
    ["nothing", ""],
  ])("is none for %s", (_, subject) => {
    expect(nearest.of(subject)).toBeUndefined();
  });

  test("is the same in whatever order the findings come", () => {
    const backwards = new NearestSubjects([...subjects].reverse());
    const between = web.replace("UseWeb", "UseXxx").replace("role/web", "role/xxx");
    expect(backwards.of(between)).toBe(nearest.of(between));
    expect(new NearestSubjects(["a y", "a x"]).of("a z")).toBe("a x");
  });

  test.each([0, 99, 100, 4711, 9999])("is found among 10,000 that differ in one word: number %i", (number) => {
    const many = Array.from({ length: 10_000 }, (_, index) => `keys aws_kms_key.workload-${index}_us-east-1`);
    expect(new NearestSubjects(many).of(`${many[number]}x`)).toBe(many[number]);
  });

  test("is none among none", () => {
    expect(new NearestSubjects([]).of(web)).toBeUndefined();
  });
});
