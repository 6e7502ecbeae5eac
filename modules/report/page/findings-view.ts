import type { PageFinding } from "../page-data";
import { h } from "./elements";
import { exceptionTable } from "./exceptions-view";
import { distinct } from "./filter-bar";
import { listWithPanel } from "./list-with-panel";
import { at, type Model, zoneName } from "./model";
import type { Page, View, ViewMaker } from "./page";
import { empty, facts, heading, keyLink, severityTag, switcher, zoneTag } from "./pieces";
import { formatHash, type PageState } from "./state";
import { textColumn } from "./text-column";
import type { Column } from "./virtual-table";
import { searchWords } from "./words";

export const severityOrder: readonly string[] = ["critical", "high", "medium", "low", "information"];

/** What checks have found, and what of it is accepted by whom until when. */
export const findingsView: ViewMaker = (page, host, state) => {
  const { findings, exceptions, notices } = page.model.data;
  const part = ["exceptions", "notices"].find((each) => each === state.subject) ?? "";
  host.append(
    heading(
      "Findings",
      "What the checks say of the synthesized JSON, and the exceptions that accept some of it until a day.",
    ),
    switcher("Findings, exceptions or notices", [
      [`Findings ${findings.length}`, formatHash("findings"), part === ""],
      [`Exceptions ${exceptions.length}`, formatHash("findings", "exceptions"), part === "exceptions"],
      [`Not told ${notices.length}`, formatHash("findings", "notices"), part === "notices"],
    ]),
  );
  if (part === "notices") return noticeList(page, host);
  return part === "exceptions" ? exceptionTable(page, host, state) : findingTable(page, host, state);
};

function noticeList({ model }: Page, host: HTMLElement): View {
  const { notices } = model.data;
  host.append(
    notices.length === 0
      ? empty("This page leaves nothing out.")
      : h(
          "ul",
          { class: "laid" },
          notices.map(({ where, what, whatToDo }) =>
            h("li", {}, h("strong", {}, where), ` ${what}`, h("p", { class: "todo" }, whatToDo)),
          ),
        ),
  );
  return {};
}

function findingTable(page: Page, host: HTMLElement, state: PageState): View {
  const { model } = page;
  const { findings } = model.data;
  return listWithPanel(page, host, state, {
    noun: "finding",
    all: findings.length,
    filters: [
      { name: "severity", label: "Severity", values: severityOrder },
      { name: "id", label: "Check", values: distinct(findings.map(({ id }) => id)) },
      { name: "zone", label: "Zone", values: distinct(findings.map(({ zone }) => zoneName(model.data, zone))) },
      { name: "is", label: "Accepted", values: ["open", "accepted"] },
    ],
    columns: findingColumns(model),
    found: (next) => findingsFound(model, next),
    opened: (index) => [at(findings, index).id, findingFacts(model, at(findings, index))],
    none: "The checks find nothing.",
  });
}

function findingFacts(model: Model, finding: PageFinding): HTMLElement {
  return facts([
    ["Severity", severityTag(finding.severity)],
    ["Where", finding.where],
    ...(finding.key === null ? [] : [["Key", keyLink(model, finding.key)] as const]),
    ["Why", finding.why],
    ["What to do", finding.whatToDo],
    ...(finding.isProof ? [["Zone proof", "It is part of the proof that nobody crosses a zone's wall."] as const] : []),
    ...(finding.exception === null
      ? []
      : [
          [
            "Accepted by",
            h("a", { href: formatHash("findings", "exceptions") }, at(model.data.exceptions, finding.exception).name),
          ] as const,
        ]),
    ["Zone", zoneTag(model, finding.zone, true)],
    [
      "Account",
      finding.account === null
        ? "none"
        : `${at(model.data.accounts, finding.account).name} ${at(model.data.accounts, finding.account).id}`,
    ],
  ]);
}

function findingsFound(model: Model, { query }: PageState): number[] {
  const words = searchWords(query.get("q") ?? "");
  return model.data.findings.flatMap(({ id, severity, where, why, zone, exception }, index) => {
    const text = `${id} ${where} ${why}`.toLowerCase();
    const fits =
      (query.get("severity") ?? severity) === severity &&
      (query.get("id") ?? id) === id &&
      (query.get("zone") ?? zoneName(model.data, zone)) === zoneName(model.data, zone) &&
      (query.get("is") ?? isWord(exception)) === isWord(exception) &&
      words.every((word) => text.includes(word));
    return fits ? [index] : [];
  });
}

function isWord(exception: number | null): string {
  return exception === null ? "open" : "accepted";
}

function findingColumns(model: Model): readonly Column<number>[] {
  const finding = (index: number) => at(model.data.findings, index);
  return [
    {
      ...textColumn("severity", "Severity", "112px", (index) => finding(index).severity),
      cell: (index) => severityTag(finding(index).exception === null ? finding(index).severity : "accepted"),
      compare: (a, b) => severityOrder.indexOf(finding(a).severity) - severityOrder.indexOf(finding(b).severity),
    },
    {
      ...textColumn("id", "Check", "minmax(150px, 1fr)", (index) => finding(index).id),
      cell: (index) =>
        h("a", { class: "name", href: formatHash("findings", "", [["open", String(index)]]) }, finding(index).id),
    },
    textColumn("where", "Where", "minmax(140px, 2fr)", (index) => finding(index).where, true),
    {
      ...textColumn("zone", "Zone", "minmax(100px, 0.7fr)", (index) => zoneName(model.data, finding(index).zone)),
      cell: (index) => zoneTag(model, finding(index).zone),
    },
    textColumn("why", "Why", "minmax(120px, 3fr)", (index) => finding(index).why, true),
  ];
}
