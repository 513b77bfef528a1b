import type { Direction } from '../../src/index.ts'
import { type HeardFlow, hear, textOf } from '../../test/capture/hearing.ts'
import type { Made } from './make.ts'

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

/** What is wrong with what is heard of a capture whose bytes were not changed, or null. */
export function misheard({ file, harm, talks }: Made): string | null {
  const heard = new Map<number, HeardFlow[]>()
  for (const flow of hear([file], { history: 65_536 }).flows) {
    const { port } = flow.flow.client
    heard.set(port, [...(heard.get(port) ?? []), flow])
  }
  for (const { talk, treatment } of talks) {
    const flows = heard.get(talk.clientPort) ?? []
    // A direction that says nothing may leave a capture without a packet.
    if (flows.length === 0 && treatment.midstream) continue
    if (flows.length !== 1) return `a connection is heard as ${flows.length}`
    for (const direction of ['up', 'down'] as const) {
      const silent = treatment.only !== null && treatment.only !== direction
      const said = silent ? new Uint8Array(0) : talk[direction]
      const why = harm === 'none' ? inexact(flows[0], direction, said) : misplaced(flows[0], direction, said)
      if (why !== null) return why
    }
  }
  return null
}

function inexact(flow: HeardFlow, direction: Direction, said: Uint8Array): string | null {
  const heard = flow[direction]
  if (!same(textOf(heard), said)) return `of ${said.length} bytes ${direction} others are heard`
  if (heard.missing > 0) return `${heard.missing} bytes ${direction} are missed, and none is missing`
  return flow.anomalies.length > 0 ? `an honest flow is told of: ${flow.anomalies.join()}` : null
}

function misplaced(flow: HeardFlow, direction: Direction, said: Uint8Array): string | null {
  const heard = flow[direction]
  for (const { at, bytes } of heard.pieces) {
    if (!same(bytes, said.subarray(at, at + bytes.length)))
      return `bytes ${direction} are not those that stand at ${at}`
  }
  return heard.length > said.length ? `${heard.length} bytes ${direction} are told of, ${said.length} were said` : null
}
