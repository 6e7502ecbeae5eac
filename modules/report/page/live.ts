import type { LiveProblem, LiveState } from "../live-state";
import { h, replace } from "./elements";

/** Shown over the page; the last good one stays behind it. */
const panel = h("section", { class: "live", "aria-label": "The map as it was saved", "aria-live": "assertive" });
panel.hidden = true;
document.body.append(panel);

const own = document.querySelector<HTMLMetaElement>('meta[name="orgkeys-page"]')?.content ?? "";
const events = new EventSource("/events");
events.addEventListener("state", ({ data }: MessageEvent<string>) => show(JSON.parse(data)));
events.addEventListener("error", () => {
  panel.hidden = false;
  panel.dataset.kind = "gone";
  replace(panel, h("p", {}, "orgkeys has ended: this page is of the last map that it has read."));
});

function show({ page, reading, problems }: LiveState): void {
  if (page !== own) {
    // The address stays as it is, with what was chosen in it.
    location.reload();
    return;
  }
  panel.hidden = problems.length === 0 && !reading;
  panel.dataset.kind = problems.length > 0 ? "problems" : "reading";
  replace(
    panel,
    h("h2", {}, titleOf(problems.length), reading && " Reading what was saved since …"),
    problems.length > 0 && h("ol", {}, problems.map(problemItem)),
  );
}

function titleOf(problems: number): string {
  if (problems === 0) return "";
  const what = problems === 1 ? "1 problem" : `${problems} problems`;
  return own === "" ? `${what} in the map.` : `${what} in the map: this page is of the last one that was right.`;
}

function problemItem({ place, line, what, fix }: LiveProblem): HTMLElement {
  return h(
    "li",
    {},
    place !== "" && h("code", { class: "live-place" }, place),
    line.trim() !== "" && h("pre", {}, line),
    h("p", {}, what),
    fix !== "" && h("p", { class: "live-fix" }, fix),
  );
}
