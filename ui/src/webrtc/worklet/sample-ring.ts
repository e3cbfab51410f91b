/** The last samples written, up to a number; what is older makes way. */
export class SampleRing {
  readonly #samples: Float32Array;
  #from = 0;
  #length = 0;

  constructor(most: number) {
    this.#samples = new Float32Array(most);
  }

  get length(): number {
    return this.#length;
  }

  write(samples: Float32Array): void {
    const most = this.#samples.length;
    for (const sample of samples) {
      this.#samples[(this.#from + this.#length) % most] = sample;
      if (this.#length < most) this.#length += 1;
      else this.#from = (this.#from + 1) % most;
    }
  }

  /** Fills `into` from the oldest on; with silence where there is no more. */
  read(into: Float32Array): void {
    const count = Math.min(into.length, this.#length);
    for (let index = 0; index < count; index++) {
      into[index] = this.#samples[(this.#from + index) % this.#samples.length] ?? 0;
    }
    into.fill(0, count);
    this.#from = (this.#from + count) % this.#samples.length;
    this.#length -= count;
  }
}
