/** What is left when every fenced block is taken out, as CommonMark ends them: a line with at least as many backticks. */
export function outsideOfFences(text: string): string {
  let fence = "";
  return text
    .split("\n")
    .filter((line) => {
      const [, ticks = "", info = ""] = /^(`{3,})(.*)$/.exec(line) ?? [];
      if (fence === "") {
        if (ticks !== "") fence = ticks;
        return ticks === "";
      }
      if (ticks.length >= fence.length && info.trim() === "") fence = "";
      return false;
    })
    .join("\n");
}
