import { giveUpOnSilence } from "./give-up-on-silence";

/** A step of the SDK's between asking again and signing, whichever client's. */
type Step = <Arguments, Answer>(next: (asked: Arguments) => Promise<Answer>) => (asked: Arguments) => Promise<Answer>;

/** Any client of the AWS SDK. */
export interface SdkClient {
  readonly middlewareStack: {
    addRelativeTo(
      step: Step,
      place: { readonly name: string; readonly relation: "before"; readonly toMiddleware: string },
    ): void;
  };
}

/** How many calls of AWS one run may have under way, whatever account they go to, and how many it has made. */
export interface CallBudget {
  /** Made so far, retries included. */
  readonly calls: number;
  /** Lets the calls of a client count, and wait where too many are under way. */
  attach(client: SdkClient): void;
}

/**
 * @param inFlight at most so many at once
 * @param stop once it is aborted every further call fails, also those that wait
 */
export function callBudget(inFlight: number, stop?: AbortSignal): CallBudget {
  return new Budget(inFlight, stop);
}

class Budget implements CallBudget {
  calls = 0;
  readonly #inFlight: number;
  readonly #stop: AbortSignal | undefined;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(inFlight: number, stop: AbortSignal | undefined) {
    this.#inFlight = inFlight;
    this.#stop = stop;
    stop?.addEventListener("abort", () => {
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Each attempt takes a place of its own, so that nobody keeps one while it pauses; it is signed after it has waited. */
  attach(client: SdkClient): void {
    client.middlewareStack.addRelativeTo(
      (next) => (asked) => this.#run(() => giveUpOnSilence(asked, () => next(asked))),
      {
        name: "callBudget",
        relation: "before",
        toMiddleware: "httpSigningMiddleware",
      },
    );
  }

  async #run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    while (this.#underWay >= this.#inFlight && this.#stop?.aborted !== true) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#stop?.aborted === true) throw new Error("it was not asked any more: the command was stopped");
    this.#underWay += 1;
    this.calls += 1;
    try {
      return await call();
    } finally {
      this.#underWay -= 1;
      this.#waiting.shift()?.();
    }
  }
}
