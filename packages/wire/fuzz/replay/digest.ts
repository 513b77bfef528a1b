import type { Closing, Direction, Flow, FlowAnomaly, FlowEvents } from '../../src/index.ts'

/** A digest of all that flows tell, in its order; the pieces in which a gap or data come do count. */
export class Digest implements FlowEvents {
  value = 0
  events = 0

  opened(flow: Flow): void {
    this.#add(1, flow.id)
    this.#text(
      `${flow.client.address} ${flow.client.port} ${flow.server.address} ${flow.server.port} ${flow.midstream}`,
    )
  }

  data(flow: Flow, direction: Direction, bytes: Uint8Array, start: number, end: number, time: number): void {
    this.#add(2, flow.id, direction === 'up' ? 1 : 0, end - start, time)
    for (let i = start; i < end; i++) this.#add(bytes[i])
  }

  gap(flow: Flow, direction: Direction, missing: number, time: number): void {
    this.#add(3, flow.id, direction === 'up' ? 1 : 0, missing, time)
  }

  anomaly(flow: Flow, code: FlowAnomaly, time: number): void {
    this.#add(4, flow.id, time)
    this.#text(code)
  }

  closed(flow: Flow, how: Closing, time: number): void {
    this.#add(5, flow.id, flow.packetsUp, flow.packetsDown, flow.bytesUp, flow.bytesDown, time)
    this.#text(how)
  }

  #text(text: string): void {
    this.events++
    for (let i = 0; i < text.length; i++) this.#add(text.charCodeAt(i))
  }

  #add(...values: number[]): void {
    for (const value of values) {
      this.value = Math.imul(this.value ^ (value | 0), 0x01000193) ^ (this.value >>> 15)
    }
  }
}
