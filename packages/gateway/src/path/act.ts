import type { Scanner } from '@ringwall/wire'
import type { Act, Action, Address, Direction, Principal } from '../contract/index.ts'

const NOTHING = new Uint8Array(0)
/** The address of acts that have none. */
export const NOWHERE: Address = { bytes: NOTHING, text: '', memo: [] }
const NOBODY: Principal = { site: '', device: '', roles: [], assurance: 'certificate', fingerprint: '' }

/** The one act of a worker: filled in anew for each packet, so that judging allocates nothing. */
export class ActView implements Act {
  serial = 0
  direction: Direction = 'up'
  action: Action = 'publish'
  speaker: Principal = NOBODY
  subject = ''
  address: Address = NOWHERE
  bytes: Uint8Array = NOTHING
  start = 0
  end = 0
  payloadStart = 0
  payloadEnd = 0
  qos = 0
  retain = false
  weight = 1
  seal: object | string | null = null

  /** Points the act at a packet from a device that carries no payload to be judged. */
  aim(speaker: Principal, frame: Scanner, action: Action, address: Address, weight = 1): void {
    this.serial++
    this.direction = 'up'
    this.action = action
    this.speaker = speaker
    this.subject = speaker.device
    this.address = address
    this.bytes = frame.bytes
    this.start = frame.start
    this.end = frame.end
    this.payloadStart = frame.end
    this.payloadEnd = frame.end
    this.qos = 0
    this.retain = false
    this.weight = weight
    this.seal = null
  }

  /** Points the act at a PUBLISH, in either direction. */
  aimAtMessage(speaker: Principal, frame: Scanner, action: 'publish' | 'receive', address: Address): void {
    this.serial++
    this.direction = action === 'publish' ? 'up' : 'down'
    this.action = action
    this.speaker = speaker
    this.subject = speaker.device
    this.address = address
    this.bytes = frame.bytes
    this.start = frame.start
    this.end = frame.end
    this.payloadStart = frame.payloadStart
    this.payloadEnd = frame.payloadEnd
    this.qos = frame.qos
    this.retain = frame.retain
    this.weight = 1
    this.seal = null
  }
}
