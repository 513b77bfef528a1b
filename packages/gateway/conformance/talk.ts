import { type Fault, isFault, LARGEST_PACKET, readConnect, Scanner } from '@ringwall/wire'
import { Step } from '../src/contract/index.ts'
import { Session } from '../src/session/session.ts'
import type { Bytes, Version } from './build.ts'

/** What both sides said on one connection, in order, and what is to be said of the broker's last packet. */
export interface Talk {
  readonly name: string
  readonly version: Version
  readonly clause: string
  readonly expect: 'accept' | (string & {})
  readonly said: readonly (readonly [side: 'client' | 'server', bytes: Bytes])[]
}

/** The first fault in what was said, by the same scanner and session as on the way of a device. */
export function judgeTalk({ version, said }: Talk): Fault | null {
  const session = new Session(65_535)
  const device = new Scanner({ from: 'client', maxPacket: LARGEST_PACKET, aliasMaximum: 65_535 })
  const broker = new Scanner({ from: 'server', maxPacket: LARGEST_PACKET })
  broker.version = version
  for (const [side, bytes] of said) {
    const frame = side === 'client' ? device : broker
    frame.feed(Uint8Array.from(bytes))
    while (frame.next()) {
      const step = side === 'client' ? session.fromClient(frame) : session.fromServer(frame)
      if (step === Step.illegal) return session.fault
      if (step === Step.connect) begin(session, device, broker)
      if (step === Step.connack) session.established = true
      if (step === Step.publish) (side === 'client' ? session.up : session.down).forwarded(frame.packetId, frame.qos)
    }
  }
  return null
}

/** As the gateway does when it opens the link: the broker is held to what the device takes. */
function begin(session: Session, device: Scanner, broker: Scanner): void {
  const connect = readConnect(device.bytes, device.body, device.end)
  if (isFault(connect)) throw new Error(connect.why)
  session.begin(connect, ['SCRAM'])
  broker.maxPacket = connect.maximumPacketSize
  broker.aliasMaximum = connect.topicAliasMaximum
}
