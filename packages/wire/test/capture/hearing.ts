import {
  CaptureReader,
  type Closing,
  type Direction,
  type Flow,
  type FlowAnomaly,
  type FlowEvents,
  Flows,
  type FlowsOptions,
} from '../../src/index.ts'
import { join } from '../frames.ts'

/** What was said in one direction: its pieces, and after each how many bytes are missing before the next. */
export interface Heard {
  readonly pieces: { readonly at: number; readonly bytes: Uint8Array }[]
  /** Bytes handed out and bytes missing. */
  length: number
  missing: number
}

/** All that was told of a flow. */
export interface HeardFlow {
  readonly flow: Flow
  readonly up: Heard
  readonly down: Heard
  readonly anomalies: FlowAnomaly[]
  closed: Closing | null
}

/** Listens to flows and keeps all; throws where events come that may not. */
export class Ear implements FlowEvents {
  readonly flows: HeardFlow[] = []

  opened(flow: Flow): void {
    if (flow.state !== undefined) throw new Error('a flow is opened twice')
    const heard: HeardFlow = { flow, up: silence(), down: silence(), anomalies: [], closed: null }
    flow.state = heard
    this.flows.push(heard)
  }

  data(flow: Flow, direction: Direction, bytes: Uint8Array, start: number, end: number): void {
    const stream = this.#heard(flow)[direction]
    if (start >= end) throw new Error('no data are told')
    stream.pieces.push({ at: stream.length, bytes: bytes.slice(start, end) })
    stream.length += end - start
  }

  gap(flow: Flow, direction: Direction, missing: number): void {
    if (missing <= 0) throw new Error(`a gap of ${missing} bytes is told`)
    const stream = this.#heard(flow)[direction]
    stream.length += missing
    stream.missing += missing
  }

  anomaly(flow: Flow, code: FlowAnomaly): void {
    this.#heard(flow).anomalies.push(code)
  }

  closed(flow: Flow, how: Closing): void {
    this.#heard(flow).closed = how
  }

  #heard(flow: Flow): HeardFlow {
    const heard = flow.state as HeardFlow | undefined
    if (heard === undefined) throw new Error('a flow is told of before it is opened')
    if (heard.closed !== null) throw new Error('a flow is told of after it was closed')
    return heard
  }
}

function silence(): Heard {
  return { pieces: [], length: 0, missing: 0 }
}

/** The bytes of a direction, one piece after the other. */
export function textOf(heard: Heard): Uint8Array {
  return join(heard.pieces.map(piece => piece.bytes))
}

/** Reads a capture in the given pieces to its end. */
export function hear(
  pieces: readonly Uint8Array[],
  options: FlowsOptions = {},
  watch: (flows: Flows, reader: CaptureReader) => void = () => {},
): Ear {
  const ear = new Ear()
  const flows = new Flows(ear, options)
  const reader = new CaptureReader()
  for (const piece of pieces) {
    reader.feed(piece)
    while (reader.next()) {
      flows.packet(reader)
      watch(flows, reader)
    }
    watch(flows, reader)
  }
  reader.finish()
  flows.flush()
  if (flows.size !== 0 || flows.held !== 0) throw new Error(`${flows.size} flows and ${flows.held} bytes are left`)
  return ear
}
