import type { Phase, SparkplugNode } from './node.ts'

/** All that is known of an edge node, as plain data: for a recording that begins in the middle of its life. */
export interface KeptNode {
  readonly phase: Phase
  readonly seq: number
  readonly passed: boolean
  readonly will: number
  readonly bdSeq: number
  readonly connected: boolean
  /** Name, number, alive. */
  readonly devices: readonly (readonly [string, number, boolean])[]
  /** Device, name, alias (-1 for none) and type, in the order in which they were defined. */
  readonly metrics: readonly (readonly [number, string, number, number])[]
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

export function keepNode(node: SparkplugNode): KeptNode {
  const { phase, seq, passed, will, bdSeq, connected, metrics } = node
  const name = (metric: number): string =>
    decoder.decode(metrics.names.subarray(metrics.nameStart(metric), metrics.nameEnd(metric)))
  return {
    phase,
    seq,
    passed,
    will,
    bdSeq,
    connected,
    devices: [...node.devices].map(([device, { number, alive }]) => [device, number, alive] as const),
    metrics: Array.from({ length: metrics.count }, (_, metric) => [
      metrics.device(metric),
      name(metric),
      metrics.alias(metric),
      metrics.type(metric),
    ]),
  }
}

/** Brings a fresh node to where another was. */
export function restoreNode(node: SparkplugNode, kept: KeptNode): void {
  node.connect(false)
  node.phase = kept.phase
  node.seq = kept.seq
  node.passed = kept.passed
  node.will = kept.will
  node.bdSeq = kept.bdSeq
  node.connected = kept.connected
  for (const [device, number, alive] of kept.devices) {
    node.devices.set(device, { number, alive })
    node.deviceNames += device.length
  }
  for (const [device, name, alias, type] of kept.metrics) {
    const bytes = encoder.encode(name)
    node.metrics.add(device, bytes, 0, bytes.length, alias, type)
  }
}
