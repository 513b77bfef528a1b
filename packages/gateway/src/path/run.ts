/** Where the bytes of a run go: the upstream link or the device's socket. */
export interface Sink {
  /** Takes bytes `[start, end)`, to be sent in order. */
  send(bytes: Uint8Array, start: number, end: number): void
}

const NOTHING = new Uint8Array(0)

/** Joins packets that pass and lie next to each other in one received buffer into one slice, forwarded unchanged. */
export class Run {
  #sink: Sink | null = null
  #bytes: Uint8Array = NOTHING
  #from = 0
  #until = 0

  /** Begins a run of packets for a sink. */
  begin(sink: Sink | null): void {
    this.#sink = sink
    this.#bytes = NOTHING
    this.#from = 0
    this.#until = 0
  }

  /** Lets a packet pass. */
  pass(bytes: Uint8Array, start: number, end: number): void {
    if (start !== this.#until || bytes !== this.#bytes) {
      this.cut()
      this.#bytes = bytes
      this.#from = start
    }
    this.#until = end
  }

  /** Sends what has gathered. To be called before anything else is written to the sink, and at the end. */
  cut(): void {
    const from = this.#from
    this.#from = this.#until
    if (this.#until > from) this.#sink?.send(this.#bytes, from, this.#until)
  }

  /** Sends other bytes in their turn. */
  put(bytes: Uint8Array): void {
    this.cut()
    this.#sink?.send(bytes, 0, bytes.length)
  }
}
