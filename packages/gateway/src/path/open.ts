import { type Connect, isFault, Reason, readConnect, Scanner } from '@ringwall/wire'
import { RingwallError } from '../base/error.ts'
import type { Link } from '../upstream/link.ts'
import { NOWHERE } from './act.ts'
import { reasonOf } from './answer.ts'
import { end, linkGone, NO_BYTES, noteFloor } from './close.ts'
import { type Connection, Halt } from './connection.ts'
import { deliver } from './deliver.ts'
import { Outcome } from './judge.ts'
import { withoutSecrets } from './secret.ts'
import { shield } from './shield.ts'
import { subjectOf } from './verdict.ts'
import type { Way } from './way.ts'

/**
 * A CONNECT, step by step: read, bound to the certificate, its lane leased, it and its will judged, the broker reached, the
 * mirrored CONNECT sent. Reading stands still meanwhile. The rest of the handshake is the broker's (see `deliver`).
 */
export async function open(c: Connection, frame: Scanner, way: Way): Promise<void> {
  c.halt(Halt.opening)
  const connect = readConnect(frame.bytes, frame.body, frame.end)
  if (isFault(connect)) {
    way.evidence.fault(c, connect.code)
    return turnAway(c, frame, connect, way)
  }
  const wrong = begin(c, connect, way) ?? bind(c, connect)
  const { username, password, will, cleanStart } = connect
  way.evidence.connect(c, username ?? '', password, will?.topic ?? '', cleanStart, frame.end - frame.start)
  if (wrong !== null) return turnAway(c, frame, wrong, way)
  const lane = await way.lease(c)
  if (c.closing) return
  const now = way.clock.now()
  way.surroundings.look(c.scene, typeof lane === 'string' ? null : lane, now, way.clock.wallAt(now))
  if (lane === 'contested') return turnAway(c, frame, contested(c), way)
  if (lane === 'full') return turnAway(c, frame, full(), way)
  c.lane = lane
  if (!mayConnect(c, frame, connect, way)) return
  const packet = way.upstream.connectPacket(c, frame)
  const link = await reach(c, frame, way)
  if (link === null) return
  attach(c, link, way)
  link.send(packet, 0, packet.length)
  // What is sent before CONNACK waits; only an authentication needs the device's answers now.
  if (c.session.authenticates) way.resume(c, Halt.opening)
}

function begin(c: Connection, connect: Connect, way: Way): Wrong | null {
  const { session } = c
  const wrong = session.begin(connect, way.policies.authMethods)
  c.scanner.maxPacket = way.policies.packet
  c.scene.version = session.version
  // 3.1.1 has no receive maximum and could not be told one: its packet identifiers are the bound.
  if (session.version === 4) session.up.receiveMaximum = MOST_IDENTIFIERS
  c.clientMaximum = connect.maximumPacketSize
  c.clientAliases = connect.topicAliasMaximum
  c.askedKeepAlive = connect.keepAlive
  c.assignedId = connect.clientId === ''
  return wrong
}

const MOST_IDENTIFIERS = 65_535

interface Wrong {
  readonly code: string
  readonly clause: string
  readonly why: string
  readonly reason: number
}

/** The client identifier must be the device's own; a device that sends none is given it (MQTT-3.1.3-6, MQTT-3.2.2-16). */
function bind(c: Connection, connect: Connect): Wrong | null {
  const { device } = c.principal
  if (connect.clientId === device) return null
  if (connect.clientId === '') {
    c.session.clientId = device
    return null
  }
  const why = `client id "${connect.clientId.slice(0, 64)}" on the certificate of ${device}`
  const clause = c.session.version === 5 ? 'MQTT-3.1.3-8' : 'MQTT-3.1.3-9'
  return { code: 'client_id_foreign', clause, why, reason: Reason.CLIENT_IDENTIFIER_NOT_VALID }
}

function contested(c: Connection): Wrong {
  const why = `${c.principal.device} has a session that lives, and session.takeover is keep`
  return { code: 'session_contested', clause: 'session.takeover', why, reason: Reason.SERVER_BUSY }
}

