/**
 * What happened, as scenarios and detectors see it.
 *
 * | kind | when | its own fields |
 * | --- | --- | --- |
 * | `opened` | a connection began (live: once its certificate was verified) | |
 * | `handshake` | a connection ended before it was one | `code`: why |
 * | `progress` | bytes came that completed no packet; at most one a second and connection | `bytes` kept so far |
 * | `connect` | a CONNECT was read | `user`, `secret`, `keepAlive`, `clean`, `topic` of its will, `bytes` of the packet |
 * | `connack` | the answer to it, the broker's or the gateway's own | `code`: one of `CONNACK_CODES`; `user` and `secret` as its CONNECT had them |
 * | `publish`, `receive` | a message, from and to the device | `topic`, `bytes` of the payload, `qos`, `retain`, `dup`, `packet` |
 * | `subscribe`, `unsubscribe` | one for each filter | `topic`: the filter, `qos` |
 * | `acknowledge` | the device acknowledged | `code`: `puback`, `pubrec`, `pubrel` or `pubcomp`, `packet` |
 * | `ping` | a PINGREQ | |
 * | `disconnect` | a DISCONNECT of the device | |
 * | `closed` | the connection is gone | `code`: why, where the gateway ended it |
 * | `fault` | an illegal packet of the device's; live a verdict follows | `code` of the fault |
 * | `verdict` | an act did not simply pass | `guard`, `code` of a finding, `decision`, `topic`, `crosses` |
 */
export type Kind =
  | 'opened'
  | 'handshake'
  | 'progress'
  | 'connect'
  | 'connack'
  | 'publish'
  | 'receive'
  | 'subscribe'
  | 'unsubscribe'
  | 'acknowledge'
  | 'ping'
  | 'disconnect'
  | 'closed'
  | 'fault'
  | 'verdict'

/** One thing that happened. Fields that a kind does not have are empty: '', 0 or false. */
export interface Happening {
  readonly kind: Kind
  /** Wall milliseconds since the Unix epoch. Happenings come in the order of their times, but for what several workers mix up. */
  readonly time: number
  /** The device id; offline the client id; '' where nobody has said it yet. */
  readonly device: string
  /** The peer's IP address, without its port. */
  readonly address: string
  /** Unique while the gateway runs, or in a capture. */
  readonly connection: number
  readonly topic: string
  readonly bytes: number
  readonly qos: number
  readonly retain: boolean
  /** The message may have been sent before. */
  readonly dup: boolean
  /** The CONNECT wants no session of before. */
  readonly clean: boolean
  /** The packet identifier, 0 where there is none. */
  readonly packet: number
  /** Seconds, as the device asked for; 0 switches it off. */
  readonly keepAlive: number
  readonly code: string
  readonly guard: string
  readonly decision: string
  /** The user name of a CONNECT. */
  readonly user: string
  /** Differs where passwords differ: a keyed hash of 32 bits, so that nothing about the password can be learned from it; 0 for none. */
  readonly secret: number
  readonly roles: readonly string[]
  /** Of a refused act: a role, other than the speaker's own, that may do this; '' where none may or roles are not known. */
  readonly crosses: string
}

const NOTHING: Happening = {
  kind: 'opened',
  time: 0,
  device: '',
  address: '',
  connection: 0,
  topic: '',
  bytes: 0,
  qos: 0,
  retain: false,
  dup: false,
  clean: false,
  packet: 0,
  keepAlive: 0,
  code: '',
  guard: '',
  decision: '',
  user: '',
  secret: 0,
  roles: [],
  crosses: '',
}

/** The kinds by name, in the order of their numbers in a ring. */
export const KINDS: readonly Kind[] = [
  'opened',
  'handshake',
  'progress',
  'connect',
  'connack',
  'publish',
  'receive',
  'subscribe',
  'unsubscribe',
  'acknowledge',
  'ping',
  'disconnect',
  'closed',
  'fault',
  'verdict',
]

/** A happening from what it has; the rest is empty. */
export function happening(parts: Partial<Happening> & Pick<Happening, 'kind' | 'time'>): Happening {
  return { ...NOTHING, ...parts }
}

/** Who had to do with a message. */
export interface Party {
  readonly device: string
  readonly address: string
  readonly connection: number
  readonly roles: readonly string[]
}

/** A message from or to a device: by far most of what happens, and so without going through what it lacks. */
export function messageOf(
  kind: 'publish' | 'receive',
  time: number,
  { device, address, connection, roles }: Party,
  topic: string,
  bytes: number,
  qos: number,
  retain: boolean,
  dup: boolean,
  packet: number,
): Happening {
  return {
    kind,
    time,
    device,
    address,
    connection,
    topic,
    bytes,
    qos,
    retain,
    dup,
    clean: false,
    packet,
    keepAlive: 0,
    code: '',
    guard: '',
    decision: '',
    user: '',
    secret: 0,
    roles,
    crosses: '',
  }
}

/** Why a CONNECT was not accepted, the same words for the return codes of 3.1.1 and the reason codes of 5.0. */
export const CONNACK_CODES: Readonly<Record<number, string>> = {
  0: 'accepted',
  1: 'version',
  2: 'client_id',
  3: 'unavailable',
  4: 'credentials',
  5: 'not_authorized',
  132: 'version',
  133: 'client_id',
  134: 'credentials',
  135: 'not_authorized',
  136: 'unavailable',
  137: 'busy',
  138: 'banned',
  140: 'auth_method',
  151: 'quota',
  159: 'rate',
}
