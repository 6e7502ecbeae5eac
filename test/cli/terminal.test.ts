import { PassThrough } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { terminalOf } from "../../modules/cli/terminal";

/** A stream that says it is a terminal. */
function teletype(): NodeJS.ReadStream & NodeJS.WriteStream {
  return Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream & NodeJS.WriteStream;
}

describe("a question", () => {
  const asked = (act: (input: NodeJS.WriteStream, end: AbortController) => void): Promise<string> | undefined => {
    const input = teletype();
    const end = new AbortController();
    const answer = terminalOf(teletype(), teletype(), {}, input).ask?.("Apply? ", end.signal);
    act(input, end);
    return answer;
  };

  test("has the answer that was typed", async () => {
    expect(await asked((input) => input.write("yes\n"))).toBe("yes");
  });

  test("has none where the terminal is closed, or nobody waits for it any more", async () => {
    expect(await asked((input) => input.end())).toBe("");
    expect(await asked((_, end) => end.abort())).toBe("");
  });

  test("is put to nobody where no person is", () => {
    const pipe = new PassThrough() as unknown as NodeJS.ReadStream;
    expect(terminalOf(teletype(), teletype(), {}, pipe).ask).toBeUndefined();
    expect(terminalOf(teletype(), teletype(), {}).ask).toBeUndefined();
  });
});
