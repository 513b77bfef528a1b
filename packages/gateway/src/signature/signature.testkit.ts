import { addressBytes, compileRules, FlowMemory, type Hit, SignatureEngine, type SignedPacket } from './index.ts'
import { type Described, packetOf } from './trial/packet-of.ts'

/** A packet from a client at 10.0.0.5 to a broker at 10.0.0.1:1883, or the other way. */
export function packet(described: Described | Uint8Array, parts: Partial<SignedPacket> = {}): SignedPacket {
  const bytes = described instanceof Uint8Array ? described : (packetOf(described) ?? new Uint8Array(0))
  let body = 1
  while (bytes[body] >= 0x80) body++
  return {
    bytes,
    start: 0,
    body: body + 1,
    end: bytes.length,
    type: bytes[0] >> 4,
    flags: bytes[0] & 15,
    version: described instanceof Uint8Array ? 5 : (described.version ?? 5),
    direction: 'up',
    events: 0,
    client: { address: addressBytes('10.0.0.5'), port: 40_000, name: '10.0.0.5' },
    server: { address: addressBytes('10.0.0.1'), port: 1_883, name: '10.0.0.1' },
    topic: null,
    named: null,
    ...parts,
  }
}

/** What the broker says. */
export const down = (described: Described, parts: Partial<SignedPacket> = {}): SignedPacket =>
  packet(described, { direction: 'down', ...parts })

export const publish = (topic: string, message = ''): SignedPacket => packet({ publish: { topic, message } })

/** A conversation: what each packet fires, on one connection. */
export class Talk {
  readonly engine: SignatureEngine
  flow = new FlowMemory()

  constructor(rules: string, vars: Record<string, string> = {}) {
    this.engine = new SignatureEngine(compileRules([{ file: 'test.rules', text: rules }], vars))
  }

  hits(about: SignedPacket, time = 0): readonly Hit[] {
    return this.engine.inspect(about, this.flow, time)
  }

  /** The sids of the rules that speak. */
  sids(about: SignedPacket, time = 0): number[] {
    return this.hits(about, time)
      .filter(({ alerts }) => alerts)
      .map(({ rule }) => rule.sid)
  }
}
