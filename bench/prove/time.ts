import { join } from "node:path";
import { writeWhole } from "../../local/src/shared/files.ts";
import { MovableClock, moveDate } from "../../local/src/shared/movableClock.ts";

/** How often the time is moved on while a proof waits. */
const STEP_MS = 50;

/** The time of a platform and of this process: it goes on by itself, and faster while it is told to. */
export class ProofTime {
  readonly file: string;
  readonly #clock = new MovableClock();
  #movedMs = 0;
  #moving: NodeJS.Timeout | undefined;

  constructor(stateDir: string) {
    // A folder of its own: who watches it is woken by nothing else.
    this.file = join(stateDir, "clock", "offset");
    writeWhole(this.file, "0");
    moveDate(this.#clock);
  }

  /** How much further it is than it would have come by itself. */
  get movedMs(): number {
    return this.#movedMs;
  }

  /** From here on so many seconds pass in one. */
  run(speed: number): void {
    this.stop();
    if (speed === 1) return;
    this.#moving = setInterval(
      () => this.#moveBy(STEP_MS * (speed - 1)),
      STEP_MS,
    );
  }

  stop(): void {
    clearInterval(this.#moving);
  }

  #moveBy(ms: number): void {
    this.#movedMs += ms;
    this.#clock.moveTo(this.#movedMs);
    writeWhole(this.file, String(this.#movedMs));
  }
}
