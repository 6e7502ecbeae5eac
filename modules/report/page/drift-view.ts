import { h } from "./elements";
import { laidTable } from "./laid-view";
import { fields, text } from "./overlay";
import type { ViewMaker } from "./page";
import { empty, figures, heading } from "./pieces";

/** A drift report that is laid over the page: what in AWS is not as reviewed. */
export const driftView: ViewMaker = (page, host, state) => {
  const report = page.model.overlay.drift;
  if (!report) {
    host.append(
      heading("Drift"),
      empty(
        "No drift report is laid over this one. Write it with ",
        h("code", {}, "orgkeys report --html FILE --drift FILE.json"),
        ".",
      ),
    );
    return {};
  }
  const summary = fields(report.document.summary);
  const accounts = fields(summary.accounts);
  host.append(
    heading(
      "Drift",
      `Live AWS against reviewed JSON, read ${text(report.document.startedAt) || text(report.document.today)}.`,
    ),
    figures([
      ["Findings", String(report.changes.length)],
      ["Accounts read", text(accounts.read)],
      ["read in part", text(accounts.partly)],
      ["not read", text(accounts.unread), Number(accounts.unread) > 0 ? "not known to be clean" : undefined],
    ]),
  );
  return laidTable(page, host, state, report, "finding");
};
