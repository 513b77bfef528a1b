import type { Act, Action, Address, Direction, Principal } from '../contract/index.ts'

const NOTHING = new Uint8Array(0)
const NOWHERE: Address = { bytes: NOTHING, text: '', memo: [] }
const NOBODY: Principal = { site: '', device: '', roles: [], assurance: 'certificate', fingerprint: '' }

/** The one act of a worker: filled in anew for each packet, so that judging allocates nothing. */
export class ActView implements Act {
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
}