function full(): Wrong {
  const why = 'as many devices have sessions as limits.devices allows'
  return { code: 'device_limit', clause: 'limits.devices', why, reason: Reason.SERVER_BUSY }
}

function turnAway(c: Connection, frame: Scanner, wrong: Wrong, way: Way): void {
  way.counts.refused++
  way.evidence.connack(c, wrong.reason)
  noteFloor(c, way, 'disconnect', wrong, { action: 'connect', ...withoutSecrets(frame) })
  end(c, wrong.reason, wrong.code, way)
}

/** Judges the CONNECT, and the will that it leaves. */
function mayConnect(c: Connection, frame: Scanner, connect: Connect, way: Way): boolean {
  const { act } = way
  act.aim(c.principal, frame, 'connect', NOWHERE)
  if (!passes(c, way)) return false
  const { will } = connect
  if (will === undefined) return true
  act.aim(c.principal, frame, 'will', c.addresses.make(will.topic))
  act.payloadStart = will.payloadStart
  act.payloadEnd = will.payloadEnd
  act.qos = will.qos
  act.retain = will.retain
  return passes(c, way)
}

function passes(c: Connection, way: Way): boolean {
  const { act, judge, book, counts } = way
  if (c.lane === null) return false
  counts.acts++
  counts.awaited++
  const outcome = judge.judge(c.plan, act, c.lane, c.scene)
  if (outcome === Outcome.allow) return true
  const { findings } = judge
  // There is nothing to slow down before a session stands: too fast is refused.
  const ends = outcome > Outcome.flag
  const subject = { ...subjectOf(act, c.peer), ...withoutSecrets(c.scanner) }
  book.note(ends ? 'disconnect' : 'flag', findings, subject, c.scene.wall)
  if (!ends) return true
  counts.refused++
  // Not the reason of a guard, which its verdict tells: credentials were good.
  way.evidence.connack(c, Reason.UNSPECIFIED_ERROR)
  end(c, reasonOf(findings), findings[0]?.code ?? 'refused', way)
  return false
}

async function reach(c: Connection, frame: Scanner, way: Way): Promise<Link | null> {
  try {
    const link = await way.upstream.connect(c.principal)
    if (!c.closing) return link
    link.cut()
    return null
  } catch (error) {
    const what = error instanceof RingwallError ? error : null
    way.log.warn(
      { device: c.principal.device, code: what?.code, what: what?.what ?? String(error) },
      'broker not reached',
    )
    if (c.closing) return null
    const wrong = {
      code: what?.code ?? 'upstream_unreachable',
      clause: 'upstream.url',
      why: what?.what ?? 'the broker was not reached',
      reason: Reason.SERVER_UNAVAILABLE,
    }
    turnAway(c, frame, wrong, way)
    return null
  }
}

function attach(c: Connection, link: Link, way: Way): void {
  c.link = link
  c.linkClosed = false
  c.back = new Scanner({
    from: 'server',
    // More than the device takes is a fault of the broker's (MQTT-3.1.2-24).
    maxPacket: Math.min(way.policies.packet, c.clientMaximum),
    aliasMaximum: Math.min(way.policies.aliases, c.clientAliases),
  })
  c.back.version = c.session.version
  link.open({
    data: chunk => shield(c, way, () => deliver(c, chunk, way)),
    full: () => c.halt(Halt.full),
    drain: () => way.resume(c, Halt.full),
    gone: error => {
      if (!c.closing && !c.session.parted) {
        const code = error === null ? 'upstream_closed' : 'upstream_lost'
        const why =
          error === null ? 'the broker closed the connection' : `the connection to the broker broke: ${error.message}`
        noteFloor(c, way, 'disconnect', { code, clause: '', why }, { action: 'packet', ...NO_BYTES })
      }
      linkGone(c, Reason.SERVER_UNAVAILABLE, way)
    },
  })
}
