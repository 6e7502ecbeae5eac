import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

const CHUNK_BYTES = 64 * 1024;

/** Longer lines are passed over: Terraform tells all outputs of a stack in one. */
const MAX_LINE_CHARACTERS = 1024 * 1024;

/** Reads on in a file to which another process writes, line by line. */
export class LogFollower {
  private readonly descriptor: number;
  private readonly decoder = new StringDecoder("utf8");
  private readonly chunk = Buffer.alloc(CHUNK_BYTES);
  private partial = "";
  private overlong = false;

  /**
   * @param position Where to begin, in bytes.
   * @throws Error when the file cannot be read.
   */
  constructor(
    path: string,
    private position: number,
    private readonly onLine: (line: string) => void,
  ) {
    this.descriptor = openSync(path, "r");
  }

  /** Reads what has come since. */
  read(): void {
    for (;;) {
      const bytes = readSync(this.descriptor, this.chunk, 0, CHUNK_BYTES, this.position);
      if (bytes === 0) return;
      this.position += bytes;
      this.take(this.decoder.write(this.chunk.subarray(0, bytes)));
    }
  }

  /** Reads the rest, a last line without its end too. */
  end(): void {
    try {
      this.read();
      this.take("\n");
    } finally {
      closeSync(this.descriptor);
    }
  }

  private take(text: string): void {
    const lines = text.split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      const whole = this.partial + line;
      this.partial = "";
      if (!this.overlong && whole !== "") this.onLine(whole);
      this.overlong = false;
    }
    this.partial += last;
    if (this.partial.length > MAX_LINE_CHARACTERS) {
      this.partial = "";
      this.overlong = true;
    }
  }
}
