import { RingwallError } from '../base/error.ts'
import { faultOf } from '../base/tls.ts'
import { Connector, type ConnectorOptions } from '../upstream/connector.ts'
import type { Link } from '../upstream/link.ts'
import { Slab } from '../upstream/slab.ts'
import { brokerTrouble, DEMANDED, NO_TLS, TLS_HERE } from '../upstream/trouble.ts'
import { tryHandshake } from './handshake.ts'
import { type Caller, connectPacket } from './probe.ts'

/** Why the gateway and the broker do not come together, before anybody was refused. */
export interface Obstacle {
  readonly code: string
  readonly what: string
  readonly hint: string
  readonly field: string
}

/** What the broker does with the gateway. `unclear`: it was reached and gave no answer that says yes or no. */
export type OwnAnswer =
  | { readonly answer: 'admitted' }
  | { readonly answer: 'refused' | 'unclear'; readonly why: string }
  | { readonly answer: 'obstacle'; readonly obstacle: Obstacle }

const CONNACK = 0x20
const TLS_ALERT = 0x15
const DISCONNECT = Buffer.from([0xe0, 0])
const CLOSED = 'it closed the connection without an answer'

// MQTT 3.1.1, table 3.1: what says nothing of who asks.
const UNCLEAR: Readonly<Record<number, string>> = {
  1: 'it takes no MQTT 3.1.1 (return code 1)',
  3: 'it says that it is not available (return code 3)',
}
const REFUSED: Readonly<Record<number, string>> = {
  2: 'client id refused, return code 2',
  4: 'bad user name or password, return code 4',
  5: 'not authorized, return code 5',
}

/** Connects to the broker through the gateway's own connector, with a session of its own. Never throws. */
export async function probeAsGateway(options: ConnectorOptions, device: string, caller: Caller): Promise<OwnAnswer> {
  let link: Link
  try {
    link = await new Connector(options, new Slab()).connect(device)
  } catch (error) {
    return obstacle(await unreached(error, options))
  }
  const heard = await ask(link, caller, options.timeout)
  if (heard instanceof Error) return broken(heard.cause ?? heard, options)
  if (heard === 'silent') return { answer: 'unclear', why: `it did not answer within ${options.timeout} ms` }
  if (heard[0] === TLS_ALERT && options.tls === undefined) return obstacle(TLS_HERE)
  if (heard[0] !== CONNACK) return { answer: 'unclear', why: 'it answered with something that is not MQTT' }
  const code = heard[3] ?? 0
  if (code === 0) return { answer: 'admitted' }
  const unclear = UNCLEAR[code]
  if (unclear !== undefined) return { answer: 'unclear', why: unclear }
  return { answer: 'refused', why: REFUSED[code] ?? `return code ${code}` }
}

const obstacle = (obstacle: Obstacle): OwnAnswer => ({ answer: 'obstacle', obstacle })

/** Sends the CONNECT. @returns the first four bytes of the answer, or the error with which the link broke. */
function ask(link: Link, caller: Caller, deadline: number): Promise<Buffer | Error | 'silent'> {
  const { promise, resolve } = Promise.withResolvers<Buffer | Error | 'silent'>()
  const timer = setTimeout(() => resolve('silent'), deadline)
  let received: Buffer = Buffer.alloc(0)
  link.open({
    data: chunk => {
      received = Buffer.concat([received, chunk])
      if (received.length >= 4 || received[0] !== CONNACK) resolve(received)
    },
    full: () => {},
    drain: () => {},
    gone: error => resolve(error ?? new Error(CLOSED)),
  })
  link.socket.write(connectPacket(caller))
  return promise.finally(() => {
    clearTimeout(timer)
    link.socket.end(DISCONNECT)
    link.socket.destroySoon()
  })
}

/** A handshake that was cut off, or a foreign answer to it: perhaps the broker speaks plain MQTT there. */
async function unreached(error: unknown, { host, port, timeout, tls }: ConnectorOptions): Promise<Obstacle> {
  const known = error instanceof RingwallError ? error : new RingwallError('internal', String(error), 'Report this.')
  const { code, what, hint, place } = known
  const field = place.field ?? 'upstream.url'
  if (tls === undefined || faultOf(known.cause) !== 'closed') return { code, what, hint, field }
  const plain = await probeAsGateway({ host, port, timeout }, '', { clientId: 'ringwall-check' })
  const speaks = plain.answer === 'admitted' || plain.answer === 'refused'
  return speaks && !('why' in plain && plain.why === CLOSED) ? NO_TLS : { code, what, hint, field }
}

/** The link broke before an answer came. */
async function broken(error: unknown, { host, port, timeout, tls }: ConnectorOptions): Promise<OwnAnswer> {
  const fault = faultOf(error)
  if (tls === undefined) {
    const found = await tryHandshake({ host, port, tls: true }, 'TLSv1.3', timeout)
    const spoken = found === 'secured' || found.startsWith('alert-') || found === 'version' || found === 'cipher'
    return spoken ? obstacle(TLS_HERE) : { answer: 'refused', why: CLOSED }
  }
  const shown = tls.certificate !== undefined || tls.folder !== undefined
  if (fault !== undefined && fault !== 'closed') return obstacle(brokerTrouble(error, { tls: true, shown }))
  // A reset may overtake TLS 1.3's word that a certificate is missing; in TLS 1.2 it belongs to the handshake.
  if (!shown && (await tryHandshake({ host, port, tls: true }, 'TLSv1.2', timeout)) === 'alert-handshake') {
    return obstacle(DEMANDED)
  }
  return { answer: 'refused', why: shown ? `${CLOSED}; it may not accept the gateway's certificate` : CLOSED }
}
